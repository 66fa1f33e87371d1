import { hourMs, minuteMs, type Clock } from '../base/clock.ts';
import { ApiError } from '../base/errors.ts';
import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { sleep } from '../base/sleep.ts';

/** Whether a request is allowed, and the values of its rate-limit headers. */
export interface Decision {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Unix seconds at which the window ends and the quota resets. */
  readonly resetAt: number;
  readonly windowMs: number;
}

/**
 * Quotas over fixed windows of the clock, shared by many processes. Each process reserves a share of the window's quota in the table with
 * one atomic statement and spends it from memory; it reserves the next share when half is spent. So a request costs no round trip while
 * shares last, the sum over processes never exceeds the limit, and a single process grants exactly the limit.
 *
 * While the database is unavailable nobody waits for it: every process grants its fair part of the quota (limit ÷ processes) and records
 * it later. Meanwhile the sum may exceed the limit by what others had reserved before.
 */
export interface RateLimiter {
  /**
   * Counts one request of `subject` against `limit` per window of `windowMs` (at most an hour; windows start at multiples of `windowMs`
   * since 1970). Returns synchronously while the share lasts. An infinite limit is not counted. Never throws, never rejects.
   */
  take(subject: string, limit: number, windowMs: number): Decision | Promise<Decision>;
  /** Deletes past windows, from memory and from the table, once a minute. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Counts one request of a costly call against a limit per minute, beside the quota of the key.
 * @param says the limit as a sentence
 * @throws ApiError `rate_limit`
 * @example
 * await chargeMinute(options, `tracking ${principal.keyId}`, 20, 'A key may verify 20 tracking domains a minute.');
 */
export async function chargeMinute(
  { rateLimiter, clock }: { readonly rateLimiter: Pick<RateLimiter, 'take'>; readonly clock: Pick<Clock, 'now'> },
  subject: string,
  limit: number,
  says: string,
): Promise<void> {
  const { allowed, resetAt } = await rateLimiter.take(subject, limit, minuteMs);
  if (allowed) return;
  const retryAfterSeconds = Math.max(1, Math.ceil(resetAt - clock.now() / 1_000));
  throw new ApiError('rate_limit', `${says} Try again in ${retryAfterSeconds} s.`, { retryAfterSeconds });
}

/** The headers' value for an unlimited quota: the largest number that every client can read. */
const unlimited = 2_147_483_647;
/** A share is at most this part of the limit, which bounds what a process loses when it dies. */
const sharesPerWindow = 20;
/** Past this time for a reservation the database counts as unavailable. */
const reserveTimeoutMs = 1_000;
const retryMs = 1_000;
const sweepMs = 60_000;
/** Longer than any window. */
const keptMs = 2 * hourMs;

export interface RateLimiterOptions {
  readonly db: Queryable;
  readonly clock: Clock;
  /** How many processes share each quota. */
  readonly processes: () => number;
}

/** This process's part of one subject's current window. */
interface Share {
  windowStart: number;
  /** The limit that the other numbers refer to. */
  limit: number;
  /** Requests this process may still grant. */
  left: number;
  /** `left` when the last share arrived: at half of it the next share is reserved. */
  size: number;
  /** Reserved by all processes, as of the last reservation. */
  taken: number;
  exhausted: boolean;
  /** Granted by this process in this window. */
  granted: number;
  /** Granted without the database, or returned (negative); recorded with the next reservation. */
  owed: number;
  /** Unix milliseconds before which the unavailable database is not tried again. */
  retryAt: number;
  reserving: Promise<void> | undefined;
}

export function createRateLimiter({ db, clock, processes }: RateLimiterOptions): RateLimiter {
  const windows = new Map<number, Map<string, Share>>();

  function shareOf(subject: string, limit: number, windowMs: number, windowStart: number): Share {
    let shares = windows.get(windowMs);
    if (shares === undefined) windows.set(windowMs, (shares = new Map<string, Share>()));
    let share = shares.get(subject);
    if (share === undefined || share.windowStart !== windowStart) {
      share = {
        windowStart,
        limit,
        left: 0,
        size: 0,
        taken: 0,
        exhausted: false,
        granted: 0,
        owed: 0,
        retryAt: 0,
        reserving: undefined,
      };
      shares.set(subject, share);
    } else if (share.limit !== limit) {
      share.limit = limit;
      share.exhausted = false;
      // Anything beyond a share of this limit is returned with the next reservation; the rest stays, so that every caller proceeds.
      const beyond = Math.max(0, share.left - Math.ceil(limit / sharesPerWindow));
      share.left -= beyond;
      share.taken -= beyond;
      share.owed -= beyond;
    }
    return share;
  }

  /** Reserves the next share; concurrent calls share one reservation. */
  function reserveNext(share: Share, subject: string, windowMs: number): Promise<void> {
    return (share.reserving ??= fetchShare(share, `${windowMs}/${subject}`).finally(() => {
      share.reserving = undefined;
    }));
  }

  async function fetchShare(share: Share, key: string): Promise<void> {
    const { owed, limit } = share;
    const sizeMax = Math.ceil(limit / sharesPerWindow);
    const reserved = await inTime(
      clock,
      reserveTimeoutMs,
      reserve(db, { key, windowStart: new Date(share.windowStart), limit, sizeMax, owed, processes: processes() }),
    );
    if (reserved === undefined) {
      share.retryAt = clock.now() + retryMs;
      return;
    }
    share.owed -= owed;
    share.taken = reserved.taken;
    share.exhausted = reserved.granted === 0;
    share.left += reserved.granted;
    share.size = share.left;
  }

  /** While the database is unavailable: grants this process's fair part of the quota, a share at a time. */
  function lend(share: Share): void {
    const fair = Math.floor(share.limit / processes()) - share.granted;
    const lent = Math.max(0, Math.min(Math.ceil(share.limit / sharesPerWindow), fair));
    share.left = lent;
    share.size = lent;
    share.taken += lent;
    share.owed += lent;
  }

  const decide = (share: Share, windowMs: number, allowed: boolean): Decision => ({
    allowed,
    limit: share.limit,
    remaining: allowed ? Math.max(0, share.limit - share.taken + share.left) : 0,
    resetAt: Math.ceil((share.windowStart + windowMs) / 1_000),
    windowMs,
  });

  function spend(share: Share, subject: string, windowMs: number): Decision {
    share.left -= 1;
    share.granted += 1;
    if (
      share.left * 2 < share.size &&
      !share.exhausted &&
      share.reserving === undefined &&
      share.retryAt <= clock.now()
    )
      void reserveNext(share, subject, windowMs);
    return decide(share, windowMs, true);
  }

  async function waitForShare(subject: string, limit: number, windowMs: number): Promise<Decision> {
    for (;;) {
      const now = clock.now();
      const share = shareOf(subject, limit, windowMs, now - (now % windowMs));
      if (share.left > 0) return spend(share, subject, windowMs);
      if (share.exhausted) return decide(share, windowMs, false);
      if (share.retryAt > now) {
        lend(share);
        if (share.left === 0) return decide(share, windowMs, false);
        continue;
      }
      await reserveNext(share, subject, windowMs);
    }
  }

  async function sweep(): Promise<void> {
    const now = clock.now();
    for (const [windowMs, shares] of windows) {
      for (const [subject, share] of shares) if (share.windowStart + windowMs <= now) shares.delete(subject);
    }
    // An unavailable database keeps its rows until the next sweep.
    await removeWindows(db, new Date(now - keptMs)).catch(() => {});
  }

  return {
    take(subject, limit, windowMs) {
      const now = clock.now();
      const windowStart = now - (now % windowMs);
      if (limit === Infinity)
        return {
          allowed: true,
          limit: unlimited,
          remaining: unlimited,
          resetAt: Math.ceil((windowStart + windowMs) / 1_000),
          windowMs,
        };
      const share = shareOf(subject, limit, windowMs, windowStart);
      if (share.left > 0) return spend(share, subject, windowMs);
      if (share.exhausted) return decide(share, windowMs, false);
      return waitForShare(subject, limit, windowMs);
    },
    async run(signal) {
      while (!signal.aborted) {
        await sleep(clock, sweepMs, signal);
        if (!signal.aborted) await sweep();
      }
    },
  };
}

/** Resolves to undefined when the promise rejects or takes longer than `ms`. */
async function inTime<T>(clock: Clock, ms: number, value: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = clock.setTimer(() => resolve(undefined), ms);
  const settled = await Promise.race([value.catch(() => undefined), late]);
  clock.clearTimer(timer);
  return settled;
}

interface Reservation {
  readonly key: string;
  readonly windowStart: Date;
  readonly limit: number;
  readonly sizeMax: number;
  readonly owed: number;
  readonly processes: number;
}

/**
 * Reserves the next share of a window: at most `sizeMax`, and at most half of this process's part of what remains, so that one process does
 * not hold the end of the quota while others refuse. FOR UPDATE serializes the processes.
 */
async function reserve(
  db: Queryable,
  { key, windowStart, limit, sizeMax, owed, processes }: Reservation,
): Promise<{ taken: number; granted: number }> {
  for (;;) {
    const [row] = await db.query(sql<{ taken: number; granted: number }>`
      WITH old AS (
        SELECT taken FROM rate_limit_windows WHERE subject = ${key} AND window_start = ${windowStart} FOR UPDATE
      ), before AS (
        SELECT coalesce((SELECT taken FROM old), 0) + ${owed}::int AS taken
      ), share AS (
        SELECT taken, greatest(0, least(${limit}::int - taken, ${sizeMax}::int, greatest(1, ceil((${limit}::int - taken) / (2.0 * ${processes}::int))::int))) AS granted FROM before
      ), next AS (
        UPDATE rate_limit_windows w SET taken = s.taken + s.granted FROM share s
        WHERE w.subject = ${key} AND w.window_start = ${windowStart} RETURNING w.taken, s.granted
      ), first AS (
        INSERT INTO rate_limit_windows (subject, window_start, taken) SELECT ${key}, ${windowStart}, taken + granted FROM share WHERE NOT EXISTS (SELECT FROM old)
        ON CONFLICT DO NOTHING RETURNING taken, taken - ${owed}::int AS granted
      )
      SELECT taken, granted FROM next UNION ALL SELECT taken, granted FROM first`);
    if (row !== undefined) return row;
    // Another process inserted the row between this statement's snapshot and its insert; the next try updates it.
  }
}

const removeWindows = (db: Queryable, before: Date): Promise<number> =>
  db.execute(sql`DELETE FROM rate_limit_windows WHERE window_start < ${before}`);
