import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { components } from '@api/schema';
import { useMay } from '@api/queries';
import { byReason, heldParts, Panel, to, useStations, waitWords } from '@kit/index';

type LeftOrder = components['schemas']['UndispatchedOut'];

const SHOWN = 200;

/** ``甲厂 不发西藏；乙厂 缺货``, or that nobody offers it. */
export const refusedWords = (refused: LeftOrder['goods'][number]['refused']): string =>
  refused.length === 0 ? '还没有供应商' : refused.map((r) => `${r.supplier} ${r.reason}`).join('；');

/** What of an order nobody can supply: who was looked at, why not, and the way to another one. */
function Lacking({ order }: { order: LeftOrder }) {
  const may = useMay('catalog.view');
  return order.goods.map((g) => (
    <span key={g.sku_id} className="d-lacking">
      <b>{g.name}</b>：{refusedWords(g.refused)} {may && <Link to={to('goods', { order: order.order_id, open: g.sku_id })}>加货源</Link>}
    </span>
  ));
}

/** What is left out and why: grouped by reason, with the way to each. */
export function Left({ left, elsewhere = {} }: { left: readonly LeftOrder[]; elsewhere?: Readonly<Record<string, number>> }) {
  const [chosen, setOpen] = useState<string | null | undefined>(undefined);
  const stations = useStations().data;
  const held = elsewhere['hold'] ?? 0;
  const { todo, waits } = heldParts(held, stations?.held ?? []);
  const unmatched = elsewhere['match'] ?? 0;
  const groups = byReason(left);
  // A single reason needs no press.
  const open = chosen !== undefined ? chosen : groups.length === 1 ? (groups[0]?.reason ?? null) : null;
  const shown = groups.find((g) => g.reason === open);
  if (left.length + held + unmatched === 0) return null;
  return (
    <Panel flush>
      <div className="d-left">
        <span className="k-amber">没有派出：</span>
        {unmatched > 0 && <Link to={to('match')}>{unmatched} 单待匹配</Link>}
        {todo > 0 && <Link to={to('orders', { tab: 'hold' })}>{todo} 单有异常要处理</Link>}
        {waits > 0 && <Link to={to('orders', { tab: 'hold' })} className="k-faint">另有 {waitWords(stations?.held ?? [])}，现在不用处理</Link>}
        {groups.map(({ reason, orders }) => (
          <span key={reason}>
            <Button type="link" size="small" aria-expanded={open === reason} onClick={() => setOpen(open === reason ? null : reason)}>{orders.length} 单</Button>
            {reason}
          </span>
        ))}
      </div>
      {shown && (
        <div className="d-left k-small">
          {shown.orders.slice(0, SHOWN).map((order) => (
            <span key={order.order_id} className={order.goods.length > 0 ? 'd-left-order' : undefined}><Link to={to('orders', { numbers: order.number, open: order.order_id })}>{order.number}</Link>{!shown.same && <span className="k-faint"> {order.reason}</span>}<Lacking order={order} /></span>
          ))}
          {shown.orders.length > SHOWN && <span className="k-faint">只列出前 {SHOWN} 单</span>}
        </div>
      )}
    </Panel>
  );
}
