import { useApi } from '@api/queries';
import type { components } from '@api/schema';

export type OrderRow = components['schemas']['OrderRow'];
export type OrderPage = components['schemas']['OrderPage'];
export type OrderDetail = components['schemas']['OrderDetail'];
export type OrderCounts = components['schemas']['OrderCounts'];
export type OrderWords = components['schemas']['OrderWords'];
export type HoldBrief = components['schemas']['OrderHoldBrief'];
export type OrderStopped = components['schemas']['OrderStopped'];
export type OrderMoney = components['schemas']['OrderMoney'];

export const LIST = '/api/orders';

/** The names of tabs, steps and holds, and the tags in use. */
export const useWords = () => useApi<OrderWords>(`${LIST}/words`, undefined, { staleTime: 60_000 }).data;

/** Flags by their one-character names: how people call them, and the class that paints them. */
export const FLAGS: Readonly<Record<string, string>> = {
  红: '红旗', 黄: '黄旗', 绿: '绿旗', 蓝: '蓝旗', 紫: '紫旗', 橙: '橙旗', 青: '青旗', 灰: '灰旗',
};
const PAINTS: Readonly<Record<string, string>> = {
  红: 'red', 黄: 'yellow', 绿: 'green', 蓝: 'blue', 紫: 'purple', 橙: 'orange', 青: 'cyan', 灰: 'grey',
};
export const flagClass = (flag: string): string => `o-flag-${PAINTS[flag] ?? 'grey'}`;

/** What a figure of 今日 counts, as the list behind it. */
export const COUNTED: Readonly<Record<string, string>> = {
  sold: '算销售的', refunded: '有退款的', margin: '算毛利的', no_margin: '毛利暂缺的', unsupplied: '没有采购的',
};
export const REFUNDS: Readonly<Record<string, string>> = {
  applied: '退款申请中', withdrawn: '退款已撤销', partly: '部分退款', full: '全额退款',
};

export const RECIPIENTS: Readonly<Record<string, string>> = { absent: '缺收件人', masked: '脱敏', cipher: '平台加密', plain: '明文' };

export const PATHS: Readonly<Record<string, string>> = { '': '跟随店铺', file: '补收件人', handover: '厂家代打', wait: '先等着' };
