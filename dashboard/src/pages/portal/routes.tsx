import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../app/root.tsx';

const portal = createRoute({
  getParentRoute: () => rootRoute,
  path: '/portal',
  component: lazyRouteComponent(() => import('./portal.tsx'), 'CustomerPortal'),
});

/** The customer portal, outside of the frame. */
export const portalRoutes = [portal] as const;
