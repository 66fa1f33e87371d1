import { countedIn, inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { columns, plainArray, sql } from '../../db/sql.ts';
import type { EventId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { LogRange } from '../../http/listing.ts';

// Sources -------------------------------------------------------------------------------------------

/** The sources and events a caller sees: those of an organization, or of one of its workspaces. */
export interface Reach {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
}

export interface SourceRow {
  id: string;
  organization_id: OrganizationId;
  workspace_id: WorkspaceId | null;
  provider: string;
  name: string;
  secret_sealed: Buffer;
  created_at: Date;
}

export const sourceColumns = columns([
  'id',
  'organization_id',
  'workspace_id',
  'provider',
  'name',
  'secret_sealed',
  'created_at',
]);

/** @returns false if the workspace, or the organization without its workspaces, already has `sourcesMax` sources. */
export const insertSource = async (db: Queryable, row: SourceRow, sourcesMax: number): Promise<boolean> =>
  (await db.execute(sql`
    INSERT INTO inbound_sources (id, organization_id, workspace_id, provider, name, secret_sealed, created_at)
    SELECT ${row.id}, ${row.organization_id}, ${row.workspace_id}::uuid, ${row.provider}, ${row.name}, ${row.secret_sealed}::bytea, ${row.created_at}
    WHERE (SELECT count(*) FROM inbound_sources WHERE organization_id = ${row.organization_id} AND workspace_id IS NOT DISTINCT FROM ${row.workspace_id}::uuid) < ${sourcesMax}`)) ===
  1;

export const sources = (db: Queryable, { organizationId, workspaceId }: Reach, slice: Slice): Promise<SourceRow[]> =>
  db.query(
    inOrder(
      sql<SourceRow>`SELECT ${sourceColumns} FROM inbound_sources WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
      'inbound_sources',
      slice,
      'created_at',
    ),
  );

export const countSources = async (
  db: Queryable,
  { organizationId, workspaceId }: Reach,
  slice: Slice,
): Promise<number> =>
  (
    await db.query(
      countedIn(
        sql<{
          total: number;
        }>`SELECT count(*) AS total FROM inbound_sources WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
        'inbound_sources',
        slice,
        'created_at',
      ),
    )
  )[0]?.total ?? 0;

export const sourceOf = (
  db: Queryable,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<SourceRow | undefined> =>
  first(
    db,
    sql<SourceRow>`SELECT ${sourceColumns} FROM inbound_sources WHERE organization_id = ${organizationId} AND id = ${id} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
  );

/** A source of any organization, for a caller who has not proved anything yet. */
export const sourceById = (db: Queryable, id: string): Promise<SourceRow | undefined> =>
  first(db, sql<SourceRow>`SELECT ${sourceColumns} FROM inbound_sources WHERE id = ${id}`);

/** Locks a source. */
export const lockSource = (
  tx: Transaction,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<SourceRow | undefined> =>
  first(
    tx,
    sql<SourceRow>`SELECT ${sourceColumns} FROM inbound_sources WHERE organization_id = ${organizationId} AND id = ${id} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null}) FOR UPDATE`,
  );

export const sealSource = (
  tx: Transaction,
  organization: OrganizationId,
  id: string,
  sealed: Buffer,
): Promise<number> =>
  tx.execute(
    sql`UPDATE inbound_sources SET secret_sealed = ${sealed}::bytea WHERE organization_id = ${organization} AND id = ${id}`,
  );

export const deleteSource = async (
  db: Queryable,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<boolean> =>
  (await db.execute(
    sql`DELETE FROM inbound_sources WHERE organization_id = ${organizationId} AND id = ${id} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
  )) === 1;

// Events --------------------------------------------------------------------------------------------

/** A provider event without its body. */
export interface ProviderEventRow {
  id: string;
  source_id: string | null;
  workspace_id: WorkspaceId | null;
  provider: string;
  type: string;
  email_id: string;
  recipient: string | null;
  occurred_at: Date;
  received_at: Date;
  matched: boolean;
  event_id: EventId | null;
}

export const eventColumns = columns([
  'id',
  'source_id',
  'workspace_id',
  'provider',
  'type',
  'email_id',
  'recipient',
  'occurred_at',
  'received_at',
  'matched',
  'event_id',
]);

/** What the events of one post have in common. */
export type PostRow = Pick<ProviderEventRow, 'source_id' | 'provider' | 'received_at'> & {
  organization_id: OrganizationId;
  /** The body. */
  payload: Buffer;
};

export type NewProviderEvent = Pick<
  ProviderEventRow,
  'id' | 'workspace_id' | 'type' | 'email_id' | 'recipient' | 'occurred_at' | 'matched'
> & {
  dedupe_key: Buffer;
  /** Its part of the body; null: the whole. */
  part: Buffer | null;
};

/**
 * Stores the events of a post that are not stored yet, in the order of their keys: two posts of the same events in different orders would
 * deadlock otherwise. Waits for a transaction that is storing the same event. @returns the ids of those it stored.
 */
