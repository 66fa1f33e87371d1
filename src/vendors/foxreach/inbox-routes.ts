import { z } from 'zod';
import { grants } from '../../auth/index.ts';
import { ApiError } from '../../base/errors.ts';
import { isIndexable, searchPattern } from '../../crm/records/index.ts';
import { route } from '../../http/route.ts';
import type { Answer, Principal, Route } from '../../http/route.ts';
import type { OpenedReply, ReplyCount, ReplyFilter } from '../../mail/inbox/index.ts';
import { textOfHtml } from '../../mail/mime/index.ts';
import { integer } from '../shape.ts';
import type { Domain } from '../vendor.ts';
import { answer, common, idIn, params } from './campaigns-routes.ts';
import { campaignExample, inCampaign, stats, statsExample, thread, threadItem, turn, writer } from './inbox.ts';
import { metaOf, page, sliceOf } from './routes.ts';
import { categories, classesOf, classOf, categoryOf } from './wire-categories.ts';
import type { Category } from './wire-categories.ts';
import { foxreachId, uuidOf } from './wire-ids.ts';

const path = '/api/v1/inbox';
const replyBytesMax = 1024 * 1024;
/** A search finds replies of the newest contacts that match. */
const contactsMax = 1_000;
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const listQuery = page.extend({
  pageSize: page.shape.pageSize.unwrap().default(20),
  // Bounces are no replies here: they are listed with the messages that bounced.
  category: z.enum([...categories, 'bounce']).optional(),
  isRead: flag.optional(),
  isStarred: flag.optional(),
  accountId: z.string().max(100).optional(),
  campaignId: z.string().max(100).optional(),
  search: z.string().max(200).optional().describe("Words of the lead's name, email, title or company."),
});
const threadChange = z
  .strictObject({ category: z.enum(categories), isRead: z.boolean(), isStarred: z.boolean() })
  .partial();
const newReply = z.strictObject({
  body: z.string().nullable().optional().describe('Text or HTML.'),
  subject: z.string().max(1_000).nullable().optional().describe('Default: `Re:` and the subject of the thread.'),
});

const itemSchema = threadItem.schema.meta({ id: 'ThreadItem' });
const threadSchema = thread.schema.meta({ id: 'Thread' });
const aThread = (description: string): Answer => answer(threadSchema, thread.example, description);
const noThread = { 404: { description: 'No such thread.' } } as const;

const isHtml = (body: string): boolean =>
  /<\/?(?:a|b|blockquote|body|br|div|em|h[1-6]|html|i|img|li|ol|p|span|strong|table|u|ul)(?:\s[^<>]*)?\/?>/i.test(body);

const readsContacts = ({ scopes }: Principal): boolean => grants(scopes, 'contacts:read');

/** Undefined: nothing can match. */
async function filterOf(
  contacts: Domain['contacts'],
  principal: Principal,
  { category, isRead, isStarred, accountId, campaignId, search = '' }: z.output<typeof listQuery>,
): Promise<ReplyFilter | undefined> {
  const mailbox = accountId === undefined ? undefined : uuidOf('acc', accountId);
  const campaign = campaignId === undefined ? undefined : uuidOf('cmp', campaignId);
  if ((accountId !== undefined && mailbox === undefined) || (campaignId !== undefined && campaign === undefined))
    return undefined;
  const pattern = searchPattern(search);
  const people =
    pattern === undefined || !readsContacts(principal)
      ? []
      : await contacts.list(principal, { search }, { limit: contactsMax });
  return {
    classifications: category === undefined ? undefined : classesOf(category),
    isRead,
    isStarred,
    mailboxId: mailbox,
    campaignId: campaign,
    search: pattern && {
      pattern: isIndexable(pattern) ? pattern : undefined,
      contactIds: people.map(({ id }) => id),
    },
  };
}

/** They did not reach anybody. */
const unsent: ReadonlySet<string> = new Set(['failed', 'not_found']);

