import type { Clock } from '../base/clock.ts';
import { unreachable } from '../base/errors.ts';
import { timeOfId } from '../base/ids.ts';
import type { DeliveryId, EndpointId, EventId, Ids, OrganizationId, WorkspaceId } from '../base/ids.ts';
import { createPartitions } from '../db/partitions.ts';
import { sqlState, type Database, type Queryable } from '../db/pool.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { DueNotices } from './due-notices.ts';
import { leaseMs, type Endpoint } from './endpoint.ts';
import type { Item, Lane, LoadedEvent } from './lane.ts';
import { fifoKey } from './queue/fifo-key.ts';
import { releaseThese } from './queue/queries.ts';
import { partitionMissing } from './queue/settler.ts';
import { writeEvents, type DeliveryRow, type EventRow } from './queue/write-events.ts';
import type { Subscriptions } from './subscriptions.ts';

/** An event to be written together with a delivery for each endpoint that wants it. */
export interface EventInput {
  readonly organizationId: OrganizationId;
  /** The workspace whose endpoints may receive it, besides those of the organization itself; undefined: none. */
  readonly workspaceId?: WorkspaceId | undefined;
  readonly type: string;
  /** Any JSON value; endpoints' filters read it. */
  readonly data: unknown;
  /** The JSON text of `data`, as receivers get it. */
  readonly json: Buffer;
  /** Unix milliseconds. */
  readonly occurredAtMs: number;
  /** Unix milliseconds before which it is not sent; in the past, or undefined: it is sent now. */
  readonly deliverAtMs?: number | undefined;
  /** Sent with its deliveries (W3C Trace Context). */
  readonly traceparent?: string | undefined;
  /** Endpoints that must not receive it, such as the one it is about. */
  readonly except?: readonly EndpointId[];
  /** Sends it to this endpoint alone, whatever the endpoint subscribed to: a test. */
  readonly only?: EndpointId;
  /** The event is written only if this key is new in its organization. */
  readonly idempotency?: { readonly key: string; readonly requestHash: Buffer };
}

export interface EnqueuedEvent {
  readonly id: EventId;
  /** The number of endpoints it goes to. */
  readonly deliveries: number;
}

/** Events written in a transaction that may still fail. Call `committed` or `rolledBack`, once. */
export interface Enqueued {
  /** One for each event, in order; undefined for an event whose idempotency key was already used: it was not written. */
  readonly events: readonly (EnqueuedEvent | undefined)[];
  /** To be called once the commit is durable: passes the deliveries to memory. */
  committed(): void;
  /** To be called when the transaction was rolled back, or may have been. */
  rolledBack(): void;
}

/**
 * Writes events and their deliveries on `on`: the engine's own database, or a caller's transaction, which must enqueue before it changes
 * endpoints.
 */
export type Enqueue = (on: Queryable, events: readonly EventInput[]) => Promise<Enqueued>;

export interface EnqueueOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly subscriptions: Subscriptions;
  readonly dispatcher: Dispatcher;
  readonly due: Pick<DueNotices, 'tell' | 'announceSoon' | 'announceEverywhere'>;
  /** The id under which this process leases. */
  readonly holder: () => string;
  readonly mayLease: () => boolean;
  /** The number of live processes. */
  readonly processes: () => number;
  readonly delivers: boolean;
  readonly onError: (error: unknown, during: string) => void;
}

/** What one write consists of. */
interface Plan {
  readonly enqueued: readonly EnqueuedEvent[];
  readonly events: readonly EventRow[];
  readonly deliveries: readonly DeliveryRow[];
  /** Deliveries that go to memory, whose room is reserved. */
  readonly loaded: readonly { readonly lane: Lane; readonly item: Item }[];
  /** Endpoints with deliveries that wait in the database. */
  readonly waiting: ReadonlySet<EndpointId>;
  /** Whether another process may have to deliver some of those. */
  readonly isRemote: boolean;
}

/** What is due later than this is found by the next scan of the queue, which is at most 20 s from now. */
const scannedWithinMs = 20_000;
/** Endpoints may change at any moment; a change between two tries is already unlikely. */
const triesMax = 20;

