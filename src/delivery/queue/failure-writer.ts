import type { Clock } from '../../base/clock.ts';
import { isDatabaseAway, sqlState, type Database, type Transaction } from '../../db/pool.ts';
import type { DeliveryId } from '../../base/ids.ts';
import { sleep } from '../../base/sleep.ts';
import type { Endpoint } from '../endpoint.ts';
import { settle, type Settlement } from './queries.ts';
import { RingBuffer } from '../ring-buffer.ts';
import { createPartitionsOf, partitionMissing, retryFirstMs, retryMaxMs, triesMax } from './settler.ts';

/** A delivery that ended without success and will not be attempted again. */
export interface DeliveryFailure {
  readonly endpoint: Endpoint;
  readonly deliveryId: DeliveryId;
  readonly eventId: string;
  readonly eventType: string;
  readonly attempts: number;
  readonly why: 'exhausted' | 'gone';
  readonly error: string;
  readonly createdAtMs: number;
}

interface Waiting {
  readonly failure: DeliveryFailure;
  readonly settlement: Settlement;
  readonly written: () => void;
  /** Failed tries to write it, apart from those that failed because the database was unavailable. */
  tries: number;
}

/** Writes failed deliveries: a transaction each, because each may disable its endpoint and emit events. */
export interface FailureWriter {
  /** `written` is called when it is written, or given up. */
  add(failure: DeliveryFailure, settlement: Settlement, written: () => void): void;
  readonly waiting: number;
  /** As `Settler.stalled`. */
  readonly stalled: boolean;
  /** Resolves when everything added so far is written, or the deadline aborts. */
  drained(deadline: AbortSignal): Promise<void>;
}

/** Transactions at the same time. Those of one endpoint wait for each other in the database. */
const atOnceMax = 2;

export function createFailureWriter(options: {
  db: Database;
  clock: Clock;
  /** Aborts further tries. */
  signal: AbortSignal;
  onFailed: (tx: Transaction, failure: DeliveryFailure) => Promise<void>;
  onError: (error: unknown) => void;
}): FailureWriter {
  const { db, clock, signal, onFailed, onError } = options;
  const queue = new RingBuffer<Waiting>();
  let running = 0;
  /** Those whose write failed: others go first, before they are tried again. */
  let resting = 0;
  let stalled = false;
  const idle: (() => void)[] = [];

  /** @returns false when it should be tried again. */
  async function write({ failure, settlement }: Waiting): Promise<boolean> {
    for (let wait = retryFirstMs; ; wait = Math.min(wait * 2, retryMaxMs)) {
      try {
        await db.transaction(async (tx) => {
          const settled = await settle(tx, [settlement]);
          if (settled.length > 0) await onFailed(tx, failure);
        });
        stalled = false;
        return true;
      } catch (error) {
        stalled = isDatabaseAway(error);
        onError(error);
        if (sqlState(error) === partitionMissing) await createPartitionsOf(db, [settlement]).catch(onError);
        if (!stalled) return false;
        await sleep(clock, wait, signal);
        if (signal.aborted) return false;
      }
    }
  }

  async function writeNext(next: Waiting): Promise<void> {
    const done = await write(next);
    running -= 1;
    next.tries += 1;
    if (done || next.tries >= triesMax || signal.aborted) next.written();
    else {
      resting += 1;
      void sleep(clock, retryMaxMs, signal).then(() => {
        resting -= 1;
        queue.push(next);
        pump();
      });
    }
    pump();
  }

  function pump(): void {
    while (running < atOnceMax) {
      const next = queue.shift();
      if (next === undefined) break;
      running += 1;
      void writeNext(next);
    }
    if (running + resting > 0) return;
    for (const resolve of idle.splice(0)) resolve();
  }

  return {
    add(failure, settlement, written) {
      queue.push({ failure, settlement, written, tries: 0 });
      pump();
    },
    get waiting() {
      return queue.length + running + resting;
    },
    get stalled() {
      return stalled;
    },
    drained: (deadline) =>
      new Promise((resolve) => {
        if (deadline.aborted || running + resting === 0) return resolve();
        idle.push(resolve);
        deadline.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
}
