import type { Clock } from '../clock.ts';
import { isDatabaseAway, type Database } from '../db/pool.ts';
import type { Engine } from '../delivery/engine.ts';
import { recorded as recordedKeys } from '../delivery/record.ts';
import { ApiError } from '../errors.ts';
import type { Ids } from '../ids.ts';
import { emissionOf, encode, recordCurrent, type Emitted, type NewEvent } from './emit.ts';

/** One commit carries at most this many events, bytes and (by estimate) deliveries. */
const eventsMax = 500;
const bytesMax = 4 * 1024 * 1024;
const deliveriesMax = 5_000;
/** Commits under way at once: while one waits for the disk the next is being written. */
const commitsMax = 2;
/** Past this many waiting events callers are told to come back. */
const waitingMax = 50_000;

interface Waiting {
  readonly event: NewEvent;
  readonly data: Buffer;
  readonly resolve: (emitted: Emitted) => void;
  readonly reject: (error: unknown) => void;
}

/** Publishes events on their own, outside a caller's transaction. */
export interface Publisher {
  /** Resolves once the event and its deliveries are durable. @throws ApiError `conflict` for an idempotency key used with another body. */
  publish(event: NewEvent): Promise<Emitted>;
  readonly waiting: number;
}

/**
 * Group commit: while a commit is under way the next batch gathers, so that under load hundreds of publishes share one disk flush and
 * one statement, and a lone publish waits for nobody.
 */
export function createPublisher(db: Database, engine: Engine, ids: Ids, clock: Clock, onCommit: (events: number, ms: number) => void = () => {}): Publisher {
  let queue: Waiting[] = [];
  let commits = 0;
  let scheduled = false;

  function take(): Waiting[] {
    let bytes = 0;
    let deliveries = 0;
    let count = 0;
    for (const { event, data } of queue) {
      bytes += data.length;
      deliveries += engine.subscriptions.subscribers(event.organizationId, event.type).length;
      if (count > 0 && (bytes > bytesMax || deliveries > deliveriesMax)) break;
      count += 1;
      if (count === eventsMax) break;
    }
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    return batch;
  }

  function pump(): void {
    while (commits < commitsMax && queue.length > 0) {
      const batch = take();
      commits += 1;
      void commit(batch).finally(() => {
        commits -= 1;
        pump();
      });
    }
  }

  async function commit(batch: readonly Waiting[]): Promise<void> {
    const began = performance.now();
    try {
      const now = clock.now();
      const { recorded, emissions } = await recordCurrent(engine, db, () => batch.map(({ event, data }) => emissionOf(engine, ids, now, event, data)));
      recorded.committed();
      const lost: Waiting[] = [];
      for (const [index, waiting] of batch.entries()) {
        const emission = emissions[index];
        if (emission === undefined) continue;
        if (recorded.lost.has(emission.event.id)) lost.push(waiting);
        else waiting.resolve({ id: emission.event.id, deliveries: emission.endpoints.length });
      }
      if (lost.length > 0) await answerFromFirst(lost);
      onCommit(batch.length - lost.length, performance.now() - began);
    } catch (error) {
      const told = isDatabaseAway(error) ? new ApiError('unavailable', 'The database is away. Nothing was stored; publish again.', { retryAfterSeconds: 1, cause: error }) : error;
      for (const { reject } of batch) reject(told);
    }
  }

  /** A repeated idempotency key answers what the first request was answered, if it is the same request. */
  async function answerFromFirst(lost: readonly Waiting[]): Promise<void> {
    const keys = lost.flatMap(({ event }) => (event.idempotency === undefined ? [] : [{ organizationId: event.organizationId, key: event.idempotency.key }]));
    const firsts = new Map((await recordedKeys(db, keys)).map((row) => [`${row.organization_id} ${row.key}`, row]));
    for (const { event, resolve, reject } of lost) {
      const first = firsts.get(`${event.organizationId} ${event.idempotency?.key}`);
      if (first === undefined) reject(new ApiError('unavailable', 'The idempotency key was just released. Publish again.', { retryAfterSeconds: 1 }));
      else if (event.idempotency !== undefined && !first.request_hash.equals(event.idempotency.requestHash)) reject(new ApiError('conflict', 'This Idempotency-Key was used with another body. Use a new key for a new event.'));
      else resolve({ id: first.event_id, deliveries: first.deliveries });
    }
  }

  return {
    publish(event) {
      if (queue.length >= waitingMax) return Promise.reject(new ApiError('unavailable', 'Too many events are waiting to be stored. Publish again in a second.', { retryAfterSeconds: 1 }));
      return new Promise((resolve, reject) => {
        queue.push({ event, data: encode(event.data), resolve, reject });
        if (scheduled || commits >= commitsMax) return;
        scheduled = true;
        // Requests that arrived in the same turn of the event loop go together.
        setImmediate(() => {
          scheduled = false;
          pump();
        });
      });
    },
    get waiting() {
      return queue.length;
    },
  };
}
