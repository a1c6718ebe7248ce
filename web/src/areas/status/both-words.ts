import type { components } from '@api/schema';

type Schemas = components['schemas'];
type Alike = Schemas['Alike'];

/** How like one of theirs is to one of ours. */
export const alikeOf = (row: { alike: readonly Alike[] }, purchase: string): Alike | undefined => row.alike.find((a) => a.purchase_id === purchase);

/** Theirs, the likest to one of ours first; equals as they came. */
export function byLikeness<T extends { alike: readonly Alike[] }>(rows: readonly T[], purchase: string): T[] {
  const score = (r: T) => alikeOf(r, purchase)?.score ?? 0;
  return [...rows].sort((a, b) => score(b) - score(a));
}

/** ``收纳盒 白色 ×2、杯子 ×1`` */
export const goodsWords = (goods: readonly (readonly [string, number] | readonly unknown[])[]): string =>
  goods.map(([words, n]) => `${String(words) || '没有名字的商品'} ×${String(n)}`).join('、') || '平台没有给商品';

/** Why nobody may say yet that it is not there; false once a look surely finds it. */
export function tooEarly(visibleAt: string | null, now: number): string | false {
  const left = visibleAt === null ? 0 : Date.parse(visibleAt) - now;
  return left > 0 && `刚发出不久，平台上可能还看不到，${Math.ceil(left / 60_000)} 分钟后再决定`;
}