/** Creates the one way by which events enter the queue. */
export function createEnqueue(options: EnqueueOptions): Enqueue {
  const { db, clock, ids, subscriptions, dispatcher, due, onError } = options;

  /** Undefined: the delivery waits in the database. Otherwise the lane of this process's memory that has room for it, reserved. */
  function laneFor(endpoint: Endpoint, bytes: number): Lane | undefined {
    if (!options.delivers || !options.mayLease() || !hasLane(endpoint)) return undefined;
    const lane = dispatcher.lane(endpoint);
    // Rows already wait in the database: newer ones queue up after them.
    if (lane.backlog || dispatcher.room(lane) <= 0 || dispatcher.bytesRoom(lane) < bytes) return undefined;
    dispatcher.reserve(lane, 1);
    return lane;
  }

  function plan(inputs: readonly EventInput[], self: string): Plan {
    const now = clock.now();
    const enqueued: EnqueuedEvent[] = [];
    const events: EventRow[] = [];
    const deliveries: DeliveryRow[] = [];
    const loaded: { lane: Lane; item: Item }[] = [];
    const waiting = new Set<EndpointId>();
    let isRemote = false;
    for (const input of inputs) {
      const endpoints = receivers(subscriptions, input);
      const { event, row } = eventOf(input, ids.next<EventId>(), now, endpoints.length);
      events.push(row);
      enqueued.push({ id: event.id, deliveries: endpoints.length });
      const kind = input.only === undefined ? 'event' : 'test';
      const laterMs = input.deliverAtMs !== undefined && input.deliverAtMs > now ? input.deliverAtMs : undefined;
      for (const endpoint of endpoints) {
        const id = ids.next<DeliveryId>();
        const lane = laterMs === undefined ? laneFor(endpoint, event.data.length) : undefined;
        const dueAtMs = lane === undefined ? (laterMs ?? now) : now + leaseMs(endpoint);
        if (lane !== undefined)
          loaded.push({ lane, item: { id, event, kind, attemptCount: 0, scheduleBase: 0, leaseUntilMs: dueAtMs } });
        else if (endpoint.isActive && dueAtMs <= now + scannedWithinMs) {
          waiting.add(endpoint.id);
          // This process delivers its own overflow. Another may lease a FIFO queue, have a caller that waits to pull, or do all the delivering.
          isRemote ||= !options.delivers || endpoint.transport !== 'push' || (endpoint.fifo && options.processes() > 1);
        }
        deliveries.push({
          id,
          endpointId: endpoint.id,
          organizationId: event.organizationId,
          eventId: event.id,
          eventType: event.type,
          kind,
          state: endpoint.isActive ? 'pending' : 'held',
          dueAtMs,
          holder: lane === undefined ? undefined : self,
          fifoKey: endpoint.fifo ? fifoKey(id, laterMs) : undefined,
          createdAtMs: now,
          keyed: row.idempotency !== undefined,
        });
      }
    }
    return { enqueued, events, deliveries, loaded, waiting, isRemote };
  }

  /** @returns undefined when nothing was written, because the epoch has moved. */
  async function write(on: Queryable, inputs: readonly EventInput[]): Promise<Enqueued | undefined> {
    const tests = inputs.flatMap(({ only }) => only ?? []);
    if (tests.length > 0) await subscriptions.load(tests);
    // Usually all are in memory. The check, the epoch and the plan belong to one turn of the event loop.
    for (let tries = 0, loading; (loading = subscriptions.loadFor(inputs)) !== undefined; tries += 1) {
      if (tries === triesMax)
        throw new Error(`Endpoints left memory during each of ${triesMax} tries to write an event.`);
      await loading;
    }
    const { epoch } = subscriptions;
    const self = options.holder();
    const { enqueued, events, deliveries, loaded, waiting, isRemote } = plan(inputs, self);
    const rolledBack = (): void => {
      for (const { lane } of loaded) dispatcher.unreserve(lane, 1);
    };
    const outcome = await writeEvents(on, epoch, events, deliveries).catch((error: unknown) => {
      rolledBack();
      throw error;
    });
    if (!outcome.written) {
      rolledBack();
      return undefined;
    }
    const repeated = new Set(
      events.flatMap(({ id, idempotency }) => (idempotency !== undefined && !outcome.won.has(id) ? [id] : [])),
    );
    return {
      events: enqueued.map((event) => (repeated.has(event.id) ? undefined : event)),
      rolledBack,
      committed() {
        for (const { lane, item } of loaded) {
          dispatcher.unreserve(lane, 1);
          // Unless another process has released it in the meantime.
          if (!repeated.has(item.event.id) && options.holder() === self) dispatcher.accept(lane, [item]);
        }
        // A single statement commits as it is written; a caller's transaction may have been open while its endpoint was enabled.
        if (on !== db)
          releaseLate(deliveries.filter(({ state }) => state === 'held')).catch((error: unknown) =>
            onError(error, 'release'),
          );
        if (waiting.size === 0) return;
        due.tell([...waiting]);
        if (isRemote) due.announceSoon(waiting);
      },
    };
  }

  /** What was written as held, and committed after a release that could not see it, would block a FIFO queue until the next release. */
  async function releaseLate(held: readonly DeliveryRow[]): Promise<void> {
    if (held.length === 0) return;
    await subscriptions.refresh();
    await subscriptions.load(held.map(({ endpointId }) => endpointId));
    const late = held.filter(({ endpointId }) => subscriptions.get(endpointId)?.isActive === true);
    if (late.length > 0 && (await releaseThese(db, late)) > 0) await due.announceEverywhere();
  }

  /** As `write`; creates the partitions of days that are missing because the clock has passed the prepared ones, or ids are ahead of it. */
  async function writeWithPartitions(on: Queryable, inputs: readonly EventInput[]): Promise<Enqueued | undefined> {
    try {
      return await write(on, inputs);
    } catch (error) {
      if (sqlState(error) !== partitionMissing) throw error;
      const created = createPartitions(db, timeOfId(ids.next()));
      if (on === db) {
        await created;
        return await write(on, inputs);
      }
      // The error has already ended the caller's transaction, and creating partitions waits for that end: they exist for the next try.
      created.catch((error_: unknown) => onError(error_, 'partitions'));
      throw error;
    }
  }

  return async (on, inputs) => {
    for (let attempt = 0; attempt < triesMax; attempt += 1) {
      const { epoch } = subscriptions;
      const enqueued = await writeWithPartitions(on, inputs);
      if (enqueued !== undefined) return enqueued;
      await subscriptions.refresh();
      // Only this transaction can read what it has changed itself, so a refresh would never catch up with it.
      if (subscriptions.epoch === epoch) throw new Error('A transaction must emit before it changes endpoints.');
    }
    throw new Error(`Endpoints changed during each of ${triesMax} tries to write an event.`);
  };
}

