import type { Queryable } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { EndpointId } from '../../base/ids.ts';

/** The attempts to one endpoint in one hour, since the last flush. */
export interface StatsRow {
  readonly endpointId: EndpointId;
  readonly hourMs: number;
  readonly attempts: number;
  readonly succeeded: number;
  readonly latency: readonly number[];
  readonly lastError: string | null;
  readonly lastDeliveredAtMs: number | null;
  readonly lastFailedAtMs: number | null;
  /** Failures since the last success or, without one, since the last flush. */
  readonly failuresInARow: number;
}

/** An endpoint that started or stopped failing. */
export interface HealthChange {
  endpoint_id: EndpointId;
  change: 'failing' | 'recovered';
  consecutive_failures: number;
  last_delivered_at: Date | null;
  last_error: string | null;
  /** `recovered`: since when it was failing. `failing`: the time of its last failure. */
  since: Date;
}

/** When an endpoint counts as failing. */
export interface FailingRule {
  /** Failures in a row. */
  readonly failures: number;
  /** Nothing was delivered for this long, so that a brief outage of a busy receiver is not reported. */
  readonly silentMs: number;
  /** An endpoint is reported at most once in this time. */
  readonly spacingMs: number;
}

/** Adds to the hourly statistics and updates the health of endpoints. @returns the endpoints that started or stopped failing. */
export async function addStats(
  db: Queryable,
  rows: readonly StatsRow[],
  { failures, silentMs, spacingMs }: FailingRule,
): Promise<HealthChange[]> {
  const ids = plainArray(rows.map((row) => row.endpointId));
  const lastErrors = rows.map((row) => row.lastError);
  await db.execute(sql`
    INSERT INTO endpoint_stats AS s (endpoint_id, hour, attempts, succeeded, latency, last_error)
    SELECT n.endpoint_id, to_timestamp(n.hour / 1000.0), n.attempts, n.succeeded, n.latency::int[], n.last_error
    FROM unnest(${ids}::uuid[], ${plainArray(rows.map((row) => row.hourMs))}::bigint[], ${plainArray(rows.map((row) => row.attempts))}::int[],
      ${plainArray(rows.map((row) => row.succeeded))}::int[], ${rows.map((row) => plainArray(row.latency))}::text[], ${lastErrors}::text[]) AS n (endpoint_id, hour, attempts, succeeded, latency, last_error)
    JOIN endpoints e ON e.id = n.endpoint_id
    ON CONFLICT (endpoint_id, hour) DO UPDATE SET attempts = s.attempts + excluded.attempts, succeeded = s.succeeded + excluded.succeeded,
      latency = ARRAY(SELECT a + b FROM unnest(s.latency, excluded.latency) AS t (a, b)), last_error = coalesce(excluded.last_error, s.last_error)`);
  return db.query(sql<HealthChange>`
    WITH health AS (
    INSERT INTO endpoint_health AS h (endpoint_id, consecutive_failures, last_delivered_at, last_failed_at, last_error)
    SELECT n.endpoint_id, n.failures, to_timestamp(n.delivered / 1000.0), to_timestamp(n.failed / 1000.0), n.last_error
    FROM (
      SELECT endpoint_id, (array_agg(failures ORDER BY hour DESC))[1] AS failures, max(delivered) AS delivered, max(failed) AS failed, (array_agg(last_error ORDER BY hour DESC))[1] AS last_error
      FROM unnest(${ids}::uuid[], ${plainArray(rows.map((row) => row.hourMs))}::bigint[], ${plainArray(rows.map((row) => row.failuresInARow))}::int[],
        ${plainArray(rows.map((row) => row.lastDeliveredAtMs ?? 'NULL'))}::bigint[], ${plainArray(rows.map((row) => row.lastFailedAtMs ?? 'NULL'))}::bigint[], ${lastErrors}::text[]) AS n (endpoint_id, hour, failures, delivered, failed, last_error)
      GROUP BY endpoint_id
    ) n JOIN endpoints e ON e.id = n.endpoint_id
    ON CONFLICT (endpoint_id) DO UPDATE SET
      consecutive_failures = CASE WHEN excluded.last_delivered_at IS NULL THEN h.consecutive_failures + excluded.consecutive_failures ELSE excluded.consecutive_failures END,
      last_delivered_at = greatest(h.last_delivered_at, excluded.last_delivered_at), last_failed_at = greatest(h.last_failed_at, excluded.last_failed_at),
      last_error = coalesce(excluded.last_error, h.last_error)
    RETURNING *
    ), changed AS (
      SELECT *, CASE
          WHEN failing_since IS NULL AND consecutive_failures >= ${failures} AND (last_delivered_at IS NULL OR last_delivered_at <= last_failed_at - make_interval(secs => ${silentMs / 1_000})) AND (reported_at IS NULL OR reported_at <= last_failed_at - make_interval(secs => ${spacingMs / 1_000})) THEN 'failing'
          WHEN failing_since < last_delivered_at AND consecutive_failures < ${failures} THEN 'recovered' END AS change
      FROM health
    )
    SELECT endpoint_id, change, consecutive_failures, last_delivered_at, last_error, CASE change WHEN 'failing' THEN last_failed_at ELSE failing_since END AS since
    FROM changed WHERE change IS NOT NULL ORDER BY endpoint_id`);
}

/** Records what was reported about endpoints that started or stopped failing. */
export const reportHealth = (db: Queryable, changes: readonly HealthChange[]): Promise<number> =>
  db.execute(sql`
    UPDATE endpoint_health h SET failing_since = CASE n.change WHEN 'failing' THEN n.since END, reported_at = CASE n.change WHEN 'failing' THEN n.since ELSE h.reported_at END
    FROM unnest(${plainArray(changes.map((each) => each.endpoint_id))}::uuid[], ${plainArray(changes.map((each) => each.change))}::text[], ${changes.map((each) => each.since)}::timestamptz[]) AS n (endpoint_id, change, since)
    WHERE h.endpoint_id = n.endpoint_id`);
