import { DownOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Checkbox, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, Clock, Copyable, mendAt, Money, Reason, to } from '@kit/index';
import type { Choices, Group, OrderCard } from './use-board';
import { toLink } from './ways';

const SHOWN = 50;
const WORDS: Readonly<Record<string, string>> = {
  late: '赶不上截止',
  late_all: '谁都赶不上截止',
  loss: '亏损',
  low_margin: '毛利低',
  region_unknown: '地区未知',
  freight_estimated: '运费是估的',
  freight_missing: '没填运费',
  stock_stale: '库存太旧',
  choice_not_possible: '指定的不能发',
  not_exact: '组合太多',
  unlinked: '货源没关联',
  courier: '指定快递',
};
const BAD = new Set(['late', 'loss', 'unlinked']);

interface Choosing {
  choices: Choices;
  choose: (orders: readonly string[], supplier: string | null) => void;
}

/** The suppliers that could take all of these orders. */
function common(orders: readonly OrderCard[]) {
  const [first, ...rest] = orders;
  return (first?.candidates ?? []).filter(
    (c) => c.verdict !== 'excluded' && rest.every((o) => o.candidates.some((x) => x.supplier_id === c.supplier_id && x.verdict !== 'excluded')),
  );
}

/** The order's margin as its own page says it; of an order of several suppliers or partly bought, what of it is shown. */
function OrderMargin({ order }: { order: Pick<OrderCard, 'margin_fen' | 'order_margin_fen' | 'earlier_fen' | 'supplier_ids'> }) {
  return (
    <>
      <span className="k-small k-faint">{order.supplier_ids.length > 1 || order.earlier_fen > 0 ? '整单毛利' : '毛利'} <Money fen={order.order_margin_fen} /></span>
      {order.earlier_fen > 0 && <span className="k-small k-faint">含之前已采购 <Money fen={order.earlier_fen} /></span>}
      {order.supplier_ids.length > 1 && <span className="k-small k-faint">分到这家 <Money fen={order.margin_fen} /></span>}
    </>
  );
}

/** To the supplier's offers, opened on the goods that are linked to none. */
function Linking({ supplier, goods }: { supplier: string; goods: readonly string[] }) {
  const there = goods.length > 0 ? mendAt({ supplier_id: supplier, mend: 'link', things: goods }) : null;
  return there && <Link to={there.address} onClick={(e) => e.stopPropagation()}>{there.label}</Link>;
}

function OrderLine({ order, supplier, marked, mark, choices, choose }: { order: OrderCard; supplier: string; marked: boolean; mark: (on: boolean) => void } & Choosing) {
  const chosen = choices[order.id];
  const options = order.candidates.filter((c) => c.verdict !== 'excluded').map((c) => ({ value: c.supplier_id, label: c.name }));
  return (
    <div className="d-order">
      <Checkbox checked={marked} onChange={(e) => mark(e.target.checked)} aria-label={`选中 ${order.number}`} />
      <div className="k-cell d-number">
        <Copyable text={order.number} />
        <span className="k-faint k-small k-cut">{order.region || '地区未知'}</span>
      </div>
      <div className="d-goods">
        <span className="k-cut" title={order.goods}>{order.goods}</span>
        <Reason lines={order.candidates.map((c) => ({ text: c.text, verdict: c.verdict === 'chosen' ? 'chosen' as const : 'not' as const }))} />
        {order.warnings.map((w) => (
          <span key={w.text} className={BAD.has(w.kind) ? 'k-red k-small' : 'k-amber k-small'}>! {w.text} <Linking supplier={supplier} goods={w.things} /></span>
        ))}
      </div>
      <div className="k-cell k-right d-money">
        <Money fen={order.goods_fen + (order.freight_fen ?? 0)} />
        <OrderMargin order={order} />
      </div>
      <div className="k-cell d-clock"><Clock by={order.due_by} /></div>
      <div className="d-choice">
        <Select
          size="small"
          value={chosen ?? order.supplier_ids[0] ?? null}
          options={options}
          onChange={(id: string) => choose([order.id], id)}
          aria-label={`${order.number} 的供应商`}
        />
        {chosen && (
          <ActionButton
            look="link"
            label="记住这个选择"
            refresh={['/api/dispatch']}
            run={(key) => post<ActionAnswer>('/api/dispatch/remember', { order_ids: [order.id], supplier_id: chosen }, { key })}
          />
        )}
      </div>
    </div>
  );
}