/** Whether its deliveries go to memory as they are written. */
const hasLane = ({ isActive, transport, fifo }: Endpoint): boolean => isActive && transport === 'push' && !fifo;

/** The endpoints that want an event, as far as this process knows. */
function receivers(subscriptions: Subscriptions, event: EventInput): readonly Endpoint[] {
  if (event.only !== undefined) {
    const only = subscriptions.get(event.only);
    return only === undefined ? [] : [only];
  }
  const subscribed = subscriptions.subscribers(event, event.type);
  if (subscribed === undefined) throw unreachable('the endpoints of an event are not in memory');
  return subscribed.filter(
    (endpoint) => endpoint.filter?.(event.data) !== false && event.except?.includes(endpoint.id) !== true,
  );
}

/** An event for memory, and its row. */
function eventOf(
  { organizationId, workspaceId, type, json, occurredAtMs, deliverAtMs, traceparent, idempotency }: EventInput,
  id: EventId,
  createdAtMs: number,
  deliveries: number,
): { event: LoadedEvent; row: EventRow } {
  const shared = { id, organizationId, workspaceId, type, data: json, occurredAtMs, createdAtMs, traceparent };
  return {
    event: { ...shared, bodies: new Map() },
    row: {
      ...shared,
      deliverAtMs,
      idempotency: idempotency === undefined ? undefined : { ...idempotency, deliveries },
    },
  };
}
