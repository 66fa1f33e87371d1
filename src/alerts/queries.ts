import { inOrder } from '../db/in-order.ts';
import type { Slice } from '../db/in-order.ts';
import { first } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { part, sql } from '../db/sql.ts';
import { dayMs, hourMs } from '../base/clock.ts';
import { idAt } from '../base/ids.ts';
import type { OrganizationId } from '../base/ids.ts';

export interface AlertRow {
  id: string;
  organization_id: OrganizationId;
  subject: string;
  body: string;
  created_at: Date;
  attempt_count: number;
  sent_at: Date | null;
  last_error: string | null;
  /** Null: it was not changed. */
  updated_at: Date | null;
  /** Whether it will be tried again. */
  waiting: boolean;
}

export const insertAlert = (
  db: Queryable,
  alert: { id: string; organization_id: OrganizationId; subject: string; body: string; created_at: Date },
): Promise<number> =>
  db.execute(sql`
    INSERT INTO alerts (id, organization_id, subject, body, created_at, due_at, attempt_count)
    VALUES (${alert.id}, ${alert.organization_id}, ${alert.subject}, ${alert.body}, ${alert.created_at}, ${alert.created_at}, 0)`);

/** Claims up to `limit` due alerts, the oldest due first, under a lease until `leaseUntilMs`. */
export const claimAlerts = (db: Queryable, limit: number, nowMs: number, leaseUntilMs: number): Promise<AlertRow[]> =>
  db.query(sql<AlertRow>`
    UPDATE alerts SET due_at = to_timestamp(${leaseUntilMs}::float8 / 1000), attempt_count = attempt_count + 1, updated_at = to_timestamp(${nowMs}::float8 / 1000)
    WHERE id IN (SELECT id FROM alerts WHERE sent_at IS NULL AND due_at <= to_timestamp(${nowMs}::float8 / 1000) ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id, organization_id, subject, body, created_at, updated_at, attempt_count, sent_at, last_error, true AS waiting`);

export const markSent = (db: Queryable, id: string, at: Date): Promise<number> =>
  db.execute(
    sql`UPDATE alerts SET sent_at = ${at}, updated_at = ${at}, last_error = NULL, due_at = 'infinity' WHERE id = ${id}`,
  );

export const postpone = (db: Queryable, id: string, at: Date, until: Date, error: string): Promise<number> =>
  db.execute(
    sql`UPDATE alerts SET due_at = ${until}, last_error = ${error}, updated_at = ${at} WHERE id = ${id} AND sent_at IS NULL`,
  );

/** Stops trying to mail an alert; it stays in the list with the reason. */
export const keep = (db: Queryable, id: string, at: Date, reason: string): Promise<number> =>
  db.execute(
    sql`UPDATE alerts SET due_at = 'infinity', last_error = ${reason}, updated_at = ${at} WHERE id = ${id} AND sent_at IS NULL`,
  );

/** Longer than an alert waits for its last attempt, so that only recent alerts of an organization are read. */
const attemptedWithinMs = 7 * dayMs;

/** How many alerts of these organizations were mailed in the last hour and day; those being mailed count if they are older than `id`. */
export async function mailed(
  db: Queryable,
  organizations: readonly OrganizationId[],
  id: string,
  nowMs: number,
): Promise<{ hour: number; day: number }> {
  const [row] = await db.query(sql<{ hour: number; day: number }>`
    SELECT count(*) FILTER (WHERE sent_at IS NULL OR sent_at > ${new Date(nowMs - hourMs)})::int AS hour, count(*)::int AS day FROM alerts
    WHERE organization_id = ANY(${organizations}::uuid[]) AND id > ${idAt(nowMs - attemptedWithinMs)}
      AND (sent_at > ${new Date(nowMs - dayMs)} OR (sent_at IS NULL AND attempt_count > 0 AND due_at < 'infinity' AND id < ${id}))`);
  return row ?? { hour: 0, day: 0 };
}

/** When the next alert is due; undefined: none is waiting. */
export const nextDue = async (db: Queryable): Promise<Date | undefined> =>
  (
    await first(
      db,
      sql<{
        due_at: Date;
      }>`SELECT due_at FROM alerts WHERE sent_at IS NULL AND due_at < 'infinity' ORDER BY due_at LIMIT 1`,
    )
  )?.due_at;

/** Alerts of an organization. */
export const alerts = (db: Queryable, organization: OrganizationId, slice: Slice): Promise<AlertRow[]> =>
  db.query(
    inOrder(
      sql<AlertRow>`
    SELECT id, organization_id, subject, body, created_at, updated_at, attempt_count, sent_at, last_error, sent_at IS NULL AND due_at < 'infinity' AS waiting
    FROM alerts WHERE organization_id = ${organization}`,
      'alerts',
      slice,
      part`coalesce(alerts.updated_at, alerts.created_at)`,
    ),
  );
