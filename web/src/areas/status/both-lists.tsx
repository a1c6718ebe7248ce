import { Alert, Button, Drawer, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { useApi } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, Copyable, Failed, Money, StateTag, Time, to, useEnded, useServerNow, useTellError } from '@kit/index';
import { alikeOf, byLikeness, goodsWords, tooEarly } from './both-words';
import { deedTone, notDoneSure } from './words';

type Schemas = components['schemas'];
type Both = Schemas['BothLists'];
type Ours = Schemas['OurPlacing'];
type Theirs = Schemas['TheirOrder'];

function OurCard({ row, picked, onPick, done }: { row: Ours; picked: boolean; onPick: () => void; done: () => void }) {
  const early = tooEarly(row.visible_at, useServerNow());
  return (
    <div className={picked ? 'st-card st-picked' : 'st-card'}>
      <button type="button" className="st-pick" aria-pressed={picked} onClick={onPick}>
        <span className="k-row"><b className="k-digits">{row.number}</b><StateTag tone={deedTone(row.state)} label={row.state_label} /></span>
        <span>{goodsWords(row.goods)} · <Money fen={row.planned_fen} /></span>
        <span className="k-faint k-small">{row.recipient || '没有收件人'}</span>
        <span className="k-faint k-small">编号 {row.reference} · <Time at={row.wanted_at} /> 派给 {row.supplier} · 查过 {row.asks} 次</span>
      </button>
      {picked && (
        <div className="k-row k-end">
          <ActionButton
            label="右边都不是，核对过没有"
            why={early}
            confirm={notDoneSure({ kind: 'buy', reference: row.reference })}
            run={(key) => post<ActionAnswer>(`/api/outbox/${row.outbox_id}/decide`, { answer: 'not_done' }, { key })}
            after={done}
          />
        </div>
      )}
    </div>
  );
}

function TheirCard({ row, ours }: { row: Theirs; ours: Ours }) {
  const alike = alikeOf(row, ours.purchase_id);
  const likely = (alike?.score ?? 0) >= 4;
  return (
    <div className={likely ? 'st-card st-likely' : 'st-card'}>
      <span className="k-row"><Copyable text={row.external_id} /><StateTag tone={row.state === 'closed' ? 'off' : 'doing'} label={row.state_label} />{row.created_at && <span className="k-faint k-small"><Time at={row.created_at} /></span>}</span>
      <span>{goodsWords(row.goods)} · <Money fen={row.total_fen} /></span>
      <span className="k-faint k-small">{[row.recipient || '平台没有给收件人', row.seller].filter(Boolean).join(' · ')}</span>
      <span className="k-row k-small">
        <span className="k-grow">{alike?.agrees.map((x) => <span key={x} className="k-accent st-word">{x}</span>)}{alike?.differs.map((x) => <span key={x} className="k-amber st-word">{x}</span>)}</span>
        <Link to={`${to('purchases', { open: ours.purchase_id })}#bind=${encodeURIComponent(row.external_id)}`}><Button size="small" type={likely ? 'primary' : 'default'}>是这张，去核对绑定</Button></Link>
      </span>
    </div>
  );
}

function Sides({ both, first, done }: { both: Both; first: string; done: () => void }) {
  const [picked, setPicked] = useState(first);
  const mine = both.ours.find((o) => o.purchase_id === picked) ?? both.ours[0];
  if (!mine) return <Alert type="success" showIcon title="这个账号的下单都查清了" />;
  return (
    <div className="st-sides">
      <section>
        <h4>我们这边结果未知的（{both.ours.length}）</h4>
        {both.ours.map((o) => <OurCard key={o.outbox_id} row={o} picked={o === mine} onPick={() => setPicked(o.purchase_id)} done={done} />)}
      </section>
      <section>
        <h4>平台上没有主的订单（{both.theirs.length}），<Time at={both.since} /> 以来</h4>
        {!both.whole && <Alert type="warning" showIcon title="订单太多，只读了最近的一部分；找不到时请到平台上按编号搜索" />}
        {byLikeness(both.theirs, mine.purchase_id).map((t) => <TheirCard key={t.external_id} row={t} ours={mine} />)}
        {both.theirs.length === 0 && <p className="k-faint">这段时间里，这个账号的每张订单都属于已知的采购单。</p>}
      </section>
    </div>
  );
}

/** Our placings of unknown outcome beside the account's orders that belong to nobody; a person says which is which. */
export function BothLists({ connection, purchase, onClose }: { connection: string; purchase: string; onClose: () => void }) {
  const path = `/api/connections/${connection}/unclaimed`;
  const [asked, setAsked] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const tell = useTellError();
  const ended = useEnded(asked);
  useEffect(() => {
    let gone = false;
    post<Schemas['BindAsked']>(path, {}).then((x) => { if (!gone) setAsked(x.task_id); }).catch((error: unknown) => { if (!gone) { tell(error); onClose(); } });
    return () => { gone = true; };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [path, turn]);
  const { data: both, error, refetch } = useApi<Both>(ended?.state === 'done' ? `${path}/${ended.id}` : null);
  return (
    <Drawer open title="两边对着看：我们的下单和平台的订单" size="min(1120px, 100vw)" rootClassName="k-drawer" onClose={onClose} extra={<Button size="small" loading={!ended} onClick={() => { setAsked(null); setTurn(turn + 1); }}>重新读取</Button>}>
      {ended && ended.state !== 'done' && <Alert type="error" showIcon title={ended.message} description="平台上的订单读不到时，可以自己到平台按编号搜索：找到了到采购单里点“绑定平台订单”，没有再答“核对过没有”。" />}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {!both && !error && (!ended || ended.state === 'done') && <Skeleton active paragraph={{ rows: 8 }} />}
      {both && <Sides both={both} first={purchase} done={() => void refetch()} />}
    </Drawer>
  );
}
