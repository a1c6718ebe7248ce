import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [{ path: 'send', load: () => import('./send'), station: 'dispatch' }];
