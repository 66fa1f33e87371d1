import { z } from 'zod';
import { contactExample, contactShape } from '../crm/contacts/index.ts';
import { findShape } from '../mail/discovery/index.ts';
import { withFinish } from '../db/in-order.ts';
import { listAnswers, listBody, listingOf, listQuery } from '../http/listing.ts';
import { route } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { createErasures } from './erase.ts';
import { exportContact, rowsMax } from './export.ts';
import type { ExportOptions } from './export.ts';
import type { Erasure } from './queries.ts';

// On the wire ---------------------------------------------------------------------------------------

const tag = 'Privacy';
const id = z.object({ id: z.uuid() });
const time = z.iso.datetime();
const contactId = '0199c9f1-7b20-7d02-8f11-3c5a7e90b410';

const shape = z
  .object({
    id: z.uuid(),
    contact_id: z.uuid().describe('The erased contact. Its id no longer resolves.'),
    state: z
      .enum(['running', 'completed'])
      .describe('`completed`: nothing about the person is left, and the search terms themselves are deleted.'),
    events_redacted: z.int().describe('Number of events whose data was redacted.'),
    attempts_redacted: z.int().describe('Number of delivery attempts whose response was removed.'),
    others_redacted: z
      .int()
      .describe(
        'Number of redacted inbound events, messages, replies, hits, meetings, leads, additions, discovery jobs, activities of others, imports, rejected import rows, idempotency keys and stored answers of requests.',
      ),
    created_by: z.uuid().nullable().describe('The key that requested it.'),
    created_at: time,
    finished_at: time.nullable(),
  })
  .meta({ id: 'Erasure' });
const example: z.input<typeof shape> = {
  id: '0199c9f3-2d11-7f21-9c42-6b1d0e5a7c31',
  contact_id: contactId,
  state: 'completed',
  events_redacted: 12,
  attempts_redacted: 9,
  others_redacted: 2,
  created_by: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c01',
  created_at: '2026-01-05T09:00:00.000Z',
  finished_at: '2026-01-05T09:03:04.000Z',
};
const onWire = (erasure: Erasure): z.input<typeof shape> => ({
  id: erasure.id,
  contact_id: erasure.contact_id,
  state: erasure.state,
  events_redacted: erasure.events,
  attempts_redacted: erasure.attempts,
  others_redacted: erasure.others,
  created_by: erasure.created_by,
  created_at: erasure.created_at.toISOString(),
  finished_at: erasure.finished_at?.toISOString() ?? null,
});

