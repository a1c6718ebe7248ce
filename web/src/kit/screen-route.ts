import type { ComponentType } from 'react';
import type { StationKey } from '@api/shapes';

/** One screen, as its area offers it in ``routes.ts``; loaded when first visited. */
export interface ScreenRoute {
  /** Address without leading slash, e.g. ``orders`` or ``import/:id``. */
  path: string;
  load: () => Promise<{ default: ComponentType }>;
  /** The day line stands above this screen, marked here. */
  station?: StationKey;
  /** Outside the layout, without a session: the supplier's link. */
  bare?: boolean;
}

/** One step of the first-run wizard, as its area offers it in ``setup.ts``. */
export interface SetupStep {
  key: 'shops' | 'suppliers' | 'goods';
  /** Draws the step; ``next`` leads on, also when the person leaves it for later. */
  load: () => Promise<{ default: ComponentType<{ next: () => void }> }>;
}
