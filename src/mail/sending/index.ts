import type { Editor } from '../../crm/records/index.ts';
import type { OrganizationClocks } from '../../auth/index.ts';
import type { Logger } from '../../base/log.ts';
import { dayMs, hourMs } from '../../base/clock.ts';
import { unreachable } from '../../base/errors.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import type { Holder } from '../../db/holder.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { Emitter } from '../../events/index.ts';
import type { Deps, Module } from '../../ops/index.ts';
import { sendableAt } from '../mailboxes/index.ts';
import type { Mailboxes, MailboxRow, MailboxState } from '../mailboxes/index.ts';
import type { Submitter } from '../transport/transport.ts';
import { bytesOf, signingKey } from './build.ts';
import type { BuildOptions, ToBuild } from './build.ts';
import { localDay } from './calendar.ts';
import { limitOf } from './claim.ts';
import { liftComplaints, settleComplaints } from './complaints.ts';
import type { Complained, Complaint } from './complaints.ts';
import { countedSince } from './claim-queries.ts';
import { announceMail, enqueue, storeTaken } from './enqueue.ts';
import type { NewMessage } from './enqueue.ts';
import { failWaitingOf, giveUpUnknown } from './fail-waiting.ts';
import { createFinishedLine } from './finished-line.ts';
import {
  armPaces,
  depths,
  expireRaws,
  expireReservations,
  holdPaces,
  lateness,
  saveGoverned,
} from './message-queries.ts';
import type { GovernedRow } from './message-queries.ts';
import { createMessages } from './messages.ts';
import type { Messages, MessagesOptions } from './messages.ts';
import { createReconciler } from './reconcile.ts';
import type { FindSent } from './reconcile.ts';
import { lockFor, recordDelays, settleByReport } from './reports.ts';
import type { Delay, Report } from './reports.ts';
import { limitRoutes } from './limit-routes.ts';
import { messageRoutes } from './routes.ts';
import { createSentCopies } from './sent-copies.ts';
import type { AppendSent } from './sent-copies.ts';
import { releaseDead } from './release-dead.ts';
import { releaseSlots } from './settle-queries.ts';
import type { Finished } from './settle.ts';
import type { MessageSource } from './source.ts';
import { createSources } from './sources.ts';
import { createSteering } from './steering.ts';
import type { Steering } from './steering.ts';
import { createTurns } from './turns.ts';
import { createWorker } from './worker.ts';

export { messagesFollower } from './merging.ts';
export { blankReceived, eraseMessages, messagesOfPerson } from './erasure.ts';
export { contentContext, emailEvent, openContent, rawContext } from './content.ts';
export { sentByOrganizations } from './claim-queries.ts';
export type { Complained, Complaint } from './complaints.ts';
export { dailyOf } from './decide.ts';
export type { StoredContent } from './content.ts';
export { announceMail } from './enqueue.ts';
export { lastContactedField } from './segment-field.ts';
export type { NewMessage } from './enqueue.ts';
export { knownColumns, knownMessages, messagesByMessageId } from './known-messages.ts';
export type { KnownMessage } from './known-messages.ts';
export type { Messages, OpenedMessage } from './messages.ts';
export type { FindSent } from './reconcile.ts';
export type { Delay, Report } from './reports.ts';
export type { Candidate, Limit, MailboxLimits, Offer } from './plan.ts';
export type { Steering, ThreadMessage } from './steering.ts';
export type { Ask, Chosen, MessageChange, MessageSource, Store, Stored, Veto } from './source.ts';
export type { AppendSent } from './sent-copies.ts';
export type { Finished } from './settle.ts';
export { fullMailboxes } from './full-mailboxes.ts';
export { createSmtpMailbox } from './smtp-mailbox.ts';
export type { Fact as MessageFact, Status as MessageStatus } from './state.ts';

/** Messages of one organization to one domain in any hour, from all its mailboxes together. */
export const organizationHourlyPerDomain = 30;
const connectionsMax = 1_000;
const rawMs = 30 * dayMs;
/** The longest time that a limit looks back: a local day has up to 25 hours. */
const reservationMs = 25 * hourMs;
const deleteChunk = 5_000;
const keyMs = 5_000;
const keysKept = 1_000;

