import type { Clock } from '../base/clock.ts';
import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { sleep } from '../base/sleep.ts';

/** What one request may do, and what the rate-limit headers say of it. */
export interface Decision {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Unix seconds at which the window ends and the quota is whole again. */
  readonly resetAt: number;
  readonly windowMs: number;
}

/**
 * A quota over fixed windows of the clock that many processes give out together. Each takes a share of the window's quota from the
 * table with one atomic statement and spends it from memory; the next share is fetched when half is spent. So a request costs no round
 * trip while shares last, the sum over processes never passes the limit, and a single process gives out exactly the limit.
 *
 * While the database is away nobody waits for it: every process gives out its fair part of the quota (limit ÷ processes) by itself and
 * settles up when it is back. Until then the sum may pass the limit by what others had taken before.
 */
export interface RateLimiter {
  /**
   * Counts one request of `subject` against `limit` a window of `windowMs` (at most an hour; it divides the time since 1970 evenly).
   * Answers at once while the share lasts. An infinite limit is never counted. Never throws, never rejects.
   */
  take(subject: string, limit: number, windowMs: number): Decision | Promise<Decision>;
  /** Forgets windows that are over, in memory and in the table, once a minute. */
  run(signal: AbortSignal): Promise<void>;
}

export const minuteMs = 60_000;
/** What the headers say where there is no ceiling: the largest number that every client can read. */
const noCeiling = 2_147_483_647;
/** A share is at most this part of the limit: a process that dies takes no more with it. */
const sharesPerWindow = 20;
/** A reservation that takes longer counts as the database being away. */
const reserveTimeoutMs = 1_000;
const retryMs = 1_000;
const sweepMs = 60_000;
/** Longer than any window. */
const keptMs = 2 * 3_600_000;

export interface RateLimiterOptions {
  readonly db: Queryable;
  readonly clock: Clock;
  /** How many processes share each quota. */
  readonly processes: { readonly count: number };
}

/** This process's part in one subject's current window. */
interface Share {
  windowStart: number;
  /** Of which the rest is meant: another limit needs another look. */
  limit: number;
  /** Requests this process may still give out. */
  left: number;
  /** How many there were when the last share came: at half of it the next is fetched. */
  size: number;
  /** Taken by all processes together, as of the last look. */
  taken: number;
  exhausted: boolean;
  /** Given out by this process in this window. */
  given: number;
  /** Given out without the database, or given back (negative); it is told with the next reservation. */
  owed: number;
  askAgainAt: number;
  asking: Promise<void> | undefined;
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
        given: 0,
        owed: 0,
        askAgainAt: 0,
        asking: undefined,
      };
      shares.set(subject, share);
    } else if (share.limit !== limit) {
      share.limit = limit;
      share.exhausted = false;
      // What is beyond a share of this limit is given back with the next reservation; the rest stays, so that every asker gets on.
      const beyond = Math.max(0, share.left - Math.ceil(limit / sharesPerWindow));
      share.left -= beyond;
      share.taken -= beyond;
      share.owed -= beyond;
    }
    return share;
  }

  /** Fetches the next share; one question at a time, whoever waits. */
  function ask(share: Share, subject: string, windowMs: number): Promise<void> {
    return (share.asking ??= fetchShare(share, `${windowMs}/${subject}`).finally(() => {
      share.asking = undefined;
    }));
  }

  async function fetchShare(share: Share, key: string): Promise<void> {
    const { owed, limit } = share;
    const sizeMax = Math.ceil(limit / sharesPerWindow);
    const answer = await inTime(
      clock,
      reserveTimeoutMs,
      reserve(db, { key, windowStart: new Date(share.windowStart), limit, sizeMax, owed, processes: processes.count }),
    );
    if (answer === undefined) {
      share.askAgainAt = clock.now() + retryMs;
      return;
    }
    share.owed -= owed;
    share.taken = answer.taken;
    share.exhausted = answer.granted === 0;
    share.left += answer.granted;
    share.size = share.left;
  }

  /** The database is away: this process's fair part of the quota, a share at a time. */
  function lend(share: Share): void {
    const fair = Math.floor(share.limit / processes.count) - share.given;
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
    share.given += 1;
    if (
      share.left * 2 < share.size &&
      !share.exhausted &&
      share.asking === undefined &&
      share.askAgainAt <= clock.now()
    )
      void ask(share, subject, windowMs);
    return decide(share, windowMs, true);
  }

  async function waitForShare(subject: string, limit: number, windowMs: number): Promise<Decision> {
    for (;;) {
      const now = clock.now();
      const share = shareOf(subject, limit, windowMs, now - (now % windowMs));
      if (share.left > 0) return spend(share, subject, windowMs);
      if (share.exhausted) return decide(share, windowMs, false);
      if (share.askAgainAt > now) {
        lend(share);
        if (share.left === 0) return decide(share, windowMs, false);
        continue;
      }
      await ask(share, subject, windowMs);
    }
  }

  async function sweep(): Promise<void> {
    const now = clock.now();
    for (const [windowMs, shares] of windows) {
      for (const [subject, share] of shares) if (share.windowStart + windowMs <= now) shares.delete(subject);
    }
    // Away databases keep their rows a minute longer.
    await removeWindows(db, new Date(now - keptMs)).catch(() => {});
  }

  return {
    take(subject, limit, windowMs) {
      const now = clock.now();
      const windowStart = now - (now % windowMs);
      if (limit === Infinity)
        return {
          allowed: true,
          limit: noCeiling,
          remaining: noCeiling,
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

/** The value, or undefined when it fails or takes longer. */
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
 * Takes the next share of a window: at most `sizeMax`, and at most half of this process's part of what remains, so that the last of the
 * quota is not all with one process while others refuse. FOR UPDATE makes processes take turns at the row.
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
    // Another process made the row between this statement's snapshot and its insert; now it is there to be updated.
  }
}

const removeWindows = (db: Queryable, before: Date): Promise<number> =>
  db.execute(sql`DELETE FROM rate_limit_windows WHERE window_start < ${before}`);
