import { expect, it } from 'vitest';
import { nothingNew } from './words';

it('says what a shop with nothing to download waits for', () => {
  expect(nothingNew({ uploaded: 0, at_suppliers: 3, left_count: 0 })).toBe('没有新的单号：等供应商回单 3 单');
  expect(nothingNew({ uploaded: 2, at_suppliers: 0, left_count: 1 })).toBe('没有新的单号：1 个不能放进文件，2 个等平台确认');
  expect(nothingNew({ uploaded: 0, at_suppliers: 0, left_count: 0 })).toBe('没有新的单号，也没有在等的订单');
});
