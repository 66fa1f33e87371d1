import { isDatabaseAway } from '../db/pool.ts';
import type { Database } from '../db/pool.ts';
import type { Engine } from '../delivery/engine.ts';
import type { Enqueued, EventInput } from '../delivery/enqueue.ts';
import { findIdempotencyKeys, type IdempotencyKey } from '../delivery/queue/write-events.ts';
import { ApiError, unreachable } from '../base/errors.ts';
import { encoded } from './emit.ts';
import type { Emitted, NewEvent } from './emit.ts';

/** Approximate limits of one commit: events, bytes and estimated deliveries. A request with more events is not split. */
const eventsMax = 500;
const bytesMax = 4 * 1024 * 1024;
const deliveriesMax = 5_000;
/** Concurrent commits: while one waits for the disk, the next is written. */
const commitsMax = 2;
/** Beyond this number of waiting events, or bytes, publishing answers 503. */
const waitingMax = 50_000;
const waitingBytesMax = 128 * 1024 * 1024;

/** The outcome of one event of a request. */
export type Outcome =
  | {
      readonly kind: 'emitted';
      readonly emitted: Emitted;
      /** An earlier request with the idempotency key published it. */
      readonly isRepeated: boolean;
    }
  | { readonly kind: 'refused'; readonly error: ApiError };

/** @see Outcome */
export interface Published extends Emitted {
  readonly isRepeated: boolean;
}

/** The events of one request, which share a commit, in order. */
interface Waiting {
  readonly events: readonly EventInput[];
  readonly bytes: number;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Publishes events outside a caller's transaction. */
export interface Publisher {
  /**
   * Resolves once the event and its deliveries are durable.
   * @throws ApiError `conflict` for an idempotency key used with another body; `unavailable` if the database cannot be reached.
   */
  publish(event: NewEvent): Promise<Published>;
  /**
   * Publishes in one commit: all events are stored or none, except those already published with the same idempotency key.
   * @throws ApiError `unavailable`
   */
  publishAll(events: readonly NewEvent[]): Promise<readonly Outcome[]>;
  /** Number of events whose commit has not begun. */
  readonly waiting: number;
}

/**
 * Group commit: while a commit is in flight, the next batch gathers. Under load, hundreds of publishes share one disk flush and one
 * statement; a single publish does not wait.
 */
export function createPublisher(
  db: Database,
  engine: Pick<Engine, 'enqueue' | 'subscriptions'>,
  onCommit: (events: number, ms: number) => void = () => {},
): Publisher {
  let queue: Waiting[] = [];
  let waiting = 0;
  let waitingBytes = 0;
  let commits = 0;
  let scheduled = false;

  function take(): readonly Waiting[] {
    let events = 0;
    let bytes = 0;
    let deliveries = 0;
    let count = 0;
    for (const request of queue) {
      events += request.events.length;
      bytes += request.bytes;
      for (const event of request.events)
        deliveries += engine.subscriptions.subscribers(event, event.type)?.length ?? 0;
      if (count > 0 && (events > eventsMax || bytes > bytesMax || deliveries > deliveriesMax)) break;
      count += 1;
      waiting -= request.events.length;
      waitingBytes -= request.bytes;
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
    let enqueued: Enqueued;
    try {
      enqueued = await engine.enqueue(
        db,
        batch.flatMap(({ events }) => events),
      );
    } catch (error) {
      // Nothing was written. One request may have caused the error, so commit each on its own.
      if (batch.length > 1 && !isDatabaseAway(error)) for (const request of batch) await commit([request]);
      else for (const { reject } of batch) reject(reportable(error));
      return;
    }
    // The commit is durable: from here on, no error may cause it to be written again.
    let position = 0;
    for (const request of batch) {
      const own = enqueued.events.slice(position, (position += request.events.length));
      // Not awaited, so that no request waits for the lookup of another request's repeated key.
      void outcomesOf(request.events, own).then(request.resolve, (error: unknown) => request.reject(reportable(error)));
    }
    onCommit(enqueued.events.filter((event) => event !== undefined).length, performance.now() - began);
    enqueued.committed();
  }

  async function outcomesOf(
    events: readonly EventInput[],
    emitted: readonly (Emitted | undefined)[],
  ): Promise<readonly Outcome[]> {
    const repeated = events.filter((_, index) => emitted[index] === undefined);
    const firsts =
      repeated.length === 0
        ? []
        : await findIdempotencyKeys(
            db,
            repeated.map(({ organizationId, idempotency }) => ({ organizationId, key: idempotency?.key ?? '' })),
          );
    const firstOf = new Map(firsts.map((first) => [`${first.organization_id} ${first.key}`, first]));
    return events.map((event, index) => {
      const own = emitted[index];
      return own === undefined
        ? outcomeOfFirst(event, firstOf.get(`${event.organizationId} ${event.idempotency?.key}`))
        : { kind: 'emitted', emitted: own, isRepeated: false };
    });
  }

  function publishAll(events: readonly NewEvent[]): Promise<readonly Outcome[]> {
    const inputs = events.map(encoded);
    const bytes = inputs.reduce((sum, { json }) => sum + json.length, 0);
    if (waiting + events.length > waitingMax || waitingBytes + bytes > waitingBytesMax) {
      return Promise.reject(
        new ApiError('unavailable', 'Too many events are waiting to be stored. Publish again in a second.', {
          retryAfterSeconds: 1,
        }),
      );
    }
    return new Promise((resolve, reject) => {
      queue.push({ events: inputs, bytes, resolve, reject });
      waiting += events.length;
      waitingBytes += bytes;
      if (scheduled || commits >= commitsMax) return;
      scheduled = true;
      // Requests that arrive in the same turn of the event loop share a commit.
      setImmediate(() => {
        scheduled = false;
        pump();
      });
    });
  }

  return {
    async publish(event) {
      const [outcome] = await publishAll([event]);
      if (outcome?.kind !== 'emitted') throw outcome?.error ?? unreachable('no result for the event');
      return { ...outcome.emitted, isRepeated: outcome.isRepeated };
    },
    publishAll,
    get waiting() {
      return waiting;
    },
  };
}

/** Replaces a lost database connection by an error for the caller. */
const reportable = (error: unknown): unknown =>
  isDatabaseAway(error)
    ? new ApiError(
        'unavailable',
        'The database connection was lost. Publish again with the same Idempotency-Key: the event may have been stored.',
        { retryAfterSeconds: 1, cause: error },
      )
    : error;

/** A repeated idempotency key returns the first request's result, if the request is the same. */
function outcomeOfFirst({ idempotency }: EventInput, first: IdempotencyKey | undefined): Outcome {
  if (first === undefined)
    return {
      kind: 'refused',
      error: new ApiError('unavailable', 'The idempotency key was just released. Publish again.', {
        retryAfterSeconds: 1,
      }),
    };
  if (idempotency === undefined || !first.request_hash.equals(idempotency.requestHash)) {
    return {
      kind: 'refused',
      error: new ApiError(
        'conflict',
        'This Idempotency-Key was used with another body. Use a new key for a new event.',
      ),
    };
  }
  return { kind: 'emitted', emitted: { id: first.event_id, deliveries: first.deliveries }, isRepeated: true };
}
