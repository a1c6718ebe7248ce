import { Alert, Button, Input, Modal, Select, Space } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { useApi, useMay } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { Clock, Facts, Panel, Reason, SealedValue, StateTag, Time, to, useAct, type Tone } from '@kit/index';
import { LIST, type OrderDetail } from './types';

type Wish = components['schemas']['WishOut'];

const TONES: Readonly<Record<string, Tone>> = { open: 'todo', agreed: 'done', refused: 'done', settled: 'done', moot: 'off' };

const READ_BACK = 20_000;

/** Whether a wish waits, or was just answered and the order is still to be read again. */
export function wishMoves({ holds }: OrderDetail): boolean {
  return holds.some((h) => h.kind === 'address_wish' && (h.closed_at === null || Date.now() - Date.parse(h.closed_at) < READ_BACK));
}

/** One small question before a wish is refused or closed. */
function Ask({ wish, what, close }: { wish: Wish; what: 'refuse' | 'close'; close: () => void }) {
  const [code, setCode] = useState('');
  const [why, setWhy] = useState('');
  const { act, busy } = useAct();
  const refusing = what === 'refuse';
  const ready = refusing ? wish.reasons.length === 0 || code !== '' : why.trim() !== '';
  const run = async () => {
    const [path, body] = refusing ? ['answer', { approved: false, code }] : ['close', { why }];
    const done = await act((key) => post<ActionAnswer>(`/api/address-wishes/${wish.id}/${path}`, body, { key }));
    if (done) close();
  };
  return (
    <Modal open title={refusing ? '拒绝改地址' : '平台上已处理'} okText={refusing ? '拒绝' : '结束申请'} cancelText="不了" onCancel={close} onOk={() => void run()} okButtonProps={{ disabled: !ready, loading: busy }}>
      {refusing
        ? <><p className="k-gap">告诉平台按原地址发。原因的编号按平台规定，含义可以在“授权 → 应用”里写。</p><Select className="o-full" autoFocus placeholder="选一个原因" value={code || undefined} onChange={setCode} options={wish.reasons.map((r) => ({ value: r.code, label: r.words }))} /></>
        : <><p className="k-gap">只在已经到平台后台处理过时用，不会告诉平台。</p><Input autoFocus maxLength={100} placeholder="平台上怎么处理的，例如“后台已拒绝”" value={why} onChange={(e) => setWhy(e.target.value)} /></>}
    </Modal>
  );
}

function Open({ wish, order, mayOpen }: { wish: Wish; order: string; mayOpen: boolean }) {
  const [asking, setAsking] = useState<'refuse' | 'close' | null>(null);
  const mayEdit = useMay('orders.edit');
  const { act, busy } = useAct();
  const press = (path: string, body: object) => void act((key) => post<ActionAnswer>(`/api/address-wishes/${wish.id}/${path}`, body, { key }));
  return (
    <div className="o-person">
      <SealedValue masked={`${wish.masked}　${wish.region}`} openPath={mayOpen ? `${LIST}/${order}/open/wish` : null} />
      <Facts items={[
        { label: '申请', value: <Time at={wish.asked_at} /> },
        { label: '平台时限', value: wish.answer_by ? <Clock by={wish.answer_by} from={wish.asked_at} /> : '平台没有说；一直不答复，平台最后会自己同意' },
      ]} />
      <p><b>{wish.advice}</b></p>
      {wish.answered && <Alert className="k-gap" type={wish.open ? 'info' : 'warning'} showIcon title={`上次答复：${wish.answered}`} />}
      {wish.why_not && <Alert className="k-gap" type="info" showIcon title={wish.why_not} />}
      {mayEdit && !wish.open && (
        <Space wrap>
          {wish.may_ask && <Button type="primary" size="small" loading={busy} onClick={() => press('ask-suppliers', {})}>先问供应商</Button>}
          {!wish.why_not && <Button type={wish.may_ask ? 'default' : 'primary'} size="small" loading={busy} disabled={!wish.may_agree} onClick={() => press('answer', { approved: true })}>同意，按新地址</Button>}
          {!wish.why_not && <Button size="small" danger onClick={() => setAsking('refuse')}>拒绝</Button>}
          <Button type="text" size="small" onClick={() => setAsking('close')}>平台上已处理</Button>
          <Link className="k-small" to={to('send')}>发给供应商 →</Link>
        </Space>
      )}
      {wish.machine.length > 0 && <div><Reason folded label="为什么没有自动同意" lines={wish.machine.map((text) => ({ text, verdict: 'not' as const }))} /></div>}
      {asking && <Ask wish={wish} what={asking} close={() => setAsking(null)} />}
    </div>
  );
}

/** Where the buyer wants the order to go instead: what is possible, a person's answer, and how earlier ones ended. */
export function WishPanel({ detail }: { detail: OrderDetail }) {
  const { order } = detail;
  const { data } = useApi<Wish[]>(`${LIST}/${order.id}/address-wishes`, undefined, { mark: order.version, keep: true, every: (all) => (all?.some((w) => w.open) ? 2000 : 0) });
  if (!data || data.length === 0) return null;
  return (
    <div id="order-wish">
      <Panel title="买家申请改地址">
        {data.map((w) => (w.state === 'open'
          ? <Open key={w.id} wish={w} order={order.id} mayOpen={detail.may_open} />
          : (
            <p key={w.id} className="o-step">
              <StateTag tone={TONES[w.state] ?? 'off'} label={w.state_label} /> {w.masked} {w.region} · <Time at={w.ended_at ?? w.asked_at} /> {w.by_name}{w.ended_why && ` · ${w.ended_why}`}
            </p>
          )))}
      </Panel>
    </div>
  );
}
