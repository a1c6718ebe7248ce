import type { components } from '@api/schema';

type Schemas = components['schemas'];

export type Sku = Schemas['GoodsDetail'];
export type GoodsPage = Schemas['GoodsPage'];
export type Row = GoodsPage['items'][number];
export type Offer = Row['offers'][number];
export type SkuIn = Schemas['SkuIn'];
