import { Drawer, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { useApi } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import type { components } from '@api/schema';
import { ActionButton, Clock, Money, StateTag } from '@kit/index';
import { Sample } from './sample';
import { SheetTable } from './sheet-table';

type Card = components['schemas']['SendingWaiting'];
type Preview = components['schemas']['SendingPreview'];

const CHANNEL: Readonly<Record<string, { name: string; verb: string }>> = {
  sheet: { name: '表格', verb: '下载表格' },
  link: { name: '链接', verb: '复制链接' },
  text: { name: '文本', verb: '下载文本' },
};

function PreviewDrawer({ card, onClose }: { card: Card; onClose: () => void }) {
  const found = useApi<Preview>(`/api/sending/suppliers/${card.supplier_id}/preview`);
  const [as, setAs] = useState<string>(card.channel === 'text' ? '文本' : '表格');
  return (
    <Drawer open size="min(980px, 100vw)" title={`${card.name} 会看到的（收件人已遮住）`} onClose={onClose} extra={<Segmented size="small" options={['表格', '文本']} value={as} onChange={setAs} />}>
      {!found.data ? <Skeleton active /> : (
        <div className="k-stack">
          {found.data.stays.map((s) => <p key={s.purchase_id} className="k-amber">{s.number} 不会发出：{s.reason}</p>)}
          {as === '文本' ? <pre className="s-text">{found.data.text}</pre> : <SheetTable titles={found.data.titles} header={found.data.header} rows={found.data.rows} />}
        </div>
      )}
    </Drawer>
  );
}

/** One supplier: what is in it, how it goes out, one button. */
export function WaitingCard({ card, send }: { card: Card; send: (key: string) => Promise<ActionAnswer | void> }) {
  const [open, setOpen] = useState<'preview' | 'sample' | null>(null);
  const channel = CHANNEL[card.channel] ?? { name: card.channel, verb: '发送' };
  return (
    <section className="k-panel s-card">
      <div className="s-card-head">
        <b className="k-cut">{card.name}</b>
        <StateTag tone="todo" label={channel.name} />
      </div>
      <div><b>{card.orders}</b> 单 · {card.pieces} 件 · 货款 <Money fen={card.goods_fen} /></div>
      <Clock by={card.due_by} />
      <div className="k-row k-small">
        <a onClick={() => setOpen('preview')}>预览</a>
        {card.channel !== 'text' && <a onClick={() => setOpen('sample')}>{card.has_format ? '对方格式 ✓' : '学对方的表格'}</a>}
      </div>
      <ActionButton block label={channel.verb} run={send} />
      {open === 'preview' && <PreviewDrawer card={card} onClose={() => setOpen(null)} />}
      {open === 'sample' && <Sample supplierId={card.supplier_id} name={card.name} version={card.version} learned={card.has_format} onClose={() => setOpen(null)} />}
    </section>
  );
}
