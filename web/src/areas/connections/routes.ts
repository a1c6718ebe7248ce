import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [{ path: 'connections', load: () => import('./screen') }];
