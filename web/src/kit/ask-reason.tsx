import { EyeOutlined } from '@ant-design/icons';
import { Button, Input, Popover } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTellError } from './act';

const REASONS = ['发给供应商', '联系买家', '核对地址', '供应商来问', '处理售后'];

export interface AskReasonProps {
  /** What happens with the reason; a refusal is shown, and the question stays (as it does after ``false``). */
  give: (reason: string) => Promise<boolean | void>;
  /** What is pressed. */
  children: ReactNode;
  verb?: string;
  /** Reasons that one press gives. */
  reasons?: readonly string[];
  /** What will be so afterwards. */
  says?: string;
}

/** What wants a reason, which is written down: personal data that opens, a rule that goes. Asks before it hands on. */
export function AskReason({ give, children, verb = '打开', reasons = REASONS, says }: AskReasonProps) {
  const [asking, setAsking] = useState(false);
  return (
    <Popover
      open={asking}
      onOpenChange={setAsking}
      trigger="click"
      destroyOnHidden
      title={`为什么要${verb}？（会记入操作日志）`}
      content={<Question verb={verb} reasons={reasons} {...(says && { says })} give={(why) => give(why).then((stay) => setAsking(stay === false))} />}
    >
      {children}
    </Popover>
  );
}

function Question({ give, verb, reasons, says }: { give: (reason: string) => Promise<void>; verb: string; reasons: readonly string[]; says?: string }) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const tell = useTellError();
  const say = (why: string) => {
    if (!why.trim()) return;
    setBusy(true);
    give(why.trim()).catch(tell).finally(() => setBusy(false));
  };
  return (
    <div className="k-ask-reason">
      {says && <span className="k-faint">{says}</span>}
      <div className="k-row">
        {reasons.map((r) => <Button key={r} disabled={busy} onClick={() => say(r)}>{r}</Button>)}
      </div>
      <Input.Search
        placeholder="其他原因"
        value={reason}
        maxLength={100}
        loading={busy}
        onChange={(e) => setReason(e.target.value)}
        onSearch={say}
        enterButton={<Button type="primary" {...(verb === '打开' && { icon: <EyeOutlined /> })} disabled={!reason.trim()}>{verb}</Button>}
      />
    </div>
  );
}
