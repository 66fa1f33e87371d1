import type { Clock } from '../base/clock.ts';
import { announce, type Bus } from '../db/bus.ts';
import { createPartitions } from '../db/partitions.ts';
import { sqlState, type Database, type Queryable, type Transaction } from '../db/pool.ts';
import { timeOfId, type DeliveryId, type EndpointId, type Ids } from '../base/ids.ts';
import { sleep } from '../base/sleep.ts';
import { createClaimer } from './claimer.ts';
import { Dispatcher, type Cleared, type Finished } from './dispatcher.ts';
import { createEndings, type DeliveryFailure } from './queue/failure-writer.ts';
import { leaseMs, type Endpoint } from './endpoint.ts';
import type { EventInHand, Item, Lane } from './lane.ts';
import { createHolder } from './queue/holder.ts';
import {
  giveBack,
  release,
  releaseFifo,
  releaseThese,
  type DeliveryKind,
  type Leased,
  type Settlement,
} from './queue/queries.ts';
import { record, type DeliveryRow, type EventRow } from './queue/write-events.ts';
import type { Sender } from './transport/sender.ts';
import { createSettler, partitionMissing } from './queue/settler.ts';
import { createStats } from './stats.ts';
import type { Subscriptions } from './subscriptions.ts';

export type { DeliveryFailure } from './queue/failure-writer.ts';

