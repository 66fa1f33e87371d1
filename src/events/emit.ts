import type { CanonicalType } from '../base/event-types.ts';
import { unreachable } from '../base/errors.ts';
import type { Transaction } from '../db/pool.ts';
import type { Engine } from '../delivery/engine.ts';
import type { EnqueuedEvent, EventInput } from '../delivery/enqueue.ts';

/** An event before it is written. `data` is any JSON value; canonical types carry the fields of the catalogue. */
export interface NewEvent extends Omit<EventInput, 'json'> {
  /** The JSON text of `data` where the publisher's own is at hand: receivers get it byte for byte. */
  readonly dataText?: string;
}

export type Emitted = EnqueuedEvent;

export const encoded = (event: NewEvent): EventInput => ({
  ...event,
  json: Buffer.from(event.dataText ?? JSON.stringify(event.data ?? {})),
});

/**
 * Emits an event in the caller's transaction: it is stored, and reaches its endpoints, exactly if the transaction commits. Slices report
 * changes in no other way. A transaction that also changes endpoints must emit first.
 */
export type Emit = (
  tx: Transaction,
  event: Omit<NewEvent, 'idempotency'> & { readonly type: CanonicalType },
) => Promise<Emitted>;

/** As `Emit`, for many events in one statement, in their order. */
export type EmitAll = (tx: Transaction, events: readonly Parameters<Emit>[1][]) => Promise<readonly Emitted[]>;

export function createEmit(engine: Pick<Engine, 'enqueue'>): { emit: Emit; emitAll: EmitAll } {
  const emitAll = async (tx: Transaction, events: readonly NewEvent[]): Promise<readonly Emitted[]> => {
    if (events.length === 0) return [];
    const enqueued = await engine.enqueue(tx, events.map(encoded));
    tx.afterCommit(enqueued.committed);
    tx.afterRollback(enqueued.rolledBack);
    // Without idempotency keys none is left out.
    return enqueued.events.filter((event) => event !== undefined);
  };
  return {
    emitAll,
    async emit(tx, event) {
      const [emitted] = await emitAll(tx, [event]);
      if (emitted === undefined) throw unreachable('no result for the event');
      return emitted;
    },
  };
}
