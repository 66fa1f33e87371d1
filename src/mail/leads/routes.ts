import { z } from 'zod';
import { withFinish } from '../../db/in-order.ts';
import { cursorBody, cursorListQuery, listingOf } from '../../http/listing.ts';
import { exampleIds } from '../../events/index.ts';
import { cursorPageOf, dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Answer, Principal, Route } from '../../http/route.ts';
import { leadStatuses } from './lead.ts';
import type { Lead } from './lead.ts';
import type { Records } from './records.ts';
import {
  addedShape,
  additionExample,
  additionOnWire,
  additionShape,
  leadDetailExample,
  leadDetailOnWire,
  leadDetailShape,
  leadExample,
  leadOnWire,
  leadShape,
  newLeads,
} from './schemas.ts';

const common = { tag: 'Leads', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
/** 100,000 ids are refused by their number, not by their bytes. */
const idsBytesMax = 5 * 1024 * 1024;
const replyBytesMax = 1024 * 1024;
const noSuchCampaign = { 404: { description: 'No such campaign.' } } as const;
const noSuchLead = { 404: { description: 'No such lead.' } } as const;
const aLead: Answer = { description: 'The lead.', schema: dataOf(leadShape), example: { data: leadExample } };

/** Leads of campaigns. A lead belongs to its campaign, and so do its scopes. */
export const leadRoutes = (leads: Records): readonly Route[] => [
  route({
    ...common,
    method: 'POST',
    path: '/v1/campaigns/:id/leads',
    creates: true,
    summary: 'Add contacts to a campaign',
    description:
      'With `contact_ids` (at most 10,000), answers what was added, and each contact that was not, with the reason. With `contact_filter` or `segment_id`, adds the contacts that match in the background: follow it with `GET /v1/campaigns/{id}/leads/additions`. A contact is in a campaign once; one that was removed is added again. Contacts must belong to the workspace of the campaign; a key without a workspace can also add contacts without one. Adding leads to a completed campaign continues it.',
    scope: 'campaigns:write',
    operationId: 'addLeads',
    params,
    body: newLeads,
    bodyExample: { contact_ids: [exampleIds.contact] },
    bodyBytesMax: idsBytesMax,
    answers: {
      200: {
        description: 'What was added, and what was not.',
        schema: dataOf(addedShape),
        example: { data: { added: 1, skipped: [] } },
      },
      202: {
        description: 'Contacts are being added.',
        schema: dataOf(additionShape),
        example: { data: additionExample },
      },
      ...noSuchCampaign,
      409: { description: 'The campaign is archived, or ten additions are not finished.' },
    },
    handle: async ({ params: { id }, body }, principal) =>
      body.contact_ids === undefined
        ? {
            status: 202,
            body: {
              data: additionOnWire(
                await leads.addMatching(principal, id, {
                  filter: body.contact_filter,
                  segmentId: body.segment_id,
                  follows: body.keep_adding,
                }),
              ),
            },
          }
        : { status: 200, body: { data: await leads.add(principal, id, body.contact_ids) } },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/campaigns/:id/leads',
    summary: 'List the leads of a campaign, newest first',
    description:
      '`updated_since` and `updated_at` are about `last_event_at`: planning a lead again (`due_at`), or merging its contact, does not count as a change.',
    scope: 'campaigns:read',
    operationId: 'listLeads',
    params,
    query: cursorListQuery.extend({ status: z.enum(leadStatuses).optional() }),
    answers: {
      200: {
        description: 'A page of leads.',
        schema: cursorPageOf(leadShape),
        example: { data: [leadExample], next_cursor: null },
      },
      ...noSuchCampaign,
    },
    handle: async ({ params: { id }, query }, principal) => {
      const page = listingOf(`/v1/campaigns/${id}/leads`, query);
      const rows = await leads.list(principal, id, query.status, page);
      const dated = rows.map((lead) => ({ ...lead, updated_at: lead.last_event_at }));
      return { status: 200, body: cursorBody(page, dated, leadOnWire) };
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/campaigns/:id/leads/additions',
    summary: 'List additions by filter or segment, newest first',
    scope: 'campaigns:read',
    operationId: 'listLeadAdditions',
    params,
    query: cursorListQuery,
    answers: {
      200: {
        description: 'A page of additions.',
        schema: cursorPageOf(additionShape),
        example: { data: [additionExample], next_cursor: null },
      },
      ...noSuchCampaign,
    },
    handle: async ({ params: { id }, query }, principal) => {
      const page = listingOf(`/v1/campaigns/${id}/leads/additions`, query);
      const rows = await leads.additions(principal, id, page);
      return { status: 200, body: cursorBody(page, rows.map(withFinish), additionOnWire) };
    },
  }),
  route({
    ...common,
    method: 'DELETE',
    path: '/v1/campaigns/:id/leads/additions/:addition_id',
    summary: 'End an addition',
    description: 'No more contacts are added, including those that enter the segment later. Leads that it added stay.',
    scope: 'campaigns:write',
    operationId: 'endLeadAddition',
    params: z.object({ id: z.uuid(), addition_id: z.uuid() }),
    answers: {
      200: { description: 'The addition.', schema: dataOf(additionShape), example: { data: additionExample } },
      404: { description: 'No such campaign or addition.' },
    },
    handle: async ({ params: { id, addition_id: addition } }, principal) => ({
      status: 200,
      body: { data: additionOnWire(await leads.endAddition(principal, id, addition)) },
    }),
  }),
  ...singleRoutes(leads),
];

/** One lead: what it is, and what a person does with it. */
const singleRoutes = (leads: Records): readonly Route[] => [
  route({
    ...common,
    method: 'GET',
    path: '/v1/leads/:id',
    summary: 'Get a lead with its history and messages',
    scope: ['campaigns:read', 'mailboxes:read'] as const,
    operationId: 'getLead',
    params,
    answers: {
      200: {
        description: 'The lead.',
        schema: dataOf(leadDetailShape),
        example: { data: leadDetailExample },
      },
      ...noSuchLead,
    },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: { data: leadDetailOnWire(await leads.get(principal, id)) },
    }),
  }),
  action(
    'pause',
    'Pause a lead',
    'Nothing more begins for it until it is resumed. A final lead stays as it is.',
    leads.pause,
  ),
  action(
    'resume',
    'Resume a lead',
    'Ends its hold. Its next step is due by its delay; a lead that is not held stays as it is.',
    leads.resume,
  ),
  action(
    'remove',
    'Remove a lead from its campaign',
    'Ends it as `skipped` and drops its waiting messages; a message in flight is finished. A final lead stays as it is. The contact can be added again.',
    leads.remove,
  ),
  route({
    ...common,
    method: 'POST',
    path: '/v1/leads/:id/replies',
    creates: true,
    summary: 'Answer a lead in its thread',
    description:
      'Sends an answer to the person who wrote last in the thread, the lead or a colleague; `to` is their address. Receipts and notices of absence are not answered; if no person wrote, the message goes to the lead. A `Reply-To` is used if it is one address of the same company. The message is sent from the mailbox of the thread, as soon as its limits allow. It does not change the sequence.',
    scope: ['campaigns:write', 'mailboxes:write'] as const,
    operationId: 'replyToLead',
    params,
    body: z.strictObject({ body: z.string().min(1), format: z.enum(['text', 'html']).default('text') }),
    bodyExample: { body: 'Hi Ada,\n\nTuesday at ten works.' },
    bodyBytesMax: replyBytesMax,
    answers: {
      202: {
        description: 'The message is stored and will be sent.',
        schema: dataOf(z.object({ id: z.uuid(), status: z.string().nullable(), to: z.string(), subject: z.string() })),
        example: {
          data: {
            id: exampleIds.email,
            status: 'claimed',
            to: exampleIds.recipient,
            subject: 'Re: Spring launch',
          },
        },
      },
      ...noSuchLead,
      409: { description: 'Nothing was sent to the lead yet.' },
    },
    handle: async ({ params: { id }, body }, principal) => {
      const message = await leads.reply(principal, id, body);
      return {
        status: 202,
        body: {
          data: { id: message.id, status: message.status, to: message.to_address, subject: message.said.subject },
        },
      };
    },
  }),
];

/** A call that changes one lead and can be repeated. */
function action(
  name: 'pause' | 'resume' | 'remove',
  summary: string,
  description: string,
  act: (principal: Principal, id: string) => Promise<Lead>,
): Route {
  return route({
    ...common,
    method: 'POST',
    path: `/v1/leads/:id/${name}`,
    summary,
    description,
    scope: 'campaigns:write',
    operationId: `${name}Lead`,
    params,
    answers: { 200: aLead, ...noSuchLead },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: { data: leadOnWire(await act(principal, id)) },
    }),
  });
}
