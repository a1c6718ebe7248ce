import { useState } from 'react';

export interface Cursor {
  /** Null on the first page. */
  at: string | null;
  /** 1 for the first page. */
  page: number;
  forward: (next: string) => void;
  back: () => void;
}

/** Walk along cursors; a changed query begins at the first page again. */
export function useCursor(query: string): Cursor {
  const [walk, setWalk] = useState<{ query: string; trail: string[] }>({ query, trail: [] });
  const trail = walk.query === query ? walk.trail : [];
  return {
    at: trail.at(-1) ?? null,
    page: trail.length + 1,
    forward: (next) => setWalk({ query, trail: [...trail, next] }),
    back: () => setWalk({ query, trail: trail.slice(0, -1) }),
  };
}
