import { count } from '@kit/index';
import type { Group } from './use-board';

/** Codes of the goods that this supplier would get and that are linked to none of its offers. */
export const toLink = (group: Pick<Group, 'orders'>): string[] => [...new Set(group.orders.flatMap((o) => o.warnings.flatMap((w) => w.things)))].sort();

/** How the purchases leave once they are made, and of how many goods that will not work; "" where there is nothing to say. */
export function waysOf(groups: readonly Pick<Group, 'purchases' | 'by_api' | 'orders'>[]): { goes: string; stops: string } {
  const all = groups.reduce((sum, g) => sum + g.purchases, 0);
  const byApi = groups.reduce((sum, g) => sum + g.by_api, 0);
  const unlinked = groups.reduce((sum, g) => sum + toLink(g).length, 0);
  const goes = [byApi > 0 && `${count(byApi)} 张派单后由接口自动下单`, all > byApi && `${count(all - byApi)} 张要您在下一步发表格或链接`];
  return {
    goes: goes.filter(Boolean).join('，'),
    stops: unlinked > 0 ? `${count(unlinked)} 种商品的货源没关联，不会自动下单，请先关联` : '',
  };
}
