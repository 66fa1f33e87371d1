/**
 * Loads into memory the deliveries that were not passed there when they were written: retries, replays, overflow, and what processes
 * that died had leased.
 *
 * The claimer is always in one of these modes:
 *
 * - **Stopped**, before `run` and after its signal aborts. Nothing begins; what runs ends, and `idle` resolves.
 * - **Barred**, while the process lacks the lock that its leases depend on (`mayClaim`). `wake` ends it.
 * - **Paused**, for 2.5 s after an error, and while outcomes cannot be written (`stalled`): rows that look due may have been delivered by
 *   this process.
 * - **Waiting**, when nothing is wanted. Each lane has a timer for its next due row, which an outcome, a claim or a scan reports, if that is
 *   less than 30 s away; one more timer is set for the next scan.
 * - **Scanning**: reads the head of every endpoint's queue and finds everything that no timer is set for. It does so every 20 s, on request
 *   (`wake`, `orphan`), after an error, and when the wall clock was set back; but at most every 100 ms and for at most 5 % of the time.
 * - **Claiming** the lanes that are known to have due rows: those of ordinary endpoints in one statement, then those of FIFO endpoints.
 *
 * Scanning and claiming alternate in one loop (`work`) until no lane is wanted; nothing else claims. Sweeps, which hold the deliveries of
 * disabled endpoints and end those of deleted ones, run in parallel with the loop.
 */
import type { Clock } from '../base/clock.ts';
import type { EndpointId } from '../base/ids.ts';
import { aborted } from '../base/sleep.ts';
import type { Database } from '../db/pool.ts';
import { createClaims } from './claims.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Endpoint } from './endpoint.ts';
import type { Lane } from './lane.ts';
import { heads, orphaned } from './queue/queries.ts';
import type { Subscriptions } from './subscriptions.ts';
import { createSweeps } from './sweeps.ts';

/** The minimum time between two scans. It is also at least 20 × the duration of the last scan, so scanning costs at most 5 % of a connection. */
const scanSpacingMs = 100;
/** The most time between two scans, even when nothing is known to be due. */
const scanAtLeastMs = 20_000;
/** A row due within this time gets a timer; a scan finds the others before they are due. Longer than the time between two scans. */
const aheadMs = 30_000;
/** Between two searches for deliveries of deleted endpoints. */
const orphansSpacingMs = 600_000;
/** Endpoints read into memory at a time. */
const loadMax = 1_000;
/** Longer than the settler waits at most: what this process has attempted is written before anything is claimed. */
const errorPauseMs = 2_500;
/** The wall clock going back by less than this is waited out. */
const clockBackMs = 1_000;

export interface Claimer {
  /** The lane has room, or must be claimed for, at this time. */
  wantsWork(lane: Lane, atMs: number): void;
  /** Work is due on these endpoints; undefined: somewhere. */
  wake(endpoints?: readonly EndpointId[]): void;
  /** An endpoint was deleted. */
  orphan(): void;
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when nothing that the claimer began is still running; after `run`, nothing begins. */
  readonly idle: Promise<void>;
}

export interface ClaimerOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly subscriptions: Subscriptions;
  readonly dispatcher: Dispatcher;
  /** The id under which this process leases. */
  readonly holder: () => string;
  /** Whether leases may be taken. Call `wake` when that becomes true. */
  readonly mayClaim: () => boolean;
  /** Whether outcomes cannot be written at the moment. */
  readonly stalled: () => boolean;
  /** Called with the age in milliseconds of the oldest due row; 0 when none is. For the metric. */
  readonly onScan: (oldestDueMs: number) => void;
  readonly onError: (error: unknown) => void;
}

export const createClaimer = (options: ClaimerOptions): Claimer => new LaneClaimer(options);

class LaneClaimer implements Claimer {
  readonly #options: ClaimerOptions;
  readonly #claims;
  readonly #sweeps;
  readonly #wanted = new Set<Lane>();
  #lastMs: number;
  #nextScanMs: number;
  #earliestScanMs = 0;
  #pausedUntilMs = 0;
  #nextOrphansMs: number;
  #timer: unknown;
  #working: Promise<void> | undefined;
  #stopped = true;

