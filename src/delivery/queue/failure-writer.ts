import type { Clock } from '../../base/clock.ts';
import { isDatabaseAway, sqlState, type Database, type Transaction } from '../../db/pool.ts';
import type { DeliveryId } from '../../base/ids.ts';
import { sleep } from '../../base/sleep.ts';
import type { Endpoint } from '../endpoint.ts';
import { settle, type Settlement } from './queries.ts';
import { Ring } from '../ring-buffer.ts';
import { createPartitionsOf, partitionMissing, retryFirstMs, retryMaxMs, triesMax } from './settler.ts';

/** A delivery that will not be tried again, told inside the transaction that says so. */
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

interface Ending {
  readonly failure: DeliveryFailure;
  readonly settlement: Settlement;
  readonly written: () => void;
  /** Tries that failed with the database there. */
  tries: number;
}

export interface Endings {
  /** `written` is called when it is written, or when nobody needs it any more. */
  add(failure: DeliveryFailure, settlement: Settlement, written: () => void): void;
  readonly waiting: number;
  /** As the settler's. */
  readonly stalled: boolean;
  /** Resolves when everything queued so far is written, or the deadline aborts. */
  drained(deadline: AbortSignal): Promise<void>;
}

/** Transactions at once; those of one endpoint wait for each other in the database. */
const atOnceMax = 2;

/** Writes the ends of deliveries without success: a transaction each, since each may disable its endpoint and emit events. */
export function createEndings(options: {
  db: Database;
  clock: Clock;
  /** Ends further tries. */
  signal: AbortSignal;
  onFailed: (tx: Transaction, failure: DeliveryFailure) => Promise<void>;
  onError: (error: unknown) => void;
}): Endings {
  const { db, clock, signal, onFailed, onError } = options;
  const queue = new Ring<Ending>();
  let running = 0;
  /** Those that failed by themselves: others go before they are tried again. */
  let resting = 0;
  let stalled = false;
  const idle: (() => void)[] = [];

  /** @returns false when it is to be tried again. */
  async function write({ failure, settlement }: Ending): Promise<boolean> {
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

  async function end(ending: Ending): Promise<void> {
    const done = await write(ending);
    running -= 1;
    ending.tries += 1;
    if (done || ending.tries >= triesMax || signal.aborted) ending.written();
    else {
      resting += 1;
      void sleep(clock, retryMaxMs, signal).then(() => {
        resting -= 1;
        queue.push(ending);
        next();
      });
    }
    next();
  }

  function next(): void {
    while (running < atOnceMax) {
      const ending = queue.shift();
      if (ending === undefined) break;
      running += 1;
      void end(ending);
    }
    if (running + resting > 0) return;
    for (const resolve of idle.splice(0)) resolve();
  }

  return {
    add(failure, settlement, written) {
      queue.push({ failure, settlement, written, tries: 0 });
      next();
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
