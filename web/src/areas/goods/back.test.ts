import { expect, it } from 'vitest';
import { backTo } from './back';

it('leads back to the order that lacked supply, opened, before its number is known as well', () => {
  expect(backTo('o-1', '6901')).toEqual({ label: '回到订单 6901', address: '/orders?tab=all&open=o-1&numbers=6901' });
  expect(backTo('o-1', undefined)).toEqual({ label: '回到订单', address: '/orders?tab=all&open=o-1' });
});
