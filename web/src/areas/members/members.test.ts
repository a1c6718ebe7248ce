import { describe, expect, it } from 'vitest';
import { grouped, newRoleKey, scopeText } from './shapes';

const shops = [{ id: 'a', name: '一店' }, { id: 'b', name: '二店' }];

describe('data scope in words', () => {
  it('says everything, nothing, names, or how many', () => {
    expect(scopeText(null, '店铺', shops)).toBe('全部店铺');
    expect(scopeText([], '店铺', shops)).toBe('没有店铺');
    expect(scopeText(['b', 'a'], '店铺', shops)).toBe('二店、一店');
    expect(scopeText(['a', 'b', 'c'], '店铺', shops)).toBe('3 个店铺');
    expect(scopeText(['gone'], '店铺', shops)).toBe('1 个店铺');
  });
});

describe('permissions', () => {
  it('keep the order of the answer inside their groups', () => {
    const all = [
      { key: 'b', label: 'B', group: '一' },
      { key: 'a', label: 'A', group: '一' },
      { key: 'c', label: 'C', group: '二' },
    ];
    expect(grouped(all).map(([name, keys]) => [name, keys.map((k) => k.key)])).toEqual([['一', ['b', 'a']], ['二', ['c']]]);
  });
  it('gives every new role its own key', () => {
    expect(newRoleKey()).not.toBe(newRoleKey());
  });
});
