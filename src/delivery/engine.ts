import type { Clock } from '../base/clock.ts';
import { unreachable } from '../base/errors.ts';
import type { EndpointId, Ids } from '../base/ids.ts';
import { aborted, sleep } from '../base/sleep.ts';
import { announce, type Bus } from '../db/bus.ts';
import type { Holder } from '../db/holder.ts';
import type { Database, Queryable, Transaction } from '../db/pool.ts';
import type { AccessTokens } from './access-tokens.ts';
import { createClaimer, type Claimer } from './claimer.ts';
import type { Cleared, Finished } from './dispatcher-options.ts';
import { Dispatcher } from './dispatcher.ts';
import { createDueNotices, type DueListener, type DueNotices } from './due-notices.ts';
import { createEnqueue, type Enqueue } from './enqueue.ts';
import { createLeaseReturns, type LeaseReturns } from './lease-returns.ts';
import { createLiveAttempts, type LiveAttempts } from './live-attempts.ts';
import { createFailureWriter, type DeliveryFailure, type FailureWriter } from './queue/failure-writer.ts';
import { release, releaseFifo, type Settlement } from './queue/queries.ts';
import { releaseLeases } from './queue/release-leases.ts';
import { createSettler, type Settler } from './queue/settler.ts';
import { createStats, type HealthHandler, type Stats } from './stats.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { BodyRenderer } from './templates/renderer.ts';
import type { Sender } from './transport/sender.ts';

export type { DeliveryFailure } from './queue/failure-writer.ts';

export interface EngineOptions {
  readonly db: Database;
  readonly bus: Bus;
  /** Of this process; it releases the leases of dead ones. */
  readonly holder: Holder;
  readonly clock: Clock;
  readonly ids: Ids;
  /** 0 to 1, for the jitter of retries. */
  readonly random: () => number;
  /** The number of live processes. */
  readonly processes: () => number;
  readonly subscriptions: Subscriptions;
  readonly sender: Sender;
  readonly tokens: AccessTokens;
  readonly templates: BodyRenderer;
  readonly maxInFlight: number;
  /** Failures in a row after which an endpoint counts as failing. */
  readonly failingAfter: number;
  readonly shutdownMs: number;
  /** False in a process without the engine role: it writes, others deliver. */
  readonly delivers: boolean;
  /** Called after each attempt, before its outcome is written. */
  readonly onFinished: (finished: Finished) => void;
  /** Called with the age of the oldest due delivery, in milliseconds. */
  readonly onScan: (oldestDueMs: number) => void;
  readonly onError: (error: unknown, during: string) => void;
}

/** Handles a delivery that fails permanently, in the transaction that records it. */
export type FailureHandler = (tx: Transaction, failure: DeliveryFailure) => Promise<void>;

export interface Engine {
  readonly subscriptions: Subscriptions;
  readonly enqueue: Enqueue;
  /** Announces deliveries that became due by other means than `enqueue`: a retry, a release, a replay. */
  due(on: Queryable, endpoints: readonly EndpointId[]): Promise<void>;
  /** Releases up to `limit` held deliveries of an endpoint, the oldest first. Call `due` afterwards. @returns how many. */
  release(endpoint: EndpointId, limit: number): Promise<number>;
  /** Sets the handler of permanent failures. It emits events, so it is created after the engine. */
  onFailed(handler: FailureHandler): void;
  /** Sets the handler of endpoints that started or stopped failing; called in the transaction that records it. */
  onHealth(handler: HealthHandler): void;
  /** Reports attempts, made by any process, to those who watch an organization. @returns a function that removes the listener. */
  watch: LiveAttempts['watch'];
  /** Reports due deliveries to listeners of pull endpoints. @returns a function that removes the listener. */
  onDue(listener: DueListener): () => void;
  readonly figures: {
    readonly inFlight: number;
    readonly queued: number;
    readonly unsettled: number;
    readonly openSockets: number;
    readonly egressRefusals: number;
    readonly strays: number;
  };
  /** Takes the outcome of an attempt; `written` is called when it is written. Pull endpoints report theirs here, too. */
  finish(finished: Finished, settlement: Settlement, written: () => void): void;
  flushStats(): Promise<void>;
  /** Delivers until the signal aborts, then drains: attempts in flight finish within the deadline, the rest is given back. */
  run(signal: AbortSignal): Promise<void>;
}

