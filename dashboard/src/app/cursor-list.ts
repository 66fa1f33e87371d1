import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';

/** Rows of one page; the next one is loaded when the end of the list comes into view. */
export const pageSize = 100;

interface CursorPage<Item> {
  readonly data: readonly Item[];
  readonly next_cursor?: string | null;
}

/** The rows loaded so far. */
export interface CursorList<Item = unknown> {
  readonly rows: readonly Item[];
  /** The first page has not arrived yet, or could not be loaded: nothing is known about the list. */
  readonly waits: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly more: () => void;
  readonly loadsMore: boolean;
  readonly refresh: () => Promise<unknown>;
}

/**
 * A list by cursor: pages that stay in order while records come and go.
 * @param key begins with the kind of record, so that a change invalidates all lists of it
 * @example const list = useCursorList(['contacts', search], (page, signal) => api.contacts.list({ ...search, ...page }, { signal }).page());
 */
export function useCursorList<Item>(
  key: readonly unknown[],
  load: (page: { limit: number; cursor?: string }, signal: AbortSignal) => Promise<CursorPage<Item>>,
  options: { readonly refetchInterval?: number; readonly enabled?: boolean } = {},
): CursorList<Item> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      load({ limit: pageSize, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor: next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    ...options,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  return {
    rows: query.data?.pages.flatMap(({ data }) => data) ?? [],
    waits: query.data === undefined,
    error: query.error,
    hasMore: hasNextPage,
    more: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    loadsMore: isFetchingNextPage,
    refresh: query.refetch,
  };
}
