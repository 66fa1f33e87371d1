import { z } from 'zod';
import { activityExample, activityShape } from '../../crm/activities/index.ts';
import { companyExample, companyShape } from '../../crm/companies/index.ts';
import { contactExample, contactShape } from '../../crm/contacts/index.ts';
import type { Answer } from '../../http/route.ts';
import { projectExample, projectShape } from '../../crm/projects/index.ts';

/** The bodies of Driftwood's answers, as the API document shows them. */
export interface Shown {
  readonly schema: z.ZodType;
  readonly example: object;
}

const { deleted_at: _, ...contactFields } = contactExample;

export const records = {
  contact: { schema: contactShape.omit({ deleted_at: true }).meta({ id: 'Contact' }), example: contactFields },
  company: { schema: companyShape, example: companyExample },
  project: { schema: projectShape, example: projectExample },
  activity: { schema: activityShape, example: activityExample },
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

const time = z.iso.datetime();
const endpoint = z
  .object({
    id: z.uuid(),
    account_id: z.uuid(),
    created_by: z.uuid().nullable(),
    url: z.string(),
    description: z.string(),
    secret_prefix: z.string(),
    events: z.array(z.string()),
    is_active: z.boolean(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'WebhookEndpoint' });
const endpointExample = {
  id: '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e40',
  account_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00',
  created_by: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22',
  url: 'https://example.com/hook',
  description: 'Sync contacts to our data warehouse',
  secret_prefix: 'whsec_4fXq',
  events: ['contact.created'],
  is_active: true,
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};
const delivery = z
  .object({
    id: z.uuid(),
    event_type: z.string(),
    status: z.enum(['pending', 'delivered', 'failed']),
    http_status_code: z.number().int().nullable(),
    attempt_count: z.number().int(),
    completed_at: time.nullable(),
    created_at: time,
  })
  .meta({ id: 'Delivery' });
const deliveryExample = {
  id: '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e42',
  event_type: 'contact.created',
  status: 'delivered',
  http_status_code: 200,
  attempt_count: 1,
  completed_at: '2026-01-05T09:00:00.120Z',
  created_at: '2026-01-05T09:00:00.000Z',
};

export const anEndpoint: Shown = { schema: z.object({ endpoint }), example: { endpoint: endpointExample } };
export const aCreatedEndpoint: Shown = {
  schema: z.object({ endpoint, signing_secret: z.string() }),
  example: { endpoint: endpointExample, signing_secret: 'whsec_4fXqN1v8sJ0d2Kb7mWc5RzT9yPaHuLgE' },
};
export const endpoints: Shown = {
  schema: z.object({ endpoints: z.array(endpoint) }),
  example: { endpoints: [endpointExample] },
};
export const deliveries: Shown = {
  schema: z.object({ deliveries: z.array(delivery) }),
  example: { deliveries: [deliveryExample] },
};
