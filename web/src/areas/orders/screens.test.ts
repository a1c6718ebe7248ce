import { describe, expect, it } from 'vitest';
import { columns } from './columns';
import { decrypted } from './decrypt';
import { doubt } from './compare';
import { chipsOf, otherFilters, pressed } from './hold-strip';
import { priced } from './lines';
import { addressDoubts } from './recipient-form';
import type { OrderRow } from './types';
import { isHeld, nextHeld, waitsOnlyFor } from './waits';

const hold = (kind: string, blocks = true) => ({ id: kind, kind, label: kind, reason: '', remedy: '', remedy_label: '', clearable: true, blocks, waits_for: kind === 'not_to_ship_yet' ? '平台允许发货' : '' });

describe('a kind of hold', () => {
  it('opens every tab, because its orders stand in several, and leads back to what waits', () => {
    const there = pressed(new URLSearchParams('tab=hold&shop=7&open=x'), 'address_wish');
    expect(there.toString()).toBe('tab=all&shop=7&hold=address_wish&sort=due');
    expect(pressed(there, 'no_supply').toString()).toBe('tab=all&shop=7&hold=no_supply&sort=due');
    expect(pressed(there, 'address_wish').toString()).toBe('tab=hold&shop=7');
  });

  it('gives way to a stopped purchase, of which there are chips as well', () => {
    expect(pressed(new URLSearchParams('tab=hold&hold=no_supply'), 'link', 'stopped').toString()).toBe('tab=all&stopped=link&sort=due');
    expect(pressed(new URLSearchParams('tab=all&stopped=link&sort=due'), 'link', 'stopped').toString()).toBe('tab=hold');
    const counted = { holds: { overdue: 2 }, stopped: [{ mend: 'link', orders: 12, ids: [] }] };
    const words = [{ kind: 'overdue', label: '已超时' }, { kind: 'blocked', label: '黑名单' }];
    expect(chipsOf(words, counted, () => '').map((c) => `${c.label} ${c.orders}`)).toEqual(['已超时 2', '货源没关联 12']);
    expect(chipsOf([], { holds: {}, stopped: [] }, (by) => (by === 'stopped' ? 'decide' : '')).map((c) => c.label)).toEqual(['下单停下了']);
  });

  it('is counted under the filters that its list has', () => {
    expect(otherFilters(new URLSearchParams('tab=hold&hold=blocked&shop=7&open=x&sort=due&text='))).toEqual({ shop: '7' });
  });
});

describe('what a line cost', () => {
  it('shows the price of a piece, and the sum beside it', () => {
    expect(priced({ unit_price_fen: 3190, paid_fen: 382800, quantity: 120 })).toEqual({ piece: 3190, sum: 382800, less: false });
    expect(priced({ unit_price_fen: null, paid_fen: 382800, quantity: 120 })).toEqual({ piece: 3190, sum: 382800, less: false });
    expect(priced({ unit_price_fen: null, paid_fen: 1000, quantity: 3 })).toEqual({ piece: null, sum: 1000, less: false });
    expect(priced({ unit_price_fen: 500, paid_fen: null, quantity: 2 })).toEqual({ piece: 500, sum: 1000, less: false });
    expect(priced({ unit_price_fen: null, paid_fen: null, quantity: 2 })).toEqual({ piece: null, sum: null, less: false });
  });

  it('says one amount where one piece cost what it costs, two where a discount was given', () => {
    expect(priced({ unit_price_fen: 1990, paid_fen: 1990, quantity: 1 })).toEqual({ piece: 1990, sum: null, less: false });
    expect(priced({ unit_price_fen: 1990, paid_fen: 1790, quantity: 1 })).toEqual({ piece: 1990, sum: 1790, less: true });
  });
});

describe('the drawer', () => {
  it('says what came of decrypting', () => {
    expect(decrypted({ state: 'done', failed: 0, message: '' })).toEqual({ done: true, text: '已解密，收件人可用' });
    expect(decrypted({ state: 'done', failed: 1, message: '解密额度用完了' })).toEqual({ done: false, text: '没有解密：解密额度用完了' });
    expect(decrypted({ state: 'failed', failed: null, message: '' }).done).toBe(false);
  });

  it('calls an order free when nothing is left that stops it', () => {
    expect(isHeld({ holds: [hold('deadline_near', false)], stopped: [] })).toBe(false);
    expect(isHeld({ holds: [hold('blocked')], stopped: [] })).toBe(true);
  });

  it('goes on to what a person must do something about, past what only waits', () => {
    const row = (id: string, more: Partial<OrderRow>) => ({ id, step: 'hold', state: 'paid', holds: [hold('not_to_ship_yet')], stopped: [], ...more }) as unknown as OrderRow;
    const near = row('near', { holds: [hold('not_to_ship_yet'), hold('deadline_near', false)] });
    const both = row('both', { holds: [hold('not_to_ship_yet'), hold('blocked')] });
    expect([row('waits', {}), near, both, row('gone', { state: 'shipped' }), row('step', { step: 'lines', holds: [] }), { ...both, asked: true }].map(waitsOnlyFor)).toEqual(['平台允许发货', '平台允许发货', '', '', '', '买家回复']);
    expect(nextHeld([row('waits', {}), near, row('free', { step: 'dispatch', holds: [] }), both])?.id).toBe('both');
    expect(nextHeld([row('waits', {})])).toBeUndefined();
  });

  it('finds the doubt of a duplicate, and those about an address', () => {
    expect(doubt({ holds: [hold('blocked'), hold('duplicate')] })?.id).toBe('duplicate');
    expect(doubt({ holds: [hold('blocked')] })).toBeUndefined();
    expect(addressDoubts([hold('transit_address'), hold('blocked')]).map((h) => h.kind)).toEqual(['transit_address']);
  });
});

it('draws the list of orders into a window of 1440: what is left beside the menu, the ticks and the scroll bar', () => {
  const TICK = 38;
  expect(columns.reduce((sum, c) => sum + c.width, TICK)).toBeLessThanOrEqual(1440 - 156 - 34 - 15);
});

it('shows the mark 等买家 whole: three signs of 11 px in their frame, within the cell’s padding', () => {
  const TAG = 3 * 11 + 2 * (4 + 1);
  expect(columns.find((c) => c.key === 'marks')?.width).toBeGreaterThanOrEqual(TAG + 2 * 10);
});
