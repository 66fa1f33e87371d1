import type { Clock } from '../base/clock.ts';
import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import type { Logger } from '../base/log.ts';

/** Past this offset `/readyz` answers 503: ids, retries and signatures carry a time that other machines do not share. */
export const readyOffsetMaxMs = 5_000;
/** Past this offset nothing is deleted by its age. */
export const deletionOffsetMaxMs = 60_000;

/** The database's clock in Unix milliseconds: the one clock that all processes share. */
export const databaseTime = (db: Queryable) => async (): Promise<number> =>
  (await db.query(sql<{ now: number }>`SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now`))[0]?.now ??
  Number.NaN;

/** How far this process's clock is from the database's. */
export interface ClockOffset {
  /** This process's clock minus the database's in milliseconds, as last measured; 0 before the first measurement. */
  readonly offsetMs: number;
  /** Whether the clocks are close enough to take work. */
  readonly isReady: boolean;
  /** Measures the offset and logs when it crosses what `/readyz` accepts. @returns the database's time in Unix milliseconds. */
  measure(): Promise<number>;
  /** The database's time, by which old data is deleted; undefined, with a log entry, while the clocks differ by more than a minute. */
  timeForDeletion(): Promise<number | undefined>;
}

export function createClockOffset({
  clock,
  databaseNow,
  log,
}: {
  clock: Pick<Clock, 'now'>;
  databaseNow: () => Promise<number>;
  log: Pick<Logger, 'error' | 'warn'>;
}): ClockOffset {
  let offsetMs = 0;

  async function measure(): Promise<number> {
    const wasReady = isReady();
    const beforeMs = clock.now();
    const databaseMs = await databaseNow();
    offsetMs = offsetOf(beforeMs, databaseMs, clock.now());
    if (wasReady && !isReady())
      log.error({ offset_ms: offsetMs }, 'the clock differs from the database clock; synchronize both with NTP');
    if (!wasReady && isReady()) log.warn({ offset_ms: offsetMs }, 'the clock agrees with the database clock again');
    return databaseMs;
  }

  const isReady = (): boolean => Math.abs(offsetMs) <= readyOffsetMaxMs;

  return {
    get offsetMs() {
      return offsetMs;
    },
    get isReady() {
      return isReady();
    },
    measure,
    async timeForDeletion() {
      const databaseMs = await measure();
      if (Math.abs(offsetMs) <= deletionOffsetMaxMs) return databaseMs;
      log.error(
        { offset_ms: offsetMs },
        'retention skipped: the clock and the database clock differ by more than a minute, so one of them is wrong',
      );
      return undefined;
    },
  };
}

/**
 * The least offset that explains a reading between two of our own: a slow answer is not taken for a wrong clock.
 *
 * @example offsetOf(1_000, 1_200, 1_500) // 0: the database was read somewhere in between
 */
export function offsetOf(beforeMs: number, databaseMs: number, afterMs: number): number {
  if (databaseMs < beforeMs) return beforeMs - databaseMs;
  return databaseMs > afterMs ? afterMs - databaseMs : 0;
}
