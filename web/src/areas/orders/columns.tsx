import { FlagFilled, FormOutlined, ThunderboltFilled } from '@ant-design/icons';
import { Tag } from 'antd';
import { Clock, Copyable, HoldChips, Money, PlatformBadge, StateTag, type ListColumn, type RowContext, type Tone } from '@kit/index';
import { stoppedChip, useGoOn, useRemedies } from './deeds';
import { waitsOnlyFor } from './waits';
import { FLAGS, flagClass, RECIPIENTS, REFUNDS, type OrderRow } from './types';

const TONES: Readonly<Record<string, Tone>> = {
  unpaid: 'off', match: 'warn', hold: 'warn', dispatch: 'todo', supplier: 'doing', report: 'todo',
  shipped: 'doing', aftersale: 'bad', done: 'done', closed: 'off',
};
const ON_TIME = new Set(['shipped', 'done', 'closed', 'aftersale']);

export function OrderState({ row }: { row: Pick<OrderRow, 'tab' | 'step_label' | 'reason'> }) {
  return <StateTag tone={TONES[row.tab] ?? 'doing'} label={row.step_label} hint={row.reason} />;
}

export function OrderClock({ row }: { row: OrderRow }) {
  // What the platform was told of can no longer be late.
  if (ON_TIME.has(row.tab) || row.step === 'confirm') return <span className="k-faint">—</span>;
  return <Clock by={row.due_by} from={row.paid_at} riskFen={row.risk_fen} />;
}

export function OrderHolds({ row, most = 2 }: { row: OrderRow; most?: number }) {
  const remedies = useRemedies(row);
  const goOn = useGoOn(row);
  const ways = new Map([...row.holds.map((h) => [h.id, () => remedies(h)] as const), ...row.stopped.map((s) => [s.id, () => goOn(s)] as const)]);
  return <HoldChips holds={[...row.holds, ...row.stopped.map(stoppedChip)]} most={most} remedies={(chip) => ways.get(chip.id)?.() ?? []} />;
}

export function Margin({ row }: { row: OrderRow }) {
  return row.margin_fen === null
    ? <span className="k-small k-faint" title={row.margin_note}>毛利未知</span>
    : <span className="k-small" title={row.margin_note === '估' ? '按报价估算' : row.margin_note}>毛利 <Money fen={row.margin_fen} estimated={row.margin_note.startsWith('估')} /></span>;
}

export function Goods({ row }: { row: OrderRow }) {
  const [first, ...rest] = row.lines;
  if (!first) return <span className="k-faint">缺商品明细</span>;
  const more = rest.reduce((sum, line) => sum + line.quantity, 0);
  return (
    <div className="k-goods" title={row.lines.map((l) => `${l.title} ${l.spec} ×${l.quantity}`).join('\n')}>
      {first.image_url && <img src={first.image_url} alt="" loading="lazy" referrerPolicy="no-referrer" />}
      <div className="k-cell">
        <span className="k-cut">{first.title}</span>
        <span className="k-cut">{first.spec || '默认规格'} <b className={first.quantity > 1 ? 'k-amber' : undefined}>×{first.quantity}</b>{more > 0 && <> · 另 {more} 件</>}</span>
      </div>
    </div>
  );
}

function Recipient({ row }: { row: OrderRow }) {
  const missing = row.recipient_state !== 'plain';
  const handover = row.recipient_path === 'handover';
  return (
    <div className="k-cell">
      <span className={missing && !handover ? 'k-cut k-faint' : 'k-cut'}>{row.recipient || (handover ? '厂家代打' : RECIPIENTS[row.recipient_state])}</span>
      <span className="k-cut" title={row.region}>{row.region || '—'}</span>
    </div>
  );
}

function Purchase({ row }: { row: OrderRow }) {
  const [first] = row.purchases;
  if (!first) return <span className="k-faint">—</span>;
  return (
    <div className="k-cell" title={row.purchases.map((p) => `${p.supplier} ${p.number}`).join('\n')}>
      <span className="k-cut">{first.supplier}{row.purchases.length > 1 && ` 等 ${row.purchases.length} 家`}</span>
      <span className="k-cut k-digits">{first.number}</span>
    </div>
  );
}

