import type { Editor } from '../../crm/records/index.ts';
import { addressKey } from '../../base/email-address.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import { sqlState } from '../../db/pool.ts';
import type { Transaction } from '../../db/pool.ts';
import type { ParsedMessage } from '../mime/index.ts';
import { messagesByMessageId } from '../sending/index.ts';
import type { Complaint, Delay, KnownMessage, Sending } from '../sending/index.ts';
import type { ExchangePort, Recognizable } from './exchange-port.ts';
import type { Batch, Folder, Incoming, Received } from './incoming.ts';
import { answersOf, deliveredTo, exchangeKind, kindOf, reportOf } from './kind.ts';
import type { Box, ComplaintAbout, Evidence, Verdict } from './kind.ts';
import { byMessageId, knownOf } from './known.ts';
import type { Header, KnownOptions } from './known.ts';
import { effectiveConfidence } from './match.ts';
import type { Match } from './match.ts';
import { matchesOf } from './matches.ts';
import type { MatchingOptions } from './matches.ts';
import { mailboxesByKeys, mailboxOf, receivedIds } from './queries.ts';
import type { ReceivingMailbox } from './queries.ts';
import { readFound } from './reading.ts';
import type { ReadMessage } from './reading.ts';
import { skipped, store } from './store.ts';
import type { ReceivedCalendar, ReceivedReply, StoreOptions } from './store.ts';

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

/** What a batch changes: messages by id, leads by id or by their address. */
export interface Concern {
  readonly replies: readonly ReceivedReply[];
  readonly leadIds: readonly (string | null)[];
  readonly emailKeys: readonly string[];
  readonly messageIds: readonly string[];
}

export interface ReceivingOptions
  extends MatchingOptions, StoreOptions, KnownOptions, Pick<Sending, 'settleByReport' | 'recordDelays'> {
  /** Locks what a batch changes, once its messages are stored, and its suppressions are locked. */
  readonly lockFor: (tx: Transaction, organization: OrganizationId, concern: Concern) => Promise<unknown>;
  /** Opts out the recipient of a sent message whose token was received, and other addresses of theirs. */
  readonly optOut: (
    tx: Transaction,
    organization: OrganizationId,
    messageId: string,
    also: readonly string[],
  ) => Promise<unknown>;
  /** Called with the stored replies of a batch, and the calendars of its stored messages, in its transaction. */
  readonly onReplies: (
    tx: Transaction,
    replies: readonly ReceivedReply[],
    calendars: readonly ReceivedCalendar[],
  ) => Promise<unknown>;
  /** Called with complaints about messages, in the transaction of a batch, before anything else is locked. */
  readonly onComplaints: (tx: Transaction, complaints: readonly Complaint[]) => Promise<unknown>;
  /** Called with recipients who said that messages are no spam, before anything else is locked. */
  readonly onForgiven?: (tx: Transaction, editor: Editor, keys: readonly string[]) => Promise<unknown>;
  /** Called with the copies of a batch, in its transaction. */
  readonly onOwnCopies: (tx: Transaction, copies: readonly OwnCopy[]) => Promise<unknown>;
  readonly exchange?: ExchangePort | undefined;
  /** `onReplies` may change suppressions, which are locked before messages. */
  readonly suppressions: Pick<Suppressions, 'lock'>;
  /** A message that is too complex to be read, or that the database refuses. */
  readonly onSkipped: (mailboxId: string, reason: string) => void;
}

export type Receiving = ReturnType<typeof createReceiving>;

