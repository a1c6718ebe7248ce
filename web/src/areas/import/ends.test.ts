import { describe, expect, it } from 'vitest';
import { endOf } from './ends';

describe('how imports ended', () => {
  it('is complete only when every file is', () => {
    expect(endOf(['done', 'done'])).toBe('导入完成');
    expect(endOf(['cancelled'])).toBe('已取消');
    expect(endOf(['done', 'cancelled', 'done'])).toBe('3 个文件里有 1 个已取消');
    expect(endOf(['failed', 'cancelled'])).toBe('2 个文件里有 2 个没有导完');
  });
});
