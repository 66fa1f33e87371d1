import { createHash } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { cut } from '../../base/cut.ts';
import { parseAddress } from '../../base/email-address.ts';
import type { Ids, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { readReport } from '../bounces/index.ts';
import type { Report } from '../bounces/index.ts';
import { parseMessage } from '../mime/index.ts';
import type { ParsedMessage } from '../mime/index.ts';
import { readReply } from '../replies/index.ts';
import type { Reading } from '../replies/index.ts';
import type { Batch, Folder, Found, Incoming, Received } from './incoming.ts';
import type { Complaint, KnownMessage, Sending } from '../sending/index.ts';
import { contentContext, rawContext } from '../sending/index.ts';
import { answersOf, isByMachine, kindOf, reportOf } from './kind.ts';
import type { ComplaintAbout, Evidence, Kind, Verdict } from './kind.ts';
import { insertDelays, insertReceived, mailboxOf, receivedIds } from './queries.ts';
import type { NewReceived, ReceivingMailbox } from './queries.ts';

/** A copy of a message of a mailbox, found in the same mailbox. */
export interface OwnCopy {
  readonly organizationId: OrganizationId;
  readonly mailboxId: string;
  readonly folder: Folder;
  /** The sent message; undefined if the Message-ID is not one of ours: the server may have replaced it. */
  readonly own: KnownMessage | undefined;
  /** Undefined if only its Message-ID was read. */
  readonly message: ParsedMessage | undefined;
}

/** A stored message that answers one of ours. */
export interface ReceivedReply {
  /** `messages.id`. */
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | null;
  readonly mailboxId: string;
  readonly answered: KnownMessage;
  /** The sender, and in the form in which addresses are compared. */
  readonly from: string;
  readonly fromKey: string;
  readonly contactId: string | null;
  readonly subject: string;
  readonly text: string;
  /** The lead and the campaign of the message that it answers. */
  readonly leadId: string | null;
  readonly campaignId: string | null;
  /** How it was matched with that message. */
  readonly match: ReplyMatch;
  /** What it says and means. Read once, here. */
  readonly reading: Reading;
  /** A machine wrote it. */
  readonly automatic: boolean;
  readonly receivedAt: Date;
}

/** How a reply was matched with the message that it answers. */
export interface ReplyMatch {
  /** `reference`: it names that message. `stranger`: it names it, and somebody else than its recipient wrote it. */
  readonly by: string;
  /** 0 to 1. */
  readonly confidence: number;
}

/** A calendar (RFC 5545) in a stored message. */
export interface ReceivedCalendar {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | null;
  /** The sender's address, in the form in which addresses are compared. */
  readonly fromKey: string;
  readonly calendar: string;
  readonly receivedAt: Date;
}

export interface ReceivingOptions extends Pick<Sending, 'settleByReport' | 'messagesByMessageId'> {
  readonly db: Database;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly vault: Vault;
  /** Ids of live contacts, by address as addresses are compared. */
  readonly contactIds: (
    on: Queryable,
    organization: OrganizationId,
    keys: readonly string[],
  ) => Promise<ReadonlyMap<string, string>>;
  /** Called with complaints about messages, in the transaction of a batch, before anything else is locked. */
  readonly onComplaints: (tx: Transaction, complaints: readonly Complaint[]) => Promise<unknown>;
  /** Called with recipients who said that messages are no spam, before anything else is locked. */
  readonly onForgiven?: (tx: Transaction, organization: OrganizationId, keys: readonly string[]) => Promise<unknown>;
  /** Called with the copies of a batch, in its transaction. */
  readonly onOwnCopies: (tx: Transaction, copies: readonly OwnCopy[]) => Promise<unknown>;
  /** Called with the stored replies of a batch, in its transaction. */
  readonly onReplies: (tx: Transaction, replies: readonly ReceivedReply[]) => Promise<unknown>;
  /** Called with the calendars of the stored messages of a batch, in its transaction, after their replies. */
  readonly onCalendars?: (tx: Transaction, calendars: readonly ReceivedCalendar[]) => Promise<unknown>;
  /** Called with the subject of each message from somebody else, before anything is locked. @returns whether it was an opt-out */
  readonly onSubject?: (tx: Transaction, organization: OrganizationId, subject: string) => Promise<boolean>;
  /** A message that is too complex to be read. */
  readonly onSkipped: (mailboxId: string, reason: string) => void;
}

export type Receiving = ReturnType<typeof createReceiving>;

/** A message that was read, before anything is known of it. */
interface ReadMessage {
  readonly found: Found;
  readonly parsed: ParsedMessage;
  readonly report: Report;
}

/** The one door for messages that were found in mailboxes. */
export function createReceiving(options: ReceivingOptions) {
  const { db, onSkipped } = options;

  async function receivedAll(batch: Batch): Promise<Received[]> {
    const read: (ReadMessage | undefined)[] = [];
    for (const found of batch.messages) {
      const parsed = await parseMessage(found.raw);
      if ('skipped' in parsed) onSkipped(batch.mailboxId, parsed.detail ?? parsed.skipped);
      read.push('skipped' in parsed ? undefined : { found, parsed, report: readReport(parsed) });
    }
    return db.transaction(async (tx) => {
      const mailbox = await mailboxOf(tx, batch.organizationId, batch.mailboxId);
      const outcomes =
        mailbox === undefined ? batch.messages.map(() => skipped) : await write(options, tx, batch, mailbox, read);
      await batch.alongside?.(tx);
      return outcomes;
    });
  }

  return {
    receivedAll,

    /**
     * Takes a message: stores it, or settles the sent message that it is about.
     * @example
     * const outcome = await receiving.received({ organizationId, mailboxId, raw, receivedAt: new Date(clock.now()), folder: 'inbox' });
     */
    async received({ organizationId, mailboxId, folder, ...message }: Incoming): Promise<Received> {
      const batch = { organizationId, mailboxId, folder, messages: [message], sightings: [] };
      return (await receivedAll(batch))[0] ?? skipped;
    },

    /** What is known of Message-IDs and senders, before any body is read. */
    async known(
      { organizationId }: { readonly organizationId: OrganizationId },
      headers: readonly {
        readonly messageId: string | null;
        readonly answers: readonly string[];
        readonly from: string | null;
      }[],
    ) {
      const ids = new Set<string>();
      const senders = new Set<string>();
      for (const { messageId, answers, from } of headers) {
        if (messageId !== null) ids.add(messageId);
        for (const answer of answers) ids.add(answer);
        if (from !== null) senders.add(from);
      }
      const [sent, contacts] = await Promise.all([
        ids.size === 0 ? [] : options.messagesByMessageId(db, organizationId, [...ids]),
        options.contactIds(db, organizationId, [...senders]),
      ]);
      return { sent: new Set(byMessageId(sent).keys()), contacts: new Set(contacts.keys()) };
    },

    /** Which of these Message-IDs the mailbox has received and stored. */
    stored: ({ id }: { readonly id: string }, messageIds: readonly string[]) => receivedIds(db, id, messageIds),
  };
}

const skipped: Received = { kind: 'skipped' };

const byMessageId = (messages: readonly KnownMessage[]): Map<string, KnownMessage> =>
  new Map(
    messages.flatMap((message) =>
      [message.message_id, message.delivered_message_id].flatMap((id): [string, KnownMessage][] =>
        id === null ? [] : [[id, message]],
      ),
    ),
  );

/** Writes all that a batch changes. */
async function write(
  options: ReceivingOptions,
  tx: Transaction,
  batch: Batch,
  mailbox: ReceivingMailbox,
  read: readonly (ReadMessage | undefined)[],
): Promise<Received[]> {
  const named = read.flatMap((each) => (each === undefined ? [] : idsIn(each)));
  const own = byMessageId(
    await options.messagesByMessageId(tx, batch.organizationId, [...new Set([...batch.sightings, ...named])]),
  );
  const seen = new Set<KnownMessage>(batch.sightings.flatMap((id) => own.get(id) ?? []));
  // This is where a message is classified.
  const box = { id: batch.mailboxId, key: mailbox.email_key };
  const kinds = read.map((each) => each && kindOf(each.parsed, each.report, box, own));
  for (const [index, kind] of kinds.entries()) {
    const subject = read[index]?.parsed.subject;
    if (kind?.kind === 'message' && subject !== undefined) await options.onSubject?.(tx, batch.organizationId, subject);
  }
  const about: About[] = [...seen].map((own) => ({ own, by: 'copy', at: new Date(options.clock.now()) }));
  kinds.forEach((kind, index) => {
    const at = read[index]?.found.receivedAt;
    if (kind === undefined || at === undefined) return;
    about.push(...(kind.kind === 'report' ? kind.verdicts : kind.evidence).map((each) => ({ ...each, at })));
  });
  const copies = [
    ...[...seen].map((each) => ({ own: each, message: undefined })),
    ...kinds.flatMap((kind, index) =>
      kind?.kind === 'own' ? [{ own: kind.evidence[0]?.own, message: read[index]?.parsed }] : [],
    ),
  ];
  const { organizationId, mailboxId, folder } = batch;
  const complaints = about.flatMap((each) =>
    'feedbackType' in each
      ? [{ organizationId, id: each.own.id, feedbackType: each.feedbackType, atMs: each.at.getTime() }]
      : [],
  );
  if (complaints.length > 0) await options.onComplaints(tx, complaints);
  const forgiven = about.flatMap((each) => ('by' in each && each.by === 'not_spam' ? [each.own.party_key] : []));
  if (forgiven.length > 0) await options.onForgiven?.(tx, organizationId, forgiven);
  await settle(options, tx, organizationId, about);
  if (copies.length > 0)
    await options.onOwnCopies(
      tx,
      copies.map((copy) => ({ organizationId, mailboxId, folder, ...copy })),
    );
  return store(options, tx, batch, mailbox, read, kinds);
}

/** What a batch says of one sent message, and when that became known. */
type About = (Evidence | ComplaintAbout | Verdict) & { readonly at: Date };

async function settle(
  { ids, settleByReport }: ReceivingOptions,
  tx: Transaction,
  organizationId: OrganizationId,
  about: readonly About[],
): Promise<void> {
  const delays = about.flatMap((each) =>
    'verdict' in each && each.verdict === 'delayed'
      ? [
          {
            id: ids.next<string>(),
            messageId: each.own.id,
            at: each.at,
            detail: { status: each.status, answer: each.diagnostic },
          },
        ]
      : [],
  );
  const reports = about.flatMap((each) => reportOf(each, organizationId, each.at.getTime()) ?? []);
  if (reports.length > 0) await settleByReport(tx, reports);
  if (delays.length > 0) await insertDelays(tx, organizationId, delays);
}

const idsIn = ({ parsed, report }: ReadMessage): string[] =>
  [parsed.messageId, report.originalMessageId].filter((id) => id !== undefined).concat(answersOf(parsed));

async function store(
  { ids, vault, contactIds, onReplies, onCalendars }: ReceivingOptions,
  tx: Transaction,
  { organizationId, mailboxId }: Batch,
  mailbox: ReceivingMailbox,
  read: readonly (ReadMessage | undefined)[],
  kinds: readonly (Kind | undefined)[],
): Promise<Received[]> {
  const senders = read.map((each) => senderOf(each?.parsed));
  const contacts = await contactIds(
    tx,
    organizationId,
    [...new Set(senders.map(({ key }) => key))].filter((key) => key !== ''),
  );
  const rows: NewReceived[] = [];
  const replies: ReceivedReply[] = [];
  const calendars = new Map<string, ReceivedCalendar>();
  const outcomes = await Promise.all(
    kinds.map(async (kind, index): Promise<Received> => {
      const each = read[index];
      if (kind === undefined || each === undefined) return skipped;
      if (kind.kind !== 'message') return { kind: kind.kind };
      const { found, parsed } = each;
      const sender = senders[index] ?? noSender;
      // A message of another workspace is answered here, but not named to callers that cannot see it.
      const answered = kind.evidence.find(({ own }) => own.workspace_id === mailbox.workspace_id)?.own;
      const id = ids.next<string>();
      const contactId = answered?.contact_id ?? contacts.get(sender.key) ?? null;
      if (answered !== undefined) {
        const reading = readReply(parsed, found.receivedAt);
        replies.push({
          id,
          organizationId,
          workspaceId: mailbox.workspace_id,
          mailboxId,
          answered,
          from: sender.address,
          fromKey: sender.key,
          contactId,
          subject: parsed.subject,
          text: parsed.text,
          leadId: answered.lead_id,
          campaignId: answered.campaign_id,
          match:
            sender.key === answered.party_key
              ? { by: 'reference', confidence: 1 }
              : { by: 'stranger', confidence: 0.6 },
          reading,
          automatic: isByMachine(parsed, each.report) || reading.automatic,
          receivedAt: found.receivedAt,
        });
      }
      const { calendar } = parsed.forMachines;
      if (calendar !== '')
        calendars.set(id, {
          organizationId,
          workspaceId: mailbox.workspace_id,
          fromKey: sender.key,
          calendar,
          receivedAt: found.receivedAt,
        });
      rows.push({
        id,
        organization_id: organizationId,
        workspace_id: mailbox.workspace_id,
        mailbox_id: mailboxId,
        message_id: parsed.messageId ?? madeUpId(found.raw),
        in_reply_to: answersOf(parsed)[0] ?? null,
        reply_to_id: answered?.id ?? null,
        contact_id: contactId,
        campaign_id: answered?.campaign_id ?? null,
        lead_id: answered?.lead_id ?? null,
        from_address: sender.address,
        to_address: mailbox.email,
        party_key: sender.key,
        party_domain: sender.domain,
        content: await vault.seal(tx, organizationId, contentOf(parsed), contentContext),
        raw: await vault.seal(tx, organizationId, found.raw, rawContext),
        created_at: found.receivedAt,
        folder_id: found.position?.folderId ?? null,
        uidvalidity: found.position?.uidvalidity ?? null,
        uid: found.position?.uid ?? null,
      });
      return { kind: 'stored', id };
    }),
  );
  if (rows.length === 0) return outcomes;
  const stored = await insertReceived(tx, rows);
  const fresh = replies.filter(({ id }) => stored.has(id));
  if (fresh.length > 0) await onReplies(tx, fresh);
  const invitations = [...calendars].flatMap(([id, calendar]) => (stored.has(id) ? [calendar] : []));
  if (invitations.length > 0) await onCalendars?.(tx, invitations);
  return outcomes.map((outcome) =>
    outcome.kind === 'stored' && !stored.has(outcome.id) ? { kind: 'duplicate' } : outcome,
  );
}

const noSender = { address: '', key: '', domain: '' };

/** The sender, also if mail cannot be sent to it. */
function senderOf(message: ParsedMessage | undefined): { address: string; key: string; domain: string } {
  const written = message?.from?.address;
  if (written === undefined) return noSender;
  const parsed = parseAddress(written);
  if ('key' in parsed) return { address: parsed.email, key: parsed.key, domain: parsed.domain };
  const lower = written.toLowerCase();
  return { address: written, key: lower, domain: lower.slice(lower.lastIndexOf('@') + 1) };
}

/** Names a message without a Message-ID by its bytes, so that it is stored once. */
const madeUpId = (raw: Buffer): string => `<${createHash('sha256').update(raw).digest('hex')}@no-message-id.invalid>`;

const headerCharactersMax = 64 * 1024;

function contentOf({ subject, text, html, headers, references }: ParsedMessage): string {
  let room = headerCharactersMax;
  const kept = [...headers].flatMap(([name, values]): [string, string][] => {
    const value = cut(values.join('\n'), room);
    room -= value.length;
    return value === '' ? [] : [[name, value]];
  });
  return JSON.stringify({ subject, text, html: html ?? null, headers: Object.fromEntries(kept), references });
}
