import type { components } from '@api/schema';

export type Today = components['schemas']['PortalToday'];
export type Line = components['schemas']['PortalLineOut'];
export type To = components['schemas']['PortalTo'];

/** Still to be shipped. */
export const waiting = (line: Line): boolean => ['open', 'accepted', 'part_shipped'].includes(line.state);

/** Lines under the same key, in the order of their first. */
export function grouped(lines: readonly Line[], keyOf: (line: Line) => string): [string, Line[]][] {
  const found = new Map<string, Line[]>();
  for (const line of lines) found.set(keyOf(line), [...(found.get(keyOf(line)) ?? []), line]);
  return [...found];
}
