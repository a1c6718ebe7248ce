import { Button, Tooltip } from 'antd';
import { Fragment, useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { useMay } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, age, bySheet, Copyable, mendAt, StateTag, Time, to, useServerNow } from '@kit/index';
import { AnswerForm } from './answer-form';
import { BothLists } from './both-lists';
import type { Deed } from './types';
import { answerLabel, answersFor, comparable, deedTone, kindWords, mendOf, nextLook, notDoneSure, paidTogether, payUrl, switchesShown, switchLabel, switchSaid, type Answer } from './words';

function About({ deed }: { deed: Deed }) {
  return (
    <span className="st-about">
      {deed.order_id && deed.order_number && <span>订单 <Link className="k-digits" to={to('orders', { tab: 'all', numbers: deed.order_number, open: deed.order_id })}>{deed.order_number}</Link></span>}
      {deed.purchase_id && <span>采购单 <Link className="k-digits" to={to('purchases', { open: deed.purchase_id })}>{deed.purchase_number}</Link></span>}
      <span className="k-faint">编号 <Copyable text={deed.reference} /></span>
      {deed.no_switch && <Tooltip title={deed.no_switch_text}><span className="k-faint">{deed.no_switch}</span></Tooltip>}
    </span>
  );
}

/** Who could take it instead, in the row; pressing one gives it to them. */
function Switches({ deed }: { deed: Deed }) {
  const [open, setOpen] = useState(false);
  const may = useMay('purchasing.edit');
  if (!may) return null;
  const { shown, more } = switchesShown(deed.switches, open);
  return (
    <>
      {shown.map((to) => (
        <Tooltip key={to.supplier_id} title={to.text} placement="bottom">
          <span><ActionButton label={switchLabel(to)} run={(key) => post<ActionAnswer>(`/api/outbox/${deed.id}/decide`, switchSaid(to), { key })} /></span>
        </Tooltip>
      ))}
      {more > 0 && <Button size="small" type="link" onClick={() => setOpen(true)}>还有 {more} 家</Button>}
    </>
  );
}

/** Payments of one account that wait for a person, on one page: asked for, then opened. */
export function PayTogether({ rows }: { rows: readonly Deed[] }) {
  const may = useMay('purchasing.send');
  if (!may) return null;
  return (
    <span className="k-row">
      {paidTogether(rows).map((g) => g.url
        ? <Button key={g.ids[0]} size="small" type="primary" href={g.url} target="_blank" rel="noreferrer">去付款（{g.ids.length} 单一页）</Button>
        : <ActionButton key={g.ids[0]} label={`${g.ids.length} 单一起付款`} run={(key) => post<ActionAnswer>('/api/outbox/pay-together', { ids: g.ids }, { key })} />)}
    </span>
  );
}

function Answers({ deed, now }: { deed: Deed; now: number }) {
  const [form, setForm] = useState<'done' | 'drop' | 'both' | null>(null);
  const say = (answer: Answer) => (key: string) => post<ActionAnswer>(`/api/outbox/${deed.id}/decide`, { answer }, { key });
  const mend = mendOf(deed);
  const there = mend && mendAt(mend);
  return (
    <span className="st-answers">
      {there && <Link to={there.address}><Button size="small" type="primary">{there.label}</Button></Link>}
      {there && <ActionButton label="改发表格" run={bySheet([deed.id])} />}
      {payUrl(deed) && <Button size="small" type="primary" href={payUrl(deed)} target="_blank" rel="noreferrer">去付款</Button>}
      {comparable(deed) && <Button size="small" type={deed.state === 'person' ? 'primary' : 'default'} onClick={() => setForm('both')}>两边核对</Button>}
      {answersFor(deed, now).map((answer, i) => {
        const label = answerLabel(answer, deed);
        if (answer === 'done' && deed.kind === 'buy' && deed.purchase_id) {
          return <Link key={answer} to={`${to('purchases', { open: deed.purchase_id })}#bind`}><Button size="small">{label}</Button></Link>;
        }
        if (answer === 'done' || answer === 'drop') {
          return <Button key={answer} size="small" danger={answer === 'drop'} onClick={() => setForm(answer)}>{label}</Button>;
        }
        const sure = answer === 'not_done' && { confirm: notDoneSure(deed) };
        const button = <ActionButton key={answer} label={label} look={i === 0 && !there && !payUrl(deed) && deed.state !== 'unknown' ? 'primary' : 'default'} run={say(answer)} {...sure} />;
        return answer === 'again' ? <Fragment key={answer}><Switches deed={deed} />{button}</Fragment> : button;
      })}
      {form === 'both' && deed.purchase_id && <BothLists connection={deed.connection_id} purchase={deed.purchase_id} onClose={() => setForm(null)} />}
      {form && form !== 'both' && <AnswerForm deed={deed} answer={form} onClose={() => setForm(null)} />}
    </span>
  );
}

/** Deeds outside that wait for a person, or whose outcome is being asked after. */
export function Deeds({ rows, asking = false }: { rows: readonly Deed[]; asking?: boolean }) {
  const now = useServerNow();
  const may = useMay('purchasing.send');
  return (
    <div className="st-rows">
      {rows.map((d) => (
        <div key={d.id} className={d.switches.length > 0 ? 'st-row st-choices' : 'st-row'}>
          <span className="st-what"><b>{kindWords(d.kind)}</b><span className="k-cut" title={d.name}>{d.name}</span></span>
          <div className="st-middle">
            <span className="st-why"><StateTag tone={deedTone(d.state)} label={d.state_label} /><span>{d.reason || (asking ? '还没有应答' : '没有说明')}</span></span>
            <About deed={d} />
          </div>
          <div className="st-ends">
            {asking && <span className="st-answers k-faint"><span className="k-digits">{nextLook(d.due_at, now)}</span><span className="k-small">查过 {d.asks} 次 · {d.called_seconds === null ? <><Time at={d.created_at} /> 记下</> : <span title="真实过去的时间，与模拟世界的时钟无关">{age(d.called_seconds)}前发出</span>}</span></span>}
            {may ? <Answers deed={d} now={now} /> : !asking && <span className="st-answers k-faint">等有采购权限的人决定</span>}
          </div>
        </div>
      ))}
    </div>
  );
}
