import { CheckOutlined, PauseCircleOutlined } from '@ant-design/icons';
import { Button, Input, Space } from 'antd';
import { useState } from 'react';
import { Time, useAct, useKeys } from '@kit/index';
import { clearHolds, stoppedChip, useGoOn, useRemedies } from './deeds';
import type { HoldBrief, OrderDetail } from './types';

const REASONS = ['看过，可以发货', '已和买家确认', '已和供应商确认', '亏损也发'];

function Remedies({ order, hold }: { order: OrderDetail['order']; hold: HoldBrief }) {
  const { act, busy } = useAct();
  const ways = useRemedies(order)(hold).filter((way) => way.label !== '放行');
  return ways.map((way) => (
    <Button key={way.label} size="small" loading={busy} onClick={() => (way.run ? void act(way.run) : way.open?.())}>{way.label}</Button>
  ));
}

/** Purchases by API that wait for a person, each with the way to where it goes on. */
function Stopped({ order }: { order: OrderDetail['order'] }) {
  const ways = useGoOn(order);
  return order.stopped.map((stopped) => (
    <div key={stopped.id} className="o-hold">
      <PauseCircleOutlined className="k-amber" />
      <div className="k-grow"><b>{stoppedChip(stopped).label}</b><p>{stopped.supplier}：{stopped.reason}</p></div>
      {ways(stopped).map((way) => <Button key={way.label} size="small" type="primary" onClick={way.open}>{way.label}</Button>)}
    </div>
  ));
}

/** Everything that holds this order, and a person's word for what a word can clear: C, or 1–4 with its reason. */
export function HoldsPanel({ detail }: { detail: OrderDetail }) {
  const { order } = detail;
  const open = order.holds;
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
      {open.length + order.stopped.length > 0 && (
        <div className="o-holds">
          <Stopped order={order} />
          {open.map((hold) => (
            <div key={hold.id} className="o-hold">
              <PauseCircleOutlined className={hold.blocks ? 'k-amber' : 'k-faint'} />
              <div className="k-grow"><b>{hold.label}</b><p>{hold.reason}</p></div>
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
