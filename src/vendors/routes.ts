import type { Activities } from '../crm/activities/index.ts';
import type { ApiKey } from '../auth/index.ts';
import type { Companies } from '../crm/companies/index.ts';
import type { Contacts } from '../crm/contacts/index.ts';
import type { Principal, Route } from '../http/route.ts';
import type { Projects } from '../crm/projects/index.ts';
import type { Records } from '../crm/records/index.ts';
import type { Deliveries } from '../webhooks/deliveries/index.ts';
import type { Endpoints } from '../webhooks/endpoints/index.ts';
import { activityCalls } from './driftwood/activities.ts';
import { companyCalls } from './driftwood/companies.ts';
import { contactCalls } from './driftwood/contacts.ts';
import { projectCalls } from './driftwood/projects.ts';
import { driftwoodRoutes } from './driftwood/routes.ts';
import { leadRoutes } from './foxreach/leads-routes.ts';
import { foxreachRoutes } from './foxreach/routes.ts';
import { mailpandaRoutes } from './mailpanda/routes.ts';
import { warmysenderRoutes } from './warmysender/routes.ts';

/** What the vendors' APIs are made of: the same functions as the native one. */
export interface Domain {
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  readonly customFields: Records['customFields'];
  readonly sources: Records['sources'];
  readonly contacts: Contacts;
  readonly companies: Companies;
  readonly projects: Projects;
  readonly activities: Activities;
  /** The key of a call, as it is kept. */
  readonly keyOf: (principal: Principal) => Promise<ApiKey>;
}

/** The vendors' APIs, one line each. Where two have the same path, the first whose callers present their key like this takes the request. */
export const dialectRoutes = (domain: Domain): readonly Route[] => [
  ...foxreachRoutes(domain.endpoints),
  ...leadRoutes(domain),
  ...mailpandaRoutes(domain.endpoints),
  ...driftwoodRoutes(domain),
  ...contactCalls(domain.contacts),
  ...companyCalls(domain.companies),
  ...projectCalls(domain.projects),
  ...activityCalls(domain.activities),
  ...warmysenderRoutes(domain),
];
