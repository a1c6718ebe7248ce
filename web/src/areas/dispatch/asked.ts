import type { Asked } from './use-board';

/** What the address asks to be dispatched: ``ids``, or ``filter`` (the order desk's address) without ``except``. */
export function askedFor(address: URLSearchParams): Asked {
  const ids = address.get('ids');
  if (ids) return { ids: ids.split(',') };
  const filter = address.get('filter');
  if (filter === null) return { ids: null };
  return { filter: Object.fromEntries(new URLSearchParams(filter)), except: address.get('except')?.split(',') ?? [] };
}
