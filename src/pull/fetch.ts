import { createBell } from '../bell.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../db/pool.ts';
import { headersOf, signedAttempt } from '../delivery/attempt.ts';
import type { Endpoint } from '../delivery/endpoint.ts';
import type { Engine } from '../delivery/engine.ts';
import type { Item } from '../delivery/lane.ts';
import { claim, giveBack } from '../delivery/queries.ts';
import { fetchedAtMs, itemOf, leaseMs } from './item.ts';
import { claimHead, nextDue } from './queries.ts';

/** Rows may be due and yet be locked, by a claim that is about to commit or whose process is about to end. */
const lockedPauseMs = 1_000;

export interface FetchOptions {
  readonly db: Database;
  readonly engine: Pick<Engine, 'onDue'>;
  readonly clock: Clock;
  /** Aborts when this process is about to end: those who wait are answered. */
  readonly stopping: AbortSignal;
}

/** One attempt, for the consumer to make. */
export interface Fetched {
  readonly item: Item;
  /** The event by its dialect's name. */
  readonly eventName: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Takes up to `max` deliveries that are due, under a lease; waits up to `waitMs` for the first.
 * @param signal aborts when the caller hangs up: what was claimed for him is given back.
 */
export async function fetchDue(
  { db, engine, clock, stopping }: FetchOptions,
  endpoint: Endpoint,
  max: number,
  waitMs: number,
  signal: AbortSignal,
): Promise<Fetched[]> {
  const bell = createBell(clock);
  const endMs = clock.now() + waitMs;
  // Before the first look, so that nothing falls between the look and the wait.
  const unsubscribe = engine.onDue((endpoints) => {
    if (endpoints === undefined || endpoints.includes(endpoint.id)) bell.ring();
  });
  signal.addEventListener('abort', bell.ring);
  stopping.addEventListener('abort', bell.ring);
  try {
    for (;;) {
      const now = clock.now();
      const rows = endpoint.fifo ? await claimHead(db, endpoint.id, now + leaseMs, now) : await claim(db, [endpoint.id], [max], [now + leaseMs], now);
      if (rows.length > 0 && signal.aborted) {
        const ids = rows.map((row) => row.id);
        await giveBack(
          db,
          ids.map(() => endpoint.id),
          ids,
          now,
        );
        return [];
      }
      if (rows.length > 0) return rows.map((row) => attemptOf(endpoint, itemOf(row), now));
      if (now >= endMs || signal.aborted || stopping.aborted) return [];
      const dueMs = (await nextDue(db, endpoint.id, endpoint.fifo)) ?? Infinity;
      await bell.rest(Math.min(endMs, Math.max(dueMs, now + lockedPauseMs)) - clock.now());
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', bell.ring);
    stopping.removeEventListener('abort', bell.ring);
  }
}

function attemptOf(endpoint: Endpoint, item: Item, nowMs: number): Fetched {
  const attempt = signedAttempt(endpoint, item, fetchedAtMs(item, nowMs));
  const { type } = item.event;
  return { item, eventName: endpoint.wire.eventName(type) ?? type, headers: headersOf(endpoint, attempt), body: attempt.body.toString() };
}
