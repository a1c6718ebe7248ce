import { CheckOutlined, CloseOutlined, ExclamationOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';

/** todo: waits for us · doing: waits for others · warn: please check · bad: money lost or late · done · off: closed. */
export type Tone = 'todo' | 'doing' | 'warn' | 'bad' | 'done' | 'off';

const MARK: Record<Tone, ReactNode> = {
  todo: <i className="k-dot" />,
  doing: <i className="k-dot k-dot-ring" />,
  warn: <ExclamationOutlined />,
  bad: <ExclamationOutlined />,
  done: <CheckOutlined />,
  off: <CloseOutlined />,
};

export interface StateTagProps {
  label: string;
  tone: Tone;
  hint?: string;
}

/** A state in words with a mark, so that colour never stands alone. */
export function StateTag({ label, tone, hint }: StateTagProps) {
  return (
    <span className={`k-state k-tone-${tone}`} title={hint}>
      {MARK[tone]}
      {label}
    </span>
  );
}
