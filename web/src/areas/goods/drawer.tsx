import { EditOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { post } from '@api/http';
import { itemsOf, useApi, useMay } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, count, DetailDrawer, EmptyTeach, Facts, Failed, Money, Panel, PlatformBadge, StateTag, to } from '@kit/index';
import { BackToOrder } from './for-order';
import { OfferForm } from './offer-form';
import { SkuForm } from './form';
import type { Offer, Sku } from './types';
import './goods.css';

const SOURCES: Record<string, string> = { code: '编码一致', file: '导入', person: '人工匹配' };

function Offers({ sku, edit }: { sku: Sku; edit: (offer: Offer | null) => void }) {
  const may = useMay('purchasing.edit');
  if (sku.offers.length === 0) {
    return <EmptyTeach title="还没有货源" steps={['导入供应商的报价表', '或点“加货源”填一家的价格']} action={may && <FromPlatform code={sku.code} />} />;
  }
  return (
    <table className="g-table">
      <thead><tr><th>供应商</th><th>价格</th><th>发货</th><th>库存</th><th>生效</th><th /></tr></thead>
      <tbody>
        {sku.offers.map((o) => (
          <tr key={o.id}>
            <td><Link to={to('suppliers', { open: o.supplier_id })}>{o.supplier}</Link>{o.offer_ref && <div className="k-faint k-small">货号 {o.offer_ref}</div>}{!o.active && <div className="k-small k-amber">供应商已停用</div>}</td>
            <td>{o.words || '—'}</td>
            <td>{o.lead_hours === null ? <span className="k-faint">按供应商</span> : `${o.lead_hours} 小时`}</td>
            <td>{o.stock === null ? <span className="k-faint">未知</span> : count(o.stock)}</td>
            <td className="k-digits">{o.valid_from.slice(5)}{o.valid_to && ` 至 ${o.valid_to.slice(5)}`}</td>
            <td className="k-right">
              {may && <><Button type="link" size="small" onClick={() => edit(o)}>改价</Button><ActionButton label="停用" look="link" confirm={`以后派单不再选 ${o.supplier} 的这个规格；已经下的采购单不变。`} run={(key) => post<ActionAnswer>(`/api/supply-links/${o.id}/end`, {}, { key })} refresh={['/api/goods', '/api/suppliers']} /></>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The way to the supplier from whose platform this SKU shall be bought. */
function FromPlatform({ code }: { code: string }) {
  const all = itemsOf(useApi<{ items: { id: string; name: string; channel: string }[] }>('/api/suppliers').data);
  const connected = all.filter((s) => s.channel === 'api');
  if (connected.length === 0) return <span className="k-faint">要从平台上的货源自动下单，先在<Link to={to('connections')}>授权</Link>里接上采购账号</span>;
  return <div className="k-row"><span>从平台货源关联：</span>{connected.map((s) => <Link key={s.id} to={`${to('suppliers', { open: s.id })}#link=${encodeURIComponent(code)}`}>{s.name}</Link>)}</div>;
}

function Listings({ sku }: { sku: Sku }) {
  if (sku.listings.length === 0) return <EmptyTeach title="还没有店铺商品对应到它" steps={['订单里第一次出现时，在“匹配”里确认一次就会记住']} />;
  return (
    <table className="g-table">
      <thead><tr><th>店铺</th><th>店铺里的商品</th><th>每件含</th><th>店铺库存</th><th>来源</th></tr></thead>
      <tbody>
        {sku.listings.map((m) => (
          <tr key={m.mapping_id}>
            <td><PlatformBadge platform={m.platform} shop={m.shop} /></td>
            <td><div className="k-cell"><span>{m.title || m.listing_key}</span><span className="k-faint k-small">{m.spec}</span></div></td>
            <td>{m.quantity} 件</td>
            <td>{m.stock === null && m.on_sale === null ? <span className="k-faint">没有读过</span> : <div className="k-cell"><span className="k-digits">{m.stock === null ? '没有说' : count(m.stock)}</span>{m.on_sale === false && <span className="k-small k-amber">已下架</span>}</div>}</td>
            <td>{SOURCES[m.source] ?? m.source}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One SKU: what it is, who has it at what price, which listings mean it. */
export function SkuDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: sku, isError, error, refetch } = useApi<Sku>(`/api/goods/${id}`);
  const may = useMay('catalog.edit');
  const mayPrice = useMay('purchasing.edit');
  const seesCost = useMay('finance.view');
  const order = useSearchParams()[0].get('order');
  const [editing, setEditing] = useState(false);
  const [offer, setOffer] = useState<Offer | null | undefined>(undefined);
  if (isError) return <DetailDrawer title="打不开" onClose={onClose}><Failed error={error} retry={() => void refetch()} /></DetailDrawer>;
  if (!sku) return <DetailDrawer title="正在打开" loading onClose={onClose} />;
  return (
    <DetailDrawer
      title={sku.title}
      sub={<div className="k-row"><span className="k-digits">{sku.code}</span><span className="k-faint">{sku.spec}</span>{!sku.active && <StateTag tone="off" label="已停用" />}{sku.waiting > 0 && <StateTag tone="todo" label={`${count(sku.waiting)} 件在等派单`} />}</div>}
      actions={<div className="k-row">{order && <BackToOrder order={order} />}{may && <Button icon={<EditOutlined />} onClick={() => setEditing(true)}>修改</Button>}</div>}
      onClose={onClose}
    >
      <div className="k-stack">
        <Panel>
          <Facts items={[
            ...(seesCost ? [{ label: '成本', value: <Money fen={sku.cost_fen} missing="没有填" /> }] : []),
            { label: '重量', value: sku.weight_g === null ? '没有填' : `${count(sku.weight_g)} 克` },
            { label: '类目', value: sku.category || '—' },
            { label: '条码', value: sku.barcode || '—' },
            { label: '款号', value: sku.product_code || '—' },
          ]} />
        </Panel>
        <Panel title={`货源（${sku.offers.length}）`} flush extra={mayPrice && <Button size="small" icon={<PlusOutlined />} onClick={() => setOffer(null)}>加货源</Button>}><Offers sku={sku} edit={setOffer} /></Panel>
        <Panel title={`店铺商品（${sku.listings.length}）`} flush><Listings sku={sku} /></Panel>
      </div>
      {editing && <SkuForm sku={sku} onClose={() => setEditing(false)} />}
      {offer !== undefined && <OfferForm sku={sku} offer={offer} onClose={() => setOffer(undefined)} />}
    </DetailDrawer>
  );
}
