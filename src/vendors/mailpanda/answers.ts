import { z } from 'zod';
import type { Answer } from '../../http/route.ts';

/** Bodies of MailPanda's answers, for the API document. */
const webhook = z
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

export const aWebhook = (description: string): Answer => ({ description, schema: webhook, example });
export const aCreatedWebhook = (description: string): Answer => ({
  description,
  schema: webhook.extend({ secret: z.string().optional() }).meta({ id: 'CreatedWebhook' }),
  example,
});
export const webhooks = (description: string): Answer => ({
  description,
  schema: z.object({ webhooks: z.array(webhook) }),
  example: { webhooks: [example] },
});
