import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { components } from '@api/schema';
import { Panel, to } from '@kit/index';

type LeftOrder = components['schemas']['UndispatchedOut'];

/** What is left out and why: grouped by reason, with the way to each. */
export function Left({ left, elsewhere = {} }: { left: readonly LeftOrder[]; elsewhere?: Readonly<Record<string, number>> }) {
  const [open, setOpen] = useState<string | null>(null);
  const held = elsewhere['hold'] ?? 0;
  const unmatched = elsewhere['match'] ?? 0;
  const byReason = new Map<string, LeftOrder[]>();
  for (const order of left) byReason.set(order.reason, [...(byReason.get(order.reason) ?? []), order]);
  if (left.length + held + unmatched === 0) return null;
  return (
    <Panel flush>
      <div className="d-left">
        <span className="k-amber">没有派出：</span>
        {unmatched > 0 && <Link to={to('match')}>{unmatched} 单待匹配</Link>}
        {held > 0 && <Link to={to('orders', { tab: 'hold' })}>{held} 单有异常</Link>}
        {[...byReason].map(([reason, orders]) => (
          <span key={reason}>
            <Button type="link" size="small" onClick={() => setOpen(open === reason ? null : reason)}>{orders.length} 单</Button>
            {reason}
          </span>
        ))}
      </div>
      {open && (
        <div className="d-left k-small">
          {byReason.get(open)?.slice(0, 200).map((order) => (
            <Link key={order.order_id} to={to('orders', { numbers: order.number, open: order.order_id })}>{order.number}</Link>
          ))}
        </div>
      )}
    </Panel>
  );
}
