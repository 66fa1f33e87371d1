import type { Queryable } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { DeliveryId, EndpointId, EventId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { DeliveryKind } from './queries.ts';

export interface EventRow {
  readonly id: EventId;
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
  readonly type: string;
  readonly data: Buffer;
  readonly occurredAtMs: number;
  readonly createdAtMs: number;
  /** Its deliveries are not sent before; undefined: they are sent now. */
  readonly deliverAtMs?: number | undefined;
  readonly traceparent?: string | undefined;
  /** The event is written only if this key is new in its organization. */
  readonly idempotency: { readonly key: string; readonly requestHash: Buffer; readonly deliveries: number } | undefined;
}

export interface DeliveryRow {
  readonly id: DeliveryId;
  readonly endpointId: EndpointId;
  readonly organizationId: OrganizationId;
  readonly eventId: EventId;
  readonly eventType: string;
  readonly kind: DeliveryKind;
  readonly state: 'pending' | 'held';
  readonly dueAtMs: number;
  /** The process that leases it; undefined: it waits in the queue. */
  readonly holder: string | undefined;
  /** Its place in the queue of a FIFO endpoint (`fifoKey`); undefined for other endpoints. */
  readonly fifoKey?: string | undefined;
  readonly createdAtMs: number;
  /** Its event has an idempotency key: the delivery is written only if the event is. */
  readonly keyed: boolean;
}

/**
 * Writes events, their deliveries and their idempotency keys: all of them, or nothing.
 *
 * Nothing is written when `epoch` is no longer the installation's: an endpoint was created, changed or deleted since the deliveries were
 * planned. So no event can miss an endpoint that existed before it.
 * @returns whether anything was written, and the events whose key was new.
 */
export async function writeEvents(
  db: Queryable,
  epoch: number,
  events: readonly EventRow[],
  deliveries: readonly DeliveryRow[],
): Promise<{ written: boolean; won: ReadonlySet<EventId> }> {
  const [event] = events;
  const [delivery] = deliveries;
  if (
    event !== undefined &&
    delivery !== undefined &&
    events.length + deliveries.length === 2 &&
    event.idempotency === undefined
  )
    return { written: await writeOneEvent(db, epoch, event, delivery), won: new Set() };
  let offset = 1;
  const offsets = events.map((event) => {
    const begin = offset;
    offset += event.data.length;
    return begin;
  });
  // Every process takes keys in the same order, so two never wait for each other. Repeated keys stay in their order.
  const keyed = events
    .flatMap((event) =>
      event.idempotency === undefined ? [] : [{ event, order: `${event.organizationId} ${event.idempotency.key}` }],
    )
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
    .map(({ event }) => event);
  const [row] = await db.query(sql<{ current: boolean; won: EventId[] | null }>`
    WITH current AS MATERIALIZED (
      SELECT true AS yes FROM subscription_epoch WHERE value = ${epoch}
    ), won AS (
      INSERT INTO idempotency_keys (organization_id, key, request_hash, event_id, deliveries, created_at)
      SELECT k.organization_id, k.key, decode(k.request_hash, 'hex'), k.event_id, k.deliveries, to_timestamp(k.created_at / 1000.0)
      FROM unnest(${plainArray(keyed.map((e) => e.organizationId))}::uuid[], ${keyed.map((e) => e.idempotency?.key)}::text[], ${plainArray(keyed.map((e) => e.idempotency?.requestHash.toString('hex') ?? ''))}::text[],
        ${plainArray(keyed.map((e) => e.id))}::uuid[], ${plainArray(keyed.map((e) => e.idempotency?.deliveries ?? 0))}::int[], ${plainArray(keyed.map((e) => e.createdAtMs))}::bigint[])
        AS k (organization_id, key, request_hash, event_id, deliveries, created_at), current
      ON CONFLICT DO NOTHING RETURNING event_id
    ), written AS (
      INSERT INTO events (organization_id, id, workspace_id, type, data, occurred_at, created_at, deliver_at, traceparent)
      SELECT e.organization_id, e.id, e.workspace_id, e.type, substring(${events.length === 1 && events[0] !== undefined ? events[0].data : Buffer.concat(events.map((e) => e.data))}::bytea FROM e.begin FOR e.length),
        to_timestamp(e.occurred_at / 1000.0), to_timestamp(e.created_at / 1000.0), to_timestamp(e.deliver_at / 1000.0), e.traceparent
      FROM unnest(${plainArray(events.map((e) => e.organizationId))}::uuid[], ${plainArray(events.map((e) => e.id))}::uuid[], ${plainArray(events.map((e) => e.workspaceId ?? 'NULL'))}::uuid[], ${events.map((e) => e.type)}::text[], ${plainArray(offsets)}::int[],
        ${plainArray(events.map((e) => e.data.length))}::int[], ${plainArray(events.map((e) => e.occurredAtMs))}::bigint[], ${plainArray(events.map((e) => e.createdAtMs))}::bigint[],
        ${plainArray(events.map((e) => e.idempotency !== undefined))}::boolean[], ${plainArray(events.map((e) => e.deliverAtMs ?? 'NULL'))}::bigint[], ${events.map((e) => e.traceparent)}::text[]) AS e (organization_id, id, workspace_id, type, begin, length, occurred_at, created_at, keyed, deliver_at, traceparent), current
      WHERE NOT e.keyed OR e.id IN (SELECT event_id FROM won)
    ), queued AS (
      INSERT INTO delivery_queue (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, schedule_base, due_at, holder, fifo_key, created_at)
      SELECT d.endpoint_id, d.id, d.organization_id, d.event_id, d.event_type, d.kind, d.state, 0, 0, to_timestamp(d.due_at / 1000.0), d.holder, d.fifo_key, to_timestamp(d.created_at / 1000.0)
      FROM unnest(${plainArray(deliveries.map((d) => d.endpointId))}::uuid[], ${plainArray(deliveries.map((d) => d.id))}::uuid[], ${plainArray(deliveries.map((d) => d.organizationId))}::uuid[],
        ${plainArray(deliveries.map((d) => d.eventId))}::uuid[], ${deliveries.map((d) => d.eventType)}::text[], ${plainArray(deliveries.map((d) => d.kind))}::text[], ${plainArray(deliveries.map((d) => d.state))}::text[],
        ${plainArray(deliveries.map((d) => d.dueAtMs))}::bigint[], ${plainArray(deliveries.map((d) => d.holder ?? 'NULL'))}::uuid[], ${plainArray(deliveries.map((d) => d.fifoKey ?? 'NULL'))}::uuid[],
        ${plainArray(deliveries.map((d) => d.createdAtMs))}::bigint[], ${plainArray(deliveries.map((d) => d.keyed))}::boolean[])
        AS d (endpoint_id, id, organization_id, event_id, event_type, kind, state, due_at, holder, fifo_key, created_at, keyed), current
      WHERE NOT d.keyed OR d.event_id IN (SELECT event_id FROM won)
    )
    SELECT EXISTS (SELECT FROM current) AS current, ARRAY(SELECT event_id FROM won) AS won`);
  return { written: row?.current === true, won: new Set(row?.won ?? []) };
}

/** `writeEvents` for one event with one delivery and no key, as most are at ordinary rates: 0.65 × the database's CPU. */
const writeOneEvent = async (db: Queryable, epoch: number, event: EventRow, delivery: DeliveryRow): Promise<boolean> =>
  (await db.execute(sql`
    WITH current AS MATERIALIZED (
      SELECT FROM subscription_epoch WHERE value = ${epoch}
    ), written AS (
      INSERT INTO events (organization_id, id, workspace_id, type, data, occurred_at, created_at, deliver_at, traceparent)
      SELECT ${event.organizationId}::uuid, ${event.id}::uuid, ${event.workspaceId ?? null}::uuid, ${event.type}, ${event.data}::bytea, to_timestamp(${event.occurredAtMs}::float8 / 1000), to_timestamp(${event.createdAtMs}::float8 / 1000),
        to_timestamp(${event.deliverAtMs ?? null}::float8 / 1000), ${event.traceparent ?? null}::text
      FROM current
    )
    INSERT INTO delivery_queue (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, schedule_base, due_at, holder, fifo_key, created_at)
    SELECT ${delivery.endpointId}::uuid, ${delivery.id}::uuid, ${delivery.organizationId}::uuid, ${delivery.eventId}::uuid, ${delivery.eventType}, ${delivery.kind}, ${delivery.state}, 0, 0,
      to_timestamp(${delivery.dueAtMs}::float8 / 1000), ${delivery.holder ?? null}::uuid, ${delivery.fifoKey ?? null}::uuid, to_timestamp(${delivery.createdAtMs}::float8 / 1000)
    FROM current`)) === 1;

export interface IdempotencyKey {
  organization_id: OrganizationId;
  key: string;
  request_hash: Buffer;
  event_id: EventId;
  deliveries: number;
}

/** Returns how the first request under each key was answered. */
export const findIdempotencyKeys = (
  db: Queryable,
  keys: readonly { organizationId: OrganizationId; key: string }[],
): Promise<IdempotencyKey[]> =>
  db.query(sql<IdempotencyKey>`
    SELECT i.organization_id, i.key, i.request_hash, i.event_id, i.deliveries
    FROM unnest(${plainArray(keys.map((k) => k.organizationId))}::uuid[], ${keys.map((k) => k.key)}::text[]) AS k (organization_id, key)
    JOIN idempotency_keys i ON i.organization_id = k.organization_id AND i.key = k.key`);