export interface SendingOptions
  extends Deps, Emitter, Pick<BuildOptions, 'dkimKeyOf'>, Pick<MessagesOptions, 'contactIds'> {
  /** Connections whose statements always use an index. */
  readonly engineDb: Database;
  readonly holder: Holder;
  readonly clocks: OrganizationClocks;
  readonly mailboxes: Mailboxes;
  readonly suppressions: Suppressions;
  readonly submitterOf: (mailbox: MailboxState) => Submitter;
  readonly findSent: FindSent;
  readonly appendSent: AppendSent;
  readonly log: Logger;
  readonly shutdownMs: number;
  /** Default: 30. Infinity: no limit. */
  readonly organizationHourlyPerDomain?: number | undefined;
  /** Called after each attempt whose outcome is stored. */
  readonly onSettled?: (finished: Finished) => void;
}

/** Sends messages, for the other slices of mail and for campaigns. */
export interface Sending extends Steering {
  readonly modules: readonly Module[];
  /** For callers of the API. */
  readonly messages: Messages;
  /**
   * Stores messages to be sent, and announces them with the commit. Check suppressions before; the claim repeats it.
   * @returns the id of each message, in order; undefined where the idempotency key exists
   */
  enqueue(tx: Transaction, messages: readonly NewMessage[]): Promise<readonly (string | undefined)[]>;
  /** Settles messages of one organization by delivery reports and replies. Call it before other records are locked. @returns the ids of those that changed */
  settleByReport(tx: Transaction, reports: readonly Report[]): Promise<readonly string[]>;
  /** Locks messages that are settled, and the waiting ones of leads; see `lockFor` in reports.ts. */
  lockFor(
    tx: Transaction,
    organization: OrganizationId,
    ids: readonly string[],
    leadIds: readonly string[],
  ): Promise<void>;
  /** Records in the history of messages that servers still try to deliver them. */
  recordDelays(tx: Transaction, delays: readonly Delay[]): Promise<void>;
  /** Suppresses recipients who complained, in one organization. Call it before other records are locked. @returns the messages complained about for the first time */
  settleComplaints(tx: Transaction, complaints: readonly Complaint[]): Promise<readonly Complained[]>;
  /** Ends waiting messages of a mailbox. Long queues are ended in the background, once the mailbox is deleted. */
  failWaiting(tx: Transaction, mailboxId: MailboxId, reason: string): Promise<void>;
  /** Emits `email.unknown` for those of these messages whose outcome is not known. Call it before they are deleted. */
  giveUpUnknown(tx: Transaction, organization: OrganizationId, ids: readonly string[]): Promise<void>;
  /** Messages that count against the daily limit since midnight in the mailbox's time zone; a mailbox with none is missing. */
  sentToday(rows: readonly MailboxRow[]): Promise<ReadonlyMap<MailboxId, number>>;
  /** The bytes that a message would have if it were sent at `date`: signed, if its mailbox signs. @throws ApiError `validation_failed` */
  bytesOf(message: ToBuild & { readonly mailbox: MailboxState }, date: Date): Promise<Buffer>;
  /** Locks what decides how much mailboxes may send. Call it before what is known of the mailboxes is locked. */
  hold(tx: Transaction, mailboxes: readonly MailboxId[]): Promise<unknown>;
  /** Stores how many messages mailboxes may send on a local day before those of campaigns and warm-up wait. Call `hold` before. */
  govern(tx: Transaction, rows: readonly GovernedRow[]): Promise<void>;
  /** Where messages come from that are stored when they are sent. Once for each purpose, at composition. */
  addSource(source: MessageSource): void;
  /** Lifts what complaints suppressed, for recipients who said that messages are no spam. Call it before other records are locked. */
  liftComplaints(tx: Transaction, editor: Editor, keys: readonly string[]): Promise<void>;
  readonly figures: { readonly connections: number; readonly inFlight: number; readonly unsettled: number };
}

/**
 * Composes the slice: messages, limits, the pacer, the sending protocol, reconciliation.
 * @example
 * const sending = createSending({ ...deps, engineDb, holder, mailboxes, suppressions, submitterOf, findSent, appendSent, … });
 * await db.transaction((tx) => sending.enqueue(tx, [message]));
 */
