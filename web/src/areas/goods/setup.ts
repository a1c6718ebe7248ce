import type { SetupStep } from '@kit/index';

export const steps: readonly SetupStep[] = [{ key: 'goods', load: () => import('./setup-step') }];
