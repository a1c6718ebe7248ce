import { expect, it } from 'vitest';
import { refusedWords } from './left';

it('says of goods that cannot go out who was looked at and why', () => {
  expect(refusedWords([{ supplier: '甲厂', reason: '不发西藏' }, { supplier: '乙厂', reason: '缺货' }])).toBe('甲厂 不发西藏；乙厂 缺货');
  expect(refusedWords([])).toBe('还没有供应商');
});
