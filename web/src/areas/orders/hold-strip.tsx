import { Link, useSearchParams } from 'react-router';
import { count, heldParts, to, uploadParts, useStations, waitWords } from '@kit/index';
import type { OrderCounts, OrderWords } from './types';

/** What the number of the tab counts, so that it agrees with 今日 and the guide. */
function Sum({ held }: { held: number }) {
  const waiting = useStations().data?.held ?? [];
  const { todo, waits } = heldParts(held, waiting);
  if (waits === 0) return null;
  return <span className="k-faint k-small">异常 {count(held)} 单：{count(todo)} 单要处理，{waitWords(waiting)}</span>;
}

const LIST_WORDS = new Set(['tab', 'sort', 'open', 'size', 'hold']);

/** What else narrows the list, so that the number of a kind counts what its press shows. */
export const otherFilters = (params: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...params].filter(([name, value]) => !LIST_WORDS.has(name) && value !== ''));

/** Where a press on a kind leads. It stands on orders of every tab (one at its supplier, whose buyer wants to move), so that
 * the list is of all tabs; another press leads back to what waits. */
export function pressed(now: URLSearchParams, kind: string): URLSearchParams {
  const next = new URLSearchParams(now);
  next.delete('open');
  if (now.get('hold') === kind) {
    next.delete('hold');
    next.delete('sort');
    next.set('tab', 'hold');
  } else {
    next.set('hold', kind);
    next.set('tab', 'all');
    // As in the tabs of what waits: the nearest deadline first.
    if (!next.has('sort')) next.set('sort', 'due');
  }
  return next;
}

/** What the tab 上传和确认 counts: what is to be uploaded, what waits for the platform, what goes or waits besides. */
export function UploadSum({ held }: { held: number }) {
  const seen = useStations().data;
  if (!seen || held === 0) return null;
  const { todo, unconfirmed, rest } = uploadParts(held, seen);
  return (
    <div className="o-strip k-small k-faint">
      <span>这里 {count(held)} 单：</span>
      <Link to={to('orders', { tab: 'report', to_tell: 1 })}>{count(todo)} 单要您上传</Link>
      <Link to={to('orders', { tab: 'report', step: 'confirm' })}>{count(unconfirmed)} 单已上传，等平台确认</Link>
      {rest > 0 && <span>{count(rest)} 单不用现在上传：自动上传、退款中、在等同一单的其余商品，或不用发货</span>}
    </div>
  );
}

/** The kinds of holds with their counts; a press narrows the list to one kind, another one widens it again. */
export function HoldStrip({ tab, words, kinds, held }: { tab: string; words: OrderWords; kinds: OrderCounts['holds']; held: number }) {
  const [params, setParams] = useSearchParams();
  const here = params.get('hold') ?? '';
  const shown = words.holds.filter((h) => (kinds[h.kind] ?? 0) > 0 || h.kind === here);
  if (shown.length === 0) return null;
  return (
    <div className="o-strip" role="toolbar" aria-label="按异常类型看">
      {shown.map((h) => (
        <button key={h.kind} type="button" className={h.kind === here ? 'o-kind o-here' : 'o-kind'} onClick={() => setParams((now) => pressed(now, h.kind))} aria-pressed={h.kind === here}>
          {h.label} <b>{count(kinds[h.kind] ?? 0)}</b>
        </button>
      ))}
      {tab === 'hold' && <Sum held={held} />}
    </div>
  );
}
