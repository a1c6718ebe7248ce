import { count } from '@kit/index';

/** Why the suppliers' orders add up to more than the head says; "" where they do not. */
export function sharedWords(orders: number, owed: readonly { orders: number }[]): string {
  const listed = owed.reduce((sum, o) => sum + o.orders, 0);
  return listed > orders ? `一单拆给几家的，每家都列一次，所以下面加起来是 ${count(listed)}；实际是 ${count(orders)} 单` : '';
}
