import type { Clock } from '../clock.ts';
import type { Database } from '../db/pool.ts';
import type { DeliveryId } from '../ids.ts';
import { pause } from '../pause.ts';
import { settle, type Settlement } from './queries.ts';

/** Outcomes written by one statement at most: about where a statement's own cost stops to matter (bench/ceiling.ts). */
const batchMax = 500;
const retryFirstMs = 100;
const retryMaxMs = 5_000;
const never = new AbortController().signal;

interface Waiting {
  readonly settlement: Settlement;
  readonly settled: (done: boolean) => void;
}

export interface Settler {
  /** Queues an outcome. `settled` is told `false` when another process had settled it first. */
  add(settlement: Settlement, settled: (done: boolean) => void): void;
  readonly waiting: number;
  /** Resolves when everything queued so far is written, or the signal aborts. */
  drained(signal: AbortSignal): Promise<void>;
}

/**
 * Batches outcomes: while one statement runs the next batch gathers, so a batch is as large as the load asks for and a lone outcome
 * waits for nothing. When the database is away the batch is tried again until it is back; leases cover for a process that ends first.
 */
export function createSettler(db: Database, clock: Clock, onError: (error: unknown) => void): Settler {
  let queue: Waiting[] = [];
  let running = 0;
  let idle: (() => void)[] = [];

  async function write(batch: readonly Waiting[]): Promise<void> {
    for (let wait = retryFirstMs; ; wait = Math.min(wait * 2, retryMaxMs)) {
      try {
        const done: ReadonlySet<DeliveryId> = new Set(
          await settle(
            db,
            batch.map((waiting) => waiting.settlement),
          ),
        );
        for (const { settlement, settled } of batch) settled(done.has(settlement.deliveryId));
        return;
      } catch (error) {
        onError(error);
        await pause(clock, wait, never);
      }
    }
  }

  function next(): void {
    if (running > 0 || queue.length === 0) {
      if (running === 0 && queue.length === 0) {
        for (const resolve of idle) resolve();
        idle = [];
      }
      return;
    }
    const batch = queue.slice(0, batchMax);
    queue = queue.slice(batchMax);
    running = batch.length;
    void write(batch).finally(() => {
      running = 0;
      next();
    });
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
    drained: (signal) =>
      new Promise((resolve) => {
        if (running === 0 && queue.length === 0) return resolve();
        idle.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
}