async function conversationOf(
  { contacts, campaigns, inbox: { records }, inTransaction }: Domain,
  principal: Principal,
  { reply, message }: OpenedReply,
): Promise<object> {
  const { scopes } = principal;
  const { contact_id: contactId, campaign_id: campaignId } = reply;
  const [turns, contact, [campaign]] = await Promise.all([
    records.conversationOf(principal, { replyId: reply.id }),
    contactId === null || !readsContacts(principal)
      ? undefined
      : contacts.get(principal, contactId).catch((error: unknown) => {
          if (error instanceof ApiError && error.error === 'not_found') return undefined;
          throw error;
        }),
    campaignId === null || !grants(scopes, 'campaigns:read')
      ? []
      : inTransaction((tx) => campaigns.rowsOf(tx, [campaignId])),
  ]);
  return {
    messages: turns.filter(({ message: { status } }) => status === null || !unsent.has(status)).map(turn.of),
    lead: contactId === null ? null : writer.of({ contactId, contact, email: message.from_address }),
    campaign: campaignId === null ? null : { id: foxreachId('cmp', campaignId), name: campaign?.name ?? null },
  };
}

/** By category. */
function statsOf(counts: readonly ReplyCount[], totalSent: number): z.output<typeof stats> {
  const sum = (of: (row: ReplyCount) => number): number => counts.reduce((total, row) => total + of(row), 0);
  const inCategory = (category: Category): number =>
    sum(({ classification, total }) => (categoryOf(classification) === category ? total : 0));
  return {
    total: sum(({ total }) => total),
    unread: sum(({ unread }) => unread),
    interested: inCategory('interested'),
    notInterested: inCategory('not_interested'),
    outOfOffice: inCategory('out_of_office'),
    uncategorized: inCategory('uncategorized'),
    unknown: inCategory('unknown'),
    totalSent,
  };
}

/** Sends an answer from the mailbox that received the reply. @returns its Message-ID */
async function send(
  { sending }: Domain,
  principal: Principal,
  { reply, message }: OpenedReply,
  { body, subject }: z.output<typeof newReply>,
): Promise<string> {
  if (body == null || body.trim() === '') throw new ApiError('malformed', 'Reply body is required');
  const html = isHtml(body) ? body : undefined;
  const { lead_id: leadId, campaign_id: campaignId, contact_id: contactId } = reply;
  const sent = await sending.messages.send(principal, {
    mailboxId: reply.mailbox_id,
    to: message.from_address,
    subject: subject == null || subject.trim() === '' ? undefined : subject,
    text: html === undefined ? body : (textOfHtml(html) ?? ''),
    html,
    replyToMessageId: reply.id,
    ...(leadId === null || campaignId === null ? {} : { lead: { id: leadId, campaignId, contactId } }),
  });
  return sent.message_id;
}

