import { z } from 'zod';
import type { Answer } from '../../http/route.ts';
import type { EndpointRow } from '../../webhooks/endpoints/index.ts';
import { integer, shapeOf, text, time } from '../shape.ts';
import { listOf } from './event-lists.ts';

export const webhook = shapeOf<EndpointRow>({
  id: [integer, 3, (row) => row.number],
  url: [text, 'https://example.com/hook', (row) => row.target_url],
  events: [text.describe('Separated by commas.'), 'open,click,bounce', listOf],
  active: [z.boolean(), true, (row) => row.is_active],
  // To the second, as on the vendor's page.
  created_at: [time, '2026-03-03T10:00:00Z', (row) => `${row.created_at.toISOString().slice(0, 19)}Z`],
});
const schema = webhook.schema.meta({ id: 'Webhook' });
const { example } = webhook;

export const aWebhook = (description: string): Answer => ({ description, schema, example });
export const aCreatedWebhook = (description: string): Answer => ({
  description,
  schema: schema.extend({ secret: text.optional() }).meta({ id: 'CreatedWebhook' }),
  example,
});
export const webhooks = (description: string): Answer => ({
  description,
  schema: z.object({ webhooks: z.array(schema) }),
  example: { webhooks: [example] },
});
