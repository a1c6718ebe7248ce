import type { components } from '@api/schema';
import { yuan, type ChosenSku } from '@kit/index';

type Schemas = components['schemas'];
export type Board = Schemas['OfferBoard'];
export type BoardRow = Schemas['LinkedOffer'];
export type Opened = Schemas['OfferOpened'];
export type Choice = Schemas['OfferOptionOut'];
export type OfferLink = Schemas['OfferLinkOut'];
export type Results = Schemas['OfferLinksOut'];
export type Fits = Schemas['OfferFits'];

/** Which SKU a person has put at each option, by the option's spec id; nothing is linked before they press the button. */
export type Draft = Readonly<Record<string, ChosenSku | undefined>>;

/** What is filled in at the start: only suggestions that are certain, each SKU once; ``wanted`` codes go where they fit best. */
export function firstDraft(options: readonly Choice[], wanted: readonly string[] = []): Draft {
  const draft: Record<string, ChosenSku> = {};
  const used = new Set<string>();
  const fits = options.filter((o) => o.guess && (o.guess.sure || wanted.includes(o.guess.sku.code)));
  for (const option of fits) {
    const sku = option.guess?.sku;
    if (!sku || used.has(sku.id)) continue;
    used.add(sku.id);
    draft[option.spec_id] = sku;
  }
  return draft;
}

export const pairsOf = (draft: Draft): { sku_id: string; spec_id: string }[] =>
  Object.entries(draft).flatMap(([spec_id, sku]) => (sku ? [{ sku_id: sku.id, spec_id }] : []));

export interface Compared {
  label: string;
  before: string;
  after: string;
  differs: boolean;
}

/** A frozen link: what it was when a person linked it, beside what the seller says now (null: not there any more). */
export function compared(link: OfferLink, title: string, now: Choice | null): Compared[] {
  const pairs: [string, string, string][] = [
    ['标题', link.was.title ?? '', now ? title : ''],
    ['规格', link.was.words, now?.words ?? ''],
    ['货号', link.was.code ?? '', now?.code ?? ''],
    ['价格', money(link.was.price_fen), money(now?.price_fen)],
  ];
  return pairs.filter(([, before, after]) => before !== '' || after !== '').map(([label, before, after]) => ({
    label, before, after, differs: before !== after && (before !== '' || label !== '标题'),
  }));
}

const money = (fen: number | null | undefined): string => (fen === null || fen === undefined ? '' : yuan(fen));

const marks = (words: string): Set<string> => new Set(words.replace(/[\s、，,;；（）()]/g, ''));

/** The option that most likely took a frozen one's place: the same code, else the words most alike; "" where none is near. */
export function successor(link: OfferLink, options: readonly Choice[]): string | null {
  const free = options.filter((o) => link.gone ? o.spec_id !== link.spec_id : true);
  const code = link.was.code ?? '';
  const same = code === '' ? undefined : free.find((o) => o.code === code);
  if (same) return same.spec_id;
  const old = marks(link.was.words);
  let best: string | null = null;
  let most = 0.5;
  for (const option of free) {
    const now = marks(option.words);
    const both = [...old].filter((c) => now.has(c)).length / Math.max(old.size, now.size, 1);
    if (both > most) [best, most] = [option.spec_id, both];
  }
  return best;
}

/** ``1 件起 ¥5.00，10 件起 ¥4.50``; empty where prices are hidden or stand at the options. */
export const tierWords = (offer: Pick<Opened, 'tiers'>): string =>
  offer.tiers.flatMap((t) => (t.price_fen === null ? [] : [`${t.min} 件起 ${yuan(t.price_fen)}`])).join('，');

export function priceWords(row: Pick<BoardRow, 'low_fen' | 'high_fen'>): string {
  if (row.low_fen === null || row.high_fen === null) return '—';
  return row.low_fen === row.high_fen ? yuan(row.low_fen) : `${yuan(row.low_fen)} – ${yuan(row.high_fen)}`;
}

/** The SKUs' codes after ``#link=`` of an address; null: nobody came here to link. */
export function askedToLink(hash: string): readonly string[] | null {
  const found = /^#link=(.*)$/.exec(hash);
  return found ? (found[1] ?? '').split(',').filter(Boolean).map(decodeURIComponent) : null;
}

/** The offer's number after ``#offer=``; undefined: nobody came here to compare one. */
export function askedToCompare(hash: string): string | undefined {
  const found = /^#offer=(.+)$/.exec(hash);
  return found?.[1] === undefined ? undefined : decodeURIComponent(found[1]);
}
