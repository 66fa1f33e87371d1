import { z } from 'zod';
import { activityExample, activityShape } from '../../crm/activities/index.ts';
import { companyExample, companyShape } from '../../crm/companies/index.ts';
import { contactExample, contactShape } from '../../crm/contacts/index.ts';
import { projectExample, projectShape } from '../../crm/projects/index.ts';
import type { Delivery } from '../../delivery/queue/log.ts';
import type { Answer } from '../../http/route.ts';
import type { EndpointRow } from '../../webhooks/endpoints/index.ts';
import { deliveryStatus, deliveryStatusOf, exampleTime, integer, shapeOf, text, time } from '../shape.ts';

/** What a call answers, for the API document. */
export interface Shown {
  readonly schema: z.ZodType;
  readonly example: object;
}

/** Driftwood has no workspaces and no owners, and contacts with one address. */
const withoutWorkspace = <Record extends { readonly workspace_id: unknown }>({ workspace_id: _, ...record }: Record) =>
  record;
const { deleted_at: _, emails: __, owner: ___, ...contactFields } = withoutWorkspace(contactExample);
const { owner: ____, ...companyFields } = withoutWorkspace(companyExample);

export const records = {
  contact: {
    schema: contactShape
      .omit({ deleted_at: true, workspace_id: true, emails: true, owner: true })
      .meta({ id: 'Contact' }),
    example: contactFields,
  },
  company: {
    schema: companyShape.omit({ workspace_id: true, owner: true }).meta({ id: 'Company' }),
    example: companyFields,
  },
  project: {
    schema: projectShape.omit({ workspace_id: true }).meta({ id: 'Project' }),
    example: withoutWorkspace(projectExample),
  },
  activity: {
    schema: activityShape.omit({ workspace_id: true }).meta({ id: 'Activity' }),
    example: withoutWorkspace(activityExample),
  },
} satisfies Record<string, Shown>;

export const nothing: Shown = { schema: z.object({}), example: {} };
export const pageShown = ({ schema, example }: Shown): Shown => ({
  schema: z.object({ items: z.array(schema), next_cursor: z.string().describe('Empty on the last page.') }),
  example: { items: [example], next_cursor: '' },
});

/** Driftwood's envelope around a result. */
export const answerOf = (description: string, { schema, example }: Shown): Answer => ({
  description,
  schema: z.object({ ok: z.literal(true), result: schema }),
  example: { ok: true, result: example },
});

/** `created_by` is the key that created it: Outrider's keys take the place of the vendor's users. */
export const endpoint = shapeOf<EndpointRow>({
  id: [z.uuid(), '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e40', (row) => row.id],
  account_id: [z.uuid(), '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00', (row) => row.organization_id],
  created_by: [z.uuid().nullable(), '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22', (row) => row.created_by],
  url: [text, 'https://example.com/hook', (row) => row.target_url],
  // The vendor's page shows text, never null.
  description: [text, 'Sync contacts to our data warehouse', (row) => row.description ?? ''],
  secret_prefix: [text, 'whsec_4fXq', (row) => row.secret_prefix],
  events: [z.array(text), ['contact.created'], (row) => row.events],
  is_active: [z.boolean(), true, (row) => row.is_active],
  created_at: [time, exampleTime, (row) => row.created_at.toISOString()],
  updated_at: [time, exampleTime, (row) => row.updated_at.toISOString()],
});
const endpointSchema = endpoint.schema.meta({ id: 'WebhookEndpoint' });

export const delivery = shapeOf<Delivery>({
  id: [z.uuid(), '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e42', (row) => row.id],
  event_type: [text, 'contact.created', (row) => row.event_type],
  status: [deliveryStatus, 'delivered', deliveryStatusOf],
  http_status_code: [integer.nullable(), 200, (row) => row.last_status_code],
  attempt_count: [integer, 1, (row) => row.attempt_count],
  completed_at: [time.nullable(), '2026-01-05T09:00:00.120Z', (row) => row.completed_at?.toISOString() ?? null],
  created_at: [time, exampleTime, (row) => row.created_at.toISOString()],
});
const deliverySchema = delivery.schema.meta({ id: 'Delivery' });

export const anEndpoint: Shown = {
  schema: z.object({ endpoint: endpointSchema }),
  example: { endpoint: endpoint.example },
};
export const aCreatedEndpoint: Shown = {
  schema: z.object({ endpoint: endpointSchema, signing_secret: text }),
  example: { endpoint: endpoint.example, signing_secret: 'whsec_4fXqN1v8sJ0d2Kb7mWc5RzT9yPaHuLgE' },
};
export const endpoints: Shown = {
  schema: z.object({ endpoints: z.array(endpointSchema) }),
  example: { endpoints: [endpoint.example] },
};
export const deliveries: Shown = {
  schema: z.object({ deliveries: z.array(deliverySchema) }),
  example: { deliveries: [delivery.example] },
};
