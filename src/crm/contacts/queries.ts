import { orderPart, sincePart } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { Restart } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import { assembled, assignments, columns, part, plainArray, sql } from '../../db/sql.ts';
import type { Part } from '../../db/sql.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { ownerId } from '../records/index.ts';
import type { Owner, Reach } from '../records/index.ts';
import { emailsOf } from './addresses.ts';
import type { Contact } from './contact.ts';
import { searchOf, storedColumns, storedOf } from './contact.ts';

export const readColumns = columns(
  storedColumns.filter((name) => name !== 'company_name'),
  'c',
);
export const insertedColumns = columns([...storedColumns.filter((name) => name !== 'deleted_at'), 'search']);
export const changedColumns = assignments(
  [...storedColumns.filter((name) => !['id', 'workspace_id', 'created_by', 'created_at'].includes(name)), 'search'],
  'n',
);

/** `emails`: only the further addresses. */
type ReadContact = Omit<Contact, 'emails'> & { readonly emails: string[] | null };

/** The contacts with these ids, deleted ones too, in no order. */
export const byIds = async (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  ids: readonly string[],
): Promise<Contact[]> => {
  const rows = await on.query(sql<ReadContact>`
    SELECT ${readColumns}, coalesce(o.name, c.company_name) AS company_name, s.name AS source_name,
      (SELECT array_agg(a.email ORDER BY a.position) FROM contact_addresses a WHERE a.contact_id = c.id) AS emails
    FROM contacts c LEFT JOIN companies o ON o.id = c.company_id LEFT JOIN sources s ON s.id = c.source_id
    WHERE c.organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR c.workspace_id = ${workspace ?? null}) AND c.id = ANY(${plainArray(ids)}::uuid[])`);
  return rows.map((row) => Object.assign(row, { emails: emailsOf(row.email, row.emails ?? []) }));
};

/** The live contacts with these primary addresses, locked in the order of their addresses. */
export const lockByKeys = (on: Queryable, owner: Owner, keys: readonly string[]): Promise<{ id: string }[]> =>
  on.query(sql<{ id: string }>`
    SELECT id FROM contacts WHERE organization_id = ${owner.organizationId} AND email_key = ANY(${keys}::text[]) AND coalesce(workspace_id, organization_id) = ${ownerId(owner)} AND email_key IS NOT NULL AND deleted_at IS NULL
    ORDER BY email_key FOR UPDATE`);

/** The deleted contacts with these addresses that can be restored, locked. */
export const lockDeletedByKeys = (
  on: Queryable,
  owner: Owner,
  keys: readonly string[],
  since: Date,
): Promise<{ id: string }[]> =>
  on.query(sql<{ id: string }>`
    SELECT id FROM contacts WHERE organization_id = ${owner.organizationId} AND email_key = ANY(${keys}::text[]) AND coalesce(workspace_id, organization_id) = ${ownerId(owner)} AND deleted_at >= ${since}
    ORDER BY email_key, id FOR UPDATE`);

/** The addresses of contacts that can be restored, among these. */
export const deletedKeys = (
  on: Queryable,
  owner: Owner,
  keys: readonly string[],
  since: Date,
): Promise<{ email_key: string }[]> =>
  on.query(sql<{ email_key: string }>`
    SELECT DISTINCT email_key FROM contacts
    WHERE organization_id = ${owner.organizationId} AND email_key = ANY(${keys}::text[]) AND coalesce(workspace_id, organization_id) = ${ownerId(owner)} AND email_key IS NOT NULL AND deleted_at >= ${since}`);

/** Locks the live contacts with these ids in the order of upserts. @returns their ids */
export const lockLive = async (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  ids: readonly string[],
): Promise<string[]> =>
  (
    await on.query(sql<{ id: string }>`
      SELECT id FROM contacts WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND id = ANY(${plainArray(ids)}::uuid[]) AND deleted_at IS NULL
      ORDER BY email_key, id FOR UPDATE`)
  ).map(({ id }) => id);

/** Locks a contact, live or deleted. */
export const lockById = async (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  id: string,
  deleted: boolean,
): Promise<boolean> =>
  (
    await on.query(
      sql<{
        id: string;
      }>`SELECT id FROM contacts WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND id = ${id} AND (deleted_at IS NOT NULL) = ${deleted} FOR UPDATE`,
    )
  ).length > 0;

/** The live contacts in reach that have these addresses, primary or not. */
export const liveIdsByAddresses = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  keys: readonly string[],
): Promise<{ id: string; email_key: string }[]> =>
  on.query(sql<{ id: string; email_key: string }>`
    SELECT id, email_key FROM contacts
    WHERE organization_id = ${organization} AND email_key = ANY(${keys}::text[]) AND email_key IS NOT NULL AND deleted_at IS NULL AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})
    UNION ALL
    SELECT contact_id, email_key FROM contact_addresses
    WHERE organization_id = ${organization} AND email_key = ANY(${keys}::text[]) AND live AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`);

