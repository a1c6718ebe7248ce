import type { ScreenRoute, SetupStep } from '@kit/screen-route';

interface RoutesModule {
  routes: readonly ScreenRoute[];
}

interface SetupModule {
  steps: readonly SetupStep[];
}

/** Every area offers its screens in ``areas/<area>/routes.ts``; nothing else has to be edited to add one. */
export const screens: readonly ScreenRoute[] = Object.values(
  import.meta.glob<RoutesModule>('../areas/*/routes.ts', { eager: true }),
).flatMap((module) => module.routes);

export const setupSteps: readonly SetupStep[] = Object.values(
  import.meta.glob<SetupModule>('../areas/*/setup.ts', { eager: true }),
).flatMap((module) => module.steps);

const known = new Set(screens.map((s) => `/${s.path}`));

/** Whether an area offers this address: the menu lists only screens that exist. */
export const offered = (path: string): boolean => known.has(path);
