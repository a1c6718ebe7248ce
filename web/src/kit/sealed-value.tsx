import { EyeOutlined, LockOutlined } from '@ant-design/icons';
import { Button, Input, Popover } from 'antd';
import { useEffect, useState } from 'react';
import { post } from '@api/http';
import { useTellError } from './act';
import { OPEN_SECONDS } from './undo-clock';

const REASONS = ['联系买家', '核对地址', '供应商来问', '处理售后'];

export interface SealedValueProps {
  /** What everybody may see. */
  masked: string;
  /** POST {reason} → {value}; null when this person may not open it. */
  openPath: string | null;
}

/** Personal data, masked; opening asks for a reason, is recorded, and closes by itself after a minute. */
export function SealedValue({ masked, openPath }: SealedValueProps) {
  const [value, setValue] = useState<string | null>(null);
  const [left, setLeft] = useState(0);
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (value === null) return;
    if (left <= 0) return setValue(null);
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [value, left]);
  const opened = (found: string) => {
    setAsking(false);
    setLeft(OPEN_SECONDS);
    setValue(found);
  };
  if (value !== null) {
    return (
      <span className="k-sealed k-open">
        {value}
        <Button type="link" size="small" onClick={() => setValue(null)}>收起（{left} 秒）</Button>
      </span>
    );
  }
  return (
    <span className="k-sealed" data-no-open>
      {masked}
      {openPath && (
        <Popover
          open={asking}
          onOpenChange={setAsking}
          trigger="click"
          destroyOnHidden
          title="为什么要打开？（会记入操作日志）"
          content={<AskReason path={openPath} onOpened={opened} />}
        >
          <Button type="link" size="small" icon={<LockOutlined />}>打开</Button>
        </Popover>
      )}
    </span>
  );
}

function AskReason({ path, onOpened }: { path: string; onOpened: (value: string) => void }) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const tell = useTellError();
  const open = (why: string) => {
    if (!why.trim()) return;
    setBusy(true);
    post<{ value: string }>(path, { reason: why.trim() })
      .then((answer) => onOpened(answer.value))
      .catch(tell)
      .finally(() => setBusy(false));
  };
  return (
    <div className="k-ask-reason">
      <div className="k-row">
        {REASONS.map((r) => <Button key={r} disabled={busy} onClick={() => open(r)}>{r}</Button>)}
      </div>
      <Input.Search
        placeholder="其他原因"
        value={reason}
        maxLength={100}
        loading={busy}
        onChange={(e) => setReason(e.target.value)}
        onSearch={open}
        enterButton={<Button type="primary" icon={<EyeOutlined />} disabled={!reason.trim()}>打开</Button>}
      />
    </div>
  );
}
