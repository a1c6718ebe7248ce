import { BellOutlined } from '@ant-design/icons';
import { Badge, Button, Popover } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { useApi, useMay } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { useAct } from '@kit/act';
import { bellState, inOrder, knownBody, placeOf, type Alarm } from './bell-words';

type Alarms = components['schemas']['AlarmsOut'];
const PATH = '/api/alarms';

function Row({ alarm, onGo }: { alarm: Alarm; onGo: () => void }) {
  const { act, busy } = useAct();
  const know = () => act((key) => post<ActionAnswer>('/api/alarms/known', knownBody([alarm]), { key }), { refresh: [PATH] });
  return (
    <li className={alarm.known ? 'k-alarm k-faint' : 'k-alarm'}>
      <b className={alarm.known ? undefined : alarm.level === 'bad' ? 'k-red' : 'k-amber'}>{alarm.title}</b>
      <span className="k-small">{alarm.todo}</span>
      <span className="k-alarm-acts">
        <Link to={placeOf(alarm)} onClick={onGo}>{alarm.action}</Link>
        {!alarm.known && <Button type="link" size="small" loading={busy} onClick={() => void know()}>知道了</Button>}
      </span>
    </li>
  );
}

function List({ alarms, onGo }: { alarms: readonly Alarm[]; onGo: () => void }) {
  const { act, busy } = useAct();
  if (alarms.length === 0) return <p className="k-faint">没有要您知道的</p>;
  const fresh = alarms.filter((a) => !a.known);
  const knowAll = () => act((key) => post<ActionAnswer>('/api/alarms/known', knownBody(alarms), { key }), { refresh: [PATH] });
  return (
    <>
      <ul className="k-alarms">{inOrder(alarms).map((a) => <Row key={a.key} alarm={a} onGo={onGo} />)}</ul>
      {fresh.length > 1 && <Button type="link" size="small" loading={busy} onClick={() => void knowAll()}>都知道了</Button>}
    </>
  );
}

/** The bell of the header: what I do not know yet, each with its one action; it comes back when the facts change. */
export function Bell() {
  const may = useMay('connections.view');
  const [open, setOpen] = useState(false);
  const { data } = useApi<Alarms>(PATH, undefined, { every: 30_000, enabled: may });
  if (!may) return null;
  const state = bellState(data?.alarms ?? []);
  return (
    <Popover open={open} onOpenChange={setOpen} trigger="click" placement="bottomRight" title="提醒" content={<List alarms={data?.alarms ?? []} onGo={() => setOpen(false)} />} destroyOnHidden>
      <Badge count={state.fresh} size="small" offset={[-6, 6]} color={state.bad ? 'var(--red)' : 'var(--amber)'}>
        <Button type="text" icon={<BellOutlined />} aria-label={state.label} />
      </Badge>
    </Popover>
  );
}
