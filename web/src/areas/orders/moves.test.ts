import { describe, expect, it } from 'vitest';
import { goesOnAt, mendedAt, placeMayBeWrong, stoppedChip } from './deeds';
import { flagsOf, memoMoves } from './memo';
import type { OrderDetail } from './types';
import { wishMoves } from './wish';

const now = (): string => new Date().toISOString();
const detail = (more: object): OrderDetail => ({ memo: null, holds: [], order: { flag: '' }, ...more }) as unknown as OrderDetail;

describe('what the drawer looks at again by itself', () => {
  it('follows a memo until the platform has it and the flag is read back', () => {
    const memo = { state: 'writing', reason: '', text: true, flag: '红', by: '', at: now() };
    expect(memoMoves(detail({}))).toBe(false);
    expect(memoMoves(detail({ memo }))).toBe(true);
    expect(memoMoves(detail({ memo: { ...memo, state: 'written' } }))).toBe(true);
    expect(memoMoves(detail({ memo: { ...memo, state: 'written' }, order: { flag: '红' } }))).toBe(false);
    expect(memoMoves(detail({ memo: { ...memo, state: 'written', at: '2026-01-01T00:00:00Z' } }))).toBe(false);
    expect(memoMoves(detail({ memo: { ...memo, state: 'here' } }))).toBe(false);
  });

  it('follows a wish to move while it waits and shortly after', () => {
    const hold = { kind: 'address_wish', closed_at: null as string | null };
    expect(wishMoves(detail({ holds: [hold] }))).toBe(true);
    expect(wishMoves(detail({ holds: [{ ...hold, closed_at: now() }] }))).toBe(true);
    expect(wishMoves(detail({ holds: [{ ...hold, closed_at: '2026-01-01T00:00:00Z' }, { kind: 'manual', closed_at: null }] }))).toBe(false);
  });

  it('offers the flags of the platforms, every one where none is told', () => {
    expect(flagsOf([{ platform: 'a', label: 'A', longest: 60, flags: ['紫', '红'] }, { platform: 'b', label: 'B', longest: 20, flags: ['红', '黄'] }])).toEqual(['紫', '红', '黄']);
    expect(flagsOf([])).toHaveLength(8);
  });
});

describe('where a stopped purchase goes on', () => {
  const stopped = { id: 'd', supplier_id: 's', supplier: '义乌小店', reason: '没有关联', mend: 'link', things: ['A 1', 'B,2'] };
  it('leads to the offers of its supplier, opened on the goods that miss a link', () => {
    expect(goesOnAt(stopped, { id: 'a' })).toEqual({ label: '去关联货源', address: '/suppliers?open=s#link=A%201,B%2C2' });
    expect(goesOnAt({ ...stopped, mend: 'compare', things: ['612'] }, { id: 'a' }).address).toBe('/suppliers?open=s#offer=612');
    expect(stoppedChip(stopped)).toEqual({ id: 'd', kind: 'stopped', label: '货源没关联', reason: '没有关联' });
  });
  it('leads to its own deed where only a person can decide', () => {
    expect(goesOnAt({ ...stopped, mend: '', things: [] }, { id: 'a' })).toEqual({ label: '去决定', address: '/status?order=a' });
  });
});

describe('where a hold is mended', () => {
  it('leads to the goods that this order lacks, not to all goods', () => {
    expect(mendedAt('add_supply', { id: 'a' })).toBe('/goods?order=a');
    expect(mendedAt('dispatch_now', { id: 'a' })).toBe('/dispatch?ids=a');
    expect(mendedAt('fix_address', { id: 'a' })).toBeNull();
    expect(['region_not_served', 'no_supply'].map((kind) => placeMayBeWrong({ kind }))).toEqual([true, false]);
  });
});
