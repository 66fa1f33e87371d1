import { namedBody } from '../delivery-body.ts';
import type { Vendor } from '../vendor.ts';
import { leadRoutes } from './leads-routes.ts';
import { webhookRoutes } from './routes.ts';
import { foxreach as wire } from './wire.ts';

/** FoxReach: webhooks and leads. */
export const foxreach: Vendor = {
  wire,
  deliveryBody: (_type, name) => namedBody(name),
  routes: (domain) => [...webhookRoutes(domain.endpoints), ...leadRoutes(domain)],
};
