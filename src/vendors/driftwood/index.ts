import { namedBody } from '../delivery-body.ts';
import type { Vendor } from '../vendor.ts';
import { activityCalls } from './activities.ts';
import { companyCalls } from './companies.ts';
import { contactCalls } from './contacts.ts';
import { projectCalls } from './projects.ts';
import { webhookCalls } from './routes.ts';
import { driftwood as wire } from './wire.ts';

/** Driftwood: webhooks, contacts, companies, projects and activities. */
export const driftwood: Vendor = {
  wire,
  deliveryBody: (_type, name) => namedBody(name),
  routes: (domain) => [
    ...webhookCalls(domain),
    ...contactCalls(domain.contacts),
    ...companyCalls(domain.companies),
    ...projectCalls(domain.projects),
    ...activityCalls(domain.activities),
  ],
};
