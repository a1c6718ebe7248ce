import { Clock, Copyable, ListPage, Money, Page, PlatformBadge } from '@kit/index';
import type { FilterField, ListColumn } from '@kit/index';
import type { components } from '@api/schema';
import { Outstanding } from './outstanding';
import { StepAction } from './step-action';

type Row = components['schemas']['AftersaleStep'];

const columns: readonly ListColumn<Row>[] = [
  {
    key: 'order',
    title: '订单',
    width: 190,
    locked: true,
    render: (r) => (
      <div className="k-cell">
        <Copyable text={r.order_number} />
        <PlatformBadge platform={r.platform} shop={r.shop_name} />
      </div>
    ),
  },
  {
    key: 'purchase',
    title: '采购单',
    width: 170,
    render: (r) => (
      <div className="k-cell">
        {r.purchase_number ? <Copyable text={r.purchase_number} /> : <span className="k-faint">整单</span>}
        <span className="k-faint k-small">{r.supplier}</span>
      </div>
    ),
  },
  {
    key: 'what',
    title: '要做的事',
    width: 380,
    render: (r) => (
      <div className="k-cell">
        <b>{r.kind_label}</b>
        <span className="k-two k-small" title={r.text}>{r.text}</span>
      </div>
    ),
  },
  { key: 'amount', title: '还差', width: 96, align: 'right', render: (r) => <Money fen={r.amount_fen} /> },
  { key: 'due', title: '时限', width: 160, render: (r) => <Clock by={r.due_by} from={r.created_at} /> },
  { key: 'owner', title: '谁来做', width: 84, render: (r) => r.owner_label },
  { key: 'act', title: '处理', width: 176, locked: true, render: (r) => <StepAction step={r} /> },
];

const fields: readonly FilterField[] = [
  { kind: 'numbers', name: 'numbers', label: '订单号或采购单号' },
  { kind: 'source', name: 'shop', label: '店铺', path: '/api/shops', many: true },
  { kind: 'source', name: 'supplier', label: '供应商', path: '/api/suppliers', many: true },
];

const tabs = [
  { key: 'all', label: '全部' },
  { key: 'tell', label: '要通知供应商' },
  { key: 'wait', label: '等答复' },
  { key: 'money', label: '等退款' },
  { key: 'buyer', label: '答复买家' },
];

/** 售后: what is still to be done because a refund or cancel came after the purchase, the most urgent first. */
export default function Aftersales() {
  return (
    <Page title="售后" answer={<Outstanding />} fill>
      <ListPage<Row>
        name="aftersales"
        path="/api/aftersales"
        exportable="aftersales"
        columns={columns}
        fields={fields}
        tabs={tabs}
        empty={{ title: '没有要处理的售后', steps: ['派单之后来的退款或取消会出现在这里', '供应商还没答复时，不上传单号、不再发货', '货款说清后自动消失'] }}
      />
    </Page>
  );
}
