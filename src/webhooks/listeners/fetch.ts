import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../db/pool.ts';
import { headersOf, signedAttempt } from '../../delivery/attempt.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import type { Item } from '../../delivery/lane.ts';
import { claim as claimDue, consumer, giveBack } from '../../delivery/queue/queries.ts';
import type { ClaimedRow } from '../../delivery/queue/queries.ts';
import { fetchedAtMs, itemOf, leaseMs } from './item.ts';
import { claimHead, nextDue } from './queries.ts';
import type { Waiting } from './waiting.ts';

/** Due rows may be locked by another claim that is about to commit, or whose process is about to end. */
const lockedPauseMs = 1_000;
/** Limit on the payloads of one response. */
const bytesMax = 4 * 1024 * 1024;

export interface FetchOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly waiting: Waiting;
}

/** An attempt for the consumer to make. */
export interface Fetched {
  readonly item: Item;
  /** The event type's name in the listener's dialect. */
  readonly eventName: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Claims up to `max` due deliveries under a lease of 60 s; waits for the first until `untilMs`.
 * @param listenerNow returns the listener's current state; rejects once it is disabled or deleted.
 * @param signal aborts when the caller disconnects; claimed rows are then given back.
 */
export async function fetchDue(
  { db, clock, waiting }: FetchOptions,
  listenerNow: () => Promise<Endpoint>,
  max: number,
  untilMs: number,
  signal: AbortSignal,
): Promise<Fetched[]> {
  // Before the first claim, so that a wake-up between claim and wait is not missed.
  const wakeSignal = waiting.enter((await listenerNow()).id, signal);
  try {
    for (;;) {
      const endpoint = await listenerNow();
      const now = clock.now();
      const rows = await claim(db, endpoint, max, now);
      if (rows.length > 0 && signal.aborted) {
        const leased = rows.map(({ id }) => ({ endpointId: endpoint.id, id, leaseUntilMs: now + leaseMs }));
        await giveBack(db, leased, now);
        return [];
      }
      if (rows.length > 0) return rows.map((row) => attemptOf(endpoint, itemOf(row), now));
      if (now >= untilMs || signal.aborted || waiting.ended) return [];
      const dueMs = (await nextDue(db, endpoint.id, endpoint.fifo, now)) ?? Infinity;
      await wakeSignal.wait(Math.min(untilMs, dueMs > now ? dueMs : now + lockedPauseMs) - clock.now());
    }
  } finally {
    wakeSignal.leave();
  }
}

async function claim(db: Database, { id, fifo }: Endpoint, max: number, nowMs: number): Promise<readonly ClaimedRow[]> {
  const leaseUntilMs = nowMs + leaseMs;
  if (fifo) return claimHead(db, id, leaseUntilMs, nowMs);
  return (await claimDue(db, [{ endpointId: id, rows: max, bytes: bytesMax, leaseUntilMs }], consumer, nowMs)).rows;
}

function attemptOf(endpoint: Endpoint, item: Item, nowMs: number): Fetched {
  const attempt = signedAttempt(endpoint, item, fetchedAtMs(item, nowMs));
  const { type } = item.event;
  return {
    item,
    eventName: endpoint.wire.eventName(type) ?? type,
    headers: headersOf(endpoint, attempt),
    body: attempt.body.toString(),
  };
}
