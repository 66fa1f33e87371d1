import type { KeyId, OrganizationId, WorkspaceId } from '../base/ids.ts';
import { first } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { columns, sql } from '../db/sql.ts';

export interface LinkRow {
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId;
  /** A key or a person. */
  readonly created_by: KeyId;
  readonly session_seconds: number;
  readonly expires_at: Date;
}

export const linkColumns = columns(['organization_id', 'workspace_id', 'created_by', 'session_seconds', 'expires_at']);

export const insertLink = (db: Queryable, hash: Buffer, row: LinkRow): Promise<number> =>
  db.execute(sql`
    INSERT INTO portal_links (token_hash, organization_id, workspace_id, created_by, session_seconds, expires_at)
    VALUES (${hash}, ${row.organization_id}, ${row.workspace_id}, ${row.created_by}, ${row.session_seconds}, ${row.expires_at})`);

/** Uses up a link. */
export const takeLink = (db: Queryable, hash: Buffer, now: Date): Promise<LinkRow | undefined> =>
  first(
    db,
    sql<LinkRow>`DELETE FROM portal_links WHERE token_hash = ${hash} AND expires_at > ${now} RETURNING ${linkColumns}`,
  );

export const deleteLinksOf = (db: Queryable, organization: OrganizationId, workspace: WorkspaceId): Promise<number> =>
  db.execute(sql`DELETE FROM portal_links WHERE organization_id = ${organization} AND workspace_id = ${workspace}`);

export const expireLinks = (db: Queryable, now: Date): Promise<number> =>
  db.execute(sql`DELETE FROM portal_links WHERE expires_at <= ${now}`);

export const sessionsOf = (
  db: Queryable,
  organization: OrganizationId,
  workspace: WorkspaceId,
  now: Date,
): Promise<{ id: KeyId }[]> =>
  db.query(sql<{ id: KeyId }>`
    SELECT id FROM api_keys WHERE organization_id = ${organization} AND workspace_id = ${workspace} AND purpose = 'portal'
      AND revoked_at IS NULL AND expires_at > ${now}`);

export interface BrandRow {
  readonly name: string;
  readonly color: string;
  readonly logo: string | null;
}

export const brandColumns = columns(['name', 'color', 'logo']);

/** A sandbox without a brand of its own has that of its live organization. */
export const brandOf = (db: Queryable, organization: OrganizationId): Promise<BrandRow | undefined> =>
  first(
    db,
    sql<BrandRow>`
      SELECT ${brandColumns} FROM portal_brands
      WHERE organization_id = ${organization} OR organization_id = (SELECT live_organization_id FROM organizations WHERE id = ${organization})
      ORDER BY organization_id = ${organization} DESC LIMIT 1`,
  );

export const setBrand = (db: Queryable, organization: OrganizationId, row: BrandRow): Promise<number> =>
  db.execute(sql`
    INSERT INTO portal_brands (organization_id, name, color, logo) VALUES (${organization}, ${row.name}, ${row.color}, ${row.logo})
    ON CONFLICT (organization_id) DO UPDATE SET name = EXCLUDED.name, color = EXCLUDED.color, logo = EXCLUDED.logo`);
