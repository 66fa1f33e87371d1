import { dayMs, type Clock } from '../../base/clock.ts';
import { createPartitions } from '../../db/partitions.ts';
import { isDatabaseAway, sqlState, type Database } from '../../db/pool.ts';
import { timeOfId } from '../../base/ids.ts';
import { sleep } from '../../base/sleep.ts';
import { settle, type Settlement } from './queries.ts';

/** Outcomes written by one statement at most: about where a statement's own cost stops to matter (bench/ceiling.ts). */
const batchMax = 500;
/** Shorter than what the claimer waits for a database that was away: outcomes come before new claims of the same rows. */
export const retryMaxMs = 1_000;
export const retryFirstMs = 100;
/** An outcome that fails so often by itself, with the database there, is given up: when its lease ends it is attempted again. */
export const triesMax = 8;
export const partitionMissing = '23514';

interface Waiting {
  readonly settlement: Settlement;
  readonly settled: () => void;
}

export interface Settler {
  /** Queues an outcome. `settled` is called when it is written, or when nobody needs it any more. */
  add(settlement: Settlement, settled: () => void): void;
  readonly waiting: number;
  /** The database is away, or was, and what waited then is not written yet: rows in it may look as if nobody had attempted them. */
  readonly stalled: boolean;
  /** Resolves when everything queued so far is written, or the deadline aborts. */
  drained(deadline: AbortSignal): Promise<void>;
}

/** The days of deliveries may have gone by the retention while they were still under way. */
export async function createPartitionsOf(
  db: Database,
  settlements: readonly Pick<Settlement, 'deliveryId'>[],
): Promise<void> {
  const days = new Set(settlements.map(({ deliveryId }) => Math.floor(timeOfId(deliveryId) / dayMs)));
  for (const day of days) await createPartitions(db, day * dayMs, 0);
}

/**
 * Batches outcomes: while one statement runs the next batch gathers, so a batch is as large as the load asks for and a lone outcome
 * waits for nothing. When the database is away the batch is tried again until it is back, or the signal aborts; leases cover for a
 * process that ends first.
 */
export function createSettler(
  db: Database,
  clock: Clock,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Settler {
  let queue: Waiting[] = [];
  let running = 0;
  /** Outcomes that waited when the database was last away: until they are written, which is in their order, it is behind. */
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
          // One of them may be what PostgreSQL does not take: the others must not wait for it.
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
      // Outcomes of the same turn of the event loop go together.
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
