import type { Clock } from '../base/clock.ts';
import type { Queryable, Transaction } from '../db/pool.ts';
import { passes, reaches } from '../delivery/endpoint.ts';
import type { Emission, Engine, Recorded } from '../delivery/engine.ts';
import type { CanonicalType } from '../base/event-types.ts';
import type { EndpointId, EventId, Ids, OrganizationId, WorkspaceId } from '../base/ids.ts';

/** An event before it is recorded. `data` is any JSON value; canonical types carry the fields of the catalogue. */
export interface NewEvent {
  readonly organizationId: OrganizationId;
  /** The workspace whose endpoints it may go to, beside the organization's own; undefined: none. */
  readonly workspaceId?: WorkspaceId | undefined;
  readonly type: string;
  readonly data: unknown;
  /** The JSON text of `data` where the publisher's own is at hand: receivers get it byte for byte. */
  readonly dataText?: string;
  /** Unix milliseconds. */
  readonly occurredAtMs: number;
  /** Endpoints that must not hear of it, such as the one it speaks of. */
  readonly except?: readonly EndpointId[];
  /** This endpoint alone, whatever it subscribed to: a test. */
  readonly only?: EndpointId;
  readonly idempotency?: { readonly key: string; readonly requestHash: Buffer };
}

export interface Emitted {
  readonly id: EventId;
  /** How many endpoints it goes to. */
  readonly deliveries: number;
}

/** Works out which endpoints want an event, as of what this process knows. */
export function emissionOf(engine: Engine, ids: Ids, nowMs: number, event: NewEvent, data: Buffer): Emission {
  const { subscriptions } = engine;
  const only = event.only === undefined ? undefined : subscriptions.get(event.only);
  const endpoints =
    event.only === undefined
      ? subscriptions
          .subscribers(event.organizationId, event.type)
          .filter(
            (endpoint) =>
              reaches(endpoint, event.workspaceId) &&
              passes(endpoint.filter, event.data) &&
              event.except?.includes(endpoint.id) !== true,
          )
      : only === undefined
        ? []
        : [only];
  return {
    event: {
      id: ids.next<EventId>(),
      organizationId: event.organizationId,
      workspaceId: event.workspaceId,
      type: event.type,
      data,
      occurredAtMs: event.occurredAtMs,
      createdAtMs: nowMs,
      idempotency: event.idempotency === undefined ? undefined : { ...event.idempotency, deliveries: endpoints.length },
    },
    endpoints,
    kind: event.only === undefined ? 'event' : 'test',
  };
}

export const encode = ({ data, dataText }: Pick<NewEvent, 'data' | 'dataText'>): Buffer =>
  Buffer.from(dataText ?? JSON.stringify(data ?? {}));

/** Endpoints may change at any moment; a change in the instant between two tries is already unlikely. */
const triesMax = 20;

/** Records emissions as of the current epoch: works them out anew until it did not move meanwhile. */
export async function recordCurrent(
  engine: Engine,
  on: Queryable,
  emissions: () => readonly Emission[],
): Promise<{ recorded: Recorded; emissions: readonly Emission[] }> {
  for (let attempt = 0; attempt < triesMax; attempt += 1) {
    const { epoch } = engine.subscriptions;
    const current = emissions();
    const recorded = await engine.record(on, epoch, current);
    if (recorded.written) return { recorded, emissions: current };
    await engine.subscriptions.refresh();
    // What the transaction itself has changed, nobody else can read before it commits.
    if (engine.subscriptions.epoch === epoch) throw new Error('A transaction must emit before it changes endpoints.');
  }
  throw new Error('Endpoints changed faster than an event could be recorded.');
}

/**
 * Emits an event in the caller's transaction: it exists, and reaches its endpoints, exactly if the transaction commits. The one way by
 * which a slice tells of a change. A transaction that also changes endpoints emits first.
 */
export type Emit = (
  tx: Transaction,
  event: Omit<NewEvent, 'idempotency'> & { readonly type: CanonicalType },
) => Promise<Emitted>;

/** As `Emit`, of many events in one statement, in their order: for changes of many records at once. */
export type EmitAll = (tx: Transaction, events: readonly Parameters<Emit>[1][]) => Promise<readonly Emitted[]>;

export function createEmit(engine: Engine, ids: Ids, clock: Clock): { emit: Emit; emitAll: EmitAll } {
  const emitAll: EmitAll = async (tx, events) => {
    if (events.length === 0) return [];
    const data = events.map(encode);
    const { recorded, emissions } = await recordCurrent(engine, tx, () =>
      events.map((event, index) => emissionOf(engine, ids, clock.now(), event, data[index] ?? encode(event))),
    );
    tx.afterCommit(recorded.committed);
    tx.afterRollback(recorded.abandoned);
    return emissions.map(({ event, endpoints }) => ({ id: event.id, deliveries: endpoints.length }));
  };
  return {
    emitAll,
    async emit(tx, event) {
      const [emitted] = await emitAll(tx, [event]);
      if (emitted === undefined) throw new Error('An emission was lost.');
      return emitted;
    },
  };
}
