import { dayOf } from '../../base/clock.ts';
import { count } from '../health/index.ts';
import type { DayDelta } from '../health/index.ts';
import { suppressEach } from './suppress.ts';
import type { Ids, MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import type { EmitAll } from '../../events/index.ts';
import type { MessageRow } from './claim-queries.ts';
import { emailEvent, isSilent, openContent } from './content.ts';
import { markFull } from './full-mailboxes.ts';
import { insertDelays, insertHistory, learn, lockConcerned, lockMessages, unknownOf } from './settle-queries.ts';
import type { NewEvent } from './settle.ts';
import { changeOf } from './sources.ts';
import type { Change, Sources } from './sources.ts';
import { transitions } from './state.ts';
import type { Fact, Status } from './state.ts';

/** What was learnt of a sent message without another attempt. */
export interface Report {
  readonly organizationId: OrganizationId;
  /** `messages.id`. */
  readonly id: string;
  readonly fact: Extract<Fact, 'found' | 'missing' | 'reported_delivered' | 'reported_bounced'>;
  /** Of `reported_bounced`. Only `hard` suppresses the recipient; use `soft` for a block. */
  readonly bounce?: {
    readonly type: 'hard' | 'soft';
    readonly reason: string;
    /** In the words of Sisimai, such as `mailboxfull`. */
    readonly cause: string;
    readonly diagnostic: string | null;
  };
  /** Where it was learnt, for the history: `sent_folder`, `delivery_report`, `reply`, `provider_report`. */
  readonly source: string;
  readonly atMs: number;
  /** The caller emits the event of what was reported. */
  readonly isAnnounced?: boolean;
}

export interface ReportsOptions {
  readonly ids: Ids;
  readonly vault: Vault;
  readonly suppressions: Pick<Suppressions, 'lock' | 'suppress' | 'liftAddresses'>;
  readonly emitAll: EmitAll;
  readonly sources: Pick<Sources, 'tell'>;
  /** Lets mailboxes look for what is due next. */
  readonly wake: (tx: Transaction, mailboxes: readonly MailboxId[]) => Promise<void>;
}

/** A server has had it, so `email.sent` was emitted. */
const isSent = (status: Status): boolean => status === 'sent' || status === 'delivered' || status === 'bounced';

/**
 * Settles sent messages by reports, with their events and history. One that is settled already, or that a report cannot change, stays.
 * Reports of one call have one organization. Call it before other records are locked in the transaction.
 * @returns the ids of the messages that were changed
 * @example
 * await settleByReport(tx, [{ organizationId, id, fact: 'reported_delivered', source: 'delivery_report', atMs: clock.now() }]);
 */
export async function settleByReport(
  { ids, vault, suppressions, emitAll, sources, wake }: ReportsOptions,
  tx: Transaction,
  reports: readonly Report[],
): Promise<readonly string[]> {
  const [one] = reports;
  if (one === undefined) return [];
  const { organizationId } = one;
  // A suppression is locked before the messages, as every transaction does it.
  if (reports.some(({ bounce }) => bounce?.type === 'hard')) await suppressions.lock(tx, organizationId);
  const rows = await lockReported({ wake }, tx, organizationId, [...new Set(reports.map(({ id }) => id))]);
  const settled = new Map<string, Settled>();
  for (const report of reports) {
    const row = rows.get(report.id);
    const status = row === undefined ? undefined : transitions[row.status][report.fact];
    // Another server's clock may be behind.
    if (row !== undefined && status !== undefined && !settled.has(row.id))
      settled.set(row.id, { row, status, report, atMs: Math.max(report.atMs, row.sent_at?.getTime() ?? 0) });
  }
  const all = [...settled.values()];
  if (all.length === 0) return [];
  await learn(
    tx,
    all.map(({ row, status, report, atMs }) => ({
      id: row.id,
      status,
      error: report.bounce?.diagnostic ?? null,
      sentAt: status === 'not_found' ? null : new Date(atMs),
    })),
  );
  await insertHistory(
    tx,
    all.map(({ row, report, atMs }) => ({
      messageId: row.id,
      id: ids.next(),
      organizationId,
      kind: report.fact,
      detail: {
        source: report.source,
        reason: report.bounce?.reason ?? null,
        bounce_type: report.bounce?.type ?? null,
        cause: report.bounce?.cause ?? null,
        answer: report.bounce?.diagnostic ?? null,
      },
      at: new Date(atMs),
    })),
  );
  const bounced = all.flatMap(({ row, report }) => (report.bounce?.type === 'hard' ? [row] : []));
  await suppressEach(suppressions, tx, bounced, 'hard_bounce');
  const events = (await Promise.all(all.map((each) => eventsOf(vault, tx, each)))).flat();
  const full = all.filter(({ report }) => report.bounce?.cause === 'mailboxfull').map(({ report }) => report);
  if (full.length > 0) await markFull(tx, full);
  count(tx, all.flatMap(countsOfReport));
  await sources.tell(
    tx,
    all.map(({ row, status, report }) => changeOfReport(row, status, report)),
  );
  await emitAll(tx, events);
  return [...settled.keys()];
}

/**
 * Locks messages that reports are about, and before them the mailboxes of those whose fate is not known: their leads go on. Call it after
 * the suppressions were locked, if any of the reports suppresses, and before other records are.
 */
async function lockReported(
  { wake }: Pick<ReportsOptions, 'wake'>,
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Settled['row']>> {
  const unknown = await unknownOf(tx, organization, ids);
  await wake(tx, unknown);
  return new Map((await lockMessages(tx, organization, ids)).map((row) => [row.id, row]));
}

/**
 * Locks messages that a transaction settles, and the waiting messages of leads that it stops, for one that does both; before them the mailboxes,
 * as `lockReported`. Lock suppressions before.
 */
export async function lockFor(
  { wake }: Pick<ReportsOptions, 'wake'>,
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  leadIds: readonly string[],
): Promise<void> {
  if (ids.length + leadIds.length === 0) return;
  await wake(tx, await unknownOf(tx, organization, ids));
  await lockConcerned(tx, organization, ids, leadIds);
}

/** A server still tries to deliver a message. It changes only the history. */
export interface Delay extends Pick<Report, 'organizationId' | 'id' | 'source' | 'atMs'> {
  /** Enhanced status code (RFC 3463). */
  readonly status: string | null;
  /** What the server answered. */
  readonly answer: string | null;
}

export async function recordDelays(
  { ids }: Pick<ReportsOptions, 'ids'>,
  tx: Transaction,
  delays: readonly Delay[],
): Promise<void> {
  if (delays.length === 0) return;
  await insertDelays(
    tx,
    delays.map(({ organizationId, id, source, status, answer, atMs }) => ({
      messageId: id,
      id: ids.next(),
      organizationId,
      detail: { source, status, answer },
      at: new Date(atMs),
    })),
  );
}

/** A message that a report changes. */
interface Settled {
  readonly row: MessageRow & { readonly status: Status; readonly sent_at: Date | null };
  /** After it. */
  readonly status: Status;
  readonly report: Report;
  readonly atMs: number;
}

async function eventsOf(
  vault: Vault,
  tx: Transaction,
  { row, status, report: { fact, bounce, isAnnounced = false }, atMs }: Settled,
): Promise<NewEvent[]> {
  const isNews = !isSent(row.status);
  if (isSilent(row)) return [];
  if (status === 'not_found' || (isAnnounced && !isNews)) return [];
  const { subject } = await openContent(vault, tx, row);
  const events: NewEvent[] = [];
  if (isNews && !(isAnnounced && fact === 'found')) events.push(emailEvent('email.sent', row, subject, atMs));
  if (isAnnounced) return events;
  if (isNews && status !== 'bounced') events.push(emailEvent('email.delivered', row, subject, atMs));
  if (status === 'bounced')
    events.push(
      emailEvent('email.bounced', row, subject, atMs, {
        bounce_type: bounce?.type ?? null,
        reason: bounce?.reason ?? null,
        cause: bounce?.cause ?? null,
        diagnostic: bounce?.diagnostic ?? null,
      }),
    );
  return events;
}

/** What a report adds to the counts of the mailbox, for the day on which the message was sent. */
function countsOfReport({ row, status, report: { bounce }, atMs }: Settled): DayDelta[] {
  const isNew = isSent(status) && !isSent(row.status);
  const isBounce = status === 'bounced' && row.status !== 'bounced';
  if (!isNew && !isBounce) return [];
  const isSoft = bounce?.type === 'soft' && bounce.reason !== 'block';
  return [
    {
      mailboxId: row.mailbox_id,
      organizationId: row.organization_id,
      day: dayOf(row.sent_at?.getTime() ?? atMs),
      ...(isNew ? { sent: 1, ...(row.purpose === 'warmup' ? { warmup_sent: 1 } : {}) } : {}),
      ...(isBounce ? { [isSoft ? 'bounced_soft' : 'bounced']: 1 } : {}),
    },
  ];
}

const changeOfReport = (
  row: MessageRow & { readonly status: Status },
  status: Status,
  { fact, bounce, atMs }: Report,
): Change =>
  changeOf(row, {
    fact,
    before: row.status,
    status,
    reason: bounce?.reason ?? null,
    error: bounce?.diagnostic ?? null,
    atMs,
    ...(bounce === undefined ? {} : { bounce: { type: bounce.reason === 'block' ? 'block' : bounce.type } }),
  });
