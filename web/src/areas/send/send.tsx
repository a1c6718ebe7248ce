import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { download } from '@api/files';
import { post } from '@api/http';
import { useApi } from '@api/queries';
import type { components } from '@api/schema';
import { ActionButton, EmptyTeach, Failed, MAIN_KEY, Page, linkText, Panel, to, useCopyLink, useTellError } from '@kit/index';
import { Changes } from './changes';
import { SentList } from './sent-list';
import { Stays } from './stays';
import { WaitingCard } from './waiting-card';
import { waysOut } from './words';
import './send.css';

type Board = components['schemas']['SendingBoard'];
type Out = components['schemas']['SendingDone'];

function Links({ done, staying }: { done: Out; staying: Board['stays'] }) {
  const copy = useCopyLink();
  // What stays with its order is listed below for as long as it does.
  const left = done.stays.filter((s) => !staying.some((x) => x.purchase_id === s.purchase_id));
  const linked = done.sent.filter((s) => s.link);
  const text = linkText(location.origin, linked.map((s) => ({ supplier: s.supplier, path: s.link })));
  return (
    <Panel title="刚才发出的" extra={done.zip_path && <Button size="small" onClick={() => void download(done.zip_path ?? '')}>再下载一次</Button>}>
      <p>{done.message} <Link to={to('tracking')}>去回填单号 →</Link></p>
      {waysOut(done.sent, done.sent.length > 1).map((w) => (
        <div key={w.channel} className="k-row">
          <span>{w.text}</span>
          {w.channel === 'link' && <Button size="small" onClick={() => void copy(text)}>复制全部链接</Button>}
        </div>
      ))}
      {left.length > 0 && <Stays rows={left} />}
    </Panel>
  );
}

/** 发给供应商: changes first, a card per supplier, then what went out. */
export default function Send() {
  const board = useApi<Board>('/api/sending');
  const [done, setDone] = useState<Out | null>(null);
  const tell = useTellError();
  const copy = useCopyLink();
  const go = useNavigate();
  const send = async (suppliers: string[] | null, key: string): Promise<Out> => {
    const out = await post<Out>('/api/sending/send', { supplier_ids: suppliers }, { key });
    setDone(out);
    const only = out.sent.length === 1 ? out.sent[0] : undefined;
    if (only?.channel === 'link') await copy(linkText(location.origin, [{ path: only.link }]));
    else if (only) await download(only.path).catch(tell);
    else if (out.zip_path) await download(out.zip_path).catch(tell);
    return out;
  };
  if (board.isError) return <Page title="发给供应商"><Failed error={board.error} retry={() => void board.refetch()} /></Page>;
  const found = board.data;
  const orders = found?.orders ?? 0;
  const purchases = found?.waiting.reduce((n, w) => n + w.purchases, 0) ?? 0;
  const held = found && found.stays.length > 0 && <span className="k-faint">，另有 {found.stays.length} 张采购单的订单有异常，先不发</span>;
  return (
    <Page
      title="发给供应商"
      answer={found && (orders > 0 ? <><b title="拆给几家供应商的单，每家的卡片上都列着，这里只算一次">{orders} 单（{purchases} 张采购单）等着发给 {found.waiting.length} 家供应商</b>{held}</> : <>没有待发送的采购单{held}</>)}
      actions={<ActionButton label="全部发送" look="primary" hotkey={MAIN_KEY} why={orders === 0 && '没有待发送的采购单'} run={(key) => send(null, key)} />}
    >
      {!found ? <Skeleton active paragraph={{ rows: 8 }} /> : (
        <div className="k-stack s-board">
          {found.changes.length > 0 && <Changes changes={found.changes} />}
          {done && <Links done={done} staying={found.stays} />}
          {found.stays.length > 0 && <Panel title={`先不发的 ${found.stays.length} 张采购单`} extra={<span className="k-faint k-small">处理好以后就会列进要发的</span>}><Stays rows={found.stays} /></Panel>}
          {found.waiting.length === 0 && found.sent.length === 0 && found.stays.length === 0 && (
            <EmptyTeach title="还没有要发的采购单" steps={['先在派单预览里派单', '回到这里全部发送']} action={<Button onClick={() => void go(to('dispatch'))}>预览派单</Button>} />
          )}
          <div className="s-cards">
            {found.waiting.map((card) => <WaitingCard key={card.supplier_id} card={card} send={(key) => send([card.supplier_id], key)} />)}
          </div>
          {found.sent.length > 0 && <SentList rows={found.sent} />}
          {found.sent.length > 0 && <p className="k-faint k-small">再下载、复制链接都不算重发。同样的内容要发新的一版，请用“重发”：表格里每一行都会标出【重发】，供应商不会当成新单。</p>}
        </div>
      )}
    </Page>
  );
}
