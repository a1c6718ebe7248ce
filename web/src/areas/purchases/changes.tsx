import { Input, Select } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, StateTag, Time } from '@kit/index';
import { TONE } from './words';
import './purchases.css';

type Purchase = components['schemas']['PurchaseCard'];
type Change = components['schemas']['PurchaseAmendment'];

const KINDS = [
  { value: 'address', label: '改地址' },
  { value: 'quantity', label: '改数量' },
  { value: 'spec', label: '改规格' },
];
const VERB: Readonly<Record<string, string>> = { sent: '已通知', acknowledged: '对方已确认', too_late: '来不及了', refused: '对方不同意' };

/** The chain of changes after sending: each with the supplier's answer. */
export function Changes({ bought, changes }: { bought: Purchase; changes: readonly Change[] }) {
  const [kind, setKind] = useState('address');
  const [text, setText] = useState('');
  const path = `/api/purchases/${bought.id}/amendments`;
  const running = bought.sent_at !== null && !['recalled', 'closed', 'refused', 'cancelled'].includes(bought.state);
  return (
    <div className="k-stack">
      {changes.map((change) => (
        <div key={change.id} className="k-row">
          <b>{change.n}</b>
          <span>{change.kind_label}：{change.text}</span>
          <StateTag tone={TONE[change.state] ?? 'warn'} label={change.state_label} />
          <Time at={change.created_at} />
          {change.answer && <span className="k-faint">{change.answer}</span>}
          {change.kind !== 'recall' && change.next.map((state) => (
            <ActionButton key={state} look="link" label={VERB[state] ?? state} run={(key) => post<ActionAnswer>(`${path}/${change.id}`, { state }, { key })} />
          ))}
        </div>
      ))}
      {running && (
        <div className="k-row">
          <Select size="small" value={kind} options={KINDS} onChange={setKind} className="p-answer" />
          <Input size="small" value={text} onChange={(e) => setText(e.target.value)} placeholder="改了什么（不要写姓名电话，重发时会带上新地址）" className="k-grow" />
          <ActionButton label="记下变更" why={!text.trim() && '请写明改了什么'} run={(key) => post<ActionAnswer>(path, { kind, text }, { key })} after={() => setText('')} />
        </div>
      )}
      {changes.length === 0 && !running && <span className="k-faint">没有变更</span>}
    </div>
  );
}
