import type { ReactNode } from 'react';

export interface EmptyTeachProps {
  title: string;
  /** How the list gets its first row, one step a line. */
  steps?: readonly ReactNode[];
  action?: ReactNode;
}

/** An empty list that says how it gets filled. */
export function EmptyTeach({ title, steps = [], action }: EmptyTeachProps) {
  return (
    <div className="k-empty">
      <svg width="72" height="52" viewBox="0 0 72 52" aria-hidden="true">
        <path d="M8 22 18 6h36l10 16v22a4 4 0 0 1-4 4H12a4 4 0 0 1-4-4z" className="k-empty-box" />
        <path d="M8 22h16a3 3 0 0 1 3 3 4 4 0 0 0 4 4h10a4 4 0 0 0 4-4 3 3 0 0 1 3-3h16" className="k-empty-line" />
      </svg>
      <strong>{title}</strong>
      {steps.length > 0 && <ol>{steps.map((step, i) => <li key={i}>{step}</li>)}</ol>}
      {action}
    </div>
  );
}