/** The parts of a running engine. */
interface Parts {
  readonly options: EngineOptions;
  /** Aborts when this process gives up what it could not write; its leases cover for it. */
  readonly ended: AbortController;
  readonly settler: Settler;
  readonly failures: FailureWriter;
  readonly stats: Stats;
  readonly due: DueNotices;
  readonly leases: LeaseReturns;
  readonly dispatcher: Dispatcher;
  readonly claimer: Claimer;
}

const statsFlushMs = 5_000;

/**
 * Creates the delivery engine: enqueue, consume (claimer, dispatcher) and settle. It does not know what events mean.
 *
 * @example
 * const engine = createEngine({ db, bus, clock, ids, subscriptions, sender, … });
 * const running = engine.run(stopping.signal);
 * await db.transaction(async (tx) => {
 *   const { committed, rolledBack } = await engine.enqueue(tx, [event]);
 *   tx.afterCommit(committed);
 *   tx.afterRollback(rolledBack);
 * });
 */
export function createEngine(options: EngineOptions): Engine {
  const { db, bus, holder, clock, subscriptions, onError } = options;
  const failed =
    (during: string) =>
    (error: unknown): void =>
      onError(error, during);
  const ended = new AbortController();
  const { signal } = ended;
  const settler = createSettler(db, clock, signal, failed('settle'));
  let handleFailure: FailureHandler = () => Promise.reject(unreachable('no failure handler'));
  const failures = createFailureWriter({
    db,
    clock,
    signal,
    onFailed: (tx, failure) => handleFailure(tx, failure),
    onError: failed('fail'),
  });
  const unsettled = (): number => settler.waiting + failures.waiting;
  let handleHealth: HealthHandler = () => Promise.resolve([]);
  const stats = createStats(db, options.failingAfter, (tx, changes) => handleHealth(tx, changes));
  const due = createDueNotices(db, clock, failed('announce'));
  const leases = createLeaseReturns({ db, clock, signal, onGiven: due.announceSoon, onError: failed('give back') });
  const live = createLiveAttempts(db, bus, clock, failed('watch'));
  const mayLease = (): boolean => bus.connected;

  function finish(finished: Finished, settlement: Settlement, written: () => void): void {
    stats.add(finished.endpoint.id, settlement.completedAtMs, settlement.durationMs, settlement.error);
    live.add(finished.endpoint, settlement.error === null);
    options.onFinished(finished);
    const failure = failureOf(finished, settlement);
    if (failure === undefined) settler.add(settlement, written);
    else failures.add(failure, settlement, written);
  }

  const dispatcher = new Dispatcher({
    clock,
    random: options.random,
    sender: options.sender,
    tokens: options.tokens,
    templates: options.templates,
    maxInFlight: options.maxInFlight,
    maySend: mayLease,
    processes: options.processes,
    unsettled,
    wantsWork: (lane, atMs) => claimer.wantsWork(lane, atMs),
    giveBack: (cleared) => leases.giveSoon([cleared]),
    settle: finish,
  });
  const claimer = createClaimer({
    db,
    clock,
    subscriptions,
    dispatcher,
    holder: () => holder.id,
    mayClaim: mayLease,
    stalled: () => settler.stalled || failures.stalled,
    onScan: options.onScan,
    onError: failed('claim'),
  });
  holder.register({
    release: releaseLeases,
    onRenewed: () => leases.giveSoon(dispatcher.clear()),
    onReleased: due.announceEverywhere,
  });
  const parts: Parts = { options, ended, settler, failures, stats, due, leases, dispatcher, claimer };
  if (options.delivers) due.listen((endpoints) => claimer.wake(endpoints));
  followChanges(parts);

  return {
    subscriptions,
    enqueue: createEnqueue({ ...options, dispatcher, due, holder: () => holder.id, mayLease }),
    due: (on, endpoints) => announce(on, { kind: 'due', endpoints }),
    release: (endpoint, limit) => release(db, endpoint, limit, clock.now()),
    onFailed: (handler) => {
      handleFailure = handler;
    },
    onHealth: (handler) => {
      handleHealth = handler;
    },
    watch: live.watch,
    onDue: due.listen,
    get figures() {
      const { openSockets, egressRefusals, strays } = options.sender;
      const { inFlight, queued } = dispatcher;
      return { inFlight, queued, unsettled: unsettled(), openSockets, egressRefusals, strays };
    },
    finish,
    flushStats: () => stats.flush(),
    run: (stopping) => run(parts, stopping),
  };
}