export function createSending(given: SendingOptions): Sending {
  const sources = createSources();
  const steering = createSteering({ ...given, sources });
  const options = { ...given, sources, wake: steering.wake };
  const { db, engineDb, clock, clocks, holder, mailboxes, emitAll, onError } = options;
  const failed =
    (during: string) =>
    (error: unknown): void =>
      onError(error, during);
  const ended = new AbortController();
  const copies = createSentCopies({ ...options, onError: failed('copy to sent') });
  const finishedLine = createFinishedLine(options.log);
  const dkimKeyOf = keptKeys(options);
  const reconciler = createReconciler({ ...options, onError: failed('reconcile') });
  const turns = createTurns({
    ...options,
    db: engineDb,
    holder: () => holder.id,
    store: (tx, messages) => storeTaken(options, tx, messages),
    organizationHourlyPerDomain: options.organizationHourlyPerDomain ?? organizationHourlyPerDomain,
    seedOf: seeds(options),
    dkimKeyOf,
    ended: ended.signal,
    onSettled(finished) {
      finishedLine(finished);
      options.onSettled?.(finished);
      if (finished.outcome.fact === 'accepted') copies.add(finished.flight);
      if (finished.outcome.fact === 'lost') reconciler.wake();
    },
    onError: failed('send'),
  });
  const worker = createWorker({
    ...options,
    db: engineDb,
    turns,
    connectionsMax,
    ended,
    onError: failed('send'),
  });
  holder.register({
    release: async (tx, dead, nowMs) => {
      const { lost, leases } = await releaseDead(options, tx, dead, nowMs);
      if (lost > 0) tx.afterCommit(reconciler.wake);
      return leases;
    },
    onReleased: () => db.transaction((tx) => announceMail(tx, [], false)),
    onRenewed: worker.forget,
  });
  mailboxes.listen({
    changed: (tx, rows) => arm(tx, rows, clock.now()),
    removed: (tx, rows) => arm(tx, rows, clock.now()),
    // After `changed`, which locks the mailboxes before their messages.
    raised: async (tx, rows) => {
      for (const { id, organization_id: organization } of rows)
        await releaseSlots(tx, id, new Date(await clocks.nowOf(tx, organization)));
    },
  });
  const messages = createMessages(options);

  return {
    modules: [
      {
        routes: [...messageRoutes(messages), ...limitRoutes(options)],
        role: 'mail',
        run: async (signal) => {
          await Promise.all([worker.run(signal), reconciler.run(signal)]);
          await copies.finished();
        },
        everyMinute: (nowMs) => expire(db, nowMs),
        unfinished: {
          metric: 'outrider_messages',
          help: 'Messages by status: waiting (claimed, deferred), sending and unknown (at most 100,000 each).',
          count: () => depths(db),
        },
      },
      {
        unfinished: {
          metric: 'outrider_messages_late_seconds',
          help: 'How long the mailbox that has been due longest has waited for a process.',
          count: async () => [{ state: 'oldest', count: await lateness(db, new Date(clock.now())) }],
        },
      },
    ],
    messages,
    enqueue: (tx, rows) => enqueue(options, tx, rows),
    settleByReport: (tx, reports) => settleByReport(options, tx, reports),
    lockFor: (tx, organization, ids, leadIds) => lockFor(options, tx, organization, ids, leadIds),
    recordDelays: (tx, delays) => recordDelays(options, tx, delays),
    settleComplaints: (tx, complaints) => settleComplaints(options, tx, complaints),
    async failWaiting(tx, mailboxId, reason) {
      const [mailbox] = await mailboxes.settingsOf(tx, [mailboxId]);
      if (mailbox === undefined) return;
      const nowMs = await clocks.nowOf(tx, mailbox.organization_id);
      const { events, changes } = await failWaitingOf(options, tx, mailboxId, reason, () => nowMs);
      await sources.tell(tx, changes);
      await emitAll(tx, events);
    },
    giveUpUnknown: (tx, organization, ids) => giveUpUnknown(options, tx, organization, ids),
    sentToday: (rows) => sentToday(options, rows),
    bytesOf: async (message, date) => bytesOf(message, date, await signingKey({ dkimKeyOf }, message.mailbox)),
    hold: holdPaces,
    async govern(tx, rows) {
      const looking = await saveGoverned(tx, rows, new Date(clock.now()));
      const woken = looking.flatMap((row) => (row.looks ? [row.mailbox_id] : []));
      if (woken.length > 0) await announceMail(tx, woken, false);
    },
    addSource: sources.add,
    ...steering,
    liftComplaints: (tx, editor, keys) => liftComplaints(options, tx, editor, keys),
    get figures() {
      return { ...worker.figures, unsettled: turns.unsettled };
    },
  };

  /** Lets mailboxes that changed look again. A deleted one, too: its messages must end. */
  async function arm(tx: Transaction, rows: readonly MailboxState[], nowMs: number): Promise<void> {
    await armPaces(
      tx,
      rows.map((mailbox) => {
        const fromMs = mailbox.deleted_at === null ? sendableAt(mailbox) : nowMs;
        return {
          mailboxId: mailbox.id,
          organizationId: mailbox.organization_id,
          nextAt: fromMs === null ? null : new Date(Math.max(fromMs, nowMs)),
          reason: fromMs === null || fromMs > nowMs ? limitOf(mailbox) : null,
          // What a source has is not known here: it is asked.
          looks: mailbox.smtp_failing !== null || (mailbox.deleted_at === null && sources.all.length > 0),
        };
      }),
    );
    await announceMail(
      tx,
      rows.map(({ id }) => id),
      true,
    );
  }
}

