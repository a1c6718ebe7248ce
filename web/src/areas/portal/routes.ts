import type { ScreenRoute } from '@kit/index';

export const routes: readonly ScreenRoute[] = [{ path: 's/:token', load: () => import('./portal'), bare: true }];
