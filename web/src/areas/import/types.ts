import type { components } from '@api/schema';

type Schemas = components['schemas'];

export type Card = Schemas['ImportCard'];
export type Detail = Schemas['ImportDetail'];
export type Column = Schemas['FileColumn'];
export type Correction = Partial<Schemas['ImportCorrection']>;
export type Result = Schemas['ImportResult'];
export type Rejected = Schemas['RejectedFileRow'];
export type RunOut = Schemas['ImportsStarted'];
export type FieldInfo = Schemas['FileField'];
export type KindInfo = Schemas['FileKind'];
export type Template = Schemas['MappingTemplateOut'];

/** Still moving by itself: read again soon. */
export const isMoving = (state: string): boolean => state === 'reading' || state === 'queued' || state === 'running';
