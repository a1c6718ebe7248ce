import { yuanShort } from './format';

export type Urgency = 'calm' | 'soon' | 'late' | 'done';

export interface ClockFacts {
  /** Last moment to act, ISO; null where the platform sets none. */
  by: string | null;
  /** When the clock started (payment); without it 48 hours are assumed. */
  from?: string | null | undefined;
  /** What missing it costs. */
  riskFen?: number | null | undefined;
  done?: boolean | undefined;
  /** When it was done; without it nobody knows whether that was in time. */
  doneAt?: string | null | undefined;
}

export interface ClockView {
  text: string;
  urgency: Urgency;
}

const MINUTE = 60_000;
const ASSUMED_MS = 48 * 60 * MINUTE;
const SOON_SHARE = 0.25;

/** ``3 小时 12 分``, ``2 天 4 小时``, ``45 分``: the two largest units. */
export function span(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / MINUTE));
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = minutes % 60;
  if (days > 0) return hours > 0 ? `${days} 天 ${hours} 小时` : `${days} 天`;
  if (hours > 0) return rest > 0 ? `${hours} 小时 ${rest} 分` : `${hours} 小时`;
  return minutes > 0 ? `${minutes} 分` : '不到 1 分';
}

/** What the clock says at ``now``: amber when a quarter of the time is left, red when it is past. */
export function clockView(facts: ClockFacts, now: number): ClockView {
  if (facts.by === null) return { text: '无时限', urgency: 'done' };
  const by = Date.parse(facts.by);
  if (facts.done) {
    const over = (facts.doneAt ? Date.parse(facts.doneAt) : now) - by;
    return { text: over <= 0 ? '已按时处理' : facts.doneAt ? `晚了 ${span(over)}` : '已处理', urgency: 'done' };
  }
  const left = by - now;
  const money = facts.riskFen ? ` · ${yuanShort(facts.riskFen)}` : '';
  if (left <= 0) return { text: `已超时 ${span(-left)}${money}`, urgency: 'late' };
  const given = facts.from ? by - Date.parse(facts.from) : ASSUMED_MS;
  return { text: `${span(left)}后超时${money}`, urgency: left <= given * SOON_SHARE ? 'soon' : 'calm' };
}
