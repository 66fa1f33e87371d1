import { z } from 'zod';
import { ofWorkspace, within } from '../../auth/index.ts';
import { cursorAfter, listingOf, listOf, listQuery as lists } from '../../http/listing.ts';
import { dataOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Answer, RecordTag, Route } from '../../http/route.ts';
import { fields, pageAnswer, recordPageOf } from '../../crm/records/index.ts';
import { replyClasses } from '../replies/index.ts';
import { lockReply } from './queries.ts';
import type { ReplyFilter } from './queries.ts';
import type { Records } from './records.ts';
import {
  classificationShape,
  listedReplyOnWire,
  replyExample,
  replyOnWire,
  replyShape,
  threadEntryOnWire,
  threadEntryShape,
  threadExample,
} from './schemas.ts';

const common = { tag: 'Replies', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const { cursor, limit, updated_since: updatedSince, sort } = lists.shape;
const listQuery = pageQuery.extend({
  ...ofWorkspace,
  cursor,
  limit,
  sort: sort.describe(
    '`-` is the newest first. Default: `-created_at`, that is, by `received_at`. To follow changes, page by `updated_at`.',
  ),
  updated_since: updatedSince,
  classification: z.enum(replyClasses).optional(),
  campaign_id: z.uuid().optional(),
  lead_id: z.uuid().optional(),
  contact_id: z.uuid().optional(),
  mailbox_id: z.uuid().optional(),
  is_read: flag.optional(),
  is_starred: flag.optional(),
  since: fields.moment.optional().describe('Received at this time or later.'),
  until: fields.moment.optional().describe('Received before this time.'),
});

const filterOf = (query: z.output<typeof listQuery>): ReplyFilter => ({
  classifications: query.classification === undefined ? undefined : [query.classification],
  campaignId: query.campaign_id,
  leadId: query.lead_id,
  contactId: query.contact_id,
  mailboxId: query.mailbox_id,
  isRead: query.is_read,
  isStarred: query.is_starred,
  since: query.since,
  until: query.until,
});

const record: RecordTag = { lock: (tx, principal, { id = '' }) => lockReply(tx, principal, id) };
const noSuchReply = { 404: { description: 'No such reply.' } } as const;
const aReply: Answer = { description: 'The reply.', schema: dataOf(replyShape), example: { data: replyExample } };
const aThread: Answer = {
  description: 'The messages, the oldest first.',
  schema: dataOf(z.array(threadEntryShape)),
  example: { data: threadExample },
};
/** A thread has what was sent, too. */
const threadScopes = ['replies:read', 'mailboxes:read'] as const;

/** Replies: what was received from recipients, and what it means. */
export const replyRoutes = (replies: Records): readonly Route[] => [
  route({
    ...common,
    method: 'GET',
    path: '/v1/replies',
    summary: 'List replies, newest first',
    description:
      'Received messages that answer one of ours, decrypted. Page by `page` and `page_size`, or, for long lists, by `cursor` and `limit`: replies that arrive in the meantime move pages, but not cursors.',
    scope: 'replies:read',
    operationId: 'listReplies',
    query: listQuery,
    answers: {
      200: {
        description: 'A page of replies.',
        schema: listOf(replyShape, recordPageOf(replyShape).extend({ next_cursor: z.string().nullable() })),
        example: { data: [replyExample], page: 1, page_size: 25, total: 1, next_cursor: null },
      },
    },
    handle: async ({ query }, principal) => {
      // With a cursor alone, `page_size` counts, as before there was a limit.
      const size = query.limit ?? query.page_size;
      const { cursor: byCursor, scope, ...listing } = listingOf('/v1/replies', query);
      const isNumbered = byCursor === undefined;
      const slice = { ...listing, limit: size + 1 };
      const { rows, ...total } = await replies.page(within(principal, query), filterOf(query), slice, isNumbered);
      const page = rows.slice(0, size);
      const last = rows.length > size ? page.at(-1)?.reply : undefined;
      // The cursor has the time that the list is in the order of.
      const at = listing.sort?.endsWith('updated_at') === true ? last?.updated_at : last?.received_at;
      const next = last && cursorAfter({ scope, sort: '-updated_at' }, { id: last.id, updated_at: at });
      const data = page.map(listedReplyOnWire);
      const numbers = isNumbered ? pageAnswer(query, data, total) : { data };
      return { status: 200, body: { ...numbers, next_cursor: next ?? null } };
    },
  }),
  route({
    ...common,
    method: 'GET',
    record,
    path: '/v1/replies/:id',
    summary: 'Get a reply with what it means and why',
    scope: 'replies:read',
    operationId: 'getReply',
    params,
    answers: { 200: aReply, ...noSuchReply },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: { data: replyOnWire(await replies.get(principal, id)) },
    }),
  }),
  route({
    ...common,
    method: 'PATCH',
    record,
    path: '/v1/replies/:id',
    summary: 'Correct what a reply means, or mark it as read or starred',
    description:
      'A new `classification` has the effects of a reply that was read so, ends those of the previous one that only this reply caused, and emits `reply.classified` with `previous_classification`. It is never changed again except by hand.',
    scope: 'replies:write',
    operationId: 'updateReply',
    params,
    body: z.strictObject({
      classification: classificationShape.optional(),
      is_read: z.boolean().optional(),
      is_starred: z.boolean().optional(),
    }),
    bodyExample: { classification: 'interested', is_read: true },
    answers: { 200: aReply, ...noSuchReply },
    handle: async ({ params: { id }, body }, principal) => ({
      status: 200,
      body: {
        data: replyOnWire(
          await replies.update(principal, id, {
            classification: body.classification,
            isRead: body.is_read,
            isStarred: body.is_starred,
          }),
        ),
      },
    }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/replies/:id/thread',
    summary: 'Read the thread of a reply',
    description:
      'Messages of both directions: all with the lead of the reply, or without one, those that answer each other. Of long threads, the newest 200.',
    scope: threadScopes,
    operationId: 'getReplyThread',
    params,
    answers: { 200: aThread, ...noSuchReply },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: { data: (await replies.conversationOf(principal, { replyId: id })).map(threadEntryOnWire) },
    }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/leads/:id/thread',
    summary: 'Read the thread of a lead',
    description: 'Messages of both directions. Of long threads, the newest 200.',
    scope: threadScopes,
    operationId: 'getLeadThread',
    params,
    answers: { 200: aThread, 404: { description: 'No such lead.' } },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: { data: (await replies.conversationOf(principal, { leadId: id })).map(threadEntryOnWire) },
    }),
  }),
];
