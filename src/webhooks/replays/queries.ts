import { countedIn, finishedPart, inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { first } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { idAt } from '../../base/ids.ts';
import type { DeliveryId, EndpointId, EventId, OrganizationId, ReplayId, WorkspaceId } from '../../base/ids.ts';
import type { Reach } from '../endpoints/index.ts';
import { scanMax } from './replay.ts';
import type { Candidate, Range, Replay, ReplayState } from './replay.ts';

// Jobs -----------------------------------------------------------------------------------------------

/** @returns false, without writing, if the endpoint already has a running job. */
export async function insert(db: Queryable, replay: Replay): Promise<boolean> {
  const written = await db.execute(sql`
    INSERT INTO replays (id, organization_id, endpoint_id, status, event_types, since, until, rate_per_second, state, position, scanned, replayed, due_at, created_at)
    VALUES (${replay.id}, ${replay.organization_id}, ${replay.endpoint_id}, ${replay.status}, ${replay.event_types}, ${replay.since}, ${replay.until},
      ${replay.rate_per_second}, ${replay.state}, ${replay.position}, ${replay.scanned}, ${replay.replayed}, ${replay.created_at}, ${replay.created_at})
    ON CONFLICT (endpoint_id) WHERE state = 'running' DO NOTHING`);
  return written === 1;
}

export const runningOf = async (db: Queryable, endpoint: EndpointId): Promise<ReplayId | undefined> =>
  (await first(db, sql<{ id: ReplayId }>`SELECT id FROM replays WHERE endpoint_id = ${endpoint} AND state = 'running'`))
    ?.id;

/** Restricts a list; undefined fields match all. */
export interface ReplayFilter {
  readonly workspaceId: WorkspaceId | undefined;
  readonly endpointId: EndpointId | undefined;
  readonly state: ReplayState | undefined;
}

export const list = (
  db: Queryable,
  organization: OrganizationId,
  { workspaceId, endpointId, state }: ReplayFilter,
  slice: Slice,
): Promise<Replay[]> =>
  db.query(
    inOrder(
      sql<Replay>`
      SELECT r.* FROM replays r JOIN endpoints e ON e.id = r.endpoint_id
      WHERE r.organization_id = ${organization} AND (${workspaceId ?? null}::uuid IS NULL OR e.workspace_id = ${workspaceId ?? null})
        AND (${endpointId ?? null}::uuid IS NULL OR r.endpoint_id = ${endpointId ?? null}) AND (${state ?? null}::text IS NULL OR r.state = ${state ?? null})`,
      'r',
      slice,
      finishedPart('r'),
    ),
  );

export const count = async (
  db: Queryable,
  organization: OrganizationId,
  { workspaceId, endpointId, state }: ReplayFilter,
  slice: Slice,
): Promise<number> =>
  (
    await first(
      db,
      countedIn(
        sql<{ total: number }>`
      SELECT count(*) AS total FROM replays r JOIN endpoints e ON e.id = r.endpoint_id
      WHERE r.organization_id = ${organization} AND (${workspaceId ?? null}::uuid IS NULL OR e.workspace_id = ${workspaceId ?? null})
        AND (${endpointId ?? null}::uuid IS NULL OR r.endpoint_id = ${endpointId ?? null}) AND (${state ?? null}::text IS NULL OR r.state = ${state ?? null})`,
        'r',
        slice,
        finishedPart('r'),
      ),
    )
  )?.total ?? 0;

export const byId = (
  db: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  id: ReplayId,
): Promise<Replay | undefined> =>
  first(
    db,
    sql<Replay>`
    SELECT r.* FROM replays r JOIN endpoints e ON e.id = r.endpoint_id
    WHERE r.id = ${id} AND r.organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR e.workspace_id = ${workspace ?? null})`,
  );

/** Ends a running job, after its current chunk. @returns 0 if it had already ended. */
export const finish = (
  db: Queryable,
  id: ReplayId,
  state: Exclude<ReplayState, 'running'>,
  nowMs: number,
): Promise<number> =>
  db.execute(
    sql`UPDATE replays SET state = ${state}, waiting_for = NULL, finished_at = ${new Date(nowMs)} WHERE id = ${id} AND state = 'running'`,
  );

// Running --------------------------------------------------------------------------------------------

/** Locks the job that has been due the longest, skipping those locked by another process. */
export const takeDue = (tx: Queryable, nowMs: number): Promise<Replay | undefined> =>
  first(
    tx,
    sql<Replay>`
    SELECT * FROM replays WHERE state = 'running' AND due_at <= ${new Date(nowMs)} ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );

/** When the next job becomes due. Ignores due jobs: they are locked, so another process runs them. */
export async function nextDue(db: Queryable, nowMs: number): Promise<number | undefined> {
  const [row] = await db.query(
    sql<{
      due_at: Date | null;
    }>`SELECT min(due_at) AS due_at FROM replays WHERE state = 'running' AND due_at > ${new Date(nowMs)}`,
  );
  return row?.due_at?.getTime();
}

export const postpone = (
  db: Queryable,
  id: ReplayId,
  waitingFor: 'endpoint' | 'queue' | null,
  dueAtMs: number,
): Promise<number> =>
  db.execute(sql`UPDATE replays SET waiting_for = ${waitingFor}, due_at = ${new Date(dueAtMs)} WHERE id = ${id}`);

/** Makes jobs that wait for one of these endpoints due now. @returns how many. */
export const resume = (db: Queryable, endpoints: readonly EndpointId[], nowMs: number): Promise<number> =>
  db.execute(sql`
    UPDATE replays SET waiting_for = NULL, due_at = ${new Date(nowMs)}
    WHERE state = 'running' AND waiting_for = 'endpoint' AND endpoint_id = ANY(${plainArray(endpoints)}::uuid[])`);

export const advance = (
  tx: Queryable,
  id: ReplayId,
  position: string,
  scanned: number,
  replayed: number,
  dueAtMs: number,
): Promise<number> =>
  tx.execute(sql`
    UPDATE replays SET position = ${position}, scanned = scanned + ${scanned}, replayed = replayed + ${replayed}, waiting_for = NULL, due_at = ${new Date(dueAtMs)} WHERE id = ${id}`);

// Deliveries and events ------------------------------------------------------------------------------

/** Counts the pending deliveries of an endpoint, up to `max`. */
export async function pendingUpTo(db: Queryable, endpoint: EndpointId, max: number): Promise<number> {
  const [row] = await db.query(sql<{ total: number }>`
    SELECT count(*) AS total FROM (SELECT FROM delivery_queue WHERE endpoint_id = ${endpoint} AND state = 'pending' LIMIT ${max}) AS pending`);
  return row?.total ?? 0;
}

/** The next part of the range, in order of id: logged deliveries, or events, without those that are scheduled for later. */
export const scan = (db: Queryable, replay: Range, nowMs: number): Promise<Candidate[]> =>
  replay.status === 'all'
    ? db.query(sql<Candidate>`
        SELECT id, id AS event_id, type AS event_type, workspace_id, NULL::text AS kind, NULL::text AS state FROM events
        WHERE organization_id = ${replay.organization_id} AND id > ${replay.position} AND id < ${idAt(replay.until.getTime())} AND (deliver_at IS NULL OR deliver_at <= ${new Date(nowMs)}) ORDER BY id LIMIT ${scanMax}`)
    : db.query(sql<Candidate>`
        SELECT id, event_id, event_type, NULL::uuid AS workspace_id, kind, state FROM delivery_log
        WHERE endpoint_id = ${replay.endpoint_id} AND id > ${replay.position} AND id < ${idAt(replay.until.getTime())} ORDER BY id LIMIT ${scanMax}`);

/** Candidates of the same type, workspace, kind and state. */
export interface CandidateGroup extends Omit<Candidate, 'id' | 'event_id'> {
  readonly total: number;
  /** Of them, those whose event is still stored, and not erased. */
  readonly replayable: number;
}

/**
 * Counts the first `max` candidates of the range by what selects them: 0.1 to 1 s for 100,000, whatever the length of the log. The lateral
 * join looks up one event at a time; a hash join would read all events of the organization.
 */
export const countCandidates = (db: Queryable, range: Range, nowMs: number, max: number): Promise<CandidateGroup[]> =>
  range.status === 'all'
    ? db.query(sql<CandidateGroup>`
        SELECT event_type, workspace_id, NULL::text AS kind, NULL::text AS state, count(*) AS total, count(*) FILTER (WHERE erased_at IS NULL) AS replayable
        FROM (SELECT type AS event_type, workspace_id, erased_at FROM events
          WHERE organization_id = ${range.organization_id} AND id > ${range.position} AND id < ${idAt(range.until.getTime())} AND (deliver_at IS NULL OR deliver_at <= ${new Date(nowMs)}) ORDER BY id LIMIT ${max}) AS events
        GROUP BY event_type, workspace_id`)
    : db.query(sql<CandidateGroup>`
        SELECT l.event_type, NULL::uuid AS workspace_id, l.kind, l.state, count(*) AS total, count(e.id) AS replayable
        FROM (SELECT event_type, event_id, kind, state FROM delivery_log
          WHERE endpoint_id = ${range.endpoint_id} AND id > ${range.position} AND id < ${idAt(range.until.getTime())} ORDER BY id LIMIT ${max}) AS l
        LEFT JOIN LATERAL (SELECT id FROM events
          WHERE organization_id = ${range.organization_id} AND id = CASE WHEN l.state = ${range.status} THEN l.event_id END AND erased_at IS NULL LIMIT 1) AS e ON true
        GROUP BY l.event_type, l.kind, l.state`);

/** Of events that are not erased. */
export const payloads = (
  db: Queryable,
  organization: OrganizationId,
  events: readonly EventId[],
): Promise<{ id: EventId; data: Buffer }[]> =>
  db.query(
    sql<{
      id: EventId;
      data: Buffer;
    }>`SELECT id, data FROM events WHERE organization_id = ${organization} AND id = ANY(${plainArray(events)}::uuid[]) AND erased_at IS NULL`,
  );

/**
 * Moves failed deliveries back to the queue under their own ids; their schedule starts again. Deliveries whose event is past retention
 * or erased stay in the log. `last` bounds the partitions that are read.
 * @returns how many were moved.
 */
export const requeue = (
  tx: Queryable,
  endpoint: EndpointId,
  after: string,
  last: string,
  deliveries: readonly string[],
  nowMs: number,
): Promise<number> =>
  tx.execute(sql`
    WITH gone AS (
      DELETE FROM delivery_log l
      WHERE l.endpoint_id = ${endpoint} AND l.id > ${after} AND l.id <= ${last} AND l.id = ANY(${plainArray(deliveries)}::uuid[]) AND l.state = 'failed'
        AND EXISTS (SELECT FROM events e WHERE e.organization_id = l.organization_id AND e.id = l.event_id AND e.erased_at IS NULL)
      RETURNING *
    )
    INSERT INTO delivery_queue (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, schedule_base, due_at, created_at, last_status_code, last_error, fifo_key)
    SELECT endpoint_id, id, organization_id, event_id, event_type, kind, 'pending', attempt_count, attempt_count, ${new Date(nowMs)}, created_at, last_status_code, last_error,
      CASE WHEN (SELECT ordering FROM endpoints WHERE id = ${endpoint}) = 'fifo' THEN id END
    FROM gone`);

/**
 * Queues new deliveries of these events; skips events past retention, and erased ones.
 * @param deliveries the new ids, in the order of `events`.
 * @returns how many were written.
 */
export const enqueue = (
  tx: Queryable,
  organization: OrganizationId,
  endpoint: EndpointId,
  events: readonly EventId[],
  deliveries: readonly DeliveryId[],
  nowMs: number,
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO delivery_queue (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, schedule_base, due_at, created_at, fifo_key)
    SELECT ${endpoint}, n.id, e.organization_id, e.id, e.type, 'replay', 'pending', 0, 0, ${new Date(nowMs)}, ${new Date(nowMs)},
      CASE WHEN (SELECT ordering FROM endpoints WHERE id = ${endpoint}) = 'fifo' THEN n.id END
    FROM unnest(${plainArray(events)}::uuid[], ${plainArray(deliveries)}::uuid[]) AS n (event_id, id)
    JOIN events e ON e.organization_id = ${organization} AND e.id = n.event_id AND e.erased_at IS NULL`);
