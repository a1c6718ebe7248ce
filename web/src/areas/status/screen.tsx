import { Skeleton } from 'antd';
import { Fragment } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useApi } from '@api/queries';
import type { components } from '@api/schema';
import { BySheetAll, count, EmptyTeach, Failed, isBroken, Page, Panel, to } from '@kit/index';
import { ConnectionsPanel } from './connections';
import { Deeds, PayTogether } from './deeds';
import { ParkedPanel } from './parked';
import type { Status } from './types';
import { answerLine, proofParts, queueParts, sheetable, toDecide } from './words';
import './status.css';

type Desk = components['schemas']['ConnectionsOut'];

function Proof({ status }: { status: Status }) {
  const parts = proofParts(status.proof);
  const clean = parts.every((p) => !p.bad);
  return (
    <div className="st-proof">
      <p>
        {parts.map((p, i) => (
          <Fragment key={p.label}>
            {i > 0 && <i>·</i>}
            <span className={p.bad === 'broken' ? 'k-red' : p.bad ? 'k-amber' : undefined}>{p.label} <b>{count(p.n)}</b>{i === 0 && ' 次'}</span>
          </Fragment>
        ))}
      </p>
      <span className="k-faint k-small">{clean ? '每张采购单最多有一次有效下单，系统保证不会重复' : '结果未知的按我们的编号向对方查证，查清之前绝不再下一次'}</span>
    </div>
  );
}

/** 运行状态: the proof that nothing is bought twice, the queues, how connections fare, what waits for a person. */
export default function StatusScreen() {
  const [params] = useSearchParams();
  const order = params.get('order') ?? undefined;
  const { data, error, refetch } = useApi<Status>('/api/status', { order }, { every: 5_000 });
  const { data: desk } = useApi<Desk>('/api/connections', undefined, { every: 10_000 });
  const only = params.get('connection');
  const nameOf = (id: string) => desk?.connections.find((c) => c.id === id)?.name ?? '已移除的授权';
  const of = <T extends { connection_id: string }>(rows: readonly T[]) => (only ? rows.filter((r) => r.connection_id === only) : rows);
  if (!data) return <Page title="运行状态">{error ? <Failed error={error} retry={() => void refetch()} /> : <Skeleton active paragraph={{ rows: 10 }} />}</Page>;
  const [stuck, doubtful, parked] = [of(data.stuck), of(data.doubtful), order ? [] : of(data.parked)];
  const number = [...stuck, ...doubtful][0]?.order_number;
  const broken = desk?.connections.filter(isBroken).length ?? 0;
  const failing = desk?.connections.filter((c) => c.state === 'working' && (c.failing || c.pause_seconds !== null)).length ?? 0;
  const elsewhere = order || only ? Math.max(0, toDecide(data.queues) - stuck.length) : 0;
  const calm = stuck.length + doubtful.length + parked.length === 0;
  return (
    <Page
      title="运行状态"
      answer={<span className={broken > 0 ? 'k-red' : stuck.length + failing + elsewhere > 0 ? 'k-amber' : undefined}>{error ? '刚才没有读到，下面是之前的' : answerLine({ stuck: stuck.length, doubtful: doubtful.length, parked: parked.length, broken, failing, elsewhere })}</span>}
    >
      <div className="st-top">
        <Proof status={data} />
        <div className="st-queues">
          {queueParts(data.queues).map((q) => (
            <div key={q.label}><span className="k-faint">{q.label}</span><b className={q.n === 0 ? 'k-faint' : undefined}>{count(q.n)}</b><small>{q.note}</small></div>
          ))}
        </div>
      </div>
      {only && <p className="st-only">只看 {nameOf(only)} 的 · <Link to={to('status')}>看全部</Link></p>}
      {order && <p className="st-only">只看{number ? ` ${number} ` : '这一单'}的 · <Link to={to('status')}>看全部</Link></p>}
      {desk && !order && <ConnectionsPanel desk={desk} only={only} />}
      {stuck.length > 0 && <Panel flush title={`要人决定（${count(stuck.length)}）`} extra={<span className="k-row"><BySheetAll ids={sheetable(stuck)} /><PayTogether rows={stuck} /></span>}><Deeds rows={stuck} /></Panel>}
      {doubtful.length > 0 && <Panel flush title={`结果未知（${count(doubtful.length)}）`} extra={<span className="k-faint k-small">系统按编号查证，查清之前不会再下一次</span>}><Deeds rows={doubtful} asking /></Panel>}
      {parked.length > 0 && <ParkedPanel rows={parked} nameOf={nameOf} />}
      {calm && <Panel><EmptyTeach title={order ? '这一单没有要您决定的' : '没有要您管的'} steps={order ? [] : ['下单、付款、回传被拒绝或价格涨了，会列在这里等您决定', '对方没有应答的，系统自己查证，查不到才问您', '读不懂的来件先放一边，不挡别的单']} /></Panel>}
    </Page>
  );
}
