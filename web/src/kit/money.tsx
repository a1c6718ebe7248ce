import { yuan } from './format';

export interface MoneyProps {
  /** Null: not known, which is never the same as zero. */
  fen: number | null | undefined;
  /** What to say when it is not known. */
  missing?: string;
  /** Computed from a rate table, not from the file. */
  estimated?: boolean;
  strong?: boolean;
  /** A cost among costs: a minus is expected and not red. */
  plain?: boolean;
}

/** Money in yuan with tabular digits; negative in red, missing in words, 估 where estimated. */
export function Money({ fen, missing = '缺', estimated = false, strong = false, plain = false }: MoneyProps) {
  if (fen === null || fen === undefined) return <span className="k-money k-missing">{missing}</span>;
  const look = `k-money${fen < 0 && !plain ? ' k-negative' : ''}${strong ? ' k-strong' : ''}`;
  return (
    <span className={look}>
      {yuan(fen)}
      {estimated && <sup className="k-estimated" title="按费率表估算">估</sup>}
    </span>
  );
}
