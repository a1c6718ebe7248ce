import { describe, expect, it } from 'vitest';
import { byDay, choicesOf, sourceOf, sureOf, yesTo, type Claim } from './claim-row';

const suggestion = (id: string): Claim['suggestions'][number] => ({ purchase_id: id, shown: id, tracking_no: '1', courier: 'ZTO', courier_name: '中通', pieces: 1, why: '' });
const claim = (...ids: string[]): Claim => ({ id: 'c', state: 'doubtful', kind: 'several_orders', said: '', tracking_no: '1', reason: '', source: '回单.xlsx', row: 3, suggestions: ids.map(suggestion), settled: '', taken: false, created_at: '' });

describe('a doubtful number', () => {
  it('proposes its only purchase, and none of several', () => {
    expect(sureOf(claim('a'))?.purchase_id).toBe('a');
    expect(sureOf(claim('a', 'b'))).toBeUndefined();
    expect(sureOf(claim())).toBeUndefined();
  });

  it('is said to share a box where another goes by its number, and has no yes where nothing is left to put in', () => {
    expect(yesTo(claim('a'))).toEqual({ label: '是', word: {} });
    const taken = { ...claim('a'), kind: 'shared_box', taken: true };
    expect(yesTo({ ...taken, taken: false })).toEqual({ label: '是', word: {} });
    expect(yesTo(taken)).toEqual({ label: '是合箱', word: { shared: true } });
    expect(yesTo({ ...taken, suggestions: [{ ...suggestion('a'), pieces: 0 }] })).toBeNull();
    expect(yesTo(claim('a', 'b'))).toBeNull();
  });

  it('stands under the day on which it came, today first', () => {
    const at = (id: string, created_at: string) => ({ ...claim('a'), id, created_at });
    const days = byDay([at('1', '2026-11-29T16:30:00Z'), at('2', '2026-11-29T03:00:00Z'), at('3', '2026-11-30T02:00:00Z')], Date.parse('2026-11-30T06:00:00Z'));
    expect(days.map((d) => [d.name, d.claims.map((c) => c.id)])).toEqual([['今天', ['1', '3']], ['11-29', ['2']]]);
  });

  it('offers a few purchases to press, and has many looked for', () => {
    expect(choicesOf(claim('a', 'b')).map((s) => s.purchase_id)).toEqual(['a', 'b']);
    expect(choicesOf(claim('a', 'b', 'c', 'd'))).toHaveLength(4);
    expect(choicesOf(claim('a', 'b', 'c', 'd', 'e'))).toEqual([]);
    expect(choicesOf(claim('a'))).toEqual([]);
  });

  it('says where it stands', () => {
    expect(sourceOf({ source: '回单.xlsx', row: 3 })).toBe('回单.xlsx 第 3 行');
    expect(sourceOf({ source: '粘贴', row: 0 })).toBe('粘贴');
  });
});
