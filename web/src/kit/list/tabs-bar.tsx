import { useEffect, useRef } from 'react';
import { count } from '../format';
import type { ListTab } from './types';

/** Status tabs with live counts. */
export function TabsBar({ tabs, here, counts, go }: {
  tabs: readonly ListTab[]; here: string; counts: Readonly<Record<string, number>> | undefined; go: (tab: string) => void;
}) {
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    // Its return value (a promise in newer browsers) must not be taken for a clean-up.
    bar.current?.querySelector('.k-here')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [here]);
  return (
    <nav className="k-tabs" role="tablist" ref={bar}>
      {tabs.map((tab) => (
        <button key={tab.key} type="button" role="tab" aria-selected={tab.key === here} className={tab.key === here ? 'k-tab k-here' : 'k-tab'} onClick={() => go(tab.key)}>
          {tab.label}
          {counts?.[tab.key] !== undefined && <b className={counts[tab.key] === 0 ? 'k-zero' : undefined}>{count(counts[tab.key] ?? 0)}</b>}
        </button>
      ))}
    </nav>
  );
}
