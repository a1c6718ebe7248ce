import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [{ path: 'tracking', load: () => import('./screen'), station: 'tracking' }];
