import { useSearchParams } from 'react-router';
import { count, heldParts, useStations, waitWords } from '@kit/index';
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
