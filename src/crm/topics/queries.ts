import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { countedIn, inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { columns, plainArray, plannedAnew, sql } from '../../db/sql.ts';
import { ownerId } from '../records/index.ts';
import type { Owner, Reach } from '../records/index.ts';

export interface Topic {
  readonly id: string;
  /** Null: of the organization. */
  readonly workspace_id: WorkspaceId | null;
  readonly name: string;
  readonly description: string | null;
  readonly created_by: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export const optOutReasons = ['unsubscribed', 'manual', 'import'] as const;
export type OptOutReason = (typeof optOutReasons)[number];

/** An address that left a topic. */
export interface OptOut {
  readonly id: string;
  readonly topic_id: string;
  readonly workspace_id: WorkspaceId | null;
  /** In the form in which addresses are compared; null after an erasure. */
  readonly value: string | null;
  readonly reason: OptOutReason;
  /** The message whose link was used. */
  readonly message_id: string | null;
  readonly created_by: string | null;
  readonly created_at: Date;
}

export interface HashedOptOut extends OptOut {
  readonly hash: Buffer;
}

export const topicColumns = columns([
  'id',
  'workspace_id',
  'name',
  'description',
  'created_by',
  'created_at',
  'updated_at',
] satisfies (keyof Topic)[]);

export const optOutColumns = columns([
  'id',
  'topic_id',
  'workspace_id',
  'value',
  'reason',
  'message_id',
  'created_by',
  'created_at',
] satisfies (keyof OptOut)[]);

/** An array literal of `bytea`. */
const byteaArray = (hashes: readonly Buffer[]): string =>
  `{${hashes.map((hash) => `"\\\\x${hash.toString('hex')}"`).join(',')}}`;

// Topics ---------------------------------------------------------------------------------------------

export const topicById = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  id: string,
): Promise<Topic | undefined> =>
  first(
    on,
    sql<Topic>`
      SELECT ${topicColumns} FROM topics
      WHERE id = ${id} AND organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
  );

/** Keeps others from changing or deleting it until the transaction ends. */
export const lockTopic = (tx: Transaction, { organizationId: organization }: Reach, id: string): Promise<unknown> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM topics WHERE id = ${id} AND organization_id = ${organization} FOR UPDATE`);

/** Keeps others from deleting it until the transaction ends. */
export const holdTopic = (tx: Transaction, { organizationId: organization }: Reach, id: string) =>
  first(
    tx,
    sql<Topic>`SELECT ${topicColumns} FROM topics WHERE id = ${id} AND organization_id = ${organization} FOR KEY SHARE`,
  );

export const listTopics = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  slice: Slice,
): Promise<Topic[]> =>
  on.query(
    inOrder(
      sql<Topic>`
        SELECT ${topicColumns} FROM topics
        WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
      'topics',
      slice,
    ),
  );

export const countTopics = async (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  slice: Slice,
): Promise<number> =>
  (
    await first(
      on,
      countedIn(
        sql<{ count: number }>`
        SELECT count(*) AS count FROM topics
        WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`,
        'topics',
        slice,
      ),
    )
  )?.count ?? 0;

/** Topics of an owner. */
export const countTopicsOf = async (on: Queryable, owner: Owner): Promise<number> =>
  (
    await first(
      on,
      sql<{ count: number }>`
        SELECT count(*) AS count FROM topics
        WHERE organization_id = ${owner.organizationId} AND coalesce(workspace_id, organization_id) = ${ownerId(owner)}`,
    )
  )?.count ?? 0;

/** Inserts a topic, unless its owner has one of this name. @returns whether it did */
export const insertTopic = async (tx: Transaction, owner: Owner, row: Topic): Promise<boolean> =>
  (await tx.execute(sql`
    INSERT INTO topics (id, organization_id, workspace_id, name, description, created_by, created_at, updated_at)
    VALUES (${row.id}, ${owner.organizationId}, ${owner.workspaceId}::uuid, ${row.name}, ${row.description}, ${row.created_by}::uuid, ${row.created_at}, ${row.updated_at})
    ON CONFLICT (organization_id, name, coalesce(workspace_id, organization_id)) DO NOTHING`)) > 0;

/** @throws SQLSTATE 23505 if its owner has another one of this name */
export const saveTopic = (tx: Transaction, row: Topic): Promise<number> =>
  tx.execute(sql`
    UPDATE topics SET name = ${row.name}, description = ${row.description}, updated_at = ${row.updated_at} WHERE id = ${row.id}`);

export const deleteTopic = (tx: Transaction, id: string): Promise<number> =>
  tx.execute(sql`DELETE FROM topics WHERE id = ${id}`);

/** Campaigns that may still send mail of a topic, at most `max`. */
export const campaignsOf = (on: Queryable, id: string, max: number): Promise<{ id: string }[]> =>
  on.query(sql<{ id: string }>`
    SELECT id FROM campaigns WHERE topic_id = ${id} AND status <> 'archived' ORDER BY id LIMIT ${max}`);

/** Deletes up to `max` topics of a workspace that have no opt-outs any more. @returns them */
export const deleteTopicsOf = (tx: Transaction, workspace: WorkspaceId, max: number): Promise<Topic[]> =>
  tx.query(sql<Topic>`
    DELETE FROM topics WHERE id IN (SELECT id FROM topics WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max})
    RETURNING ${topicColumns}`);

// Opt-outs -------------------------------------------------------------------------------------------

/** Inserts opt-outs of addresses that had not left. @returns their ids */
export async function insertOptOuts(
  tx: Transaction,
  { organizationId, workspaceId }: Owner,
  rows: readonly HashedOptOut[],
): Promise<ReadonlySet<string>> {
  const inserted = await tx.query(sql<{ id: string }>`
    INSERT INTO topic_opt_outs (id, organization_id, workspace_id, topic_id, hash, value, reason, message_id, created_by, created_at)
    SELECT n.id, ${organizationId}, ${workspaceId}::uuid, ${rows[0]?.topic_id ?? null}::uuid, n.hash, n.value, n.reason, n.message_id, ${rows[0]?.created_by ?? null}::uuid, ${rows[0]?.created_at ?? null}::timestamptz
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${byteaArray(rows.map(({ hash }) => hash))}::bytea[], ${rows.map(({ value }) => value)}::text[],
      ${plainArray(rows.map(({ reason }) => reason))}::text[], ${rows.map((row) => row.message_id)}::uuid[]) AS n (id, hash, value, reason, message_id)
    ON CONFLICT DO NOTHING RETURNING id`);
  return new Set(inserted.map(({ id }) => id));
}

/** The opt-outs of a topic with these hashes. */
export const optOutsByHashes = (
  on: Queryable,
  organization: OrganizationId,
  topic: string,
  hashes: readonly Buffer[],
): Promise<HashedOptOut[]> =>
  on.query(sql<HashedOptOut>`
    SELECT ${optOutColumns}, hash FROM topic_opt_outs
    WHERE organization_id = ${organization} AND topic_id = ${topic} AND hash = ANY(${byteaArray(hashes)}::bytea[]) ORDER BY id DESC`);

/** Which of these hashes left which of these topics. */
export const leftByHashes = (
  on: Queryable,
  organization: OrganizationId,
  topics: readonly string[],
  hashes: readonly Buffer[],
): Promise<{ topic_id: string; hash: Buffer }[]> =>
  on.query(sql<{ topic_id: string; hash: Buffer }>`
    SELECT topic_id, hash FROM topic_opt_outs
    WHERE organization_id = ${organization} AND hash = ANY(${byteaArray(hashes)}::bytea[]) AND topic_id = ANY(${plainArray(topics)}::uuid[])`);

export const optOutById = (
  on: Queryable,
  organization: OrganizationId,
  topic: string,
  id: string,
): Promise<OptOut | undefined> =>
  first(
    on,
    sql<OptOut>`
      SELECT ${optOutColumns} FROM topic_opt_outs WHERE id = ${id} AND topic_id = ${topic} AND organization_id = ${organization}`,
  );

export const listOptOuts = (
  on: Queryable,
  organization: OrganizationId,
  topic: string,
  slice: Slice,
): Promise<OptOut[]> =>
  on.query(
    inOrder(
      sql<OptOut>`
        SELECT ${optOutColumns} FROM topic_opt_outs WHERE organization_id = ${organization} AND topic_id = ${topic}`,
      'topic_opt_outs',
      slice,
      'created_at',
    ),
  );

/** Counts up to `max`. */
export const countOptOuts = async (
  on: Queryable,
  organization: OrganizationId,
  topic: string,
  { updatedSince }: Pick<Slice, 'updatedSince'>,
  max: number,
): Promise<number> =>
  (
    await first(
      on,
      plannedAnew(sql<{ count: number }>`
        SELECT count(*) AS count FROM (
          SELECT FROM topic_opt_outs WHERE organization_id = ${organization} AND topic_id = ${topic}
            AND (${updatedSince ?? null}::timestamptz IS NULL OR created_at >= ${updatedSince ?? null})
          LIMIT ${max}) AS counted`),
    )
  )?.count ?? 0;

/** @returns the opt-outs as they were */
export const deleteOptOuts = (
  tx: Transaction,
  organization: OrganizationId,
  topic: string,
  ids: readonly string[],
): Promise<OptOut[]> =>
  tx.query(sql<OptOut>`
    DELETE FROM topic_opt_outs WHERE id = ANY(${plainArray(ids)}::uuid[]) AND topic_id = ${topic} AND organization_id = ${organization}
    RETURNING ${optOutColumns}`);

/** Deletes up to `max` opt-outs of a workspace's topics. */
export const deleteOptOutsOf = (tx: Transaction, workspace: WorkspaceId, max: number): Promise<number> =>
  tx.execute(sql`
    DELETE FROM topic_opt_outs WHERE id IN (SELECT id FROM topic_opt_outs WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max})`);

/** Deletes the values and keeps the hashes. */
export const eraseValues = (
  tx: Transaction,
  organization: OrganizationId,
  hashes: readonly Buffer[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE topic_opt_outs SET value = NULL, message_id = NULL
    WHERE organization_id = ${organization} AND hash = ANY(${byteaArray(hashes)}::bytea[]) AND value IS NOT NULL`);

