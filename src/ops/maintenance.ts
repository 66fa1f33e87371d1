import { hourMs, minuteMs, dayMs, type Clock } from '../base/clock.ts';
import { createPartitions, dropPartitions } from '../db/partitions.ts';
import type { Database } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import type { ClockOffset } from './clock-offset.ts';
import type { Logger } from '../base/log.ts';
import { sleep } from '../base/sleep.ts';

/** How long an idempotency key is kept. */
const idempotencyKeyMs = 72 * hourMs;
/** Hourly statistics are kept for a chart of 30 days. */
const statsMs = 31 * dayMs;
const deleteChunk = 10_000;

/**
 * Once an hour: creates the partitions of the next days and deletes expired data. Once a minute: `everyMinute`. Every process does this;
 * each step is idempotent.
 *
 * Age is measured by the database's clock, and nothing is deleted while this machine's clock contradicts it: a wrong clock could otherwise
 * delete the whole history.
 */
export function createMaintenance(options: {
  db: Database;
  clock: Clock;
  clocks: Pick<ClockOffset, 'timeForDeletion'>;
  retentionDays: number;
  log: Logger;
  onError: (error: unknown) => void;
  /** Ends pending and held deliveries of events before this id. @returns how many */
  expireDeliveries: (beforeEvent: string) => Promise<number>;
  /** Deletes what has expired by `nowMs`, the database's time. */
  everyMinute: (nowMs: number) => Promise<unknown>;
}): {
  once(): Promise<void>;
  run(signal: AbortSignal): Promise<void>;
} {
  const { db, clock, clocks, retentionDays, log, onError, expireDeliveries, everyMinute } = options;

  async function endDeliveries(beforeEvent: string): Promise<void> {
    const expired = await expireDeliveries(beforeEvent);
    if (expired > 0) log.warn({ expired }, 'retention: deliveries expired before they were delivered');
  }

  async function once(): Promise<void> {
    await createPartitions(db, clock.now());
    const now = await clocks.timeForDeletion();
    if (now === undefined) return;
    const dropped = await dropPartitions(db, now, retentionDays, endDeliveries, (partitions) =>
      log.info({ partitions }, 'retention: dropping partitions'),
    );
    if (dropped.length > 0) log.info({ dropped }, 'retention: partitions dropped');
    let deleted: number;
    do {
      deleted = await db.execute(sql`
        DELETE FROM idempotency_keys WHERE (organization_id, key) IN (
          SELECT organization_id, key FROM idempotency_keys WHERE created_at < to_timestamp(${now - idempotencyKeyMs}::float8 / 1000) LIMIT ${deleteChunk})`);
    } while (deleted === deleteChunk);
    await db.execute(sql`DELETE FROM endpoint_stats WHERE hour < to_timestamp(${now - statsMs}::float8 / 1000)`);
  }

  async function expire(): Promise<void> {
    const now = await clocks.timeForDeletion();
    if (now !== undefined) await everyMinute(now);
  }

  return {
    once,
    async run(signal) {
      // Counted instead of read from the clock: setting the clock back would suspend retention.
      for (let minute = 0; !signal.aborted; minute = (minute + 1) % 60) {
        if (minute === 0) await once().catch(onError);
        await expire().catch(onError);
        await sleep(clock, minuteMs, signal);
      }
    },
  };
}