function Orders({ group, choices, choose }: { group: Group } & Choosing) {
  const [shown, setShown] = useState(SHOWN);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const members = group.orders.filter((o) => marked.has(o.id));
  const all = marked.size === group.orders.length;
  const flip = (id: string, on: boolean) => {
    const next = new Set(marked);
    if (on) next.add(id);
    else next.delete(id);
    setMarked(next);
  };
  const options = common(members).map((c) => ({ value: c.supplier_id, label: c.name }));
  return (
    <div className="d-orders">
      <div className="d-order d-order-head">
        <Checkbox
          checked={all}
          indeterminate={marked.size > 0 && !all}
          onChange={(e) => setMarked(e.target.checked ? new Set(group.orders.map((o) => o.id)) : new Set())}
        />
        {members.length === 0
          ? <span className="k-faint">勾选后可以一起换供应商</span>
          : (
            <div className="k-row">
              <span>已选 {members.length} 单，改给</span>
              <Select
                size="small"
                className="d-select"
                placeholder={options.length ? '选供应商' : '没有都能发的供应商'}
                value={null}
                options={options}
                onChange={(id: string) => { choose(members.map((o) => o.id), id); setMarked(new Set()); }}
              />
            </div>
          )}
      </div>
      {group.orders.slice(0, shown).map((order) => (
        <OrderLine key={order.id} order={order} supplier={group.supplier_id} marked={marked.has(order.id)} mark={(on) => flip(order.id, on)} choices={choices} choose={choose} />
      ))}
      {group.orders.length > shown && <Button type="link" onClick={() => setShown(shown + 200)}>再看 {Math.min(200, group.orders.length - shown)} 单</Button>}
    </div>
  );
}

/** One supplier: what it gets and what that leaves; opened, its orders with their candidates. */
export function GroupBox({ group, choices, choose, busy }: { group: Group; busy: boolean } & Choosing) {
  const [open, setOpen] = useState(false);
  return (
    <section className={busy ? 'k-panel k-flush d-group d-busy' : 'k-panel k-flush d-group'}>
      <div className="d-head" role="button" tabIndex={0} onClick={() => setOpen(!open)} onKeyDown={(e) => e.key === 'Enter' && setOpen(!open)}>
        {open ? <DownOutlined /> : <RightOutlined />}
        <b className="k-cut">{group.name}</b>
        <span><b>{group.orders.length}</b> 单{group.purchases !== group.orders.length && <span className="k-faint"> · 合成 {group.purchases} 张</span>}</span>
        <span>{group.pieces} 件</span>
        <span>货款 <Money fen={group.goods_fen} /></span>
        <span>运费 <Money fen={group.freight_fen} /></span>
        <span>毛利 <Money fen={group.margin_fen} strong /></span>
        <Clock by={group.due_by} />
        <span className="d-warnings">
          {Object.entries(group.warnings).map(([kind, n]) => (
            <span key={kind} className={BAD.has(kind) ? 'k-red' : 'k-amber'}>{WORDS[kind] ?? kind} {n}</span>
          ))}
          <Linking supplier={group.supplier_id} goods={toLink(group)} />
        </span>
        <Link to={to('suppliers', { open: group.supplier_id })} onClick={(e) => e.stopPropagation()} className="k-small">供应商</Link>
      </div>
      {open && <Orders group={group} choices={choices} choose={choose} />}
    </section>
  );
}
