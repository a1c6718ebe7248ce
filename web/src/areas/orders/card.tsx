import { Copyable, Money, PlatformBadge } from '@kit/index';
import { Goods, Marks, OrderClock, OrderHolds, OrderState } from './columns';
import type { OrderRow } from './types';

/** An order on a phone: what holds it first, each hold with its remedy under the thumb. */
export function OrderCard({ row, open }: { row: OrderRow; open: () => void }) {
  return (
    <div className="o-card">
      <div className="k-row">
        <PlatformBadge platform={row.platform} />
        <span className="k-grow"><Copyable text={row.number} onOpen={open} /></span>
        <OrderClock row={row} />
      </div>
      <div className="k-row">
        <div className="k-grow"><Goods row={row} /></div>
        <Money fen={row.paid_fen} strong />
      </div>
      {row.holds.length + row.stopped.length > 0
        ? <><OrderHolds row={row} most={4} /><p className="k-small k-faint o-why">{(row.holds[0] ?? row.stopped[0])?.reason}</p></>
        : <div className="k-row"><OrderState row={row} /><Marks row={row} /></div>}
    </div>
  );
}
