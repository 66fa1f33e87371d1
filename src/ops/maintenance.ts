import type { Clock } from '../clock.ts';
import { createPartitions, dropPartitions } from '../db/partitions.ts';
import type { Database } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import type { Logger } from './log.ts';
import { pause } from '../pause.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** How long an idempotency key is remembered. */
export const idempotencyKeyMs = 72 * 3_600_000;
/** Hourly statistics are kept as long as a chart of 30 days needs. */
const statsMs = 31 * 86_400_000;
const deleteChunk = 10_000;

/** Once an hour: the partitions of the days to come, retention, and what is remembered for a time only. Every process may do it; each step is idempotent. */
export function createMaintenance(options: {
  db: Database;
  clock: Clock;
  retentionDays: number;
  log: Logger;
  onError: (error: unknown) => void;
  everyMinute: () => Promise<unknown>;
}): {
  once(): Promise<void>;
  run(signal: AbortSignal): Promise<void>;
} {
  const { db, clock, retentionDays, log, onError, everyMinute } = options;

  async function once(): Promise<void> {
    const now = clock.now();
    await createPartitions(db, now);
    const { dropped, kept } = await dropPartitions(db, now, retentionDays);
    if (dropped.length > 0) log.info({ dropped }, 'retention: partitions dropped');
    if (kept.length > 0) log.warn({ kept }, 'retention: partitions kept, pending deliveries still need their events');
    let deleted: number;
    do {
      deleted = await db.execute(sql`
        DELETE FROM idempotency_keys WHERE (organization_id, key) IN (
          SELECT organization_id, key FROM idempotency_keys WHERE created_at < to_timestamp(${now - idempotencyKeyMs}::float8 / 1000) LIMIT ${deleteChunk})`);
    } while (deleted === deleteChunk);
    await db.execute(sql`DELETE FROM endpoint_stats WHERE hour < to_timestamp(${now - statsMs}::float8 / 1000)`);
  }

  return {
    once,
    async run(signal) {
      let nextHourMs = 0;
      while (!signal.aborted) {
        if (clock.now() >= nextHourMs) {
          nextHourMs = clock.now() + hourMs;
          await once().catch(onError);
        }
        await everyMinute().catch(onError);
        await pause(clock, minuteMs, signal);
      }
    },
  };
}
