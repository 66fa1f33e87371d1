import type { Clock } from '../base/clock.ts';
import type { Database } from '../db/pool.ts';
import type { Dispatcher } from './dispatcher.ts';
import { leaseMs } from './endpoint.ts';
import type { Item, Lane, LoadedEvent } from './lane.ts';
import { claim, fifoHead, leaseFifo, type ClaimedRow, type Wanted } from './queue/queries.ts';

/** Rows one claim takes at most, in total and for one lane. */
const claimMax = 2_000;
const laneClaimMax = 500;
const fifoRowsMax = 200;
/** FIFO queues read at the same time, since publishing needs the other connections; and before the other endpoints have their turn again. */
const fifoAtOnce = 2;
const fifoMax = 16;
/** The largest an event can be. No more endpoints and rows are requested at once than could bring one such event each. */
const eventBytesMax = 256 * 1024;
/** Until a lane that found no room in memory is tried again. */
const starvedPauseMs = 500;
/** A FIFO queue that is blocked by a held delivery is read again after this time, or when a release announces it. */
const heldPauseMs = 20_000;

/** Loads due rows of the database into lanes, under leases. */
export interface Claims {
  /** Claims for ordinary endpoints, all in one statement, oldest due first and a fair share each. */
  claim(lanes: readonly Lane[]): Promise<void>;
  /** Reads the queues of FIFO endpoints in order, each under the endpoint's lease. */
  readFifo(lanes: readonly Lane[]): Promise<void>;
}

export interface ClaimsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly dispatcher: Dispatcher;
  readonly holder: () => string;
  /** Schedules the next claim for a lane. */
  readonly claimAt: (lane: Lane, atMs: number) => void;
  /** Leaves a lane to the next round. */
  readonly postpone: (lane: Lane) => void;
}

