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
const forgotPassword = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot-password',
  component: lazyRouteComponent(() => import('./reset.tsx'), 'ForgotPassword'),
});
const reset = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset',
  component: lazyRouteComponent(() => import('./reset.tsx'), 'Reset'),
});
const settings = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings.tsx'), 'Settings'),
});
const people = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/people',
  component: lazyRouteComponent(() => import('./people.tsx'), 'People'),
});
const workspaces = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/workspaces',
  component: lazyRouteComponent(() => import('./workspaces.tsx'), 'Workspaces'),
});
const security = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/security',
  component: lazyRouteComponent(() => import('./security.tsx'), 'Security'),
});

/** Outside of the frame: nobody is signed in yet. */
export const accountRoutes = [signIn, setup, invitation, forgotPassword, reset] as const;

/** Settings that concern people. */
export const accountFrameRoutes = [settings, people, workspaces, security] as const;
