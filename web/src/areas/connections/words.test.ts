import { describe, expect, it } from 'vitest';
import { accountWords, applicationBody, comparisonWords, countdown, dryRunWords, feedLine, isBroken, lag, outcomeWords, pushAddress, quotaWords, renewsItself, summary, waitingWords } from './words';

const now = Date.parse('2026-11-20T12:00:00Z');
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();

describe('how a connection fares', () => {
  it('counts down to the end of a token, amber under three days', () => {
    expect(countdown(null, now)).toBeNull();
    expect(countdown(at(10 * 86_400), now)).toEqual({ text: '还有 10 天', tone: 'calm' });
    expect(countdown(at(2 * 86_400 + 3600), now)).toEqual({ text: '还有 2 天 1 小时', tone: 'soon' });
    expect(countdown(at(-1), now)).toEqual({ text: '已到期', tone: 'over' });
  });
  it('says how far behind a feed is, never in the future', () => {
    expect(lag(at(-12), now)).toBe('12 秒前');
    expect(lag(at(5), now)).toBe('0 秒前');
    expect(lag(at(-300), now)).toBe('5 分前');
    expect(feedLine({ feed: 'orders', watermark: at(-12), read_at: null, problem: '' }, now)).toEqual({ text: '订单 读到 12 秒前', late: false });
    expect(feedLine({ feed: 'refunds', watermark: at(-3600), read_at: null, problem: '' }, now)).toEqual({ text: '售后 读到 1 小时前', late: true });
    expect(feedLine({ feed: 'purchases', watermark: null, read_at: null, problem: '' }, now).text).toBe('采购订单 还没读过');
    expect([feedLine({ feed: 'goods', watermark: at(-3600 * 20), read_at: null, problem: '' }, now).late, feedLine({ feed: 'goods', watermark: at(-3600 * 30), read_at: null, problem: '' }, now).late]).toEqual([false, true]);
  });
  it('says what is left of quotas, and nothing of what it does not know', () => {
    expect(quotaWords(null)).toEqual([]);
    expect(quotaWords({ decrypt: { left: 1200, limit: 5000 }, calls: 9, note: '', odd: { used: 1 } })).toEqual(['解密 剩 1,200 / 5,000 次', '调用 剩 9 次']);
  });
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
    expect(isBroken({ state: 'paused' })).toBe(false);
    expect(isBroken({ state: 'revoked' })).toBe(true);
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
    expect(applicationBody('x', values)).toEqual({ platform: 'x', app_key: '77', secrets: { app_secret: 's' }, urls: { oauth: 'https://a' }, label: '主', calls_per_second: null });
    expect(applicationBody('x', { fields: { app_key: '88', app_secret: 's' } }, '77').app_key).toBe('77');
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

it('a token is renewed by itself only while what renews it outlasts it', () => {
  const hour = 3600;
  const day = 24 * hour;
  const row = (token: number, refresh: number | null) => ({ expires_at: at(token), refresh_expires_at: refresh === null ? null : at(refresh) });
  expect(renewsItself(row(6 * hour, 100 * day), now)).toBe(true);
  expect(renewsItself(row(6 * hour, 6 * hour), now)).toBe(false);
  expect(renewsItself(row(6 * hour, hour), now)).toBe(false);
  expect(renewsItself(row(6 * hour, null), now)).toBe(false);
});
