import { z } from 'zod';
import type { Answer } from '../../http/route.ts';

/** Bodies of FoxReach's answers, for the API document. */
const time = z.iso.datetime();
const text = z.string().nullable();

const webhook = z
  .object({
    id: z.string(),
    url: z.string(),
    isActive: z.boolean(),
    events: z.array(z.string()),
    lastDeliveredAt: time.nullable(),
    consecutiveFailures: z.number().int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Webhook' });
const webhookExample = {
  id: 'cwh_0199c9f49d3e7f669b482f7d1a5c0e40',
  url: 'https://example.com/hook',
  isActive: true,
  events: ['email.sent'],
  lastDeliveredAt: null,
  consecutiveFailures: 0,
  createdAt: '2026-01-05T09:00:00.000Z',
  updatedAt: '2026-01-05T09:00:00.000Z',
};
const createdWebhook = webhook.extend({ secret: z.string() }).meta({ id: 'CreatedWebhook' });

const lead = z
  .object({
    id: z.string(),
    email: z.string(),
    firstName: text,
    lastName: text,
    company: text,
    title: text,
    phone: text,
    linkedinUrl: text,
    website: text,
    tags: z.array(z.string()),
    customFields: z.record(z.string(), z.unknown()),
    notes: text,
    source: text,
    status: z.string(),
    lastContactedAt: time.nullable(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Lead' });
const leadExample = {
  id: 'cld_0199c9f17b207d028f113c5a7e90b410',
  email: 'ada@lovelace.example',
  firstName: 'Ada',
  lastName: 'Lovelace',
  company: 'Analytical Engines',
  title: 'Head of Research',
  phone: null,
  linkedinUrl: null,
  website: null,
  tags: ['vip'],
  customFields: {},
  notes: null,
  source: 'api',
  status: 'active',
  lastContactedAt: null,
  createdAt: '2026-01-05T09:00:00.000Z',
  updatedAt: '2026-01-05T09:00:00.000Z',
};

const entry = z.object({
  id: z.string(),
  type: z.string(),
  subject: z.string(),
  bodyPreview: z.string(),
  status: text,
  campaignName: text,
  sequenceStep: z.number().int().nullable(),
  emailType: text,
  openedAt: time.nullable(),
  clickedAt: time.nullable(),
  category: text,
  timestamp: time,
});
const entryExample = {
  id: 'act_0199c9f17b207d028f113c5a7e90b413',
  type: 'call',
  subject: '',
  bodyPreview: 'Call back',
  status: 'voicemail',
  campaignName: null,
  sequenceStep: null,
  emailType: null,
  openedAt: null,
  clickedAt: null,
  category: null,
  timestamp: '2026-01-05T09:00:00.000Z',
};

const count = z.number().int();
const imported = z.object({
  created: count,
  restored: count,
  duplicates: count,
  errors: count,
  duplicateEmails: z.array(z.string()),
  errorDetails: z.array(z.object({ email: z.string(), reason: z.string() })),
});

const answer =
  (schema: z.ZodType, example: unknown) =>
  (description: string): Answer => ({ description, schema: z.object({ data: schema }), example: { data: example } });
const page =
  (item: z.ZodType, example: unknown) =>
  (description: string): Answer => ({
    description,
    schema: z.object({
      data: z.array(item),
      meta: z.object({ page: count, pageSize: count, total: count, totalPages: count }),
    }),
    example: { data: [example], meta: { page: 1, pageSize: 50, total: 1, totalPages: 1 } },
  });

export const aWebhook = answer(webhook, webhookExample);
export const aCreatedWebhook = answer(createdWebhook, {
  ...webhookExample,
  secret: 'a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90',
});
export const webhooks = page(webhook, webhookExample);
export const names = answer(z.array(z.string()), ['email.sent', 'lead.created']);
export const aLead = answer(lead, leadExample);
export const leads = page(lead, leadExample);
export const anImport = answer(imported, {
  created: 1,
  restored: 0,
  duplicates: 1,
  errors: 0,
  duplicateEmails: ['ada@lovelace.example'],
  errorDetails: [],
});
export const aTimeline = answer(z.object({ activities: z.array(entry), campaigns: z.array(z.unknown()) }), {
  activities: [entryExample],
  campaigns: [],
});
