import type { DeliveryId, EventId, OrganizationId } from '../ids.ts';
import type { Endpoint } from './endpoint.ts';
import type { DeliveryKind } from './queries.ts';
import { Ring } from './ring.ts';
import type { Wire } from './wire.ts';

/** An event in memory, shared by all its deliveries; each dialect's body is built once. */
export interface EventInHand {
  readonly id: EventId;
  readonly organizationId: OrganizationId;
  readonly type: string;
  readonly data: Buffer;
  readonly occurredAtMs: number;
  readonly createdAtMs: number;
  readonly bodies: Map<Wire, Buffer>;
}

/** A delivery this process holds under a lease. */
export interface Item {
  readonly id: DeliveryId;
  readonly event: EventInHand;
  readonly kind: DeliveryKind;
  readonly attemptCount: number;
  readonly scheduleBase: number;
  readonly leaseUntilMs: number;
}

/** What one lane may hold in memory at most; the rest waits in the database. */
const laneMax = 4_096;
/** No more is taken into memory than can be sent within this time, so that leases do not run out in a line. */
const patienceMs = 10_000;
/** A host in trouble is asked by one request at a time, this far apart at first and at most. */
const slowFirstMs = 25;
const slowMaxMs = 1_000;
/** How long a `Retry-After` may silence a whole endpoint. */
const silenceMaxMs = 300_000;
/** Sends that a rate limit may catch up on after a late timer. */
const rateBurstMs = 20;

/** One endpoint's line in this process: what waits, what is under way and when the next may go. */
export class Lane {
  endpoint: Endpoint;
  readonly queue = new Ring<Item>();
  inFlight = 0;
  /** Promised to publishes whose transaction is still open. */
  reserved = 0;
  /** Outcomes not yet written. A FIFO line is read again only when there are none. */
  unsettled = 0;
  /** Rows may be due in the database. */
  backlog = false;
  /** In the ring of lanes that may send now. */
  ready = false;
  timer: unknown;
  #blockedUntilMs = 0;
  #troubles = 0;
  #nextByRateMs = 0;
  #answerMs = 0;

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
    return this.held === 0 && this.unsettled === 0 && !this.backlog && this.timer === undefined && Math.max(this.#blockedUntilMs, this.#nextByRateMs) <= nowMs;
  }

  /** How many more deliveries this lane should take into memory. */
  room(processes: number): number {
    if (this.endpoint.fifo) return 0;
    const perSecond = this.#answerMs > 0 ? (this.limit * 1_000) / this.#answerMs : Number.POSITIVE_INFINITY;
    const allowed = this.endpoint.ratePerSecond === undefined ? perSecond : Math.min(perSecond, this.endpoint.ratePerSecond / processes);
    const sendable = this.#troubles > 0 ? 4 : Math.max(this.limit, Math.floor((allowed * patienceMs) / 1_000));
    return Math.min(laneMax, sendable) - this.held;
  }

  /** 0: may send now. Otherwise when to look again, or `undefined` when only an answer or new work changes anything. */
  waitUntil(nowMs: number): number | undefined {
    if (this.queue.length === 0 || this.inFlight >= this.limit) return undefined;
    const at = Math.max(this.#blockedUntilMs, this.endpoint.ratePerSecond === undefined ? 0 : this.#nextByRateMs);
    return at <= nowMs ? 0 : at;
  }

  get blockedUntilMs(): number {
    return this.#blockedUntilMs;
  }

  blockUntil(atMs: number): void {
    this.#blockedUntilMs = Math.max(this.#blockedUntilMs, atMs);
  }

  started(nowMs: number, processes: number): void {
    this.inFlight += 1;
    const rate = this.endpoint.ratePerSecond;
    if (rate !== undefined) this.#nextByRateMs = Math.max(this.#nextByRateMs, nowMs - rateBurstMs) + (1_000 * processes) / rate;
  }

  /** @param slowDownMs set when the answer spoke of a host in trouble: how long it asked to be left alone. */
  finished(nowMs: number, durationMs: number, slowDownMs: number | undefined): void {
    this.inFlight -= 1;
    this.#answerMs = this.#answerMs === 0 ? durationMs : this.#answerMs * 0.9 + durationMs * 0.1;
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
 * Whose turn it is: organizations in a circle, and within one its endpoints in a circle, one delivery a turn. So neither a tenant
 * with many endpoints nor an endpoint with a long line takes more than its turns.
 */
export class Turns {
  readonly #organizations = new Ring<OrganizationId>();
  readonly #lanes = new Map<OrganizationId, Ring<Lane>>();

  add(lane: Lane): void {
    if (lane.ready) return;
    lane.ready = true;
    const organization = lane.endpoint.organizationId;
    let lanes = this.#lanes.get(organization);
    if (lanes === undefined) {
      lanes = new Ring();
      this.#lanes.set(organization, lanes);
      this.#organizations.push(organization);
    }
    lanes.push(lane);
  }

  /** The next lane; it leaves the circle and is added again when it has more to send. */
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
