import { countedIn, inOrder } from '../db/in-order.ts';
import type { Slice } from '../db/in-order.ts';
import { first } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { columns, part, plainArray, sql } from '../db/sql.ts';
import type { KeyId, OrganizationId, WorkspaceId } from '../base/ids.ts';

// Organizations -------------------------------------------------------------------------------------

export interface OrganizationRow {
  id: OrganizationId;
  slug: string;
  plan: string;
  alert_email: string | null;
  live_organization_id: OrganizationId | null;
  /** 8 base32 characters that never change. */
  tag: string;
  created_at: Date;
}

export const organizationColumns = columns([
  'id',
  'slug',
  'plan',
  'alert_email',
  'live_organization_id',
  'tag',
  'created_at',
]);

export interface NewOrganization extends Omit<OrganizationRow, 'tag'> {
  data_key: Buffer;
  master_key_id: string;
}

/** @returns undefined if the slug is taken, or the live organization already has a sandbox. */
export const insertOrganization = (db: Queryable, row: NewOrganization): Promise<OrganizationRow | undefined> =>
  first(
    db,
    sql<OrganizationRow>`
    INSERT INTO organizations (id, slug, plan, alert_email, live_organization_id, data_key, master_key_id, created_at, updated_at)
    VALUES (${row.id}, ${row.slug}, ${row.plan}, ${row.alert_email}, ${row.live_organization_id}, ${row.data_key}, ${row.master_key_id}, ${row.created_at}, ${row.created_at})
    ON CONFLICT DO NOTHING RETURNING ${organizationColumns}`,
  );

export const organizations = (db: Queryable): Promise<OrganizationRow[]> =>
  db.query(sql<OrganizationRow>`SELECT ${organizationColumns} FROM organizations ORDER BY slug`);

export const organizationById = (db: Queryable, id: OrganizationId): Promise<OrganizationRow | undefined> =>
  first(db, sql<OrganizationRow>`SELECT ${organizationColumns} FROM organizations WHERE id = ${id}`);

export const organizationBySlug = (db: Queryable, slug: string): Promise<OrganizationRow | undefined> =>
  first(db, sql<OrganizationRow>`SELECT ${organizationColumns} FROM organizations WHERE slug = ${slug}`);

export const sandboxOf = (db: Queryable, live: OrganizationId): Promise<OrganizationRow | undefined> =>
  first(
    db,
    sql<OrganizationRow>`SELECT ${organizationColumns} FROM organizations WHERE live_organization_id = ${live}`,
  );

/** How far the clocks of organizations are ahead of the real time. */
export const clocksOf = (
  on: Queryable,
  ids: readonly OrganizationId[],
): Promise<{ id: OrganizationId; is_sandbox: boolean; clock_ahead_ms: number }[]> =>
  on.query(sql<{ id: OrganizationId; is_sandbox: boolean; clock_ahead_ms: number }>`
    SELECT id, live_organization_id IS NOT NULL AS is_sandbox, clock_ahead_ms FROM organizations WHERE id = ANY(${plainArray(ids)}::uuid[])`);

/** Whether the clock of one of the organizations is being moved. */
export const isMoving = async (on: Queryable, ids: readonly OrganizationId[]): Promise<boolean> =>
  (
    await on.query(sql<{ id: OrganizationId }>`
      SELECT id FROM organizations WHERE id = ANY(${plainArray(ids)}::uuid[]) AND clock_target_ms IS NOT NULL LIMIT 1`)
  ).length > 0;

/** A sandbox always has the plan of its live organization. */
export const updatePlan = (db: Queryable, live: OrganizationId, plan: string, at: Date): Promise<number> =>
  db.execute(
    sql`UPDATE organizations SET plan = ${plan}, updated_at = ${at} WHERE id = ${live} OR live_organization_id = ${live}`,
  );

/** Organizations whose alerts go to the address: their own or, for a sandbox without one, that of the live organization. */
export const organizationsAlerting = (db: Queryable, email: string): Promise<{ id: OrganizationId }[]> =>
  db.query(sql<{ id: OrganizationId }>`
    SELECT o.id FROM organizations o LEFT JOIN organizations live ON live.id = o.live_organization_id
    WHERE lower(coalesce(o.alert_email, live.alert_email)) = lower(${email})`);

