import type { Queryable } from '../../db/pool.ts';
import { assembled, part, plainArray, sql } from '../../db/sql.ts';
import { upTo } from '../../http/listing.ts';
import type { LogRange } from '../../http/listing.ts';
import { dayMs } from '../../base/clock.ts';
import { idAt, idFollowing, timeOfId } from '../../base/ids.ts';
import type { DeliveryId, EndpointId, EventId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { queued } from '../state.ts';
import type { Delivery, DeliveryFilter } from './log.ts';

/** A search in the deliveries of several endpoints. */
interface DeliverySearchFilter extends DeliveryFilter {
  readonly statusCode?: number | undefined;
  readonly event?: EventId | undefined;
}

/** Rows that one statement reads, shared by the endpoints, and the least for one of them. */
const scannedMax = 20_000;
const scannedEachMin = 20;
const scannedEachMax = 5_000;
/** Endpoints times days that one statement reads: 5,000 take about 65 ms if all have deliveries. */
const probesMax = 5_000;
const statementsMax = 4;

/**
 * Returns the deliveries of these endpoints that pass the filter, in its order: at most `limit + 1`. No index has them in this order, since
 * it would be written for every delivery. They are merged from the endpoints' own order instead: a statement reads a few days and a number
 * of rows of each endpoint, however long their logs are.
 * @returns also the id at which the search gave up; the next page continues after it.
 */
export async function searchDeliveries(
  db: Queryable,
  endpoints: readonly EndpointId[],
  filter: DeliverySearchFilter,
  limit: number,
): Promise<{ rows: Delivery[]; stoppedAt: string | undefined }> {
  const rows: Delivery[] = [];
  const { state, events, statusCode, event, updatedSince } = filter;
  const isFiltered = [state, events, statusCode, event, updatedSince].some((each) => each !== undefined);
  const share = Math.max(
    scannedEachMin,
    Math.min(scannedEachMax, Math.floor(scannedMax / Math.max(1, endpoints.length))),
  );
  const each = isFiltered ? share : Math.min(share, limit + 1);
  const days = Math.max(1, Math.floor(probesMax / Math.max(1, endpoints.length)));
  let rest: LogRange = filter;
  let stoppedAt: string | undefined;
  for (let statements = 0; endpoints.length > 0 && rest.from < rest.before; statements += 1) {
    if (rows.length > limit || statements === statementsMax) return { rows, stoppedAt };
    const { part: window, last } = firstDays(rest, days);
    const found = await mergedDeliveries(db, endpoints, { ...filter, ...window }, each, limit + 1 - rows.length);
    rows.push(...found.rows);
    stoppedAt = found.horizon ?? last;
    rest = afterIn(rest, stoppedAt);
  }
  return { rows, stoppedAt: undefined };
}

/** The first days of a range, and the last id of them. */
function firstDays(range: LogRange, days: number): { part: LogRange; last: string } {
  const { from, before, sort } = range;
  if (sort === '-created_at') {
    const start = idAt(Math.max(0, Math.ceil(timeOfId(before) / dayMs) * dayMs - days * dayMs));
    const last = start > from ? start : from;
    return { part: { ...range, from: last }, last };
  }
  const end = idAt(Math.floor(timeOfId(from) / dayMs) * dayMs + days * dayMs);
  return end < before ? { part: upTo(range, end), last: end } : { part: range, last: before };
}

/** What is left of a range after an id. */
const afterIn = (range: LogRange, last: string): LogRange =>
  range.sort === 'created_at' ? { ...range, from: idFollowing(last) } : { ...range, before: last };

interface Merged {
  readonly rows: Delivery[];
  /** Rows of some endpoints after this one were not read; undefined: all were. */
  readonly horizon: DeliveryId | undefined;
}

async function mergedDeliveries(
  db: Queryable,
  endpoints: readonly EndpointId[],
  { state, events, statusCode, event, updatedSince, from, before, sort }: DeliverySearchFilter,
  each: number,
  limit: number,
): Promise<Merged> {
  const [types, prefix, since] = [events?.types ?? null, events?.prefix ?? null, updatedSince ?? null];
  const inQueue = state === undefined || queued[state];
  const inLog = state === undefined || !queued[state];
  // Each table is limited on its own: PostgreSQL sorts a union of them as a whole, however long the log is.
  const [direction, upToHorizon] = sort === 'created_at' ? [part`ASC`, part`<=`] : [part`DESC`, part`>=`];
  const found = await db.query(
    assembled<{ horizon: DeliveryId | null } & (Delivery | { [Key in keyof Delivery]: null })>(part`
    WITH nearest AS MATERIALIZED (
      SELECT d.* FROM unnest(${plainArray(endpoints)}::uuid[]) AS e (id) CROSS JOIN LATERAL (
        SELECT *, row_number() OVER (ORDER BY id ${direction}) AS place FROM (
          (SELECT endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, due_at, holder, created_at, NULL::timestamptz AS completed_at, last_status_code, last_error
            FROM delivery_queue WHERE ${inQueue}::boolean AND endpoint_id = e.id AND id >= ${from}::uuid AND id < ${before}::uuid ORDER BY id ${direction} LIMIT ${each})
          UNION ALL
          (SELECT endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, NULL, NULL, created_at, completed_at, last_status_code, last_error
            FROM delivery_log WHERE ${inLog}::boolean AND endpoint_id = e.id AND id >= ${from}::uuid AND id < ${before}::uuid ORDER BY id ${direction} LIMIT ${each})
          ORDER BY id ${direction} LIMIT ${each}
        ) own
      ) d
    ), horizon AS MATERIALIZED (
      SELECT (SELECT id FROM nearest WHERE place = ${each} ORDER BY id ${direction} LIMIT 1) AS id
    )
    SELECT horizon.id AS horizon, n.id, n.endpoint_id, n.organization_id, n.event_id, n.event_type, n.kind, n.state, n.attempt_count, n.due_at, n.holder, n.created_at, n.completed_at, n.last_status_code, n.last_error
    FROM horizon LEFT JOIN LATERAL (
      SELECT * FROM nearest WHERE (horizon.id IS NULL OR id ${upToHorizon} horizon.id)
        AND (${state ?? null}::text IS NULL OR state = ${state ?? null}) AND (${statusCode ?? null}::int IS NULL OR last_status_code = ${statusCode ?? null}) AND (${event ?? null}::uuid IS NULL OR event_id = ${event ?? null})
        AND (${since}::timestamptz IS NULL OR completed_at IS NULL OR completed_at >= ${since})
        AND (${types}::text[] IS NULL OR event_type = ANY(${types}) OR starts_with(event_type, ${prefix}))
      ORDER BY id ${direction} LIMIT ${limit}
    ) n ON true ORDER BY n.id ${direction}`),
  );
  const rows = found.flatMap(({ horizon: _, ...row }) => (row.id === null ? [] : [row]));
  return { rows, horizon: found[0]?.horizon ?? undefined };
}

/** The first id of the oldest day of the log, from the names of its partitions. */
export const oldestInLog = async (db: Queryable): Promise<string> => {
  const [row] = await db.query(sql<{ day: string | null }>`
    SELECT min(right(c.relname, 8)) AS day FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'public.delivery_log'::regclass`);
  return idAt(Date.parse(row?.day?.replace(/^(....)(..)(..)$/, '$1-$2-$3') ?? '1970-01-01'));
};

/** The workspace of an event; null: it has none; undefined: the event does not exist, or is not of the workspace. */
export const workspaceOfEvent = async (
  db: Queryable,
  organization: OrganizationId,
  workspace: WorkspaceId | undefined,
  event: EventId,
): Promise<WorkspaceId | null | undefined> =>
  (
    await db.query(
      sql<{
        workspace_id: WorkspaceId | null;
      }>`SELECT workspace_id FROM events WHERE organization_id = ${organization} AND id = ${event} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
    )
  )[0]?.workspace_id;

/**
 * The endpoints that deliveries may belong to, at most `limit` (null: all): of a workspace or, without one, of the organization with all its workspaces.
 * @param event its workspace, or null: then only endpoints that may have received it, deleted ones included
 */
export const endpointsSearched = async (
  db: Queryable,
  organization: OrganizationId,
  workspace: WorkspaceId | undefined,
  event: { readonly workspaceId: WorkspaceId | null } | undefined,
  limit: number | null,
): Promise<EndpointId[]> =>
  (
    await db.query(sql<{ id: EndpointId }>`
      SELECT id FROM endpoints WHERE organization_id = ${organization}
        AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})
        AND (${event === undefined} OR workspace_id IS NULL OR workspace_id = ${event?.workspaceId ?? null})
        AND (${event !== undefined} OR deleted_at IS NULL)
      LIMIT ${limit}::int`)
  ).map(({ id }) => id);
