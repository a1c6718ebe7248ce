import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { readState, writeState, type ListState } from './url-state';

/** The list's state in the address, and how to change it; opening a drawer is no step for the back button. */
export function useListState(firstTab: string): [ListState, (change: Partial<ListState>) => void] {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const state = useMemo(() => readState(new URLSearchParams(text), firstTab), [text, firstTab]);
  const change = useCallback(
    (part: Partial<ListState>) =>
      setParams((now) => writeState({ ...readState(now, firstTab), ...part }, firstTab, part.tab !== undefined || now.has('tab')), {
        replace: Object.keys(part).every((k) => k === 'open'),
      }),
    [setParams, firstTab],
  );
  return [state, change];
}
