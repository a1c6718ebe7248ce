import { useCallback, useEffect, useRef } from 'react';
import { put } from '@api/http';
import { keyOf, queries, useApi } from '@api/queries';

const QUIET_MS = 500;
const pathOf = (key: string) => `/api/me/preferences/${key}`;

/** One remembered choice of this person: drawn at once, written after a short rest. Null until something is stored. */
export function usePreference<T>(key: string): [T | null, (value: T | null) => void] {
  const { data } = useApi<{ value: T | null }>(pathOf(key), undefined, { staleTime: Number.POSITIVE_INFINITY });
  const pending = useRef<{ timer: ReturnType<typeof setTimeout>; write: () => void } | null>(null);
  const set = useCallback(
    (value: T | null) => {
      queries.setQueryData(keyOf(pathOf(key)), { value });
      if (pending.current) clearTimeout(pending.current.timer);
      const write = () => {
        pending.current = null;
        // A lost preference is no reason to interrupt work: it still holds until the page is left.
        put(pathOf(key), { value }).catch(() => undefined);
      };
      pending.current = { timer: setTimeout(write, QUIET_MS), write };
    },
    [key],
  );
  useEffect(
    () => () => {
      if (!pending.current) return;
      clearTimeout(pending.current.timer);
      pending.current.write();
    },
    [],
  );
  return [data?.value ?? null, set];
}
