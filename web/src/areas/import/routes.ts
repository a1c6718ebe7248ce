import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [
  { path: 'import', load: () => import('./screen'), station: 'import' },
  { path: 'import/history', load: () => import('./history') },
  { path: 'import/templates', load: () => import('./templates') },
];