/** FoxReach's inbox: replies, each named by its own id. Whether somebody is interested is decided by their classes. */
export function inboxRoutes(domain: Domain): readonly Route[] {
  const { contacts, sending } = domain;
  const inbox = domain.inbox.records;
  const idOf = ({ id }: { readonly id: string }): string => idIn('rpl', id, 'Reply');
  const get = (principal: Principal, given: { readonly id: string }): Promise<OpenedReply> =>
    inbox.get(principal, idOf(given));

  const change = (at: string, summary: string): Route =>
    route({
      ...common,
      method: 'PATCH',
      path: at,
      summary,
      description:
        'A category sets the class of the reply, and what follows from it: see `PATCH /v1/replies/{id}`. One that the reply already has changes nothing.',
      scope: 'replies:write',
      params,
      body: threadChange,
      answers: { 200: aThread('The changed thread.'), ...noThread },
      handle: async (request, principal) => {
        const { category, ...marks } = request.body;
        const { reply } = await get(principal, request.params);
        const isNew = category !== undefined && categoryOf(reply.classification) !== category;
        const patch = { ...marks, ...(isNew ? { classification: classOf[category] } : {}) };
        return { status: 200, body: { data: thread.of(await inbox.update(principal, reply.id, patch)) } };
      },
    });

  return [
    route({
      ...common,
      method: 'GET',
      path: `${path}/threads`,
      summary: 'List replies, newest first',
      description:
        '`search` finds replies of the newest 1,000 leads that match (for a key that may read contacts), and senders by their address; subjects and bodies are encrypted.',
      scope: 'replies:read',
      query: listQuery,
      answers: {
        200: {
          description: 'A page of threads.',
          schema: z.object({
            data: z.array(itemSchema),
            meta: z.object({ page: integer, pageSize: integer, total: integer, totalPages: integer }),
          }),
          example: { data: [threadItem.example], meta: { page: 1, pageSize: 20, total: 1, totalPages: 1 } },
        },
      },
      handle: async ({ query }, principal) => {
        const filter = await filterOf(contacts, principal, query);
        const found =
          filter === undefined ? { rows: [], total: 0 } : await inbox.page(principal, filter, sliceOf(query));
        return { status: 200, body: { data: found.rows.map(threadItem.of), meta: metaOf(query, found) } };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: `${path}/stats`,
      summary: 'Count replies by their category',
      scope: ['replies:read', 'mailboxes:read'] as const,
      answers: { 200: answer(stats.meta({ id: 'InboxStats' }), statsExample, 'The counts.') },
      handle: async (_request, principal) => {
        const [counts, totalSent] = await Promise.all([inbox.counts(principal), sending.messages.answers(principal)]);
        return { status: 200, body: { data: statsOf(counts, totalSent) } };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: `${path}/:id`,
      summary: 'Get a reply',
      scope: 'replies:read',
      params,
      answers: { 200: aThread('The reply, with what it says.'), ...noThread },
      handle: async (request, principal) => ({
        status: 200,
        body: { data: thread.of(await get(principal, request.params)) },
      }),
    }),
    // The first is the SDK's, the second is the one of the vendor's page.
    change(`${path}/:id`, 'Change the category or the marks of a reply'),
    change(`${path}/threads/:id`, 'Change the category or the marks of a thread'),
    route({
      ...common,
      method: 'GET',
      path: `${path}/threads/:id/conversation`,
      summary: 'Get a conversation, the oldest message first',
      description:
        'All messages with the lead in the campaign; of long ones, the newest 200. Names of the lead need the scope `contacts:read`, that of the campaign `campaigns:read`.',
      scope: ['replies:read', 'mailboxes:read'] as const,
      params,
      answers: {
        200: answer(
          z.object({
            messages: z.array(turn.schema),
            lead: writer.schema.nullable(),
            campaign: inCampaign.nullable(),
          }),
          { messages: [turn.example], lead: writer.example, campaign: campaignExample },
          'The conversation.',
        ),
        ...noThread,
      },
      handle: async (request, principal) => ({
        status: 200,
        body: { data: await conversationOf(domain, principal, await get(principal, request.params)) },
      }),
    }),
    route({
      ...common,
      method: 'POST',
      path: `${path}/threads/:id/reply`,
      creates: true,
      summary: 'Answer a reply in its thread',
      description:
        'Sends from the email account that received it, as soon as its limits allow. The sequence is not changed by it.',
      scope: ['replies:write', 'mailboxes:write'] as const,
      params,
      body: newReply,
      bodyBytesMax: replyBytesMax,
      answers: {
        200: answer(
          z.object({ success: z.literal(true), messageId: z.string() }),
          { success: true, messageId: '<0199c9f2.2@hopper.example>' },
          'The answer is stored and will be sent with this Message-ID.',
        ),
        400: { description: 'Reply body is required' },
        ...noThread,
      },
      handle: async (request, principal) => {
        const reply = await get(principal, request.params);
        const messageId = await send(domain, principal, reply, request.body);
        return { status: 200, body: { data: { success: true, messageId } } };
      },
    }),
  ];
}
