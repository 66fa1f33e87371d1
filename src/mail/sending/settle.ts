import { unreachable } from '../../base/errors.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import { dayMs, dayOf } from '../../base/clock.ts';
import { count } from '../health/index.ts';
import type { Counter, DayDelta } from '../health/index.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import { localDay } from './calendar.ts';
import { countSince } from './claim-queries.ts';
import type { MessageRow } from './claim-queries.ts';
import { markFull } from './full-mailboxes.ts';
import { emailEvent, isSilent } from './content.ts';
import type { StoredContent } from './content.ts';
import { notBegun, windowRestMs } from './outcomes.ts';
import type { Outcome } from './outcomes.ts';
import {
  deleteLastReservations,
  deleteReservations,
  forgottenOf,
  insertHistory,
  lockStatuses,
  reduceLimit,
  saveRests,
  settleMessages,
} from './settle-queries.ts';
import { changeOf } from './sources.ts';
import type { Change, Sources } from './sources.ts';
import { transitions } from './state.ts';
import type { Status } from './state.ts';

export type NewEvent = Parameters<EmitAll>[1][number];

/** A message that was begun: it is `sending`, and this process has its bytes. */
export interface InFlight {
  readonly message: MessageRow;
  readonly content: StoredContent;
  readonly mailbox: MailboxState;
  readonly raw: Buffer;
  /** The number of the attempt. */
  readonly attempt: number;
  /** How far the organization's clock is ahead, in milliseconds: it does not move while a message is in flight. */
  readonly aheadMs: number;
  /** The holder that began it. */
  readonly holder: string;
  readonly reservedAt: Date;
  /** How long it waited after it was due, in milliseconds. */
  readonly lateMs: number;
}

/** An attempt that has ended. */
export interface Finished {
  readonly flight: InFlight;
  readonly outcome: Outcome;
  /** Unix milliseconds of the organization's clock. */
  readonly atMs: number;
  readonly durationMs: number;
}

/** Whether it may have been sent, so that it counts against the limits. */
const counts = ({ fact }: Outcome): boolean => fact === 'accepted' || fact === 'lost';

export interface SettleOptions {
  readonly ids: Ids;
  readonly sources: Pick<Sources, 'of'>;
}

/**
 * Writes outcomes with their history, gives reservations back and starts rests.
 * @returns the events to emit, in order, the attempts whose outcome was written, and what changed in messages of sources
 */
export async function settle(
  { ids, sources }: SettleOptions,
  tx: Transaction,
  finished: readonly Finished[],
): Promise<{ readonly events: NewEvent[]; readonly settled: readonly Finished[]; readonly changes: Change[] }> {
  if (finished.length === 0) return { events: [], settled: [], changes: [] };
  const sourced = finished.filter(({ flight }) => sources.of(flight.message.purpose) !== undefined);
  const before =
    sourced.length === 0
      ? new Map<string, Status>()
      : await lockStatuses(
          tx,
          sourced.map(({ flight }) => flight.message.id),
        );
  const written = await settleMessages(tx, finished.map(rowOf));
  const settled = finished.filter(({ flight }) => written.has(flight.message.id));
  if (settled.length === 0) return { events: [], settled, changes: [] };
  await insertHistory(
    tx,
    settled.map((one) => ({
      messageId: one.flight.message.id,
      id: ids.next(),
      organizationId: one.flight.message.organization_id,
      kind: one.outcome.fact,
      detail: detailOf(one),
      at: new Date(one.atMs),
    })),
  );
  const returned = settled.filter(({ outcome }) => !counts(outcome));
  if (returned.length > 0)
    await deleteReservations(
      tx,
      returned.map(({ flight }) => ({ id: flight.message.id, at: flight.reservedAt })),
    );
  const full = settled.filter(({ outcome }) => outcome.reason === 'mailbox_full' && outcome.fact === 'bounced');
  if (full.length > 0)
    await markFull(
      tx,
      full.map(({ flight, atMs }) => ({ id: flight.message.id, atMs })),
    );
  await startRests(tx, settled);
  count(tx, settled.flatMap(countsOfOutcome));
  const changes = settled.flatMap((one) => {
    const status = before.get(one.flight.message.id);
    return status === undefined ? [] : [changeOfOutcome(one, status)];
  });
  return { events: settled.flatMap(eventsOf), settled, changes };
}

function changeOfOutcome({ flight: { message }, outcome, atMs }: Finished, before: Status): Change {
  const { fact, reason, error, dueMs } = outcome;
  const bounce = outcome.bounce ?? (reason === 'block' ? 'block' : undefined);
  return changeOf(message, {
    fact,
    before,
    status: statusAfter(fact),
    reason,
    error,
    atMs,
    ...(fact === 'deferred' && dueMs !== undefined ? { untilMs: dueMs } : {}),
    ...(bounce === undefined ? {} : { bounce: { type: bounce } }),
  });
}

/** What an attempt adds to the counts of its mailbox. A refusal of the recipient's server is final, too: it counts as a message that arrived nowhere. */
function countsOfOutcome({ flight: { message, mailbox }, outcome, atMs }: Finished): DayDelta[] {
  const { fact, reason } = outcome;
  const isBlock = fact === 'failed' && reason === 'block';
  const isSoft = fact === 'bounced' && outcome.bounce !== 'hard';
  const counts: Partial<Record<Counter, number>> = {
    ...(fact === 'accepted' ? { sent: 1, ...(message.purpose === 'warmup' ? { warmup_sent: 1 } : {}) } : {}),
    ...(fact === 'deferred' ? { deferred: 1 } : {}),
    ...(fact === 'bounced' || isBlock ? { refused: 1, [isSoft ? 'bounced_soft' : 'bounced']: 1 } : {}),
  };
  if (Object.keys(counts).length === 0) return [];
  return [{ mailboxId: mailbox.id, organizationId: message.organization_id, day: dayOf(atMs), ...counts }];
}

