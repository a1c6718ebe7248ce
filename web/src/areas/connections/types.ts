import type { components } from '@api/schema';

type Schemas = components['schemas'];

export type Desk = Schemas['ConnectionsOut'];
export type Card = Schemas['ApiCardOut'];
export type Application = Schemas['ApplicationOut'];
export type Connection = Schemas['ConnectionOut'];
export type Feed = Schemas['FeedOut'];
export type ReadSaid = Schemas['ReadSaid'];
export type Pull = Schemas['PullOut'];
export type Comparison = Schemas['ComparisonOut'];
export type Call = Schemas['CallOut'];
export type Shop = Schemas['ShopListRow'];
export type Supplier = Schemas['SupplierListRow'];
export type DryRun = Schemas['DryRunOut'];

export const DESK = '/api/connections';
/** What to read again after a change to an authorisation. */
export const REFRESH = ['/api/connections', '/api/shop', '/api/status'];
