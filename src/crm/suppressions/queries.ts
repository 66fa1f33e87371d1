import { first } from '../../db/pool.ts';
import { inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Queryable } from '../../db/pool.ts';
import { columns, plainArray, plannedAnew, sql } from '../../db/sql.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { ownerId } from '../records/index.ts';
import type { Owner, Reach } from '../records/index.ts';

export const reasons = ['unsubscribed', 'hard_bounce', 'complaint', 'manual', 'import', 'erased'] as const;
export type Reason = (typeof reasons)[number];
export type Kind = 'email' | 'domain';

export interface Suppression {
  id: string;
  /** Null: for the whole organization. */
  workspace_id: string | null;
  kind: Kind;
  /** In the form in which addresses and domains are compared; null after an erasure. */
  value: string | null;
  reason: Reason;
  created_by: string | null;
  created_at: Date;
  /** The message that bounced or was complained about. */
  message_id: string | null;
  /** The provider's report that it follows from. */
  inbound_event_id: string | null;
}

export const suppressionColumns = columns([
  'id',
  'workspace_id',
  'kind',
  'value',
  'reason',
  'created_by',
  'created_at',
  'message_id',
  'inbound_event_id',
]);

export interface HashedSuppression extends Suppression {
  readonly hash: Buffer;
}

/** An array literal of `bytea`. */
const byteaArray = (hashes: readonly Buffer[]): string =>
  `{${hashes.map((hash) => `"\\\\x${hash.toString('hex')}"`).join(',')}}`;

/** 'supp' as a number: the first key of this slice's advisory locks; the second is the organization's hash. */
const lockSpace = 0x73757070;

/** Until the transaction ends, nothing is suppressed or lifted in the organization. */
export const lockShared = (tx: Queryable, organization: OrganizationId): Promise<unknown> =>
  tx.execute(sql`SELECT pg_advisory_xact_lock_shared(${lockSpace}::int, hashtext(${organization}::text))`);

/** Waits for the transactions that hold either lock. A transaction that adds or removes suppressions holds this one. */
export const lockAlone = (tx: Queryable, organization: OrganizationId): Promise<unknown> =>
  tx.execute(sql`SELECT pg_advisory_xact_lock(${lockSpace}::int, hashtext(${organization}::text))`);

/** The hashes that these workspaces suppress, or the whole organization. */
export const knownHashes = (
  on: Queryable,
  organization: OrganizationId,
  workspaces: readonly string[],
  hashes: readonly Buffer[],
): Promise<{ hash: Buffer; workspace_id: string | null }[]> =>
  on.query(sql<{ hash: Buffer; workspace_id: string | null }>`
    SELECT hash, workspace_id FROM suppressions
    WHERE organization_id = ${organization} AND hash = ANY(${byteaArray(hashes)}::bytea[])
      AND coalesce(workspace_id, organization_id) = ANY(${plainArray([organization, ...workspaces])}::uuid[])`);

/** Whether the organization suppresses any domain. Most do not, and need no look-up by domain. */
export const hasDomains = async (on: Queryable, organization: OrganizationId): Promise<boolean> =>
  (
    await on.query(
      sql<{
        found: boolean;
      }>`SELECT EXISTS (SELECT FROM suppressions WHERE organization_id = ${organization} AND kind = 'domain') AS found`,
    )
  )[0]?.found === true;

/** A suppressed domain, and the workspace for which it is suppressed; null: for the whole organization. */
export interface SuppressedDomain {
  readonly value: string;
  readonly workspace_id: string | null;
}

/** The suppressed domains that concern records in reach. */
export const domainsOf = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
): Promise<SuppressedDomain[]> =>
  on.query(sql<SuppressedDomain>`
    SELECT value, workspace_id FROM suppressions
    WHERE organization_id = ${organization} AND kind = 'domain' AND value IS NOT NULL
      AND (${workspace ?? null}::uuid IS NULL OR workspace_id IS NULL OR workspace_id = ${workspace ?? null})`);

