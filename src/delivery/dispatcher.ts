import type { DeliveryId, EndpointId } from '../base/ids.ts';
import { headersOf, is401, notCreated, settlementOf, signedAttempt } from './attempt.ts';
import type { Cleared, DispatcherOptions } from './dispatcher-options.ts';
import type { Endpoint } from './endpoint.ts';
import { Lane, Turns, type Item } from './lane.ts';
import { prepare } from './preparation.ts';
import type { Unprepared } from './preparation.ts';
import { Slots } from './slots.ts';
import { decide, singleAttempt, slowDownMs } from './retry.ts';
import type { SendResult } from './transport/sender.ts';

/** An attempt begins only if its lease outlasts the endpoint's timeout by this much. */
const leaseMarginMs = 3_000;
/** Outcomes accumulate while the database is unavailable. Past this many, nothing more is sent. */
const unsettledMax = 5_000;
/** The share of all slots that one organization may hold while others have something to send, … */
const organizationShare = 0.5;
/** … and at any time, so that an organization that comes later finds free slots, however slow the receivers of the first one are. */
const organizationShareMax = 0.875;
/** Endpoints in trouble may hold a slot for a whole timeout each, so all of them together get no more than this share. */
const troubledShare = 0.25;
/** Bytes of events in memory. Beyond it, rows wait in the database. */
const bytesMax = 128 * 1024 * 1024;
const itemsMax = 50_000;
/** The share of the free memory that one lane may take. */
const laneShare = 1 / 16;

