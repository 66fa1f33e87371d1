/** Suppressions of addresses that were lifted, which timelines and exports of contacts show. */
import { addressKey } from '../../base/email-address.ts';
import type { Ids, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { ErasureProgress, PersonChunk } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { columns, plainArray, sql } from '../../db/sql.ts';
import type { Editor } from '../records/index.ts';
import type { Reason, Suppression } from './queries.ts';

/** A suppression that was lifted. */
export interface Lifted {
  readonly id: string;
  readonly workspace_id: WorkspaceId | null;
  readonly suppression_id: string;
  readonly value: string;
  readonly reason: Reason;
  readonly created_at: Date;
  readonly lifted_at: Date;
}

export const liftedColumns = columns([
  'id',
  'workspace_id',
  'suppression_id',
  'value',
  'reason',
  'created_at',
  'lifted_at',
] satisfies (keyof Lifted)[]);

/** Remembers lifted suppressions of addresses. */
export const rememberLifted = (
  tx: Transaction,
  ids: Ids,
  { organizationId, keyId }: Editor,
  rows: readonly (Suppression & { readonly value: string })[],
  at: Date,
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO lifted_suppressions (id, organization_id, workspace_id, suppression_id, value, reason, message_id, created_at, lifted_by, lifted_at)
    SELECT n.id, ${organizationId}, n.workspace_id, n.suppression_id, n.value, n.reason, n.message_id, n.created_at, ${keyId ?? null}::uuid, ${at}
    FROM unnest(${plainArray(rows.map(() => ids.next<string>()))}::uuid[], ${rows.map((row) => row.workspace_id)}::uuid[], ${plainArray(rows.map(({ id }) => id))}::uuid[],
      ${rows.map(({ value }) => value)}::text[], ${rows.map(({ reason }) => reason)}::text[], ${rows.map((row) => row.message_id)}::uuid[], ${rows.map((row) => row.created_at)}::timestamptz[])
      AS n (id, workspace_id, suppression_id, value, reason, message_id, created_at)`);

/** Lifted suppressions of addresses, in the form in which they are compared, the newest first. */
export const liftedOf = (
  on: Queryable,
  organization: OrganizationId,
  keys: readonly string[],
  limit: number,
): Promise<Lifted[]> =>
  on.query(sql<Lifted>`
    SELECT ${liftedColumns} FROM lifted_suppressions
    WHERE organization_id = ${organization} AND value = ANY(${[...keys]}::text[]) ORDER BY id DESC LIMIT ${limit}`);

/** Forgets up to `max` lifted suppressions of a workspace. @returns how many */
export const forgetLiftedOf = (tx: Transaction, workspace: WorkspaceId, max: number): Promise<number> =>
  tx.execute(sql`
    DELETE FROM lifted_suppressions WHERE id IN (SELECT id FROM lifted_suppressions WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max})`);

const forget = (tx: Transaction, organization: OrganizationId, keys: readonly string[], max: number): Promise<number> =>
  tx.execute(sql`
    DELETE FROM lifted_suppressions WHERE id IN (
      SELECT id FROM lifted_suppressions WHERE organization_id = ${organization} AND value = ANY(${[...keys]}::text[]) LIMIT ${max})`);

const chunkMax = 1_000;

/** Deletes lifted suppressions of the person's addresses. */
export async function eraseLifted(
  tx: Transaction,
  { organizationId, needles: { addresses } }: PersonChunk,
): Promise<ErasureProgress> {
  const keys = addresses.flatMap((address) => addressKey(address) ?? []);
  let changed = 0;
  for (let last = chunkMax; keys.length > 0 && last === chunkMax; changed += last)
    last = await forget(tx, organizationId, keys, chunkMax);
  return { position: undefined, changed };
}
