import { Button } from 'antd';
import type { ActionAnswer } from '@api/shapes';
import { useAct, type ActOptions } from './act';
import { AskReason } from './ask-reason';

export interface ReasonedButtonProps extends ActOptions {
  /** A verb: 删除, 移出, 拉黑. */
  label: string;
  /** Reasons that one press gives. */
  reasons: readonly string[];
  /** What will be so afterwards. */
  says: string;
  run: (reason: string, key: string) => Promise<ActionAnswer | void>;
}

/** One verb that asks once, for its reason. */
export function ReasonedButton({ label, reasons, says, run, ...options }: ReasonedButtonProps) {
  const { act, busy } = useAct();
  return (
    <AskReason verb={label} reasons={reasons} says={says} give={(reason) => act((key) => run(reason, key), options)}>
      <Button type="link" size="small" loading={busy}>{label}</Button>
    </AskReason>
  );
}
