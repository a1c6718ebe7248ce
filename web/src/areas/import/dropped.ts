import { useCallback, useEffect, useState } from 'react';
import { useNavigate } from 'react-router';
import { post } from '@api/http';
import { useAct } from '@kit/index';
import { resultOf } from './run';
import type { Card, RunOut } from './types';

interface Dropped {
  /** These were just dropped. */
  watch: (ids: readonly string[]) => void;
  /** Why the last drop waits for the button although all of it could go in; "" when there is nothing to say. */
  why: string;
}

/** What was just dropped goes in by itself once it is read, when nothing about any of it is open; the server judges that. */
export function useDropped(cards: readonly Card[] | undefined): Dropped {
  const [ids, setIds] = useState<readonly string[]>([]);
  const [why, setWhy] = useState('');
  const { act } = useAct();
  const go = useNavigate();
  const watch = useCallback((more: readonly string[]) => {
    setWhy('');
    setIds((before) => [...new Set([...before, ...more])]);
  }, []);
  useEffect(() => {
    const mine = (cards ?? []).filter((c) => ids.includes(c.id));
    if (ids.length === 0 || mine.length < ids.length || mine.some((c) => c.state === 'reading')) return;
    setIds([]);
    if (!mine.every((c) => c.ready)) return;
    void act((key) => post<RunOut>('/api/imports/dropped', { ids }, { key }), {
      refresh: ['/api/imports', '/api/today'],
      after: (answer) => {
        const { import_ids: started, left } = answer as RunOut;
        const first = left[0];
        if (started.length > 0) void go(`${resultOf(answer as RunOut)}&dropped=1`);
        else if (first) setWhy(`${String(first[0])}：${String(first[1])}`);
      },
    });
  }, [ids, cards, act, go]);
  return { watch, why };
}
