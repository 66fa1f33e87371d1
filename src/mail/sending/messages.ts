import type { Slice } from '../../db/in-order.ts';
import type { OrganizationClocks } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import { parseAddress } from '../../base/email-address.ts';
import { ApiError, invalid, notFound, unreachable } from '../../base/errors.ts';
import type { Ids, MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import type { Owner } from '../../crm/records/index.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Principal } from '../../http/route.ts';
import type { MailboxRow, Mailboxes, Reach } from '../mailboxes/index.ts';
import { contentProblems, hasControls, needsSmtputf8 } from '../mime/index.ts';
import { openContent } from './content.ts';
import type { StoredContent } from './content.ts';
import { announceMail, enqueue } from './enqueue.ts';
import {
  countAnswers,
  hasRaw,
  historyOf,
  idsOfLead,
  idsOfThread,
  listMessages,
  messageById,
  messageByKey,
  messagesByIds,
  threadOf,
  wakePaces,
} from './message-queries.ts';
import type { HistoryEntry, MessageFilter, StoredMessage } from './message-queries.ts';
import { insertHistory, lockMessages, resendAt } from './settle-queries.ts';
import { changeOf } from './sources.ts';
import type { Sources } from './sources.ts';
import { transitions } from './state.ts';

export interface MessagesOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly clocks: OrganizationClocks;
  readonly sources: Pick<Sources, 'tell'>;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly mailboxes: Pick<Mailboxes, 'get' | 'settingsOf'>;
  readonly suppressions: Pick<Suppressions, 'hold' | 'suppressed'>;
  /** The ids of the live contacts with these addresses, by `Address.key`. */
  readonly contactIds: (on: Queryable, owner: Owner, keys: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** A message that a caller wants to send. */
export interface Draft {
  readonly mailboxId: MailboxId;
  readonly to: string;
  readonly subject?: string | undefined;
  readonly text: string;
  readonly html?: string | undefined;
  readonly replyToMessageId?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  /** The lead in whose thread it is. */
  readonly lead?: { readonly id: string; readonly campaignId: string; readonly contactId: string | null } | undefined;
}

/** A message with what it says. */
export interface OpenedMessage extends StoredMessage {
  readonly said: StoredContent;
}

export interface MessageDetail extends OpenedMessage {
  readonly history: readonly HistoryEntry[];
}

export type Messages = ReturnType<typeof createMessages>;

/** Messages for callers of the API. */
export function createMessages(options: MessagesOptions) {
  const { db, vault } = options;
  const reachOf = ({ organizationId, workspaceId }: Reach): Reach => ({ organizationId, workspaceId });
  const openedOn = async (on: Queryable, row: StoredMessage): Promise<OpenedMessage> => ({
    ...row,
    said: await openContent(vault, on, row),
  });
  const opened = (row: StoredMessage): Promise<OpenedMessage> => openedOn(db, row);
  const get = async (on: Queryable, reach: Reach, id: string): Promise<StoredMessage> => {
    const row = await messageById(on, reach, id);
    if (row === undefined) throw notFound('Message');
    return row;
  };

  return {
    /**
     * Accepts a message: it is stored when this returns, and sent as soon as the limits allow.
     * @throws ApiError `validation_failed` for content that cannot be sent or a suppressed recipient, `not_found`, `conflict` if the
     * idempotency key was used for another message
     */
    send: async (principal: Principal, draft: Draft): Promise<OpenedMessage> => {
      const mailbox = await options.mailboxes.get(reachOf(principal), draft.mailboxId);
      const id = await db.transaction((tx) => accept(options, tx, principal, mailbox, draft));
      return opened(await get(db, reachOf(principal), id));
    },

    list: async (reach: Reach, filter: MessageFilter, slice: Slice): Promise<OpenedMessage[]> =>
      Promise.all((await listMessages(db, reachOf(reach), filter, slice)).map(opened)),

    /** Messages of an organization by their ids; those that do not exist are missing. */
    byIds: async (
      on: Queryable,
      organizationId: OrganizationId,
      ids: readonly string[],
    ): Promise<ReadonlyMap<string, OpenedMessage>> => {
      const rows = await messagesByIds(on, { organizationId, workspaceId: undefined }, ids);
      return new Map((await Promise.all(rows.map((row) => openedOn(on, row)))).map((message) => [message.id, message]));
    },

    /** The newest messages of a lead, or those that answer each other from a first one on; the oldest first. */
    thread: async (
      reach: Reach,
      of: { readonly leadId: string } | { readonly rootId: string },
      limit: number,
    ): Promise<OpenedMessage[]> => {
      const { organizationId } = reach;
      const found =
        'leadId' in of
          ? await idsOfLead(db, organizationId, of.leadId, limit)
          : await idsOfThread(db, organizationId, of.rootId, limit);
      const rows = await messagesByIds(
        db,
        reachOf(reach),
        found.map(({ id }) => id),
      );
      const timeOf = ({ sent_at: sent, created_at: created }: StoredMessage): number => (sent ?? created).getTime();
      return Promise.all(rows.toSorted((a, b) => timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : 1)).map(opened));
    },

    /** How many answers people wrote that were sent. */
    answers: (reach: Reach): Promise<number> => countAnswers(db, reachOf(reach)),

    /** @throws ApiError `not_found` */
    get: async (reach: Reach, id: string): Promise<MessageDetail> => {
      const row = await get(db, reachOf(reach), id);
      const [message, history] = await Promise.all([opened(row), historyOf(db, row.organization_id, id)]);
      return { ...message, history };
    },

    /**
     * Sends a message again whose fate is unknown: the same bytes with the same Message-ID, so that a mailbox that has it can recognize it.
     * @throws ApiError `not_found`; `conflict` for a message in another status, or whose bytes are not stored any more
     */
    resend: async (principal: Principal, id: string): Promise<OpenedMessage> => {
      const { direction, mailbox_id: mailboxId } = await get(db, reachOf(principal), id);
      if (direction === 'inbound')
        throw new ApiError('conflict', 'This message was received. Only one that was sent can be sent again.');
      const [mailbox] = await options.mailboxes.settingsOf(db, [mailboxId as MailboxId]);
      // It would fail, although it may have been sent.
      if (mailbox === undefined || mailbox.deleted_at !== null)
        throw new ApiError('conflict', 'The mailbox of this message was deleted. Write a new message.');
      await db.transaction((tx) => again(options, tx, principal, id));
      return opened(await get(db, reachOf(principal), id));
    },
  };
}

async function accept(
  options: MessagesOptions,
  tx: Transaction,
  principal: Principal,
  mailbox: MailboxRow,
  draft: Draft,
): Promise<string> {
  const { vault, suppressions, contactIds } = options;
  const { organizationId, workspaceId, keyId } = principal;
  const reach = { organizationId, workspaceId };
  const owner: Owner = { organizationId, workspaceId: mailbox.workspace_id };
  const idempotency = await idempotencyOf(vault, tx, organizationId, draft);
  if (idempotency !== undefined) {
    const known = await messageByKey(tx, organizationId, idempotency.key);
    if (known !== undefined) return sameRequest(known, idempotency.request);
  }
  const thread =
    draft.replyToMessageId === undefined ? undefined : await threadFor(options, tx, reach, draft, mailbox.id);
  const to = recipientOf(draft.to);
  const subject = draft.subject ?? thread?.subject;
  if (subject === undefined)
    throw invalid({ subject: 'is required, unless reply_to_message_id names the message that is answered' });
  const problems = contentProblems({ subject, text: draft.text, html: draft.html });
  if (Object.keys(problems).length > 0) throw invalid(problems);
  await suppressions.hold(tx, organizationId);
  if ((await suppressions.suppressed(tx, owner, [to])).has(to.key))
    throw invalid({ to: 'is suppressed: the address or its domain gets no email (GET /v1/suppressions)' });
  if (mailbox.role === 'seed') throw invalid({ mailbox_id: 'is a seed, which only receives' });
  const { lead } = draft;
  const contactId = lead?.contactId ?? (await contactIds(tx, owner, [to.key])).get(to.key);
  const [id] = await enqueue(options, tx, [
    {
      mailbox,
      purpose: 'direct',
      to,
      content: {
        subject,
        text: draft.text,
        html: draft.html ?? null,
        headers: {},
        ...(thread === undefined ? {} : { references: thread.references }),
      },
      createdBy: keyId,
      ...(thread === undefined ? {} : { inReplyTo: thread.messageId, replyToId: thread.id }),
      ...(contactId === undefined ? {} : { contactId }),
      ...(lead === undefined ? {} : { leadId: lead.id, campaignId: lead.campaignId }),
      ...(idempotency === undefined ? {} : { idempotency }),
    },
  ]);
  if (id !== undefined) return id;
  // Another request with the same key was stored a moment ago.
  const known = idempotency === undefined ? undefined : await messageByKey(tx, organizationId, idempotency.key);
  if (known === undefined || idempotency === undefined) throw unreachable('a message without a key was not stored');
  return sameRequest(known, idempotency.request);
}

function sameRequest(known: { readonly id: string; readonly idempotency_request: Buffer }, request: Buffer): string {
  if (known.idempotency_request.equals(request)) return known.id;
  throw new ApiError('conflict', 'This Idempotency-Key was used with another body. Use a new key for a new message.');
}

/** Hashes with a key of the organization: neither the caller's key nor the text can be tested by guesses. */
async function idempotencyOf(
  vault: Vault,
  tx: Transaction,
  organization: OrganizationId,
  { idempotencyKey, ...draft }: Draft,
): Promise<{ readonly key: Buffer; readonly request: Buffer } | undefined> {
  if (idempotencyKey === undefined) return undefined;
  const request = JSON.stringify([
    draft.mailboxId,
    draft.to,
    draft.subject ?? null,
    draft.text,
    draft.html ?? null,
    draft.replyToMessageId ?? null,
  ]);
  const [key, hash] = await vault.mac(tx, organization, [idempotencyKey, request], 'message idempotency');
  if (key === undefined || hash === undefined) throw unreachable('no hash for the key');
  return { key, request: hash };
}

/** @throws ApiError `validation_failed` */
function recipientOf(to: string): { readonly email: string; readonly key: string; readonly domain: string } {
  const address = parseAddress(to);
  if ('problem' in address) throw invalid({ to: address.problem });
  if (needsSmtputf8(address.email))
    throw invalid({ to: 'needs_smtputf8: the part before the @ is not ASCII, which most servers cannot deliver' });
  if (hasControls(address.email)) throw invalid({ to: 'must not contain control characters' });
  return address;
}

const referencesMax = 50;

/** The thread that a message continues. @throws ApiError `validation_failed` if it is another mailbox's or unknown */
async function threadFor(
  { vault }: MessagesOptions,
  tx: Transaction,
  reach: Reach,
  { replyToMessageId }: Draft,
  mailboxId: MailboxId,
): Promise<{
  readonly id: string;
  readonly messageId: string;
  readonly references: readonly string[];
  readonly subject: string;
}> {
  const id = replyToMessageId ?? '';
  const answered = await threadOf(tx, reach, id);
  if (answered === undefined || answered.mailbox_id !== mailboxId)
    throw invalid({ reply_to_message_id: 'is not a message of this mailbox' });
  const said = await openContent(vault, tx, answered);
  const { references: named = [] } = said;
  // RFC 5322 §3.6.4: without References, what it answers stands in for them.
  const before = named.length > 0 || answered.in_reply_to === null ? named : [answered.in_reply_to];
  const references = [...before, answered.message_id].filter((each, index, all) => all.indexOf(each) === index);
  return {
    id,
    messageId: answered.message_id,
    references: references.slice(-referencesMax),
    subject: /^re\s*:/i.test(said.subject) ? said.subject : `Re: ${said.subject}`,
  };
}

async function again(
  { ids, clock, clocks, sources }: MessagesOptions,
  tx: Transaction,
  { organizationId, workspaceId, keyId }: Principal,
  id: string,
): Promise<void> {
  const now = new Date(await clocks.nowOf(tx, organizationId));
  const [row] = await lockMessages(tx, organizationId, [id]);
  if (row === undefined || (workspaceId !== undefined && row.workspace_id !== workspaceId)) throw notFound('Message');
  const status = transitions[row.status].resent;
  if (status === undefined)
    throw new ApiError(
      'conflict',
      `This message is ${row.status}. Only one that is unknown or not_found can be sent again.`,
    );
  if (!(await hasRaw(tx, id)))
    throw new ApiError('conflict', 'The bytes of this message are not stored any more. Write a new message.');
  await resendAt(tx, id, status, now);
  await insertHistory(tx, [
    { messageId: id, id: ids.next(), organizationId, kind: 'resent', detail: { key_id: keyId }, at: now },
  ]);
  const real = new Date(clock.now());
  await wakePaces(tx, [{ mailboxId: row.mailbox_id, organizationId, atReal: real, isPaced: false }], real);
  await sources.tell(tx, [
    changeOf(row, { fact: 'resent', before: row.status, status, reason: null, error: null, atMs: now.getTime() }),
  ]);
  await announceMail(tx, [row.mailbox_id], false);
}
