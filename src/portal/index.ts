import type { Module } from '../ops/index.ts';
import { portalOf } from './portal.ts';
import type { PortalOptions } from './portal.ts';
import { expireLinks } from './queries.ts';
import { portalRoutes } from './routes.ts';

/** The customer portal: its routes, and the end of links that were not opened. */
export const createPortal = (options: PortalOptions): Module => ({
  routes: portalRoutes(portalOf(options)),
  everyMinute: (nowMs) => expireLinks(options.db, new Date(nowMs)),
});
