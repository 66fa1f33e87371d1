import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { frameRoute, rootRoute } from '../../app/root.tsx';
import { text } from '../../app/search-params.ts';
import type { Raw } from '../../app/search-params.ts';

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (raw: Raw): { next?: string } => ({ next: text(raw['next']) }),
  component: lazyRouteComponent(() => import('./sign-in.tsx'), 'SignIn'),
});

const unbuilt = lazyRouteComponent(() => import('../unbuilt.tsx'), 'Unbuilt');

const setup = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('./join.tsx'), 'SetUp'),
});
const invitation = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./join.tsx'), 'Invitation'),
});
const reset = createRoute({ getParentRoute: () => rootRoute, path: '/reset', component: unbuilt });
const settings = createRoute({ getParentRoute: () => frameRoute, path: '/settings', component: unbuilt });
const people = createRoute({ getParentRoute: () => frameRoute, path: '/settings/people', component: unbuilt });
const workspaces = createRoute({ getParentRoute: () => frameRoute, path: '/settings/workspaces', component: unbuilt });
const security = createRoute({ getParentRoute: () => frameRoute, path: '/settings/security', component: unbuilt });

/** Outside of the frame: nobody is signed in yet. */
export const accountRoutes = [signIn, setup, invitation, reset] as const;

/** Settings that concern people. */
export const accountFrameRoutes = [settings, people, workspaces, security] as const;
