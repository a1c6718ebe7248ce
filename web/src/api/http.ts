import { errorFrom, offline } from './errors';
import { learnClock } from './server-clock';

export type QueryValue = string | number | boolean | null | undefined | readonly string[];
export type Query = Readonly<Record<string, QueryValue>>;

export interface SendOptions {
  query?: Query;
  signal?: AbortSignal;
  /** Repeat the same key when repeating the same wish; a fresh one is made otherwise. */
  key?: string;
}

type Listener = () => void;
const expired = new Set<Listener>();

/** Be told when an answer says that nobody is signed in any more. */
export function onExpired(listener: Listener): () => void {
  expired.add(listener);
  return () => expired.delete(listener);
}

/** A random key for one wish; works on plain http too, where ``crypto.randomUUID`` is missing. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

export function csrfToken(): string {
  const found = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie);
  return found?.[1] ? decodeURIComponent(found[1]) : '';
}

/** ``a=1&b=x,y``: empty values are left out, lists are joined by commas. */
export function queryString(query: Query | undefined): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null || value === '') continue;
    const text = Array.isArray(value) ? value.join(',') : String(value);
    if (text !== '') parts.set(name, text);
  }
  return parts.toString();
}

export function address(path: string, query?: Query): string {
  const tail = queryString(query);
  return tail ? `${path}${path.includes('?') ? '&' : '?'}${tail}` : path;
}

/** The product's fetch: session cookie, CSRF, Idempotency-Key; anything that is not 2xx is thrown as ApiError. */
export async function guardedFetch(input: Request): Promise<Response> {
  const request = new Request(input, { credentials: 'same-origin' });
  request.headers.set('Accept', 'application/json');
  if (request.method !== 'GET') request.headers.set('X-CSRFToken', csrfToken());
  if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
    request.headers.set('Idempotency-Key', newKey());
  }
  let answer: Response;
  try {
    answer = await fetch(request);
  } catch (reason) {
    if (reason instanceof DOMException && reason.name === 'AbortError') throw reason;
    throw offline();
  }
  learnClock(answer.headers, Date.now());
  if (answer.ok) return answer;
  const body: unknown = await answer.json().catch(() => null);
  if (answer.status === 401) expired.forEach((tell) => tell());
  throw errorFrom(answer.status, body);
}

async function send<T>(method: string, path: string, body: unknown, options: SendOptions = {}): Promise<T> {
  const headers = new Headers();
  if (options.key) headers.set('Idempotency-Key', options.key);
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers.set('Content-Type', 'application/json');
  const answer = await guardedFetch(
    new Request(address(path, options.query), {
      method,
      headers,
      body: body === undefined ? null : isForm ? body : JSON.stringify(body),
      signal: options.signal ?? null,
    }),
  );
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  send<T>('GET', path, undefined, { ...(query && { query }), ...(signal && { signal }) });
export const post = <T>(path: string, body: unknown = {}, options?: SendOptions) => send<T>('POST', path, body, options);
export const put = <T>(path: string, body: unknown, options?: SendOptions) => send<T>('PUT', path, body, options);
export const patch = <T>(path: string, body: unknown, options?: SendOptions) => send<T>('PATCH', path, body, options);
export const del = <T>(path: string, options?: SendOptions) => send<T>('DELETE', path, undefined, options);
