import { CheckOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { Link } from 'react-router';
import { useApi } from '@api/queries';
import type { StationKey, Stations } from '@api/shapes';
import { beijing, count, yuanShort } from './format';
import { useNow } from './now';
import { to } from './paths';
import { COUNTS, NAMES, nextStation, STATIONS, toRoute } from './stations';

interface StationLook {
  unit: string;
  verb: string;
  to: string;
  /** The orders that the number counts, where the screen does not list them. */
  list?: string;
}

const LOOK: Record<StationKey, StationLook> = {
  import: { unit: '个文件', verb: '导入', to: to('import') },
  holds: { unit: '单', verb: '处理', to: to('orders', { tab: 'hold' }) },
  dispatch: { unit: '单', verb: '预览派单', to: to('dispatch') },
  tracking: { unit: '单', verb: '回填', to: to('tracking') },
  upload: { unit: '单', verb: '下载文件', to: to('upload'), list: to('orders', { tab: 'report', to_tell: 1 }) },
};

const DIGITS = ['①', '②', '③', '④', '⑤'];

export const useStations = () => useApi<Stations>('/api/today/stations', undefined, { every: 15_000 });

function Late({ orders }: { orders: number }) {
  if (orders === 0) return null;
  return <Link to={to('orders', { tab: 'all', late: 1, sort: 'due' })} className="k-deadline k-late"><span>已超时</span><b>{count(orders)} 单</b></Link>;
}

function Deadline({ deadline }: { deadline: Stations['deadline'] }) {
  const now = useNow();
  if (!deadline) return null;
  const at = beijing(deadline.by);
  const late = Date.parse(deadline.by) <= now;
  const day = at.isSame(beijing(now), 'day') ? '今天' : at.isSame(beijing(now).add(1, 'day'), 'day') ? '明天' : at.format('MM-DD');
  return (
    <Link to={to('orders', { tab: 'all', due_hour: deadline.by, sort: 'due' })} className={late ? 'k-deadline k-late' : 'k-deadline'}>
      <span>{late ? '已过的截止' : '最近的截止'}</span>
      <b>{day} {at.format('HH:mm')}</b>
      <span>{count(deadline.orders)} 单 · {yuanShort(deadline.at_risk_fen)}</span>
    </Link>
  );
}

/** The station of two screens: what waits to be dispatched, and what of it waits to be sent. */
function Parts({ seen }: { seen: Stations }) {
  const route = toRoute(seen);
  return (
    <>
      {route > 0 && <Link to={to('dispatch')} title="等您派单的单"><small>派单 </small><b>{count(route)}</b></Link>}
      <Link to={to('send')} title="等您发给供应商的单"><small>待发送 </small><b>{count(seen.unsent)}</b></Link>
    </>
  );
}

export interface DayLineProps {
  /** The station of the screen below; marks it on the small line. */
  here?: StationKey;
  small?: boolean;
}

/** The day as a line of five stations with live counts; the next one holds the only primary button. */
export function DayLine({ here, small = false }: DayLineProps) {
  const { data } = useStations();
  const stations = data?.stations ?? [];
  const next = nextStation(stations, data?.fed ?? true);
  return (
    <nav className={small ? 'k-day k-day-small' : 'k-day'} aria-label="今天的五站">
      {STATIONS.map((key, i) => {
        const look = LOOK[key];
        const station = stations.find((s) => s.key === key);
        const sending = key === 'dispatch' && !!data && data.unsent > 0 && toRoute(data) === 0;
        const classes = ['k-station', station?.done && 'k-station-done', key === next && 'k-station-next', key === here && 'k-station-here'];
        return (
          <div key={key} className={classes.filter(Boolean).join(' ')}>
            <div className="k-station-name">
              <Link to={look.to} {...(key === here && { 'aria-current': 'page' })}>
                <i>{station?.done ? <CheckOutlined /> : DIGITS[i]}</i>
                {NAMES[key]}
              </Link>
              {small && data && key === 'dispatch' && data.unsent > 0
                ? <Parts seen={data} />
                : station && station.count > 0 && <Link to={look.list ?? look.to} title={COUNTS[key]}><b>{count(station.count)}<small> {look.unit}</small></b></Link>}
              {small && key === 'tracking' && data && data.returns > 0 && <Link to={to('import')} title="供应商的回单文件，等着导入"><small>回单文件 </small><b>{count(data.returns)}</b></Link>}
            </div>
            {!small && (
              <>
                <div className="k-station-notes">{(station?.notes ?? []).slice(0, 2).map((n) => <span key={n} className="k-cut" title={n}>{n}</span>)}</div>
                <Link to={sending ? to('send') : look.to}>
                  <Button size="small" type={key === next ? 'primary' : 'default'}>{key === 'upload' && !data?.to_download ? '打开' : sending ? '去发送' : look.verb}</Button>
                </Link>
              </>
            )}
          </div>
        );
      })}
      <Late orders={data?.late ?? 0} />
      <Deadline deadline={data?.deadline ?? null} />
    </nav>
  );
}
