import type { OrderRow } from './types';

/** Whether a person has to do something about this order before it can go. */
export const isHeld = (row: Pick<OrderRow, 'holds' | 'stopped'>): boolean => row.stopped.length > 0 || row.holds.some((h) => h.blocks);

const GONE = new Set(['part_shipped', 'shipped', 'finished']);

/** What an order waits for that nobody here can bring about; "" where a person has to do something about it. What other hands
 * have shipped is held for a person to withdraw, whatever else stands on it. */
export function waitsOnlyFor(row: Pick<OrderRow, 'holds' | 'stopped' | 'state' | 'step' | 'asked'>): string {
  const stops = row.holds.filter((h) => h.blocks);
  const still = row.step === 'hold' && row.stopped.length === 0 && !GONE.has(row.state);
  if (still && row.asked) return '买家回复';
  const waits = still && stops.every((h) => h.waits_for);
  return waits ? (stops[0]?.waits_for ?? '') : '';
}

/** The next order that a person has to do something about; none of those that only wait. */
export const nextHeld = (following: readonly OrderRow[]): OrderRow | undefined => following.find((row) => isHeld(row) && !waitsOnlyFor(row));
