import { dayMs, type Clock } from '../../base/clock.ts';
import { createPartitions } from '../../db/partitions.ts';
import { isDatabaseAway, sqlState, type Database } from '../../db/pool.ts';
import { timeOfId } from '../../base/ids.ts';
import { sleep } from '../../base/sleep.ts';
import { settle, type Settlement } from './queries.ts';

/** The most outcomes per statement: about where the fixed cost of a statement stops mattering (bench/ceiling.ts). */
const batchMax = 500;
/** Shorter than the claimer's pause after an error, so that outcomes are written before the same rows are claimed again. */
export const retryMaxMs = 1_000;
export const retryFirstMs = 100;
/** An outcome whose own write fails this often is given up. Its delivery is attempted again when its lease ends. */
export const triesMax = 8;
export const partitionMissing = '23514';

interface Waiting {
  readonly settlement: Settlement;
  readonly settled: () => void;
}

export interface Settler {
  /** Queues an outcome. `settled` is called when it is written, or given up. */
  add(settlement: Settlement, settled: () => void): void;
  readonly waiting: number;
  /** Outcomes that waited while the database was unavailable are not written yet, so attempted rows may look due. */
  readonly stalled: boolean;
  /** Resolves when everything added so far is written, or the deadline aborts. */
  drained(deadline: AbortSignal): Promise<void>;
}

/** Recreates the partitions of deliveries whose days were dropped by the retention while they were in flight. */
export async function createPartitionsOf(
  db: Database,
  settlements: readonly Pick<Settlement, 'deliveryId'>[],
): Promise<void> {
  const days = new Set(settlements.map(({ deliveryId }) => Math.floor(timeOfId(deliveryId) / dayMs)));
  for (const day of days) await createPartitions(db, day * dayMs, 0);
}

/**
 * Writes outcomes in batches: while one statement runs, the next batch gathers, so batches grow with the load and a single outcome does
 * not wait. While the database is unavailable, the batch is retried until it succeeds or the signal aborts; leases cover for a process
 * that ends first.
 */
export function createSettler(
  db: Database,
  clock: Clock,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Settler {
  let queue: Waiting[] = [];
  let running = 0;
  /** How many of the outcomes that waited when the database was last unavailable are still to be written. They are written in order. */
  let behind = 0;
  const idle: (() => void)[] = [];

  async function write(batch: readonly Waiting[]): Promise<void> {
    const settlements = batch.map(({ settlement }) => settlement);
    let wait = retryFirstMs;
    for (let tries = 1; ;) {
      try {
        await settle(db, settlements);
        return done(batch);
      } catch (error) {
        const away = isDatabaseAway(error);
        if (away) behind = running + queue.length;
        onError(error);
        if (!away) {
          // PostgreSQL may reject one of them, and the others must not wait for it.
          if (batch.length > 1) return writeHalves(batch);
          if (sqlState(error) === partitionMissing) await createPartitionsOf(db, settlements).catch(onError);
          tries += 1;
        }
        if (tries > triesMax) break;
      }
      await sleep(clock, wait, signal);
      if (signal.aborted) break;
      wait = Math.min(wait * 2, retryMaxMs);
    }
    done(batch);
  }

  function done(batch: readonly Waiting[]): void {
    behind = Math.max(0, behind - batch.length);
    running -= batch.length;
    for (const { settled } of batch) settled();
  }

  async function writeHalves(batch: readonly Waiting[]): Promise<void> {
    const middle = batch.length >> 1;
    await write(batch.slice(0, middle));
    await write(batch.slice(middle));
  }

  function next(): void {
    if (running > 0) return;
    if (queue.length === 0) {
      for (const resolve of idle.splice(0)) resolve();
      return;
    }
    const batch = queue.slice(0, batchMax);
    queue = queue.slice(batchMax);
    running = batch.length;
    void write(batch).then(next);
  }

  return {
    add(settlement, settled) {
      queue.push({ settlement, settled });
      // Outcomes of the same turn of the event loop share a batch.
      if (running === 0 && queue.length === 1) setImmediate(next);
    },
    get waiting() {
      return queue.length + running;
    },
    get stalled() {
      return behind > 0;
    },
    drained: (deadline) =>
      new Promise((resolve) => {
        if (deadline.aborted || (running === 0 && queue.length === 0)) return resolve();
        idle.push(resolve);
        deadline.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
}
