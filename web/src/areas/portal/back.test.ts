import { describe, expect, it } from 'vitest';
import { boxOf, still } from './back';

const back = [{ text: 'P-1 圆通 12', reason: '不是单号' }, { text: '钱七\n7.3E+13', reason: '科学计数' }];

describe('numbers that came back', () => {
  it('stay in the box, apart from each other', () => {
    expect(boxOf(back)).toBe('P-1 圆通 12\n\n钱七\n7.3E+13');
    expect(boxOf([])).toBe('');
  });

  it('are complained of until their lines are mended', () => {
    expect(still(back, boxOf(back))).toEqual(back);
    expect(still(back, 'P-1 圆通 YT8812345678901\n\n钱七\n7.3E+13')).toEqual(back.slice(1));
    expect(still(back, '')).toEqual([]);
  });
});
