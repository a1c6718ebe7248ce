import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [{ path: 'orders', load: () => import('./desk'), station: 'holds' }];
