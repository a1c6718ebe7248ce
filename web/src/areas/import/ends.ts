import type { Result } from './types';

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

/** The numbers of several files together, each under its name. */
export function factsOf(results: readonly Pick<Result, 'outcomes'>[]): { label: string; value: number }[] {
  const sums = new Map<string, number>();
  for (const { outcomes } of results) for (const o of outcomes) sums.set(o.label, (sums.get(o.label) ?? 0) + o.value);
  return [...sums].map(([label, value]) => ({ label, value }));
}
