import dayjs, { type Dayjs } from 'dayjs';
import utc from 'dayjs/plugin/utc';

dayjs.extend(utc);

const BEIJING_MINUTES = 480;

/** A moment on the Beijing clock, wherever the browser stands. */
export const beijing = (at: string | number): Dayjs => dayjs(at).utcOffset(BEIJING_MINUTES);

/** ``123450`` → ``¥1,234.50``; negative with a minus before the sign. */
export function yuan(fen: number): string {
  const whole = Math.trunc(Math.abs(fen) / 100);
  const rest = Math.abs(fen) % 100;
  return `${fen < 0 ? '-' : ''}¥${whole.toLocaleString('en-US')}.${String(rest).padStart(2, '0')}`;
}

/** Money inside a sentence: no ``.00``. */
export function yuanShort(fen: number): string {
  return yuan(fen).replace(/\.00$/, '');
}

/** ``0.2236`` → ``22.4%``. */
export const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

export const count = (n: number): string => n.toLocaleString('en-US');

/** ``11-20 14:05``; the year is said when it is not this one. */
export function shortTime(at: string, now: number): string {
  const moment = beijing(at);
  return moment.format(moment.year() === beijing(now).year() ? 'MM-DD HH:mm' : 'YYYY-MM-DD HH:mm');
}

export const fullTime = (at: string): string => beijing(at).format('YYYY-MM-DD HH:mm:ss');

/** ``5 分钟前`` for the recent past, else the short time. */
export function ago(at: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(at)) / 60_000);
  if (minutes < 1) return '刚刚';
  if (minutes < 60) return `${minutes} 分钟前`;
  return minutes < 24 * 60 ? `${Math.floor(minutes / 60)} 小时前` : shortTime(at, now);
}
