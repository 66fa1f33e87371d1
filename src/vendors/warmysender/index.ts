import { z } from 'zod';
import { sandbox, timestamp } from '../delivery-body.ts';
import type { Vendor } from '../vendor.ts';
import { healthRoutes } from './health-routes.ts';
import { mailboxRoutes } from './mailboxes-routes.ts';
import { warmupRoutes } from './warmup-routes.ts';
import { warmysenderRoutes } from './routes.ts';
import { warmysender as wire } from './wire.ts';

/** WarmySender: the calling key, webhooks, mailboxes, their warm-up and health. */
export const warmysender: Vendor = {
  wire,
  deliveryBody: (_type, name) => z.object({ type: z.literal(name), sandbox, data: z.looseObject({}), timestamp }),
  routes: (domain) => [
    ...warmysenderRoutes(domain),
    ...mailboxRoutes(domain),
    ...warmupRoutes(domain),
    ...healthRoutes(domain),
  ],
};
