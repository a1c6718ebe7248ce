import createClient from 'openapi-fetch';
import { guardedFetch } from './http';
import type { paths } from './schema';

/** The generated, typed client; refusals are thrown as ApiError, so ``data`` of an answer is always there. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: guardedFetch });

/** Take ``data`` out of an answer of ``api``. */
export function must<T>(answer: { data?: T }): T {
  if (answer.data === undefined) throw new Error('empty answer');
  return answer.data;
}
