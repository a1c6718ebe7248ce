import { useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { useApi, useMay } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, count, EmptyTeach, Failed, MAIN_KEY, Page, to } from '@kit/index';
import { CourierTable } from './courier-table';
import { OpenReportsPanel } from './open-reports';
import { ShopCard } from './shop-card';
import { broughtHome, makeAndSave } from './take-home';
import { TemplateForm } from './template-form';
import './upload.css';

type Board = components['schemas']['UploadBoard'];
type Card = components['schemas']['ShopCard'];

/** 上传平台: everything that waits leaves in one download; then the platform's word. */
export default function UploadScreen() {
  const { data, error, refetch } = useApi<Board>('/api/upload', undefined, { every: 20_000 });
  const may = useMay('logistics.edit');
  const [template, setTemplate] = useState<Card | null>(null);
  const [couriers, setCouriers] = useState<string | null>(null);
  const home = data ? broughtHome(data.shops) : [];
  const answer = data && (
    data.ready_orders > 0
      ? <>{count(data.ready_shops)} 家店铺，<b>{count(data.ready_orders)}</b> 单的单号待上传</>
      : data.late > 0 ? <span className="k-amber">{count(data.late)} 个上传超过 {data.late_hours} 小时没有确认</span> : home.length > 0 ? <>{count(home.length)} 个文件已下载，上传到平台后请标记为已上传</> : '没有新的单号要上传'
  );
  const all = may && data && (
    <>
      {home.length > 1 && <ActionButton label={`把 ${home.length} 个文件标记为已上传`} run={(key) => post<ActionAnswer>('/api/upload/files/uploaded', { ids: home }, { key })} />}
      {data.ready_orders > 0 && <ActionButton look="primary" hotkey={MAIN_KEY} label="全部下载" run={(key) => makeAndSave([], key)} />}
    </>
  );
  return (
    <Page title="上传平台" answer={answer} actions={all}>
      {error && <Failed error={error} retry={() => void refetch()} />}
      {data && data.shops.length === 0 && (
        <EmptyTeach title="还没有店铺" steps={['先在“店铺”里新增', '导入订单、派单、回填单号以后，这里会有每家店的批量发货文件']} action={<Link to={to('shops')}>去新增店铺</Link>} />
      )}
      {data && (
        <div className="upload-cards">
          {data.shops.map((c) => (
            <ShopCard key={c.shop_id} card={c} onTemplate={() => setTemplate(c)} onCouriers={() => setCouriers(c.platform)} />
          ))}
        </div>
      )}
      {data && <OpenReportsPanel hours={data.late_hours} />}
      {template && <TemplateForm shopId={template.shop_id} shop={template.shop} onClose={() => setTemplate(null)} />}
      {couriers && <CourierTable platform={couriers} onClose={() => setCouriers(null)} />}
    </Page>
  );
}
