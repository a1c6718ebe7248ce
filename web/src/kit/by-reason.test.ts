import { describe, expect, it } from 'vitest';
import { byReason, leftRows } from './by-reason';

const order = (number: string, reason: string) => ({ order_id: number, number, reason });

describe('what was left', () => {
  it('stands by its reason, the most frequent first', () => {
    const groups = byReason([order('1', '缺货'), order('2', '地址不全'), order('3', '地址不全')]);
    expect(groups.map((g) => [g.reason, g.orders.map((o) => o.number), g.same])).toEqual([['地址不全', ['2', '3'], true], ['缺货', ['1'], true]]);
  });
  it('is one group when only amounts differ, and the amount is left open', () => {
    const groups = byReason([order('1', '毛利 -¥3.20 低于 ¥1'), order('2', '毛利 ¥0.10 低于 ¥1')]);
    expect(groups.map((g) => [g.reason, g.orders.length, g.same])).toEqual([['毛利 … 低于 …', 2, false]]);
    expect(byReason([order('1', '差 3 件')]).map((g) => g.reason)).toEqual(['差 3 件']);
  });
  it('keeps goods apart whose names differ in a number', () => {
    expect(byReason([order('1', '“HP-001”没有供应商'), order('2', '“HP-002”没有供应商')])).toHaveLength(2);
  });
  it('is taken home with the reason', () => {
    expect(leftRows([order('69', '缺货')])).toEqual([['订单号', '原因'], ['69', '缺货']]);
  });
});
