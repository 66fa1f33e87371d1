import { queryOptions } from '@tanstack/react-query';
import { api } from '../../../app/api.ts';

export const mailboxOf = (id: string) =>
  queryOptions({
    queryKey: ['mailboxes', 'one', id],
    queryFn: ({ signal }) => api.mailboxes.getMailbox(id, { signal }),
    refetchInterval: 30_000,
  });

export const warmupOf = (id: string) =>
  queryOptions({
    queryKey: ['mailboxes', 'warmup', id],
    queryFn: ({ signal }) => api.mailboxes.getWarmup(id, { signal }),
    staleTime: 60_000,
  });

export const statsOf = (id: string) =>
  queryOptions({
    queryKey: ['mailboxes', 'stats', id],
    queryFn: ({ signal }) => api.mailboxes.getMailboxStats(id, { days: 30 }, { signal }),
    staleTime: 60_000,
  });

/** The addresses of mailboxes by id, for lists that name one. */
export const mailboxNames = queryOptions({
  queryKey: ['mailboxes', 'names'],
  queryFn: async ({ signal }) => {
    const { data } = await api.mailboxes.list({ limit: 100 }, { signal }).page();
    return new Map(data.map(({ id, email }) => [id, email]));
  },
  staleTime: 60_000,
});