function statusAfter(fact: Outcome['fact']): Status {
  const status = transitions.sending[fact];
  if (status === undefined) throw unreachable(`no status after ${fact}`);
  return status;
}

function rowOf({ flight: { message, attempt, aheadMs }, outcome, atMs }: Finished) {
  const { fact, error, reason, dueMs, messageId } = outcome;
  const isWaiting = fact === 'deferred' || fact === 'returned';
  return {
    id: message.id,
    attempt,
    status: statusAfter(fact),
    error,
    dueAt: isWaiting ? (dueMs === undefined ? (message.due_at ?? new Date(atMs)) : new Date(dueMs)) : null,
    blockedReason: isWaiting ? reason : null,
    deferrals: message.deferrals + (fact === 'deferred' ? 1 : 0),
    sentAt: fact === 'accepted' ? new Date(atMs) : null,
    reconcileAt: fact === 'lost' && dueMs !== undefined ? new Date(dueMs - aheadMs) : null,
    deliveredMessageId: messageId ?? null,
  };
}

function detailOf({ flight, outcome, durationMs }: Finished) {
  const { answer, reason, dueMs, rest } = outcome;
  return {
    attempt: flight.attempt,
    reason,
    stage: answer?.stage ?? null,
    code: answer?.code ?? null,
    enhanced: answer?.enhanced ?? null,
    answer: answer?.text ?? null,
    cause: outcome.judgement ?? null,
    duration_ms: Math.round(durationMs),
    until: dueMs === undefined || outcome.fact === 'lost' ? null : new Date(dueMs).toISOString(),
    ...(rest === undefined || rest.untilMs === 'window' ? {} : { until: new Date(rest.untilMs).toISOString() }),
  };
}

/** `email.delivered` says that the recipient's side has it, as far as a submission server reports. */
function eventsOf({ flight: { message, content }, outcome, atMs }: Finished): NewEvent[] {
  if (isSilent(message)) return [];
  switch (outcome.fact) {
    case 'accepted':
      return [
        emailEvent('email.sent', message, content.subject, atMs),
        emailEvent('email.delivered', message, content.subject, atMs),
      ];
    case 'failed':
      return [emailEvent('email.failed', message, content.subject, atMs, { error: outcome.error })];
    case 'bounced':
      return [
        emailEvent('email.bounced', message, content.subject, atMs, {
          bounce_type: outcome.bounce ?? null,
          reason: outcome.reason,
          cause: outcome.judgement ?? null,
          diagnostic: outcome.error,
        }),
      ];
    case 'deferred':
    case 'returned':
    case 'lost':
      return [];
  }
}

async function startRests(tx: Transaction, settled: readonly Finished[]): Promise<void> {
  const resting = settled.flatMap(({ flight, outcome: { rest }, atMs }) =>
    rest === undefined ? [] : [{ flight, rest, atMs }],
  );
  if (resting.length === 0) return;
  await saveRests(
    tx,
    resting.map(({ flight, rest: { untilMs, limit }, atMs }) => ({
      mailboxId: flight.mailbox.id,
      until: untilMs === 'window' ? null : new Date(untilMs),
      limit,
      now: new Date(atMs),
      dayAgo: new Date(atMs - windowRestMs.most),
      least: new Date(atMs + windowRestMs.least),
    })),
  );
  for (const { flight, rest, atMs } of resting) {
    if (!rest.halves) continue;
    const { id, daily_limit: limit, timezone } = flight.mailbox;
    const used = await countSince(tx, id, new Date(atMs - dayMs));
    const { endMs } = localDay(atMs, timezone);
    await reduceLimit(tx, id, used + Math.max(1, Math.floor((limit - used) / 2)), new Date(endMs));
  }
}

/**
 * After a transaction of which it is not known whether it was stored: what it may have begun was not given to any server.
 * @returns what changed
 */
export async function returnForgotten(
  tx: Transaction,
  holder: string,
  finished: readonly Finished[],
  mailboxes: readonly MailboxState['id'][],
  nowOf: (organization: OrganizationId) => number,
): Promise<Change[]> {
  const known = finished.map(({ flight }) => ({ id: flight.message.id, attempt: flight.attempt }));
  const forgotten = await forgottenOf(tx, holder, mailboxes, known);
  if (forgotten.length === 0) return [];
  const { fact, reason, error } = notBegun;
  const written = await settleMessages(
    tx,
    forgotten.map(({ id, organization_id: organization, attempts, deferrals }) => ({
      id,
      attempt: attempts,
      status: statusAfter(fact),
      error,
      dueAt: new Date(nowOf(organization)),
      blockedReason: reason,
      deferrals,
      sentAt: null,
      reconcileAt: null,
      deliveredMessageId: null,
    })),
  );
  await deleteLastReservations(tx, [...written]);
  return forgotten
    .filter(({ id }) => written.has(id))
    .map((row) =>
      changeOf(row, {
        fact,
        before: 'sending',
        status: statusAfter(fact),
        reason,
        error,
        atMs: nowOf(row.organization_id),
      }),
    );
}
