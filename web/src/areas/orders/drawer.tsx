import { Button } from 'antd';
import { useContext, useEffect, useState } from 'react';
import { useMay, useApi } from '@api/queries';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { Copyable, DetailDrawer, Failed, Panel, PlatformBadge, Reason, ReasonedButton, type ReasonLine, SealedValue, Time, Waterfall } from '@kit/index';
import { OrderClock, OrderState, Marks } from './columns';
import { Decrypt, useWays } from './decrypt';
import { DoorsContext } from './deeds';
import { Cases, History, Parcels, Purchases } from './drawer-tabs';
import { HoldsPanel } from './holds-panel';
import { Lines } from './lines';
import { memoMoves, MemoPanel } from './memo';
import { wishMoves, WishPanel } from './wish';
import { LIST, PATHS, RECIPIENTS, type OrderDetail, type OrderMoney, type OrderRow } from './types';

const WHY_BLOCK = ['多次签收后仅退款', '多次拒收', '同行或职业打假'];

/** Which path the recipient takes, which others are open, and why the rest are not. */
function RecipientPath({ detail }: { detail: OrderDetail }) {
  const data = useWays(detail.order);
  if (!data) return null;
  return (
    <>
      <p className="k-small"><b>走法：{data.label}</b>　<span className="k-faint">{data.why}</span></p>
      <Decrypt detail={detail} />
      <details className="o-closed">
        <summary>别的走法</summary>
        <Reason lines={data.others.map((o) => ({ text: `${o.label}：${o.why}`, verdict: o.open ? 'chosen' as const : 'not' as const }))} />
      </details>
    </>
  );
}

function Recipient({ detail }: { detail: OrderDetail }) {
  const { order } = detail;
  const doors = useContext(DoorsContext);
  const mayEdit = useMay('orders.edit');
  const mayBlock = useMay('rules.edit');
  const handover = (order.recipient_path || detail.shop_path) === 'handover';
  const masked = order.recipient || (handover ? '厂家代打，供应商在平台后台取单' : RECIPIENTS[order.recipient_state] ?? '缺收件人');
  const openable = detail.may_open && order.recipient_state !== 'absent';
  return (
    <Panel
      title="收件人"
      extra={
        <div className="k-row">
          {mayBlock && order.recipient_state === 'plain' && <ReasonedButton label="拉黑收件人" reasons={WHY_BLOCK} says="发给他的订单都会挂起，由人决定发不发。" run={(reason, key) => post<ActionAnswer>(`${LIST}/${order.id}/block`, { reason }, { key })} refresh={[LIST, '/api/blocklist', '/api/today']} />}
          {mayEdit && <Button type="link" size="small" onClick={() => doors.editRecipient(order.id)}>{order.recipient_state === 'plain' ? '修改' : '填写'}</Button>}
        </div>
      }
    >
      <div className="o-person">
        <SealedValue key={order.version} masked={`${masked}${order.region ? `　${order.region}` : ''}`} openPath={openable ? `${LIST}/${order.id}/open/recipient` : null} />
        <p className="k-small k-faint">
          {detail.edited && '人工改过，之后导入的文件不会覆盖。'}
          {order.recipient_path ? `本单：${PATHS[order.recipient_path]}` : ''}
        </p>
        <RecipientPath key={order.id} detail={detail} />
      </div>
    </Panel>
  );
}

function MarginPanel({ money }: { money: OrderMoney }) {
  return (
    <Panel title="这一单赚多少" extra={<span className="k-faint">{money.percent === null ? '' : `毛利率 ${money.percent}%`}</span>}>
      <Waterfall steps={money.steps} />
      {money.missing.map((m) => <p key={m} className="k-small k-amber">{m}</p>)}
    </Panel>
  );
}

function Decisions({ detail }: { detail: OrderDetail }) {
  const [last] = detail.decisions;
  if (!last) return null;
  const lines: ReasonLine[] = last.lines.map((line) => ({ text: String(line['text'] ?? ''), verdict: line['verdict'] === 'chosen' ? 'chosen' : 'not' }));
  return (
    <Panel title="为什么这样派" extra={<Time at={last.at} />}>
      {!lines.some((line) => line.text === last.summary) && <p className="k-gap">{last.summary}</p>}
      <Reason lines={lines} />
    </Panel>
  );
}

/** The tab that somebody asked for; a new one each time. */
export interface ShownTab { tab: string }

/** Everything known of one order: what holds it, what was decided and why, and how it came to be. */
export function OrderDrawer({ id, close, at, following }: { id: string; close: () => void; at: ShownTab | null; following: readonly OrderRow[] }) {
  const { data: detail, isPending, isError, error, refetch } = useApi<OrderDetail>(`${LIST}/${id}`, undefined, { keep: true, every: (d) => (d && (memoMoves(d) || wishMoves(d)) ? 2000 : 0) });
  const mayCount = useMay('finance.view');
  const [tab, setTab] = useState('overview');
  useEffect(() => {
    if (!at) return undefined;
    setTab(at.tab);
    // What was asked for is in sight and has the focus, also where its tab was open already.
    const timer = setTimeout(() => document.querySelector<HTMLElement>(at.tab === 'overview' ? '#order-wish button' : '.k-drawer .ant-tabs-tab-active [role=tab]')?.focus(), 60);
    return () => clearTimeout(timer);
  }, [at]);
  const money = useApi<OrderMoney>(mayCount ? `${LIST}/${id}/money` : null).data;
  const order = detail?.order;
  if (isError) return <DetailDrawer title="订单" onClose={close}><Failed error={error} retry={() => void refetch()} /></DetailDrawer>;
  if (!detail || !order) return <DetailDrawer title="订单" onClose={close} loading={isPending} />;
  const overview = (
    <div className="k-stack">
      <WishPanel detail={detail} />
      <Lines detail={detail} margins={money?.lines} />
      <div className="k-columns-2"><div className="k-stack"><Recipient detail={detail} /><MemoPanel detail={detail} /></div>{money && <MarginPanel money={money} />}</div>
      <Decisions detail={detail} />
    </div>
  );
  const after = detail.cases.length + detail.steps.length;
  return (
    <DetailDrawer
      title={<Copyable text={order.number} />}
      sub={<div className="k-row"><PlatformBadge platform={order.platform} shop={order.shop_name} /><OrderState row={order} /><OrderClock row={order} /><Marks row={order} />{order.reason && order.holds.length + order.stopped.length === 0 && <span className="k-faint">{order.reason}</span>}</div>}
      onClose={close}
      tab={tab}
      onTab={setTab}
      tabs={[
        { key: 'overview', label: '概况', children: overview },
        { key: 'purchases', label: `采购 ${detail.purchases.length || ''}`, children: <Purchases detail={detail} /> },
        { key: 'parcels', label: `物流 ${detail.parcels.length || ''}`, children: <Parcels detail={detail} /> },
        { key: 'aftersale', label: `售后 ${after || ''}`, children: <Cases detail={detail} /> },
        { key: 'history', label: '历史', children: <History detail={detail} /> },
      ]}
    >
      <HoldsPanel detail={detail} following={following} />
    </DetailDrawer>
  );
}
