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

/** The kinds of holds with their counts; a press narrows the list to one kind, another one widens it again. */
export function HoldStrip({ tab, words, counts }: { tab: string; words: OrderWords; counts: OrderCounts }) {
  const [params, setParams] = useSearchParams();
  const here = params.get('hold') ?? '';
  const shown = words.holds.filter((h) => (counts.holds[h.kind] ?? 0) > 0 || h.kind === here);
  if (shown.length === 0) return null;
  const choose = (kind: string) =>
    setParams((now) => {
      const next = new URLSearchParams(now);
      if (kind === here) next.delete('hold');
      else next.set('hold', kind);
      next.delete('open');
      return next;
    });
  return (
    <div className="o-strip" role="toolbar" aria-label="按异常类型看">
      {shown.map((h) => (
        <button key={h.kind} type="button" className={h.kind === here ? 'o-kind o-here' : 'o-kind'} onClick={() => choose(h.kind)} aria-pressed={h.kind === here}>
          {h.label} <b>{count(counts.holds[h.kind] ?? 0)}</b>
        </button>
      ))}
      {tab === 'hold' && <Sum held={counts.counts['hold'] ?? 0} />}
    </div>
  );
}
