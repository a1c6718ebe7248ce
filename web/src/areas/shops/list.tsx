import { PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { useApi, useMay } from '@api/queries';
import { count, ListPage, Page, PlatformBadge, StateTag, Time, to, useNow, type FilterField, type ListColumn } from '@kit/index';
import { ShopForm } from './form';
import { aliasWords, DIALS, PATHS, type Shop } from './words';
import './shops.css';

const STALE_MS = 6 * 3_600_000;

function Fresh({ shop }: { shop: Shop }) {
  const now = useNow();
  if (!shop.exported_as_of) return <StateTag tone="warn" label="还没导入过" />;
  const stale = shop.active && now - Date.parse(shop.exported_as_of) > STALE_MS;
  return (
    <div className="k-cell">
      <span className={stale ? 'k-amber' : ''}>截至 <Time at={shop.exported_as_of} /></span>
      {shop.last_import_id && <Link className="k-small" to={`/import?done=${shop.last_import_id}`}>看最近一次导入</Link>}
    </div>
  );
}

const columns: readonly ListColumn<Shop>[] = [
  { key: 'shop', title: '店铺', width: 220, locked: true, render: (s, { open }) => <button type="button" className="h-shop" onClick={open}><PlatformBadge platform={s.platform} shop={s.name} /></button> },
  { key: 'fresh', title: '最近的导出', width: 150, hint: '买家取消只在更新的导出里看得到', render: (s) => <Fresh shop={s} /> },
  { key: 'open', title: '待发货', width: 90, align: 'right', render: (s) => (s.open_orders > 0 ? <Link to={to('orders', { shop: s.id })}>{count(s.open_orders)} 单</Link> : <span className="k-faint">0</span>) },
  { key: 'path', title: '收件人从哪来', width: 210, render: (s) => <span className="k-two" title={PATHS[s.recipient_path]?.text ?? ''}>{PATHS[s.recipient_path]?.label ?? s.recipient_path}</span> },
  { key: 'dial', title: '自动程度', width: 100, render: (s) => <span title={DIALS[s.dial]?.text ?? ''}>{DIALS[s.dial]?.label ?? s.dial}</span> },
  { key: 'aliases', title: '文件里的叫法', width: 220, hint: '导出文件用这些名字称呼它，认出后不再询问', render: (s) => <span className="k-two">{s.aliases.map((a) => aliasWords(a.alias)).join('、') || <span className="k-faint">—</span>}</span> },
  { key: 'external', title: '平台店铺号', width: 120, render: (s) => <span className="k-digits">{s.external_id || '—'}</span> },
  { key: 'state', title: '状态', width: 90, render: (s) => (s.active ? <StateTag tone="done" label="在用" /> : <StateTag tone="off" label="已停用" />) },
];
const fields: readonly FilterField[] = [
  { kind: 'text', name: 'text', label: '店铺' },
  { kind: 'source', name: 'platform', label: '平台', path: '/api/platforms', value: 'key' },
];

function Editor({ id, onClose }: { id: string; onClose: () => void }) {
  const shop = useApi<{ items: Shop[] }>('/api/shop-list').data?.items.find((s) => s.id === id);
  return shop ? <ShopForm key={`${shop.id} ${shop.version}`} shop={shop} onClose={onClose} /> : null;
}

/** Every shop: how fresh, where its receivers come from, how much happens by itself. */
export default function Shops() {
  const may = useMay('shops.edit');
  const [adding, setAdding] = useState(false);
  return (
    <Page title="店铺" answer="没有平台接口也行：用平台导出的订单文件" fill actions={may && <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>新增店铺</Button>}>
      <ListPage<Shop>
        name="shops"
        path="/api/shop-list"
        whole
        exportable="shops"
        columns={columns}
        fields={fields}
        rowTone={(s) => (s.active ? undefined : 'done')}
        empty={{ title: '还没有店铺', steps: ['点“新增店铺”，选平台、起名字', '或直接拖订单文件进来，导入时顺手建好'] }}
        {...(may && { detail: (id: string, close: () => void) => <Editor id={id} onClose={close} /> })}
      />
      {adding && <ShopForm onClose={() => setAdding(false)} />}
    </Page>
  );
}
