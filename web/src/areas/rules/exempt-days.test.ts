import { expect, test } from 'vitest';
import { daysText, isLink, momentOf, standing, wallOf } from './exempt-days';

test('a moment keeps its Beijing clock on the way out and back', () => {
  expect(momentOf('2026-02-15 08:30')).toBe('2026-02-15T08:30:00+08:00');
  expect(wallOf('2026-02-15T00:30:00Z')).toBe('2026-02-15 08:30');
  expect(wallOf(momentOf('2026-02-15 00:00'))).toBe('2026-02-15 00:00');
});

test('a day that ends at midnight is said as its own end', () => {
  expect(daysText('2026-02-14T16:00:00Z', '2026-02-22T16:00:00Z')).toBe('2026-02-15 00:00 到 2026-02-22 24:00');
  expect(daysText('2026-02-14T16:00:00Z', '2026-02-22T04:00:00Z')).toBe('2026-02-15 00:00 到 2026-02-22 12:00');
});

test('where an exemption stands in time', () => {
  const now = Date.parse('2026-02-16T00:00:00Z');
  expect(standing('2026-02-15T00:00:00Z', '2026-02-17T00:00:00Z', now)).toBe('now');
  expect(standing('2026-02-16T00:00:01Z', '2026-02-17T00:00:00Z', now)).toBe('later');
  expect(standing('2026-02-15T00:00:00Z', '2026-02-16T00:00:00Z', now)).toBe('over');
});

test('only a whole web address is a link', () => {
  expect(isLink(' https://school.jinritemai.com/doudian/web/article/1 ')).toBe(true);
  expect(isLink('平台公告 https://a.cn')).toBe(false);
  expect(isLink('javascript:alert(1)')).toBe(false);
});
