import { Skeleton, Switch } from 'antd';
import { useState } from 'react';
import { useApi } from '@api/queries';
import { beijing, connectionTone, count, DetailDrawer, EmptyTeach, Failed, feedWords, PlatformBadge, StateTag, Time, type Tone } from '@kit/index';
import { Comparisons } from './comparisons';
import type { Call, Connection, Pull } from './types';
import { accountWords, outcomeWords, viaWords } from './words';

const tone = (outcome: string): Tone => (outcome === 'ok' ? 'done' : 'bad');
const hour = (at: string | null) => (at ? beijing(at).format('MM-DD HH:mm:ss') : '—');

function Pulls({ id }: { id: string }) {
  const { data, error, refetch } = useApi<Pull[]>(`/api/connections/${id}/pulls`, undefined, { every: 10_000 });
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton active />;
  if (data.length === 0) return <EmptyTeach title="还没有读过" steps={['授权正常时每分钟读一次', '点“立即读取”现在就读']} />;
  return (
    <div className="k-scroll">
      <table className="k-table">
        <thead><tr><th>时间</th><th>读什么</th><th>区间</th><th className="k-right">条</th><th className="k-right">新</th><th className="k-right">毫秒</th><th>结果</th></tr></thead>
        <tbody>
          {data.map((p) => (
            <tr key={p.id}>
              <td><Time at={p.created_at} /></td>
              <td>{feedWords(p.feed)} <span className="k-faint">{viaWords(p.via)}</span></td>
              <td className="k-digits k-small">{p.start || p.end ? <>{hour(p.start)}<br />{hour(p.end)}</> : '—'}</td>
              <td className="k-right k-digits">{count(p.items)}</td>
              <td className="k-right k-digits">{p.fresh > 0 ? <b>{count(p.fresh)}</b> : 0}</td>
              <td className="k-right k-digits">{count(p.ms)}</td>
              <td><StateTag tone={tone(p.outcome)} label={outcomeWords(p.outcome)} />{p.said && <div className="k-small k-faint">{p.said}</div>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Calls({ id }: { id: string }) {
  const [failed, setFailed] = useState(false);
  const { data, error, refetch } = useApi<Call[]>(`/api/connections/${id}/calls`, { failed }, { every: 10_000, keep: true });
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  return (
    <>
      <label className="k-row k-gap"><Switch size="small" checked={failed} onChange={setFailed} />只看失败的</label>
      {!data ? <Skeleton active /> : data.length === 0 ? <EmptyTeach title={failed ? '没有失败的调用' : '还没有调用过'} /> : (
        <div className="k-scroll">
          <table className="k-table">
            <thead><tr><th>时间</th><th>接口</th><th className="k-right">毫秒</th><th>结果</th><th className="c-trace">追踪号</th></tr></thead>
            <tbody>
              {data.map((c) => (
                <tr key={c.id}>
                  <td><Time at={c.at} /></td>
                  <td className="c-name">{c.name}{c.attempt > 1 && <span className="k-faint"> 第 {c.attempt} 次</span>}</td>
                  <td className="k-right k-digits">{count(c.ms)}</td>
                  <td>
                    <StateTag tone={tone(c.outcome)} label={outcomeWords(c.outcome)} />
                    {(c.said || c.code) && <div className="k-small k-faint">{c.said}{c.code && `（${c.code}）`}</div>}
                  </td>
                  <td className="c-trace k-digits k-small k-faint">{c.trace || '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

/** What was read and what was called, newest first. */
export function Logs({ row, tab, onTab, onClose }: { row: Connection; tab: string; onTab: (tab: string) => void; onClose: () => void }) {
  return (
    <DetailDrawer
      title={<PlatformBadge platform={row.platform} shop={row.name} />}
      sub={<><StateTag tone={connectionTone(row.state)} label={row.state_label} /><span>{accountWords(row)}</span><span>应用 {row.application || '—'}</span></>}
      width={860}
      onClose={onClose}
    >
      <div className="c-tabs" role="tablist">
        {[['pulls', '拉取记录'], ['calls', '调用记录']].map(([key = '', label]) => (
          <button key={key} type="button" role="tab" aria-selected={tab === key} className={tab === key ? 'k-tab k-here' : 'k-tab'} onClick={() => onTab(key)}>{label}</button>
        ))}
      </div>
      {tab === 'calls' ? <Calls id={row.id} /> : <>{row.shop_id && <Comparisons row={row} />}<Pulls id={row.id} /></>}
    </DetailDrawer>
  );
}
