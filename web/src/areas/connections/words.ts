import { count, yuanShort } from '@kit/index';
import type { Application, Card, Comparison, Connection, DryRun } from './types';

const VIAS: Record<string, string> = { poll: '定时', push: '平台通知', pull: '手动', reconcile: '夜间核对' };
const CAPABILITIES: Record<string, string> = {
  orders: '读订单', refunds: '读售后', ship: '回传发货', ship_together: '几单一个包裹', ship_extra: '追加包裹', push: '马上收到通知', goods: '读商品', open_ciphers: '打开收件人密文', memo: '改备注和旗标',
  answer_refund: '处理退款', answer_address: '处理改地址', place: '下单', find: '按编号查单', pay: '付款链接', cancel: '取消订单',
  ask_refund: '申请退款', offers: '读货源和价格', cipher_orders: '密文转交下单', hand_over: '厂商代发',
};
const OUTCOMES: Record<string, string> = {
  ok: '成功', RateLimited: '太频繁', Unavailable: '连不上', OutcomeUnknown: '没有应答', LoginExpired: '授权失效', NotGranted: '没有权限',
  Refused: '被拒绝', NotThere: '没有这一条', BadReply: '读不懂应答', NotSupported: '不支持', Paused: '已暂停',
};
const pascal = (word: string) => word.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase()).replace(/^[a-z]/, (c) => c.toUpperCase());

export const viaWords = (via: string): string => VIAS[via] ?? via;
export const outcomeWords = (outcome: string): string => OUTCOMES[outcome] ?? OUTCOMES[pascal(outcome)] ?? outcome;
export const capabilityWords = (keys: readonly string[]): string[] => keys.flatMap((k) => CAPABILITIES[k] ?? []);
/** What waits on a connection, in words; the alarming ones are marked. */
export function waitingWords(c: Pick<Connection, 'unread' | 'parked' | 'waiting' | 'doing' | 'stuck'>): { label: string; n: number; warn: boolean }[] {
  return [
    { label: '要人决定', n: c.stuck, warn: true },
    { label: '读不懂', n: c.parked, warn: true },
    { label: '结果未知', n: c.doing, warn: true },
    { label: '待执行', n: c.waiting, warn: false },
    { label: '来件待读', n: c.unread, warn: false },
  ].filter((x) => x.n > 0);
}

/** ``平台 12 单 / 我们 11 单 / 已补 1 单``, and what still differs. */
export function comparisonWords(c: Pick<Comparison, 'theirs' | 'ours' | 'filled' | 'left' | 'strange' | 'outcome'>): { text: string; differs: string } {
  if (c.outcome !== 'ok' && c.theirs + c.ours === 0) return { text: '没有核对成', differs: '' };
  const left = Object.keys(c.left).length;
  const differs = [...(left > 0 ? [`缺 ${count(left)} 单`] : []), ...(c.strange.length > 0 ? [`平台不认识 ${count(c.strange.length)} 单`] : [])];
  return { text: `平台 ${count(c.theirs)} 单 / 我们 ${count(c.ours)} 单 / 已补 ${count(c.filled)} 单`, differs: differs.join('，') };
}

/** The address to enter at the platform, so that it tells us at once. */
export const pushAddress = (origin: string, card: Pick<Card, 'push_path'>, app: Pick<Application, 'app_key'>): string =>
  `${origin}${card.push_path}${encodeURIComponent(app.app_key)}`;

export interface ApplicationValues {
  label?: string;
  fields: Record<string, string | undefined>;
  urls?: Record<string, string | undefined>;
  rate?: number | null;
}

const filled = (values: Record<string, string | undefined> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(values ?? {}).flatMap(([k, v]) => (v?.trim() ? [[k, v.trim()]] : [])));

/** What is sent to save an application, new or changed: secrets by field; what is empty is left out. */
export function applicationBody(values: ApplicationValues) {
  const { app_key = '', ...secrets } = filled(values.fields);
  return { app_key, what: { secrets, urls: filled(values.urls), label: values.label?.trim() ?? '', calls_per_second: values.rate ?? null } };
}

/** The application that has this key already: it is changed, not added a second time. */
export const knownAs = (key: string | undefined, apps: readonly Application[]): Application | undefined =>
  apps.find((a) => a.app_key === key?.trim());

/** ``会买 37 单，¥1,204，毛利 ¥310；12 单不会：`` */
export function dryRunWords(run: DryRun): string {
  if (run.orders === 0) return '现在没有等着派的单，打开后从下一单开始。';
  const stays = run.orders - run.would_buy;
  const buys = run.would_buy > 0 ? `会买 ${count(run.would_buy)} 单，${yuanShort(run.cost_fen)}，毛利 ${yuanShort(run.margin_fen)}` : '一单也不会买';
  return stays > 0 ? `${buys}；${count(stays)} 单不会：` : `${buys}，全部会买。`;
}

/** The account over there: its name where it differs from ours, else its number. */
export const accountWords = (c: Pick<Connection, 'account' | 'account_name' | 'name'>): string =>
  `账号 ${c.account_name && c.account_name !== c.name ? c.account_name : c.account}`;

/** ``3 个正常，1 个授权已过期`` */
export function summary(rows: readonly Pick<Connection, 'state' | 'state_label'>[]): string {
  const said = new Map<string, number>();
  for (const r of rows) said.set(r.state_label, (said.get(r.state_label) ?? 0) + 1);
  return [...said].map(([label, n]) => `${n} 个${label}`).join('，');
}