  constructor(options: ClaimerOptions) {
    this.#options = options;
    this.#claims = createClaims({
      ...options,
      claimAt: (lane, atMs) => this.wantsWork(lane, atMs),
      postpone: (lane) => this.#wanted.add(lane),
    });
    this.#sweeps = createSweeps({ ...options, stopped: () => this.#stopped });
    this.#lastMs = options.clock.now();
    this.#nextScanMs = this.#lastMs;
    this.#nextOrphansMs = this.#lastMs;
  }

  wantsWork(lane: Lane, atMs: number): void {
    const { clock } = this.#options;
    const now = clock.now();
    if (atMs <= now) {
      lane.backlog = true;
      this.#wanted.add(lane);
      if (this.#working === undefined) queueMicrotask(() => this.#begin());
    } else if (!this.#stopped && atMs <= now + aheadMs && (lane.claimTimer === undefined || atMs < lane.claimAtMs)) {
      clock.clearTimer(lane.claimTimer);
      lane.claimAtMs = atMs;
      lane.claimTimer = clock.setTimer(() => {
        lane.claimTimer = undefined;
        if (!this.#stopped) this.wantsWork(lane, clock.now());
      }, atMs - now);
    }
  }

  wake(endpoints?: readonly EndpointId[]): void {
    if (this.#stopped) return;
    const { clock, subscriptions, dispatcher } = this.#options;
    const now = clock.now();
    // A person may have made a waiting head due.
    if (endpoints === undefined) for (const lane of dispatcher.lanes.values()) lane.headDueMs = 0;
    const loading = endpoints === undefined ? undefined : subscriptions.load(endpoints);
    if (endpoints === undefined) this.#scanAt(now);
    else if (loading === undefined) this.#wake(endpoints);
    else
      loading.then(
        () => this.#wake(endpoints),
        (error: unknown) => {
          this.#options.onError(error);
          this.#scanAt(clock.now());
        },
      );
    this.#begin();
  }

  #wake(endpoints: readonly EndpointId[]): void {
    if (this.#stopped) return;
    const { clock, subscriptions, dispatcher } = this.#options;
    const now = clock.now();
    for (const id of endpoints) {
      const endpoint = subscriptions.get(id);
      const lane = dispatcher.lanes.get(id);
      if (lane !== undefined) lane.headDueMs = 0;
      if (endpoint?.isActive !== true) this.#scanAt(now);
      else if (endpoint.transport === 'push') this.#wantDue(endpoint, now);
    }
    this.#begin();
  }

  orphan(): void {
    this.#nextOrphansMs = this.#options.clock.now();
    this.#scanAt(this.#nextOrphansMs);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, dispatcher } = this.#options;
    this.#stopped = false;
    this.#begin();
    await aborted(signal);
    this.#stopped = true;
    clock.clearTimer(this.#timer);
    for (const lane of dispatcher.lanes.values()) clock.clearTimer(lane.claimTimer);
  }

  get idle(): Promise<void> {
    return Promise.all([this.#working, this.#sweeps.idle]).then(() => {});
  }

  #begin(): void {
    if (this.#stopped || this.#working !== undefined) return;
    this.#working = this.#work().then(() => {
      this.#working = undefined;
      this.#arm();
    });
  }

  async #work(): Promise<void> {
    const { clock, mayClaim, onError } = this.#options;
    try {
      while (!this.#stopped) {
        const now = this.#readClock();
        if (now < this.#pausedUntilMs || !mayClaim()) break;
        if (now >= Math.max(this.#nextScanMs, this.#earliestScanMs)) await this.#scan();
        const lanes = [...this.#wanted];
        this.#wanted.clear();
        if (lanes.length === 0) break;
        const able = lanes.filter(isAble);
        await this.#claims.claim(able.filter((lane) => !lane.endpoint.fifo));
        await this.#claims.readFifo(able.filter((lane) => lane.endpoint.fifo));
      }
    } catch (error) {
      onError(error);
      // The next scan finds again what was wanted.
      this.#nextScanMs = Math.min(this.#nextScanMs, clock.now());
      this.#pausedUntilMs = clock.now() + errorPauseMs;
    }
  }

  /** Forgets planned times when the clock went back, and extends the pause while outcomes cannot be written. */
  #readClock(): number {
    const { clock, dispatcher, stalled } = this.#options;
    const now = clock.now();
    if (now < this.#lastMs - clockBackMs) {
      this.#nextScanMs = now;
      this.#earliestScanMs = now;
      this.#pausedUntilMs = now;
      this.#nextOrphansMs = now;
      dispatcher.clockWentBack();
    }
    this.#lastMs = now;
    if (stalled()) this.#pausedUntilMs = Math.max(this.#pausedUntilMs, now + errorPauseMs);
    return now;
  }

  async #scan(): Promise<void> {
    const { db, clock, subscriptions, dispatcher, onScan } = this.#options;
    const began = performance.now();
    this.#nextScanMs = clock.now() + scanAtLeastMs;
    if (clock.now() >= this.#nextOrphansMs) {
      this.#nextOrphansMs = clock.now() + orphansSpacingMs;
      for (const id of await orphaned(db)) this.#sweeps.add(id, undefined);
    }
    const rows = await heads(db);
    const now = clock.now();
    this.#earliestScanMs = now + Math.max(scanSpacingMs, 20 * (performance.now() - began));
    let oldest = 0;
    for (let begin = 0; begin < rows.length; begin += loadMax) {
      const some = rows.slice(begin, begin + loadMax);
      const soon = some.filter((row) => row.due_at.getTime() <= now + aheadMs);
      await subscriptions.load(soon.map((row) => row.endpoint_id));
      for (const { endpoint_id: id, due_at: dueAt } of some) {
        const endpoint = subscriptions.get(id);
        const due = dueAt.getTime();
        // Not in memory, and not needed yet. If it was disabled, its deliveries are held when they fall due.
        if (endpoint === undefined && due > now + aheadMs) continue;
        if (endpoint === undefined || !endpoint.isActive) this.#sweeps.add(id, endpoint);
        else if (due > now) {
          if (endpoint.transport === 'push' && due <= now + aheadMs) this.wantsWork(dispatcher.lane(endpoint), due);
        } else if (endpoint.transport !== 'push' || !this.#wantDue(endpoint, now)) oldest = Math.max(oldest, now - due);
      }
    }
    dispatcher.sweep();
    onScan(oldest);
  }

  /** @returns whether the queue, though something in it is due, has to wait for its head. */
  #wantDue(endpoint: Endpoint, now: number): boolean {
    const lane = this.#options.dispatcher.lane(endpoint);
    lane.backlog = true;
    this.wantsWork(lane, Math.max(now, lane.blockedUntilMs, lane.headDueMs));
    return lane.headDueMs > now;
  }

  #scanAt(atMs: number): void {
    if (atMs >= this.#nextScanMs) return;
    this.#nextScanMs = atMs;
    this.#arm();
  }

  #arm(): void {
    const { clock, mayClaim } = this.#options;
    if (this.#stopped || this.#working !== undefined || !mayClaim()) return;
    clock.clearTimer(this.#timer);
    const at =
      this.#wanted.size > 0
        ? this.#pausedUntilMs
        : Math.max(this.#nextScanMs, this.#earliestScanMs, this.#pausedUntilMs);
    this.#timer = clock.setTimer(() => this.#begin(), Math.min(at - clock.now(), scanAtLeastMs));
  }
}

function isAble(lane: Lane): boolean {
  if (!lane.endpoint.isActive) {
    lane.backlog = false;
    return false;
  }
  if (lane.claimsWait && lane.inFlight + lane.unsettled > 0) return false;
  lane.claimsWait = false;
  return true;
}
