import { namedBody } from '../delivery-body.ts';
import type { Vendor } from '../vendor.ts';
import { accountRoutes } from './accounts-routes.ts';
import { campaignMemberRoutes } from './campaign-members-routes.ts';
import { campaignRoutes } from './campaigns-routes.ts';
import { analyticsRoutes } from './analytics-routes.ts';
import { inboxRoutes } from './inbox-routes.ts';
import { leadRoutes } from './leads-routes.ts';
import { webhookRoutes } from './routes.ts';
import { templateRoutes } from './templates-routes.ts';
import { foxreach as wire } from './wire.ts';

/** FoxReach: webhooks, leads, email accounts, campaigns, inbox, templates and analytics. */
export const foxreach: Vendor = {
  wire,
  deliveryBody: (_type, name) => namedBody(name),
  routes: (domain) => [
    ...webhookRoutes(domain.endpoints),
    ...leadRoutes(domain),
    ...accountRoutes(domain),
    ...campaignRoutes(domain),
    ...campaignMemberRoutes(domain),
    ...inboxRoutes(domain),
    ...analyticsRoutes(domain),
    ...templateRoutes(domain),
  ],
};
