import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [{ path: 'aftersales', load: () => import('./list') }];
