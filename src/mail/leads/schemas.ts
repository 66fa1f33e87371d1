import { z } from 'zod';
import { isStorable } from '../../base/storable.ts';
import { mustBeWellFormed } from '../../base/validation-messages.ts';
import { contactStatuses } from '../../crm/contacts/index.ts';
import { exampleIds } from '../../events/index.ts';
import { shown } from '../../http/shown.ts';
import { skipReasons } from './add.ts';
import { leadStatuses } from './lead.ts';
import type { Lead } from './lead.ts';
import type { Addition } from './read-queries.ts';
import type { LeadDetail } from './records.ts';

const time = z.iso.datetime();

export const leadShape = z
  .object({
    id: z.uuid(),
    campaign_id: z.uuid(),
    workspace_id: z.uuid().nullable(),
    contact_id: z.uuid().nullable(),
    email: z.string(),
    status: z
      .enum(leadStatuses)
      .describe(
        '`queued`: not contacted yet. `waiting`: for its next step. `sending`: its message is on its way. `held`: until `blocked_until`, or until it is resumed. The others are final.',
      ),
    step: z.int().describe('Messages of the sequence that were sent to it.'),
    mailbox_id: z.uuid().nullable().describe('The mailbox that writes to it. Null until the first message.'),
    due_at: time.nullable().describe('When its next step may be sent, or its hold ends.'),
    blocked_reason: z.string().nullable().describe('Why it waits or is skipped, as a stable code.'),
    blocked_until: time.nullable(),
    blocked_detail: z.string().nullable(),
    verdict: z.enum(['deliverable', 'risky', 'undeliverable', 'unknown']).nullable(),
    replied_at: time.nullable(),
    last_event_at: time,
    created_at: time,
  })
  .meta({ id: 'Lead' });

export const leadOnWire = (lead: Lead) => shown(leadShape, lead);

const entryShape = z
  .object({
    kind: z.string().describe('`added`, `verified`, `begun`, `accepted`, `held`, `resumed`, `replied`, `skipped`, …'),
    from: z.enum(leadStatuses).nullable(),
    to: z.enum(leadStatuses),
    detail: z.record(z.string(), z.unknown()),
    at: time,
  })
  .meta({ id: 'LeadEvent' });

const messageShape = z
  .object({
    id: z.uuid(),
    direction: z.enum(['outbound', 'inbound']),
    status: z.string().nullable(),
    step: z.int().nullable(),
    variant: z.string().nullable(),
    from: z.string(),
    to: z.string(),
    subject: z.string(),
    created_at: time,
    sent_at: time.nullable(),
  })
  .meta({ id: 'LeadMessage' });

export const leadDetailShape = leadShape
  .extend({
    history: z.array(entryShape).describe('What happened to it, the oldest first; at most 200.'),
    messages: z.array(messageShape).describe('To and from it, the oldest first; the newest 100.'),
  })
  .meta({ id: 'LeadDetail' });

export const leadDetailOnWire = ({ lead, history, messages }: LeadDetail) => ({
  ...leadOnWire(lead),
  history: [
    { kind: 'added', from: null, to: 'queued', detail: {}, at: lead.created_at.toISOString() },
    ...history.map(({ kind, from_status: from, to_status: to, detail, at }) => ({
      kind,
      from,
      to,
      detail,
      at: at.toISOString(),
    })),
  ],
  messages: messages.map((message) =>
    shown(messageShape, {
      ...message,
      from: message.from_address,
      to: message.to_address,
      subject: message.said.subject,
    }),
  ),
});

export const leadExample: z.input<typeof leadShape> = {
  id: exampleIds.lead,
  campaign_id: exampleIds.campaign,
  workspace_id: null,
  contact_id: exampleIds.contact,
  email: exampleIds.recipient,
  status: 'waiting',
  step: 1,
  mailbox_id: exampleIds.mailbox,
  due_at: '2026-01-08T09:00:00.000Z',
  blocked_reason: null,
  blocked_until: null,
  blocked_detail: null,
  verdict: 'deliverable',
  replied_at: null,
  last_event_at: '2026-01-05T09:00:01.204Z',
  created_at: '2026-01-04T15:00:00.000Z',
};

