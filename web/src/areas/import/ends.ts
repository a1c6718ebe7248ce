import { paths, to } from '@kit/index';
import type { Result } from './types';

interface Way {
  label: string;
  to: string;
}

export const HELD = to('orders', { tab: 'hold' });
const UPLOAD: Way = { label: '去上传平台', to: paths.upload };

/** What is said of an import that did not come to its end. */
export const STOPPED: Record<string, string> = { failed: '没有完成', cancelled: '已取消', undone: '已撤销' };

/** How imports ended, in one line: complete only when every file is. */
export function endOf(states: readonly string[]): string {
  const stopped = states.filter((s) => STOPPED[s]);
  if (stopped.length === 0) return '导入完成';
  const [first] = stopped;
  const word = first && stopped.every((s) => s === first) ? STOPPED[first] : '没有导完';
  return states.length === 1 ? `${word}` : `${states.length} 个文件里有 ${stopped.length} 个${word}`;
}

const valueOf = (result: Pick<Result, 'outcomes'>, key: string): number => result.outcomes.find((o) => o.key === key)?.value ?? 0;

/** Whether the sentence of an import wants somebody: of tracking numbers it is said also when all is well. */
export function wantsLook(result: Pick<Result, 'outcomes' | 'rejected_total'> & { card: Pick<Result['card'], 'kind' | 'state'> }): boolean {
  const calm = result.card.kind === 'tracking' && result.card.state === 'done';
  return !calm || result.rejected_total > 0 || valueOf(result, 'doubtful') > 0;
}

type Looked = Pick<Result, 'to_look'> & { card: Pick<Result['card'], 'id'> };

/** Where these files' numbers are looked at that still wait for a person: theirs only. */
function looked(results: readonly Looked[]): Way | undefined {
  const some = results.filter((r) => r.to_look > 0);
  const rows = some.reduce((n, r) => n + r.to_look, 0);
  return rows > 0 ? { label: `先看 ${rows} 行`, to: to('tracking', { imported: some.map((r) => r.card.id) }) } : undefined;
}

type Counted = Pick<Result, 'outcomes' | 'to_look'> & { card: Pick<Result['card'], 'id' | 'kind_label'> };

/** Whether files of several kinds came together, whose numbers are no sum of anything. */
export const mixed = (results: readonly { card: Pick<Result['card'], 'kind_label'> }[]): boolean => new Set(results.map((r) => r.card.kind_label)).size > 1;

/** The numbers of several files together, each under its name (and what it counts, where that differs); what waits for a person opens. */
export function factsOf(results: readonly Counted[]): { label: string; value: number; to?: string }[] {
  const sums = new Map<string, { key: string; value: number }>();
  const several = mixed(results);
  for (const { card, outcomes } of results) {
    for (const o of outcomes) {
      if (several && o.value === 0) continue;
      const label = several ? `${card.kind_label}${o.label}` : o.label;
      sums.set(label, { key: o.key, value: (sums.get(label)?.value ?? 0) + o.value });
    }
  }
  const look = looked(results);
  return [...sums].map(([label, { key, value }]) => ({ label, value, ...(key === 'doubtful' && look && { to: look.to }) }));
}

/** Where a person goes on after these imports: what waits for them comes before what goes on by itself. */
export function waysOf(results: readonly (Looked & Pick<Result, 'next'>)[]): { next?: Way; also?: Way } {
  const ways = results.flatMap((r) => (r.next ? [{ label: r.next['label'] ?? '继续', to: r.next['to'] ?? paths.import }] : []));
  const first = ways.find((w) => w.to === HELD) ?? ways.find((w) => w.to === paths.dispatch);
  const look = looked(results);
  if (first) return { next: first, ...(look && { also: look }) };
  if (look) return { next: look, also: UPLOAD };
  return ways[0] ? { next: ways[0] } : {};
}
