import type { CanonicalType } from '../base/event-types.ts';
import { unreachable } from '../base/errors.ts';
import type { Transaction } from '../db/pool.ts';
import type { Engine } from '../delivery/engine.ts';
import type { EnqueuedEvent, EventInput } from '../delivery/enqueue.ts';

/** An event before it is stored. `data` is any JSON value; built-in types have the fields of the catalogue. */
export interface NewEvent extends Omit<EventInput, 'json'> {
  /** The publisher's JSON text of `data`, if available: receivers get it byte for byte. */
  readonly dataText?: string;
}

export type Emitted = EnqueuedEvent;

export const encoded = (event: NewEvent): EventInput => ({
  ...event,
  json: Buffer.from(event.dataText ?? JSON.stringify(event.data ?? {})),
});

/**
 * Emits an event in the caller's transaction: it is stored and delivered if and only if the transaction commits. Slices report changes in
 * no other way. A transaction that also changes endpoints must emit first.
 * @example
 * await db.transaction(async (tx) => {
 *   await saveContact(tx, contact);
 *   await emit(tx, { organizationId, type: 'contact.updated', data, occurredAtMs: clock.now() });
 * });
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
    // No event has an idempotency key, so none is undefined.
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
