import type { Queryable } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { lastId } from '../../base/ids.ts';
import type { DeliveryId, EndpointId, EventId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { scheduledFrom, scheduledUntil } from './fifo-key.ts';

// If PostgreSQL took its statistics while the queue was empty, it considers every plan equally good. Three things keep it on the right one
// (plans.pg.test.ts):
// - Rows of the queue are joined by `endpoint_id = ANY (ARRAY[…])`, which only a lookup by the key can serve. With `=`, the whole queue may
//   be read once per row: 500 outcomes with 15,000 waiting deliveries took 5 s instead of 10 ms.
// - Lookups by id use `state <> 'held'` where they mean pending, so that the index of due rows does not seem to match.
// - The engine's connections have `indexPlans` (db/pool.ts): queues are read in the order of an index, never sorted.

export type DeliveryKind = 'event' | 'test' | 'replay';

/** The holder of what a consumer of a pull endpoint has fetched. It outlives every process, so only time ends its leases. */
export const consumer = '00000000-0000-0000-0000-000000000000';

/** A row of the queue with its event, as a claim returns it. */
export interface ClaimedRow {
  endpoint_id: EndpointId;
  id: DeliveryId;
  organization_id: OrganizationId;
  event_id: EventId;
  event_type: string;
  kind: DeliveryKind;
  attempt_count: number;
  schedule_base: number;
  due_at: Date;
  created_at: Date;
  workspace_id: WorkspaceId | null;
  /** Null when the event is past the retention of the installation; that of an erased event is `null` in JSON. */
  data: Buffer | null;
  occurred_at: Date | null;
  traceparent: string | null;
}

interface NextDueRow {
  endpoint_id: EndpointId;
  id: null;
  due_at: Date;
}

/** The result of a claim, in order of id. */
export interface Claimed {
  readonly rows: readonly ClaimedRow[];
  /** For each requested endpoint: when its first row that is not due yet comes due. Endpoints without such a row are missing. */
  readonly nextDueMs: ReadonlyMap<EndpointId, number>;
}

/** What a claim requests for one endpoint. */
export interface Wanted {
  readonly endpointId: EndpointId;
  readonly rows: number;
  /** The most bytes of the events' data. One row is returned however large it is. */
  readonly bytes: number;
  readonly leaseUntilMs: number;
}

/**
 * Leases due rows, oldest due first per endpoint and no more than requested, and returns when the next one is due. Rows that another
 * process is claiming are skipped, not waited for. An endpoint whose FIFO lease another process has is skipped: its ordering has just
 * changed.
 * @param holder who leases them: this process, or `consumer`.
 */
export async function claim(db: Queryable, wanted: readonly Wanted[], holder: string, nowMs: number): Promise<Claimed> {
  const found = await db.query(sql<ClaimedRow | NextDueRow>`
    WITH wanted AS (
      SELECT * FROM unnest(${plainArray(wanted.map((w) => w.endpointId))}::uuid[], ${plainArray(wanted.map((w) => w.rows))}::int[], ${plainArray(wanted.map((w) => w.bytes))}::bigint[], ${plainArray(wanted.map((w) => w.leaseUntilMs))}::bigint[])
        AS w (endpoint_id, rows, bytes, lease_until)
      WHERE NOT EXISTS (SELECT FROM fifo_leases l WHERE l.endpoint_id = w.endpoint_id AND l.holder <> ${holder} AND l.expires_at > to_timestamp(${nowMs}::float8 / 1000))
    ), picked AS (
      SELECT w.lease_until, w.bytes, q.* FROM wanted w CROSS JOIN LATERAL (
        SELECT endpoint_id, id, organization_id, event_id, due_at FROM delivery_queue
        WHERE endpoint_id = w.endpoint_id AND state = 'pending' AND due_at <= to_timestamp(${nowMs}::float8 / 1000)
        ORDER BY due_at LIMIT w.rows FOR UPDATE SKIP LOCKED
      ) q
    ), sized AS (
      SELECT p.endpoint_id, p.id, p.lease_until, e.workspace_id, e.data, e.occurred_at, e.traceparent,
        sum(coalesce(octet_length(e.data), 0)) OVER before <= p.bytes OR row_number() OVER before = 1 AS fits
      FROM picked p LEFT JOIN events e ON e.organization_id = p.organization_id AND e.id = p.event_id
      WINDOW before AS (PARTITION BY p.endpoint_id ORDER BY p.due_at, p.id)
    ), claimed AS (
      UPDATE delivery_queue q SET due_at = to_timestamp(s.lease_until / 1000.0), holder = ${holder} FROM sized s
      WHERE q.endpoint_id = ANY (ARRAY[s.endpoint_id]) AND q.id = s.id AND s.fits
      RETURNING q.*, s.workspace_id, s.data, s.occurred_at, s.traceparent
    )
    SELECT endpoint_id, id, organization_id, event_id, event_type, kind, attempt_count, schedule_base, due_at, created_at, workspace_id, data, occurred_at, traceparent FROM claimed
    UNION ALL
    SELECT w.endpoint_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, next.due_at, NULL, NULL, NULL, NULL, NULL FROM wanted w CROSS JOIN LATERAL (
      SELECT due_at FROM delivery_queue WHERE endpoint_id = w.endpoint_id AND state = 'pending' AND due_at > to_timestamp(${nowMs}::float8 / 1000)
      ORDER BY due_at LIMIT 1
    ) next
    ORDER BY id`);
  const rows: ClaimedRow[] = [];
  const nextDueMs = new Map<EndpointId, number>();
  for (const row of found) {
    if (row.id === null) nextDueMs.set(row.endpoint_id, row.due_at.getTime());
    else rows.push(row);
  }
  return { rows, nextDueMs };
}

/** What is due later than this was scheduled, and is no part of a FIFO queue yet. The clocks of two processes differ by less. */
const scheduledAfterMs = 1_000;
export const scheduledAfter = (nowMs: number): Date => new Date(nowMs + scheduledAfterMs);

/**
 * Returns the first rows of a FIFO endpoint's queue, in order, due or not, up to the first held delivery: those after it wait for its
 * release. Deliveries scheduled for later are left out. Only the holder of the endpoint's lease may act on them.
 *
 * Three reads, each in the order of an index: what may have no key (`endpoints.fifo_from`), in which scheduled deliveries are passed one by
 * one; what has its id as key; and what was scheduled and is due (`fifo-key.ts`).
 * @returns also when the next one that was left out is due.
 */
export async function fifoHead(
  db: Queryable,
  endpoint: EndpointId,
  limit: number,
  nowMs: number,
): Promise<{ rows: ClaimedRow[]; held: boolean; scheduledMs: number | undefined }> {
  const later = scheduledAfter(nowMs);
  const found = await db.query(sql<(ClaimedRow & { after_held: boolean }) | NextDueRow>`
    WITH keyed AS MATERIALIZED (
      SELECT coalesce((SELECT fifo_from FROM endpoints WHERE id = ${endpoint}), ${lastId}::uuid) AS from_id
    ), head AS (
      SELECT * FROM (
        (SELECT id AS place, * FROM delivery_queue WHERE endpoint_id = ${endpoint} AND id < (SELECT from_id FROM keyed)
          AND NOT (attempt_count = 0 AND state = 'pending' AND holder IS NULL AND due_at > ${later}) ORDER BY id LIMIT ${limit})
        UNION ALL
        (SELECT fifo_key, * FROM delivery_queue WHERE endpoint_id = ${endpoint} AND fifo_key >= (SELECT from_id FROM keyed) AND fifo_key < ${scheduledFrom}::uuid ORDER BY fifo_key LIMIT ${limit})
        UNION ALL
        (SELECT ('0' || substr(fifo_key::text, 2))::uuid, * FROM delivery_queue
          WHERE endpoint_id = ${endpoint} AND fifo_key >= ${scheduledFrom}::uuid AND fifo_key < ${scheduledUntil(later.getTime())}::uuid AND id >= (SELECT from_id FROM keyed) ORDER BY fifo_key LIMIT ${limit})
      ) each ORDER BY place LIMIT ${limit}
    )
    SELECT q.place, q.endpoint_id, q.id, q.organization_id, q.event_id, q.event_type, q.kind, q.attempt_count, q.schedule_base, q.due_at, q.created_at, e.workspace_id, e.data, e.occurred_at, e.traceparent, q.after_held
    FROM (SELECT *, bool_or(state = 'held') OVER (ORDER BY place) AS after_held FROM head) q
    LEFT JOIN events e ON e.organization_id = q.organization_id AND e.id = q.event_id AND NOT q.after_held
    UNION ALL
    SELECT NULL, endpoint_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, due_at, NULL, NULL, NULL, NULL, NULL, NULL
    FROM (SELECT endpoint_id, due_at FROM delivery_queue WHERE endpoint_id = ${endpoint} AND state = 'pending' AND due_at > ${later} ORDER BY due_at LIMIT 1) next
    ORDER BY place`);
  const head = found.filter((row) => row.id !== null);
  const held = head.findIndex((row) => row.after_held);
  return {
    rows: held === -1 ? head : head.slice(0, held),
    held: held !== -1,
    scheduledMs: found.find((row) => row.id === null)?.due_at.getTime(),
  };
}

/** The first row of a FIFO endpoint's queue: as `fifoHead` with a limit of 1, without its event. */
export async function firstOf(
  db: Queryable,
  endpoint: EndpointId,
  nowMs: number,
): Promise<{ id: DeliveryId; due_at: Date; state: 'pending' | 'held' } | undefined> {
  const later = scheduledAfter(nowMs);
  const [found] = await db.query(sql<{ id: DeliveryId; due_at: Date; state: 'pending' | 'held' }>`
    WITH keyed AS MATERIALIZED (
      SELECT coalesce((SELECT fifo_from FROM endpoints WHERE id = ${endpoint}), ${lastId}::uuid) AS from_id
    )
    SELECT id, due_at, state FROM (
      (SELECT id AS place, id, due_at, state FROM delivery_queue WHERE endpoint_id = ${endpoint} AND id < (SELECT from_id FROM keyed)
        AND NOT (attempt_count = 0 AND state = 'pending' AND holder IS NULL AND due_at > ${later}) ORDER BY id LIMIT 1)
      UNION ALL
      (SELECT fifo_key, id, due_at, state FROM delivery_queue WHERE endpoint_id = ${endpoint} AND fifo_key >= (SELECT from_id FROM keyed) AND fifo_key < ${scheduledFrom}::uuid ORDER BY fifo_key LIMIT 1)
      UNION ALL
      (SELECT ('0' || substr(fifo_key::text, 2))::uuid, id, due_at, state FROM delivery_queue
        WHERE endpoint_id = ${endpoint} AND fifo_key >= ${scheduledFrom}::uuid AND fifo_key < ${scheduledUntil(later.getTime())}::uuid AND id >= (SELECT from_id FROM keyed) ORDER BY fifo_key LIMIT 1)
    ) each ORDER BY place LIMIT 1`);
  return found;
}

/** Takes or renews the lease of a FIFO endpoint. @returns whether this holder has it now, and until when it lasts. */
export async function leaseFifo(
  db: Queryable,
  endpoint: EndpointId,
  holder: string,
  nowMs: number,
  untilMs: number,
): Promise<{ mine: boolean; untilMs: number }> {
  const taken = await db.query(sql<{ holder: string }>`
    INSERT INTO fifo_leases AS l (endpoint_id, holder, expires_at) VALUES (${endpoint}, ${holder}, to_timestamp(${untilMs}::float8 / 1000))
    ON CONFLICT (endpoint_id) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
    WHERE l.holder = excluded.holder OR l.expires_at <= to_timestamp(${nowMs}::float8 / 1000)
    RETURNING holder`);
  if (taken.length > 0) return { mine: true, untilMs };
  const [other] = await db.query(
    sql<{ expires_at: Date }>`SELECT expires_at FROM fifo_leases WHERE endpoint_id = ${endpoint}`,
  );
  return { mine: false, untilMs: other?.expires_at.getTime() ?? nowMs };
}

/** Releases a process's FIFO leases, except those of endpoints that it may still be sending to. */
export const releaseFifo = (db: Queryable, holder: string, busy: readonly EndpointId[]): Promise<number> =>
  db.execute(
    sql`DELETE FROM fifo_leases WHERE holder = ${holder} AND endpoint_id <> ALL (${plainArray(busy)}::uuid[])`,
  );

/** Returns the earliest due row of every endpoint that has one: a loose index scan, one probe per endpoint, however long the queues are. */
export const heads = (db: Queryable): Promise<{ endpoint_id: EndpointId; due_at: Date }[]> =>
  db.query(sql<{ endpoint_id: EndpointId; due_at: Date }>`
    WITH RECURSIVE head AS (
      (SELECT endpoint_id, due_at FROM delivery_queue WHERE state = 'pending' ORDER BY endpoint_id, due_at LIMIT 1)
      UNION ALL
      SELECT n.endpoint_id, n.due_at FROM head h CROSS JOIN LATERAL (
        SELECT endpoint_id, due_at FROM delivery_queue WHERE state = 'pending' AND endpoint_id > h.endpoint_id ORDER BY endpoint_id, due_at LIMIT 1
      ) n
    )
    SELECT endpoint_id, due_at FROM head`);

/** A leased row, and until when. */
export interface Leased {
  readonly endpointId: EndpointId;
  readonly id: DeliveryId;
  readonly leaseUntilMs: number;
}

/** Ends leases early, so that another process need not wait for their end. A row that has been leased again is left alone. */
export const giveBack = (db: Queryable, rows: readonly Leased[], nowMs: number): Promise<number> =>
  db.execute(sql`
    UPDATE delivery_queue q SET due_at = to_timestamp(${nowMs}::float8 / 1000), holder = NULL
    FROM unnest(${plainArray(rows.map((row) => row.endpointId))}::uuid[], ${plainArray(rows.map((row) => row.id))}::uuid[], ${plainArray(rows.map((row) => row.leaseUntilMs))}::bigint[])
      AS r (endpoint_id, id, lease_until)
    WHERE q.endpoint_id = ANY (ARRAY[r.endpoint_id]) AND q.id = r.id AND q.due_at = to_timestamp(r.lease_until / 1000.0)`);

/** The outcome of one attempt, to be written. */
export interface Settlement {
  readonly endpointId: EndpointId;
  readonly deliveryId: DeliveryId;
  /** Attempts before this one, over the delivery's whole life: the fence against a second process's outcome. */
  readonly attemptsBefore: number;
  readonly state: 'delivered' | 'failed' | 'pending';
  /** When it is due again; only for `pending`. */
  readonly dueAtMs: number;
  readonly completedAtMs: number;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly dialect: string;
  readonly targetUrl: string;
  readonly requestHeaders: string;
  readonly statusCode: number | null;
  readonly error: string | null;
  readonly responseHeaders: string | null;
  readonly responseBody: string | null;
}

/**
 * Writes outcomes: finished deliveries move from the queue to the log, the others wait for their next attempt, and every attempt is
 * stored. A row that another process settled in the meantime (because its lease ended) is left alone.
 * @returns the ids that were settled.
 */
export async function settle(db: Queryable, all: readonly Settlement[]): Promise<DeliveryId[]> {
  const [first] = all;
  if (first !== undefined && all.length === 1 && first.state !== 'pending') return settleOne(db, first);
  const rows = await db.query(sql<{ id: DeliveryId }>`
    WITH o AS (
      SELECT * FROM unnest(
        ${plainArray(all.map((s) => s.endpointId))}::uuid[], ${plainArray(all.map((s) => s.deliveryId))}::uuid[], ${plainArray(all.map((s) => s.attemptsBefore))}::int[],
        ${plainArray(all.map((s) => s.state))}::text[], ${plainArray(all.map((s) => s.dueAtMs))}::bigint[], ${plainArray(all.map((s) => s.completedAtMs))}::bigint[],
        ${plainArray(all.map((s) => s.startedAtMs))}::bigint[], ${plainArray(all.map((s) => Math.round(s.durationMs)))}::int[], ${plainArray(all.map((s) => s.dialect))}::text[],
        ${all.map((s) => s.targetUrl)}::text[], ${all.map((s) => s.requestHeaders)}::text[], ${plainArray(all.map((s) => s.statusCode ?? 'NULL'))}::smallint[],
        ${all.map((s) => s.error)}::text[], ${all.map((s) => s.responseHeaders)}::text[], ${all.map((s) => s.responseBody)}::text[]
      ) AS o (endpoint_id, id, attempts_before, state, due_at, completed_at, started_at, duration_ms, dialect, target_url, request_headers, status_code, error, response_headers, response_body)
    ), gone AS (
      DELETE FROM delivery_queue q USING o
      WHERE q.endpoint_id = ANY (ARRAY[o.endpoint_id]) AND q.id = o.id AND q.attempt_count = o.attempts_before AND o.state <> 'pending'
      RETURNING q.organization_id, q.event_id, q.event_type, q.kind, q.created_at, o.*
    ), logged AS (
      INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at, last_status_code, last_error)
      SELECT endpoint_id, id, organization_id, event_id, event_type, kind, state, attempts_before + 1, created_at, to_timestamp(completed_at / 1000.0), status_code, error FROM gone
    ), again AS (
      UPDATE delivery_queue q SET attempt_count = q.attempt_count + 1, due_at = to_timestamp(o.due_at / 1000.0), holder = NULL, last_status_code = o.status_code, last_error = o.error
      FROM o WHERE q.endpoint_id = ANY (ARRAY[o.endpoint_id]) AND q.id = o.id AND q.attempt_count = o.attempts_before AND o.state = 'pending'
      RETURNING o.*
    ), settled AS (
      SELECT id, attempts_before, started_at, duration_ms, dialect, target_url, request_headers, status_code, error, response_headers, response_body FROM gone
      UNION ALL
      SELECT id, attempts_before, started_at, duration_ms, dialect, target_url, request_headers, status_code, error, response_headers, response_body FROM again
    )
    INSERT INTO attempts (delivery_id, number, started_at, duration_ms, dialect, target_url, request_headers, status_code, error, response_headers, response_body)
    SELECT id, attempts_before + 1, to_timestamp(started_at / 1000.0), duration_ms, dialect, target_url, request_headers, status_code, error, response_headers, response_body FROM settled
    RETURNING delivery_id AS id`);
  return rows.map((row) => row.id);
}

/** `settle` for one finished delivery, as most are at ordinary rates: 0.6 × the database's CPU. */
async function settleOne(db: Queryable, one: Settlement): Promise<DeliveryId[]> {
  const rows = await db.query(sql<{ id: DeliveryId }>`
    WITH gone AS (
      DELETE FROM delivery_queue WHERE endpoint_id = ${one.endpointId} AND id = ${one.deliveryId} AND attempt_count = ${one.attemptsBefore}
      RETURNING endpoint_id, id, organization_id, event_id, event_type, kind, attempt_count, created_at
    ), logged AS (
      INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at, last_status_code, last_error)
      SELECT endpoint_id, id, organization_id, event_id, event_type, kind, ${one.state}, attempt_count + 1, created_at, to_timestamp(${one.completedAtMs}::float8 / 1000), ${one.statusCode}::smallint, ${one.error} FROM gone
    )
    INSERT INTO attempts (delivery_id, number, started_at, duration_ms, dialect, target_url, request_headers, status_code, error, response_headers, response_body)
    SELECT id, attempt_count + 1, to_timestamp(${one.startedAtMs}::float8 / 1000), ${Math.round(one.durationMs)}::int, ${one.dialect}, ${one.targetUrl}, ${one.requestHeaders}, ${one.statusCode}::smallint, ${one.error}, ${one.responseHeaders}, ${one.responseBody} FROM gone
    RETURNING delivery_id AS id`);
  return rows.map((row) => row.id);
}

/**
 * Holds up to `limit` pending deliveries of a disabled endpoint. Whether it is disabled is read here, under a lock: this process's copy of
 * the endpoint may be stale, and held deliveries stay held until a person releases them.
 */
export const hold = (db: Queryable, endpoint: EndpointId, limit: number): Promise<number> =>
  db.execute(sql`
    WITH disabled AS MATERIALIZED (
      SELECT id FROM endpoints WHERE id = ${endpoint} AND NOT is_active AND deleted_at IS NULL FOR SHARE
    ), chosen AS (
      SELECT q.endpoint_id, q.id FROM disabled d JOIN delivery_queue q ON q.endpoint_id = d.id
      WHERE q.state = 'pending' LIMIT ${limit} FOR UPDATE OF q SKIP LOCKED
    )
    UPDATE delivery_queue q SET state = 'held' FROM chosen c WHERE q.endpoint_id = ANY (ARRAY[c.endpoint_id]) AND q.id = c.id`);

/** Releases up to `limit` held deliveries, the oldest first. They are due immediately, except those that are leased, or scheduled for later. */
export const release = (db: Queryable, endpoint: EndpointId, limit: number, nowMs: number): Promise<number> =>
  db.execute(sql`
    WITH chosen AS (
      SELECT endpoint_id, id FROM delivery_queue WHERE endpoint_id = ${endpoint} AND state = 'held' ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    UPDATE delivery_queue q SET state = 'pending',
      due_at = CASE WHEN holder IS NULL AND NOT (attempt_count = 0 AND due_at > to_timestamp(${nowMs}::float8 / 1000)) THEN to_timestamp(${nowMs}::float8 / 1000) ELSE due_at END
    FROM chosen c WHERE q.endpoint_id = ANY (ARRAY[c.endpoint_id]) AND q.id = c.id`);

/** Releases these held deliveries. */
export const releaseThese = (db: Queryable, rows: readonly Pick<Leased, 'endpointId' | 'id'>[]): Promise<number> =>
  db.execute(sql`
    UPDATE delivery_queue q SET state = 'pending'
    FROM unnest(${plainArray(rows.map((row) => row.endpointId))}::uuid[], ${plainArray(rows.map((row) => row.id))}::uuid[]) AS r (endpoint_id, id)
    WHERE q.endpoint_id = ANY (ARRAY[r.endpoint_id]) AND q.id = r.id AND q.state = 'held'`);

/** Moves up to `limit` deliveries of a deleted endpoint to the log as failed. */
export const discard = (db: Queryable, endpoint: EndpointId, limit: number, nowMs: number): Promise<number> =>
  db.execute(sql`
    WITH chosen AS (
      SELECT endpoint_id, id FROM delivery_queue WHERE endpoint_id = ${endpoint} AND EXISTS (SELECT FROM endpoints WHERE id = ${endpoint} AND deleted_at IS NOT NULL)
      LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM delivery_queue q USING chosen c WHERE q.endpoint_id = ANY (ARRAY[c.endpoint_id]) AND q.id = c.id
      RETURNING q.*
    )
    INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at, last_status_code, last_error)
    SELECT endpoint_id, id, organization_id, event_id, event_type, kind, 'failed', attempt_count, created_at, to_timestamp(${nowMs}::float8 / 1000), last_status_code, 'The endpoint was deleted before this was delivered.'
    FROM gone`);

export interface Expired {
  id: DeliveryId;
  endpoint_id: EndpointId;
  organization_id: OrganizationId;
  workspace_id: WorkspaceId | null;
  event_id: EventId;
  event_type: string;
  attempt_count: number;
  last_error: string;
  deleted: boolean;
}

/**
 * Moves up to `limit` pending and held deliveries of events before this id to the log as failed. Leased ones are left to their attempt.
 * Reads the whole queue, so it must not run on the engine's connections.
 */
export const expire = (tx: Queryable, beforeEvent: string, limit: number, nowMs: number): Promise<Expired[]> =>
  tx.query(sql<Expired>`
    WITH chosen AS (
      SELECT endpoint_id, id FROM delivery_queue WHERE event_id < ${beforeEvent} AND (holder IS NULL OR due_at <= to_timestamp(${nowMs}::float8 / 1000))
      LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM delivery_queue q USING chosen c WHERE q.endpoint_id = c.endpoint_id AND q.id = c.id
      RETURNING q.*, 'Expired: it was still ' || q.state || ' when its event reached the end of the retention.' || coalesce(' Last error: ' || q.last_error, '') AS why
    ), logged AS (
      INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at, last_status_code, last_error)
      SELECT endpoint_id, id, organization_id, event_id, event_type, kind, 'failed', attempt_count, created_at, to_timestamp(${nowMs}::float8 / 1000), last_status_code, why FROM gone
    )
    SELECT g.id, g.endpoint_id, g.organization_id, e.workspace_id, g.event_id, g.event_type, g.attempt_count, g.why AS last_error, e.deleted_at IS NOT NULL AS deleted
    FROM gone g JOIN endpoints e ON e.id = g.endpoint_id ORDER BY g.id`);

/** Returns deleted endpoints that still have deliveries in the queue, held ones included: one probe per endpoint that has any. */
export const orphaned = async (db: Queryable): Promise<EndpointId[]> =>
  (
    await db.query(sql<{ id: EndpointId }>`
      WITH RECURSIVE each AS (
        (SELECT endpoint_id AS id FROM delivery_queue ORDER BY endpoint_id LIMIT 1)
        UNION ALL
        SELECT n.endpoint_id FROM each CROSS JOIN LATERAL (SELECT endpoint_id FROM delivery_queue WHERE endpoint_id > each.id ORDER BY endpoint_id LIMIT 1) n
      )
      SELECT each.id FROM each JOIN endpoints e ON e.id = each.id WHERE e.deleted_at IS NOT NULL`)
  ).map((row) => row.id);
