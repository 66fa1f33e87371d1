import type { Clock } from '../base/clock.ts';
import type { Database } from '../db/pool.ts';
import type { EndpointId } from '../base/ids.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { EventInHand, Item, Lane } from './lane.ts';
import {
  claim,
  discard,
  heads,
  hold,
  leaseFifo,
  line,
  orphaned,
  type ClaimedRow,
  type Wanted,
} from './queue/queries.ts';
import type { Subscriptions } from './subscriptions.ts';
import { leaseMs, type Endpoint } from './endpoint.ts';

/** Rows one claim takes at most, over all lanes and of one. */
const claimMax = 2_000;
const laneClaimMax = 500;
const lineMax = 200;
/** FIFO lines read at once, since publishing needs the other connections; and before the other endpoints have their turn again. */
const linesAtOnce = 2;
const linesMax = 16;
/** What one event may have. As many endpoints and rows are asked for at once as may bring one each. */
const eventBytesMax = 256 * 1024;
const sweepChunk = 1_000;
/** Between two looks at all heads; also at least 20 × what the last look took, so that looking costs at most 5 % of a connection. */
const lookSpacingMs = 100;
/** A look even when nothing is known to be due. */
const lookAtLeastMs = 20_000;
/** What comes due within this time has a timer of its own; a look finds the rest before. Longer than the time between two looks. */
const aheadMs = 30_000;
/** Between two searches for what deleted endpoints left behind. */
const orphansSpacingMs = 600_000;
/** Longer than the settler waits at most: what this process has attempted is written before anything is claimed. */
const errorPauseMs = 2_500;
/** Until a lane that found no room in memory asks again. */
const starvedPauseMs = 500;
/** The wall clock going back by less is waited out. */
const clockBackMs = 1_000;

export interface Claimer {
  /** The lane has room, or must be looked at, at this time. */
  wantsWork(lane: Lane, atMs: number): void;
  /** Work is due on these endpoints, or somewhere. */
  wake(endpoints?: readonly EndpointId[]): void;
  /** An endpoint was deleted. */
  orphan(): void;
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when nothing that it began is under way; after `run`, nothing begins. */
  readonly idle: Promise<void>;
}

/**
 * Brings into memory what the happy path did not: retries, replays, overflow, and the leases of processes that died.
 *
 * Lanes that are known to have rows are claimed directly, each at the time its next row is due: an outcome, a claim and a look tell
 * that time. A look at the head of every endpoint's queue, every 20 s and when asked for, finds everything else.
 */
