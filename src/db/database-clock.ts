import type { Clock } from '../base/clock.ts';
import type { Queryable } from './pool.ts';
import { sql } from './sql.ts';

/** The database's time as this process knows it: processes on different machines compare times of one clock. */
export interface DatabaseClock extends Clock {
  /** Reads the database's time. Of the offsets that the answer allows, takes the one nearest to the previous offset. */
  readonly read: (db: Queryable) => Promise<void>;
}

/**
 * Counts on from the last answer by a monotonic clock, so that setting the machine's clock changes nothing. The error is at most the round
 * trip of an answer.
 * @param elapsed milliseconds since any moment
 */
export function createDatabaseClock(system: Clock, elapsed: () => number = () => performance.now()): DatabaseClock {
  let offsetMs = system.now() - elapsed();
  return {
    ...system,
    now: () => Math.floor(elapsed() + offsetMs),
    read: async (db) => {
      const sentMs = elapsed();
      const [row] = await db.query(
        sql<{ now: number }>`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`,
      );
      if (row !== undefined) offsetMs = Math.max(row.now - elapsed(), Math.min(row.now - sentMs, offsetMs));
    },
  };
}
