import { z } from 'zod';
import type { Answer } from '../../http/route.ts';

/** The bodies of MailPanda's answers, as the API document shows them. */
const endpoint = z
  .object({
    id: z.number().int(),
    url: z.string(),
    events: z.string().describe('Separated by commas.'),
    active: z.boolean(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Webhook' });
const example = {
  id: 3,
  url: 'https://example.com/hook',
  events: 'open,click,bounce',
  active: true,
  created_at: '2026-03-03T10:00:00Z',
};

export const anEndpoint = (description: string): Answer => ({ description, schema: endpoint, example });
export const aCreatedEndpoint = (description: string): Answer => ({
  description,
  schema: endpoint.extend({ secret: z.string().optional() }).meta({ id: 'CreatedWebhook' }),
  example,
});
export const endpoints = (description: string): Answer => ({
  description,
  schema: z.object({ webhooks: z.array(endpoint) }),
  example: { webhooks: [example] },
});