/** A topic, and whether a contact left it. */
export interface AddressTopic extends Pick<Topic, 'id' | 'workspace_id' | 'name' | 'description'> {
  readonly opt_out_id: string | null;
  /** The address that left it. */
  readonly email: string | null;
  readonly reason: OptOutReason | null;
  readonly left_at: Date | null;
}

/**
 * The topics in reach that concern a contact, by name: those of its workspace, those of the organization, and of a contact without a workspace
 * all that its addresses left.
 */
export const topicsOfAddresses = (
  on: Queryable,
  { organizationId: organization, workspaceId: reached }: Reach,
  workspace: string | null,
  hashes: readonly Buffer[],
): Promise<AddressTopic[]> =>
  on.query(sql<AddressTopic>`
    SELECT t.id, t.workspace_id, t.name, t.description, o.id AS opt_out_id, o.value AS email, o.reason, o.created_at AS left_at
    FROM topics t LEFT JOIN LATERAL (
      SELECT id, value, reason, created_at FROM topic_opt_outs
      WHERE organization_id = t.organization_id AND topic_id = t.id AND hash = ANY(${byteaArray(hashes)}::bytea[]) ORDER BY id LIMIT 1) AS o ON true
    WHERE t.organization_id = ${organization} AND (${reached ?? null}::uuid IS NULL OR t.workspace_id = ${reached ?? null})
      AND (t.workspace_id IS NULL OR t.workspace_id = ${workspace}::uuid OR (${workspace}::uuid IS NULL AND o.id IS NOT NULL))
    ORDER BY t.name, t.id`);
