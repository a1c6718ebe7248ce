import { keepPreviousData, QueryClient, useQueries, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { ApiError } from './errors';
import { get, type Query } from './http';
import type { Me, Page, PlatformCard } from './shapes';

/** A refusal is an answer; only a lost connection or a restarting server is worth another try. */
function worthRetrying(failures: number, error: unknown): boolean {
  return failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502);
}

export const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 5_000, retry: worthRetrying, refetchOnWindowFocus: true } },
});

/** Every query is known by its path and its filter, so that a path names all of its variants. */
export const keyOf = (path: string, query?: Query): readonly [string, Query] => [path, query ?? {}];

/** Read again everything below one of these paths that is on screen; without paths, everything. */
export function refresh(...paths: string[]): Promise<void> {
  return queries.invalidateQueries({
    predicate: ({ queryKey }) => paths.length === 0 || paths.some((p) => String(queryKey[0]).startsWith(p)),
  });
}

export interface ApiOptions<T = unknown> {
  enabled?: boolean;
  /** Milliseconds; read again that often while the tab is visible. */
  every?: number | ((data: T | undefined) => number);
  /** Show the former answer while a changed filter loads. */
  keep?: boolean;
  staleTime?: number;
  /** Read anew when this changes; it is not sent. */
  mark?: string | number;
}

/** GET one thing. ``path`` null means "nothing to ask yet". */
export function useApi<T>(path: string | null, query?: Query, options: ApiOptions<T> = {}): UseQueryResult<T> {
  const { every } = options;
  return useQuery<T>({
    queryKey: [...keyOf(path ?? '', query), ...(options.mark === undefined ? [] : [options.mark])],
    queryFn: ({ signal }) => get<T>(path ?? '', query, signal),
    enabled: path !== null && options.enabled !== false,
    ...(every !== undefined && { refetchInterval: typeof every === 'number' ? every : (query) => every(query.state.data) }),
    ...(options.keep && { placeholderData: keepPreviousData }),
    ...(options.staleTime !== undefined && { staleTime: options.staleTime }),
  });
}

/** GET several things of one kind at once; each is read again while ``every`` says so (0: no more). */
export function useMany<T>(paths: readonly string[], every: (data: T | undefined) => number): UseQueryResult<T>[] {
  return useQueries({
    queries: paths.map((path) => ({
      queryKey: keyOf(path),
      queryFn: ({ signal }: { signal: AbortSignal }) => get<T>(path, undefined, signal),
      refetchInterval: (query: { state: { data: T | undefined } }) => every(query.state.data) || (false as const),
    })),
  });
}

/** GET one page of a list (``size`` null: it comes whole); the pages before stay cached. */
export function usePage<Row>(path: string, query: Query, cursor: string | null, size: number | null, every?: number): UseQueryResult<Page<Row>> {
  return useApi<Page<Row>>(path, { ...query, cursor, limit: size }, { keep: true, ...(every !== undefined && { every }) });
}

export const useMe = () => useApi<Me>('/api/me', undefined, { staleTime: 60_000 });

/** Whether the signed-in person may do this; unknown while loading counts as no. */
export function useMay(permission: string): boolean {
  const { data } = useMe();
  return data?.permissions.some((p) => p === permission || p === '*') ?? false;
}

/** Some lists are short enough to come whole, without pages around them. */
export const itemsOf = <T>(answer: { items: T[] } | T[] | undefined): T[] =>
  Array.isArray(answer) ? answer : (answer?.items ?? []);

export const usePlatforms = (): PlatformCard[] =>
  itemsOf(useApi<{ items: PlatformCard[] } | PlatformCard[]>('/api/platforms', undefined, { staleTime: Number.POSITIVE_INFINITY }).data);
