import { describe, expect, it } from 'vitest';
import { clockView, span } from './clock-text';
import { ago, percent, shortTime, yuan, yuanShort } from './format';

const NOW = Date.parse('2026-11-20T06:00:00Z');
const later = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();

describe('money and time', () => {
  it('writes fen as yuan with thousands and two decimals', () => {
    expect(yuan(123450)).toBe('¥1,234.50');
    expect(yuan(-105)).toBe('-¥1.05');
    expect(yuan(7)).toBe('¥0.07');
    expect(yuanShort(36000)).toBe('¥360');
    expect(yuanShort(1420)).toBe('¥14.20');
  });

  it('speaks Beijing time whatever the browser thinks', () => {
    expect(shortTime('2026-11-20T06:05:00Z', NOW)).toBe('11-20 14:05');
    expect(shortTime('2025-12-31T16:30:00Z', NOW)).toBe('01-01 00:30');
    expect(shortTime('2025-12-31T15:30:00Z', NOW)).toBe('2025-12-31 23:30');
  });

  it('says how long ago', () => {
    expect(ago(later(-0.5), NOW)).toBe('刚刚');
    expect(ago(later(-59), NOW)).toBe('59 分钟前');
    expect(ago(later(-61), NOW)).toBe('1 小时前');
  });

  it('gives per cents one decimal', () => {
    expect(percent(0.22366)).toBe('22.4%');
  });
});

describe('clock', () => {
  it('names the two largest units', () => {
    expect(span(192 * 60_000)).toBe('3 小时 12 分');
    expect(span(1440 * 2 * 60_000)).toBe('2 天');
    expect(span(3100 * 60_000)).toBe('2 天 3 小时');
    expect(span(30_000)).toBe('不到 1 分');
  });

  it('is calm until a quarter of the given time is left', () => {
    const from = later(-36 * 60);
    expect(clockView({ by: later(12 * 60 + 1), from }, NOW).urgency).toBe('calm');
    expect(clockView({ by: later(12 * 60), from }, NOW).urgency).toBe('soon');
  });

  it('says the money at risk, and lateness', () => {
    expect(clockView({ by: later(192), riskFen: 3000 }, NOW)).toEqual({ text: '3 小时 12 分后超时 · ¥30', urgency: 'soon' });
    expect(clockView({ by: later(-125), riskFen: 3000 }, NOW)).toEqual({ text: '已超时 2 小时 5 分 · ¥30', urgency: 'late' });
  });

  it('stops when the work is done or nobody sets a limit', () => {
    expect(clockView({ by: later(-10), done: true }, NOW).urgency).toBe('done');
    expect(clockView({ by: null }, NOW).urgency).toBe('done');
  });

  it('does not call on time what was late, nor what nobody knows', () => {
    const text = (facts: Partial<Parameters<typeof clockView>[0]>) => clockView({ by: later(-125), done: true, ...facts }, NOW).text;
    expect([text({ doneAt: later(-130) }), text({ doneAt: later(-5) }), text({}), text({ by: later(9) })]).toEqual(['已按时处理', '晚了 2 小时', '已处理', '已按时处理']);
  });
});
