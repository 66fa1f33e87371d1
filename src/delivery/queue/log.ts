import type { Queryable } from '../../db/pool.ts';
import { orderPart } from '../../db/in-order.ts';
import { assembled, part, sql } from '../../db/sql.ts';
import type { LogRange } from '../../http/listing.ts';
import type { DeliveryId, EndpointId, EventId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { DeliveryKind } from './queries.ts';
import type { TypeFilter } from '../endpoint.ts';
import type { DeliveryState } from '../state.ts';
import { parsedFormat, templateOf } from '../templates/body-template.ts';
import type { BodyTemplate } from '../templates/body-template.ts';
import type { BodyRenderer } from '../templates/renderer.ts';
import type { WireEvent, Wires } from '../wire.ts';

/** A delivery in the queue or the log, as readers see it. */
export interface Delivery {
  id: DeliveryId;
  endpoint_id: EndpointId;
  organization_id: OrganizationId;
  event_id: EventId;
  event_type: string;
  kind: DeliveryKind;
  state: DeliveryState;
  attempt_count: number;
  /** In the queue: when it may be sent or, while it is leased, when its lease ends. */
  due_at: Date | null;
  /** Who leases it; null: no process. */
  holder: string | null;
  created_at: Date;
  completed_at: Date | null;
  last_status_code: number | null;
  last_error: string | null;
}

/** A range of ids, and which of its deliveries are listed. */
export interface DeliveryFilter extends LogRange {
  readonly state?: DeliveryState | undefined;
  readonly events?: TypeFilter | undefined;
  /** Finished at this time or later, or not finished. */
  readonly updatedSince?: Date | undefined;
}

/** The most rows read for one page: with a filter that few rows pass, 5,000 take about 9 ms. */
export const scannedMax = 5_000;

/**
 * Returns the deliveries of an endpoint that pass the filter, in its order: at most `limit + 1`, so that the caller sees whether more
 * follow. Merges the primary keys of the queue and of the log's days in the range: 1 ms over a month, however long the log is.
 * @returns also the id at which a search with a filter that few rows pass gave up; the next page continues after it.
 */
export async function deliveriesOf(
  db: Queryable,
  endpoint: EndpointId,
  filter: DeliveryFilter,
  limit: number,
): Promise<{ rows: Delivery[]; stoppedAt: DeliveryId | undefined }> {
  const { state = null, events, updatedSince: since = null, from, before, sort } = filter;
  const filtered = state !== null || events !== undefined || since !== null;
  const scanned = filtered ? scannedMax : limit + 1;
  const found = part`deliveries WHERE endpoint_id = ${endpoint} AND id >= ${from}::uuid AND id < ${before}::uuid`;
  const [types, prefix] = [events?.types ?? null, events?.prefix ?? null];
  const rows = await db.query(
    assembled<Delivery>(part`
    SELECT id, endpoint_id, organization_id, event_id, event_type, kind, state, attempt_count, due_at, holder, created_at, completed_at, last_status_code, last_error
    FROM (SELECT * FROM ${found}${orderPart('deliveries', { sort, limit: scanned })}) AS d
    WHERE (${state}::text IS NULL OR state = ${state}) AND (${types}::text[] IS NULL OR event_type = ANY(${types}) OR starts_with(event_type, ${prefix}))
      AND (${since}::timestamptz IS NULL OR completed_at IS NULL OR completed_at >= ${since})${orderPart('d', { sort, limit: limit + 1 })}`),
  );
  if (!filtered || rows.length > limit) return { rows, stoppedAt: undefined };
  const [last] = await db.query(
    assembled<{ id: DeliveryId }>(
      part`SELECT id FROM ${found}${orderPart('deliveries', { sort, offset: scannedMax - 1, limit: 1 })}`,
    ),
  );
  return { rows, stoppedAt: last?.id };
}

/** A delivery with the fields of its endpoint that its readers need. */
export interface FoundDelivery extends Delivery {
  dialect: string;
  is_active: boolean;
  disabled_reason: string | null;
  deleted: boolean;
  sandbox: boolean;
}

/** Finds a delivery of an organization or, with `workspace`, of that workspace's endpoints. One index probe per endpoint: 2 ms at 1,000. */
export async function findDelivery(
  db: Queryable,
  organization: OrganizationId,
  workspace: WorkspaceId | undefined,
  id: DeliveryId,
): Promise<FoundDelivery | undefined> {
  const [found] = await db.query(sql<FoundDelivery>`
    SELECT d.id, d.endpoint_id, d.organization_id, d.event_id, d.event_type, d.kind, d.state, d.attempt_count, d.due_at, d.holder, d.created_at, d.completed_at, d.last_status_code, d.last_error,
      e.dialect, e.is_active, e.disabled_reason, e.deleted_at IS NOT NULL AS deleted, e.sandbox
    FROM (
      SELECT * FROM deliveries WHERE id = ${id} AND endpoint_id = ANY(ARRAY(
        SELECT id FROM endpoints WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})))
    ) d JOIN endpoints e ON e.id = d.endpoint_id`);
  return found;
}

/** A delivery's id is generated right after its event's; this allows for a process that pauses in between. */
export const mintedWithinMs = 2_000;

/** Finds the delivery of this event to this endpoint that was created together with the event. */
export async function deliveryOfEvent(
  db: Queryable,
  endpoint: EndpointId,
  event: EventId,
): Promise<DeliveryId | undefined> {
  // Its id was minted right after the event's, so the range begins with it.
  const [found] = await db.query(
    sql<{
      id: DeliveryId;
    }>`SELECT id FROM deliveries WHERE endpoint_id = ${endpoint} AND id > ${event} AND event_id = ${event} ORDER BY id LIMIT 1`,
  );
  return found?.id;
}

interface AttemptRow {
  number: number;
  started_at: Date;
  duration_ms: number;
  dialect: string;
  target_url: string;
  request_headers: string;
  status_code: number | null;
  error: string | null;
  response_headers: string | null;
  response_body: string | null;
}

/** One HTTP exchange. */
export interface Attempt {
  readonly number: number;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly statusCode: number | null;
  readonly error: string | null;
  /** `body` is null when the event is past the retention or was erased. */
  readonly request: { readonly url: string; readonly headers: Record<string, string>; readonly body: string | null };
  /** Null without a response. `body`: its first 4 KiB. */
  readonly response: { readonly headers: Record<string, string>; readonly body: string } | null;
}

/** A template that an endpoint has, or had lately. */
async function templateBy(db: Queryable, endpoint: EndpointId, digest: string): Promise<BodyTemplate | undefined> {
  const [row] = await db.query(
    sql<{
      template: string;
      content_type: string;
    }>`SELECT template, content_type FROM body_templates WHERE endpoint_id = ${endpoint} AND digest = ${digest}`,
  );
  return row === undefined ? undefined : templateOf(row.template, row.content_type);
}

/** The most attempts returned for a delivery; each includes the whole body. */
export const attemptsMax = 50;

/** Returns the latest attempts of a delivery, in order. Request bodies are rebuilt from the event, in the dialect or by the template of the attempt. */
export async function attemptsOf(
  db: Queryable,
  delivery: FoundDelivery,
  wires: Wires,
  renderer: BodyRenderer,
): Promise<Attempt[]> {
  const [rows, [event]] = await Promise.all([
    db.query(sql<AttemptRow>`
      SELECT number, started_at, duration_ms, dialect, target_url, request_headers, status_code, error, response_headers, response_body
      FROM attempts WHERE delivery_id = ${delivery.id} ORDER BY number DESC LIMIT ${attemptsMax}`),
    db.query(
      sql<{
        type: string;
        workspace_id: WorkspaceId | null;
        data: Buffer;
        occurred_at: Date;
      }>`SELECT type, workspace_id, data, occurred_at FROM events WHERE organization_id = ${delivery.organization_id} AND id = ${delivery.event_id} AND erased_at IS NULL`,
    ),
  ]);
  const bodyIn = async (format: string): Promise<string | null> => {
    const { dialect, digest } = parsedFormat(format);
    const wire = wires.get(dialect);
    if (event === undefined || wire === undefined) return null;
    const formatted: WireEvent = {
      id: delivery.event_id,
      organizationId: delivery.organization_id,
      workspaceId: event.workspace_id ?? undefined,
      type: event.type,
      data: event.data,
      occurredAtMs: event.occurred_at.getTime(),
      sandbox: delivery.sandbox,
    };
    if (digest === undefined) return wire.body(formatted).toString();
    const template = await templateBy(db, delivery.endpoint_id, digest);
    const rendered = template === undefined ? undefined : await renderer.render(template, formatted);
    return rendered?.kind === 'body' ? rendered.text : null;
  };
  const formats = [...new Set(rows.map(({ dialect }) => dialect))];
  const bodies = new Map(await Promise.all(formats.map(async (each) => [each, await bodyIn(each)] as const)));
  return rows.reverse().map((row) => ({
    number: row.number,
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    statusCode: row.status_code,
    error: row.error,
    request: {
      url: row.target_url,
      headers: JSON.parse(row.request_headers) as Record<string, string>,
      body: bodies.get(row.dialect) ?? null,
    },
    response:
      row.response_headers === null
        ? null
        : { headers: JSON.parse(row.response_headers) as Record<string, string>, body: row.response_body ?? '' },
  }));
}

/**
 * Moves a finished delivery back to the queue, due now, under the same id; its schedule starts again. Only while its event is stored, with its data.
 * @returns false if the row in the log has changed (it was attempted since), or its event no longer exists or was erased.
 */
export const requeue = async (db: Queryable, delivery: Delivery, nowMs: number): Promise<boolean> =>
  (await db.execute(sql`
    WITH gone AS (
      DELETE FROM delivery_log WHERE endpoint_id = ${delivery.endpoint_id} AND id = ${delivery.id} AND attempt_count = ${delivery.attempt_count}
        AND EXISTS (SELECT FROM events WHERE organization_id = ${delivery.organization_id} AND id = ${delivery.event_id} AND erased_at IS NULL)
      RETURNING *
    )
    INSERT INTO delivery_queue (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, schedule_base, due_at, created_at, last_status_code, last_error, fifo_key)
    SELECT endpoint_id, id, organization_id, event_id, event_type, kind, 'pending', attempt_count, attempt_count, to_timestamp(${nowMs}::float8 / 1000), created_at, last_status_code, last_error,
      CASE WHEN (SELECT ordering FROM endpoints WHERE id = ${delivery.endpoint_id}) = 'fifo' THEN id END
    FROM gone`)) === 1;

/**
 * Makes a delivery that waits for its next attempt due now; its schedule starts again. A leased one is left alone: it may be in flight.
 * @returns false if it was left alone.
 */
export const expedite = async (
  db: Queryable,
  delivery: Pick<Delivery, 'endpoint_id' | 'id' | 'attempt_count'>,
  nowMs: number,
): Promise<boolean> =>
  (await db.execute(sql`
    UPDATE delivery_queue SET due_at = to_timestamp(${nowMs}::float8 / 1000), schedule_base = attempt_count, fifo_key = CASE WHEN fifo_key IS NOT NULL THEN id END
    WHERE endpoint_id = ${delivery.endpoint_id} AND id = ${delivery.id} AND state <> 'held' AND attempt_count = ${delivery.attempt_count}
      AND (holder IS NULL OR due_at <= to_timestamp(${nowMs}::float8 / 1000))`)) === 1;
