import { post } from '@api/http';
import type { RunOut } from './types';

/** Start these imports. */
export const runImports = (ids: readonly string[], key: string): Promise<RunOut> => post<RunOut>('/api/imports/run', { ids }, { key });

/** Where it is shown how they go. */
export const resultOf = (started: RunOut): string => `/import?done=${started.import_ids.join(',')}`;
