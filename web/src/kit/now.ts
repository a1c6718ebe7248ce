import { useEffect, useState } from 'react';
import { onClock, serverNow } from '@api/server-clock';

const listeners = new Set<(now: number) => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** The server's time, told to every clock on screen by one timer. */
export function useNow(): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    listeners.add(setNow);
    const forget = onClock(() => setNow(serverNow()));
    timer ??= setInterval(() => listeners.forEach((tell) => tell(serverNow())), 20_000);
    return () => {
      listeners.delete(setNow);
      forget();
      if (listeners.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    };
  }, []);
  return now;
}