export interface EngineOptions {
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: () => number;
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

export type Engine = ReturnType<typeof createEngine>;

/** The delivery engine: enqueue (`record`), consume (claimer, dispatcher) and settle. It knows nothing of what the events mean. */
export function createEngine(options: EngineOptions) {
  const { db, bus, clock, ids, subscriptions, onError } = options;
  /** Aborts when this process gives up what it could not write; leases cover for it. */
  const ended = new AbortController();
  const settler = createSettler(db, clock, ended.signal, (error) => onError(error, 'settle'));
  const endings = createEndings({
    db,
    clock,
    signal: ended.signal,
    onFailed: options.onFailed,
    onError: (error) => onError(error, 'fail'),
  });
  const unsettled = (): number => settler.waiting + endings.waiting;
  const stats = createStats(db);
  const dueListeners = new Set<(endpoints: readonly EndpointId[] | undefined) => void>();

  const dispatcher = new Dispatcher({
    clock,
    random: options.random,
    sender: options.sender,
    maxInFlight: options.maxInFlight,
    maySend: () => bus.connected,
    processes: options.processes,
    unsettled,
    wantsWork: (lane, atMs) => claimer.wantsWork(lane, atMs),
    giveBack: (cleared) => giveBackSoon([cleared]),
    settle: finish,
  });
  const claimer = createClaimer({
    db,
    clock,
    subscriptions,
    dispatcher: () => dispatcher,
    holder: () => holder.id,
    mayClaim: () => bus.connected,
    stalled: () => settler.stalled || endings.stalled,
    onLook: options.onLook,
    onError: (error) => onError(error, 'claim'),
  });

  const holder = createHolder({
    db,
    clock,
    held: () => bus.connected,
    onRenewed: () => giveBackSoon(dispatcher.clear()),
    onReleased: () => everywhereDue(),
    onError: (error) => onError(error, 'release'),
  });
  if (options.delivers) bus.onSession(holder.acquire);

  function finish(finished: Finished, settlement: Settlement, written: () => void): void {
    const { endpoint, item, attempt, outcome } = finished;
    stats.record(endpoint.id, settlement.completedAtMs, settlement.durationMs, settlement.error);
    options.onFinished(finished);
    if (outcome.kind !== 'failed' || item.kind === 'test') return settler.add(settlement, written);
    const failure: DeliveryFailure = {
      endpoint,
      deliveryId: item.id,
      eventId: item.event.id,
      eventType: item.event.type,
      attempts: attempt,
      why: outcome.why,
      error: settlement.error ?? 'unknown',
      createdAtMs: item.event.createdAtMs,
    };
    endings.add(failure, settlement, written);
  }

  /** Where a new delivery of this endpoint waits: in this process's memory when it has room, else in the database. */
  function place(endpoint: Endpoint, bytes: number, nowMs: number): { lane: Lane | undefined; dueAtMs: number } {
    if (!options.delivers || !bus.connected || !endpoint.isActive || endpoint.transport !== 'push' || endpoint.fifo)
      return { lane: undefined, dueAtMs: nowMs };
    const lane = dispatcher.lane(endpoint);
    // Rows already wait in the database: newer ones line up behind them.
    if (lane.backlog || dispatcher.room(lane) <= 0 || dispatcher.bytesRoom(lane) < bytes)
      return { lane: undefined, dueAtMs: nowMs };
    dispatcher.reserve(lane, 1);
    return { lane, dueAtMs: nowMs + leaseMs(endpoint) };
  }

  function tellDue(endpoints: readonly EndpointId[]): void {
    for (const listener of dueListeners) listener(endpoints);
    if (options.delivers) claimer.wake(endpoints);
  }

  async function write(on: Queryable, epoch: number, emissions: readonly Emission[]): Promise<Recorded> {
    const now = clock.now();
    const self = holder.id;
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
        const { lane, dueAtMs } = place(endpoint, event.data.length, now);
        if (lane !== undefined)
          inHand.push({
            lane,
            item: { id, event: shared, kind, attemptCount: 0, scheduleBase: 0, leaseUntilMs: dueAtMs },
          });
        else if (endpoint.isActive) {
          due.add(endpoint.id);
          // Overflow is this process's own business. Another one may hold a FIFO line, wait for a pull, or do all the delivering.
          remote ||= !options.delivers || endpoint.transport !== 'push' || (endpoint.fifo && options.processes() > 1);
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
          holder: lane === undefined ? undefined : self,
          createdAtMs: event.createdAtMs,
          keyed: event.idempotency !== undefined,
        });
      }
    }
    const abandoned = (): void => {
      for (const { lane } of inHand) dispatcher.unreserve(lane, 1);
    };
    try {
      const { written, won } = await record(
        on,
        epoch,
        emissions.map(({ event }) => event),
        rows,
      );
      if (!written) abandoned();
      const lost = new Set(
        emissions.flatMap(({ event }) => (event.idempotency !== undefined && !won.has(event.id) ? [event.id] : [])),
      );
      return {
        written,
        lost,
        abandoned,
        committed: () => {
          for (const { lane, item } of inHand) {
            dispatcher.unreserve(lane, 1);
            // Unless another process has released it in the meantime.
            if (!lost.has(item.event.id) && holder.id === self) dispatcher.accept(lane, [item]);
          }
          // A lone statement commits as it is written; a caller's transaction may have been open while its endpoint was enabled.
          if (on !== db)
            releaseLate(rows.filter(({ state }) => state === 'held')).catch((error: unknown) =>
              onError(error, 'release'),
            );
          if (due.size === 0) return;
          tellDue([...due]);
          if (remote) announceSoon(due);
        },
      };
    } catch (error) {
      abandoned();
      throw error;
    }
  }

  /** What was written as held, and committed after a release that could not see it, would hold up a FIFO queue until the next release. */
  async function releaseLate(held: readonly DeliveryRow[]): Promise<void> {
    if (held.length === 0) return;
    await subscriptions.refresh();
    const late = held.filter(({ endpointId }) => subscriptions.get(endpointId)?.isActive === true);
    if (late.length === 0 || (await releaseThese(db, late)) === 0) return;
    await announce(db, { kind: 'due', endpoints: [] });
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
      void announce(db, { kind: 'due', endpoints: due.length > 100 ? [] : due }).catch((error: unknown) =>
        onError(error, 'announce'),
      );
    }, 5);
  }

  const leased = ({ lane, items }: Cleared): readonly Leased[] =>
    items.map((item) => ({ endpointId: lane.endpoint.id, id: item.id, leaseUntilMs: item.leaseUntilMs }));

  /** Gives back what this process had not begun. */
  async function letGo(cleared: readonly Cleared[]): Promise<void> {
    const rows = cleared.flatMap(leased);
    if (rows.length > 0) await giveBack(db, rows, clock.now());
  }

  const everywhereDue = (): Promise<void> => announce(db, { kind: 'due', endpoints: [] });

  const toGiveBack: Cleared[] = [];
  let givingBack = false;
  /** Ends leases: what is added while a statement runs goes into the next one. */
  function giveBackSoon(cleared: readonly Cleared[]): void {
    toGiveBack.push(...cleared);
    if (givingBack) return;
    givingBack = true;
    queueMicrotask(() => void giveBackAll());
  }
  async function giveBackAll(): Promise<void> {
    // A process that ends leaves the rest to the process that releases its leases.
    while (toGiveBack.length > 0 && !ended.signal.aborted) {
      const now = toGiveBack.splice(0);
      try {
        await letGo(now);
        announceSoon(now.map(({ lane }) => lane.endpoint.id));
      } catch (error) {
        onError(error, 'give back');
      }
    }
    givingBack = false;
  }

  subscriptions.onChange((changed) => {
    const cleared: Cleared[] = [];
    for (const id of changed) {
      const lane = dispatcher.lanes.get(id);
      const endpoint = subscriptions.get(id);
      if (endpoint === undefined) claimer.orphan();
      if (lane === undefined) continue;
      const items = dispatcher.changed(lane, endpoint?.transport === 'push' ? endpoint : undefined);
      if (items.length > 0) cleared.push({ lane, items });
    }
    if (options.delivers) claimer.wake();
    giveBackSoon(cleared);
  });
  bus.subscribe((notice) => {
    if (notice === undefined || (notice.kind === 'due' && notice.endpoints.length === 0)) {
      for (const listener of dueListeners) listener(undefined);
      if (options.delivers) claimer.wake();
      dispatcher.pump();
      holder.wake();
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
        if (sqlState(error) !== partitionMissing) throw error;
        // The clock has passed the days prepared, or ids are ahead of a clock that was set back. Inside a caller's transaction the error
        // has already ended it, and the new days wait for that end: they are there for the next try.
        const created = createPartitions(db, timeOfId(ids.next()));
        if (on === db) {
          await created;
          return await write(on, epoch, emissions);
        }
        created.catch((error_: unknown) => onError(error_, 'partitions'));
        throw error;
      }
    },
    /** Deliveries of these endpoints have become due by another way than `record`: a retry, a release, a replay. */
    async due(on: Queryable, endpoints: readonly EndpointId[]): Promise<void> {
      await announce(on, { kind: 'due', endpoints });
    },
    /** Releases up to `limit` of what is held for an endpoint, the oldest first. @returns how many; `due` tells of them. */
    release: (endpoint: EndpointId, limit: number): Promise<number> => release(db, endpoint, limit, clock.now()),
    /** Listens for work on pull endpoints; `undefined` means anywhere. @returns how to stop listening. */
    onDue(listener: (endpoints: readonly EndpointId[] | undefined) => void): () => void {
      dueListeners.add(listener);
      return () => dueListeners.delete(listener);
    },
    get figures() {
      return {
        inFlight: dispatcher.inFlight,
        queued: dispatcher.queued,
        unsettled: unsettled(),
        openSockets: options.sender.openSockets,
        egressRefusals: options.sender.egressRefusals,
        strays: options.sender.strays,
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
          await sleep(clock, statsFlushMs, flushing.signal);
          await stats.flush().catch((error: unknown) => onError(error, 'stats'));
        }
      };
      const flushed = flush();
      const working = options.delivers ? Promise.all([claimer.run(signal), holder.run(signal)]) : Promise.resolve();
      await new Promise<void>((resolve) =>
        signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
      );

      // From the moment of stopping: what is still asking the database then may take as long as the database does.
      const deadline = new AbortController();
      const timer = clock.setTimer(() => deadline.abort(), options.shutdownMs);
      const late = new Promise<void>((resolve) =>
        deadline.signal.addEventListener('abort', () => resolve(), { once: true }),
      );
      const within = (work: Promise<unknown>): Promise<unknown> =>
        Promise.race([work.catch((error: unknown) => onError(error, 'stop')), late]);
      await within(working);
      await within(letGo(dispatcher.stop()));
      await within(Promise.all([dispatcher.finishedAll, claimer.idle]));
      await Promise.all([settler.drained(deadline.signal), endings.drained(deadline.signal)]);
      // What a claim or a commit brought meanwhile.
      await within(letGo(dispatcher.stop()));
      if (options.delivers) {
        const busy = [...dispatcher.lanes.values()]
          .filter((lane) => lane.inFlight + lane.unsettled > 0)
          .map((lane) => lane.endpoint.id);
        await within(releaseFifo(db, holder.id, busy));
        await within(everywhereDue());
      }
      flushing.abort();
      await within(flushed);
      ended.abort();
      clock.clearTimer(timer);
    },
  };
}
