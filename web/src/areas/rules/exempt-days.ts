import { beijing } from '@kit/index';

/** A moment in the form: ``2026-02-15 00:00`` on the Beijing clock. */
export type Wall = string;

const WALL = 'YYYY-MM-DD HH:mm';

export const wallOf = (at: string): Wall => beijing(at).format(WALL);

/** What is sent: the same moment with its zone, wherever the browser stands. */
export const momentOf = (wall: Wall): string => `${wall.replace(' ', 'T')}:00+08:00`;

/** ``02-15 00:00 到 02-23 24:00``: the day that ends at midnight is said as its own end. */
export function daysText(starts: string, ends: string): string {
  const [from, to] = [beijing(starts), beijing(ends)];
  const midnight = to.hour() === 0 && to.minute() === 0;
  const end = midnight ? `${to.subtract(1, 'minute').format('YYYY-MM-DD')} 24:00` : to.format(WALL);
  return `${from.format(WALL)} 到 ${end}`;
}

export type Standing = 'now' | 'later' | 'over';

export function standing(starts: string, ends: string, now: number): Standing {
  if (Date.parse(ends) <= now) return 'over';
  return Date.parse(starts) > now ? 'later' : 'now';
}

/** Whether a source is an address that can be opened. */
export const isLink = (source: string): boolean => /^https?:\/\/\S+$/i.test(source.trim());
