import { expect, it } from 'vitest';
import { heldPlaceholders } from './recipient-form';

const known = { plain: true, name: '王**', phone: '170****5678', province: '广东省', city: '深圳市', district: '', address: '科苑路 15******' };

it('shows what stays in empty fields, masked, and nothing where all has to be typed', () => {
  expect(heldPlaceholders(known)).toEqual({ name: '王**', phone: '170****5678', province: '广东省', city: '深圳市', address: '科苑路 15******' });
  expect(heldPlaceholders({ ...known, plain: false })).toEqual({});
});
