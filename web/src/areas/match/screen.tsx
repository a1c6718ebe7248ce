import { SearchOutlined } from '@ant-design/icons';
import { Button, Input, Skeleton } from 'antd';
import { useDeferredValue, useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { useApi, useMay } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { count, EmptyTeach, ExportButton, Failed, Money, Page, Panel, PlatformBadge, to, useAct, useKeys, yuanShort } from '@kit/index';
import { Bundle } from './bundle';
import { Marked } from './marked';
import { NewSku } from './new-sku';
import { Sides } from './sides';
import { Suggestions } from './suggestions';
import { SureMatches } from './sure';
import { choiceOf, keyOfWaiting, MATCH, type Answer, type Choice, type Queue, type Waiting } from './types';
import './match.css';

function Listing({ waiting, answer }: { waiting: Waiting; answer: Answer | undefined }) {
  const [best] = answer?.suggestions ?? [];
  const text = (part: string) => <Marked text={part} agree={best?.agree ?? []} differ={best?.differ.map(([theirs]) => String(theirs)) ?? []} />;
  return (
    <Panel>
      <div className="m-listing">
        {waiting.image_url && <img src={waiting.image_url} alt="" referrerPolicy="no-referrer" />}
        <PlatformBadge platform={waiting.platform} shop={waiting.shop_name} />
        <h2>{text(waiting.title)}</h2>
        <p>{text(waiting.spec || '默认规格')}{waiting.gift && <b className="k-amber"> 赠品</b>}</p>
        {waiting.merchant_code && <p className="k-faint">商家编码 <span className="k-digits">{waiting.merchant_code}</span></p>}
        <p className="m-stake"><b>{count(waiting.orders)}</b> 单在等 · <Money fen={waiting.stake_fen} strong /> · {count(waiting.pieces)} 件</p>
        {answer?.pack_words && <p className="k-amber">写着“{answer.pack_words}”，每份按 {answer.pack} 件算</p>}
        {answer?.no_ship && <p className="k-amber">{answer.no_ship}</p>}
      </div>
    </Panel>
  );
}

function Match({ waiting, skip }: { waiting: Waiting; skip: () => void }) {
  const answer = useApi<Answer>(`${MATCH}/suggest`, { shop: waiting.shop_id, listing: waiting.listing_key }).data;
  const [open, setOpen] = useState<'bundle' | 'new' | null>(null);
  const { act, busy } = useAct();
  const mayEdit = useMay('orders.edit');
  const mayCreate = useMay('catalog.edit');
  const decide = (choice: Choice) => {
    if (!busy && mayEdit) void act((key) => post<ActionAnswer>(`${MATCH}/decide`, { items: [choice] }, { key }), { after: () => setOpen(null) });
  };
  const noShip = () => decide(choiceOf(waiting, []));
  useKeys([
    ...(answer?.suggestions ?? []).map((s, i) => ({ key: String(i + 1), label: `接受第 ${i + 1} 个建议`, run: () => decide(choiceOf(waiting, s.parts)) })),
    { key: 'b', label: '选规格、组合', run: () => setOpen('bundle') },
    { key: 'n', label: '新增规格', run: () => mayCreate && setOpen('new') },
    { key: 'x', label: '标为不发货', run: noShip },
    { key: 's', label: '先跳过', run: skip },
  ]);
  const pack = answer?.pack ?? 1;
  return (
    <div className="m-desk">
      <Listing waiting={waiting} answer={answer} />
      <div className="m-answers">
        {!answer && <Skeleton active paragraph={{ rows: 6 }} />}
        {answer && <Suggestions items={answer.suggestions} accept={(s) => decide(choiceOf(waiting, s.parts))} busy={busy || !mayEdit} />}
        {answer?.suggestions.length === 0 && <p className="m-none">商品库里没有像的规格。按 B 自己找，或按 N 新增。</p>}
        <div className="k-row">
          <Button disabled={!mayEdit} onClick={() => setOpen('bundle')}><kbd>B</kbd> 选规格 / 组合</Button>
          <Button disabled={!mayEdit || !mayCreate} onClick={() => setOpen('new')}><kbd>N</kbd> 新增规格</Button>
          <Button disabled={!mayEdit || busy} onClick={noShip}><kbd>X</kbd> 不发货</Button>
          <Button type="text" onClick={skip}><kbd>S</kbd> 先跳过</Button>
        </div>
      </div>
      {open === 'bundle' && <Bundle listing={waiting} pack={pack} busy={busy} close={() => setOpen(null)} save={(parts) => decide(choiceOf(waiting, parts))} />}
      {open === 'new' && <NewSku waiting={waiting} pack={pack} close={() => setOpen(null)} />}
    </div>
  );
}

/** What waits beside the one in hand, searched by title, spec, code or shop. */
function QueueSide({ rest, here, text, search, pick, busy }: { rest: readonly Waiting[]; here: Waiting | undefined; text: string; search: (text: string) => void; pick: (key: string) => void; busy: boolean }) {
  return (
    <Panel title={text ? `找到 ${count(rest.length)} 个` : '待匹配'} flush>
      <div className="m-find">
        <Input size="small" allowClear prefix={<SearchOutlined />} placeholder="标题、规格、编码、店铺" aria-label="搜索待匹配" value={text} onChange={(e) => search(e.target.value)} />
      </div>
      <div className="m-queue">
        {rest.map((w) => (
          <button key={keyOfWaiting(w)} type="button" className={here && keyOfWaiting(w) === keyOfWaiting(here) ? 'm-next m-here' : 'm-next'} title={`${w.title} ${w.spec}`} onClick={() => pick(keyOfWaiting(w))}>
            <PlatformBadge platform={w.platform} />
            <span className="k-cell k-grow"><span className="k-cut">{w.title}</span><span className="k-cut k-faint">{w.spec || '默认规格'}</span></span>
            <b className="k-digits">{w.orders} 单</b>
          </button>
        ))}
        {rest.length === 0 && !busy && <p className="m-nothing">没有符合的。换个词，或清空搜索。</p>}
      </div>
    </Panel>
  );
}

/** One listing SKU at a time, the most orders first; a yes counts once for all of its orders. */
export default function MatchScreen() {
  const queue = useApi<Queue>(MATCH);
  const [text, setText] = useState('');
  const asked = useDeferredValue(text.trim());
  const found = useApi<Queue>(asked ? MATCH : null, { text: asked }, { keep: true });
  const [skipped, setSkipped] = useState<readonly string[]>([]);
  const [chosen, setChosen] = useState('');
  const [sure, setSure] = useState(false);
  const mayEdit = useMay('orders.edit');
  if (queue.isError) return <Failed error={queue.error} retry={() => void queue.refetch()} />;
  const all = queue.data?.items ?? [];
  const items = asked ? (found.data?.items ?? []) : all;
  const rest = [...items].sort((a, b) => skipped.indexOf(keyOfWaiting(a)) - skipped.indexOf(keyOfWaiting(b)));
  // A search that finds nothing leaves what is in hand where it is.
  const here = all.find((w) => keyOfWaiting(w) === chosen) ?? rest[0] ?? all[0];
  const skip = () => {
    if (!here) return;
    const key = keyOfWaiting(here);
    setSkipped([...skipped.filter((k) => k !== key), key]);
    setChosen('');
  };
  return (
    <Page
      title="匹配"
      answer={<Sides here="waiting">{all.length > 0 && queue.data && <><b>{count(all.length)}</b> 个规格待匹配，<b>{count(queue.data.orders)}</b> 单在等 · {yuanShort(queue.data.stake_fen)}</>}</Sides>}
      actions={all.length > 0 && <><ExportButton list="match" label="导出待匹配" />{mayEdit && <Button size="small" onClick={() => setSure(true)}>一次接受“确定”的</Button>}</>}
      fill
    >
      {queue.isPending && <Skeleton active paragraph={{ rows: 10 }} />}
      {queue.data && all.length === 0 && <Panel><EmptyTeach title="都匹配好了" steps={['每个链接规格只要确认一次，以后的订单自动认得']} action={<Link to={to('orders')}><Button type="primary">去处理其余异常</Button></Link>} /></Panel>}
      {all.length > 0 && (
        <div className="m-screen">
          {here && <Match key={keyOfWaiting(here)} waiting={here} skip={skip} />}
          <QueueSide rest={rest} here={here} text={text} search={(words) => { setText(words); setChosen(''); }} pick={setChosen} busy={Boolean(asked) && found.isFetching} />
        </div>
      )}
      {sure && <SureMatches close={() => setSure(false)} />}
    </Page>
  );
}
