import type { Clock } from '../clock.ts';
import { announce, type Bus } from '../db/bus.ts';
import { sqlState, type Database, type Queryable, type Transaction } from '../db/pool.ts';
import { createPartitions } from '../db/partitions.ts';
import type { DeliveryId, EndpointId, Ids } from '../ids.ts';
import { pause } from '../pause.ts';
import { createClaimer } from './claimer.ts';
import { Dispatcher, type Finished } from './dispatcher.ts';
import { leaseMs, type Endpoint } from './endpoint.ts';
import type { EventInHand, Item, Lane } from './lane.ts';
import { giveBack, releaseFifo, settle, type DeliveryKind, type Settlement } from './queries.ts';
import { record, type DeliveryRow, type EventRow } from './record.ts';
import type { Sender } from './sender.ts';
import { createSettler } from './settler.ts';
import { createStats } from './stats.ts';
import type { Subscriptions } from './subscriptions.ts';

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

export interface EngineOptions {
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: () => number;
  readonly processId: string;
  readonly processes: () => number;
  readonly subscriptions: Subscriptions;
  readonly sender: Sender;
  readonly maxInFlight: number;
  readonly shutdownMs: number;
  /** False in a process without the engine role: it writes, others deliver. */
  readonly delivers: boolean;
  readonly onFinished: (finished: Finished) => void;
  readonly onFailed: (tx: Transaction, failure: DeliveryFailure) => Promise<void>;
  readonly onLook: (oldestDueMs: number) => void;
  readonly onError: (error: unknown, during: string) => void;
}

/** An event to be recorded, with the endpoints that get it. */
export interface Emission {
  readonly event: EventRow;
  readonly endpoints: readonly Endpoint[];
  readonly kind: DeliveryKind;
}

/** Deliveries written in a transaction that may still fail. */
export interface Recorded {
  /** False: the subscription epoch moved, nothing was written. Refresh, work out the endpoints again, and try again. */
  readonly written: boolean;
  /** Events whose idempotency key was already taken: not written. */
  readonly lost: ReadonlySet<string>;
  /** To be called once the commit is durable: hands the deliveries to memory. */
  committed(): void;
  /** To be called when it was rolled back, or may have been. */
  abandoned(): void;
}

const statsFlushMs = 5_000;
const partitionMissing = '23514';
const never = new AbortController().signal;

export type Engine = ReturnType<typeof createEngine>;

