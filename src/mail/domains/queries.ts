import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { countedIn, inOrder, verifiedPart } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { Reading } from './reading.ts';

// Checks ------------------------------------------------------------------------------------------

export interface CheckRow {
  result: Reading;
  first_seen_at: Date;
  last_seen_at: Date;
}

/** What was read of a domain, the newest first. */
export const readings = (
  on: Queryable,
  organization: OrganizationId,
  domain: string,
  limit: number,
): Promise<CheckRow[]> =>
  on.query(sql<CheckRow>`
    SELECT result, first_seen_at, last_seen_at FROM domain_checks
    WHERE organization_id = ${organization} AND domain = ${domain} ORDER BY id DESC LIMIT ${limit}`);

/** The newest of each of these domains. */
export const latestReadings = (
  on: Queryable,
  organization: OrganizationId,
  domains: readonly string[],
): Promise<{ domain: string; result: Reading }[]> =>
  on.query(sql<{ domain: string; result: Reading }>`
    SELECT n.domain, r.result FROM unnest(${[...domains]}::text[]) AS n (domain) CROSS JOIN LATERAL (
      SELECT result FROM domain_checks d WHERE d.organization_id = ${organization} AND d.domain = n.domain ORDER BY d.id DESC LIMIT 1) AS r`);

/** Prolongs the newest row if it is the same, and inserts one otherwise. @returns whether it is another one */
export const record = async (
  on: Queryable,
  row: { readonly id: string; readonly organization: OrganizationId; readonly domain: string },
  result: Reading,
  at: Date,
): Promise<boolean> => {
  const json = JSON.stringify(result);
  return (
    (await on.execute(sql`
    WITH latest AS (
      SELECT id, result FROM domain_checks
      WHERE organization_id = ${row.organization} AND domain = ${row.domain} ORDER BY id DESC LIMIT 1
    ), same AS (
      UPDATE domain_checks d SET last_seen_at = ${at} FROM latest l
      WHERE d.organization_id = ${row.organization} AND d.domain = ${row.domain} AND d.id = l.id AND l.result = ${json}::jsonb
      RETURNING d.id
    )
    INSERT INTO domain_checks (organization_id, domain, id, result, first_seen_at, last_seen_at)
    SELECT ${row.organization}, ${row.domain}, ${row.id}, ${json}::jsonb, ${at}::timestamptz, ${at}::timestamptz
    WHERE NOT EXISTS (SELECT FROM same)`)) === 1
  );
};

/** Deletes all rows of a domain but the newest. */
export const prune = (on: Queryable, organization: OrganizationId, domain: string, kept: number): Promise<number> =>
  on.execute(sql`
    DELETE FROM domain_checks WHERE organization_id = ${organization} AND domain = ${domain} AND id IN (
      SELECT id FROM domain_checks WHERE organization_id = ${organization} AND domain = ${domain} ORDER BY id DESC OFFSET ${kept})`);

/** Selectors that must be in the DNS: messages were signed with them, or they are of own keys in use. */
export const knownSelectors = async (
  on: Queryable,
  organization: OrganizationId,
  domain: string,
): Promise<readonly string[]> => {
  const rows = await on.query(sql<{ selector: string }>`
    SELECT selector FROM domain_selectors WHERE organization_id = ${organization} AND domain = ${domain}
    UNION SELECT selector FROM domain_keys WHERE organization_id = ${organization} AND domain = ${domain} AND verified_at IS NOT NULL
    ORDER BY selector LIMIT 50`);
  return rows.map(({ selector }) => selector);
};

/** Remembers a selector. */
export const saveSelector = (
  on: Queryable,
  organization: OrganizationId,
  domain: string,
  selector: string,
  at: Date,
): Promise<number> =>
  on.execute(sql`
    INSERT INTO domain_selectors (organization_id, domain, selector, seen_at) VALUES (${organization}, ${domain}, ${selector}, ${at})
    ON CONFLICT (organization_id, domain, selector) DO UPDATE SET seen_at = excluded.seen_at`);

