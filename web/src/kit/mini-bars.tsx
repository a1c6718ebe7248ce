export interface MiniBarsProps {
  /** Oldest first. */
  points: readonly { label: string; value: number; text?: string }[];
  height?: number;
  title: string;
}

const STEP = 18;
const BAR = 12;

/** A few days as small bars, the last one in the accent; negative days hang below in red. */
export function MiniBars({ points, height = 44, title }: MiniBarsProps) {
  const values = points.map((p) => p.value);
  const top = Math.max(0, ...values);
  const bottom = Math.min(0, ...values);
  const scale = height / Math.max(1, top - bottom);
  const zero = top * scale;
  return (
    <svg className="k-bars" width={points.length * STEP} height={height} role="img" aria-label={title}>
      {points.map((point, i) => {
        const tall = Math.max(1, Math.abs(point.value) * scale);
        const look = point.value < 0 ? 'k-bar-loss' : i === points.length - 1 ? 'k-bar-now' : 'k-bar';
        return (
          <rect key={point.label} className={look} x={i * STEP + 3} width={BAR} rx={2} height={tall} y={point.value < 0 ? zero : zero - tall}>
            <title>{`${point.label}  ${point.text ?? point.value}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
