import { ago, fullTime, shortTime } from './format';
import { useNow } from './now';

/** ``11-20 14:05`` (or ``5 分钟前``), the full moment on hover. */
export function Time({ at, relative = false }: { at: string | null | undefined; relative?: boolean }) {
  const now = useNow();
  if (!at) return <span className="k-faint">—</span>;
  return (
    <time className="k-digits" dateTime={at} title={fullTime(at)}>
      {relative ? ago(at, now) : shortTime(at, now)}
    </time>
  );
}
