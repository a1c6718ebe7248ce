import { CheckOutlined, PauseCircleOutlined } from '@ant-design/icons';
import { Button, Input, Space } from 'antd';
import { useContext, useRef, useState } from 'react';
import { Remedy, SealedValue, Time, useAct, useKeys } from '@kit/index';
import { Decrypt } from './decrypt';
import { clearHolds, DoorsContext, stoppedChip, useGoOn, useRemedies } from './deeds';
import { LIST, type HoldBrief, type OrderDetail, type OrderRow } from './types';
import { isHeld, nextHeld } from './waits';

const REASONS = ['看过，可以发货', '已和买家确认', '已和供应商确认', '亏损也发'];

function Remedies({ order, hold }: { order: OrderDetail['order']; hold: HoldBrief }) {
  const ways = useRemedies(order)(hold).filter((way) => way.label !== '放行' && !('drawer' in way && way.drawer));
  return ways.map((way) => <Remedy key={way.label} remedy={way} />);
}

/** The words that a note asks something with, opened where it is asked what to do about them. */
function Note({ detail }: { detail: OrderDetail }) {
  if (!detail.may_open) return <span className="k-small k-faint">看原文要“打开收件人”的权限</span>;
  return <SealedValue key={detail.order.version} masked="" verb="看留言备注" openPath={`${LIST}/${detail.order.id}/open/notes`} />;
}

/** Nothing is to be done about the order: on to the next one. */
function Next({ order, said }: { order: OrderRow | undefined; said: string }) {
  const doors = useContext(DoorsContext);
  useKeys(order ? [{ key: 'n', label: '下一个异常', run: () => doors.open(order.id) }] : []);
  return (
    <div className="o-next">
      <CheckOutlined className="k-accent" /> <span className="k-grow">{said}</span>
      {order ? <Button type="primary" size="small" onClick={() => doors.open(order.id)}>下一个异常 <kbd>N</kbd></Button> : <span className="k-faint">这一页没有别的要处理的异常了</span>}
    </div>
  );
}

/** Purchases by API that wait for a person, each with the way to where it goes on. */
export function Stopped({ order }: { order: OrderDetail['order'] }) {
  const ways = useGoOn(order);
  return order.stopped.map((stopped) => (
    <div key={stopped.id} className="o-hold">
      <PauseCircleOutlined className="k-amber" />
      <div className="k-grow"><b>{stoppedChip(stopped).label}</b><p>{stopped.supplier}：{stopped.reason}</p></div>
      {ways(stopped).map((way, i) => <Remedy key={way.label} remedy={way} first={i === 0} />)}
    </div>
  ));
}

/** Everything that holds this order, and a person's word for what a word can clear: C, or 1–4 with its reason. */
export function HoldsPanel({ detail, following }: { detail: OrderDetail; following: readonly OrderRow[] }) {
  const { order } = detail;
  const open = order.holds;
  const held = useRef('');
  if (isHeld(order)) held.current = order.id;
  const clearable = open.filter((h) => h.clearable && h.blocks);
  const [why, setWhy] = useState('');
  const { act, busy } = useAct();
  const pass = (reason: string) => {
    if (clearable.length > 0 && reason.trim() && !busy) void act(clearHolds(clearable.map((h) => h.id), reason.trim())).then(() => setWhy(''));
  };
  useKeys([
    { key: 'c', label: '放行这一单的异常', run: () => pass(why || REASONS[0] || '') },
    ...REASONS.map((reason, i) => ({ key: String(i + 1), label: `放行：${reason}`, run: () => pass(reason) })),
  ]);
  const closed = detail.holds.filter((h) => h.state !== 'open');
  return (
    <>
      {held.current === order.id && !isHeld(order) && <Next said="这一单没有异常了" order={nextHeld(following)} />}
      {isHeld(order) && order.asked && <Next said="这一单在等买家回复" order={nextHeld(following)} />}
      {open.length + order.stopped.length > 0 && (
        <div className="o-holds">
          <Stopped order={order} />
          {open.map((hold) => (
            <div key={hold.id} className="o-hold">
              <PauseCircleOutlined className={hold.blocks ? 'k-amber' : 'k-faint'} />
              <div className="k-grow"><b>{hold.label}</b><p>{hold.reason}</p></div>
              {hold.remedy === 'read_note' && <Note detail={detail} />}
              {hold.kind === 'recipient_masked' && <Decrypt detail={detail} />}
              <Remedies order={order} hold={hold} />
            </div>
          ))}
          {clearable.length > 0 && (
            <div className="o-pass">
              <span className="k-faint">放行{clearable.length > 1 ? ` ${clearable.length} 个` : ''}，因为</span>
              {REASONS.map((reason, i) => <Button key={reason} size="small" disabled={busy} onClick={() => pass(reason)}><kbd>{i + 1}</kbd> {reason}</Button>)}
              <Space.Compact className="o-other">
                <Input size="small" placeholder="其他原因" value={why} maxLength={100} onChange={(e) => setWhy(e.target.value)} onPressEnter={() => pass(why)} />
                <Button size="small" disabled={!why.trim()} loading={busy} onClick={() => pass(why)}>放行</Button>
              </Space.Compact>
            </div>
          )}
        </div>
      )}
      {closed.length > 0 && (
        <details className="o-closed">
          <summary>已解除的异常 {closed.length}</summary>
          {closed.map((hold) => (
            <p key={hold.id} className="k-small">
              <CheckOutlined className="k-faint" /> {hold.label}：{hold.reason} <span className="k-faint">— {hold.closed_why}，<Time at={hold.closed_at} /></span>
            </p>
          ))}
        </details>
      )}
    </>
  );
}