/** The live contacts in reach that have these primary addresses. */
export const liveIdsByKeys = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  keys: readonly string[],
): Promise<{ id: string; email_key: string; workspace_id: string | null }[]> =>
  on.query(sql<{ id: string; email_key: string; workspace_id: string | null }>`
    SELECT id, email_key, workspace_id FROM contacts
    WHERE organization_id = ${organization} AND email_key = ANY(${keys}::text[]) AND email_key IS NOT NULL AND deleted_at IS NULL AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})`);

/** The live contacts with these addresses, primary or not, of an owner and of the organization, the owner's last. */
export const liveIdsFor = (
  on: Queryable,
  owner: Owner,
  keys: readonly string[],
): Promise<{ id: string; email_key: string }[]> =>
  on.query(sql<{ id: string; email_key: string }>`
    SELECT id, email_key, workspace_id FROM contacts
    WHERE organization_id = ${owner.organizationId} AND email_key = ANY(${keys}::text[]) AND email_key IS NOT NULL AND deleted_at IS NULL
      AND coalesce(workspace_id, organization_id) = ANY(${plainArray([...new Set([owner.organizationId, ownerId(owner)])])}::uuid[])
    UNION ALL
    SELECT contact_id, email_key, workspace_id FROM contact_addresses
    WHERE organization_id = ${owner.organizationId} AND email_key = ANY(${keys}::text[]) AND live
      AND coalesce(workspace_id, organization_id) = ANY(${plainArray([...new Set([owner.organizationId, ownerId(owner)])])}::uuid[])
    ORDER BY workspace_id NULLS FIRST`);

const rowsOf = (contacts: readonly Contact[]): string => JSON.stringify(contacts.map(storedOf));

/**
 * Inserts in the order given, skipping contacts whose address a live contact has. Callers sort by address, so that they do not deadlock.
 * @returns the ids of the inserted contacts
 */
export async function insertNew(
  on: Queryable,
  organization: OrganizationId,
  contacts: readonly Contact[],
): Promise<ReadonlySet<string>> {
  // 500 rows: as JSON 1.5 × as fast as 30 arrays for unnest, whose elements pg escapes one by one.
  const inserted = await on.query(sql<{ id: string }>`
    INSERT INTO contacts (organization_id, ${insertedColumns}) SELECT ${organization}, ${insertedColumns}
    FROM json_populate_recordset(NULL::contacts, ${rowsOf(contacts)}::json)
    ON CONFLICT (organization_id, email_key, coalesce(workspace_id, organization_id)) WHERE deleted_at IS NULL AND email_key IS NOT NULL DO NOTHING RETURNING id`);
  return new Set(inserted.map(({ id }) => id));
}

/** Writes contacts that the transaction has locked. @throws SQLSTATE 23505 when another live contact has the address. */
export const updateAll = (on: Queryable, organization: OrganizationId, contacts: readonly Contact[]): Promise<number> =>
  on.execute(sql`
    UPDATE contacts c SET ${changedColumns}, verification_reasons = CASE WHEN n.verification_status IS NOT NULL THEN c.verification_reasons END
    FROM json_populate_recordset(NULL::contacts, ${rowsOf(contacts)}::json) n
    WHERE c.id = n.id AND c.organization_id = ${organization}`);

/** Stores tags that are new to the owner, sorted. */
export async function rememberTags(on: Queryable, owner: Owner, tags: Iterable<string>): Promise<void> {
  const names = [...new Set(tags)].sort();
  if (names.length === 0) return;
  await on.execute(sql`
    INSERT INTO contact_tags (organization_id, workspace_id, tag)
    SELECT ${owner.organizationId}, ${owner.workspaceId}::uuid, t.tag FROM unnest(${names}::text[]) AS t (tag)
    WHERE NOT EXISTS (SELECT FROM contact_tags k WHERE k.organization_id = ${owner.organizationId} AND k.tag = t.tag AND coalesce(k.workspace_id, k.organization_id) = ${ownerId(owner)})
    ORDER BY t.tag ON CONFLICT DO NOTHING`);
}

export interface Tag {
  readonly tag: string;
  /** Its first use. */
  readonly created_at: Date;
}

/** Tags with their first use. A tag of several workspaces is one. */
const tagsPart = ({ organizationId: organization, workspaceId: workspace }: Reach): Part => part`
  (SELECT tag, coalesce(min(created_at), 'epoch') AS created_at FROM contact_tags
    WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) GROUP BY tag) AS t`;

