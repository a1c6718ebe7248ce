import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [{ path: 'dispatch', load: () => import('./preview'), station: 'dispatch' }];
