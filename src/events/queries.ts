import { first } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { inOrder } from '../db/in-order.ts';
import { assembled, columns, part, sql } from '../db/sql.ts';
import type { LogRange } from '../http/listing.ts';
import { typeFilter } from '../delivery/endpoint.ts';
import type { DeliveryKind } from '../delivery/queue/queries.ts';
import type { DeliveryState } from '../delivery/state.ts';
import { mintedWithinMs } from '../delivery/queue/log.ts';
import { idAt, timeOfId } from '../base/ids.ts';
import type { DeliveryId, EndpointId, EventId, OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { JsonSchema } from './catalogue.ts';

// Events --------------------------------------------------------------------------------------------

export interface EventHead {
  id: EventId;
  /** Null: it belongs to the organization. */
  workspace_id: WorkspaceId | null;
  type: string;
  occurred_at: Date;
  created_at: Date;
  deliver_at: Date | null;
  traceparent: string | null;
  /** Null: its data is stored. */
  erased_at: Date | null;
}

/** Whose events a caller reads: all of an organization, or those of one workspace. */
export interface Reach {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
}

/** Events of a range. @param patterns types, and prefixes such as `order.*` @param mentioned a text that is a value in their data */
export const events = (
  db: Queryable,
  { organizationId: organization, workspaceId }: Reach,
  patterns: readonly string[],
  { from, before, sort }: LogRange,
  limit: number,
  mentioned?: string,
): Promise<EventHead[]> => {
  const filters = patterns.map(typeFilter);
  const types = filters.flatMap((filter) => filter.types);
  const prefixes = filters.flatMap(({ prefix }) => prefix ?? []);
  return db.query(
    inOrder(
      sql<EventHead>`
    SELECT id, workspace_id, type, occurred_at, created_at, deliver_at, traceparent, erased_at FROM events
    WHERE organization_id = ${organization} AND id >= ${from} AND id < ${before} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null}) AND (type = ANY(${types}) OR type ^@ ANY(${prefixes}))
      AND (${mentioned ?? null}::text IS NULL OR position(convert_to('"' || ${mentioned ?? null} || '"', 'UTF8') in data) > 0)`,
      'events',
      { sort, limit },
    ),
  );
};

/** The id of the event `count` places after the first of a range; an index-only scan. */
export const eventBehind = async (
  db: Queryable,
  organization: OrganizationId,
  { from, before, sort }: LogRange,
  count: number,
): Promise<EventId | undefined> =>
  (
    await first(
      db,
      inOrder(
        sql<{ id: EventId }>`
      SELECT id FROM events WHERE organization_id = ${organization} AND id >= ${from} AND id < ${before}`,
        'events',
        { sort, offset: count, limit: 1 },
      ),
    )
  )?.id;

/** Like `eventBehind`, but stops earlier at the event with which the data exceeds `bytes`. Reads the sizes of the data, not the data. */
export const eventBehindData = async (
  db: Queryable,
  organization: OrganizationId,
  { from, before, sort }: LogRange,
  count: number,
  bytes: number,
): Promise<EventId | undefined> => {
  const direction = sort === 'created_at' ? part`ASC` : part`DESC`;
  const found = await first(
    db,
    assembled<{ id: EventId }>(part`
      SELECT id FROM (
        SELECT id, sum(octet_length(data)) OVER (ORDER BY id ${direction}) AS bytes, row_number() OVER (ORDER BY id ${direction}) AS row
        FROM (SELECT id, data FROM events WHERE organization_id = ${organization} AND id >= ${from} AND id < ${before} ORDER BY id ${direction} LIMIT ${count + 1}::int) AS next
      ) AS sized WHERE bytes > ${bytes}::bigint OR row > ${count}::int ORDER BY id ${direction} LIMIT 1`),
  );
  return found?.id;
};

/** `data` is the published JSON text. */
export const eventById = (
  db: Queryable,
  { organizationId, workspaceId }: Reach,
  id: EventId,
): Promise<(EventHead & { data: Buffer }) | undefined> =>
  first(
    db,
    sql<
      EventHead & { data: Buffer }
    >`SELECT id, workspace_id, type, data, occurred_at, created_at, deliver_at, traceparent, erased_at FROM events WHERE organization_id = ${organizationId} AND id = ${id} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
  );

export interface EventDelivery {
  id: DeliveryId;
  endpoint_id: EndpointId;
  kind: DeliveryKind;
  state: DeliveryState;
  attempt_count: number;
  created_at: Date;
  completed_at: Date | null;
  last_status_code: number | null;
  last_error: string | null;
}

/**
 * The deliveries an event was published with, in order of id; without those of later replays. They are found by the time in their ids:
 * an index by event would cost a write per delivery. The endpoints are those of the event's workspace and, unless the caller is bound to
 * it, those of the organization.
 */
export const deliveriesOfEvent = (
  db: Queryable,
  { organizationId: organization, workspaceId: bound }: Reach,
  { id: event, workspace_id: workspace }: Pick<EventHead, 'id' | 'workspace_id'>,
  limit: number,
): Promise<EventDelivery[]> =>
  db.query(sql<EventDelivery>`
    SELECT id, endpoint_id, kind, state, attempt_count, created_at, completed_at, last_status_code, last_error FROM deliveries
    WHERE endpoint_id = ANY(ARRAY(
        SELECT id FROM endpoints WHERE organization_id = ${organization} AND workspace_id = ${workspace}
        UNION ALL
        SELECT id FROM endpoints WHERE organization_id = ${organization} AND workspace_id IS NULL AND ${bound ?? null}::uuid IS NULL))
      AND id > ${event} AND id < ${idAt(timeOfId(event) + mintedWithinMs)} AND event_id = ${event}
    ORDER BY id LIMIT ${limit}`);

// Event types ---------------------------------------------------------------------------------------

export interface OwnTypeRow {
  name: string;
  description: string;
  schema: JsonSchema | null;
  example: Readonly<Record<string, unknown>> | null;
  created_at: Date;
  updated_at: Date;
}

export const typeColumns = columns(['name', 'description', 'schema', 'example', 'created_at', 'updated_at']);

export const ownTypes = (db: Queryable, organization: OrganizationId): Promise<OwnTypeRow[]> =>
  db.query(sql<OwnTypeRow>`
    SELECT ${typeColumns} FROM event_types WHERE organization_id = ${organization} ORDER BY name`);

export const countOwnTypes = async (db: Queryable, organization: OrganizationId): Promise<number> =>
  (
    await first(
      db,
      sql<{ total: number }>`SELECT count(*) AS total FROM event_types WHERE organization_id = ${organization}`,
    )
  )?.total ?? 0;

export const ownType = (db: Queryable, organization: OrganizationId, name: string): Promise<OwnTypeRow | undefined> =>
  first(
    db,
    sql<OwnTypeRow>`SELECT ${typeColumns} FROM event_types WHERE organization_id = ${organization} AND name = ${name}`,
  );

/** As `ownType`, with a lock until the transaction ends. */
export const ownTypeForUpdate = (
  tx: Queryable,
  organization: OrganizationId,
  name: string,
): Promise<OwnTypeRow | undefined> =>
  first(
    tx,
    sql<OwnTypeRow>`
      SELECT ${typeColumns} FROM event_types WHERE organization_id = ${organization} AND name = ${name} FOR UPDATE`,
  );

const jsonb = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** @returns false if the organization already has a type with this name. */
export const insertOwnType = async (tx: Queryable, organization: OrganizationId, type: OwnTypeRow): Promise<boolean> =>
  (await tx.execute(sql`
    INSERT INTO event_types (organization_id, name, description, schema, example, created_at, updated_at)
    VALUES (${organization}, ${type.name}, ${type.description}, ${jsonb(type.schema)}::jsonb, ${jsonb(type.example)}::jsonb, ${type.created_at}, ${type.updated_at})
    ON CONFLICT DO NOTHING`)) === 1;

export const updateOwnType = (tx: Queryable, organization: OrganizationId, type: OwnTypeRow): Promise<number> =>
  tx.execute(sql`
    UPDATE event_types SET description = ${type.description}, schema = ${jsonb(type.schema)}::jsonb, example = ${jsonb(type.example)}::jsonb, updated_at = ${type.updated_at}
    WHERE organization_id = ${organization} AND name = ${type.name}`);

export const deleteOwnType = (tx: Queryable, organization: OrganizationId, name: string): Promise<number> =>
  tx.execute(sql`DELETE FROM event_types WHERE organization_id = ${organization} AND name = ${name}`);

/** The names of an organization's own types, at most `typesMax`. */
export const ownTypeNames = (db: Queryable, organization: OrganizationId): Promise<{ name: string }[]> =>
  db.query(sql<{ name: string }>`SELECT name FROM event_types WHERE organization_id = ${organization}`);

/** The schemas of an organization's own types, as JSON text. */
export const schemasOf = (db: Queryable, organization: OrganizationId): Promise<{ name: string; schema: string }[]> =>
  db.query(
    sql<{
      name: string;
      schema: string;
    }>`SELECT name, schema::text AS schema FROM event_types WHERE organization_id = ${organization} AND schema IS NOT NULL`,
  );
