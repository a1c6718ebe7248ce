import type { SetupStep } from '@kit/index';

export const steps: readonly SetupStep[] = [{ key: 'shops', load: () => import('./setup-step') }];
