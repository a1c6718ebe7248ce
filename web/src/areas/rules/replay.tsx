import { Link } from 'react-router';
import { count, Money, to } from '@kit/index';
import type { Replay } from './shapes';

const SHOWN = 20;

/** What a rule would have done: how many orders, how much, which. Nothing was changed. */
export function ReplayResult({ found }: { found: Replay }) {
  const shown = found.orders.slice(0, SHOWN);
  return (
    <div className="rules-replay">
      <div>
        近 {found.days} 天 <b>{count(found.looked)}</b> 单里会有 <b>{count(found.hit)}</b> 单，实付 <Money fen={found.amount_fen} strong />
        {found.amounts_missing > 0 && <span className="k-amber">（{found.amounts_missing} 单没有实付金额）</span>}
        {found.cut && <span className="k-amber">（订单太多，只看了最近的一部分）</span>}
      </div>
      <div className="k-faint k-small">只是回放，没有改动任何订单</div>
      {shown.length > 0 && (
        <div className="rules-numbers">
          {shown.map((o) => (
            <Link key={o.id} to={to('orders', { tab: 'all', open: o.id })} title={o.shop}><span className="k-digits">{o.number}</span></Link>
          ))}
          {found.hit > shown.length && <span className="k-faint">……还有 {count(found.hit - shown.length)} 单</span>}
        </div>
      )}
    </div>
  );
}
