import type { LeftOrder } from '@api/shapes';

export interface ReasonGroup<Order> {
  /** The reason; amounts that differ from order to order are left open. */
  reason: string;
  orders: Order[];
  /** Whether every order says just this. */
  same: boolean;
}

const AMOUNT = /-?¥[\d.,]*\d|\d+(?:\.\d+)?(?=\s?(?:%|件|单|天|小时|分))/g;

/** What was left, by its reason, the most frequent first; reasons that differ only in an amount are one. */
export function byReason<Order extends Pick<LeftOrder, 'reason'>>(left: readonly Order[]): ReasonGroup<Order>[] {
  const found = new Map<string, Order[]>();
  for (const order of left) {
    const key = order.reason.replace(AMOUNT, '…');
    found.set(key, [...(found.get(key) ?? []), order]);
  }
  return [...found]
    .map(([key, orders]) => {
      const first = orders[0]?.reason ?? key;
      const same = orders.every((o) => o.reason === first);
      return { reason: same ? first : key, orders, same };
    })
    .sort((a, b) => b.orders.length - a.orders.length);
}

/** What is taken home: number and reason, in the order they were told. */
export const leftRows = (left: readonly LeftOrder[]): string[][] =>
  [['订单号', '原因'], ...left.map((order) => [order.number, order.reason])];
