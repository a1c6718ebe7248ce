import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { components } from '@api/schema';
import { byReason, Panel, to } from '@kit/index';

type LeftOrder = components['schemas']['UndispatchedOut'];

const SHOWN = 200;

/** What is left out and why: grouped by reason, with the way to each. */
export function Left({ left, elsewhere = {} }: { left: readonly LeftOrder[]; elsewhere?: Readonly<Record<string, number>> }) {
  const [open, setOpen] = useState<string | null>(null);
  const held = elsewhere['hold'] ?? 0;
  const unmatched = elsewhere['match'] ?? 0;
  const groups = byReason(left);
  const shown = groups.find((g) => g.reason === open);
  if (left.length + held + unmatched === 0) return null;
  return (
    <Panel flush>
      <div className="d-left">
        <span className="k-amber">没有派出：</span>
        {unmatched > 0 && <Link to={to('match')}>{unmatched} 单待匹配</Link>}
        {held > 0 && <Link to={to('orders', { tab: 'hold' })}>{held} 单有异常</Link>}
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
            <span key={order.order_id}><Link to={to('orders', { numbers: order.number, open: order.order_id })}>{order.number}</Link>{!shown.same && <span className="k-faint"> {order.reason}</span>}</span>
          ))}
          {shown.orders.length > SHOWN && <span className="k-faint">只列出前 {SHOWN} 单</span>}
        </div>
      )}
    </Panel>
  );
}
