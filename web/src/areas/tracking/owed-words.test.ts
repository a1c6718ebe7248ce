import { expect, it } from 'vitest';
import { sharedWords } from './owed-words';

it('says why the suppliers’ orders add up to more than there are', () => {
  expect(sharedWords(14, [{ orders: 9 }, { orders: 7 }])).toBe('一单拆给几家的，每家都列一次，所以下面加起来是 16；实际是 14 单');
  expect(sharedWords(16, [{ orders: 9 }, { orders: 7 }])).toBe('');
  expect(sharedWords(0, [])).toBe('');
});