export const updateAlertEmail = (
  db: Queryable,
  id: OrganizationId,
  alertEmail: string | null,
  at: Date,
): Promise<number> =>
  db.execute(sql`UPDATE organizations SET alert_email = ${alertEmail}, updated_at = ${at} WHERE id = ${id}`);

// Keys ----------------------------------------------------------------------------------------------

export interface KeyRow {
  readonly id: KeyId;
  readonly organization_slug: string;
  readonly sandbox: boolean;
  readonly workspace_id: WorkspaceId | null;
  readonly name: string;
  /** The first characters of the key: enough to recognize it, not enough to call with. */
  readonly prefix: string;
  readonly scopes: readonly string[];
  /** The key that created this key; null: the command line, or a key created before this was recorded. */
  readonly created_by: KeyId | null;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
  readonly revoked_at: Date | null;
  readonly created_at: Date;
}

export const keyColumns = columns(
  [
    'id',
    'workspace_id',
    'name',
    'prefix',
    'scopes',
    'created_by',
    'expires_at',
    'last_used_at',
    'revoked_at',
    'created_at',
  ],
  'k',
);

/** @returns false if a key with this hash already exists. */
export const insertKey = async (
  db: Queryable,
  organization: OrganizationId,
  hash: Buffer,
  key: KeyRow,
  purpose: string | null,
): Promise<boolean> =>
  (await db.execute(sql`
    INSERT INTO api_keys (id, organization_id, workspace_id, name, hash, prefix, scopes, created_by, expires_at, created_at, purpose)
    VALUES (${key.id}, ${organization}, ${key.workspace_id}, ${key.name}, ${hash}, ${key.prefix}, ${[...key.scopes]}, ${key.created_by}, ${key.expires_at}, ${key.created_at}, ${purpose})
    ON CONFLICT (hash) DO NOTHING`)) === 1;

/** Keys of an organization and of its sandbox, newest first. @param only restricts the list to keys bound to one workspace. */
/** A key changes when it is revoked. */
const keyChangedAt = part`coalesce(k.revoked_at, k.created_at)`;

export const keys = (
  db: Queryable,
  organization: OrganizationId,
  only: WorkspaceId | null,
  slice: Slice,
): Promise<KeyRow[]> =>
  db.query(
    inOrder(
      sql<KeyRow>`
    SELECT o.slug AS organization_slug, o.live_organization_id IS NOT NULL AS sandbox, ${keyColumns}
    FROM api_keys k JOIN organizations o ON o.id = k.organization_id
    WHERE (o.id = ${organization} OR o.live_organization_id = ${organization}) AND (${only}::uuid IS NULL OR k.workspace_id = ${only}) AND k.purpose IS NULL`,
      'k',
      slice,
      keyChangedAt,
    ),
  );

export const countKeys = async (
  db: Queryable,
  organization: OrganizationId,
  only: WorkspaceId | null,
  slice: Slice,
): Promise<number> =>
  (
    await first(
      db,
      countedIn(
        sql<{ total: number }>`
      SELECT count(*) AS total FROM api_keys k JOIN organizations o ON o.id = k.organization_id
      WHERE (o.id = ${organization} OR o.live_organization_id = ${organization}) AND (${only}::uuid IS NULL OR k.workspace_id = ${only}) AND k.purpose IS NULL`,
        'k',
        slice,
        keyChangedAt,
      ),
    )
  )?.total ?? 0;

export const keyById = (
  db: Queryable,
  organization: OrganizationId,
  only: WorkspaceId | null,
  id: KeyId,
): Promise<KeyRow | undefined> =>
  first(
    db,
    sql<KeyRow>`
      SELECT o.slug AS organization_slug, o.live_organization_id IS NOT NULL AS sandbox, ${keyColumns}
      FROM api_keys k JOIN organizations o ON o.id = k.organization_id
      WHERE k.id = ${id} AND (o.id = ${organization} OR o.live_organization_id = ${organization}) AND (${only}::uuid IS NULL OR k.workspace_id = ${only})`,
  );