export function createClaims({ db, clock, dispatcher, holder, claimAt, postpone }: ClaimsOptions): Claims {
  /** Whether the lane has room now. A lane with nothing in memory, which no outcome would bring back, is tried again later. */
  function hasRoom(lane: Lane, room: number): boolean {
    if (room > 0 && dispatcher.bytesRoom(lane) > 0) return true;
    if (lane.held === 0) claimAt(lane, Math.max(clock.now() + starvedPauseMs, lane.opensMs));
    return false;
  }

  /** Reserves room for each lane that has some. */
  function requestRoom(lanes: readonly Lane[]): readonly { readonly lane: Lane; readonly room: number }[] {
    const lanesMax = Math.min(claimMax, Math.max(1, Math.floor(dispatcher.bytesFree / eventBytesMax)));
    // A share each, so that the first of many do not take it all.
    const share = Math.max(1, Math.floor(claimMax / Math.max(1, lanes.length)));
    const requests: { lane: Lane; room: number }[] = [];
    for (const lane of lanes) {
      if (requests.length === lanesMax) {
        postpone(lane);
        continue;
      }
      const room = Math.min(dispatcher.room(lane), laneClaimMax, share);
      if (!hasRoom(lane, room)) continue;
      lane.backlog = false; // set again by `accept`, or by a publish that overflows in the meantime
      dispatcher.reserve(lane, room);
      requests.push({ lane, room });
    }
    return requests;
  }

  /** Passes what a claim brought to a lane's memory. */
  function accept(lane: Lane, rows: readonly ClaimedRow[], wanted: Wanted, events: Map<string, LoadedEvent>): void {
    const size = rows.reduce((sum, row) => sum + (row.data?.length ?? 0), 0);
    // Rows or bytes reached what was requested: there may be more.
    if (rows.length >= wanted.rows || (rows.length > 0 && size + eventBytesMax > wanted.bytes)) lane.backlog = true;
    // A lease may end before this process is done: the database was slow to take the outcome, or the clock was set forward.
    const idle = rows.filter((row) => !dispatcher.isBusy(row.id, row.attempt_count));
    dispatcher.accept(
      lane,
      idle.map((row) => itemOf(row, events, row.due_at.getTime())),
    );
  }

  async function readOne(lane: Lane): Promise<void> {
    // What is in flight must be written first, or the same rows would be read again.
    if (lane.held > 0 || lane.unsettled > 0) return;
    const room = Math.min(dispatcher.room(lane), fifoRowsMax, Math.ceil(dispatcher.bytesRoom(lane) / eventBytesMax));
    if (!hasRoom(lane, room)) return;
    const now = clock.now();
    const self = holder();
    const until = now + leaseMs(lane.endpoint);
    lane.backlog = false;
    lane.headDueMs = 0;
    dispatcher.reserve(lane, room);
    try {
      const lease = await leaseFifo(db, lane.endpoint.id, self, now, until);
      if (!lease.mine) return claimAt(lane, lease.untilMs);
      const { rows, held, scheduledMs } = await fifoHead(db, lane.endpoint.id, room, now);
      // Changed in the meantime: these rows have no leases of their own, as they would need now. The change itself causes a scan.
      if (!lane.endpoint.fifo || holder() !== self) return;
      if (scheduledMs !== undefined) claimAt(lane, scheduledMs);
      const firstWaiting = rows.findIndex((row) => row.due_at.getTime() > now);
      const due = firstWaiting === -1 ? rows : rows.slice(0, firstWaiting);
      const waiting = rows[due.length];
      if (waiting !== undefined) {
        if (due.length === 0) lane.headDueMs = waiting.due_at.getTime();
        claimAt(lane, waiting.due_at.getTime());
      } else if (held) {
        if (due.length === 0) lane.headDueMs = now + heldPauseMs;
      } else if (rows.length >= room) lane.backlog = true;
      const events = new Map<string, LoadedEvent>();
      dispatcher.accept(
        lane,
        due.map((row) => itemOf(row, events, until)),
      );
    } catch (error) {
      lane.backlog = true;
      throw error;
    } finally {
      dispatcher.unreserve(lane, room);
    }
  }

  return {
    async claim(lanes) {
      const requests = requestRoom(lanes);
      if (requests.length === 0) return;
      const now = clock.now();
      const self = holder();
      const free = Math.floor(dispatcher.bytesFree / requests.length);
      const wanted = requests.map(({ lane, room }) => ({
        endpointId: lane.endpoint.id,
        rows: room,
        bytes: Math.min(free, dispatcher.bytesRoom(lane)),
        leaseUntilMs: now + leaseMs(lane.endpoint),
        lane,
      }));
      dispatcher.claimBegan();
      try {
        const claimed = await claim(db, wanted, self, now);
        // Released by another process in the meantime.
        if (holder() !== self) return;
        const rows = Map.groupBy(claimed.rows, (row) => row.endpoint_id);
        const events = new Map<string, LoadedEvent>();
        for (const each of wanted) {
          claimAt(each.lane, claimed.nextDueMs.get(each.endpointId) ?? Infinity);
          accept(each.lane, rows.get(each.endpointId) ?? [], each, events);
        }
      } catch (error) {
        for (const { lane } of requests) lane.backlog = true;
        throw error;
      } finally {
        dispatcher.claimEnded();
        for (const { lane, room } of requests) dispatcher.unreserve(lane, room);
      }
    },

    async readFifo(lanes) {
      for (const lane of lanes.slice(fifoMax)) postpone(lane);
      const now = lanes.slice(0, fifoMax);
      for (let begin = 0; begin < now.length; begin += fifoAtOnce) {
        // All of them end before an error is thrown: a queue that is still being read must not be read a second time.
        const read = await Promise.allSettled(now.slice(begin, begin + fifoAtOnce).map(readOne));
        for (const one of read) if (one.status === 'rejected') throw one.reason;
      }
    },
  };
}

/** Stands for the data of an event that is past the retention of the installation; erasing an event cancels its deliveries instead. */
const goneData = Buffer.from('null');

/** @param events shares an event between its deliveries. */
function itemOf(row: ClaimedRow, events: Map<string, LoadedEvent>, leaseUntilMs: number): Item {
  let event = events.get(row.event_id);
  if (event === undefined) {
    event = {
      id: row.event_id,
      organizationId: row.organization_id,
      workspaceId: row.workspace_id ?? undefined,
      type: row.event_type,
      data: row.data ?? goneData,
      occurredAtMs: (row.occurred_at ?? row.created_at).getTime(),
      createdAtMs: row.created_at.getTime(),
      traceparent: row.traceparent ?? undefined,
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
}
