/** The server's clock, not the computer's: its answers carry the time, and a demo world may run on another day. */
let skewMs = 0;
const learners = new Set<() => void>();

const IGNORED_MS = 2_000;

/** Learn the skew from an answer's headers; ``X-Now`` (ISO) is exact, ``Date`` good to a second. */
export function learnClock(headers: Headers, localMs: number): void {
  const stamp = headers.get('X-Now') ?? headers.get('Date');
  const server = stamp ? Date.parse(stamp) : Number.NaN;
  if (Number.isNaN(server)) return;
  const found = server - localMs;
  if (Math.abs(found - skewMs) <= IGNORED_MS) return;
  skewMs = found;
  learners.forEach((tell) => tell());
}

/** Be told when the server's clock turns out to be another than was thought; returns how to stop. */
export function onClock(tell: () => void): () => void {
  learners.add(tell);
  return () => void learners.delete(tell);
}

/** Milliseconds since 1970 in the server's clock. */
export function serverNow(): number {
  return Date.now() + skewMs;
}
