import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [{ path: 'goods', load: () => import('./list') }];