/** Inserts suppressions that are new. @returns their ids */
export async function insertNew(
  on: Queryable,
  owner: Owner,
  rows: readonly HashedSuppression[],
): Promise<ReadonlySet<string>> {
  const inserted = await on.query(sql<{ id: string }>`
    INSERT INTO suppressions (id, organization_id, workspace_id, kind, hash, value, reason, created_by, created_at, message_id, inbound_event_id)
    SELECT n.id, ${owner.organizationId}, ${owner.workspaceId}::uuid, n.kind, n.hash, n.value, n.reason, ${rows[0]?.created_by ?? null}::uuid, ${rows[0]?.created_at ?? null}::timestamptz, n.message_id, n.inbound_event_id
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${plainArray(rows.map(({ kind }) => kind))}::text[], ${byteaArray(rows.map(({ hash }) => hash))}::bytea[],
      ${rows.map(({ value }) => value)}::text[], ${plainArray(rows.map(({ reason }) => reason))}::text[],
      ${rows.map(({ message_id: messageId }) => messageId)}::uuid[], ${rows.map(({ inbound_event_id: reportId }) => reportId)}::uuid[])
      AS n (id, kind, hash, value, reason, message_id, inbound_event_id)
    ON CONFLICT DO NOTHING RETURNING id`);
  return new Set(inserted.map(({ id }) => id));
}

export const byHashes = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  hashes: readonly Buffer[],
): Promise<HashedSuppression[]> =>
  on.query(sql<HashedSuppression>`
    SELECT ${suppressionColumns}, hash FROM suppressions
    WHERE organization_id = ${organization} AND hash = ANY(${byteaArray(hashes)}::bytea[]) AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})
    ORDER BY id DESC`);

/** The owner's own suppressions of these hashes. */
export const ownByHashes = (on: Queryable, owner: Owner, hashes: readonly Buffer[]): Promise<HashedSuppression[]> =>
  on.query(sql<HashedSuppression>`
    SELECT ${suppressionColumns}, hash FROM suppressions
    WHERE organization_id = ${owner.organizationId} AND hash = ANY(${byteaArray(hashes)}::bytea[]) AND coalesce(workspace_id, organization_id) = ${ownerId(owner)}`);

/** Deletes the values and keeps the hashes, also of the workspaces' suppressions. */
export const eraseValues = (on: Queryable, organization: OrganizationId, hashes: readonly Buffer[]): Promise<number> =>
  on.execute(sql`
    UPDATE suppressions SET value = NULL, message_id = NULL, inbound_event_id = NULL
    WHERE organization_id = ${organization} AND hash = ANY(${byteaArray(hashes)}::bytea[]) AND value IS NOT NULL`);

/** Suppressions with this reason, or with any, the newest first. */
export const listed = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  reason: Reason | undefined,
  slice: Slice,
): Promise<Suppression[]> =>
  on.query(
    inOrder(
      sql<Suppression>`
      SELECT ${suppressionColumns} FROM suppressions
      WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (${reason ?? null}::text IS NULL OR reason = ${reason ?? null})`,
      'suppressions',
      slice,
      'created_at',
    ),
  );

/** Counts up to `max`. */
export const counted = async (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  reason: Reason | undefined,
  { updatedSince }: Pick<Slice, 'updatedSince'>,
  max: number,
): Promise<number> =>
  (
    await on.query(
      plannedAnew(sql<{ count: number }>`
        SELECT count(*) AS count FROM (
          SELECT FROM suppressions
          WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND (${reason ?? null}::text IS NULL OR reason = ${reason ?? null})
            AND (${updatedSince ?? null}::timestamptz IS NULL OR created_at >= ${updatedSince ?? null})
          LIMIT ${max}) AS counted`),
    )
  )[0]?.count ?? 0;

/** Deletes the owner's own suppressions of addresses that have this reason. */
export const removeByHashes = (
  on: Queryable,
  owner: Owner,
  hashes: readonly Buffer[],
  reason: Reason,
): Promise<Suppression[]> =>
  on.query(sql<Suppression>`
    DELETE FROM suppressions WHERE organization_id = ${owner.organizationId} AND coalesce(workspace_id, organization_id) = ${ownerId(owner)} AND hash = ANY(${byteaArray(hashes)}::bytea[]) AND reason = ${reason}
    RETURNING ${suppressionColumns}`);

/**
 * Records that something else asks for suppressions, too, so that taking back one of the causes does not lift them. An opt-out by an answer
 * (`unsubscribed` with a message, without a report) names the latest answer, and no message after another kind of cause; a complaint gets
 * the reason of the later cause. An opt-out is marked, because the person who opted out can take it back.
 */