const anything = z.unknown();
const exportShape = z
  .object({
    contact: contactShape,
    merged_contacts: z
      .array(contactShape)
      .describe('Contacts that were merged into this one, as they were; for the time in which a merge can be undone.'),
    activities: z.array(z.record(z.string(), anything)).describe('As in `GET /v1/activities`.'),
    projects: z.array(z.object({ id: z.uuid(), name: z.string(), since: time })),
    suppressions: z
      .array(
        z.object({
          id: z.uuid(),
          email: z.string().nullable(),
          domain: z.string().nullable(),
          reason: z.string(),
          created_at: time,
        }),
      )
      .describe('Suppressions of the address and of the domains it belongs to.'),
    suppressions_lifted: z
      .array(z.object({ email: z.string(), reason: z.string(), created_at: time, lifted_at: time }))
      .describe('Suppressions of its addresses that were lifted.'),
    topics_left: z
      .array(z.object({ topic_id: z.uuid(), name: z.string(), reason: z.string().nullable(), left_at: time }))
      .describe('Topics that the address left.'),
    messages: z
      .array(
        z.object({
          id: z.uuid(),
          direction: z.enum(['outbound', 'inbound']),
          status: z.string().nullable(),
          from_address: z.string(),
          to_address: z.string(),
          subject: z.string(),
          text: z.string(),
          created_at: time,
          sent_at: time.nullable(),
        }),
      )
      .describe('Messages to and from the address. Newest first.'),
    replies: z
      .array(
        z.object({
          id: z.uuid(),
          campaign_id: z.uuid().nullable(),
          lead_id: z.uuid().nullable(),
          classification: z.string(),
          source: z.string(),
          reasons: z.array(z.string()),
          return_date: z.string().nullable(),
          text: z.string(),
          received_at: time,
        }),
      )
      .describe('What the messages from the address were taken for, and why. Newest first.'),
    leads: z
      .array(
        z.object({
          id: z.uuid(),
          campaign_id: z.uuid(),
          email: z.string(),
          status: z.string(),
          step: z.int().describe('Number of messages sent.'),
          verdict: z.string().nullable(),
          last_sent_at: time.nullable(),
          replied_at: time.nullable(),
          created_at: time,
          history: z.array(z.object({ kind: z.string(), at: z.string(), detail: anything })),
        }),
      )
      .describe('The person in campaigns, with what happened. Newest first.'),
    finds: z.array(findShape).describe('Where the person was found. Newest first.'),
    meetings: z
      .array(
        z.object({
          id: z.uuid(),
          campaign_id: z.uuid().nullable(),
          lead_id: z.uuid().nullable(),
          status: z.string(),
          email: z.string().nullable(),
          starts_at: time,
          ends_at: time.nullable(),
          timezone: z.string().nullable(),
          title: z.string().nullable(),
          location: z.string().nullable(),
          source: z.string(),
          external_id: z.string().nullable(),
          created_at: time,
        }),
      )
      .describe('Meetings with the person. Newest first.'),
    tracking_hits: z
      .array(
        z.object({
          id: z.uuid(),
          message_id: z.uuid(),
          kind: z.enum(['open', 'click']),
          verdict: z.string(),
          address: z.string().nullable(),
          user_agent: z.string().nullable(),
          at: time,
        }),
      )
      .describe('Opens and clicks of messages to the address. Newest first.'),
    events: z
      .array(z.object({ id: z.uuid(), event: z.string(), occurred_at: time, data: anything }))
      .describe('Events whose data contains the id or the address, including your own event types. Newest first.'),
    inbound_events: z
      .array(
        z.object({
          id: z.uuid(),
          type: z.string(),
          email_id: z.string(),
          recipient: z.string().nullable(),
          occurred_at: time,
          payload: anything,
        }),
      )
      .describe('Events that email providers reported about the address. Newest first.'),
    truncated: z
      .object({
        activities: z.boolean(),
        projects: z.boolean(),
        messages: z.boolean(),
        replies: z.boolean(),
        leads: z.boolean(),
        finds: z.boolean(),
        meetings: z.boolean(),
        tracking_hits: z.boolean(),
        events: z.boolean(),
        inbound_events: z.boolean(),
      })
      .describe('Which parts of the response are incomplete.'),
    next_events_before: z
      .uuid()
      .nullable()
      .describe('Pass as `events_before` of the next call to continue the search of the event log. Null at its end.'),
    next_inbound_before: z.uuid().nullable().describe('Like `next_events_before`, for `inbound_before`.'),
  })
  .meta({ id: 'ContactExport' });
const exportExample: z.input<typeof exportShape> = {
  contact: contactExample,
  activities: [],
  merged_contacts: [],
  projects: [
    {
      id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b412',
      name: 'Difference Engine rollout',
      since: '2026-01-05T09:00:00.000Z',
    },
  ],
  suppressions: [],
  suppressions_lifted: [],
  topics_left: [],
  messages: [],
  replies: [],
  leads: [],
  finds: [],
  meetings: [],
  tracking_hits: [],
  events: [
    {
      id: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f525',
      event: 'order.paid',
      occurred_at: '2026-01-05T09:00:00.000Z',
      data: { customer: 'ada@lovelace.example', amount: 4200 },
    },
  ],
  inbound_events: [],
  truncated: {
    activities: false,
    projects: false,
    messages: false,
    replies: false,
    leads: false,
    finds: false,
    meetings: false,
    tracking_hits: false,
    events: false,
    inbound_events: false,
  },
  next_events_before: null,
  next_inbound_before: null,
};