/** `created_at` of the slice is the order of names, and `updated_at` that of the first use. */
export const listTags = (on: Queryable, reach: Reach, slice: Slice): Promise<Tag[]> =>
  on.query(
    assembled<Tag>(
      part`SELECT t.tag, t.created_at FROM ${tagsPart(reach)} WHERE true${orderPart('t', slice, 'created_at', 'tag')}`,
    ),
  );

export const tagCount = async (on: Queryable, reach: Reach, slice: Slice): Promise<number> =>
  (
    await on.query(
      assembled<{ count: number }>(
        part`SELECT count(*) AS count FROM ${tagsPart(reach)} WHERE true${sincePart('t', slice, 'created_at')}`,
      ),
    )
  )[0]?.count ?? 0;

/** Contacts of a workspace, deleted ones too. */
export const idsOfWorkspace = async (on: Queryable, workspace: WorkspaceId, max: number): Promise<string[]> =>
  (
    await on.query(
      sql<{ id: string }>`SELECT id FROM contacts WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max}`,
    )
  ).map(({ id }) => id);

/** Deletes up to `max` tags of a workspace. @returns how many */
export const deleteTagsOf = (on: Queryable, workspace: WorkspaceId, max: number): Promise<number> =>
  on.execute(sql`
    DELETE FROM contact_tags WHERE workspace_id = ${workspace}
      AND tag IN (SELECT tag FROM contact_tags WHERE workspace_id = ${workspace} ORDER BY tag LIMIT ${max})`);

/** Permanently deletes up to `max` contacts that were deleted before this time. @returns how many */
export const purgeDeleted = (on: Queryable, before: Date, max: number): Promise<number> =>
  on.execute(sql`
    DELETE FROM contacts WHERE id IN (SELECT id FROM contacts WHERE deleted_at < ${before} ORDER BY deleted_at LIMIT ${max} FOR UPDATE SKIP LOCKED)`);

/** The number of live contacts of a company, counted up to `max`. */
export const countOfCompany = async (
  on: Queryable,
  organization: OrganizationId,
  company: string,
  max: number,
): Promise<number> =>
  (
    await on.query(sql<{ count: number }>`
      SELECT count(*) AS count FROM (
        SELECT FROM contacts WHERE organization_id = ${organization} AND company_id = ${company} AND deleted_at IS NULL LIMIT ${max}) AS counted`)
  )[0]?.count ?? 0;

/**
 * Locks up to `max` live contacts of companies in the order of upserts. If these are all, the deleted ones, too, whose `company_id` the
 * deletion clears.
 * @returns the ids of the live ones
 */
export async function lockOfCompanies(
  on: Queryable,
  organization: OrganizationId,
  companies: readonly string[],
  max: number,
): Promise<string[]> {
  const among = plainArray(companies);
  const live = await on.query(sql<{ id: string }>`
    SELECT id FROM contacts WHERE organization_id = ${organization} AND company_id = ANY(${among}::uuid[]) AND deleted_at IS NULL
      AND id IN (SELECT id FROM contacts WHERE organization_id = ${organization} AND company_id = ANY(${among}::uuid[]) AND deleted_at IS NULL LIMIT ${max})
    ORDER BY email_key, id FOR UPDATE`);
  if (live.length < max) {
    await on.execute(sql`
      SELECT id FROM contacts WHERE organization_id = ${organization} AND company_id = ANY(${among}::uuid[]) AND deleted_at IS NOT NULL ORDER BY email_key, id FOR UPDATE`);
    const [now] = await on.query(sql<{ count: number }>`
      SELECT count(*) AS count FROM (
        SELECT FROM contacts WHERE organization_id = ${organization} AND company_id = ANY(${among}::uuid[]) AND deleted_at IS NULL LIMIT ${live.length + 1}) AS counted`);
    // A contact that was restored in the meantime is in neither list.
    if (now?.count !== live.length) throw new Restart('A contact of the company was restored.');
  }
  return live.map(({ id }) => id);
}

/** Folds the searched text of up to `max` contacts again. @returns how many */
export async function refoldContacts(tx: Queryable, max: number): Promise<number> {
  const rows = await tx.query(sql<
    Pick<ReadContact, 'id' | 'first_name' | 'last_name' | 'email' | 'phone' | 'job_title' | 'company_name' | 'emails'>
  >`
    SELECT id, first_name, last_name, email, phone, job_title, company_name,
      (SELECT array_agg(a.email ORDER BY a.position) FROM contact_addresses a WHERE a.contact_id = c.id) AS emails
    FROM contacts c WHERE right(search, 1) <> chr(31) ORDER BY id LIMIT ${max} FOR UPDATE SKIP LOCKED`);
  if (rows.length > 0)
    await tx.execute(sql`
      UPDATE contacts c SET search = n.search FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map((row) => searchOf({ ...row, emails: emailsOf(row.email, row.emails ?? []) }))}::text[]) AS n (id, search) WHERE c.id = n.id`);
  return rows.length;
}