/** The delivery engine: enqueue (`record`), consume (claimer, dispatcher) and settle. It knows nothing of what the events mean. */
export function createEngine(options: EngineOptions) {
  const { db, bus, clock, ids, subscriptions, processId, onError } = options;
  const settler = createSettler(db, clock, (error) => onError(error, 'settle'));
  const stats = createStats(db);
  const dueListeners = new Set<(endpoints: readonly EndpointId[] | undefined) => void>();

  const dispatcher = new Dispatcher({
    clock,
    random: options.random,
    sender: options.sender,
    maxInFlight: options.maxInFlight,
    processes: options.processes,
    unsettled: () => settler.waiting,
    wantsWork: (lane, atMs) => claimer.wantsWork(lane, atMs),
    settle: finish,
  });
  const claimer = createClaimer({
    db,
    clock,
    subscriptions,
    dispatcher: () => dispatcher,
    processId,
    onLook: options.onLook,
    onError: (error) => onError(error, 'claim'),
  });

  // Deliveries that end without success, one transaction each, one after the other: each may disable an endpoint and emit events.
  let failures: Promise<void> = Promise.resolve();

  function finish(finished: Finished, settlement: Settlement, written: () => void): void {
    stats.record(finished.endpoint.id, settlement.completedAtMs, settlement.durationMs, settlement.error);
    options.onFinished(finished);
    if (finished.outcome.kind === 'failed' && finished.item.kind !== 'test') failures = failures.then(() => fail(finished, settlement)).then(written);
    else settler.add(settlement, written);
  }

  async function fail({ endpoint, item, attempt, outcome }: Finished, settlement: Settlement): Promise<void> {
    const failure: DeliveryFailure = {
      endpoint,
      deliveryId: item.id,
      eventId: item.event.id,
      eventType: item.event.type,
      attempts: attempt,
      why: outcome.kind === 'failed' ? outcome.why : 'exhausted',
      error: settlement.error ?? 'unknown',
      createdAtMs: item.event.createdAtMs,
    };
    for (let wait = 100; ; wait = Math.min(wait * 2, 5_000)) {
      try {
        return await db.transaction(async (tx) => {
          const settled = await settle(tx, [settlement]);
          if (settled.length > 0) await options.onFailed(tx, failure);
        });
      } catch (error) {
        onError(error, 'fail');
        await pause(clock, wait, never);
      }
    }
  }

  /** Where a new delivery of this endpoint waits: in this process's memory when it has room, else in the database. */
  function place(endpoint: Endpoint, nowMs: number): { lane: Lane | undefined; dueAtMs: number } {
    if (!options.delivers || !endpoint.isActive || endpoint.transport === 'pull' || endpoint.fifo || !dispatcher.hasRoom(1))
      return { lane: undefined, dueAtMs: nowMs };
    const lane = dispatcher.lane(endpoint);
    // Rows already wait in the database: newer ones line up behind them.
    if (lane.backlog || dispatcher.room(lane) <= 0) return { lane: undefined, dueAtMs: nowMs };
    lane.reserved += 1;
    return { lane, dueAtMs: nowMs + leaseMs(endpoint) };
  }

  function tellDue(endpoints: readonly EndpointId[]): void {
    for (const listener of dueListeners) listener(endpoints);
    if (options.delivers) claimer.wake(endpoints);
  }

  async function write(on: Queryable, epoch: number, emissions: readonly Emission[]): Promise<Recorded> {
    const now = clock.now();
    const rows: DeliveryRow[] = [];
    const inHand: { lane: Lane; item: Item }[] = [];
    const due = new Set<EndpointId>();
    let remote = false;
    for (const { event, endpoints, kind } of emissions) {
      const shared: EventInHand = {
        id: event.id,
        organizationId: event.organizationId,
        type: event.type,
        data: event.data,
        occurredAtMs: event.occurredAtMs,
        createdAtMs: event.createdAtMs,
        bodies: new Map(),
      };
      for (const endpoint of endpoints) {
        const id = ids.next<DeliveryId>();
        const { lane, dueAtMs } = place(endpoint, now);
        if (lane !== undefined) inHand.push({ lane, item: { id, event: shared, kind, attemptCount: 0, scheduleBase: 0, leaseUntilMs: dueAtMs } });
        else if (endpoint.isActive) {
          due.add(endpoint.id);
          // Only this process knows of its own overflow; a FIFO line, a pull or another process's work has to be told.
          remote ||= !options.delivers || endpoint.fifo || endpoint.transport === 'pull';
        }
        rows.push({
          id,
          endpointId: endpoint.id,
          organizationId: event.organizationId,
          eventId: event.id,
          eventType: event.type,
          kind,
          state: endpoint.isActive ? 'pending' : 'held',
          dueAtMs,
          createdAtMs: event.createdAtMs,
          keyed: event.idempotency !== undefined,
        });
      }
    }
    const abandoned = (): void => {
      for (const { lane } of inHand) lane.reserved -= 1;
    };
    try {
      const { written, won } = await record(
        on,
        epoch,
        emissions.map(({ event }) => event),
        rows,
      );
      if (!written) abandoned();
      const lost = new Set(emissions.flatMap(({ event }) => (event.idempotency !== undefined && !won.has(event.id) ? [event.id] : [])));
      return {
        written,
        lost,
        abandoned,
        committed: () => {
          for (const { lane, item } of inHand) {
            lane.reserved -= 1;
            if (!lost.has(item.event.id)) dispatcher.accept(lane, [item]);
          }
          if (due.size === 0) return;
          tellDue([...due]);
          if (remote && options.processes() > 1) announceSoon(due);
        },
      };
    } catch (error) {
      abandoned();
      throw error;
    }
  }

  // NOTIFY takes a lock that all commits with a notice share; many publishes therefore make one.
  let toAnnounce: Set<EndpointId> | undefined;
  function announceSoon(endpoints: Iterable<EndpointId>): void {
    if (toAnnounce !== undefined) {
      for (const id of endpoints) toAnnounce.add(id);
      return;
    }
    toAnnounce = new Set(endpoints);
    clock.setTimer(() => {
      const due = [...(toAnnounce ?? [])];
      toAnnounce = undefined;
      // A payload is limited to 8,000 bytes; past that, an empty list means "look everywhere".
      void announce(db, { kind: 'due', endpoints: due.length > 100 ? [] : due }).catch((error: unknown) => onError(error, 'announce'));
    }, 5);
  }

  subscriptions.onChange((changed) => {
    for (const id of changed) {
      const lane = dispatcher.lanes.get(id);
      const endpoint = subscriptions.get(id);
      if (lane === undefined || endpoint === undefined) continue;
      lane.endpoint = endpoint;
    }
    if (options.delivers) claimer.wake();
  });
  bus.subscribe((notice) => {
    if (notice === undefined || (notice.kind === 'due' && notice.endpoints.length === 0)) {
      for (const listener of dueListeners) listener(undefined);
      if (options.delivers) claimer.wake();
    } else if (notice.kind === 'due') tellDue(notice.endpoints as readonly EndpointId[]);
  });

  return {
    subscriptions,
    /**
     * Writes events and deliveries on `on` (the pool, or a transaction of the caller's), as of the epoch the endpoints were found at.
     */
    async record(on: Queryable, epoch: number, emissions: readonly Emission[]): Promise<Recorded> {
      try {
        return await write(on, epoch, emissions);
      } catch (error) {
        // The clock may have passed the days prepared. Inside a caller's transaction the error has already ended it.
        if (sqlState(error) !== partitionMissing || on !== db) throw error;
        await createPartitions(db, clock.now());
        return write(on, epoch, emissions);
      }
    },
    /** Deliveries of these endpoints have become due by another way than `record`: a retry, a release, a replay. */
    async due(on: Queryable, endpoints: readonly EndpointId[]): Promise<void> {
      await announce(on, { kind: 'due', endpoints });
    },
    /** Listens for work on pull endpoints; `undefined` means anywhere. @returns how to stop listening. */
    onDue(listener: (endpoints: readonly EndpointId[] | undefined) => void): () => void {
      dueListeners.add(listener);
      return () => dueListeners.delete(listener);
    },
    get figures() {
      return {
        inFlight: dispatcher.inFlight,
        queued: dispatcher.queued,
        unsettled: settler.waiting,
        openSockets: options.sender.openSockets,
        egressRefusals: options.sender.egressRefusals,
      };
    },
    /** Records an attempt made elsewhere (a pull endpoint's). */
    finish,
    flushStats: () => stats.flush(),

    /** Delivers until the signal aborts, then drains: what is under way is finished within the deadline, the rest is given back. */
    async run(signal: AbortSignal): Promise<void> {
      const flushing = new AbortController();
      const flush = async (): Promise<void> => {
        while (!flushing.signal.aborted) {
          await pause(clock, statsFlushMs, flushing.signal);
          await stats.flush().catch((error: unknown) => onError(error, 'stats'));
        }
      };
      const flushed = flush();
      if (options.delivers) await claimer.run(signal);
      else await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));

      const waiting = await dispatcher.stop();
      const deadline = new AbortController();
      const timer = clock.setTimer(() => deadline.abort(), options.shutdownMs);
      const late = new Promise<void>((resolve) => deadline.signal.addEventListener('abort', () => resolve(), { once: true }));
      const rows = waiting.flatMap(({ lane, items }) => items.map((item) => ({ endpoint: lane.endpoint.id, id: item.id })));
      if (rows.length > 0)
        await giveBack(
          db,
          rows.map((row) => row.endpoint),
          rows.map((row) => row.id),
          clock.now(),
        ).catch((error: unknown) => onError(error, 'give back'));
      await Promise.race([dispatcher.finishedAll, late]);
      await settler.drained(deadline.signal);
      await Promise.race([failures, late]);
      await releaseFifo(db, processId).catch((error: unknown) => onError(error, 'release'));
      clock.clearTimer(timer);
      flushing.abort();
      await flushed;
    },
  };
}
