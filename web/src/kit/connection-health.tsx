import { endings, feedLag, pauseWords, quotaWords, since, type Connection, type Urgent } from './connection-words';
import { useServerNow } from './now';
import { Time } from './time';

const URGENT: Record<Urgent, string | undefined> = { calm: undefined, soon: 'k-amber', over: 'k-red' };

/** How long the authorisation holds. */
export function TokenEnds({ row }: { row: Connection }) {
  const ends = endings(row, useServerNow());
  if (ends.length === 0) return <span className="k-faint">平台没有说</span>;
  return (
    <span className="k-lines">
      {ends.map((e) => <span key={e.label} className={URGENT[e.tone]}>{e.tone !== 'calm' && '⚠ '}{e.label} {e.text} <span className="k-faint k-small"><Time at={e.until} /></span></span>)}
    </span>
  );
}

/** How far behind each feed is; ``brief`` under a heading that says so, the problem on hover. */
export function FeedLags({ row, brief = false }: { row: Connection; brief?: boolean }) {
  const now = useServerNow();
  if (row.feeds.length === 0) return <span className="k-faint">还没有读过</span>;
  return (
    <span className="k-feeds">
      {row.feeds.map((f) => {
        const { name, behind, late } = feedLag(f, now);
        return <span key={f.feed} className={late || f.problem ? 'k-amber' : undefined} title={f.problem}>{name} {behind === null ? '还没读过' : brief ? behind : `读到 ${behind}前`}{f.problem && (brief ? ' ⚠' : `（${f.problem}）`)}</span>;
      })}
    </span>
  );
}

/** When a call last went well. */
export function LastSuccess({ row }: { row: Connection }) {
  return row.ok_seconds === null ? <span className="k-faint">还没有成功过</span> : <span>{since(row.ok_seconds)}</span>;
}

/** The last error; red while nothing has gone well since. */
export function LastError({ row }: { row: Connection }) {
  if (row.error_seconds === null || !row.error) return null;
  return <span className={row.failing ? 'k-red' : 'k-faint'}>{row.failing && '⚠ '}{since(row.error_seconds)}出错：{row.error}</span>;
}

/** The circuit breaker, in words. */
export function Breaker({ row }: { row: Connection }) {
  const words = pauseWords(row);
  return words === null ? null : <span className="k-amber">⚠ 暂停：{words}</span>;
}

/** What is left of its quotas; the rate that we keep to stands beside. */
export function Quota({ row, rate }: { row: Connection; rate: number | null }) {
  const left = quotaWords(row.quota);
  return (
    <span className="k-lines">
      {left.length > 0 ? left.map((words) => <span key={words}>{words}</span>) : <span className="k-faint">平台没说剩多少</span>}
      {rate !== null && <span className="k-faint k-small">每秒最多 {rate} 次</span>}
    </span>
  );
}
