import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [{ path: 'shops', load: () => import('./list') }];
