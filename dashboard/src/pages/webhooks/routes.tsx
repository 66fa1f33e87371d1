import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../../app/lazy-page.tsx';
import { frameRoute } from '../../app/root.tsx';
import { oneOf, text, whole } from '../../app/search-params.ts';
import type { Raw } from '../../app/search-params.ts';

const deliveryStatuses = ['pending', 'held', 'delivered', 'failed'] as const;
const ranges = ['24h', '7d', '30d'] as const;

export interface DeliverySearch {
  readonly status?: (typeof deliveryStatuses)[number];
  readonly event?: string;
  readonly event_id?: string;
  readonly endpoint_id?: string;
  readonly status_code?: number;
  /** The delivery beside the list. */
  readonly open?: string;
}

export interface EndpointSearch extends Pick<DeliverySearch, 'status' | 'event' | 'open'> {
  readonly tab?: 'settings' | 'replays';
  readonly range?: (typeof ranges)[number];
}

export interface EventSearch {
  readonly event?: string;
  readonly contact_id?: string;
  readonly open?: string;
}

const settingsApi = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/api',
  validateSearch: (raw: Raw): { create?: 'endpoint' | 'sandbox' } => ({
    create: oneOf(raw['create'], ['endpoint', 'sandbox']),
  }),
  component: lazyPage(() => import('./settings-api.tsx'), 'ApiSettings'),
});

const endpoint = createRoute({
  getParentRoute: () => frameRoute,
  path: '/webhooks/$id',
  validateSearch: (raw: Raw): EndpointSearch => ({
    status: oneOf(raw['status'], deliveryStatuses),
    event: text(raw['event']),
    open: text(raw['open']),
    tab: oneOf(raw['tab'], ['settings', 'replays']),
    range: oneOf(raw['range'], ranges),
  }),
  component: lazyPage(() => import('./endpoint.tsx'), 'EndpointPage'),
});

const deliveries = createRoute({
  getParentRoute: () => frameRoute,
  path: '/deliveries',
  validateSearch: (raw: Raw): DeliverySearch => ({
    status: oneOf(raw['status'], deliveryStatuses),
    event: text(raw['event']),
    event_id: text(raw['event_id']),
    endpoint_id: text(raw['endpoint_id']),
    status_code: whole(raw['status_code']),
    open: text(raw['open']),
  }),
  component: lazyPage(() => import('./deliveries.tsx'), 'Deliveries'),
});

const delivery = createRoute({
  getParentRoute: () => frameRoute,
  path: '/deliveries/$id',
  component: lazyPage(() => import('./delivery.tsx'), 'DeliveryPage'),
});

const events = createRoute({
  getParentRoute: () => frameRoute,
  path: '/events',
  validateSearch: (raw: Raw): EventSearch => ({
    event: text(raw['event']),
    contact_id: text(raw['contact_id']),
    open: text(raw['open']),
  }),
  component: lazyPage(() => import('./events.tsx'), 'Events'),
});

const event = createRoute({
  getParentRoute: () => frameRoute,
  path: '/events/$id',
  component: lazyPage(() => import('./event.tsx'), 'EventPage'),
});

/** Endpoints, keys, deliveries, events. */
export const webhookRoutes = [settingsApi, endpoint, deliveries, delivery, events, event] as const;
