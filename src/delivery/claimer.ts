import type { Clock } from '../clock.ts';
import type { Database } from '../db/pool.ts';
import type { EndpointId } from '../ids.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { EventInHand, Item, Lane } from './lane.ts';
import { claim, discard, heads, hold, leaseFifo, line, type ClaimedRow } from './queries.ts';
import type { Subscriptions } from './subscriptions.ts';
import { leaseMs, type Endpoint } from './endpoint.ts';

/** Rows one claim takes at most, over all lanes and of one. */
const claimMax = 2_000;
const laneClaimMax = 500;
const lineMax = 200;
const sweepChunk = 5_000;
/** Between two looks at all heads; also at least 20 × what the last look took, so that looking costs at most 5 % of a connection. */
const lookSpacingMs = 100;
/** A look even when nothing is known to be due: finds the leases of a process that died. */
const lookAtLeastMs = 20_000;
const errorPauseMs = 500;

export interface Claimer {
  /** The lane has room, or must be looked at, at this time. */
  wantsWork(lane: Lane, atMs: number): void;
  /** Work is due on these endpoints, or somewhere. */
  wake(endpoints?: readonly EndpointId[]): void;
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Brings into memory what the happy path did not: retries, replays, overflow, and the leases of processes that died.
 *
 * Lanes that are known to have rows are claimed directly. Everything else is found by a look at the head of every endpoint's line,
 * which a timer makes when the earliest known row comes due; there is no polling in between.
 */
export function createClaimer(options: {
  db: Database;
  clock: Clock;
  subscriptions: Subscriptions;
  dispatcher: () => Dispatcher;
  processId: string;
  /** Oldest row that is due, in ms before now; 0 when none is. For the metric. */
  onLook: (oldestDueMs: number) => void;
  onError: (error: unknown) => void;
}): Claimer {
  const { db, clock, subscriptions, dispatcher, processId, onLook, onError } = options;
  const wanted = new Set<Lane>();
  let nextLookMs = clock.now();
  let earliestLookMs = 0;
  let timer: unknown;
  let working = false;
  let stopped = true;

  const itemOf = (row: ClaimedRow, events: Map<string, EventInHand>): Item => {
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
    return { id: row.id, event, kind: row.kind, attemptCount: row.attempt_count, scheduleBase: row.schedule_base, leaseUntilMs: row.due_at.getTime() };
  };

  async function claimLanes(lanes: readonly Lane[]): Promise<void> {
    const now = clock.now();
    let left = claimMax;
    const asked: { lane: Lane; room: number }[] = [];
    for (const lane of lanes) {
      const room = Math.min(dispatcher().room(lane), laneClaimMax, left);
      if (room <= 0) continue;
      left -= room;
      lane.backlog = false; // set again below, or by a publish that overflows meanwhile
      lane.reserved += room;
      asked.push({ lane, room });
    }
    if (asked.length === 0) return;
    let rows: ClaimedRow[];
    try {
      rows = await claim(
        db,
        asked.map(({ lane }) => lane.endpoint.id),
        asked.map(({ room }) => room),
        asked.map(({ lane }) => now + leaseMs(lane.endpoint)),
        now,
      );
    } catch (error) {
      for (const { lane } of asked) lane.backlog = true;
      throw error;
    } finally {
      for (const { lane, room } of asked) lane.reserved -= room;
    }
    const byEndpoint = Map.groupBy(rows, (row) => row.endpoint_id);
    const events = new Map<string, EventInHand>();
    for (const { lane, room } of asked) {
      const mine = byEndpoint.get(lane.endpoint.id) ?? [];
      if (mine.length >= room) lane.backlog = true;
      dispatcher().accept(
        lane,
        mine.map((row) => itemOf(row, events)),
      );
    }
  }

  async function readLine(lane: Lane): Promise<void> {
    // What is under way must be written first, or the same rows would be read again.
    if (lane.held > 0 || lane.unsettled > 0) return;
    const now = clock.now();
    lane.backlog = false;
    const until = now + leaseMs(lane.endpoint) + leaseMs(lane.endpoint);
    try {
      const lease = await leaseFifo(db, lane.endpoint.id, processId, now, until);
      if (!lease.mine) return lookAt(lease.untilMs);
      const rows = await line(db, lane.endpoint.id, lineMax);
      const firstWaiting = rows.findIndex((row) => row.due_at.getTime() > now);
      const due = firstWaiting === -1 ? rows : rows.slice(0, firstWaiting);
      const waiting = rows[due.length];
      if (waiting !== undefined) lookAt(waiting.due_at.getTime());
      else if (rows.length === lineMax) lane.backlog = true;
      const events = new Map<string, EventInHand>();
      dispatcher().accept(
        lane,
        due.map((row) => ({ ...itemOf(row, events), leaseUntilMs: until })),
      );
    } catch (error) {
      lane.backlog = true;
      throw error;
    }
  }

  /** Looks at the head of every line. */
  async function look(): Promise<void> {
    const began = performance.now();
    nextLookMs = clock.now() + lookAtLeastMs;
    const rows = await heads(db);
    const now = clock.now();
    earliestLookMs = now + Math.max(lookSpacingMs, 20 * (performance.now() - began));
    // An endpoint this process has not heard of may just have been made by another.
    if (rows.some((row) => subscriptions.get(row.endpoint_id) === undefined)) await subscriptions.refresh();
    let oldest = 0;
    for (const { endpoint_id: id, due_at: dueAt } of rows) {
      const endpoint = subscriptions.get(id);
      const due = dueAt.getTime();
      if (endpoint === undefined || !endpoint.isActive) await sweep(id, endpoint);
      else if (due > now) nextLookMs = Math.min(nextLookMs, due);
      else {
        oldest = Math.max(oldest, now - due);
        if (endpoint.transport === 'push') found(endpoint, now);
      }
    }
    dispatcher().sweep();
    onLook(oldest);
  }

  function found(endpoint: Endpoint, now: number): void {
    const lane = dispatcher().lane(endpoint);
    lane.backlog = true;
    if (lane.blockedUntilMs > now) lookAt(lane.blockedUntilMs);
    else wanted.add(lane);
  }

  /** Rows of a disabled endpoint are held; those of a deleted one end. */
  async function sweep(id: EndpointId, endpoint: Endpoint | undefined): Promise<void> {
    let count: number;
    do {
      count = endpoint === undefined ? await discard(db, id, sweepChunk, clock.now()) : await hold(db, id, sweepChunk);
    } while (count === sweepChunk && !stopped);
  }

  async function work(): Promise<void> {
    if (working || stopped) return;
    working = true;
    try {
      while (!stopped) {
        if (clock.now() >= Math.max(nextLookMs, earliestLookMs)) await look();
        const lanes = [...wanted];
        wanted.clear();
        if (lanes.length === 0) break;
        await claimLanes(lanes.filter((lane) => !lane.endpoint.fifo && lane.endpoint.isActive));
        await Promise.all(lanes.filter((lane) => lane.endpoint.fifo && lane.endpoint.isActive).map(readLine));
      }
    } catch (error) {
      onError(error);
      nextLookMs = Math.min(nextLookMs, clock.now());
      earliestLookMs = clock.now() + errorPauseMs;
    } finally {
      working = false;
      arm();
    }
  }

  function arm(): void {
    if (stopped || working) return;
    clock.clearTimer(timer);
    timer = clock.setTimer(() => void work(), Math.max(nextLookMs, earliestLookMs) - clock.now());
  }

  function lookAt(atMs: number): void {
    if (atMs >= nextLookMs) return;
    nextLookMs = atMs;
    arm();
  }

  return {
    wantsWork(lane, atMs) {
      if (atMs > clock.now()) return lookAt(atMs);
      wanted.add(lane);
      if (!working) queueMicrotask(() => void work());
    },
    wake(endpoints) {
      if (stopped) return;
      const now = clock.now();
      for (const id of endpoints ?? []) {
        const endpoint = subscriptions.get(id);
        if (endpoint?.isActive === true && endpoint.transport === 'push') found(endpoint, now);
        else lookAt(now);
      }
      if (endpoints === undefined) lookAt(now);
      void work();
    },
    async run(signal) {
      stopped = false;
      void work();
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      stopped = true;
      clock.clearTimer(timer);
    },
  };
}

/** Stands for an event that was erased or is past the retention: the receiver still learns that there was one. */
const goneData = Buffer.from('null');
