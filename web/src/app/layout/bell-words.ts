import type { components } from '@api/schema';
import { to, type ScreenKey } from '@kit/paths';

export type Alarm = components['schemas']['AlarmOut'];

/** What the bell shows: how many are new to me, and whether something has stopped. */
export function bellState(alarms: readonly Pick<Alarm, 'known' | 'level'>[]): { fresh: number; bad: boolean; label: string } {
  const fresh = alarms.filter((a) => !a.known);
  const label = fresh.length > 0 ? `${fresh.length} 条新提醒` : alarms.length > 0 ? `${alarms.length} 条提醒，都看过了` : '没有提醒';
  return { fresh: fresh.length, bad: fresh.some((a) => a.level === 'bad'), label };
}

/** New ones first, each half in the order of the answer. */
export const inOrder = <A extends Pick<Alarm, 'known'>>(alarms: readonly A[]): A[] => [...alarms.filter((a) => !a.known), ...alarms.filter((a) => a.known)];

/** Where the one action of an alarm is. */
export const placeOf = (alarm: Pick<Alarm, 'screen' | 'query'>): string => to(alarm.screen as ScreenKey, alarm.query);

/** What is sent when these are known: each with the facts that were shown. */
export const knownBody = (alarms: readonly Pick<Alarm, 'key' | 'facts' | 'known'>[]): { keys: Record<string, string> } => ({
  keys: Object.fromEntries(alarms.filter((a) => !a.known).map((a) => [a.key, a.facts])),
});
