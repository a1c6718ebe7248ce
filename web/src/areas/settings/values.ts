import { yuanShort } from '@kit/index';

export interface Bounded {
  group: string;
  unit: string;
  low: number;
  high: number;
  default: unknown;
}

/** Money is kept in fen and typed in yuan; everything else as it is. */
export const shown = (value: number, unit: string): number => (unit === '分' ? value / 100 : value);
export const stored = (typed: number, unit: string): number => (unit === '分' ? Math.round(typed * 100) : Math.round(typed));

const said = (value: number, unit: string): string => (unit === '分' ? yuanShort(value) : `${value.toLocaleString('en-US')} ${unit}`);

export const boundsText = (s: Bounded): string => `可填 ${said(s.low, s.unit)} 到 ${said(s.high, s.unit)}`;

export function defaultText(s: Bounded): string {
  if (typeof s.default === 'boolean') return s.default ? '开' : '关';
  return said(Number(s.default), s.unit);
}

/** Settings by group, in the order of the answer. */
export function groupsOf<S extends Bounded>(settings: readonly S[]): [string, S[]][] {
  const groups = new Map<string, S[]>();
  for (const one of settings) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return [...groups];
}
