import { createWakeSignal } from '../base/wake-signal.ts';
import { minuteMs, type Clock } from '../base/clock.ts';
import { isDatabaseAway } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { sleep } from '../base/sleep.ts';
import { answers } from './health.ts';
import type { Logger } from '../base/log.ts';

/** Collects every failure that comes from an unavailable database and turns them into a few log lines. */
export interface DatabaseWatch {
  /** Reports a failure of background work that is tried again. Logged immediately, unless the database is unavailable. */
  readonly failed: (error: unknown, during: string) => void;
  /** Logs when the database becomes unavailable and when it is back, and once a minute in between. */
  run(db: Queryable, signal: AbortSignal): Promise<void>;
}

const probeMs = 1_000;

export function createDatabaseWatch({ clock, log }: { clock: Clock; log: Logger }): DatabaseWatch {
  const wakeSignal = createWakeSignal(clock);
  let latest = { reason: '', during: '' };
  let brokeAtMs = -Infinity;

  /** Returns when the database answers again. */
  async function away(db: Queryable, signal: AbortSignal): Promise<void> {
    const beganMs = clock.now();
    let loggedMs = beganMs;
    log.error(latest, 'the database is unavailable: requests answer 503, deliveries wait');
    while (!signal.aborted) {
      await sleep(clock, probeMs, signal);
      if (signal.aborted) return;
      const now = clock.now();
      if (await answers(db)) {
        log.warn({ away_ms: now - beganMs }, 'the database is available again');
        return;
      }
      if (now - loggedMs < minuteMs) continue;
      loggedMs = now;
      log.warn({ ...latest, away_ms: now - beganMs }, 'the database is still unavailable');
    }
  }

  return {
    failed(error, during) {
      if (!isDatabaseAway(error)) return log.error({ err: error, during }, 'background work failed; it is retried');
      latest = { reason: reasonOf(error), during };
      wakeSignal.wake();
    },
    async run(db, signal) {
      signal.addEventListener('abort', wakeSignal.wake, { once: true });
      for (;;) {
        await wakeSignal.wait(minuteMs);
        if (signal.aborted) return;
        if (latest.reason === '') continue;
        if (!(await answers(db))) {
          await away(db, signal);
        } else if (clock.now() - brokeAtMs >= minuteMs) {
          brokeAtMs = clock.now();
          log.warn(latest, 'a database connection or statement failed; it is retried');
        }
        latest = { reason: '', during: '' };
      }
    },
  };
}

/** PostgreSQL's message, or the system's error code if there is none. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
