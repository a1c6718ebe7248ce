import type { SetupStep } from '@kit/index';

export const steps: readonly SetupStep[] = [{ key: 'suppliers', load: () => import('./setup-step') }];
