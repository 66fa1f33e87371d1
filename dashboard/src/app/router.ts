import { createRouter } from '@tanstack/react-router';
import { accountFrameRoutes, accountRoutes } from '../pages/account/routes.tsx';
import { mailRoutes } from '../pages/mail/routes.tsx';
import { overviewRoutes } from '../pages/overview/routes.tsx';
import { portalRoutes } from '../pages/portal/routes.tsx';
import { recordRoutes } from '../pages/records/routes.tsx';
import { settingsRoutes } from '../pages/settings/routes.tsx';
import { webhookRoutes } from '../pages/webhooks/routes.tsx';
import { frameRoute, rootRoute } from './root.tsx';

/** Each area brings its routes; those of the frame need a session. */
const routeTree = rootRoute.addChildren([
  ...accountRoutes,
  ...portalRoutes,
  frameRoute.addChildren([
    ...overviewRoutes,
    ...webhookRoutes,
    ...recordRoutes,
    ...mailRoutes,
    ...accountFrameRoutes,
    ...settingsRoutes,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  // What a page does not define in its URL would be sent to the API as a filter.
  search: { strict: true },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
