import type { EndpointId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';

export interface Flow {
  readonly events: number;
  readonly deliveries: number;
}

/** Events and deliveries from an id on, of each at most `max`; deliveries of these endpoints. */
export const flowSince = async (
  on: Queryable,
  {
    organizationId: organization,
    workspaceId: workspace,
  }: { readonly organizationId: OrganizationId; readonly workspaceId: WorkspaceId | undefined },
  endpoints: readonly EndpointId[],
  from: string,
  max: number,
): Promise<Flow> =>
  (await first(
    on,
    sql<Flow>`
      SELECT
        (SELECT count(*) FROM (
          SELECT FROM events WHERE organization_id = ${organization} AND id >= ${from} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) LIMIT ${max}) AS e) AS events,
        (SELECT count(*) FROM (
          SELECT FROM unnest(${plainArray(endpoints)}::uuid[]) AS e (id) CROSS JOIN LATERAL (
            SELECT FROM delivery_queue WHERE endpoint_id = e.id AND id >= ${from}
            UNION ALL
            SELECT FROM delivery_log WHERE endpoint_id = e.id AND id >= ${from}) AS d LIMIT ${max}) AS d) AS deliveries`,
  )) ?? { events: 0, deliveries: 0 };

export interface Queue {
  readonly pending: number;
  readonly held: number;
  readonly oldest_due_at: Date | null;
}

/** What waits for these endpoints, of each at most the `each` oldest; when the oldest pending one was or is due. */
export const queueOf = async (on: Queryable, endpoints: readonly EndpointId[], each: number): Promise<Queue> =>
  (await first(
    on,
    sql<Queue>`
      SELECT coalesce(sum(q.pending), 0)::int AS pending, coalesce(sum(q.held), 0)::int AS held, min(d.due_at) AS oldest_due_at
      FROM unnest(${plainArray(endpoints)}::uuid[]) AS e (id)
      CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'held') AS held
        FROM (SELECT state FROM delivery_queue WHERE endpoint_id = e.id ORDER BY id LIMIT ${each}) AS oldest) AS q
      LEFT JOIN LATERAL (
        SELECT due_at FROM delivery_queue WHERE endpoint_id = e.id AND state = 'pending' ORDER BY due_at LIMIT 1) AS d ON true`,
  )) ?? { pending: 0, held: 0, oldest_due_at: null };

export interface TroubledRow {
  readonly id: EndpointId;
  readonly target_url: string;
  readonly description: string;
  readonly is_active: boolean;
  readonly disabled_reason: string | null;
  readonly disabled_at: Date | null;
  readonly consecutive_failures: number;
  readonly last_error: string | null;
}

/** Endpoints that are disabled, or whose last attempt failed: those that a failure disabled first, then those that fail, then paused ones. */
export const troubledOf = (on: Queryable, endpoints: readonly EndpointId[], limit: number): Promise<TroubledRow[]> =>
  on.query(sql<TroubledRow>`
    SELECT e.id, e.target_url, e.description, e.is_active, e.disabled_reason, e.disabled_at, coalesce(h.consecutive_failures, 0) AS consecutive_failures, h.last_error
    FROM endpoints e LEFT JOIN endpoint_health h ON h.endpoint_id = e.id
    WHERE e.id = ANY(${plainArray(endpoints)}::uuid[]) AND (NOT e.is_active OR h.consecutive_failures > 0)
    ORDER BY (NOT e.is_active AND e.disabled_reason <> 'manual') DESC, e.is_active DESC, consecutive_failures DESC, e.id LIMIT ${limit}`);

/** How many of these endpoints are enabled. */
export const enabledOf = async (on: Queryable, endpoints: readonly EndpointId[]): Promise<number> =>
  (
    await first(
      on,
      sql<{
        enabled: number;
      }>`SELECT count(*) AS enabled FROM endpoints WHERE id = ANY(${plainArray(endpoints)}::uuid[]) AND is_active`,
    )
  )?.enabled ?? 0;
