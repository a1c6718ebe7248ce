import { describe, expect, it } from 'vitest';
import { boundsText, defaultText, groupsOf, shown, stored } from './values';

const fen = { group: '派单', unit: '分', low: -100000, high: 100000, default: 300 };
const days = { group: '隐私', unit: '天', low: 7, high: 3650, default: 180 };

describe('settings in words', () => {
  it('types money in yuan and keeps it in fen, to the fen', () => {
    expect(shown(1999, '分')).toBe(19.99);
    expect(stored(19.99, '分')).toBe(1999);
    expect(stored(0.29, '分')).toBe(29);
    expect(stored(7, '天')).toBe(7);
  });
  it('says bounds and defaults with their unit', () => {
    expect(boundsText(fen)).toBe('可填 -¥1,000 到 ¥1,000');
    expect(boundsText(days)).toBe('可填 7 天 到 3,650 天');
    expect(defaultText(fen)).toBe('¥3');
    expect(defaultText({ ...fen, default: true })).toBe('开');
  });
  it('keeps the order of groups and of settings', () => {
    expect(groupsOf([fen, days, { ...fen, low: 1 }]).map(([g, s]) => [g, s.length])).toEqual([['派单', 2], ['隐私', 1]]);
  });
});
