import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { frameRoute } from '../../app/root.tsx';

const unbuilt = lazyRouteComponent(() => import('../unbuilt.tsx'), 'Unbuilt');

const settingsApi = createRoute({ getParentRoute: () => frameRoute, path: '/settings/api', component: unbuilt });
const endpoint = createRoute({ getParentRoute: () => frameRoute, path: '/webhooks/$id', component: unbuilt });
const deliveries = createRoute({ getParentRoute: () => frameRoute, path: '/deliveries', component: unbuilt });
const delivery = createRoute({ getParentRoute: () => frameRoute, path: '/deliveries/$id', component: unbuilt });
const events = createRoute({ getParentRoute: () => frameRoute, path: '/events', component: unbuilt });
const event = createRoute({ getParentRoute: () => frameRoute, path: '/events/$id', component: unbuilt });

/** Endpoints, keys, deliveries, events. */
export const webhookRoutes = [settingsApi, endpoint, deliveries, delivery, events, event] as const;
