import type { Target } from '@api/shapes';

/** Chosen rows: some by name, or all that the filter finds except a few. */
export type Selection =
  | { readonly kind: 'some'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'all'; readonly except: ReadonlySet<string>; readonly total: number };

export const NOTHING: Selection = { kind: 'some', ids: new Set() };

export const everything = (total: number): Selection => ({ kind: 'all', except: new Set(), total });

export function isChosen(selection: Selection, id: string): boolean {
  return selection.kind === 'some' ? selection.ids.has(id) : !selection.except.has(id);
}

export function howMany(selection: Selection): number {
  return selection.kind === 'some' ? selection.ids.size : Math.max(0, selection.total - selection.except.size);
}

function changed(set: ReadonlySet<string>, ids: readonly string[], add: boolean): ReadonlySet<string> {
  const next = new Set(set);
  for (const id of ids) if (add) next.add(id); else next.delete(id);
  return next;
}

/** Choose or drop rows; rows on other pages stay as they are. */
export function choose(selection: Selection, ids: readonly string[], on: boolean): Selection {
  if (selection.kind === 'some') return { kind: 'some', ids: changed(selection.ids, ids, on) };
  return { ...selection, except: changed(selection.except, ids, !on) };
}

export const flip = (selection: Selection, id: string): Selection => choose(selection, [id], !isChosen(selection, id));

/** Make the rows of this page chosen exactly as the table says. */
export function setPage(selection: Selection, page: readonly string[], chosen: readonly string[]): Selection {
  const on = new Set(chosen);
  return choose(choose(selection, page.filter((id) => on.has(id)), true), page.filter((id) => !on.has(id)), false);
}

/** What an action sends: ids, or the filter itself so that rows never seen are included. */
export function targetOf(selection: Selection, filter: Record<string, string>): Target {
  return selection.kind === 'some'
    ? { ids: [...selection.ids] }
    : { filter, except: [...selection.except] };
}
