import { Link } from 'react-router';
import type { components } from '@api/schema';
import { Breaker, callRate, connectionTone, count, EmptyTeach, FeedLags, LastError, LastSuccess, Panel, paths, PlatformBadge, Quota, StateTag, to, TokenEnds, type Connection } from '@kit/index';
import { byTrouble } from './words';

type Desk = components['schemas']['ConnectionsOut'];

function Row({ row, rate }: { row: Connection; rate: number | null }) {
  return (
    <tr>
      <td className="st-line"><Link to={to('connections', { open: row.id })} title="看拉取和调用记录"><PlatformBadge platform={row.platform} shop={row.name} /></Link></td>
      <td>
        <span className="k-lines">
          <StateTag tone={connectionTone(row.state)} label={row.state_label} />
          {row.pause_seconds === null ? <span className="k-faint k-small">没有暂停</span> : <Breaker row={row} />}
        </span>
      </td>
      <td><LastSuccess row={row} /></td>
      <td className="st-lag"><FeedLags row={row} brief /></td>
      <td className="st-error"><span className="k-lines"><span className={row.errors > 0 ? 'k-amber' : 'k-faint'}>{count(row.errors)} 次</span><LastError row={row} /></span></td>
      <td className="st-token"><TokenEnds row={row} /></td>
      <td className="st-quota"><Quota row={row} rate={rate} /></td>
    </tr>
  );
}

/** One line per authorisation: what the screen 授权 says of it, side by side, trouble first. */
export function ConnectionsPanel({ desk, only }: { desk: Desk; only: string | null }) {
  const rows = byTrouble(desk.connections).filter((r) => only === null || r.id === only);
  return (
    <Panel flush title={`授权（${count(rows.length)}）`} extra={<Link to={paths.connections}>去授权</Link>}>
      {rows.length === 0 ? <EmptyTeach title="没有接口授权" steps={['没有授权也能做完一天：导入文件、发表格、上传文件', '接上店铺或采购账号以后，每个授权的状况列在这里']} /> : (
        <div className="k-scroll">
          <table className="k-table st-connections">
            <thead><tr><th>店铺 / 账号</th><th>状态</th><th>最近成功</th><th>读到多久以前</th><th>错误（近 1 小时）</th><th>授权还有多久</th><th>额度</th></tr></thead>
            <tbody>{rows.map((r) => <Row key={r.id} row={r} rate={callRate(r, desk.applications, desk.cards.find((c) => c.key === r.platform))} />)}</tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