/** The seed of an organization's gaps: a keyed hash, so that nobody can compute them, and the same in every process. */
function seeds({ vault }: Pick<Deps, 'vault'>): (on: Queryable, organization: OrganizationId) => Promise<Buffer> {
  const known = new Map<OrganizationId, Buffer>();
  return async (on, organization) => {
    const kept = known.get(organization);
    if (kept !== undefined) return kept;
    const [seed] = await vault.mac(on, organization, ['gaps'], 'pacer');
    if (seed === undefined) throw unreachable('no hash for the seed');
    known.set(organization, seed);
    return seed;
  };
}

/** Keeps keys, and that there is none, for a few seconds: a turn would look for the same ones each time. */
function keptKeys({ clock, dkimKeyOf }: Pick<SendingOptions, 'clock' | 'dkimKeyOf'>): BuildOptions['dkimKeyOf'] {
  const kept = new Map<string, { readonly untilMs: number; readonly key: ReturnType<BuildOptions['dkimKeyOf']> }>();
  return (organization, domain) => {
    const name = `${organization} ${domain}`;
    const known = kept.get(name);
    if (known !== undefined && known.untilMs > clock.now()) return known.key;
    if (kept.size >= keysKept) kept.clear();
    const key = dkimKeyOf(organization, domain);
    kept.set(name, { untilMs: clock.now() + keyMs, key });
    key.catch(() => kept.delete(name));
    return key;
  };
}

/** By the organizations' clocks. */
async function sentToday(
  { db, clock, clocks }: Pick<SendingOptions, 'db' | 'clock' | 'clocks'>,
  rows: readonly MailboxRow[],
): Promise<ReadonlyMap<MailboxId, number>> {
  const ahead = await clocks.aheadOf(
    db,
    rows.map((row) => row.organization_id),
  );
  const nowMs = clock.now();
  const counts = await countedSince(
    db,
    rows.map(({ id, organization_id: organization, timezone }) => ({
      id,
      at: new Date(localDay(nowMs + (ahead.get(organization) ?? 0), timezone).startMs),
    })),
  );
  return new Map(counts.map(({ mailbox_id: id, count }) => [id, count]));
}

/** Deletes bytes after 30 days, and reservations that no limit counts any more. */
async function expire(db: Database, nowMs: number): Promise<void> {
  for (let count = deleteChunk; count === deleteChunk;)
    count = await expireReservations(db, new Date(nowMs - reservationMs), deleteChunk);
  for (let count = deleteChunk; count === deleteChunk;)
    count = await expireRaws(db, new Date(nowMs - rawMs), deleteChunk);
}
