import type { Station, StationKey } from '@api/shapes';

/** The day's five stations in their order. */
export const STATIONS: readonly StationKey[] = ['import', 'holds', 'dispatch', 'tracking', 'upload'];

/** The first station that still wants a person, on a day without orders yet the import; only it gets the primary button. */
export const nextStation = (stations: readonly Station[], fed: boolean): StationKey | null =>
  STATIONS.find((key) => stations.some((s) => s.key === key && !s.done && s.count > 0)) ?? (fed ? null : 'import');
