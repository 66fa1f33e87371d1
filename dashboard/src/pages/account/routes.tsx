import { createRoute } from '@tanstack/react-router';
import { lazyPage } from '../../app/lazy-page.tsx';
import { frameRoute, rootRoute } from '../../app/root.tsx';
import { text } from '../../app/search-params.ts';
import type { Raw } from '../../app/search-params.ts';

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (raw: Raw): { next?: string; ended?: true } => ({
    next: text(raw['next']),
    ended: raw['ended'] === true ? true : undefined,
  }),
  component: lazyPage(() => import('./sign-in.tsx'), 'SignIn'),
});

const setup = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  component: lazyPage(() => import('./join.tsx'), 'SetUp'),
});
const invitation = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation',
  component: lazyPage(() => import('./join.tsx'), 'Invitation'),
});
const forgotPassword = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot-password',
  component: lazyPage(() => import('./reset.tsx'), 'ForgotPassword'),
});
const reset = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset',
  component: lazyPage(() => import('./reset.tsx'), 'Reset'),
});
const settings = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings',
  component: lazyPage(() => import('./settings.tsx'), 'Settings'),
});
const people = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/people',
  component: lazyPage(() => import('./people.tsx'), 'People'),
});
const workspaces = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/workspaces',
  component: lazyPage(() => import('./workspaces.tsx'), 'Workspaces'),
});
const security = createRoute({
  getParentRoute: () => frameRoute,
  path: '/settings/security',
  component: lazyPage(() => import('./security.tsx'), 'Security'),
});

/** Outside of the frame: nobody is signed in yet. */
export const accountRoutes = [signIn, setup, invitation, forgotPassword, reset] as const;

/** Settings that concern people. */
export const accountFrameRoutes = [settings, people, workspaces, security] as const;