/** All keys of the installation, for its operator. */
export const allKeys = (db: Queryable): Promise<KeyRow[]> =>
  db.query(sql<KeyRow>`
    SELECT o.slug AS organization_slug, o.live_organization_id IS NOT NULL AS sandbox, ${keyColumns}
    FROM api_keys k JOIN organizations o ON o.id = k.organization_id ORDER BY o.slug, k.id`);

/** Revokes a key and every key created with it, at any depth. @returns the keys that this call revoked. */
export const revokeKeys = (db: Queryable, id: KeyId, at: Date): Promise<KeyRow[]> =>
  db.query(sql<KeyRow>`
    WITH RECURSIVE family AS (
      SELECT id FROM api_keys WHERE id = ${id} UNION SELECT k.id FROM api_keys k JOIN family f ON k.created_by = f.id
    )
    UPDATE api_keys k SET revoked_at = ${at} FROM organizations o
    WHERE k.id IN (SELECT id FROM family) AND k.revoked_at IS NULL AND o.id = k.organization_id
    RETURNING o.slug AS organization_slug, o.live_organization_id IS NOT NULL AS sandbox, ${keyColumns}`);

/** Revokes keys bound to a workspace, at most `limit`. @returns those that this call revoked. */
export const revokeKeysOf = (db: Queryable, workspace: WorkspaceId, at: Date, limit: number): Promise<KeyRow[]> =>
  db.query(sql<KeyRow>`
    UPDATE api_keys k SET revoked_at = ${at} FROM organizations o
    WHERE k.id IN (SELECT id FROM api_keys WHERE workspace_id = ${workspace} AND revoked_at IS NULL LIMIT ${limit}) AND o.id = k.organization_id
    RETURNING o.slug AS organization_slug, o.live_organization_id IS NOT NULL AS sandbox, ${keyColumns}`);

/** Prevents a key from being revoked until the transaction ends. @returns false if it is already revoked. */
export const lockKey = async (db: Queryable, id: KeyId): Promise<boolean> =>
  (await db.query(sql<{ id: KeyId }>`SELECT id FROM api_keys WHERE id = ${id} AND revoked_at IS NULL FOR SHARE`))
    .length === 1;

export interface PrincipalRow {
  hash: Buffer;
  id: KeyId;
  organization_id: OrganizationId;
  workspace_id: WorkspaceId | null;
  scopes: string[];
  expires_at: Date | null;
  slug: string;
  plan: string;
  sandbox: boolean;
}

/** The principals of these key hashes; revoked and unknown keys are left out. */
export const principals = (db: Queryable, hashes: readonly Buffer[]): Promise<PrincipalRow[]> =>
  db.query(sql<PrincipalRow>`
    SELECT k.hash, k.id, k.organization_id, k.workspace_id, k.scopes, k.expires_at, o.slug, o.plan, o.live_organization_id IS NOT NULL AS sandbox
    FROM api_keys k JOIN organizations o ON o.id = k.organization_id
    WHERE k.hash = ANY(${[...hashes]}::bytea[]) AND k.revoked_at IS NULL`);

/** Writes times of last use. Processes flush independently, so an earlier time never overwrites a later one. */
export const markUsed = (db: Queryable, ids: readonly KeyId[], usedAtMs: readonly number[]): Promise<number> =>
  db.execute(sql`
    UPDATE api_keys k SET last_used_at = greatest(k.last_used_at, to_timestamp(u.at / 1000.0))
    FROM unnest(${plainArray(ids)}::uuid[], ${plainArray(usedAtMs)}::bigint[]) AS u (id, at) WHERE k.id = u.id`);

/** Locks a key until the transaction ends. */
export const lockKeyRow = (tx: Queryable, organization: OrganizationId, id: string): Promise<number> =>
  tx.execute(
    sql`SELECT FROM api_keys WHERE id = ${id} AND organization_id IN (SELECT id FROM organizations WHERE id = ${organization} OR live_organization_id = ${organization}) FOR NO KEY UPDATE`,
  );

/** Locks an organization until the transaction ends; records can still be created in it. */
export const lockOrganization = (tx: Queryable, organization: OrganizationId): Promise<number> =>
  tx.execute(sql`SELECT FROM organizations WHERE id = ${organization} FOR NO KEY UPDATE`);
