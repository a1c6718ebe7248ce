import { expect, it } from 'vitest';
import type { Group } from './use-board';
import { waysOf } from './ways';

const group = (purchases: number, byApi: number, ...goods: string[][]) => ({
  purchases, by_api: byApi,
  orders: goods.map((things) => ({ warnings: [{ kind: 'unlinked', text: '', things }] })) as unknown as Group['orders'],
});

it('says before the press what goes by itself and what a person has to send', () => {
  expect(waysOf([group(12, 10), group(5, 0)])).toEqual({ goes: '10 张派单后由接口自动下单，7 张要您在下一步发表格或链接', stops: '' });
  expect(waysOf([group(3, 3)]).goes).toBe('3 张派单后由接口自动下单');
  expect(waysOf([group(3, 0)]).goes).toBe('3 张要您在下一步发表格或链接');
  expect(waysOf([]).goes).toBe('');
});

it('warns of goods that no offer is linked to, each once a supplier', () => {
  expect(waysOf([group(2, 2, ['A', 'B'], ['A']), group(1, 1, ['A'])]).stops).toBe('3 种商品的货源没关联，不会自动下单，请先关联');
});
