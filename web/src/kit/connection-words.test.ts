import { describe, expect, it } from 'vitest';
import { age, callRate, countdown, endings, feedLag, isBroken, pauseWords, quotaWords, renewsItself, since } from './connection-words';

const now = Date.parse('2026-11-20T12:00:00Z');
const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
const hour = 3600;
const day = 24 * hour;

describe('how a connection fares', () => {
  it('says ages', () => {
    expect(age(null)).toBeNull();
    expect(age(12.7)).toBe('12 秒');
    expect(age(300)).toBe('5 分');
    expect([since(2), since(12), since(3 * hour)]).toEqual(['刚刚', '12 秒前', '3 小时前']);
  });
  it('counts down to the end of a token, amber under three days', () => {
    expect(countdown(null, now)).toBeNull();
    expect(countdown(at(10 * day), now)).toEqual({ text: '还有 10 天', tone: 'calm' });
    expect(countdown(at(2 * day + hour), now)).toEqual({ text: '还有 2 天 1 小时', tone: 'soon' });
    expect(countdown(at(-1), now)).toEqual({ text: '已到期', tone: 'over' });
  });
  it('is not alarmed by a token that is renewed by itself', () => {
    const row = (token: number, refresh: number | null) => ({ expires_at: at(token), refresh_expires_at: refresh === null ? null : at(refresh) });
    expect([row(6 * hour, 100 * day), row(6 * hour, 6 * hour), row(6 * hour, hour), row(6 * hour, null)].map((r) => renewsItself(r, now))).toEqual([true, false, false, false]);
    expect(endings(row(6 * hour, 100 * day), now).map((e) => [e.label, e.tone])).toEqual([['授权', 'calm'], ['续期', 'calm']]);
    expect(endings(row(6 * hour, null), now).map((e) => [e.label, e.tone])).toEqual([['授权', 'soon']]);
  });
  it('says how far behind a feed is, never in the future', () => {
    expect(feedLag({ feed: 'orders', watermark: at(-12) }, now)).toEqual({ name: '订单', behind: '12 秒', late: false });
    expect(feedLag({ feed: 'orders', watermark: at(5) }, now).behind).toBe('0 秒');
    expect(feedLag({ feed: 'refunds', watermark: at(-hour) }, now)).toEqual({ name: '售后', behind: '1 小时', late: true });
    expect(feedLag({ feed: 'purchases', watermark: null }, now)).toEqual({ name: '采购订单', behind: null, late: true });
    expect([feedLag({ feed: 'goods', watermark: at(-hour * 20) }, now).late, feedLag({ feed: 'goods', watermark: at(-hour * 30) }, now).late]).toEqual([false, true]);
  });
  it('says what is left of quotas, and nothing of what it does not know', () => {
    expect(quotaWords(null)).toEqual([]);
    expect(quotaWords({ decrypt: { left: 1200, limit: 5000 }, calls: 9, note: '', odd: { used: 1 } })).toEqual(['解密 剩 1,200 / 5,000 次', '调用 剩 9 次']);
  });
  it('says that the breaker is open only while it is', () => {
    expect(pauseWords({ pause_seconds: null, failures: 7 })).toBeNull();
    expect(pauseWords({ pause_seconds: 27.2, failures: 5 })).toBe('连错 5 次，28 秒后再试');
    expect([isBroken({ state: 'paused' }), isBroken({ state: 'revoked' })]).toEqual([false, true]);
  });
  it('keeps to the rate of the application, else of the card', () => {
    const apps = [{ id: 'a', calls_per_second: 3 }, { id: 'b', calls_per_second: null }];
    expect([callRate({ application_id: 'a' }, apps, { calls_per_second: 9 }), callRate({ application_id: 'b' }, apps, { calls_per_second: 9 }), callRate({ application_id: 'b' }, apps, undefined)]).toEqual([3, 9, null]);
  });
});
