import { Button } from 'antd';
import { useState } from 'react';
import { useMay } from '@api/queries';
import { Money, Panel, StateTag } from '@kit/index';
import { SwapForm } from './swap';
import { REFUNDS, type OrderDetail, type OrderMoney } from './types';

type LineOut = OrderDetail['lines'][number];

type Priced = Pick<LineOut, 'unit_price_fen' | 'paid_fen' | 'quantity'>;

/** The price of a piece and the sum of the line: as told, else the one out of the other; a sum that needs no words is null.
 * ``less``: what was paid is not the price of so many. */
export function priced(line: Priced): { piece: number | null; sum: number | null; less: boolean } {
  const { unit_price_fen: unit, paid_fen: paid, quantity } = line;
  if (paid === null) return { piece: unit, sum: unit === null || quantity === 1 ? null : unit * quantity, less: false };
  if (quantity === 1 && (unit === null || unit === paid)) return { piece: paid, sum: null, less: false };
  return { piece: unit ?? (paid % quantity === 0 ? paid / quantity : null), sum: paid, less: unit !== null && unit * quantity !== paid };
}

function Price({ line }: { line: LineOut }) {
  const { piece, sum, less } = priced(line);
  return (
    <>
      <div>{piece !== null && <Money fen={piece} />} <b>×{line.quantity}</b></div>
      {sum !== null && <div className="k-small k-faint">{less ? '实付' : '小计'} <Money fen={sum} plain /></div>}
    </>
  );
}

function Match({ line }: { line: LineOut }) {
  if (line.match === 'none') return <StateTag tone="warn" label="待匹配" />;
  if (line.match === 'no_ship') return <StateTag tone="off" label="不发货" hint={line.how} />;
  return (
    <div className="o-match">
      {line.parts.map((p) => <div key={p.code}>→ <b className="k-digits">{p.code}</b> {p.title} {p.spec} ×{p.quantity * line.quantity}</div>)}
      {line.how && <span className="k-small k-faint">{line.how}</span>}
    </div>
  );
}

const SWAPPED_IN = new Set(['match', 'hold', 'dispatch']);

/** What was sold, and what it means in our goods; before it is dispatched, other goods may be sent to this buyer. */
export function Lines({ detail, margins }: { detail: OrderDetail; margins: OrderMoney['lines'] | undefined }) {
  const [swapping, setSwapping] = useState<LineOut | null>(null);
  const may = useMay('orders.edit') && SWAPPED_IN.has(detail.order.tab);
  return (
    <Panel title={`商品 ${detail.order.quantity} 件`} flush>
      {detail.lines.map((line) => (
        <div key={line.id} className="o-line">
          {line.image_url && <img src={line.image_url} alt="" referrerPolicy="no-referrer" />}
          <div className="k-grow">
            <div>{line.title}{line.gift && <span className="k-amber"> 赠品</span>}</div>
            <div className="k-faint k-small">{line.spec || '默认规格'}{line.merchant_code && <> · 编码 {line.merchant_code}</>}</div>
            <Match line={line} />
            {may && <Button type="link" size="small" className="o-swap" onClick={() => setSwapping(line)}>换规格（只这一单）</Button>}
          </div>
          <div className="k-right o-line-money">
            <Price line={line} />
            {line.cost_fen !== null && <div className="k-small k-faint">成本 <Money fen={line.cost_fen} plain /></div>}
            {margins?.[line.id] !== undefined && <div className="k-small k-faint">毛利 <Money fen={margins[line.id] ?? null} /></div>}
            {REFUNDS[line.refund] && <div className="k-small k-red">{REFUNDS[line.refund]}</div>}
          </div>
        </div>
      ))}
      {swapping && <SwapForm order={detail.order.id} line={swapping} close={() => setSwapping(null)} />}
      {detail.lines.length === 0 && <p className="o-line k-faint">商品明细还没有导入</p>}
    </Panel>
  );
}
