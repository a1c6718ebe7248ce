/** The state of a list as it stands in the address: shared by copying, kept by the back button. */
export interface ListState {
  filters: Readonly<Record<string, string>>;
  tab: string;
  /** Column key, with ``-`` before it for descending; empty for the list's own order. */
  sort: string;
  /** The row whose drawer is open. */
  open: string;
  size: number;
}

export const SIZES = [50, 100] as const;
const OWN = new Set(['tab', 'sort', 'open', 'size']);

/** Read an address; what is not a list word is a filter. */
export function readState(params: URLSearchParams, firstTab = ''): ListState {
  const filters: Record<string, string> = {};
  for (const [name, value] of params) if (!OWN.has(name) && value !== '') filters[name] = value;
  const size = Number(params.get('size'));
  return {
    filters,
    tab: params.get('tab') ?? firstTab,
    sort: params.get('sort') ?? '',
    open: params.get('open') ?? '',
    size: SIZES.find((s) => s === size) ?? SIZES[0],
  };
}

/** Write it back, leaving out whatever is as usual. ``tabSaid``: somebody chose the tab, so that it stays in the address also
 * where it is the first one: a screen may open on another. */
export function writeState(state: ListState, firstTab = '', tabSaid = false): URLSearchParams {
  const params = new URLSearchParams();
  if (state.tab && (tabSaid || state.tab !== firstTab)) params.set('tab', state.tab);
  for (const name of Object.keys(state.filters).sort()) {
    const value = state.filters[name];
    if (value) params.set(name, value);
  }
  if (state.sort) params.set('sort', state.sort);
  if (state.size !== SIZES[0]) params.set('size', String(state.size));
  if (state.open) params.set('open', state.open);
  return params;
}

/** The filters without those that belong to something else than the search bar. */
export const without = (filters: ListState['filters'], names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(filters).filter(([name]) => !names.includes(name)));

/** What pressing a tab changes: ``drops`` are filters that lead across the tabs and end with the next tab, with their sort. */
export function toTab(state: ListState, tab: string, drops: readonly string[] = []): Partial<ListState> {
  const dropped = drops.some((name) => name in state.filters);
  return { tab, open: '', ...(dropped && { filters: without(state.filters, drops), sort: '' }) };
}

/** What the API is asked for: the filters, the tab, the order. */
export function asQuery(state: ListState, fixed: Readonly<Record<string, string>> = {}): Record<string, string> {
  const query: Record<string, string> = { ...state.filters, ...fixed };
  if (state.tab) query['tab'] = state.tab;
  if (state.sort) query['sort'] = state.sort;
  return query;
}

/** Ascending → descending → the list's own order. */
export function nextSort(sort: string, key: string): string {
  if (sort === key) return `-${key}`;
  return sort === `-${key}` ? '' : key;
}
