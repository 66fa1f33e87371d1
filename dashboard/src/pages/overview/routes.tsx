import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { frameRoute } from '../../app/root.tsx';
import { oneOf } from '../../app/search-params.ts';
import type { Raw } from '../../app/search-params.ts';

const overview = createRoute({
  getParentRoute: () => frameRoute,
  path: '/',
  validateSearch: (raw: Raw): { range?: '24h' | '7d' | '30d' } => ({
    range: oneOf(raw['range'], ['24h', '7d', '30d']),
  }),
  component: lazyRouteComponent(() => import('./overview.tsx'), 'Overview'),
});

export const overviewRoutes = [overview] as const;