export const confirm = (
  on: Queryable,
  owner: Owner,
  rows: readonly Pick<HashedSuppression, 'hash' | 'reason' | 'message_id' | 'inbound_event_id'>[],
): Promise<number> =>
  on.execute(sql`
    UPDATE suppressions AS s SET reason = CASE s.reason WHEN 'complaint' THEN n.reason ELSE s.reason END, inbound_event_id = NULL,
      message_id = CASE WHEN s.message_id IS NOT NULL AND s.reason = 'unsubscribed' AND n.reason = 'unsubscribed' AND n.inbound_event_id IS NULL THEN n.message_id END,
      is_confirmed = true
    FROM unnest(${byteaArray(rows.map(({ hash }) => hash))}::bytea[], ${plainArray(rows.map(({ reason }) => reason))}::text[],
      ${rows.map(({ message_id: messageId }) => messageId)}::uuid[], ${rows.map(({ inbound_event_id: reportId }) => reportId)}::uuid[]) AS n (hash, reason, message_id, inbound_event_id)
    WHERE s.organization_id = ${owner.organizationId} AND coalesce(s.workspace_id, s.organization_id) = ${ownerId(owner)} AND s.hash = n.hash AND n.reason <> 'erased'
      AND ((s.reason = 'complaint' AND n.reason <> 'complaint') OR (s.reason = 'unsubscribed' AND (s.message_id IS NOT NULL OR s.is_confirmed IS NULL) AND s.inbound_event_id IS NULL))`);

/** Deletes up to `max` suppressions of a workspace. @returns them */
export const removeOf = (on: Queryable, workspace: WorkspaceId, max: number): Promise<Suppression[]> =>
  on.query(sql<Suppression>`
    DELETE FROM suppressions WHERE id IN (SELECT id FROM suppressions WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max})
    RETURNING ${suppressionColumns}`);

/** Names another message as the evidence of what a message suppressed, by address. */
export const renameMessages = (
  on: Queryable,
  organization: OrganizationId,
  messageId: string,
  others: ReadonlyMap<string, string>,
): Promise<number> =>
  on.execute(sql`
    UPDATE suppressions AS s SET message_id = n.message_id
    FROM unnest(${[...others.keys()]}::text[], ${plainArray([...others.values()])}::uuid[]) AS n (value, message_id)
    WHERE s.organization_id = ${organization} AND s.message_id = ${messageId} AND s.kind = 'email' AND s.value = n.value`);

/** Deletes what a message suppressed for this reason. */
export const removeByMessage = (
  on: Queryable,
  organization: OrganizationId,
  messageId: string,
  reason: Reason,
): Promise<Suppression[]> =>
  on.query(sql<Suppression>`
    DELETE FROM suppressions WHERE organization_id = ${organization} AND reason = ${reason} AND message_id = ${messageId}
    RETURNING ${suppressionColumns}`);

/** Deletes a suppression that nothing else has asked for since. @returns it as it was */
export const removeUnconfirmed = (
  on: Queryable,
  organization: OrganizationId,
  id: string,
): Promise<Suppression | undefined> =>
  first(
    on,
    sql<Suppression>`
      DELETE FROM suppressions WHERE organization_id = ${organization} AND id = ${id} AND is_confirmed IS NULL
      RETURNING ${suppressionColumns}`,
  );

/** @returns the suppressions as they were */
export const removeByIds = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  ids: readonly string[],
): Promise<Suppression[]> =>
  on.query(sql<Suppression>`
    DELETE FROM suppressions
    WHERE organization_id = ${organization} AND id = ANY(${plainArray(ids)}::uuid[]) AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})
    RETURNING ${suppressionColumns}`);

/** By id, which is the order of their creation. */
export const byIds = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  ids: readonly string[],
): Promise<Suppression[]> =>
  on.query(sql<Suppression>`
    SELECT ${suppressionColumns} FROM suppressions
    WHERE organization_id = ${organization} AND id = ANY(${plainArray(ids)}::uuid[]) AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})
    ORDER BY id`);

/** The suppressions after an id, by id. */
export const suppressionsAfter = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  after: string,
  limit: number,
): Promise<Suppression[]> =>
  on.query(
    plannedAnew(sql<Suppression>`
      SELECT ${suppressionColumns} FROM suppressions
      WHERE organization_id = ${organization} AND id > ${after} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})
      ORDER BY id LIMIT ${limit}`),
  );
