import type { Tone } from '@kit/index';

/** How a state looks; its word comes from the server. */
export const TONE: Readonly<Record<string, Tone>> = {
  draft: 'todo',
  sent: 'doing',
  accepted: 'doing',
  refused: 'bad',
  part_shipped: 'doing',
  shipped: 'done',
  closed: 'done',
  recalling: 'warn',
  recalled: 'off',
  cancelled: 'off',
  open: 'doing',
  out_of_stock: 'bad',
  created: 'warn',
  acknowledged: 'done',
  too_late: 'bad',
  ready: 'todo',
  intended: 'doing',
  unknown: 'warn',
  placed: 'doing',
  done: 'done',
  withdrawn: 'off',
};
