import { Link } from 'react-router';
import type { components } from '@api/schema';
import { mendAt, to } from '@kit/index';

type Row = components['schemas']['SendingStays'];

/** Purchases that do not go out: why, and where that is mended, which may be at another supplier of the same order. */
export function Stays({ rows }: { rows: readonly Row[] }) {
  return (
    <>
      {rows.map((row) => (
        <p key={row.purchase_id} className="k-row">
          <span className="k-amber">{row.number} 没有发出：{row.reason}</span>
          {row.mends.map((m) => {
            const there = mendAt(m);
            return there && <Link key={`${m.supplier_id} ${m.mend}`} to={there.address}>{there.label}（{m.supplier}）</Link>;
          })}
          <Link to={to('orders', { tab: 'all', numbers: row.order, open: row.order_id })}>看订单</Link>
        </p>
      ))}
    </>
  );
}
