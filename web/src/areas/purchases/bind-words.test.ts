import { describe, expect, it } from 'vitest';
import { moneyWords, placingWords, recipientWords } from './bind-words';

describe('an order bound by hand', () => {
  it('says how it stands in one line', () => {
    expect(placingWords({ state_label: '已下单', pay_state: 'due', total_fen: 1840, by_hand: true })).toBe('已下单 · 等付款 · ¥18.40 · 人工绑定');
    expect(placingWords({ state_label: '结果未知', pay_state: 'none', total_fen: null, by_hand: false })).toBe('结果未知');
  });
  it('warns of money only where it costs more', () => {
    expect(moneyWords({ planned_fen: 1500, total_fen: 1840, freight_fen: 300 })).toEqual({ ours: '¥15.00', theirs: '¥18.40（含运费 ¥3.00）', differs: true });
    expect(moneyWords({ planned_fen: 1840, total_fen: 1500, freight_fen: null }).differs).toBe(false);
    expect(moneyWords({ planned_fen: null, total_fen: 1500, freight_fen: 0 }).differs).toBe(false);
    expect(moneyWords({ planned_fen: 1500, total_fen: null, freight_fen: null }).differs).toBe(true);
  });
  it('never calls the unknown equal', () => {
    expect([true, false, null].map(recipientWords)).toEqual(['一致', '不一致', '无法自动核对']);
  });
});
