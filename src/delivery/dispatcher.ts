import type { Clock } from '../clock.ts';
import type { EndpointId } from '../ids.ts';
import { headersOf, settlementOf, signedAttempt } from './attempt.ts';
import type { Endpoint } from './endpoint.ts';
import { Lane, Turns, type Item } from './lane.ts';
import type { Settlement } from './queries.ts';
import { decide, type Outcome } from './retry.ts';
import type { SendResult, Sender } from './sender.ts';

/** One finished attempt, for logs, metrics and statistics. */
export interface Finished {
  readonly endpoint: Endpoint;
  readonly item: Item;
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly result: SendResult;
  readonly startedAtMs: number;
}

export interface DispatcherOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly sender: Sender;
  readonly maxInFlight: number;
  /** Live processes: they share an endpoint's rate limit. */
  readonly processes: () => number;
  /** Takes an attempt's outcome; calls back when it is written. */
  readonly settle: (finished: Finished, settlement: Settlement, written: () => void) => void;
  /** Outcomes still to be written; past `unsettledMax` nothing more is sent. */
  readonly unsettled: () => number;
  /** A lane has room, or must be looked at again, at this time. */
  readonly wantsWork: (lane: Lane, atMs: number) => void;
}

/** An attempt begins only when its lease outlasts it by this much. */
const leaseMarginMs = 3_000;
/** While the database is away outcomes pile up here; past this, sending waits. */
const unsettledMax = 5_000;
/** One tenant may hold this share of all sockets while others have something to send. */
const organizationShare = 0.5;
/** Bodies in memory. Beyond it the rows wait in the database. */
const bytesMax = 128 * 1024 * 1024;
const itemsMax = 50_000;

