import { Button } from 'antd';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { get, post } from '@api/http';
import { useApi, useMay } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, Clock, count, EmptyTeach, ExportButton, Failed, Page, Panel, Time, to, useAct, useCopyText, useKeys, useNow, useStations } from '@kit/index';
import { acceptPath, byDay, ClaimRow, yesTo, type Claim } from './claim-row';
import { CorrectForm } from './correct-form';
import { sharedWords } from './owed-words';
import { TakeBox } from './take-box';
import './tracking.css';

type Board = components['schemas']['TrackingBoard'];
type Chase = components['schemas']['ChaseOut'];

function Owed({ board }: { board: Board }) {
  const copy = useCopyText('催单文本已复制，粘贴发给供应商');
  const asked = useStations().data?.stations.find((s) => s.key === 'tracking')?.count ?? board.orders;
  const others = board.orders - asked;
  const shared = sharedWords(board.orders, board.owed);
  return (
    <Panel title={`等 ${board.owed.length} 家供应商回单号`} extra={<span className="k-faint k-small">{count(board.orders)} 单 · {count(board.purchases)} 张采购单 · {count(board.pieces)} 件</span>}>
      {others > 0 && <p className="k-faint k-small">④ 的 {count(asked)} 单只差单号；另外 {count(others)} 单还有别的事（接口自动回单号、有异常或售后、另一半已有单号），不数在 ④ 里</p>}
      {shared && <p className="k-faint k-small">{shared}</p>}
      {board.owed.length === 0 ? (
        <span className="k-faint">都回齐了</span>
      ) : (
        <div className="tracking-owed">
          {board.owed.map((o) => (
            <div key={o.supplier_id} className="tracking-owing">
              <Link to={to('purchases', { supplier: o.supplier_id, owing: 1 })} title="看这家还差单号的采购单">
                <span className="k-cut">{o.supplier}</span>
                <b>{count(o.orders)} 单 {count(o.pieces)} 件</b>
                <span className="k-small">{o.due_by ? <Clock by={o.due_by} from={o.sent_at} /> : o.sent_at && <>发出 <Time at={o.sent_at} /></>}</span>
              </Link>
              <ActionButton look="link" label="复制催单文本" refresh={[]} run={async () => copy((await get<Chase>(`/api/tracking/owed/${o.supplier_id}/chase`)).text)} />
            </div>
          ))}
        </div>
      )}
    </Panel>
  );
}

interface PileProps {
  title: string;
  claims: readonly Claim[];
  current: string | null;
  onCurrent: (id: string) => void;
  onCorrect: (claim: Claim) => void;
}

function Pile({ title, claims, current, onCurrent, onCorrect }: PileProps) {
  const now = useNow();
  if (claims.length === 0) return null;
  return (
    <Panel title={title}>
      {byDay(claims, now).map((d) => (
        <section key={d.name} aria-label={`${d.name}来的`}>
          <div className="k-row tracking-day">
            <b>{d.name === '今天' ? '今天来的' : `${d.name} 来的`}</b> <span className="k-faint">{count(d.claims.length)} 条</span>
            <ActionButton label={`这 ${d.claims.length} 条都忽略`} look="link" run={(key) => post('/api/tracking/claims/dismiss', { ids: d.claims.map((c) => c.id) }, { key })} />
          </div>
          <div role="list">
            {d.claims.map((c) => (
              <ClaimRow key={c.id} claim={c} current={c.id === current} onCurrent={() => onCurrent(c.id)} onCorrect={() => onCorrect(c)} />
            ))}
          </div>
        </section>
      ))}
    </Panel>
  );
}

/** Answered since by another number: out of the piles, and closed until somebody wants to look. */
function Answered(props: Omit<PileProps, 'title'>) {
  if (props.claims.length === 0) return null;
  return (
    <details>
      <summary>已处理 {count(props.claims.length)}（正确的单号后来已经登记，不用再管）</summary>
      <Pile title={`已处理 ${props.claims.length}`} {...props} />
    </details>
  );
}

/** 回填单号: one big box, then the two piles that wait for a person; what is beyond doubt is recorded already. */
export default function TrackingScreen() {
  const imported = useSearchParams()[0].get('imported');
  const { data, error, refetch } = useApi<Board>('/api/tracking', imported ? { imported } : undefined, { every: 20_000 });
  const may = useMay('logistics.edit');
  const [chosen, setChosen] = useState<string | null>(null);
  const [form, setForm] = useState<Claim | 'new' | null>(null);
  const { act } = useAct();
  const rows = [...(data?.doubtful ?? []), ...(data?.unusable ?? [])];
  const at = Math.max(0, rows.findIndex((c) => c.id === chosen));
  const current = rows[at] ?? null;
  const move = (by: number) => setChosen(rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.id ?? null);
  const yes = () => {
    if (!current) return;
    const said = yesTo(current);
    if (!said) return setForm(current);
    void act((key) => post<ActionAnswer>(acceptPath(current), said.word, { key }));
  };
  const no = () => current && void act((key) => post<ActionAnswer>('/api/tracking/claims/dismiss', { ids: [current.id] }, { key }));
  useKeys(
    may && !form
      ? [
          { key: 'ArrowDown', also: ['j'], label: '下一条', run: () => move(1) },
          { key: 'ArrowUp', also: ['k'], label: '上一条', run: () => move(-1) },
          { key: 'y', label: '是，登记', run: yes },
          { key: 'n', label: '不是，忽略', run: no },
          { key: 's', label: '查找正确的采购单', run: () => current && setForm(current) },
        ]
      : [],
  );
  const answer = data && (
    <>? 请看一下 <b>{data.doubtful.length}</b> · ✖ 不能用 <b>{data.unusable.length}</b> · 还差 <b>{count(data.pieces)}</b> 件没有单号{imported && <> · 只看这次导入的 <Link to={to('tracking')}>看全部</Link></>}</>
  );
  return (
    <Page title="回填单号" answer={answer} actions={<><ExportButton list="parcels" label="导出包裹" />{may && <Button onClick={() => setForm('new')}>登记一个单号</Button>}</>}>
      {error && <Failed error={error} retry={() => void refetch()} />}
      <div className="tracking-top">
        {may && <TakeBox />}
        {data && <Owed board={data} />}
      </div>
      {data && (
        <>
          <Pile title={`? 请看一下 ${data.doubtful.length}`} claims={data.doubtful} current={current?.id ?? null} onCurrent={setChosen} onCorrect={setForm} />
          <Pile title={`✖ 不能用 ${data.unusable.length}`} claims={data.unusable} current={current?.id ?? null} onCurrent={setChosen} onCorrect={setForm} />
          <Answered claims={data.settled} current={null} onCurrent={() => undefined} onCorrect={setForm} />
          {rows.length === 0 && (
            <EmptyTeach title="没有要看的单号" steps={['对得上的单号已经自动登记', '对不上的会出现在这里，按 Y / N 处理', '登记完成后到“上传平台”下载发货文件']} action={<Link to={to('upload')}>去上传平台</Link>} />
          )}
        </>
      )}
      {form && <CorrectForm claim={form === 'new' ? null : form} onClose={() => setForm(null)} />}
    </Page>
  );
}
