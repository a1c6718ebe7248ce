import type { components } from '@api/schema';

type Schemas = components['schemas'];

export type Status = Schemas['StatusOut'];
export type Deed = Schemas['DeedOut'];
export type Parked = Schemas['ParkedOut'];
export type Queues = Schemas['QueuesOut'];
export type Switch = Schemas['SwitchOut'];
