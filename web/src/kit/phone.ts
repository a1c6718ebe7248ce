import { useSyncExternalStore } from 'react';

const narrow = () => window.matchMedia('(max-width: 767px)');

/** Whether the window is as narrow as a phone. */
export function usePhone(): boolean {
  return useSyncExternalStore(
    (tell) => {
      const query = narrow();
      query.addEventListener('change', tell);
      return () => query.removeEventListener('change', tell);
    },
    () => narrow().matches,
  );
}
