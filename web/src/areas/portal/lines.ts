import type { components } from '@api/schema';
import type { Parcel } from './waybill';

export type Today = components['schemas']['PortalToday'];
export type Line = components['schemas']['PortalLineOut'];
export type To = components['schemas']['PortalTo'];

/** Still to be shipped: not what is being asked back, which must not be packed meanwhile. */
export const waiting = (line: Line): boolean => !line.recalling && ['open', 'accepted', 'part_shipped'].includes(line.state);

/** Parcels by what is left to do: those to pack, and those that are over (all shipped, or not to be sent). */
export function packed(lines: readonly Line[]): { todo: [string, Line[]][]; over: [string, Line[]][]; word: string } {
  const all = grouped(lines, (x) => x.purchase_id);
  const todo = all.filter(([, members]) => members.some((x) => x.recalling || waiting(x)));
  const over = all.filter((one) => !todo.includes(one));
  const shipped = over.every(([, members]) => members.every((x) => x.state === 'shipped'));
  return { todo, over, word: shipped ? '已发' : '已发或不用发' };
}

/** What is still to be shipped, a parcel each: our number, and to whom. */
export function parcelsOf(today: Today): Parcel[] {
  const names = new Map(today.to.map((t) => [t.purchase_id, t.name]));
  return grouped(today.lines.filter(waiting), (x) => x.purchase_id).flatMap(([id, [first]]) => (first ? [{ number: first.number, name: names.get(id) ?? '' }] : []));
}

/** Lines under the same key, in the order of their first. */
export function grouped(lines: readonly Line[], keyOf: (line: Line) => string): [string, Line[]][] {
  const found = new Map<string, Line[]>();
  for (const line of lines) found.set(keyOf(line), [...(found.get(keyOf(line)) ?? []), line]);
  return [...found];
}
