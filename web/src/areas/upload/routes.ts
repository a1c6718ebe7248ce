import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [{ path: 'upload', load: () => import('./screen'), station: 'upload' }];
