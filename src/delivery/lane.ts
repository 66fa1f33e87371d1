import type { DeliveryId, EventId, OrganizationId } from '../base/ids.ts';
import type { Endpoint } from './endpoint.ts';
import type { DeliveryKind } from './queue/queries.ts';
import { Ring } from './ring-buffer.ts';
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
/** Before the first answer: this many times what may be under way at once. */
const unknownTurns = 4;
/** No more is taken into memory than can be sent within this time, so that leases do not run out in a line. */
const patienceMs = 10_000;
/** A host in trouble is asked by one request at a time, this far apart at first and at most. */
const slowFirstMs = 25;
const slowMaxMs = 1_000;
/** How long a `Retry-After` may silence a whole endpoint. */
const silenceMaxMs = 300_000;
/** Of a host in trouble this much stays in memory, and after so many failures in a row the rest leaves it. */
const troubledMax = 4;
const downAfter = 4;
/** Sends that a rate limit may catch up on after a late timer. */
const rateBurstMs = 20;
/** Endings without success that one endpoint may have waiting to be written: each is a transaction of its own. */
const failingMax = 32;

/** One endpoint's line in this process: what waits, what is under way and when the next may go. */
export class Lane {
  endpoint: Endpoint;
  readonly queue = new Ring<Item>();
  inFlight = 0;
  /** Promised to publishes whose transaction is still open, and to claims under way. */
  reserved = 0;
  /** Bytes of the events that wait or are under way. */
  bytes = 0;
  /** Outcomes not yet written. A FIFO line is read again only when there are none. */
  unsettled = 0;
  /** Those of them that end a delivery without success. */
  failing = 0;
  /** Rows may be due in the database. */
  backlog = false;
  /** Its ordering was changed: what is under way may have no lease of its own, so nothing is claimed until that is written. */
  claimsWait = false;
  /** Of a FIFO line: when its head is due. Only a notice makes it look before. */
  lineDueMs = 0;
  /** When the claimer claims for it next, while `claimTimer` is set. */
  claimAtMs = 0;
  claimTimer: unknown;
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
    return (
      this.held === 0 &&
      this.unsettled === 0 &&
      !this.backlog &&
      this.timer === undefined &&
      this.claimTimer === undefined &&
      Math.max(this.#blockedUntilMs, this.#nextByRateMs, this.lineDueMs) <= nowMs
    );
  }

  /** Its last answer spoke of a host in trouble. */
  get troubled(): boolean {
    return this.#troubles > 0;
  }

  /** What a host in trouble for a while should not keep in memory: it may be long until its turn. */
  get excess(): number {
    return this.#troubles < downAfter ? 0 : Math.max(0, this.queue.length - troubledMax);
  }

  /** How many more deliveries this lane should take into memory. */
  room(processes: number): number {
    return Math.min(laneMax, this.#sendable(processes)) - this.held;
  }

  /** What it can send within `patienceMs`; at least what may be under way at once, unless its own rate says less. */
  #sendable(processes: number): number {
    if (this.#troubles > 0) return troubledMax;
    // A host that has not answered yet may be a slow one: thousands taken in for it would all outlast their leases.
    const byAnswers =
      this.#answerMs > 0
        ? Math.max(this.limit, Math.floor((this.limit * patienceMs) / this.#answerMs))
        : this.limit * unknownTurns;
    const rate = this.endpoint.ratePerSecond;
    return rate === undefined
      ? byAnswers
      : Math.min(byAnswers, Math.max(1, Math.floor((rate * patienceMs) / 1_000 / processes)));
  }

  /** 0: may send now. Otherwise when to look again, or `undefined` when only an answer or new work changes anything. */
  waitUntil(nowMs: number): number | undefined {
    if (this.queue.length === 0 || this.inFlight >= this.limit || this.failing >= failingMax) return undefined;
    const at = Math.max(this.#blockedUntilMs, this.endpoint.ratePerSecond === undefined ? 0 : this.#nextByRateMs);
    return at <= nowMs ? 0 : at;
  }

  get blockedUntilMs(): number {
    return this.#blockedUntilMs;
  }

  /** The wall clock went back: what was reckoned by it would now be far in the future. */
  forgetTimes(): void {
    this.#blockedUntilMs = 0;
    this.#nextByRateMs = 0;
    this.lineDueMs = 0;
  }

  started(nowMs: number, processes: number): void {
    this.inFlight += 1;
    const rate = this.endpoint.ratePerSecond;
    if (rate !== undefined)
      this.#nextByRateMs = Math.max(this.#nextByRateMs, nowMs - rateBurstMs) + (1_000 * processes) / rate;
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

  /** How many organizations have something to send. */
  get organizations(): number {
    return this.#organizations.length;
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