// Own DKIM keys -----------------------------------------------------------------------------------

export interface KeyRow {
  id: string;
  organization_id: OrganizationId;
  workspace_id: WorkspaceId | null;
  domain: string;
  selector: string;
  /** SubjectPublicKeyInfo in base64, as in the TXT record. */
  public_key: string;
  verified_at: Date | null;
  created_at: Date;
}

/** The keys a caller sees: those of an organization, or of one of its workspaces. */
export interface Reach {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
}

/** @returns false if the organization has `max` keys */
export const insertKey = async (tx: Transaction, row: KeyRow, privateKey: Buffer, max: number): Promise<boolean> =>
  (await tx.execute(sql`
    INSERT INTO domain_keys (id, organization_id, workspace_id, domain, selector, public_key, private_key, verified_at, created_at)
    SELECT ${row.id}, ${row.organization_id}, ${row.workspace_id}::uuid, ${row.domain}, ${row.selector}, ${row.public_key}, ${privateKey}::bytea, NULL, ${row.created_at}::timestamptz
    WHERE (SELECT count(*) FROM domain_keys WHERE organization_id = ${row.organization_id}) < ${max}`)) === 1;

/** A page of keys; of one domain, if it is given. */
export const keys = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  domain: string | undefined,
  slice: Slice,
): Promise<KeyRow[]> =>
  on.query(
    inOrder(
      sql<KeyRow>`
    SELECT id, organization_id, workspace_id, domain, selector, public_key, verified_at, created_at FROM domain_keys
    WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})
      AND (${domain ?? null}::text IS NULL OR domain = ${domain ?? null})`,
      'domain_keys',
      slice,
      verifiedPart('domain_keys'),
    ),
  );

export const countKeys = async (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  domain: string | undefined,
  slice: Slice,
): Promise<number> =>
  (
    await first(
      on,
      countedIn(
        sql<{ count: number }>`
    SELECT count(*) AS count FROM domain_keys
    WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})
      AND (${domain ?? null}::text IS NULL OR domain = ${domain ?? null})`,
        'domain_keys',
        slice,
        verifiedPart('domain_keys'),
      ),
    )
  )?.count ?? 0;

export const keyById = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<KeyRow | undefined> =>
  first(
    on,
    sql<KeyRow>`
    SELECT id, organization_id, workspace_id, domain, selector, public_key, verified_at, created_at FROM domain_keys
    WHERE id = ${id} AND organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
  );

export const saveVerified = (
  on: Queryable,
  organization: OrganizationId,
  id: string,
  at: Date | null,
): Promise<number> =>
  on.execute(sql`UPDATE domain_keys SET verified_at = ${at} WHERE id = ${id} AND organization_id = ${organization}`);

export const deleteKey = (on: Queryable, organization: OrganizationId, id: string): Promise<number> =>
  on.execute(sql`DELETE FROM domain_keys WHERE id = ${id} AND organization_id = ${organization}`);

/** The newest verified key of a domain, sealed. */
export const signingKey = (
  on: Queryable,
  organization: OrganizationId,
  domain: string,
): Promise<{ selector: string; private_key: Buffer } | undefined> =>
  first(
    on,
    sql<{ selector: string; private_key: Buffer }>`
    SELECT selector, private_key FROM domain_keys
    WHERE organization_id = ${organization} AND domain = ${domain} AND verified_at IS NOT NULL
    ORDER BY verified_at DESC, id DESC LIMIT 1`,
  );

/** Locks a key until the transaction ends. */
export const lockKey = (tx: Queryable, organization: OrganizationId, id: string): Promise<number> =>
  tx.execute(sql`SELECT FROM domain_keys WHERE organization_id = ${organization} AND id = ${id} FOR UPDATE`);