// Routes --------------------------------------------------------------------------------------------

export const privacyRoutes = (
  erasures: ReturnType<typeof createErasures>,
  options: ExportOptions,
): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/contacts/:id/export',
    tag,
    summary: 'Export everything stored about a contact',
    description:
      'Answers a data access request. Deleted contacts can be exported until they are removed permanently. ' +
      `A response contains at most ${rowsMax.toLocaleString('en')} rows of each kind and searches only part of a long log: \`truncated\` shows which parts are incomplete; \`events_before\` and \`inbound_before\` continue the search.`,
    scope: [
      'contacts:read',
      'crm:read',
      'suppressions:read',
      'mailboxes:read',
      'campaigns:read',
      'events:read',
      'inbound:read',
    ],
    boundKeys: 'refused',
    operationId: 'exportContact',
    params: id,
    query: z.strictObject({
      events_before: z.uuid().optional().describe('`next_events_before` of the previous response.'),
      inbound_before: z.uuid().optional().describe('`next_inbound_before` of the previous response.'),
    }),
    answers: {
      200: {
        description: 'Everything stored about the contact.',
        schema: z.object({ data: exportShape }),
        example: { data: exportExample },
      },
    },
    handle: async ({ params, query }, { organizationId }) => {
      const from = { eventsBefore: query.events_before, inboundBefore: query.inbound_before };
      return { status: 200, body: { data: await exportContact(options, organizationId, params.id, from) } };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/contacts/:id/erase',
    creates: true,
    tag,
    summary: 'Erase a person',
    description:
      'Cannot be undone. Immediately removes the contact, live or deleted, with all other contacts of its addresses, their activities and their places in projects; the addresses stay suppressed by keyed hashes, and the leads of campaigns end. ' +
      'A durable job then redacts what events, responses to deliveries, inbound events, messages and their opens and clicks, replies, meetings, leads, activities of others, imports and their rejected rows contain about the person. Pending deliveries are sent redacted.',
    scope: ['contacts:write', 'crm:write', 'suppressions:write'],
    boundKeys: 'refused',
    operationId: 'eraseContact',
    params: id,
    answers: {
      202: {
        description: 'The contact is deleted; the job has started.',
        schema: z.object({ data: shape }),
        example: {
          data: {
            ...example,
            state: 'running',
            events_redacted: 0,
            attempts_redacted: 0,
            others_redacted: 0,
            finished_at: null,
          },
        },
      },
    },
    handle: async ({ params }, principal) => {
      const erasure = await erasures.erase(principal, params.id);
      return { status: 202, body: { data: onWire(erasure) }, headers: { location: `/v1/erasures/${erasure.id}` } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/erasures',
    tag,
    summary: 'List erasures, newest first',
    description: 'Proof that people were erased; it does not identify them.',
    scope: 'contacts:read',
    boundKeys: 'refused',
    operationId: 'listErasures',
    query: listQuery,
    answers: listAnswers('A page of erasures.', shape, example),
    handle: async ({ query }, { organizationId }) => {
      const page = listingOf('/v1/erasures', query);
      const [rows, total] = await erasures.page(organizationId, page);
      return { status: 200, body: listBody(query, page, rows.map(withFinish), onWire, { total }) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/erasures/:id',
    tag,
    summary: 'Get an erasure and its progress',
    scope: 'contacts:read',
    boundKeys: 'refused',
    operationId: 'getErasure',
    params: id,
    answers: { 200: { description: 'The erasure.', schema: z.object({ data: shape }), example: { data: example } } },
    handle: async ({ params }, { organizationId }) => ({
      status: 200,
      body: { data: onWire(await erasures.get(organizationId, params.id)) },
    }),
  }),
];