/** The one door for messages that were found in mailboxes. */
export function createReceiving(options: ReceivingOptions) {
  const { db, onSkipped } = options;

  async function receivedAll(batch: Batch): Promise<Received[]> {
    const read: (ReadMessage | undefined)[] = [];
    for (const found of batch.messages) {
      const each = await readFound(found);
      if (typeof each === 'string') onSkipped(batch.mailboxId, each);
      read.push(typeof each === 'string' ? undefined : each);
    }
    try {
      return await committed(batch, read);
    } catch (error) {
      if (!isOfData(error)) throw error;
      return oneByOne(batch, read);
    }
  }

  const committed = (batch: Batch, read: readonly (ReadMessage | undefined)[]): Promise<Received[]> =>
    db.transaction(async (tx) => {
      const mailbox = await mailboxOf(tx, batch.organizationId, batch.mailboxId);
      const outcomes =
        mailbox === undefined ? batch.messages.map(() => skipped) : await write(options, tx, batch, mailbox, read);
      await batch.alongside?.(tx);
      return outcomes;
    });

  /** A message that the database refuses must not hold back those after it. The position comes last. */
  async function oneByOne(batch: Batch, read: readonly (ReadMessage | undefined)[]): Promise<Received[]> {
    const outcomes: Received[] = [];
    const { alongside: _, ...rest } = batch;
    for (const [index, found] of batch.messages.entries())
      try {
        outcomes.push(...(await committed({ ...rest, messages: [found], sightings: [] }, [read[index]])));
      } catch (error) {
        if (!isOfData(error)) throw error;
        onSkipped(batch.mailboxId, `The message could not be stored: ${String(error)}`);
        outcomes.push(skipped);
      }
    await committed({ ...batch, messages: [] }, []);
    return outcomes;
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
    known: (mailbox: Parameters<typeof knownOf>[1], headers: readonly Header[]) => knownOf(options, mailbox, headers),

    /** Which of these Message-IDs the mailbox has received and stored. */
    stored: ({ id }: { readonly id: string }, messageIds: readonly string[]) => receivedIds(db, id, messageIds),
  };
}

/** Whether PostgreSQL refused a value (SQLSTATE classes 22 and 23), or a row that is too long for an index. */
const isOfData = (error: unknown): boolean => /^(?:22|23|54)/.test(sqlState(error) ?? '');

/**
 * Writes all that a batch changes. Everything is locked in the order of all transactions: suppressions, contacts, mailboxes, messages, leads,
 * campaigns; so what is read comes first, and what takes effect last.
 */
async function write(
  options: ReceivingOptions,
  tx: Transaction,
  batch: Batch,
  mailbox: ReceivingMailbox,
  read: readonly (ReadMessage | undefined)[],
): Promise<Received[]> {
  const { organizationId, mailboxId, folder } = batch;
  const named = read.flatMap((each) => (each === undefined ? [] : idsIn(each)));
  const own = byMessageId(await messagesByMessageId(tx, organizationId, [...new Set([...batch.sightings, ...named])]));
  const seen = new Set<KnownMessage>(batch.sightings.flatMap((id) => own.get(id) ?? []));
  const box = await boxOf(tx, batch, mailbox, read);
  const letters = (await options.exchange?.recognized(tx, mailboxId, read.map(recognizable))) ?? [];
  const kinds = read.map((each, index) => {
    if (each === undefined) return undefined;
    return letters[index] === undefined ? kindOf(each.parsed, each.report, box, own) : exchangeKind(each.parsed, own);
  });
  const { matches, optOuts } = await matchesOf(options, tx, { ...batch, mailbox, box, read, kinds });
  const about: About[] = [...seen].map((own) => ({ own, by: 'copy', at: new Date(options.clock.now()) }));
  kinds.forEach((kind, index) => {
    const at = read[index]?.found.receivedAt;
    if (kind === undefined || at === undefined) return;
    about.push(...(kind.kind === 'report' ? kind.verdicts : kind.evidence).map((each) => ({ ...each, at })));
  });
  const reports = about.flatMap((each) => reportOf(each, organizationId, each.at.getTime()) ?? []);
  const complaints = about.flatMap((each) =>
    'feedbackType' in each
      ? [{ organizationId, id: each.own.id, feedbackType: each.feedbackType, atMs: each.at.getTime() }]
      : [],
  );
  const forgiven = about.flatMap((each) => ('by' in each && each.by === 'not_spam' ? [each.own] : []));
  if (
    optOuts.length + complaints.length + forgiven.length > 0 ||
    reports.some(({ bounce }) => bounce?.type === 'hard') ||
    matches.some((match, index) => match !== undefined && mayOptOut(match, read[index]))
  )
    await options.suppressions.lock(tx, organizationId);
  const { outcomes, replies, calendars } = await store(options, tx, batch, mailbox, read, kinds, matches);
  // Copies and answers end no lead.
  const ending = [
    ...optOuts.map(({ message }) => message),
    ...about.filter((each) => !('by' in each) || each.by === 'complaint').map((each) => each.own),
  ];
  await options.lockFor(tx, organizationId, {
    replies,
    leadIds: about.map((each) => each.own.lead_id),
    emailKeys: [
      ...ending.map((message) => message.party_key),
      ...optOuts.flatMap(({ also }) => also),
      ...calendars.map(({ fromKey }) => fromKey),
    ],
    messageIds: [...new Set(about.map((each) => each.own.id))],
  });
  for (const { message, also } of optOuts) await options.optOut(tx, organizationId, message.id, also);
  if (complaints.length > 0) await options.onComplaints(tx, complaints);
  for (const [workspace, own] of Map.groupBy(forgiven, (message) => message.workspace_id))
    await options.onForgiven?.(
      tx,
      { organizationId, workspaceId: workspace ?? undefined },
      own.map((message) => message.party_key),
    );
  if (reports.length > 0) await options.settleByReport(tx, reports);
  await options.recordDelays(tx, delaysOf(about, organizationId));
  const copies = [
    ...[...seen].map((each) => ({ own: each, message: undefined })),
    ...kinds.flatMap((kind, index) =>
      kind?.kind === 'own' ? [{ own: kind.evidence[0]?.own, message: read[index]?.parsed }] : [],
    ),
  ];
  if (copies.length > 0)
    await options.onOwnCopies(
      tx,
      copies.map((copy) => ({ organizationId, mailboxId, folder, ...copy })),
    );
  if (replies.length + calendars.length > 0) await options.onReplies(tx, replies, calendars);
  const found = read.flatMap((each, index) => {
    const letterId = letters[index]?.letterId ?? null;
    return each === undefined || letterId === null
      ? []
      : [{ letterId, folder, messageId: each.parsed.messageId ?? null }];
  });
  if (found.length > 0) await options.exchange?.found(tx, found);
  return [...outcomes];
}

