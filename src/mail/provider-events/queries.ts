import type { Queryable, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { EventId, OrganizationId } from '../../base/ids.ts';

// Sources -------------------------------------------------------------------------------------------

export interface SourceRow {
  id: string;
  organization_id: OrganizationId;
  provider: string;
  name: string;
  secret_sealed: Buffer;
  created_at: Date;
}

/** @returns false when the organization has `sourcesMax` already. */
export const insertSource = async (db: Queryable, row: SourceRow, sourcesMax: number): Promise<boolean> =>
  (await db.execute(sql`
    INSERT INTO inbound_sources (id, organization_id, provider, name, secret_sealed, created_at)
    SELECT ${row.id}, ${row.organization_id}, ${row.provider}, ${row.name}, ${row.secret_sealed}::bytea, ${row.created_at}
    WHERE (SELECT count(*) FROM inbound_sources WHERE organization_id = ${row.organization_id}) < ${sourcesMax}`)) ===
  1;

/** The newest first. */
export const sources = (
  db: Queryable,
  organization: OrganizationId,
  limit: number,
  offset: number,
): Promise<SourceRow[]> =>
  db.query(sql<SourceRow>`
    SELECT id, organization_id, provider, name, secret_sealed, created_at FROM inbound_sources
    WHERE organization_id = ${organization} ORDER BY id DESC LIMIT ${limit} OFFSET ${offset}`);

export const countSources = async (db: Queryable, organization: OrganizationId): Promise<number> =>
  (
    await db.query(
      sql<{ total: number }>`SELECT count(*) AS total FROM inbound_sources WHERE organization_id = ${organization}`,
    )
  )[0]?.total ?? 0;

export const sourceOf = async (
  db: Queryable,
  organization: OrganizationId,
  id: string,
): Promise<SourceRow | undefined> =>
  (
    await db.query(
      sql<SourceRow>`SELECT id, organization_id, provider, name, secret_sealed, created_at FROM inbound_sources WHERE organization_id = ${organization} AND id = ${id}`,
    )
  )[0];

/** Whoever's it is: for a caller that has yet to be told. */
export const anyonesSource = async (db: Queryable, id: string): Promise<SourceRow | undefined> =>
  (
    await db.query(
      sql<SourceRow>`SELECT id, organization_id, provider, name, secret_sealed, created_at FROM inbound_sources WHERE id = ${id}`,
    )
  )[0];

export const deleteSource = async (db: Queryable, organization: OrganizationId, id: string): Promise<boolean> =>
  (await db.execute(sql`DELETE FROM inbound_sources WHERE organization_id = ${organization} AND id = ${id}`)) === 1;

// Events --------------------------------------------------------------------------------------------

export interface InboundHead {
  id: string;
  source_id: string | null;
  provider: string;
  type: string;
  email_id: string;
  recipient: string | null;
  occurred_at: Date;
  received_at: Date;
  matched: boolean;
  event_id: EventId | null;
}

export type NewInbound = Omit<InboundHead, 'event_id'> & {
  organization_id: OrganizationId;
  dedupe_key: Buffer;
  payload: Buffer;
};

/** Waits for a transaction that is storing the same one. @returns false when it was stored before. */
export const insertInbound = async (tx: Transaction, row: NewInbound): Promise<boolean> =>
  (await tx.execute(sql`
    INSERT INTO inbound_events (organization_id, id, source_id, provider, dedupe_key, type, email_id, recipient, occurred_at, received_at, payload, matched)
    VALUES (${row.organization_id}, ${row.id}, ${row.source_id}, ${row.provider}, ${row.dedupe_key}, ${row.type}, ${row.email_id}, ${row.recipient}, ${row.occurred_at}, ${row.received_at},
      ${row.payload}, ${row.matched})
    ON CONFLICT (organization_id, provider, dedupe_key) DO NOTHING`)) === 1;

export const setEvent = (tx: Transaction, organization: OrganizationId, id: string, event: EventId): Promise<number> =>
  tx.execute(sql`UPDATE inbound_events SET event_id = ${event} WHERE organization_id = ${organization} AND id = ${id}`);

export interface InboundFilter {
  readonly type: string | null;
  readonly matched: boolean | null;
}

/** Those with `from <= id < before` that pass the filter, the newest first. */
export const inboundEvents = (
  db: Queryable,
  organization: OrganizationId,
  { type, matched }: InboundFilter,
  from: string,
  before: string,
  limit: number,
): Promise<InboundHead[]> =>
  db.query(sql<InboundHead>`
    SELECT id, source_id, provider, type, email_id, recipient, occurred_at, received_at, matched, event_id FROM inbound_events
    WHERE organization_id = ${organization} AND id >= ${from} AND id < ${before} AND (${type}::text IS NULL OR type = ${type}) AND (${matched}::boolean IS NULL OR matched = ${matched})
    ORDER BY id DESC LIMIT ${limit}`);

/** The id that stands `count` places behind the newest with `id < before`; read from the index alone. */
export const inboundBehind = async (
  db: Queryable,
  organization: OrganizationId,
  before: string,
  count: number,
): Promise<string | undefined> =>
  (
    await db.query(
      sql<{
        id: string;
      }>`SELECT id FROM inbound_events WHERE organization_id = ${organization} AND id < ${before} ORDER BY id DESC OFFSET ${count} LIMIT 1`,
    )
  )[0]?.id;

/** The oldest `limit` of those received before then. @returns how many there were. */
export const deleteInbound = (db: Queryable, before: Date, limit: number): Promise<number> =>
  db.execute(sql`
    DELETE FROM inbound_events WHERE (organization_id, id) IN (
      SELECT organization_id, id FROM inbound_events WHERE received_at < ${before} ORDER BY received_at LIMIT ${limit})`);
