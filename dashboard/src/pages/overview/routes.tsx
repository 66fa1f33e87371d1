import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../../app/lazy-page.tsx';
import { frameRoute } from '../../app/root.tsx';
import { oneOf } from '../../app/search-params.ts';
import type { Raw } from '../../app/search-params.ts';

const overview = createRoute({
  getParentRoute: () => frameRoute,
  path: '/',
  validateSearch: (raw: Raw): { range?: '24h' | '7d' | '30d' } => ({
    range: oneOf(raw['range'], ['24h', '7d', '30d']),
  }),
  component: lazyPage(() => import('./overview.tsx'), 'Overview'),
});

export const overviewRoutes = [overview] as const;