const isReport = ({ kind, because, feedbackType }: ReadMessage['report']): boolean =>
  kind === 'bounce' || because === 'success_report' || feedbackType !== undefined;

/** A report about a message is no part of a conversation, although it may name one. */
const recognizable = (each: ReadMessage | undefined): Recognizable | undefined =>
  each === undefined || isReport(each.report)
    ? undefined
    : {
        messageId: each.parsed.messageId,
        answers: answersOf(each.parsed),
        from: each.sender.key,
        subject: each.parsed.subject,
        text: each.parsed.text,
      };

const mayOptOut = ({ confidence }: Match, each: ReadMessage | undefined): boolean =>
  confidence >= effectiveConfidence && each?.reading.classification === 'unsubscribe_request';

/** The mailbox, and which others of the organization wrote or received the messages. */
async function boxOf(
  tx: Transaction,
  { organizationId, mailboxId }: Batch,
  { email_key: key }: ReceivingMailbox,
  read: readonly (ReadMessage | undefined)[],
): Promise<Box> {
  const keys = new Set(
    read.flatMap((each) =>
      each === undefined ? [] : [addressKey(each.parsed.from?.address) ?? '', ...deliveredTo(each.parsed)],
    ),
  );
  keys.delete(key);
  keys.delete('');
  const others = keys.size === 0 ? [] : await mailboxesByKeys(tx, organizationId, [...keys]);
  return { id: mailboxId, key, others: new Map(others.map((each) => [each.email_key, each.is_read])) };
}

/** What a batch says of one sent message, and when that became known. */
type About = (Evidence | ComplaintAbout | Verdict) & { readonly at: Date };

const delaysOf = (about: readonly About[], organizationId: OrganizationId): Delay[] =>
  about.flatMap((each) =>
    'verdict' in each && each.verdict === 'delayed'
      ? [
          {
            organizationId,
            id: each.own.id,
            source: 'delivery_report',
            status: each.status,
            answer: each.diagnostic,
            atMs: each.at.getTime(),
          },
        ]
      : [],
  );

const idsIn = ({ parsed, report }: ReadMessage): string[] =>
  [parsed.messageId, report.originalMessageId].filter((id) => id !== undefined).concat(answersOf(parsed));
