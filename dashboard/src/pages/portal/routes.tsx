import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../../app/lazy-page.tsx';
import { rootRoute } from '../../app/root.tsx';

const portal = createRoute({
  getParentRoute: () => rootRoute,
  path: '/portal',
  component: lazyPage(() => import('./portal.tsx'), 'CustomerPortal'),
});

/** The customer portal, outside of the frame. */
export const portalRoutes = [portal] as const;
