import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { to } from './paths';

export interface MendedThere {
  supplier_id: string;
  /** ``link``, ``compare``, or something that is not mended at a supplier's offers. */
  mend: string;
  /** SKU codes to link, or numbers of offers to compare. */
  things: readonly string[];
}

/** Where a placing that stopped for its supplier's offers goes on: their panel, opened on what is missing; null: a person decides. */
export function mendAt({ supplier_id, mend, things }: MendedThere): { label: string; address: string } | null {
  const panel = to('suppliers', { open: supplier_id });
  if (mend === 'link') return { label: '去关联货源', address: `${panel}#link=${things.map(encodeURIComponent).join(',')}` };
  if (mend === 'compare') return { label: '去核对货源', address: `${panel}#offer=${encodeURIComponent(things[0] ?? '')}` };
  return null;
}

/** Held placings go to their suppliers by sheet instead: all of these, or none. */
export const bySheet = (ids: readonly string[]) => (key: string) => post<ActionAnswer>('/api/outbox/by-sheet', { ids }, { key });