export const insertEvents = async (
  tx: Transaction,
  post: PostRow,
  rows: readonly NewProviderEvent[],
): Promise<ReadonlySet<string>> => {
  const stored = await tx.query(sql<{ id: string }>`
    INSERT INTO inbound_events (organization_id, id, source_id, workspace_id, provider, dedupe_key, type, email_id, recipient, occurred_at, received_at, payload, matched)
    SELECT ${post.organization_id}, n.id, ${post.source_id}::uuid, n.workspace_id, ${post.provider}, n.dedupe_key, n.type, n.email_id, n.recipient, n.occurred_at, ${post.received_at},
      coalesce(n.part, ${post.payload}::bytea), n.matched
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ dedupe_key: key }) => key)}::bytea[], ${rows.map(({ type }) => type)}::text[],
      ${rows.map(({ email_id: emailId }) => emailId)}::text[], ${rows.map(({ recipient }) => recipient)}::text[], ${rows.map(({ occurred_at: at }) => at)}::timestamptz[],
      ${rows.map(({ part }) => part)}::bytea[], ${rows.map(({ matched }) => matched)}::boolean[], ${rows.map(({ workspace_id: id }) => id)}::uuid[])
      AS n (id, dedupe_key, type, email_id, recipient, occurred_at, part, matched, workspace_id)
    ORDER BY n.dedupe_key ON CONFLICT (organization_id, provider, dedupe_key) DO NOTHING RETURNING id`);
  return new Set(stored.map(({ id }) => id));
};

/** How many events with these keys are stored. */
export const countStored = async (
  tx: Transaction,
  organization: OrganizationId,
  provider: string,
  keys: readonly Buffer[],
): Promise<number> =>
  (
    await tx.query(sql<{ total: number }>`
      SELECT count(*) AS total FROM inbound_events WHERE organization_id = ${organization} AND provider = ${provider} AND dedupe_key = ANY(${[...keys]}::bytea[])`)
  )[0]?.total ?? 0;

/** A token that a signature covers, and the body that came with it, as keyed hashes. */
export interface Token {
  readonly key: Buffer;
  readonly body: Buffer;
  readonly at: Date;
  /** Only look it up: the signature is too old to take it. */
  readonly isOld: boolean;
}

/** Takes a token. Waits for a transaction that is taking the same one. @returns the body that took it before; undefined: none */
export const takeToken = async (
  tx: Transaction,
  organization: OrganizationId,
  { key, body, at, isOld }: Token,
): Promise<Buffer | undefined> => {
  const taken = isOld
    ? 0
    : await tx.execute(sql`
        INSERT INTO inbound_tokens (organization_id, token_key, body_key, used_at) VALUES (${organization}, ${key}::bytea, ${body}::bytea, ${at})
        ON CONFLICT (organization_id, token_key) DO NOTHING`);
  if (taken === 1) return undefined;
  const row = await first(
    tx,
    sql<{
      body_key: Buffer;
    }>`SELECT body_key FROM inbound_tokens WHERE organization_id = ${organization} AND token_key = ${key}::bytea`,
  );
  return row?.body_key;
};

/** Deletes tokens used before a time. */
export const deleteTokens = (db: Queryable, before: Date, limit: number): Promise<number> =>
  db.execute(sql`
    DELETE FROM inbound_tokens WHERE (organization_id, token_key) IN (
      SELECT organization_id, token_key FROM inbound_tokens WHERE used_at < ${before} LIMIT ${limit})`);

/** Records which event was emitted for each of these provider events. */
export const setEmitted = (
  tx: Transaction,
  organization: OrganizationId,
  rows: readonly { readonly id: string; readonly event: EventId }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE inbound_events i SET event_id = n.event_id
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map(({ event }) => event))}::uuid[]) AS n (id, event_id)
    WHERE i.organization_id = ${organization} AND i.id = n.id`);

export interface ProviderEventFilter {
  readonly type: string | null;
  readonly matched: boolean | null;
}

/** The events of a range that match the filter. */
export const listEvents = (
  db: Queryable,
  { organizationId, workspaceId }: Reach,
  { type, matched }: ProviderEventFilter,
  { from, before, sort }: LogRange,
  limit: number,
): Promise<ProviderEventRow[]> =>
  db.query(
    inOrder(
      sql<ProviderEventRow>`
    SELECT ${eventColumns} FROM inbound_events
    WHERE organization_id = ${organizationId} AND id >= ${from} AND id < ${before} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null}) AND (${type}::text IS NULL OR type = ${type}) AND (${matched}::boolean IS NULL OR matched = ${matched})`,
      'inbound_events',
      { sort, limit },
    ),
  );

/** An event with its body; undefined if there is none. */
export const eventOf = (
  db: Queryable,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<(ProviderEventRow & { readonly payload: Buffer }) | undefined> =>
  first(
    db,
    sql<ProviderEventRow & { readonly payload: Buffer }>`
      SELECT ${eventColumns}, payload FROM inbound_events
      WHERE organization_id = ${organizationId} AND id = ${id} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
  );

/** The id `count` places after the first of a range, read from the index alone; undefined if there are fewer. */
export const idAfter = async (
  db: Queryable,
  organization: OrganizationId,
  { from, before, sort }: LogRange,
  count: number,
): Promise<string | undefined> =>
  (
    await db.query(
      inOrder(
        sql<{
          id: string;
        }>`SELECT id FROM inbound_events WHERE organization_id = ${organization} AND id >= ${from} AND id < ${before}`,
        'inbound_events',
        { sort, offset: count, limit: 1 },
      ),
    )
  )[0]?.id;

/** Deletes the oldest events received before a time, at most `limit`. @returns how many. */
export const deleteEvents = (db: Queryable, before: Date, limit: number): Promise<number> =>
  db.execute(sql`
    DELETE FROM inbound_events WHERE (organization_id, id) IN (
      SELECT organization_id, id FROM inbound_events WHERE received_at < ${before} ORDER BY received_at LIMIT ${limit})`);
