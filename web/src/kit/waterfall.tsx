import { Money } from './money';

export interface WaterfallStep {
  label: string;
  /** Signed; null: missing, which makes every total after it unknown too. */
  fen: number | null;
  kind?: 'step' | 'total';
  estimated?: boolean;
  note?: string;
}

interface Bar {
  from: number;
  to: number;
}

/** Where each step's bar begins and ends, in fen; null for what is missing. */
export function bars(steps: readonly WaterfallStep[]): (Bar | null)[] {
  let level = 0;
  return steps.map((step) => {
    if (step.fen === null) return null;
    if (step.kind === 'total') {
      level = step.fen;
      return { from: 0, to: step.fen };
    }
    const bar = { from: level, to: level + step.fen };
    level = bar.to;
    return bar;
  });
}

/** From what the merchant gets to what remains, step by step. */
export function Waterfall({ steps }: { steps: readonly WaterfallStep[] }) {
  const drawn = bars(steps);
  const ends = drawn.flatMap((b) => (b ? [b.from, b.to] : []));
  const low = Math.min(0, ...ends);
  const range = Math.max(1, Math.max(0, ...ends) - low);
  const at = (fen: number) => `${((fen - low) / range) * 100}%`;
  return (
    <div className="k-waterfall" role="table">
      {steps.map((step, i) => {
        const bar = drawn[i];
        const tone = step.kind === 'total' ? ((step.fen ?? 0) < 0 ? 'k-fall-loss' : 'k-fall-total') : (step.fen ?? 0) < 0 ? 'k-fall-out' : 'k-fall-in';
        return (
          <div key={step.label} role="row" className={step.kind === 'total' ? 'k-fall k-fall-sum' : 'k-fall'} title={step.note}>
            <span role="cell">{step.label}</span>
            <span role="presentation" className="k-fall-track">
              {bar && (
                <i
                  className={tone}
                  style={{ left: at(Math.min(bar.from, bar.to)), width: `${(Math.abs(bar.to - bar.from) / range) * 100}%` }}
                />
              )}
            </span>
            <span role="cell" className="k-right"><Money fen={step.fen} estimated={step.estimated ?? false} strong={step.kind === 'total'} plain={step.kind !== 'total'} /></span>
          </div>
        );
      })}
    </div>
  );
}
