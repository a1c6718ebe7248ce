import { EyeOutlined } from '@ant-design/icons';
import { Button, Input, Popover } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTellError } from './act';

const REASONS = ['联系买家', '核对地址', '供应商来问', '处理售后'];

export interface AskReasonProps {
  /** What happens with the reason; a refusal is shown, and the question stays. */
  give: (reason: string) => Promise<void>;
  /** What is pressed. */
  children: ReactNode;
  verb?: string;
}

/** Personal data opens with a reason, and the opening is written down: asks before it hands on. */
export function AskReason({ give, children, verb = '打开' }: AskReasonProps) {
  const [asking, setAsking] = useState(false);
  return (
    <Popover
      open={asking}
      onOpenChange={setAsking}
      trigger="click"
      destroyOnHidden
      title={`为什么要${verb}？（会记入操作日志）`}
      content={<Question verb={verb} give={(why) => give(why).then(() => setAsking(false))} />}
    >
      {children}
    </Popover>
  );
}

function Question({ give, verb }: { give: (reason: string) => Promise<void>; verb: string }) {
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
      <div className="k-row">
        {REASONS.map((r) => <Button key={r} disabled={busy} onClick={() => say(r)}>{r}</Button>)}
      </div>
      <Input.Search
        placeholder="其他原因"
        value={reason}
        maxLength={100}
        loading={busy}
        onChange={(e) => setReason(e.target.value)}
        onSearch={say}
        enterButton={<Button type="primary" icon={<EyeOutlined />} disabled={!reason.trim()}>{verb}</Button>}
      />
    </div>
  );
}
