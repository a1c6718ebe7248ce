import { useSearchParams } from 'react-router';
import { useApi } from '@api/queries';
import type { components } from '@api/schema';
import { outstandingLine } from './words';

type Counts = components['schemas']['AftersaleCounts'];

/** What suppliers still have of our money because of refunds, and how much of it is late. */
export function Outstanding() {
  const [params] = useSearchParams();
  const asked = Object.fromEntries(['numbers', 'shop', 'supplier'].map((k) => [k, params.get(k) ?? '']));
  const { data } = useApi<Counts>('/api/aftersales/counts', asked, { every: 15_000, keep: true });
  return <>{data ? outstandingLine(data) : ''}</>;
}