/** Sends what is in memory: lanes, turns, limits. It knows neither SQL nor how an outcome is kept. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #lanes = new Map<EndpointId, Lane>();
  readonly #turns = new Turns();
  readonly #inFlightOf = new Map<string, number>();
  #inFlight = 0;
  #items = 0;
  #bytes = 0;
  #stopped = false;
  #idle: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get queued(): number {
    return this.#items;
  }

  get lanes(): ReadonlyMap<EndpointId, Lane> {
    return this.#lanes;
  }

  lane(endpoint: Endpoint): Lane {
    let lane = this.#lanes.get(endpoint.id);
    if (lane === undefined) this.#lanes.set(endpoint.id, (lane = new Lane(endpoint)));
    else lane.endpoint = endpoint;
    return lane;
  }

  /** Whether memory as a whole has room for `items` more. */
  hasRoom(items: number): boolean {
    return !this.#stopped && this.#items + items <= itemsMax && this.#bytes < bytesMax;
  }

  room(lane: Lane): number {
    return this.#stopped ? 0 : Math.min(lane.room(this.#options.processes()), itemsMax - this.#items);
  }

  /** Takes deliveries of one lane, in the order in which they shall go. */
  accept(lane: Lane, items: readonly Item[]): void {
    for (const item of items) {
      lane.queue.push(item);
      this.#items += 1;
      this.#bytes += item.event.data.length;
    }
    this.#consider(lane);
    this.pump();
  }

  /** Forgets lanes that have nothing to do, so that memory follows the endpoints in use. */
  sweep(): void {
    const now = this.#options.clock.now();
    for (const [id, lane] of this.#lanes) if (lane.idle(now)) this.#lanes.delete(id);
  }

  /** Takes everything out of a lane that has not begun: it stays in the database under its lease. */
  clear(lane: Lane): Item[] {
    const items = lane.queue.drain();
    for (const item of items) this.#forget(item);
    return items;
  }

  /** Sends as much as limits allow. */
  pump(): void {
    const { maxInFlight, unsettled } = this.#options;
    let passed = 0;
    while (!this.#stopped && this.#inFlight < maxInFlight && unsettled() < unsettledMax) {
      const lane = this.#turns.take();
      if (lane === undefined) return;
      const organization = lane.endpoint.organizationId;
      // A tenant past its share is passed over, unless nobody else wants the turn.
      if ((this.#inFlightOf.get(organization) ?? 0) >= maxInFlight * organizationShare && this.#inFlightOf.size > 1 && passed < this.#inFlightOf.size) {
        passed += 1;
        this.#turns.add(lane);
        continue;
      }
      passed = 0;
      const item = lane.queue.shift();
      if (item === undefined) continue;
      this.#start(lane, item);
      this.#consider(lane);
    }
  }

  /** Stops sending. Resolves when nothing is under way. @returns what was still waiting. */
  async stop(): Promise<{ lane: Lane; items: Item[] }[]> {
    this.#stopped = true;
    const waiting: { lane: Lane; items: Item[] }[] = [];
    for (const lane of this.#lanes.values()) {
      this.#options.clock.clearTimer(lane.timer);
      const items = this.clear(lane);
      if (items.length > 0) waiting.push({ lane, items });
    }
    return waiting;
  }

  get finishedAll(): Promise<void> {
    return new Promise((resolve) => (this.#inFlight === 0 ? resolve() : this.#idle.push(resolve)));
  }

  /** Puts the lane in the circle, or sets its timer, or asks for work. */
  #consider(lane: Lane): void {
    const { clock, wantsWork } = this.#options;
    const now = clock.now();
    const at = lane.waitUntil(now);
    if (at === 0) this.#turns.add(lane);
    else if (at !== undefined && lane.timer === undefined) {
      lane.timer = clock.setTimer(() => {
        lane.timer = undefined;
        this.#consider(lane);
        this.pump();
      }, at - now);
    }
    // Half empty: time to fetch, before it runs dry.
    if (lane.backlog && lane.queue.length * 2 <= lane.limit) wantsWork(lane, Math.max(now, lane.blockedUntilMs));
  }

  #forget(item: Item): void {
    this.#items -= 1;
    this.#bytes -= item.event.data.length;
  }

  #start(lane: Lane, item: Item): void {
    const { clock, sender, processes } = this.#options;
    const { endpoint } = lane;
    const now = clock.now();
    if (item.leaseUntilMs - now < endpoint.timeoutMs + leaseMarginMs || !endpoint.isActive) {
      // Too late to begin: whoever claims it after the lease sends it.
      this.#forget(item);
      lane.backlog = true;
      this.#options.wantsWork(lane, item.leaseUntilMs);
      return;
    }
    const attempt = signedAttempt(endpoint, item, now);
    const headers = headersOf(endpoint, attempt);
    lane.started(now, processes());
    this.#inFlight += 1;
    const organization = endpoint.organizationId;
    this.#inFlightOf.set(organization, (this.#inFlightOf.get(organization) ?? 0) + 1);
    void sender
      .send({ url: endpoint.url, headers, body: attempt.body, timeoutMs: endpoint.timeoutMs, maxConnections: endpoint.maxInFlight })
      .then((result) => this.#finish(lane, item, endpoint, headers, now, result));
  }

  #finish(lane: Lane, item: Item, endpoint: Endpoint, headers: Record<string, string>, startedAtMs: number, result: SendResult): void {
    const { clock, random, settle, wantsWork } = this.#options;
    const now = clock.now();
    const attempt = item.attemptCount + 1;
    // A test is one attempt: it asks whether the receiver answers, not whether it will.
    const policy = item.kind === 'test' ? { scheduleSeconds: [], exact: true } : endpoint.retry;
    const outcome = decide(result, policy, attempt - item.scheduleBase, now, random());
    this.#inFlight -= 1;
    const organization = endpoint.organizationId;
    const left = (this.#inFlightOf.get(organization) ?? 1) - 1;
    if (left === 0) this.#inFlightOf.delete(organization);
    else this.#inFlightOf.set(organization, left);
    this.#forget(item);
    lane.finished(now, result.durationMs, outcome.kind === 'retry' ? outcome.slowDownMs : undefined);
    if (outcome.kind === 'retry') {
      if (endpoint.fifo) {
        // The head of the line blocks: what was read behind it is read again when its time has come.
        this.clear(lane);
        lane.blockUntil(outcome.atMs);
        lane.backlog = true;
      }
      wantsWork(lane, outcome.atMs);
    }
    lane.unsettled += 1;
    settle({ endpoint, item, attempt, outcome, result, startedAtMs }, settlementOf(endpoint, item, headers, startedAtMs, now, result, outcome), () => {
      lane.unsettled -= 1;
      this.#consider(lane);
      this.pump();
    });
    this.#consider(lane);
    this.pump();
    if (this.#inFlight === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}
