import type { DeliveryId, EventId, OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { Endpoint } from './endpoint.ts';
import type { DeliveryKind } from './queue/queries.ts';
import { RingBuffer } from './ring-buffer.ts';
import type { BodyTemplate } from './templates/body-template.ts';
import type { Wire } from './wire.ts';

/** An event in memory, shared by its deliveries. Each dialect's body is built once. */
export interface LoadedEvent {
  readonly id: EventId;
  readonly organizationId: OrganizationId;
  readonly workspaceId?: WorkspaceId | undefined;
  readonly type: string;
  readonly data: Buffer;
  readonly occurredAtMs: number;
  readonly createdAtMs: number;
  readonly traceparent?: string | undefined;
  readonly bodies: Map<Wire | BodyTemplate, Buffer>;
}

/** A delivery that this process leases. */
export interface Item {
  readonly id: DeliveryId;
  readonly event: LoadedEvent;
  readonly kind: DeliveryKind;
  readonly attemptCount: number;
  readonly scheduleBase: number;
  readonly leaseUntilMs: number;
}

/** The most deliveries one lane holds in memory; the rest waits in the database. */
const laneMax = 4_096;
/** Before the first response a lane takes this many times its concurrency limit. */
const unknownTurns = 4;
/** A lane takes no more than it can send within this time, so that leases do not end while deliveries wait in it. */
const patienceMs = 10_000;
/** The pause between requests to an endpoint in trouble, which gets one at a time: at first, and at most. */
const slowFirstMs = 25;
const slowMaxMs = 1_000;
/** The longest a `Retry-After` blocks a whole endpoint. */
const silenceMaxMs = 300_000;
/** The most deliveries of an endpoint in trouble in memory. After `downAfter` failures in a row, deliveries beyond that leave memory. */
const troubledMax = 4;
const downAfter = 4;
/** After a late timer, a rate limit may catch up on the sends of this time. */
const rateBurstMs = 20;
/** Failed deliveries of one endpoint that may wait to be written: each is a transaction of its own. */
const failingMax = 32;

/** One endpoint's queue in this process's memory: what waits, how much is in flight, and when the next may be sent. */
export class Lane {
  endpoint: Endpoint;
  readonly queue = new RingBuffer<Item>();
  inFlight = 0;
  /** Room promised to publishes whose transaction is still open, and to running claims. */
  reserved = 0;
  /** Bytes of the events that wait or are in flight. */
  bytes = 0;
  /** Outcomes not yet written. A FIFO queue is read again only when there are none. */
  unsettled = 0;
  /** Those of them that end a delivery as failed. */
  failing = 0;
  /** Rows may be due in the database. */
  backlog = false;
  /** Its ordering was changed: what is in flight may have no lease of its own, so nothing is claimed until that is written. */
  claimsWait = false;
  /** When the head of a FIFO queue is due. The queue is not read before, unless a notice arrives. */
  headDueMs = 0;
  /** When the claimer next claims for it, while `claimTimer` is set. */
  claimAtMs = 0;
  claimTimer: unknown;
  /** It is in `Turns`, among the lanes that may send now. */
  ready = false;
  timer: unknown;
  /** What its first delivery needs is being prepared (preparation.ts). */
  preparing = false;
  #blockedUntilMs = 0;
  #troubles = 0;
  #nextByRateMs = 0;
  #responseMs = 0;

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
  }

  get limit(): number {
    return this.endpoint.fifo || this.#troubles > 0 ? 1 : this.endpoint.maxInFlight;
  }

  get held(): number {
    return this.queue.length + this.inFlight + this.reserved;
  }

  idle(nowMs: number): boolean {
    return (
      this.held === 0 &&
      this.unsettled === 0 &&
      !this.backlog &&
      this.timer === undefined &&
      this.claimTimer === undefined &&
      Math.max(this.#blockedUntilMs, this.#nextByRateMs, this.headDueMs) <= nowMs
    );
  }

  /** Its last result was a sign of an endpoint in trouble. */
  get troubled(): boolean {
    return this.#troubles > 0;
  }

  /** How many deliveries should leave memory, because it may take long until they can be sent. */
  get excess(): number {
    return this.#troubles < downAfter ? 0 : Math.max(0, this.queue.length - troubledMax);
  }

  /** How many more deliveries this lane should take into memory. */
  room(processes: number): number {
    return Math.min(laneMax, this.#sendable(processes)) - this.held;
  }

  /** What it can send within `patienceMs`; at least its concurrency limit, unless its rate limit allows less. */
  #sendable(processes: number): number {
    if (this.#troubles > 0) return troubledMax;
    // An endpoint that has not answered yet may be slow: thousands taken for it would all outlast their leases.
    const byResponses =
      this.#responseMs > 0
        ? Math.max(this.limit, Math.floor((this.limit * patienceMs) / this.#responseMs))
        : this.limit * unknownTurns;
    const rate = this.endpoint.ratePerSecond;
    return rate === undefined
      ? byResponses
      : Math.min(byResponses, Math.max(1, Math.floor((rate * patienceMs) / 1_000 / processes)));
  }

  /** Until then it takes nothing: its rate is so low that a lease would end before the next delivery may be sent. */
  get opensMs(): number {
    return this.endpoint.ratePerSecond === undefined ? 0 : this.#nextByRateMs - patienceMs;
  }

  /** @returns 0 when it may send now, otherwise when to check again; undefined when only a response or new work changes anything. */
  waitUntil(nowMs: number): number | undefined {
    if (this.queue.length === 0 || this.inFlight >= this.limit || this.failing >= failingMax || this.preparing)
      return undefined;
    const at = Math.max(this.#blockedUntilMs, this.endpoint.ratePerSecond === undefined ? 0 : this.#nextByRateMs);
    return at <= nowMs ? 0 : at;
  }

  get blockedUntilMs(): number {
    return this.#blockedUntilMs;
  }

  /** Call when the wall clock went back: times computed before would now be far in the future. */
  forgetTimes(): void {
    this.#blockedUntilMs = 0;
    this.#nextByRateMs = 0;
    this.headDueMs = 0;
  }

  started(nowMs: number, processes: number): void {
    this.inFlight += 1;
    const rate = this.endpoint.ratePerSecond;
    if (rate !== undefined)
      this.#nextByRateMs = Math.max(this.#nextByRateMs, nowMs - rateBurstMs) + (1_000 * processes) / rate;
  }

  /** @param slowDownMs set for an endpoint in trouble: how long it asked to be left alone. */
  finished(nowMs: number, durationMs: number, slowDownMs: number | undefined): void {
    this.inFlight -= 1;
    this.#responseMs = this.#responseMs === 0 ? durationMs : this.#responseMs * 0.9 + durationMs * 0.1;
    if (slowDownMs === undefined) {
      this.#troubles = 0;
      this.#blockedUntilMs = 0;
    } else {
      const pause = Math.min(slowMaxMs, slowFirstMs * 2 ** Math.min(this.#troubles, 10));
      this.#troubles += 1;
      this.#blockedUntilMs = nowMs + Math.max(pause, Math.min(slowDownMs, silenceMaxMs));
    }
  }
}

/**
 * Round-robin scheduling: organizations take turns, and within one its endpoints, one delivery a turn. So neither an organization with
 * many endpoints nor an endpoint with a long queue gets more than its share.
 */
export class Turns {
  readonly #organizations = new RingBuffer<OrganizationId>();
  readonly #lanes = new Map<OrganizationId, RingBuffer<Lane>>();

  add(lane: Lane): void {
    if (lane.ready) return;
    lane.ready = true;
    const organization = lane.endpoint.organizationId;
    let lanes = this.#lanes.get(organization);
    if (lanes === undefined) {
      lanes = new RingBuffer();
      this.#lanes.set(organization, lanes);
      this.#organizations.push(organization);
    }
    lanes.push(lane);
  }

  /** The number of organizations that have something to send. */
  get organizations(): number {
    return this.#organizations.length;
  }

  /** Removes and returns the next lane. Add it again while it has more to send. */
  take(): Lane | undefined {
    const organization = this.#organizations.shift();
    if (organization === undefined) return undefined;
    const lanes = this.#lanes.get(organization);
    const lane = lanes?.shift();
    if (lanes === undefined || lanes.length === 0) this.#lanes.delete(organization);
    else this.#organizations.push(organization);
    if (lane !== undefined) lane.ready = false;
    return lane;
  }
}
