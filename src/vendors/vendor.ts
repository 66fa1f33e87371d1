import type { z } from 'zod';
import type { CanonicalType } from '../base/event-types.ts';
import type { ApiKey } from '../auth/index.ts';
import type { Activities } from '../crm/activities/index.ts';
import type { Companies } from '../crm/companies/index.ts';
import type { Contacts } from '../crm/contacts/index.ts';
import type { Projects } from '../crm/projects/index.ts';
import type { CustomFields } from '../crm/custom-fields/index.ts';
import type { Sources } from '../crm/sources/index.ts';
import type { Suppressions } from '../crm/suppressions/index.ts';
import type { Database } from '../db/pool.ts';
import type { Wire } from '../delivery/wire.ts';
import type { Campaigns } from '../mail/campaigns/index.ts';
import type { Analytics } from '../mail/analytics/index.ts';
import type { Inbox } from '../mail/inbox/index.ts';
import type { Reports } from '../mail/health/index.ts';
import type { Leads } from '../mail/leads/index.ts';
import type { Mailboxes } from '../mail/mailboxes/index.ts';
import type { Sending } from '../mail/sending/index.ts';
import type { Sequencing } from '../mail/sequencing/index.ts';
import type { Warmups } from '../mail/warmup/index.ts';
import type { Templates } from '../mail/templates/index.ts';
import type { Principal, Route } from '../http/route.ts';
import type { Deliveries } from '../webhooks/deliveries/index.ts';
import type { Endpoints } from '../webhooks/endpoints/index.ts';

/** Everything about one vendor. A folder's `index.ts` exports it. */
export interface Vendor {
  /** How its deliveries are named, formatted and signed. */
  readonly wire: Wire;
  /** Schema of the body that a receiver gets for `type` under the vendor's `name`. For the API document. */
  readonly deliveryBody: (type: CanonicalType, name: string) => z.ZodType;
  /** The calls of its own API. Without it, endpoints of this dialect are managed by the native API alone. */
  readonly routes?: (domain: Domain) => readonly Route[];
}

/** The slices that the vendors' APIs call, as the native API does. */
export interface Domain {
  readonly endpoints: Endpoints;
  readonly deliveries: Deliveries;
  readonly customFields: CustomFields;
  readonly sources: Sources;
  readonly contacts: Contacts;
  readonly suppressions: Pick<Suppressions, 'known' | 'suppress'>;
  readonly companies: Companies;
  readonly projects: Projects;
  readonly activities: Activities;
  readonly mailboxes: Mailboxes;
  readonly health: Reports;
  readonly warmup: Warmups;
  readonly campaigns: Campaigns;
  readonly leads: Pick<Leads, 'records'>;
  readonly inbox: Pick<Inbox, 'records'>;
  readonly sequencing: Pick<Sequencing, 'launch'>;
  readonly sending: Pick<Sending, 'messages'>;
  readonly inTransaction: Database['transaction'];
  readonly analytics: Analytics;
  readonly templates: Templates;
  /** Loads the key of the calling principal. */
  readonly keyOf: (principal: Principal) => Promise<ApiKey>;
}
