import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [
  { path: 'match', load: () => import('./screen'), station: 'holds' },
  { path: 'match/matched', load: () => import('./matched'), station: 'holds' },
];
