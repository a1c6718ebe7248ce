import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [{ path: 'status', load: () => import('./screen') }];
