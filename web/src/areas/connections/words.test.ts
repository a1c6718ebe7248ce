import { describe, expect, it } from 'vitest';
import { accountWords, applicationBody, comparisonWords, dryRunWords, knownAs, outcomeWords, pushAddress, summary, waitingWords } from './words';

describe('how a connection fares', () => {
  it('names only what waits, what needs a person first', () => {
    expect(waitingWords({ unread: 3, parked: 0, waiting: 0, doing: 0, stuck: 2 }).map((w) => `${w.label} ${w.n}`)).toEqual(['要人决定 2', '来件待读 3']);
  });
  it('names the account only where it says something new', () => {
    expect(accountWords({ name: '甲店', account: '44', account_name: '甲店' })).toBe('账号 44');
    expect(accountWords({ name: '恒达', account: '44', account_name: '恒达采购' })).toBe('账号 恒达采购');
  });
  it('knows outcomes by class and by word', () => {
    expect(outcomeWords('ok')).toBe('成功');
    expect(outcomeWords('RateLimited')).toBe('太频繁');
    expect(outcomeWords('outcome_unknown')).toBe('没有应答');
    expect(summary([{ state: 'working', state_label: '正常' }, { state: 'working', state_label: '正常' }, { state: 'expired', state_label: '授权已过期' }])).toBe('2 个正常，1 个授权已过期');
  });
});

describe('a comparison of numbers', () => {
  const row = { theirs: 12, ours: 11, filled: 1, left: {}, strange: [], outcome: 'ok' };
  it('says both sides, what was filled in and what still differs', () => {
    expect(comparisonWords(row)).toEqual({ text: '平台 12 单 / 我们 11 单 / 已补 1 单', differs: '' });
    expect(comparisonWords({ ...row, filled: 0, left: { '69': '读不懂' }, strange: ['70', '71'] }).differs).toBe('缺 1 单，平台不认识 2 单');
  });
  it('does not call an attempt that failed a comparison', () => {
    expect(comparisonWords({ ...row, theirs: 0, ours: 0, filled: 0, outcome: 'Unavailable' }).text).toBe('没有核对成');
  });
});

describe('an application', () => {
  it('has its push address under the site', () => {
    expect(pushAddress('https://erp.example', { push_path: '/api/push/x/' }, { app_key: 'k 1' })).toBe('https://erp.example/api/push/x/k%201');
  });
  it('sends the key by itself and leaves out what is empty', () => {
    const values = { label: ' 主 ', fields: { app_key: ' 77 ', app_secret: 's', shop_id: ' ' }, urls: { gateway: '', oauth: 'https://a' } };
    expect(applicationBody(values)).toEqual({ app_key: '77', what: { secrets: { app_secret: 's' }, urls: { oauth: 'https://a' }, label: '主', calls_per_second: null } });
  });
  it('knows a key that is there already', () => {
    const app = { id: '1', platform: 'x', app_key: '77', label: '主', urls: {}, calls_per_second: null, origin: 'own', active: true, version: 1 };
    expect(knownAs(' 77 ', [app])?.id).toBe('1');
    expect([knownAs('78', [app]), knownAs(undefined, [app])]).toEqual([undefined, undefined]);
  });
});

describe('what automatic would do', () => {
  const run = { orders: 49, would_buy: 37, cost_fen: 120_400, margin_fen: 31_000, by_supplier: [], stays: [] };
  it('is one sentence', () => {
    expect(dryRunWords(run)).toBe('会买 37 单，¥1,204，毛利 ¥310；12 单不会：');
    expect(dryRunWords({ ...run, orders: 37 })).toBe('会买 37 单，¥1,204，毛利 ¥310，全部会买。');
    expect(dryRunWords({ ...run, orders: 5, would_buy: 0 })).toBe('一单也不会买；5 单不会：');
    expect(dryRunWords({ ...run, orders: 0, would_buy: 0 })).toContain('没有等着派的单');
  });
});
