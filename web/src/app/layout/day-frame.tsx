import type { ReactNode } from 'react';
import type { StationKey } from '@api/shapes';
import { DayLine } from '@kit/day-line';

/** One of the five screens: the day line small above it. */
export function DayFrame({ here, children }: { here: StationKey; children: ReactNode }) {
  return (
    <div className="k-day-frame">
      <DayLine small here={here} />
      {children}
    </div>
  );
}