export const leadDetailExample = {
  ...leadExample,
  history: [
    { kind: 'added', from: null, to: 'queued', detail: {}, at: '2026-01-04T15:00:00.000Z' },
    {
      kind: 'accepted',
      from: 'sending',
      to: 'waiting',
      detail: { message_id: exampleIds.email },
      at: '2026-01-05T09:00:01.204Z',
    },
  ],
  messages: [
    {
      id: exampleIds.email,
      direction: 'outbound',
      status: 'sent',
      step: 1,
      variant: null,
      from: exampleIds.sender,
      to: exampleIds.recipient,
      subject: 'Spring launch',
      created_at: '2026-01-05T09:00:00.000Z',
      sent_at: '2026-01-05T09:00:01.204Z',
    },
  ],
};

/** Contacts of one request. */
export const contactsMax = 10_000;

export const contactFilter = z
  .strictObject({
    tag: z.string().min(1).max(200).optional(),
    company_id: z.uuid().optional(),
    source_id: z.uuid().optional(),
    status: z.enum(contactStatuses).optional(),
    custom_fields: z
      .record(z.string().max(200), z.union([z.string().max(1_000), z.number(), z.boolean()]))
      .optional()
      .describe('Values by key, all of them.'),
    import_id: z.uuid().optional().describe('Contacts that an import created or changed.'),
  })
  .refine((filter) => Object.values(filter).some((value) => value !== undefined), {
    message: 'must have at least one of tag, company_id, source_id, status, custom_fields and import_id',
  })
  .refine(isStorable, mustBeWellFormed)
  .describe('Contacts that match every field. They are added in the background.');

/** Contacts of a segment, in requests. */
export const segmentFields = {
  segment_id: z.uuid().optional().describe('Contacts of this segment. They are added in the background.'),
  keep_adding: z
    .boolean()
    .optional()
    .describe('Also add the contacts that enter the segment later. The campaign is then not completed by itself.'),
};

/** For `refine`: only a segment can be entered later. */
export const keepsAddingSegment = [
  (body: { readonly segment_id?: string | undefined; readonly keep_adding?: boolean | undefined }): boolean =>
    body.keep_adding === undefined || body.segment_id !== undefined,
  { path: ['keep_adding'], message: 'is only allowed with segment_id' },
] as const satisfies readonly [unknown, { path: string[]; message: string }];

export const newLeads = z
  .strictObject({
    contact_ids: z
      .array(z.uuid())
      .min(1)
      .max(
        contactsMax,
        `must have at most ${contactsMax.toLocaleString('en')} ids; send several requests, or contact_filter`,
      )
      .optional(),
    contact_filter: contactFilter.optional(),
    ...segmentFields,
  })
  .refine(
    ({ contact_ids: ids, contact_filter: filter, segment_id: segment }) =>
      [ids, filter, segment].filter((each) => each !== undefined).length === 1,
    {
      path: ['contact_ids'],
      message: 'is required unless contact_filter or segment_id is given; send exactly one of the three',
    },
  )
  .refine(...keepsAddingSegment)
  .meta({
    oneOf: [{ required: ['contact_ids'] }, { required: ['contact_filter'] }, { required: ['segment_id'] }],
    dependentRequired: { keep_adding: ['segment_id'] },
  });

export const addedShape = z
  .object({
    added: z.int(),
    skipped: z.array(z.object({ contact_id: z.uuid(), reason: z.enum(skipReasons) })),
  })
  .meta({ id: 'AddedLeads' });

export const additionShape = z
  .object({
    id: z.uuid(),
    campaign_id: z.uuid(),
    filter: z.record(z.string(), z.unknown()),
    segment_id: z.uuid().nullable(),
    keep_adding: z.boolean(),
    status: z
      .enum(['running', 'following', 'done'])
      .describe(
        '`following`: all contacts of the segment were added; contacts that enter it are added within minutes.',
      ),
    added: z.int(),
    skipped: z.int().describe('Already in the campaign, or suppressed.'),
    created_at: time,
    finished_at: time.nullable(),
  })
  .meta({ id: 'LeadAddition' });

export const additionOnWire = (addition: Addition) =>
  shown(additionShape, {
    ...addition,
    filter: { ...addition.filter },
    keep_adding: addition.follows,
    status: addition.finished_at !== null ? 'done' : addition.rounds > 0 ? 'following' : 'running',
  });

export const additionExample: z.input<typeof additionShape> = {
  id: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f599',
  campaign_id: exampleIds.campaign,
  filter: { tag: 'vip' },
  segment_id: null,
  keep_adding: false,
  status: 'running',
  added: 0,
  skipped: 0,
  created_at: '2026-01-04T15:00:00.000Z',
  finished_at: null,
};
