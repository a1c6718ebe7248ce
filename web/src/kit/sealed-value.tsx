import { LockOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { post } from '@api/http';
import { AskReason } from './ask-reason';
import { OPEN_SECONDS } from './undo-clock';

export interface SealedValueProps {
  /** What everybody may see. */
  masked: string;
  /** POST {reason} → {value}; null when this person may not open it. */
  openPath: string | null;
  /** What the opening is called. */
  verb?: string;
}

/** Personal data, masked; opening asks for a reason, is recorded, and closes by itself after a minute. */
export function SealedValue({ masked, openPath, verb = '打开' }: SealedValueProps) {
  const [value, setValue] = useState<string | null>(null);
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (value === null) return;
    if (left <= 0) return setValue(null);
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [value, left]);
  const open = (path: string) => async (reason: string) => {
    const found = await post<{ value: string }>(path, { reason });
    setLeft(OPEN_SECONDS);
    setValue(found.value);
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
        <AskReason give={open(openPath)}>
          <Button type="link" size="small" icon={<LockOutlined />}>{verb}</Button>
        </AskReason>
      )}
    </span>
  );
}
