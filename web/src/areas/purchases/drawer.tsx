import { Input, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { post } from '@api/http';
import { useApi, useMay } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, Clock, CopyLinkButton, DetailDrawer, Facts, Money, StateTag, Time, to } from '@kit/index';
import { Placings } from './placings';
import { Changes } from './changes';
import { TONE } from './words';

type Detail = components['schemas']['PurchaseDetail'];
type Purchase = components['schemas']['PurchaseCard'];

const ANSWERS = [
  { value: 'accepted', label: '接单' },
  { value: 'out_of_stock', label: '缺货' },
  { value: 'refused', label: '拒绝' },
];

function Lines({ bought }: { bought: Purchase }) {
  const [words, setWords] = useState('');
  const [answer, setAnswer] = useState('accepted');
  const open = bought.lines.filter((x) => x.next.includes(answer) && x.live);
  const canAnswer = bought.sent_at !== null && bought.lines.some((x) => x.live && x.next.some((n) => ANSWERS.some((a) => a.value === n)));
  return (
    <div className="k-stack">
      {bought.lines.map((line) => (
        <div key={line.id} className="p-line">
          <div className="k-cell">
            <span>{line.title} {line.spec} <b>×{line.quantity}</b></span>
            <span className="k-faint k-small">
              <Link to={to('orders', { numbers: line.order_number, open: line.order_id })}>{line.order_number}</Link> · {line.code}{line.supplier_code && ` · 货号 ${line.supplier_code}`}
            </span>
          </div>
          <div className="k-cell k-right"><Money fen={line.goods_fen} /><span className="k-faint k-small"><Money fen={line.unit_fen} /> / 件</span></div>
          <div className="k-cell">
            <StateTag tone={TONE[line.state] ?? 'doing'} label={line.state_label} />
            <span className="k-small k-faint">{line.shipped > 0 && `已发 ${line.shipped} `}{line.answer}</span>
          </div>
        </div>
      ))}
      {canAnswer && (
        <div className="k-row">
          <span className="k-faint">供应商说</span>
          <Select size="small" value={answer} options={ANSWERS} onChange={setAnswer} className="p-answer" />
          <Input size="small" value={words} onChange={(e) => setWords(e.target.value)} placeholder="原因（拒绝时必填）" className="p-words" />
          <ActionButton
            label={`记下 ${open.length} 行`}
            why={open.length === 0 && '没有能这样答复的行'}
            run={(key) => post<ActionAnswer>(`/api/purchases/${bought.id}/answer`, { line_ids: open.map((x) => x.id), answer, reason: words }, { key })}
          />
        </div>
      )}
    </div>
  );
}

/** Buttons come from what the life cycle allows now. */
function Verbs({ bought }: { bought: Purchase }) {
  const [why, setWhy] = useState('');
  const path = `/api/purchases/${bought.id}`;
  if (bought.next.includes('cancelled')) {
    return <ActionButton label="取消采购" run={(key) => post<ActionAnswer>(`${path}/cancel`, { why: '' }, { key })} />;
  }
  if (bought.state === 'recalling') {
    return (
      <div className="k-row">
        <span className="k-amber">供应商怎么说？</span>
        <ActionButton label="同意追回" run={(key) => post<ActionAnswer>(`${path}/recall/answer`, { agreed: true }, { key })} />
        <ActionButton label="不能追回" run={(key) => post<ActionAnswer>(`${path}/recall/answer`, { agreed: false }, { key })} />
      </div>
    );
  }
  return (
    <div className="k-row">
      {bought.next.includes('recalling') && (
        <>
          <Input size="small" value={why} onChange={(e) => setWhy(e.target.value)} placeholder="为什么追回" className="p-words" />
          <ActionButton label="追回" why={!why.trim() && '请先写明原因'} run={(key) => post<ActionAnswer>(`${path}/recall`, { why }, { key })} after={() => setWhy('')} />
        </>
      )}
      {bought.next.includes('closed') && <ActionButton label="完结" run={(key) => post<ActionAnswer>(`${path}/close`, {}, { key })} />}
    </div>
  );
}

/** One purchase: its lines and answers, its versions, what happened, and what can be done now. */
export function PurchaseDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const found = useApi<Detail>(`/api/purchases/${id}`);
  const maySend = useMay('purchasing.send');
  const bought = found.data?.purchase;
  if (!found.data || !bought) return <DetailDrawer title="采购单" loading onClose={onClose} />;
  const { amendments, sendings, history } = found.data;
  return (
    <DetailDrawer
      title={<span className="k-digits">{bought.number}</span>}
      sub={<div className="k-row"><StateTag tone={TONE[bought.state] ?? 'doing'} label={bought.state_label} /><span>{bought.supplier}</span><Clock by={bought.due_by} /></div>}
      onClose={onClose}
      tabs={[
        {
          key: 'lines',
          label: `商品 ${bought.lines.length}`,
          children: (
            <div className="k-stack">
              <Facts
                items={[
                  { label: '店铺', value: bought.shop_name },
                  { label: '件数', value: bought.quantity },
                  { label: '货款', value: <Money fen={bought.goods_fen} /> },
                  { label: '运费', value: <Money fen={bought.freight_fen} /> },
                  { label: '派单', value: <Time at={bought.created_at} /> },
                  { label: '发出', value: bought.sent_at ? <Time at={bought.sent_at} /> : '未发' },
                  ...(bought.handover ? [{ label: '方式', value: bought.factory ? `厂商代发：按接口交给厂家 ${bought.factory}，由他在平台发货` : '厂家代打，只给单号', wide: true }] : []),
                  ...(bought.note ? [{ label: '说明', value: bought.note, wide: true }] : []),
                ]}
              />
              <Placings detail={found.data} />
              <Lines bought={bought} />
              <Verbs bought={bought} />
            </div>
          ),
        },
        { key: 'changes', label: `变更 ${amendments.length}`, children: <Changes bought={bought} changes={amendments} /> },
        {
          key: 'sendings',
          label: `发送 ${sendings.length}`,
          children: (
            <div className="k-stack">
              {sendings.length === 0 && <span className="k-faint">还没有发给供应商</span>}
              {sendings.map((s) => (
                <div key={s.id} className="k-row">
                  <span className="k-digits">{s.run} 第 {s.version} 版</span>
                  {s.resend && <span className="k-amber">重发</span>}
                  <span>{s.sent_at ? <><Time at={s.sent_at} /> {s.sent_by}</> : s.state === 'withdrawn' ? '已撤回' : '待下载'}</span>
                  {s.opened_at && <span>对方打开 <Time at={s.opened_at} /></span>}
                  {s.answered_at && <span>对方答复 <Time at={s.answered_at} /></span>}
                  {maySend && s.channel === 'link' && s.sent_at && <CopyLinkButton supplierId={bought.supplier_id} />}
                </div>
              ))}
            </div>
          ),
        },
        {
          key: 'history',
          label: '经过',
          children: (
            <div className="k-stack">
              {history.map((h, i) => <div key={i}><Time at={h.at} /> {h.text} <span className="k-faint">{h.by}</span></div>)}
            </div>
          ),
        },
      ]}
    />
  );
}