export function createClaimer(options: {
  db: Database;
  clock: Clock;
  subscriptions: Subscriptions;
  dispatcher: () => Dispatcher;
  /** Whose leases they are. */
  holder: () => string;
  /** Whether leases may be taken; `wake` is to be called when that becomes true. */
  mayClaim: () => boolean;
  /** Outcomes cannot be written: rows that look due may have been delivered by this very process. */
  stalled: () => boolean;
  /** Oldest row that is due, in ms before now; 0 when none is. For the metric. */
  onLook: (oldestDueMs: number) => void;
  onError: (error: unknown) => void;
}): Claimer {
  const { db, clock, subscriptions, dispatcher, holder, mayClaim, stalled, onLook, onError } = options;
  const wanted = new Set<Lane>();
  let lastMs = clock.now();
  let nextLookMs = lastMs;
  let earliestLookMs = 0;
  let pausedUntilMs = 0;
  let nextOrphansMs = lastMs;
  let timer: unknown;
  let working: Promise<void> | undefined;
  let stopped = true;
  const sweeping = new Set<EndpointId>();
  let swept: Promise<void> = Promise.resolve();

  const itemOf = (row: ClaimedRow, events: Map<string, EventInHand>, leaseUntilMs: number): Item => {
    let event = events.get(row.event_id);
    if (event === undefined) {
      event = {
        id: row.event_id,
        organizationId: row.organization_id,
        type: row.event_type,
        data: row.data ?? goneData,
        occurredAtMs: (row.occurred_at ?? row.created_at).getTime(),
        createdAtMs: row.created_at.getTime(),
        bodies: new Map(),
      };
      events.set(row.event_id, event);
    }
    return {
      id: row.id,
      event,
      kind: row.kind,
      attemptCount: row.attempt_count,
      scheduleBase: row.schedule_base,
      leaseUntilMs,
    };
  };

  /** Whether the lane has room now; one that has nothing in memory, whose answers would bring it back, asks again in a while. */
  function hasRoom(lane: Lane, room: number): boolean {
    if (room > 0 && dispatcher().bytesRoom(lane) > 0) return true;
    if (lane.held === 0) claimAt(lane, clock.now() + starvedPauseMs);
    return false;
  }

  async function claimLanes(lanes: readonly Lane[]): Promise<void> {
    const now = clock.now();
    const self = holder();
    const lanesMax = Math.max(1, Math.floor(dispatcher().bytesFree / eventBytesMax));
    // A share each, so that the first of many do not take it all.
    const share = Math.max(1, Math.floor(claimMax / Math.max(1, lanes.length)));
    const asked: { lane: Lane; room: number }[] = [];
    for (const lane of lanes) {
      if (asked.length === Math.min(claimMax, lanesMax)) {
        wanted.add(lane);
        continue;
      }
      const room = Math.min(dispatcher().room(lane), laneClaimMax, share);
      if (!hasRoom(lane, room)) continue;
      lane.backlog = false; // set again below, or by a publish that overflows meanwhile
      dispatcher().reserve(lane, room);
      asked.push({ lane, room });
    }
    if (asked.length === 0) return;
    const free = Math.floor(dispatcher().bytesFree / asked.length);
    const wants = asked.map(({ lane, room }): Wanted => {
      return {
        endpointId: lane.endpoint.id,
        rows: room,
        bytes: Math.min(free, dispatcher().bytesRoom(lane)),
        leaseUntilMs: now + leaseMs(lane.endpoint),
      };
    });
    try {
      const claimed = await claim(db, wants, self, now);
      // Released by another process in the meantime.
      if (holder() !== self) return;
      const rows = Map.groupBy(claimed.rows, (row) => row.endpoint_id);
      const events = new Map<string, EventInHand>();
      for (const [index, { lane, room }] of asked.entries()) {
        const mine = rows.get(lane.endpoint.id) ?? [];
        claimAt(lane, claimed.nextDueMs.get(lane.endpoint.id) ?? Infinity);
        const size = mine.reduce((sum, row) => sum + (row.data?.length ?? 0), 0);
        // Or the limit of bytes may have kept something back.
        if (mine.length >= room || (mine.length > 0 && size + eventBytesMax > (wants[index]?.bytes ?? 0)))
          lane.backlog = true;
        // A lease may end before this process is done: the database was slow to take the outcome, or the clock was put forward.
        const idle = mine.filter((row) => !dispatcher().isUnderWay(row.id));
        dispatcher().accept(
          lane,
          idle.map((row) => itemOf(row, events, row.due_at.getTime())),
        );
      }
    } catch (error) {
      for (const { lane } of asked) lane.backlog = true;
      throw error;
    } finally {
      for (const { lane, room } of asked) dispatcher().unreserve(lane, room);
    }
  }

  async function readLine(lane: Lane): Promise<void> {
    // What is under way must be written first, or the same rows would be read again.
    if (lane.held > 0 || lane.unsettled > 0) return;
    const room = Math.min(dispatcher().room(lane), lineMax, Math.ceil(dispatcher().bytesRoom(lane) / eventBytesMax));
    if (!hasRoom(lane, room)) return;
    const now = clock.now();
    const self = holder();
    const until = now + leaseMs(lane.endpoint);
    lane.backlog = false;
    lane.lineDueMs = 0;
    dispatcher().reserve(lane, room);
    try {
      const lease = await leaseFifo(db, lane.endpoint.id, self, now, until);
      if (!lease.mine) return claimAt(lane, lease.untilMs);
      const { rows, held } = await line(db, lane.endpoint.id, room);
      // Changed in the meantime: these rows have no leases of their own, as they would need now. The change itself causes a look.
      if (!lane.endpoint.fifo || holder() !== self) return;
      const firstWaiting = rows.findIndex((row) => row.due_at.getTime() > now);
      const due = firstWaiting === -1 ? rows : rows.slice(0, firstWaiting);
      const waiting = rows[due.length];
      if (waiting !== undefined) {
        if (due.length === 0) lane.lineDueMs = waiting.due_at.getTime();
        claimAt(lane, waiting.due_at.getTime());
      } else if (held) {
        // Until a release announces it, or what is held has ended in another way.
        if (due.length === 0) lane.lineDueMs = now + lookAtLeastMs;
      } else if (rows.length >= room) lane.backlog = true;
      const events = new Map<string, EventInHand>();
      dispatcher().accept(
        lane,
        due.map((row) => itemOf(row, events, until)),
      );
    } catch (error) {
      lane.backlog = true;
      throw error;
    } finally {
      dispatcher().unreserve(lane, room);
    }
  }

  async function readLines(lanes: readonly Lane[]): Promise<void> {
    for (const lane of lanes.slice(linesMax)) wanted.add(lane);
    const now = lanes.slice(0, linesMax);
    for (let begin = 0; begin < now.length; begin += linesAtOnce) {
      // All of them end before an error is told: a line that is still being read must not be read a second time.
      const read = await Promise.allSettled(now.slice(begin, begin + linesAtOnce).map(readLine));
      for (const one of read) if (one.status === 'rejected') throw one.reason;
    }
  }

  /** Looks at the head of every line. */
  async function look(): Promise<void> {
    const began = performance.now();
    nextLookMs = clock.now() + lookAtLeastMs;
    if (clock.now() >= nextOrphansMs) {
      nextOrphansMs = clock.now() + orphansSpacingMs;
      for (const id of await orphaned(db)) sweep(id, undefined);
    }
    const rows = await heads(db);
    const now = clock.now();
    earliestLookMs = now + Math.max(lookSpacingMs, 20 * (performance.now() - began));
    // An endpoint this process has not heard of may just have been made by another.
    if (rows.some((row) => subscriptions.get(row.endpoint_id) === undefined))
      await subscriptions.refresh().catch(onError);
    let oldest = 0;
    for (const { endpoint_id: id, due_at: dueAt } of rows) {
      const endpoint = subscriptions.get(id);
      const due = dueAt.getTime();
      if (endpoint === undefined || !endpoint.isActive) sweep(id, endpoint);
      else if (due > now) {
        if (endpoint.transport === 'push' && due <= now + aheadMs) claimAt(dispatcher().lane(endpoint), due);
      } else if (endpoint.transport !== 'push' || !found(endpoint, now)) oldest = Math.max(oldest, now - due);
    }
    dispatcher().sweep();
    onLook(oldest);
  }

  /** @returns whether its line, though something in it is due, has to wait for its head. */
  function found(endpoint: Endpoint, now: number): boolean {
    const lane = dispatcher().lane(endpoint);
    lane.backlog = true;
    claimAt(lane, Math.max(now, lane.blockedUntilMs, lane.lineDueMs));
    return lane.lineDueMs > now;
  }

  /** Rows of a disabled endpoint are held; those of a deleted one end. One endpoint after the other, beside the claims. */
  function sweep(id: EndpointId, endpoint: Endpoint | undefined): void {
    if (sweeping.has(id)) return;
    sweeping.add(id);
    swept = swept
      .then(() => sweepRows(id, endpoint))
      .catch(onError)
      .then(() => void sweeping.delete(id));
  }

  async function sweepRows(id: EndpointId, endpoint: Endpoint | undefined): Promise<void> {
    let total = 0;
    for (let count = sweepChunk; count === sweepChunk && !stopped; total += count) {
      count = endpoint === undefined ? await discard(db, id, sweepChunk, clock.now()) : await hold(db, id, sweepChunk);
    }
    // The database knew better than this process.
    if (total === 0 && !stopped) await subscriptions.refresh();
  }

  async function work(): Promise<void> {
    try {
      while (!stopped) {
        const now = clock.now();
        if (now < lastMs - clockBackMs) {
          nextLookMs = now;
          earliestLookMs = now;
          pausedUntilMs = now;
          nextOrphansMs = now;
          dispatcher().clockWentBack();
        }
        lastMs = now;
        if (stalled()) pausedUntilMs = Math.max(pausedUntilMs, now + errorPauseMs);
        if (now < pausedUntilMs || !mayClaim()) break;
        if (now >= Math.max(nextLookMs, earliestLookMs)) await look();
        const lanes = [...wanted];
        wanted.clear();
        if (lanes.length === 0) break;
        const able = lanes.filter(isAble);
        await claimLanes(able.filter((lane) => !lane.endpoint.fifo));
        await readLines(able.filter((lane) => lane.endpoint.fifo));
      }
    } catch (error) {
      onError(error);
      // What was wanted is found again.
      nextLookMs = Math.min(nextLookMs, clock.now());
      pausedUntilMs = clock.now() + errorPauseMs;
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

  function begin(): void {
    if (stopped || working !== undefined) return;
    working = work().then(() => {
      working = undefined;
      arm();
    });
  }

  function arm(): void {
    if (stopped || working !== undefined || !mayClaim()) return;
    clock.clearTimer(timer);
    const at = wanted.size > 0 ? pausedUntilMs : Math.max(nextLookMs, earliestLookMs, pausedUntilMs);
    timer = clock.setTimer(begin, Math.min(at - clock.now(), lookAtLeastMs));
  }

  function lookAt(atMs: number): void {
    if (atMs >= nextLookMs) return;
    nextLookMs = atMs;
    arm();
  }

  function claimAt(lane: Lane, atMs: number): void {
    const now = clock.now();
    if (atMs <= now) {
      lane.backlog = true;
      wanted.add(lane);
      if (working === undefined) queueMicrotask(begin);
    } else if (!stopped && atMs <= now + aheadMs && (lane.claimTimer === undefined || atMs < lane.claimAtMs)) {
      clock.clearTimer(lane.claimTimer);
      lane.claimAtMs = atMs;
      lane.claimTimer = clock.setTimer(() => {
        lane.claimTimer = undefined;
        if (!stopped) claimAt(lane, clock.now());
      }, atMs - now);
    }
  }

  return {
    wantsWork: claimAt,
    wake(endpoints) {
      if (stopped) return;
      const now = clock.now();
      // A head that waited may have been made due by a person.
      if (endpoints === undefined) for (const lane of dispatcher().lanes.values()) lane.lineDueMs = 0;
      for (const id of endpoints ?? []) {
        const endpoint = subscriptions.get(id);
        const lane = dispatcher().lanes.get(id);
        if (lane !== undefined) lane.lineDueMs = 0;
        if (endpoint?.isActive !== true) lookAt(now);
        else if (endpoint.transport === 'push') found(endpoint, now);
      }
      if (endpoints === undefined) lookAt(now);
      begin();
    },
    orphan() {
      nextOrphansMs = clock.now();
      lookAt(nextOrphansMs);
    },
    async run(signal) {
      stopped = false;
      begin();
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      stopped = true;
      clock.clearTimer(timer);
      for (const lane of dispatcher().lanes.values()) clock.clearTimer(lane.claimTimer);
    },
    get idle() {
      return Promise.all([working, swept]).then(() => {});
    },
  };
}

/** Stands for an event that was erased or is past the retention: the receiver still learns that there was one. */
const goneData = Buffer.from('null');