/** Undefined for an attempt that does not end its delivery as failed, and for a test, whose failure has no consequences. */
function failureOf(
  { endpoint, item, attempt, outcome }: Finished,
  { error }: Pick<Settlement, 'error'>,
): DeliveryFailure | undefined {
  if (outcome.kind !== 'failed' || item.kind === 'test') return undefined;
  return {
    endpoint,
    deliveryId: item.id,
    eventId: item.event.id,
    eventType: item.event.type,
    attempts: attempt,
    why: outcome.why,
    error: error ?? 'unknown',
    createdAtMs: item.event.createdAtMs,
  };
}

/** Passes on changes of endpoints, and notices of other processes. */
function followChanges({ options, due, leases, dispatcher, claimer }: Parts): void {
  const { bus, subscriptions, delivers } = options;
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
    if (delivers) claimer.wake();
    leases.giveSoon(cleared);
  });
  bus.subscribe((notice) => {
    if (notice === undefined || (notice.kind === 'due' && notice.endpoints.length === 0)) {
      due.tell(undefined);
      dispatcher.pump();
    } else if (notice.kind === 'erased') dispatcher.forgetEvents(new Set(notice.events));
    else if (notice.kind === 'due') due.tell(notice.endpoints as readonly EndpointId[]);
  });
}

async function run(parts: Parts, stopping: AbortSignal): Promise<void> {
  const { options, stats, claimer } = parts;
  const flushing = new AbortController();
  const flush = async (): Promise<void> => {
    while (!flushing.signal.aborted) {
      await sleep(options.clock, statsFlushMs, flushing.signal);
      await stats.flush().catch((error: unknown) => options.onError(error, 'stats'));
    }
  };
  const flushed = flush();
  const working = options.delivers ? claimer.run(stopping) : Promise.resolve();
  await aborted(stopping);
  await drain(parts, working, () => {
    flushing.abort();
    return flushed;
  });
}

/**
 * Ends a process: nothing new begins, attempts in flight finish, outcomes are written, leases are given back. The deadline counts from
 * the moment of stopping; what is still waiting for the database then is left to the leases.
 */
async function drain(
  { options, ended, settler, failures, due, leases, dispatcher, claimer }: Parts,
  working: Promise<unknown>,
  flushed: () => Promise<void>,
): Promise<void> {
  const { clock, db, holder } = options;
  const deadline = new AbortController();
  const timer = clock.setTimer(() => deadline.abort(), options.shutdownMs);
  const late = new Promise<void>((resolve) =>
    deadline.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  const within = (work: Promise<unknown>): Promise<unknown> =>
    Promise.race([work.catch((error: unknown) => options.onError(error, 'stop')), late]);
  await within(working);
  await within(leases.give(dispatcher.stop()));
  await within(Promise.all([dispatcher.finishedAll, claimer.idle]));
  await Promise.all([settler.drained(deadline.signal), failures.drained(deadline.signal)]);
  // What a claim or a commit brought in the meantime.
  await within(leases.give(dispatcher.stop()));
  if (options.delivers) {
    const busy = [...dispatcher.lanes.values()]
      .filter((lane) => lane.inFlight + lane.unsettled > 0)
      .map((lane) => lane.endpoint.id);
    await within(releaseFifo(db, holder.id, busy));
    await within(due.announceEverywhere());
  }
  await within(flushed());
  ended.abort();
  clock.clearTimer(timer);
}
