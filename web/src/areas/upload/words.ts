import type { components } from '@api/schema';
import { count } from '@kit/index';

type Card = Pick<components['schemas']['ShopCard'], 'uploaded' | 'at_suppliers' | 'left_count'>;

/** Why a shop has nothing to download, and what it waits for. */
export function nothingNew({ uploaded, at_suppliers: away, left_count: left }: Card): string {
  const waits = [
    left > 0 && `${count(left)} 个不能放进文件`,
    uploaded > 0 && `${count(uploaded)} 个等平台确认`,
    away > 0 && `等供应商回单 ${count(away)} 单`,
  ].filter(Boolean);
  return waits.length > 0 ? `没有新的单号：${waits.join('，')}` : '没有新的单号，也没有在等的订单';
}
