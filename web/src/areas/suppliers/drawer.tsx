import { EditOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { useApi, useMay } from '@api/queries';
import { count, DetailDrawer, EmptyTeach, Facts, Failed, ImportButton, Panel, percent, SealedValue, StateTag, to } from '@kit/index';
import { FactoriesPanel } from './factories-panel';
import { SupplierForm } from './form';
import { OffersPanel } from './offers-panel';
import { CHANNELS, CONTACT, type Detail } from './types';

function Prices({ supplier }: { supplier: Detail }) {
  const [text, setText] = useState('');
  if (supplier.prices.length === 0) return <EmptyTeach title="还没有报价" steps={['点“导入报价”选他家的价格表', '或在“商品”里给规格加货源']} />;
  const shown = supplier.prices.filter((p) => `${p.code}${p.title}${p.spec}${p.offer.offer_ref}`.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <>
      {supplier.prices.length > 12 && <Input allowClear className="s-find" placeholder="找商品、编码、货号" value={text} onChange={(e) => setText(e.target.value)} />}
      <table className="s-table">
        <thead><tr><th>商品</th><th>SKU 编码</th><th>货号</th><th>价格</th><th>生效</th></tr></thead>
        <tbody>
          {shown.map((p) => (
            <tr key={p.offer.id}>
              <td><Link to={to('goods', { open: p.sku_id })}>{p.title}</Link> <span className="k-faint">{p.spec}</span></td>
              <td className="k-digits">{p.code}</td>
              <td>{p.offer.offer_ref || '—'}</td>
              <td>{p.offer.words}</td>
              <td className="k-digits">{p.offer.valid_from.slice(5)}{p.offer.valid_to && ` 至 ${p.offer.valid_to.slice(5)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** One supplier: terms, contact, price list. */
export function SupplierDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: supplier, isError, error, refetch } = useApi<Detail>(`/api/suppliers/${id}`);
  const may = useMay('purchasing.edit');
  const mayImport = useMay('imports.run');
  const [editing, setEditing] = useState(false);
  if (isError) return <DetailDrawer title="打不开" onClose={onClose}><Failed error={error} retry={() => void refetch()} /></DetailDrawer>;
  if (!supplier) return <DetailDrawer title="正在打开" loading onClose={onClose} />;
  const channel = CHANNELS[supplier.channel];
  const contact = CONTACT.filter((c) => supplier.contact[c.key]);
  return (
    <DetailDrawer
      title={supplier.name}
      sub={<div className="k-row"><span className="k-faint">采购单号开头 {supplier.code}</span>{!supplier.active && <StateTag tone="off" label="已停用" />}{supplier.open_purchases > 0 && <Link to={to('purchases', { supplier: supplier.id })}>{count(supplier.open_purchases)} 张采购单在途</Link>}</div>}
      actions={may && <Button icon={<EditOutlined />} onClick={() => setEditing(true)}>修改</Button>}
      width={860}
      onClose={onClose}
    >
      <div className="k-stack">
        <Panel title="条件">
          <Facts items={[
            { label: '运费', value: supplier.freight_words === '运费未填' ? <StateTag tone="warn" label="运费未填" /> : supplier.freight_words || '—', wide: true },
            { label: '不发地区', value: supplier.regions_not_served.join('、') || '都发', wide: true },
            { label: '发货', value: `${supplier.lead_hours} 小时内${supplier.cut_off ? `，每天 ${supplier.cut_off} 截单` : ''}` },
            { label: '怎么发单', value: channel ? `${channel.label}：${channel.text}` : supplier.channel, wide: true },
            { label: '近 30 天', value: supplier.purchases > 0 ? `${count(supplier.purchases)} 张采购单${supplier.on_time === null ? '' : `，准时 ${percent(supplier.on_time)}`}` : '还没有采购' },
            ...(supplier.remark ? [{ label: '备注', value: supplier.remark, wide: true }] : []),
          ]} />
        </Panel>
        <Panel title="联系方式">
          {contact.length === 0 ? <span className="k-faint">没有填</span> : (
            <Facts items={contact.map((c) => ({ label: c.label, value: <SealedValue masked={supplier.contact[c.key] ?? ''} openPath={may ? `/api/suppliers/${supplier.id}/contact/${c.key}/open` : null} /> }))} />
          )}
        </Panel>
        <FactoriesPanel supplier={supplier.id} />
        <OffersPanel supplier={supplier} />
        <Panel title={`报价（${count(supplier.prices.length)}）`} flush extra={mayImport && <ImportButton label="导入报价" kind="prices" supplier={supplier.name} />}><Prices supplier={supplier} /></Panel>
      </div>
      {editing && <SupplierForm supplier={supplier} onClose={() => setEditing(false)} />}
    </DetailDrawer>
  );
}
