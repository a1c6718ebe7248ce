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

/** The server's time as it is known at this drawing: data that has just come is never from the future. */
export const useServerNow = (): number => Math.max(useNow(), serverNow());
