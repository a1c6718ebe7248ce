import { Link, useSearchParams } from 'react-router';
import { BySheetAll, count, heldParts, to, uploadParts, useStations, waitWords } from '@kit/index';
import { elsewhere, STOPPED_KINDS, stoppedLabel } from './deeds';
import type { OrderCounts, OrderWords } from './types';

/** What the number of the tab counts, so that it agrees with 今日 and the guide. */
function Sum({ held }: { held: number }) {
  const waiting = useStations().data?.held ?? [];
  const { todo, waits } = heldParts(held, waiting);
  if (waits === 0) return null;
  return <span className="k-faint k-small">异常 {count(held)} 单：{count(todo)} 单要处理，{waitWords(waiting)}</span>;
}

/** What the strip narrows the list by: one kind of hold, or one kind of stopped purchase. */
export const STRIP = ['hold', 'stopped'] as const;
type By = (typeof STRIP)[number];

const LIST_WORDS = new Set(['tab', 'sort', 'open', 'size', ...STRIP]);

/** What else narrows the list, so that the number of a kind counts what its press shows. */
export const otherFilters = (params: URLSearchParams): Record<string, string> =>
  Object.fromEntries([...params].filter(([name, value]) => !LIST_WORDS.has(name) && value !== ''));

/** Where a press on a kind leads. It stands on orders of every tab (one at its supplier, whose buyer wants to move), so that
 * the list is of all tabs; another press leads back to what waits. */
export function pressed(now: URLSearchParams, kind: string, by: By = 'hold'): URLSearchParams {
  const next = new URLSearchParams(now);
  for (const name of ['open', ...STRIP]) if (name !== by) next.delete(name);
  if (now.get(by) === kind) {
    next.delete(by);
    next.delete('sort');
    next.set('tab', 'hold');
  } else {
    next.set(by, kind);
    next.set('tab', 'all');
    // As in the tabs of what waits: the nearest deadline first.
    if (!next.has('sort')) next.set('sort', 'due');
  }
  return next;
}

interface Chip { by: By; kind: string; label: string; orders: number; here: boolean }

/** The chips of the strip: what somebody is held by, and the one that is pressed, also where nothing is left of it. */
export function chipsOf(holds: readonly Pick<OrderWords['holds'][number], 'kind' | 'label'>[], counted: Pick<OrderCounts, 'holds' | 'stopped'>, pressed: (by: By) => string): Chip[] {
  const every: Chip[] = [
    ...holds.map((h) => ({ by: 'hold' as const, kind: h.kind, label: h.label, orders: counted.holds[h.kind] ?? 0, here: pressed('hold') === h.kind })),
    ...STOPPED_KINDS.map((mend) => ({ by: 'stopped' as const, kind: mend, label: stoppedLabel(mend), orders: counted.stopped.find((s) => s.mend === mend)?.orders ?? 0, here: pressed('stopped') === mend })),
  ];
  return every.filter((c) => c.orders > 0 || c.here);
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

/** The kinds of holds and of stopped purchases with their counts; a press narrows the list to one kind, another one widens it again. */
export function HoldStrip({ tab, words, counted, held }: { tab: string; words: OrderWords; counted: Pick<OrderCounts, 'holds' | 'stopped'>; held: number }) {
  const [params, setParams] = useSearchParams();
  const chips = chipsOf(words.holds, counted, (by) => params.get(by) ?? '');
  if (chips.length === 0) return null;
  const stops = counted.stopped.find((s) => s.mend === params.get('stopped'));
  return (
    <div className="o-strip" role="toolbar" aria-label="按异常类型看">
      {chips.map((c) => (
        <button key={c.by + c.kind} type="button" className={c.here ? 'o-kind o-here' : 'o-kind'} onClick={() => setParams((now) => pressed(now, c.kind, c.by))} aria-pressed={c.here}>
          {c.label} <b>{count(c.orders)}</b>
        </button>
      ))}
      {stops && elsewhere(stops) && <BySheetAll ids={stops.ids} />}
      {tab === 'hold' && <Sum held={held} />}
    </div>
  );
}
