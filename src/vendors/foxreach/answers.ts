import { z } from 'zod';
import type { Contact } from '../../crm/contacts/index.ts';
import type { MailboxFigures } from '../../mail/analytics/index.ts';
import type { MailboxRow, MailboxStatus, Standing } from '../../mail/mailboxes/index.ts';
import type { TemplateRow } from '../../mail/templates/index.ts';
import type { Answer } from '../../http/route.ts';
import type { EndpointRow, HealthRow } from '../../webhooks/endpoints/index.ts';
import { exampleTime, integer, shapeOf, text, time } from '../shape.ts';
import { eventsShown } from '../webhooks.ts';
import { entry, membership } from './timeline.ts';
import { foxreachId } from './wire-ids.ts';
import { foxreach } from './wire.ts';

const optional = text.nullable();

interface ShownWebhook {
  readonly row: EndpointRow;
  readonly health?: HealthRow | undefined;
  /** Set in the answer that creates it. */
  readonly secret?: string | undefined;
}

export const webhook = shapeOf<ShownWebhook>({
  id: [text, 'cwh_0199c9f49d3e7f669b482f7d1a5c0e40', ({ row }) => foxreachId('cwh', row.id)],
  url: [text, 'https://example.com/hook', ({ row }) => row.target_url],
  isActive: [z.boolean(), true, ({ row }) => row.is_active],
  events: [z.array(text), ['email.sent'], ({ row }) => eventsShown(foxreach, row)],
  secret: [text, 'a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90', ({ secret }) => secret],
  lastDeliveredAt: [time.nullable(), null, ({ health }) => health?.last_delivered_at?.toISOString() ?? null],
  consecutiveFailures: [integer, 0, ({ health }) => health?.consecutive_failures ?? 0],
  createdAt: [time, exampleTime, ({ row }) => row.created_at.toISOString()],
  updatedAt: [time, exampleTime, ({ row }) => row.updated_at.toISOString()],
});
const { secret: exampleSecret, ...webhookExample } = webhook.example;
const webhookSchema = webhook.schema.omit({ secret: true }).meta({ id: 'Webhook' });

interface ShownLead {
  readonly contact: Contact;
  readonly lastContactedAt: Date | undefined;
  /** It gets no email. */
  readonly isSuppressed: boolean;
}

/** A contact. The vendor's clients require text as `email`, which contacts created by another API may lack. */
export const lead = shapeOf<ShownLead>({
  id: [text, 'cld_0199c9f17b207d028f113c5a7e90b410', ({ contact }) => foxreachId('cld', contact.id)],
  email: [text, 'ada@lovelace.example', ({ contact }) => contact.email ?? ''],
  firstName: [optional, 'Ada', ({ contact }) => contact.first_name],
  lastName: [optional, 'Lovelace', ({ contact }) => contact.last_name],
  company: [optional, 'Analytical Engines', ({ contact }) => contact.company_name],
  title: [optional, 'Head of Research', ({ contact }) => contact.job_title],
  phone: [optional, null, ({ contact }) => contact.phone],
  linkedinUrl: [optional, null, ({ contact }) => contact.linkedin_url],
  website: [optional, null, ({ contact }) => contact.website],
  tags: [z.array(text), ['vip'], ({ contact }) => contact.tags],
  customFields: [z.record(text, z.unknown()), {}, ({ contact }) => contact.custom_fields],
  notes: [optional, null, ({ contact }) => contact.notes],
  source: [optional, 'api', ({ contact }) => contact.source_name],
  // The vendor has no word for an address that is suppressed for another reason.
  status: [
    text,
    'active',
    ({ contact: { status }, isSuppressed }) => (isSuppressed && status !== 'bounced' ? 'unsubscribed' : status),
  ],
  lastContactedAt: [time.nullable(), null, ({ lastContactedAt }) => lastContactedAt?.toISOString() ?? null],
  createdAt: [time, exampleTime, ({ contact }) => contact.created_at.toISOString()],
  updatedAt: [time, exampleTime, ({ contact }) => contact.updated_at.toISOString()],
});
const leadSchema = lead.schema.meta({ id: 'Lead' });

interface ShownAccount {
  readonly mailbox: MailboxRow;
  readonly sentToday: number;
  readonly standing: Standing;
  /** Of the messages that campaigns sent in the last 30 days; undefined without any. */
  readonly figures: Omit<MailboxFigures, 'mailbox_id'> | undefined;
}

