import { queryOptions } from '@tanstack/react-query';
import { api } from '../../../app/api.ts';

export const campaignOf = (id: string) =>
  queryOptions({
    queryKey: ['campaigns', 'one', id],
    queryFn: ({ signal }) => api.campaigns.get(id, { signal }),
    refetchInterval: 15_000,
  });

export const analyticsOf = (id: string) =>
  queryOptions({
    queryKey: ['campaigns', 'analytics', id],
    queryFn: ({ signal }) => api.campaigns.getAnalytics(id, { signal }),
  });

export const forecastOf = (id: string) =>
  queryOptions({
    queryKey: ['campaigns', 'forecast', id],
    queryFn: ({ signal }) => api.campaigns.forecast(id, { signal }),
    staleTime: 60_000,
  });
