import type { components } from '@api/schema';

export type Waiting = components['schemas']['MatchWaiting'];
export type Queue = components['schemas']['MatchQueue'];
export type Answer = components['schemas']['MatchAnswerOut'];
export type Suggestion = components['schemas']['MatchSuggestion'];
export type Sku = components['schemas']['MatchSku'];
export type Part = { sku: Pick<Sku, 'id' | 'code' | 'title' | 'spec'>; quantity: number };
export type Mapping = components['schemas']['MatchedRow'];
export type SureList = components['schemas']['MatchSureList'];
export type Choice = { shop_id: string; listing_key: string; parts: [string, number][]; ships: boolean };

export const MATCH = '/api/match';

export const keyOfWaiting = (w: Waiting): string => `${w.shop_id}|${w.listing_key}`;

export const choiceOf = (w: Waiting, parts: readonly Part[]): Choice => ({
  shop_id: w.shop_id,
  listing_key: w.listing_key,
  parts: parts.map((p) => [p.sku.id, p.quantity]),
  ships: parts.length > 0,
});
