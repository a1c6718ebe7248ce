import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMany } from '@api/queries';
import { ActionButton, count, Failed, Page, Panel, paths, PlatformBadge, ResultPage, TaskProgress, useLiveTasks } from '@kit/index';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { RejectedRows } from './rejected';
import { endOf, factsOf, mixed, STOPPED, wantsLook, waysOf } from './ends';
import { isMoving, type Result } from './types';

const POLL_MS = 800;

/** The way back: what came in new goes out again. After a cancel it is the question that is asked once. */
function TakeOut({ result }: { result: Result }) {
  const [kept, setKept] = useState(false);
  const made = result.outcomes.find((o) => o.key === 'new')?.value ?? 0;
  const asks = result.card.state === 'cancelled';
  if (kept) return null;
  return (
    <>
      {asks && <span>已经导入的 {count(made)} 单：</span>}
      {asks && <Button size="small" onClick={() => setKept(true)}>留下</Button>}
      <ActionButton label={asks ? '拿出来' : '撤销导入'} run={(key) => post<ActionAnswer>(`/api/undo/${result.undo}`, {}, { key })} refresh={['/api/imports']} />
    </>
  );
}

function FileLine({ result }: { result: Result }) {
  const { card } = result;
  const task = useLiveTasks().find((t) => t.id === card.task_id);
  const platform = card.shop?.platform ?? card.platform;
  return (
    <div className="i-file">
      <div className="i-what">
        <div className="k-row i-name">{platform && <PlatformBadge platform={platform} />}<strong className="k-cut">{[card.label, card.shop?.name ?? card.supplier].filter(Boolean).join(' · ')}</strong></div>
        <span className="k-faint k-small k-cut">{card.file}</span>
        {result.message && <span className={wantsLook(result) ? 'k-amber k-small' : 'k-faint k-small'}>{result.message}</span>}
      </div>
      {isMoving(card.state) ? (task ? <TaskProgress task={task} /> : <span className="k-faint">排队中</span>) : (
        <div className="i-counts">
          {result.outcomes.map((o) => o.to
            ? <Link key={o.key} to={o.to}>{o.label}<b>{count(o.value)}</b></Link>
            : <span key={o.key} className="k-faint">{o.label}<b>{count(o.value)}</b></span>)}
          <span className={result.rejected_total > 0 ? 'k-amber' : 'k-faint'}>{card.kind === 'tracking' ? '不能用' : '拒绝'}<b>{count(result.rejected_total)}</b></span>
        </div>
      )}
      <div className="k-row">
        {STOPPED[card.state] && <span className="k-amber">{STOPPED[card.state]}</span>}
        {result.undo && <TakeOut result={result} />}
        {(card.state === 'failed' || card.state === 'cancelled') && (
          <ActionButton label="重新读取" run={(key) => post<ActionAnswer>(`/api/imports/${card.id}/again`, {}, { key })} refresh={['/api/imports']} />
        )}
      </div>
    </div>
  );
}

/** How the imports just started are going and how they ended; every number opens its list, refused rows are mended in place. */
export function Outcome({ ids, dropped }: { ids: readonly string[]; dropped: boolean }) {
  const answers = useMany<Result>(ids.map((id) => `/api/imports/${id}/result`), (seen) => (!seen || isMoving(seen.card.state) ? POLL_MS : 0));
  const error = answers.find((a) => a.isError);
  const results = answers.flatMap((a) => (a.data ? [a.data] : []));
  const back = <>{dropped && <>都认得出、没有疑问，已直接导入（可在<Link to={paths.settings}>设置</Link>里关掉） · </>}<Link to="/import">继续导入</Link></>;
  if (error) return <Page title="导入结果" answer={back}><Failed error={error.error} retry={() => void error.refetch()} /></Page>;
  if (results.length < ids.length) return <Page title="导入结果" answer={back}><Skeleton active /></Page>;
  const moving = results.filter((r) => isMoving(r.card.state)).length;
  const sum = (pick: (r: Result) => number) => results.reduce((total, r) => total + pick(r), 0);
  const of = (key: string) => sum((r) => r.outcomes.find((o) => o.key === key)?.value ?? 0);
  const several = mixed(results);
  const only = results.length === 1 ? results[0] : undefined;
  const refused = results.filter((r) => r.rejected.length > 0);
  return (
    <Page title="导入结果" answer={back}>
      <Panel>
        <ResultPage
          title={moving > 0 ? `正在导入，还剩 ${moving} 个文件` : endOf(results.map((r) => r.card.state))}
          succeeded={several ? results.filter((r) => r.card.state === 'done').length : of('new') + of('updated') + of('unchanged')}
          {...(several && { units: { succeeded: '个文件', failed: '行' } })}
          failed={sum((r) => r.rejected_total)}
          failuresPath={only?.error_file ?? null}
          failuresAsk={only?.error_file_asks ?? false}
          facts={factsOf(results)}
          {...(moving === 0 && waysOf(results))}
        />
        <div>{results.map((r) => <FileLine key={r.card.id} result={r} />)}</div>
      </Panel>
      {refused.map((r) => <RejectedRows key={r.card.id} result={r} />)}
    </Page>
  );
}
