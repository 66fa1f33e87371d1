import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { DatabaseClock } from '../db/database-clock.ts';
import type { Queryable } from '../db/pool.ts';

/** Past this offset `/readyz` answers 503: one of the two machines has a wrong clock. */
const readyOffsetMaxMs = 5_000;
/** Past this offset nothing is deleted by its age. */
const deletionOffsetMaxMs = 60_000;

/** How far this machine's clock is from the database's. */
export interface ClockOffset {
  /** This machine's clock minus the database's in milliseconds, as last measured; 0 before the first measurement. */
  readonly offsetMs: number;
  /** Whether the clocks are close enough to take work. */
  readonly isReady: boolean;
  /** Measures the offset; logs when it crosses what `/readyz` accepts. */
  measure(): Promise<void>;
  /** The database's time, by which old data is deleted; undefined, with a log entry, while the clocks differ by more than a minute. */
  timeForDeletion(): Promise<number | undefined>;
}

export function createClockOffset(options: {
  readonly db: Queryable;
  readonly databaseClock: Pick<DatabaseClock, 'now' | 'read'>;
  readonly systemClock: Pick<Clock, 'now'>;
  readonly log: Pick<Logger, 'error' | 'warn'>;
}): ClockOffset {
  const { db, databaseClock, systemClock, log } = options;
  let offsetMs = 0;

  async function measure(): Promise<void> {
    const wasReady = isReady();
    await databaseClock.read(db);
    offsetMs = systemClock.now() - databaseClock.now();
    if (wasReady && !isReady())
      log.error({ offset_ms: offsetMs }, 'the clock differs from the database clock; synchronize both with NTP');
    if (!wasReady && isReady()) log.warn({ offset_ms: offsetMs }, 'the clock agrees with the database clock again');
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
      await measure();
      if (Math.abs(offsetMs) <= deletionOffsetMaxMs) return databaseClock.now();
      log.error(
        { offset_ms: offsetMs },
        'retention skipped: the clock and the database clock differ by more than a minute, so one of them is wrong',
      );
      return undefined;
    },
  };
}
