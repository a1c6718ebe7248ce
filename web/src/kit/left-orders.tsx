import { DownOutlined, RightOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { Link } from 'react-router';
import type { LeftOrder } from '@api/shapes';
import { byReason, type ReasonGroup } from './by-reason';
import { count } from './format';
import { to } from './paths';

const SHOWN = 100;
// As many as an address can name.
const LINKED = 500;

function Group({ group, opened }: { group: ReasonGroup<LeftOrder>; opened: boolean }) {
  const [open, setOpen] = useState(opened);
  const { orders, reason, same } = group;
  return (
    <li>
      <div className="k-left-head">
        <button type="button" onClick={() => setOpen(!open)} aria-expanded={open}>
          {open ? <DownOutlined /> : <RightOutlined />}
          <b>{count(orders.length)} 单</b>
          <span>{reason}</span>
        </button>
        <Link to={to('orders', { tab: 'all', numbers: orders.slice(0, LINKED).map((o) => o.number) })}>看这{orders.length > LINKED ? `前 ${LINKED} ` : '些'}单</Link>
      </div>
      {open && (
        <div className="k-left-orders k-small">
          {orders.slice(0, SHOWN).map((o) => (
            <span key={o.order_id}><Link to={to('orders', { tab: 'all', numbers: [o.number], open: o.order_id })}>{o.number}</Link>{!same && <span className="k-faint"> {o.reason}</span>}</span>
          ))}
          {orders.length > SHOWN && <span className="k-faint">只列出前 {SHOWN} 单，全部请下载</span>}
        </div>
      )}
    </li>
  );
}

/** What a batch left, by reason; each opens to its orders. */
export function LeftOrders({ left }: { left: readonly LeftOrder[] }) {
  const groups = byReason(left);
  return <ul className="k-left">{groups.map((g) => <Group key={g.reason} group={g} opened={groups.length === 1 && g.orders.length <= 10} />)}</ul>;
}
