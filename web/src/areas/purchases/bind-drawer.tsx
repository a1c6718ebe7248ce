import { Alert, Button, Drawer, Input, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { post } from '@api/http';
import { useApi } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, EmptyTeach, Failed, StateTag, Time, useEnded, useTellError } from '@kit/index';
import { moneyWords, recipientWords, type Compared } from './bind-words';
import { TONE } from './words';

function Sides({ seen }: { seen: Compared }) {
  const money = moneyWords(seen);
  const odd = (differs: boolean) => (differs ? 'k-amber k-strong' : undefined);
  return (
    <table className="p-sides">
      <thead><tr><th /><th>采购单</th><th>平台订单 <span className="k-digits">{seen.external_id}</span></th></tr></thead>
      <tbody>
        {seen.lines.map((x) => (
          <tr key={`${x.offer_ref}|${x.spec_ref}`}>
            <th>{x.words || x.offer_ref || '没有关联货源'}</th>
            <td>{x.ours > 0 ? `${x.ours} 件` : '—'}</td>
            <td className={odd(x.ours !== x.theirs)}>{x.theirs > 0 ? `${x.theirs} 件` : '没有'}{x.ours !== x.theirs && ' ≠'}</td>
          </tr>
        ))}
        <tr><th>金额</th><td>{money.ours}</td><td className={odd(money.differs)}>{money.theirs}{money.differs && ' ≠'}</td></tr>
        <tr><th>收件人</th><td>{seen.recipient_ours || '没有'}</td><td className={odd(seen.recipient_same !== true)}>{seen.recipient_theirs || '平台没有给'} <span className="k-small">{recipientWords(seen.recipient_same)}</span></td></tr>
        <tr><th>状态</th><td /><td><StateTag tone={TONE[seen.state] ?? 'doing'} label={seen.state_label} /> {seen.created_at && <>下单 <Time at={seen.created_at} /></>}</td></tr>
      </tbody>
    </table>
  );
}

function Verdict({ path, task, done }: { path: string; task: string; done: () => void }) {
  const { data: seen, error, refetch } = useApi<Compared>(`${path}/bind/${task}`);
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!seen) return <Skeleton active paragraph={{ rows: 5 }} />;
  return (
    <div className="k-stack">
      <Sides seen={seen} />
      {seen.forbidden && <Alert type="error" showIcon title={seen.forbidden} />}
      {!seen.forbidden && seen.warnings.length > 0 && <Alert type="warning" showIcon title="绑定前请核对" description={<ul className="p-warnings">{seen.warnings.map((w) => <li key={w}>{w}</li>)}</ul>} />}
      {!seen.forbidden && (
        <div className="k-row k-end">
          <ActionButton
            label={seen.warnings.length > 0 ? '核对过，绑定' : '绑定'}
            look="primary"
            confirm={`平台订单 ${seen.external_id} 从此属于这张采购单，不能再绑到别处；付款、物流和单号都跟着它走，系统不会再下一次。`}
            run={(key) => post<ActionAnswer>(`${path}/bind`, { task_id: task }, { key })}
            after={done}
          />
        </div>
      )}
    </div>
  );
}

/** An order that somebody placed at the platform is read (a ``named`` one at once), laid beside the purchase, and bound. */
export function BindDrawer({ purchase, number: named, onClose }: { purchase: { id: string; number: string }; number: string; onClose: () => void }) {
  const path = `/api/purchases/${purchase.id}`;
  const [number, setNumber] = useState(named);
  const [sending, setSending] = useState(false);
  const [asked, setAsked] = useState<string | null>(null);
  const tell = useTellError();
  const ended = useEnded(asked);
  const busy = sending || (asked !== null && ended === null);
  const read = async () => {
    if (!number.trim()) return;
    setSending(true);
    try {
      setAsked((await post<components['schemas']['BindAsked']>(`${path}/bind/read`, { number: number.trim() })).task_id);
    } catch (error) {
      tell(error);
    } finally {
      setSending(false);
    }
  };
  useEffect(() => {
    if (named) void read();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [named]);
  return (
    <Drawer open title={`绑定平台订单：${purchase.number}`} size="min(720px, 100vw)" rootClassName="k-drawer" onClose={onClose}>
      <div className="k-stack">
        <div className="k-row">
          <Input autoFocus allowClear className="k-grow" autoComplete="off" placeholder="供应商平台的订单号" value={number} onChange={(e) => setNumber(e.target.value)} onPressEnter={() => void read()} />
          <Button type={ended ? 'default' : 'primary'} loading={busy} disabled={!number.trim()} onClick={() => void read()}>{ended ? '重新读取' : '读取'}</Button>
        </div>
        {ended && ended.state !== 'done' && <Alert type="error" showIcon title={ended.message} />}
        {busy && <Skeleton active paragraph={{ rows: 5 }} />}
        {!asked && !busy && !named && <EmptyTeach title="已经在平台上手工下了单？" steps={['从平台复制订单号填在上面，点“读取”', '核对商品、件数、金额和收件人', '绑定后和自动下的单一样付款、跟单号']} />}
        {asked && ended?.state === 'done' && <Verdict key={asked} path={path} task={asked} done={onClose} />}
      </div>
    </Drawer>
  );
}