function Parcel({ row }: { row: OrderRow }) {
  const [first] = row.parcels;
  const told = row.platform_parcels[0]?.split('\t');
  if (!first && !told) return <span className="k-faint">—</span>;
  return (
    <div className="k-cell" title={row.parcels.length > 0 ? row.parcels.map((p) => `${p.courier} ${p.number}`).join('\n') : told?.join(' ')}>
      <span className="k-cut">{first?.courier ?? told?.[0]}{row.parcels.length > 1 && ` 等 ${row.parcels.length} 包`}</span>
      <span className="k-cut k-digits">{first?.number ?? told?.[1]}</span>
    </div>
  );
}

export function Marks({ row }: { row: OrderRow }) {
  return (
    <span className="o-marks" title={row.remark || undefined}>
      {row.priority > 0 && <ThunderboltFilled className="k-red" title="加急" />}
      {row.flag && FLAGS[row.flag] && <FlagFilled className={flagClass(row.flag)} title={FLAGS[row.flag]} />}
      {(row.has_note || row.has_memo) && <FormOutlined className="k-amber" title={row.has_note ? '买家有留言' : '有卖家备注'} />}
      {row.asked && <Tag className="o-tag" color="gold" title="已联系买家，等回复">等买家</Tag>}
      {row.tags.slice(0, 2).map((t) => <Tag key={t} className="o-tag">{t}</Tag>)}
      {row.remark && <span className="k-cut k-faint o-remark">{row.remark}</span>}
    </span>
  );
}

function Number({ row, open }: { row: OrderRow } & RowContext) {
  return (
    <div className="k-cell">
      <Copyable text={row.number} onOpen={open} />
      <PlatformBadge platform={row.platform} shop={row.shop_name} />
    </div>
  );
}

function State({ row }: { row: OrderRow }) {
  if (row.holds.length + row.stopped.length > 0 && ['hold', 'match', 'dispatch'].includes(row.tab)) {
    if (row.tab !== 'hold' || row.holds.length + row.stopped.length > 1) return <OrderHolds row={row} />;
    const waits = waitsOnlyFor(row);
    return <div className="k-cell"><OrderHolds row={row} /><span className={waits ? 'k-cut' : 'k-cut k-amber'}>{waits ? `在等${waits}` : '要处理'}</span></div>;
  }
  const refund = REFUNDS[row.refund];
  return (
    <div className="k-cell">
      <OrderState row={row} />
      <span className="k-cut" title={row.reason}>{refund ?? row.reason}</span>
    </div>
  );
}

/** A row as screens.md §4 draws it; the first and the last column stay while the rest scrolls. Together no wider than a
 * window of 1440 leaves beside the menu. */
export const columns: readonly ListColumn<OrderRow>[] = [
  { key: 'number', title: '订单', width: 202, locked: true, render: (r, { open }) => <Number row={r} open={open} /> },
  { key: 'goods', title: '商品', width: 142, render: (r) => <Goods row={r} /> },
  { key: 'state', title: '状态 / 异常', width: 146, render: (r) => <State row={r} /> },
  { key: 'clock', title: '发货时限', width: 215, sort: 'due', render: (r) => <OrderClock row={r} /> },
  { key: 'money', title: '实付 / 毛利', width: 108, align: 'right', sort: 'paid', render: (r) => <div className="k-cell"><Money fen={r.paid_fen} /><Margin row={r} /></div> },
  { key: 'recipient', title: '收件人', width: 114, render: (r) => <Recipient row={r} /> },
  { key: 'purchase', title: '供应商 / 采购单', width: 112, render: (r) => <Purchase row={r} /> },
  { key: 'parcel', title: '快递', width: 94, render: (r) => <Parcel row={r} /> },
  { key: 'marks', title: '标记', width: 64, locked: true, render: (r) => <Marks row={r} /> },
];