/**
 * Sends the deliveries in memory: lanes, turns and limits. It does not depend on SQL, nor on how outcomes are stored.
 *
 * @example
 * const lane = dispatcher.lane(endpoint);
 * dispatcher.reserve(lane, 1);
 * // … write the delivery …
 * dispatcher.unreserve(lane, 1);
 * dispatcher.accept(lane, [item]);
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #lanes = new Map<EndpointId, Lane>();
  readonly #turns = new Turns();
  readonly #troubledTurns = new Turns();
  readonly #slots = new Slots();
  readonly #busy = new Set<DeliveryId>();
  /** During a claim: deliveries whose outcome was written since it began, with their number of attempts. */
  #written: Map<DeliveryId, number> | undefined;
  #items = 0;
  #reserved = 0;
  #bytes = 0;
  #stopped = false;
  readonly #idle: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#slots.total;
  }

  get queued(): number {
    return this.#items;
  }

  /** Call when a claim begins, and `claimEnded` when its rows were accepted. Only one claim runs at a time. */
  claimBegan(): void {
    this.#written = new Map();
  }

  claimEnded(): void {
    this.#written = undefined;
  }

  /**
   * It is in flight, or its outcome is not written yet, or was written while the claim that read the row with `attemptCount` attempts was
   * running. It must not be sent again, even if its lease has ended.
   */
  isBusy(id: DeliveryId, attemptCount: number): boolean {
    return this.#busy.has(id) || attemptCount < (this.#written?.get(id) ?? 0);
  }

  get lanes(): ReadonlyMap<EndpointId, Lane> {
    return this.#lanes;
  }

  lane(endpoint: Endpoint): Lane {
    let lane = this.#lanes.get(endpoint.id);
    if (lane === undefined) this.#lanes.set(endpoint.id, (lane = new Lane(endpoint)));
    return lane;
  }

  /**
   * How many more deliveries a lane may take. A lane never holds more than a share of what is left free, so that any number of long
   * queues share the memory and the next one still finds some (Choudhury and Hahne, "Dynamic queue length thresholds", 1998).
   */
  room(lane: Lane): number {
    if (this.#stopped || lane.opensMs > this.#options.clock.now()) return 0;
    const free = itemsMax - this.#items - this.#reserved;
    return Math.min(lane.room(this.#options.processes()), Math.floor(free * laneShare) - lane.held);
  }

  /** How many more bytes a lane may take, by the same rule. */
  bytesRoom(lane: Lane): number {
    return Math.floor(this.bytesFree * laneShare) - lane.bytes;
  }

  /** Bytes that memory still has room for. */
  get bytesFree(): number {
    return bytesMax - this.#bytes;
  }

  /** Reserves room for deliveries that are about to be accepted. */
  reserve(lane: Lane, count: number): void {
    lane.reserved += count;
    this.#reserved += count;
  }

  unreserve(lane: Lane, count: number): void {
    lane.reserved -= count;
    this.#reserved -= count;
  }

  /** Adds deliveries to a lane, in the order in which they are to be sent. */
  accept(lane: Lane, items: readonly Item[]): void {
    for (const item of items) {
      lane.queue.push(item);
      lane.bytes += item.event.data.length;
      this.#bytes += item.event.data.length;
    }
    this.#items += items.length;
    this.#consider(lane);
    this.pump();
  }

  /**
   * Call when the endpoint was changed, or deleted (undefined).
   * @returns the waiting deliveries, removed, if it was disabled or deleted or its ordering changed: their rows decide what happens next.
   */
  changed(lane: Lane, endpoint: Endpoint | undefined): readonly Item[] {
    const before = lane.endpoint;
    lane.endpoint = endpoint ?? { ...before, isActive: false };
    lane.preparing = false;
    const reordered = before.fifo !== lane.endpoint.fifo;
    if (reordered) {
      lane.backlog = true;
      lane.claimsWait = true;
    }
    const items = reordered || !lane.endpoint.isActive ? this.#clear(lane) : [];
    this.#consider(lane);
    this.pump();
    return items;
  }

  /** Removes the waiting deliveries of these events: their data was erased, and their rows were deleted. */
  forgetEvents(events: ReadonlySet<string>): void {
    for (const lane of this.#lanes.values()) {
      if (lane.queue.length === 0) continue;
      for (const item of lane.queue.drain()) {
        if (events.has(item.event.id)) this.#forget(lane, item);
        else lane.queue.push(item);
      }
    }
  }

  /** Forgets lanes that have nothing to do, so that memory depends on the endpoints in use. */
  sweep(): void {
    const now = this.#options.clock.now();
    for (const [id, lane] of this.#lanes) if (lane.idle(now)) this.#lanes.delete(id);
  }

  /** Call when the wall clock was set back: nothing waits any longer for a time computed before. */
  clockWentBack(): void {
    for (const lane of this.#lanes.values()) {
      lane.forgetTimes();
      this.#options.clock.clearTimer(lane.timer);
      lane.timer = undefined;
      this.#consider(lane);
    }
    this.pump();
  }

  /** Sends as much as the limits allow. */
  pump(): void {
    const { maxInFlight, maySend, unsettled } = this.#options;
    let passed = 0;
    while (!this.#stopped && maySend() && this.#slots.total < maxInFlight && unsettled() < unsettledMax) {
      const probing = this.#slots.troubled < Math.max(1, maxInFlight * troubledShare);
      let lane = probing ? this.#troubledTurns.take() : undefined;
      if (lane === undefined) {
        lane = this.#turns.take();
        if (lane === undefined) return;
        const share = this.#slots.of(lane.endpoint.organizationId) / maxInFlight;
        // An organization past its share is skipped until all others have had a turn.
        if (share >= organizationShareMax || (share >= organizationShare && passed < this.#turns.organizations)) {
          this.#turns.add(lane);
          if (passed > this.#turns.organizations) return;
          passed += 1;
          continue;
        }
        passed = 0;
      }
      // Its limits may have changed while it waited for its turn.
      const { oauth2, template } = lane.endpoint;
      const isPlain = oauth2 === undefined && template === undefined;
      if (lane.waitUntil(this.#options.clock.now()) === 0 && (isPlain || this.#isPrepared(lane))) {
        const item = lane.queue.shift();
        if (item !== undefined) this.#start(lane, item);
      }
      this.#consider(lane);
    }
  }

  /** Stops sending. @returns the waiting deliveries, removed; call it again for what arrives afterwards. */
  stop(): readonly Cleared[] {
    this.#stopped = true;
    return this.clear();
  }

  /** Removes and returns the waiting deliveries. */
  clear(): readonly Cleared[] {
    const waiting: Cleared[] = [];
    for (const lane of this.#lanes.values()) {
      this.#options.clock.clearTimer(lane.timer);
      lane.timer = undefined;
      const items = this.#clear(lane);
      if (items.length > 0) waiting.push({ lane, items });
    }
    return waiting;
  }

  /** Resolves when nothing is in flight. */
  get finishedAll(): Promise<void> {
    return new Promise((resolve) => (this.#slots.total === 0 ? resolve() : this.#idle.push(resolve)));
  }

  /** Gives the lane a turn, or sets its timer, or requests work for it. */
  #consider(lane: Lane): void {
    const { clock, wantsWork } = this.#options;
    const now = clock.now();
    const at = lane.waitUntil(now);
    if (at === 0) (lane.troubled ? this.#troubledTurns : this.#turns).add(lane);
    else if (at !== undefined && lane.timer === undefined && !this.#stopped) {
      lane.timer = clock.setTimer(() => {
        lane.timer = undefined;
        this.#consider(lane);
        this.pump();
      }, at - now);
    }
    // Half empty: fetch more before it runs out.
    if (lane.backlog && lane.queue.length * 2 <= lane.limit) wantsWork(lane, Math.max(now, lane.blockedUntilMs));
  }

  /** Removes and returns the lane's waiting deliveries. Their leases in the database stay. */
  #clear(lane: Lane): readonly Item[] {
    const items = lane.queue.drain();
    for (const item of items) this.#forget(lane, item);
    return items;
  }

  #forget(lane: Lane, item: Item): void {
    this.#items -= 1;
    this.#bytes -= item.event.data.length;
    lane.bytes -= item.event.data.length;
  }

  /** Gives deliveries back without an attempt. In a FIFO queue, those after them go with them. */
  #leave(lane: Lane, items: readonly Item[]): void {
    for (const item of items) this.#forget(lane, item);
    lane.backlog = true;
    this.#options.giveBack({ lane, items: lane.endpoint.fifo ? [...items, ...this.#clear(lane)] : items });
  }

  #start(lane: Lane, item: Item): void {
    const { clock, sender, tokens, processes } = this.#options;
    const { endpoint } = lane;
    const now = clock.now();
    if (item.leaseUntilMs - now < endpoint.timeoutMs + leaseMarginMs || !endpoint.isActive)
      return this.#leave(lane, [item]);
    const { troubled } = lane;
    const { organizationId: organization, oauth2 } = endpoint;
    lane.started(now, processes());
    this.#busy.add(item.id);
    this.#slots.take(organization, troubled);
    let headers: Record<string, string> = {};
    const token = oauth2 === undefined ? undefined : tokens.current(oauth2);
    const finish = (result: SendResult): void => {
      this.#slots.giveBack(organization, troubled);
      const refused = oauth2 !== undefined && token !== undefined && is401(result) && tokens.refused(oauth2, token);
      if (refused) this.#sendAgain(lane, item, result.durationMs);
      else this.#finish(lane, item, endpoint, headers, now, result);
    };
    const broken = (error: unknown): void => finish(notCreated(error));
    try {
      const attempt = signedAttempt(endpoint, item, now);
      headers = headersOf(endpoint, attempt);
      if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
      const { url, tls, timeoutMs, maxInFlight: maxConnections } = endpoint;
      void sender
        .send({ url, organization, tls, headers, body: attempt.body, timeoutMs, maxConnections })
        .then(finish, broken);
    } catch (error) {
      // The caller is unrelated: a publish that has already committed, or another endpoint's response.
      queueMicrotask(() => broken(error));
    }
  }

  /** The token was refused, and another one may be accepted: the delivery goes back to the front, and the attempt is repeated with it. */
  #sendAgain(lane: Lane, item: Item, durationMs: number): void {
    lane.finished(this.#options.clock.now(), durationMs, undefined);
    this.#busy.delete(item.id);
    lane.queue.unshift(item);
    this.#next(lane);
  }

  /** After an attempt. */
  #next(lane: Lane): void {
    this.#consider(lane);
    this.pump();
    if (this.#slots.total === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Prepares the lane's first delivery, if that is needed; the lane waits for it, without a slot. */
  #isPrepared(lane: Lane): boolean {
    const { endpoint } = lane;
    const item = lane.queue.peek();
    const work = item === undefined ? undefined : prepare(this.#options, endpoint, item);
    if (work === undefined) return true;
    lane.preparing = true;
    void work.then((failure) => {
      // The endpoint was changed in the meantime: another preparation may be running.
      if (lane.endpoint !== endpoint) return;
      lane.preparing = false;
      if (failure !== undefined && lane.queue.peek() === item) this.#failFirst(lane, failure);
      this.#consider(lane);
      this.pump();
    });
    return false;
  }

  /** What could not be prepared is a failed attempt. */
  #failFirst(lane: Lane, result: Unprepared): void {
    const { clock, maySend, unsettled, processes } = this.#options;
    const now = clock.now();
    if (this.#stopped || !maySend() || unsettled() >= unsettledMax || lane.waitUntil(now) !== 0) return;
    const item = lane.queue.shift();
    if (item === undefined) return;
    if (item.leaseUntilMs <= now || !lane.endpoint.isActive) return this.#leave(lane, [item]);
    lane.started(now, processes());
    this.#busy.add(item.id);
    this.#finish(lane, item, lane.endpoint, {}, now - result.durationMs, result);
  }

  #finish(
    lane: Lane,
    item: Item,
    endpoint: Endpoint,
    headers: Record<string, string>,
    startedAtMs: number,
    result: SendResult,
  ): void {
    const { clock, random, settle, wantsWork } = this.#options;
    const now = clock.now();
    // We aborted the attempt, or had no free socket. That says nothing about the receiver, but the next attempt waits like after a failure.
    const aborted = result.kind === 'failed' && result.reason === 'aborted';
    lane.finished(now, result.durationMs, aborted ? 0 : slowDownMs(result, now));
    if (aborted) {
      this.#busy.delete(item.id);
      this.#leave(lane, [item]);
    } else {
      this.#forget(lane, item);
      const attempt = item.attemptCount + 1;
      const policy = item.kind === 'test' ? singleAttempt : endpoint.retry;
      const outcome = decide(result, policy, attempt - item.scheduleBase, now, random());
      if (endpoint.fifo && outcome.kind !== 'delivered') {
        // The head blocks the queue, or its failure disables the endpoint: what was read after it is read again once that is written.
        this.#clear(lane);
        lane.backlog = true;
      }
      lane.unsettled += 1;
      if (outcome.kind === 'failed') lane.failing += 1;
      settle(
        { endpoint, item, attempt, outcome, result, startedAtMs },
        settlementOf(endpoint, item, headers, startedAtMs, now, result, outcome),
        () => {
          lane.unsettled -= 1;
          this.#busy.delete(item.id);
          this.#written?.set(item.id, attempt);
          if (outcome.kind === 'failed') lane.failing -= 1;
          // Not before: until then the row is still leased.
          if (outcome.kind === 'retry') wantsWork(lane, outcome.atMs);
          this.#consider(lane);
          this.pump();
        },
      );
    }
    if (lane.excess > 0) this.#leave(lane, lane.queue.truncate(lane.queue.length - lane.excess));
    this.#next(lane);
  }
}
