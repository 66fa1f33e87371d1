import type { Queryable } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { consumer, firstOf, scheduledAfter } from '../../delivery/queue/queries.ts';
import type { ClaimedRow } from '../../delivery/queue/queries.ts';
import type { DeliveryId, EndpointId, OrganizationId } from '../../base/ids.ts';

/**
 * Claims the head of a FIFO queue, if it is due. While the head is leased, held or waiting for its next attempt, no later delivery is claimed.
 * Of two concurrent calls, the second waits for the first and then finds the head leased.
 */
export async function claimHead(
  db: Queryable,
  endpoint: EndpointId,
  leaseUntilMs: number,
  nowMs: number,
): Promise<ClaimedRow[]> {
  const head = await firstOf(db, endpoint, nowMs);
  if (head === undefined || head.state === 'held' || head.due_at.getTime() > nowMs) return [];
  return db.query(sql<ClaimedRow>`
    WITH claimed AS (
      UPDATE delivery_queue SET due_at = ${new Date(leaseUntilMs)}, holder = ${consumer}
      WHERE endpoint_id = ${endpoint} AND id = ${head.id} AND state <> 'held' AND due_at <= ${new Date(nowMs)}
      RETURNING *
    )
    SELECT c.endpoint_id, c.id, c.organization_id, c.event_id, c.event_type, c.kind, c.attempt_count, c.schedule_base, c.due_at, c.created_at, e.workspace_id, e.data, e.occurred_at, e.traceparent
    FROM claimed c LEFT JOIN events e ON e.organization_id = c.organization_id AND e.id = c.event_id`);
}

/**
 * When the next delivery can be fetched (Unix ms); in a FIFO queue, when its head is due, or what is scheduled for later. Undefined: nothing
 * is pending, or a held head blocks the queue.
 */
export async function nextDue(
  db: Queryable,
  endpoint: EndpointId,
  fifo: boolean,
  nowMs: number,
): Promise<number | undefined> {
  if (!fifo) {
    const [next] = await db.query(
      sql<{
        due_at: Date;
      }>`SELECT due_at FROM delivery_queue WHERE endpoint_id = ${endpoint} AND state = 'pending' ORDER BY due_at LIMIT 1`,
    );
    return next?.due_at.getTime();
  }
  const head = await firstOf(db, endpoint, nowMs);
  const [scheduled] = await db.query(sql<{ due_at: Date }>`
    SELECT due_at FROM delivery_queue WHERE endpoint_id = ${endpoint} AND state = 'pending' AND attempt_count = 0 AND holder IS NULL AND due_at > ${scheduledAfter(nowMs)}
    ORDER BY due_at LIMIT 1`);
  const times = [head?.state === 'held' ? undefined : head, scheduled].flatMap((row) => row?.due_at.getTime() ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

/**
 * Those of `deliveries` that are still in the queue, whichever consumer fetched them. Looks up each id by the primary key: given the ids as
 * an array, PostgreSQL 15 and 16 read the endpoint's whole queue when their statistics say that it is short.
 */
export const inQueue = (
  db: Queryable,
  endpoint: EndpointId,
  deliveries: readonly DeliveryId[],
): Promise<ClaimedRow[]> =>
  db.query(sql<ClaimedRow>`
    SELECT q.endpoint_id, q.id, q.organization_id, q.event_id, q.event_type, q.kind, q.attempt_count, q.schedule_base, q.due_at, q.created_at, e.workspace_id, e.data, e.occurred_at, e.traceparent
    FROM unnest(${plainArray(deliveries)}::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (SELECT * FROM delivery_queue d WHERE d.endpoint_id = ANY (ARRAY[${endpoint}::uuid]) AND d.id = wanted.id LIMIT 1) q
    LEFT JOIN events e ON e.organization_id = q.organization_id AND e.id = q.event_id`);

/** Extends a listener's life, but writes only once a tenth of its time is used. Takes no epoch: the subscription does not change. */
export const extend = (
  db: Queryable,
  endpoint: EndpointId,
  untilMs: number,
  unlessLaterThanMs: number,
): Promise<number> =>
  db.execute(
    sql`UPDATE endpoints SET expires_at = ${new Date(untilMs)} WHERE id = ${endpoint} AND expires_at < ${new Date(unlessLaterThanMs)} AND deleted_at IS NULL`,
  );

export const expired = (db: Queryable, nowMs: number): Promise<{ id: EndpointId; organization_id: OrganizationId }[]> =>
  db.query(sql<{ id: EndpointId; organization_id: OrganizationId }>`
    SELECT id, organization_id FROM endpoints WHERE transport = 'pull' AND expires_at <= ${new Date(nowMs)} AND deleted_at IS NULL`);
