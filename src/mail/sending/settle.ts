import { unreachable } from '../../base/errors.ts';
import type { Ids } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import { dayMs } from '../../base/clock.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import { localDay } from './calendar.ts';
import { countSince } from './claim-queries.ts';
import type { MessageRow } from './claim-queries.ts';
import { emailEvent } from './content.ts';
import type { StoredContent } from './content.ts';
import { notBegun, windowRestMs } from './outcomes.ts';
import type { Outcome } from './outcomes.ts';
import {
  deleteLastReservations,
  deleteReservations,
  forgottenOf,
  insertHistory,
  reduceLimit,
  saveRests,
  settleMessages,
} from './settle-queries.ts';
import { transitions } from './state.ts';

export type NewEvent = Parameters<EmitAll>[1][number];

/** A message that was begun: it is `sending`, and this process has its bytes. */
export interface InFlight {
  readonly message: MessageRow;
  readonly content: StoredContent;
  readonly mailbox: MailboxState;
  readonly raw: Buffer;
  /** The number of the attempt. */
  readonly attempt: number;
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
  /** Unix milliseconds. */
  readonly atMs: number;
  readonly durationMs: number;
}

/** Whether it may have been sent, so that it counts against the limits. */
const counts = ({ fact }: Outcome): boolean => fact === 'accepted' || fact === 'lost';

/**
 * Writes outcomes with their history, gives reservations back and starts rests.
 * @returns the events to emit, in order, and the attempts whose outcome was written
 */
export async function settle(
  { ids }: { readonly ids: Ids },
  tx: Transaction,
  finished: readonly Finished[],
): Promise<{ readonly events: NewEvent[]; readonly settled: readonly Finished[] }> {
  if (finished.length === 0) return { events: [], settled: [] };
  const written = await settleMessages(tx, finished.map(rowOf));
  const settled = finished.filter(({ flight }) => written.has(flight.message.id));
  if (settled.length === 0) return { events: [], settled };
  await insertHistory(
    tx,
    settled.map((one) => ({
      messageId: one.flight.message.id,
      id: ids.next(),
      organizationId: one.flight.message.organization_id,
      kind: one.outcome.fact,
      detail: detailOf(one),
    })),
    new Date(Math.max(...settled.map(({ atMs }) => atMs))),
  );
  const returned = settled.filter(({ outcome }) => !counts(outcome));
  if (returned.length > 0)
    await deleteReservations(
      tx,
      returned.map(({ flight }) => ({ id: flight.message.id, at: flight.reservedAt })),
    );
  await startRests(tx, settled);
  return { events: settled.flatMap(eventsOf), settled };
}

function rowOf({ flight: { message, attempt }, outcome, atMs }: Finished) {
  const { fact, error, reason, dueMs, messageId } = outcome;
  const status = transitions.sending[fact];
  if (status === undefined) throw unreachable(`no status after ${fact}`);
  const isWaiting = fact === 'deferred' || fact === 'returned';
  return {
    id: message.id,
    attempt,
    status,
    error,
    dueAt: isWaiting ? (dueMs === undefined ? (message.due_at ?? new Date(atMs)) : new Date(dueMs)) : null,
    blockedReason: isWaiting ? reason : null,
    deferrals: message.deferrals + (fact === 'deferred' ? 1 : 0),
    sentAt: fact === 'accepted' ? new Date(atMs) : null,
    reconcileAt: fact === 'lost' && dueMs !== undefined ? new Date(dueMs) : null,
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
    duration_ms: Math.round(durationMs),
    until: dueMs === undefined || outcome.fact === 'lost' ? null : new Date(dueMs).toISOString(),
    ...(rest === undefined || rest.untilMs === 'window' ? {} : { until: new Date(rest.untilMs).toISOString() }),
  };
}

/** `email.delivered` says that the recipient's side has it, as far as a submission server reports. */
function eventsOf({ flight: { message, content }, outcome, atMs }: Finished): NewEvent[] {
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
  const [first] = resting;
  if (first === undefined) return;
  const now = first.atMs;
  await saveRests(
    tx,
    resting.map(({ flight, rest: { untilMs, limit } }) => ({
      mailboxId: flight.mailbox.id,
      until: untilMs === 'window' ? null : new Date(untilMs),
      limit,
    })),
    { now: new Date(now), dayAgo: new Date(now - windowRestMs.most), least: new Date(now + windowRestMs.least) },
  );
  for (const { flight, rest } of resting) {
    if (!rest.halves) continue;
    const { id, daily_limit: limit, timezone } = flight.mailbox;
    const used = await countSince(tx, id, new Date(now - dayMs));
    const { endMs } = localDay(now, timezone);
    await reduceLimit(tx, id, used + Math.max(1, Math.floor((limit - used) / 2)), new Date(endMs));
  }
}

/** After a transaction of which it is not known whether it was stored: what it may have begun was not given to any server. */
export async function returnForgotten(
  tx: Transaction,
  holder: string,
  finished: readonly Finished[],
  mailboxes: readonly MailboxState['id'][],
  nowMs: number,
): Promise<void> {
  const known = finished.map(({ flight }) => ({ id: flight.message.id, attempt: flight.attempt }));
  const forgotten = await forgottenOf(tx, holder, mailboxes, known);
  if (forgotten.length === 0) return;
  const now = new Date(nowMs);
  const written = await settleMessages(
    tx,
    forgotten.map(({ id, attempts, deferrals }) => ({
      id,
      attempt: attempts,
      status: transitions.sending[notBegun.fact] ?? 'claimed',
      error: null,
      dueAt: now,
      blockedReason: null,
      deferrals,
      sentAt: null,
      reconcileAt: null,
      deliveredMessageId: null,
    })),
  );
  await deleteLastReservations(tx, [...written]);
}
