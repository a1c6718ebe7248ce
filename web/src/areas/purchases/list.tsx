import { Clock, Copyable, ListPage, Money, Page, PlatformBadge, StateTag, Time } from '@kit/index';
import type { FilterField, ListColumn } from '@kit/index';
import type { components } from '@api/schema';
import { PurchaseDrawer } from './drawer';
import { TONE } from './words';

type Row = components['schemas']['PurchaseCard'];

const OVER = new Set(['shipped', 'closed', 'recalled', 'cancelled', 'refused']);

const columns: readonly ListColumn<Row>[] = [
  {
    key: 'number',
    title: '采购单',
    width: 190,
    locked: true,
    render: (r, { open }) => (
      <div className="k-cell">
        <Copyable text={r.number} onOpen={open} />
        <PlatformBadge platform={r.platform} shop={r.shop_name} />
      </div>
    ),
  },
  { key: 'supplier', title: '供应商', width: 130, render: (r) => r.supplier },
  {
    key: 'state',
    title: '状态',
    width: 150,
    render: (r) => (
      <div className="k-cell">
        <StateTag tone={TONE[r.state] ?? 'doing'} label={r.state_label} />
        {r.changes > 0 && <span className="k-amber k-small">! {r.changes} 处变更未确认</span>}
      </div>
    ),
  },
  {
    key: 'goods',
    title: '商品',
    width: 300,
    render: (r) => (
      <div className="k-cell">
        <span className="k-cut">{r.lines[0] ? `${r.lines[0].title} ${r.lines[0].spec} ×${r.lines[0].quantity}` : '—'}</span>
        <span className="k-faint k-small">{r.lines.length > 1 ? `等 ${r.lines.length} 行，` : ''}共 {r.quantity} 件{r.factory ? ' · 厂商代发' : r.handover ? ' · 厂家代打' : ''}</span>
      </div>
    ),
  },
  { key: 'orders', title: '订单', width: 180, render: (r) => <span className="k-two k-digits">{[...new Set(r.lines.map((x) => x.order_number))].join('、')}</span> },
  { key: 'goods_fen', title: '货款', width: 96, align: 'right', render: (r) => <Money fen={r.goods_fen} /> },
  { key: 'freight_fen', title: '运费', width: 84, align: 'right', render: (r) => <Money fen={r.freight_fen} /> },
  { key: 'due', title: '时限', width: 170, render: (r) => <Clock by={r.due_by} done={OVER.has(r.state)} doneAt={r.shipped_at} /> },
  { key: 'sent', title: '发出', width: 110, render: (r) => (r.sent_at ? <Time at={r.sent_at} /> : <span className="k-faint">未发</span>) },
];

const fields: readonly FilterField[] = [
  { kind: 'numbers', name: 'numbers', label: '采购单号或平台单号' },
  { kind: 'source', name: 'supplier', label: '供应商', path: '/api/suppliers', many: true },
  { kind: 'source', name: 'shop', label: '店铺', path: '/api/shops', many: true },
  { kind: 'dates', name: 'day', label: '派单日' },
  { kind: 'dates', name: 'shipped', label: '发货日' },
  { kind: 'select', name: 'owing', label: '快递单号', options: [{ value: '1', label: '还差单号' }] },
  { kind: 'select', name: 'late', label: '时限', options: [{ value: '1', label: '已超时' }] },
];

const tabs = [
  { key: 'all', label: '全部' },
  { key: 'draft', label: '待发送' },
  { key: 'sent', label: '已发出' },
  { key: 'accepted', label: '已接单' },
  { key: 'part_shipped', label: '部分发货' },
  { key: 'shipped', label: '已发货' },
  { key: 'recalling', label: '追回中' },
  { key: 'refused', label: '已拒单' },
  { key: 'over', label: '结束' },
];

/** 采购单: every purchase with where it stands; its drawer holds what can be done now. */
export default function Purchases() {
  return (
    <Page title="采购单" fill>
      <ListPage<Row>
        name="purchases"
        path="/api/purchases"
        exportable="purchases"
        columns={columns}
        fields={fields}
        tabs={tabs}
        rowTone={(r) => (r.state === 'refused' ? 'bad' : r.state === 'recalling' || r.changes > 0 ? 'warn' : OVER.has(r.state) ? 'done' : undefined)}
        empty={{ title: '还没有采购单', steps: ['在派单预览里派单', '采购单会出现在这里'] }}
        detail={(id, close) => <PurchaseDrawer id={id} onClose={close} />}
      />
    </Page>
  );
}
