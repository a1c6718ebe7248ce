import { Alert, App, Button, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import { sentence } from '@api/errors';
import { download } from '@api/files';
import { post } from '@api/http';
import { useApi } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { shortTime, useNow, useTellError } from '@kit/index';
import { Asked } from './asked';
import { Numbers } from './numbers';
import { Packing } from './packing';
import { Picking } from './picking';
import { parcelsOf, waiting, type Line, type Today } from './lines';
import './portal.css';

type Answer = (lines: readonly Line[] | null, answer: string, reason?: string) => Promise<void>;
export type { Answer };

/** The supplier's page: no account, phone first; their own list, their answers, their numbers. */
export default function Portal() {
  const { token = '' } = useParams();
  const path = `/api/s/${encodeURIComponent(token)}`;
  const found = useApi<Today>(path, undefined, { every: 60_000 });
  const [as, setAs] = useState<'拣货' | '打包'>('拣货');
  const tell = useTellError();
  const now = useNow();
  const { message } = App.useApp();
  if (found.isError) return <main className="v-page"><Alert type="warning" showIcon title="打不开这个链接" description={sentence(found.error)} /></main>;
  if (!found.data) return <main className="v-page"><Skeleton active paragraph={{ rows: 8 }} /></main>;
  const today = found.data;
  const open = today.lines.filter((x) => waiting(x) && x.state === 'open');
  const todo = today.lines.filter(waiting);
  const answer: Answer = async (lines, said, reason = '') => {
    try {
      const done = await post<ActionAnswer>(`${path}/answer`, { line_ids: lines?.map((x) => x.id) ?? null, answer: said, reason });
      void message.success(done.message ?? '已告诉商家');
      await found.refetch();
    } catch (error) {
      tell(error);
    }
  };
  const pieces = todo.reduce((n, x) => n + x.quantity - x.shipped, 0);
  return (
    <main className="v-page">
      <header className="v-head">
        <h1>{today.merchant}</h1>
        <span>发给 {today.supplier} · 链接 {shortTime(today.expires_at, now)} 前有效</span>
        <p><b>{new Set(todo.map((x) => x.purchase_id)).size}</b> 单 <b>{pieces}</b> 件待发{open.length > 0 && <span className="k-amber">，{open.length} 行等您接单</span>}</p>
      </header>
      <Asked lines={today.lines} path={path} reload={() => void found.refetch()} />
      <div className="v-verbs">
        {open.length > 0 && <Button type="primary" size="large" block onClick={() => void answer(null, 'accepted')}>全部接单（{open.length}）</Button>}
        <Button size="large" block onClick={() => void download(`${path}/sheet`).catch(tell)}>下载表格</Button>
      </div>
      <Segmented block size="large" options={['拣货', '打包']} value={as} onChange={(v) => setAs(v as '拣货' | '打包')} />
      {todo.length > 0 && <Numbers path={path} parcels={parcelsOf(today)} />}
      {today.lines.length === 0 && <section className="v-card k-faint">今天还没有单。新的单会出现在这里。</section>}
      {as === '拣货' ? <Picking lines={today.lines} answer={answer} /> : <Packing today={today} answer={answer} />}
    </main>
  );
}
