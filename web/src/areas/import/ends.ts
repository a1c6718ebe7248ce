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
