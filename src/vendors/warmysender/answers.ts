import { z } from 'zod';
import type { Answer } from '../../http/route.ts';

/** Bodies of WarmySender's answers, for the API document. */
const time = z.iso.datetime();

const webhook = z
  .object({
    id: z.uuid(),
    url: z.string(),
    description: z.string(),
    events: z.array(z.string()),
    isActive: z.boolean(),
    secretPrefix: z.string(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Webhook' });
const webhookExample = {
  id: '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e40',
  url: 'https://example.com/hook',
  description: '',
  events: ['mailbox.connected'],
  isActive: true,
  secretPrefix: 'whsec_4fXq',
  createdAt: '2026-01-05T09:00:00.000Z',
  updatedAt: '2026-01-05T09:00:00.000Z',
};
const createdWebhook = webhook.extend({ secret: z.string() }).meta({ id: 'CreatedWebhook' });

const delivery = z
  .object({
    id: z.uuid(),
    eventId: z.uuid(),
    eventType: z.string(),
    status: z.enum(['pending', 'delivered', 'failed']),
    attemptCount: z.number().int(),
    statusCode: z.number().int().nullable(),
    error: z.string().nullable(),
    createdAt: time,
    completedAt: time.nullable(),
  })
  .meta({ id: 'Delivery' });
const deliveryExample = {
  id: '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e42',
  eventId: '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e41',
  eventType: 'mailbox.connected',
  status: 'delivered',
  attemptCount: 1,
  statusCode: 200,
  error: null,
  createdAt: '2026-01-05T09:00:00.000Z',
  completedAt: '2026-01-05T09:00:00.120Z',
};

const caller = z.object({
  apiKey: z.object({ id: z.uuid(), name: z.string(), scopes: z.array(z.string()) }),
  workspace: z.object({ id: z.uuid() }),
  organization: z.object({ id: z.uuid(), slug: z.string() }),
  sandbox: z.boolean(),
});
const organization = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00';

const answer =
  (schema: z.ZodType, example: unknown) =>
  (description: string): Answer => ({ description, schema: z.object({ data: schema }), example: { data: example } });

export const aWebhook = answer(webhook, webhookExample);
export const aCreatedWebhook = answer(createdWebhook, {
  ...webhookExample,
  secret: 'whsec_4fXqN1v8sJ0d2Kb7mWc5RzT9yPaHuLgE',
});
export const webhooks = answer(z.array(webhook), [webhookExample]);
export const names = answer(z.array(z.string()), ['mailbox.connected', 'email.sent']);
export const aTest = answer(z.object({ eventId: z.uuid(), deliveryId: z.uuid() }), {
  eventId: deliveryExample.eventId,
  deliveryId: deliveryExample.id,
});
export const deliveries = (description: string): Answer => ({
  description,
  schema: z.object({
    data: z.array(delivery),
    pagination: z.object({ has_more: z.boolean(), next_cursor: z.string().nullable() }),
  }),
  example: { data: [deliveryExample], pagination: { has_more: false, next_cursor: null } },
});
export const theCaller = (description: string): Answer => ({
  description,
  schema: caller,
  example: {
    apiKey: { id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22', name: 'warm-up', scopes: ['*'] },
    workspace: { id: organization },
    organization: { id: organization, slug: 'default' },
    sandbox: false,
  },
});
