import type { components } from '@api/schema';
import { span } from './clock-text';
import { count } from './format';
import type { Tone } from './state-tag';

export type Connection = components['schemas']['ConnectionOut'];
type Feed = components['schemas']['FeedOut'];
export type Urgent = 'calm' | 'soon' | 'over';

const DAY = 86_400_000;
const SOON = 3 * DAY;
const FEEDS: Record<string, string> = { orders: '订单', refunds: '售后', purchases: '采购订单', goods: '商品', 'wish:asked': '改地址申请', 'wish:moved': '地址已改' };
const TONES: Record<string, Tone> = { working: 'done', paused: 'off', expired: 'bad', revoked: 'bad' };
const QUOTAS: Record<string, string> = { decrypt: '解密', open_ciphers: '解密', calls: '调用', day: '今日调用' };

export const feedWords = (feed: string): string => FEEDS[feed.replace(/^hint:/, '')] ?? feed;
export const connectionTone = (state: string): Tone => TONES[state] ?? 'warn';
export const isBroken = (c: Pick<Connection, 'state'>): boolean => c.state === 'expired' || c.state === 'revoked';

/** ``12 秒``, ``5 分``; null: nothing waits. */
export function age(seconds: number | null): string | null {
  if (seconds === null) return null;
  return seconds < 60 ? `${Math.floor(Math.max(0, seconds))} 秒` : span(seconds * 1000);
}

/** ``还有 2 天 3 小时``; amber under three days, red when it is over. */
export function countdown(until: string | null, now: number): { text: string; tone: Urgent } | null {
  if (until === null) return null;
  const left = Date.parse(until) - now;
  if (left <= 0) return { text: '已到期', tone: 'over' };
  return { text: `还有 ${span(left)}`, tone: left < SOON ? 'soon' : 'calm' };
}

/** Whether the token is renewed by itself long before it ends: what renews it outlasts it. */
export function renewsItself(row: { expires_at: string | null; refresh_expires_at: string | null }, now: number): boolean {
  if (row.expires_at === null || row.refresh_expires_at === null) return false;
  return Date.parse(row.refresh_expires_at) > Math.max(Date.parse(row.expires_at), now + SOON);
}

/** The ends of the authorisation, the one that counts first: a token that is renewed by itself alarms nobody. */
export function endings(row: Pick<Connection, 'expires_at' | 'refresh_expires_at'>, now: number): { label: string; until: string; text: string; tone: Urgent }[] {
  const renewed = renewsItself(row, now);
  return ([['授权', row.expires_at, renewed], ['续期', row.refresh_expires_at, false]] as const).flatMap(([label, until, calm]) => {
    const left = countdown(until, now);
    if (until === null || !left) return [];
    return [{ label, until, text: left.text, tone: calm && left.tone === 'soon' ? 'calm' as const : left.tone }];
  });
}

const QUARTER = 15 * 60_000;
// Goods are read a few times a day: every SKU of the shop each time.
const LATE: Record<string, number> = { goods: DAY };

/** How far a feed is behind (``12 秒``); late when nothing was read for a quarter of an hour (goods: a day). */
export function feedLag(feed: Pick<Feed, 'feed' | 'watermark'>, now: number): { name: string; behind: string | null; late: boolean } {
  const name = feedWords(feed.feed);
  if (feed.watermark === null) return { name, behind: null, late: true };
  const behind = Math.max(0, now - Date.parse(feed.watermark));
  return { name, behind: age(behind / 1000), late: behind > (LATE[feed.feed] ?? QUARTER) };
}

/** What is left of the quotas a company told us of. */
export function quotaWords(quota: Readonly<Record<string, unknown>> | null): string[] {
  return Object.entries(quota ?? {}).flatMap(([key, value]) => {
    const name = QUOTAS[key] ?? key;
    if (typeof value === 'number') return [`${name} 剩 ${count(value)} 次`];
    if (typeof value === 'string' && value) return [`${name} ${value}`];
    if (typeof value !== 'object' || value === null || !('left' in value) || typeof value.left !== 'number') return [];
    const limit = 'limit' in value && typeof value.limit === 'number' ? ` / ${count(value.limit)}` : '';
    return [`${name} 剩 ${count(value.left)}${limit} 次`];
  });
}

/** Calls a second that we keep to: the application's own, else what the company's card begins with. */
export function callRate(
  row: Pick<Connection, 'application_id'>, apps: readonly { id: string; calls_per_second: number | null }[], card: { calls_per_second: number | null } | undefined,
): number | null {
  return apps.find((a) => a.id === row.application_id)?.calls_per_second ?? card?.calls_per_second ?? null;
}

/** ``连错 5 次，28 秒后再试``: what the breaker does; null while calls go on. */
export function pauseWords(row: Pick<Connection, 'pause_seconds' | 'failures'>): string | null {
  if (row.pause_seconds === null) return null;
  return `连错 ${count(row.failures ?? 0)} 次，${age(Math.ceil(row.pause_seconds))}后再试`;
}

/** ``5 分前``, ``刚刚``. */
export const since = (seconds: number): string => (seconds < 5 ? '刚刚' : `${age(seconds)}前`);
