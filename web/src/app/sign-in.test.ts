import { expect, it } from 'vitest';
import { insideOnly } from './sign-in';

it('follows only addresses inside the product', () => {
  expect(insideOnly('/orders?tab=held')).toBe('/orders?tab=held');
  for (const evil of [null, '', 'https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
    expect(insideOnly(evil)).toBe('/');
  }
});
