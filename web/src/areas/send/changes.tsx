import { Alert } from 'antd';
import { Link } from 'react-router';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import type { components } from '@api/schema';
import { ActionButton, Time, to } from '@kit/index';

type Change = components['schemas']['SendingChange'];

const KIND: Readonly<Record<string, string>> = { address: '地址改了', quantity: '数量改了', spec: '规格改了', recall: '要追回' };
const SAID: Readonly<Record<string, string>> = { untold: '还没通知', created: '还没通知', sent: '还没确认', refused: '不同意' };

function Verbs({ change }: { change: Change }) {
  const base = `/api/purchases/${change.purchase_id}`;
  if (change.amendment_id === null) {
    const text = change.kind === 'address' ? '收件地址已改，请按新地址发' : change.text;
    return <ActionButton label="记下变更" run={(key) => post<ActionAnswer>(`${base}/amendments`, { kind: change.kind, text }, { key })} />;
  }
  const move = (state: string) => (key: string) => post<ActionAnswer>(`${base}/amendments/${change.amendment_id}`, { state }, { key });
  if (change.kind === 'recall') {
    return (
      <>
        <ActionButton label="同意追回" run={(key) => post<ActionAnswer>(`${base}/recall/answer`, { agreed: true }, { key })} />
        <ActionButton label="不能追回" run={(key) => post<ActionAnswer>(`${base}/recall/answer`, { agreed: false }, { key })} />
      </>
    );
  }
  if (change.state === 'created') return <ActionButton label="已通知" run={move('sent')} />;
  return (
    <>
      <ActionButton label="对方已确认" run={move('acknowledged')} />
      {change.state === 'sent' && <ActionButton label="来不及了" run={move('too_late')} />}
    </>
  );
}

/** Changes after sending that the supplier has not confirmed: in amber, on top. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  return (
    <Alert
      type="warning"
      showIcon
      title={`${changes.length} 处发出后的变更，供应商还没有确认`}
      description={
        <div className="k-stack">
          {changes.map((change) => (
            <div key={change.amendment_id ?? change.purchase_id} className="k-row s-change">
              <span className="k-grow">
                <b>{KIND[change.kind] ?? change.kind}，{change.supplier} {SAID[change.state] ?? ''}</b>{' '}
                <Link to={to('purchases', { open: change.purchase_id })}>{change.number}</Link>：{change.text} <Time at={change.at} relative />
              </span>
              <Verbs change={change} />
            </div>
          ))}
        </div>
      }
    />
  );
}
