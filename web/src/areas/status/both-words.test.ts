import { describe, expect, it } from 'vitest';
import { byLikeness, goodsWords, tooEarly } from './both-words';

const alike = (score: number, purchase_id = 'p') => ({ alike: [{ purchase_id, score, agrees: [], differs: [] }] });

describe('both lists', () => {
  it('puts the likest first and keeps the rest in order', () => {
    const rows = [{ n: 1, ...alike(1) }, { n: 2, ...alike(9, 'other') }, { n: 3, ...alike(7) }, { n: 4, ...alike(1) }];
    expect(byLikeness(rows, 'p').map((r) => r.n)).toEqual([3, 1, 4, 2]);
  });
  it('says goods with pieces', () => {
    expect(goodsWords([['杯子', 2], ['', 1]])).toBe('杯子 ×2、没有名字的商品 ×1');
    expect(goodsWords([])).toBe('平台没有给商品');
  });
  it('says how long nobody may be sure', () => {
    const now = Date.parse('2026-11-29T00:00:00Z');
    expect(tooEarly('2026-11-29T00:01:30Z', now)).toContain('2 分钟');
    expect(tooEarly('2026-11-28T23:59:59Z', now)).toBe(false);
    expect(tooEarly(null, now)).toBe(false);
  });
});
