import { useApi } from '@api/queries';
import type { components } from '@api/schema';

export type OrderRow = components['schemas']['OrderRow'];
export type OrderDetail = components['schemas']['OrderDetail'];
export type OrderCounts = components['schemas']['OrderCounts'];
export type OrderWords = components['schemas']['OrderWords'];
export type HoldBrief = components['schemas']['OrderHoldBrief'];
export type OrderMoney = components['schemas']['OrderMoney'];

export const LIST = '/api/orders';

/** The names of tabs, steps and holds, and the tags in use. */
export const useWords = () => useApi<OrderWords>(`${LIST}/words`, undefined, { staleTime: 60_000 }).data;

export const FLAGS: Readonly<Record<string, string>> = {
  red: '红旗', yellow: '黄旗', green: '绿旗', blue: '蓝旗', purple: '紫旗', orange: '橙旗', grey: '灰旗', gray: '灰旗',
};

export const REFUNDS: Readonly<Record<string, string>> = {
  applied: '退款申请中', withdrawn: '退款已撤销', partly: '部分退款', full: '全额退款',
};

export const RECIPIENTS: Readonly<Record<string, string>> = { absent: '缺收件人', masked: '脱敏', cipher: '密文', plain: '完整' };

export const PATHS: Readonly<Record<string, string>> = { '': '跟随店铺', file: '补收件人', handover: '平台代发', wait: '先等着' };
