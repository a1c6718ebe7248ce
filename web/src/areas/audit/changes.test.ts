import { describe, expect, it } from 'vitest';
import { changesOf } from './changes';

const words = new Map([['link_days', '供应商链接有效天数'], ['orders.view', '看订单']]);

describe('before and after in words', () => {
  it('names settings and permissions, says yes and no, and nothing', () => {
    expect(changesOf({ link_days: [3, 7], active: [true, false], permissions: [[], ['orders.view']], note: 'x' }, words)).toEqual([
      { name: '供应商链接有效天数', before: '3', after: '7' },
      { name: '启用', before: '是', after: '否' },
      { name: '权限', before: '（无）', after: '看订单' },
      { name: 'note', before: '', after: 'x' },
    ]);
  });
});
