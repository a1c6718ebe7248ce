import { expect, test } from 'vitest';
import { outstandingLine } from './words';

test('what suppliers owe, what nobody knows, what is late', () => {
  expect(outstandingLine({ outstanding_fen: 2170, unknown: 1, late: 2 })).toBe('供应商还欠 ¥21.70，1 单成本未知，2 件过了时限');
  expect(outstandingLine({ outstanding_fen: 0, unknown: 0, late: 0 })).toBe('供应商没有欠款');
});
