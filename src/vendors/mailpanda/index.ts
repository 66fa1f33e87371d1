import { namedBody } from '../delivery-body.ts';
import type { Vendor } from '../vendor.ts';
import { webhookRoutes } from './routes.ts';
import { mailpanda as wire } from './wire.ts';

export { mailpandaSurface } from './surface.ts';

/** MailPanda: webhooks. What mail providers post to it is received by mail/provider-events. */
export const mailpanda: Vendor = {
  wire,
  deliveryBody: (_type, name) => namedBody(name),
  routes: ({ endpoints }) => webhookRoutes(endpoints),
};
