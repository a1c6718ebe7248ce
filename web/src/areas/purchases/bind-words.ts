import type { components } from '@api/schema';
import { yuan } from '@kit/index';

type Schemas = components['schemas'];
export type Compared = Schemas['BindCompared'];
export type Placing = Schemas['PurchasePlacing'];

const PAY: Record<string, string> = { due: '等付款', paying: '正在付款', paid: '已付款', refunding: '退款中', refunded: '已退款' };

/** ``已下单 · 等付款 · ¥18.40 · 人工绑定`` */
export function placingWords(p: Pick<Placing, 'state_label' | 'pay_state' | 'total_fen' | 'by_hand'>): string {
  return [p.state_label, PAY[p.pay_state], p.total_fen === null ? undefined : yuan(p.total_fen), p.by_hand ? '人工绑定' : undefined].filter(Boolean).join(' · ');
}

/** What the purchase planned beside what the platform charges, and by how much it differs. */
export function moneyWords(c: Pick<Compared, 'planned_fen' | 'total_fen' | 'freight_fen'>): { ours: string; theirs: string; differs: boolean } {
  const ours = c.planned_fen === null ? '派单时没有价格' : yuan(c.planned_fen);
  if (c.total_fen === null) return { ours, theirs: '平台没有说', differs: true };
  const freight = c.freight_fen === null ? '' : `（含运费 ${yuan(c.freight_fen)}）`;
  return { ours, theirs: `${yuan(c.total_fen)}${freight}`, differs: c.planned_fen !== null && c.total_fen > c.planned_fen };
}

/** Said in words beside the two people, who are masked: the machine compared what is behind the masks. */
export const recipientWords = (same: boolean | null): string =>
  same === null ? '无法自动核对' : same ? '一致' : '不一致';