/** In per cent of the messages that were sent; null without any. */
const perCent = ({ figures }: ShownAccount, of: 'bounced' | 'replied'): number | null =>
  figures === undefined || figures.sent <= 0 ? null : Math.round((figures[of] / figures.sent) * 10_000) / 100;

/** Those that send now or once their server answers. */
const sends: ReadonlySet<MailboxStatus> = new Set(['connecting', 'connected', 'degraded']);

/** A mailbox. */
export const account = shapeOf<ShownAccount>({
  id: [text, 'acc_0199c9f34c187a9b8d275e0b6c3f8a30', ({ mailbox }) => foxreachId('acc', mailbox.id)],
  email: [text, 'grace@hopper.example', ({ mailbox }) => mailbox.email],
  displayName: [optional, 'Grace Hopper', ({ mailbox }) => mailbox.display_name],
  provider: [optional, 'smtp', ({ mailbox }) => mailbox.provider],
  dailyLimit: [integer, 50, ({ mailbox }) => mailbox.daily_limit],
  sentToday: [integer, 12, ({ sentToday }) => sentToday],
  isActive: [z.boolean(), true, ({ mailbox }) => sends.has(mailbox.status)],
  warmupEnabled: [z.boolean(), false, ({ standing }) => standing.warmup.enabled],
  healthScore: [z.number().nullable(), 88, ({ standing }) => standing.health.score],
  bounceRate: [z.number().nullable(), 1.18, (shown) => perCent(shown, 'bounced')],
  replyRate: [z.number().nullable(), 7.5, (shown) => perCent(shown, 'replied')],
  connectionStatus: [optional, 'connected', ({ mailbox }) => mailbox.status],
  createdAt: [time, exampleTime, ({ mailbox }) => mailbox.created_at.toISOString()],
  updatedAt: [time, exampleTime, ({ mailbox }) => mailbox.updated_at.toISOString()],
});

/** A template: the published SDK says `templateType`, the documentation `category`. */
export const template = shapeOf<TemplateRow>({
  id: [text, 'tpl_0199c9f41b207c339d117b5a4e2f6c10', ({ id }) => foxreachId('tpl', id)],
  name: [text, 'First message', ({ name }) => name],
  subject: [optional, 'A question', ({ subject }) => subject],
  body: [text, 'Hi {{firstName}}', ({ body }) => body],
  category: [text, 'email', ({ category }) => category],
  templateType: [text, 'email', ({ category }) => category],
  sendAsHtml: [z.boolean(), false, ({ format }) => format === 'html'],
  createdAt: [time, exampleTime, ({ created_at: at }) => at.toISOString()],
  updatedAt: [time, exampleTime, ({ updated_at: at }) => at.toISOString()],
});
const templateSchema = template.schema.meta({ id: 'Template' });

const accountSchema = account.schema.meta({ id: 'EmailAccount' });

const imported = z.object({
  created: integer,
  restored: integer,
  duplicates: integer,
  errors: integer,
  duplicateEmails: z.array(text),
  errorDetails: z.array(z.object({ email: text, reason: text })),
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
      meta: z.object({ page: integer, pageSize: integer, total: integer, totalPages: integer }),
    }),
    example: { data: [example], meta: { page: 1, pageSize: 50, total: 1, totalPages: 1 } },
  });

export const aWebhook = answer(webhookSchema, webhookExample);
export const aCreatedWebhook = answer(webhookSchema.extend({ secret: text }).meta({ id: 'CreatedWebhook' }), {
  ...webhookExample,
  secret: exampleSecret,
});
export const webhooks = page(webhookSchema, webhookExample);
export const names = answer(z.array(text), ['email.sent', 'lead.created']);
export const aLead = answer(leadSchema, lead.example);
export const leads = page(leadSchema, lead.example);
export const anImport = answer(imported, {
  created: 1,
  restored: 0,
  duplicates: 1,
  errors: 0,
  duplicateEmails: ['ada@lovelace.example'],
  errorDetails: [],
});
export const aTimeline = answer(
  z.object({ activities: z.array(entry.schema), campaigns: z.array(membership.schema) }),
  {
    activities: [entry.example],
    campaigns: [membership.example],
  },
);
export const aTemplate = answer(templateSchema, template.example);
export const templates = page(templateSchema, template.example);
export const anAccount = answer(accountSchema, account.example);
export const accounts = page(accountSchema, account.example);
