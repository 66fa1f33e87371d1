import { inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { projectFields } from '../../base/records/project.ts';
import { columnsOf } from '../records/index.ts';
import type { Owner, Reach, SearchPattern } from '../records/index.ts';
import { projectSearch } from './project.ts';
import type { Project, Stage } from './project.ts';

/** What limits a list; undefined limits nothing. */
export interface StoredFilter {
  /** Matched against `search`. */
  readonly pattern: SearchPattern | undefined;
  /** Companies whose name has words of the pattern: their projects match if they have the others; undefined: none. */
  readonly namedIds: readonly string[] | undefined;
  /** Projects that have all of them. */
  readonly tags: readonly string[] | undefined;
  readonly stage: Stage | undefined;
  /** Projects of any of them. */
  readonly companyIds: readonly string[] | undefined;
  readonly assignedTo: string | undefined;
  /** Changed at this time or later. Of counts alone: lists have it in their slice. */
  readonly updatedSince?: Date | undefined;
}

export const { read: projectColumns, written: changedColumns } = columnsOf(projectFields, 'p');

const stored = ({ company_name: _, ...project }: Project): string =>
  JSON.stringify({ ...project, search: projectSearch(project) });

export const insertProject = (tx: Transaction, project: Project): Promise<number> =>
  tx.execute(sql`INSERT INTO projects SELECT * FROM json_populate_record(NULL::projects, ${stored(project)}::json)`);

/** Writes a project that the transaction has locked. */
export const updateProject = (tx: Transaction, project: Project): Promise<number> =>
  tx.execute(sql`
    UPDATE projects p SET ${changedColumns}
    FROM json_populate_record(NULL::projects, ${stored(project)}::json) n WHERE p.id = n.id AND p.organization_id = n.organization_id`);

export const deleteProject = (tx: Transaction, organization: OrganizationId, id: string): Promise<number> =>
  tx.execute(sql`DELETE FROM projects WHERE id = ${id} AND organization_id = ${organization}`);

/** Projects by their ids, the newest first. */
export const projectsByIds = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  ids: readonly string[],
): Promise<Project[]> =>
  on.query(sql<Project>`
    SELECT ${projectColumns}, o.name AS company_name
    FROM projects p LEFT JOIN companies o ON o.id = p.company_id
    WHERE p.id = ANY(${plainArray(ids)}::uuid[]) AND p.organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR p.workspace_id = ${workspace ?? null}) ORDER BY p.id DESC`);

/**
 * Keeps others from changing it until the transaction ends. Read it afterwards with a statement of its own: one that locks, and waited for
 * the lock, would join the company that the project had before.
 */
export const lockProject = async (
  tx: Transaction,
  { organizationId: organization, workspaceId: workspace }: Reach,
  id: string,
): Promise<boolean> =>
  (
    await tx.query(sql<{ id: string }>`
      SELECT id FROM projects WHERE id = ${id} AND organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) FOR UPDATE`)
  ).length > 0;

/** `lockProject` for a change that is still to come: its company is locked first, as by the deletion of a company. */
export async function lockProjectToChange(tx: Transaction, reach: Reach, id: string): Promise<boolean> {
  const { organizationId: organization, workspaceId: workspace } = reach;
  await tx.execute(sql`
    SELECT FROM companies WHERE organization_id = ${organization} AND id = (
      SELECT company_id FROM projects WHERE id = ${id} AND organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})) FOR KEY SHARE`);
  return lockProject(tx, reach, id);
}

/** The newest first. */
export const listProjects = (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  { pattern, namedIds, tags, stage, companyIds, assignedTo }: StoredFilter,
  slice: Slice,
): Promise<Project[]> =>
  on.query(
    inOrder(
      sql<Project>`
      SELECT ${projectColumns}, o.name AS company_name
      FROM projects p LEFT JOIN companies o ON o.id = p.company_id
      WHERE p.organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR p.workspace_id = ${workspace ?? null})
        AND (${pattern?.all ?? null}::text[] IS NULL OR (p.search LIKE ${pattern?.first ?? null} AND p.search LIKE ALL(${pattern?.all ?? null}::text[])) OR (${namedIds ?? null}::uuid[] IS NOT NULL AND p.company_id = ANY(${namedIds ?? null})
            AND (p.search || (SELECT split_part(c.search, E'\\n', 1) FROM companies c WHERE c.id = p.company_id)) LIKE ALL(${pattern?.all ?? null}::text[])))
        AND (${tags ?? null}::text[] IS NULL OR p.tags @> ${tags ?? null}) AND (${stage ?? null}::text IS NULL OR p.stage = ${stage ?? null})
        AND (${companyIds ?? null}::uuid[] IS NULL OR p.company_id = ANY(${companyIds ?? null}))
        AND (${assignedTo ?? null}::uuid IS NULL OR p.assigned_to = ${assignedTo ?? null})`,
      'p',
      slice,
    ),
  );

/** Counts up to `max`. */
export const countProjects = async (
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  { pattern, namedIds, tags, stage, companyIds, assignedTo, updatedSince }: StoredFilter,
  max: number,
): Promise<number> =>
  (
    await on.query(
      plannedAnew(sql<{ count: number }>`
        SELECT count(*) AS count FROM (
          SELECT FROM projects p
          WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null})
            AND (${pattern?.all ?? null}::text[] IS NULL OR (search LIKE ${pattern?.first ?? null} AND search LIKE ALL(${pattern?.all ?? null}::text[])) OR (${namedIds ?? null}::uuid[] IS NOT NULL AND company_id = ANY(${namedIds ?? null})
              AND (search || (SELECT split_part(c.search, E'\\n', 1) FROM companies c WHERE c.id = p.company_id)) LIKE ALL(${pattern?.all ?? null}::text[])))
            AND (${tags ?? null}::text[] IS NULL OR tags @> ${tags ?? null}) AND (${stage ?? null}::text IS NULL OR stage = ${stage ?? null})
            AND (${companyIds ?? null}::uuid[] IS NULL OR company_id = ANY(${companyIds ?? null}))
            AND (${assignedTo ?? null}::uuid IS NULL OR assigned_to = ${assignedTo ?? null}) AND (${updatedSince ?? null}::timestamptz IS NULL OR updated_at >= ${updatedSince ?? null})
          LIMIT ${max}
        ) found`),
    )
  )[0]?.count ?? 0;

/** Locks up to `max` projects of a workspace. */
export const lockOfWorkspace = async (tx: Transaction, workspace: WorkspaceId, max: number): Promise<string[]> =>
  (
    await tx.query(
      sql<{
        id: string;
      }>`SELECT id FROM projects WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${max} FOR UPDATE`,
    )
  ).map(({ id }) => id);

export const deleteProjects = (tx: Transaction, ids: readonly string[]): Promise<number> =>
  tx.execute(sql`DELETE FROM projects WHERE id = ANY(${plainArray(ids)}::uuid[])`);

/** Folds the searched text of up to `max` projects again. @returns how many */
export async function refoldProjects(tx: Queryable, max: number): Promise<number> {
  const rows = await tx.query(sql<Pick<Project, 'id' | 'name' | 'description' | 'assigned_name' | 'notes'>>`
    SELECT id, name, description, assigned_name, notes FROM projects WHERE right(search, 1) <> chr(31) ORDER BY id LIMIT ${max} FOR UPDATE SKIP LOCKED`);
  if (rows.length > 0)
    await tx.execute(sql`
      UPDATE projects p SET search = n.search FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(projectSearch)}::text[]) AS n (id, search) WHERE p.id = n.id`);
  return rows.length;
}

export const countOfCompany = async (
  tx: Transaction,
  organization: OrganizationId,
  company: string,
  max: number,
): Promise<number> =>
  (
    await tx.query(sql<{ count: number }>`
      SELECT count(*) AS count FROM (SELECT FROM projects WHERE company_id = ${company} AND organization_id = ${organization} LIMIT ${max}) found`)
  )[0]?.count ?? 0;

/** Up to `max` projects of companies. Sorted by id, so that concurrent transactions do not deadlock. */
export const lockOfCompanies = (
  tx: Transaction,
  organization: OrganizationId,
  companies: readonly string[],
  max: number,
): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM projects WHERE company_id = ANY(${plainArray(companies)}::uuid[]) AND organization_id = ${organization} ORDER BY id LIMIT ${max} FOR UPDATE`);

export const leaveCompany = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  at: Date,
): Promise<number> =>
  tx.execute(
    sql`UPDATE projects SET company_id = NULL, updated_at = ${at} WHERE id = ANY(${plainArray(ids)}::uuid[]) AND organization_id = ${organization}`,
  );

// Contacts of a project -----------------------------------------------------------------------------

/** The owner's live contacts with these ids, locked in the order of upserts: they are not deleted until the transaction ends. */
export const holdContacts = (
  tx: Transaction,
  { organizationId: organization, workspaceId: workspace }: Owner,
  ids: readonly string[],
): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM contacts WHERE organization_id = ${organization} AND workspace_id IS NOT DISTINCT FROM ${workspace}::uuid AND id = ANY(${plainArray(ids)}::uuid[]) AND deleted_at IS NULL ORDER BY email_key, id FOR KEY SHARE`);

/** @returns the contacts that were not in the project before */
export const insertContacts = async (
  tx: Transaction,
  project: string,
  ids: readonly string[],
  at: Date,
): Promise<string[]> =>
  (
    await tx.query(sql<{ contact_id: string }>`
      INSERT INTO project_contacts (project_id, contact_id, created_at) SELECT ${project}, c.id, ${at} FROM unnest(${plainArray(ids)}::uuid[]) AS c (id)
      ON CONFLICT DO NOTHING RETURNING contact_id`)
  ).map(({ contact_id: contact }) => contact);

export const deleteContact = (tx: Transaction, project: string, contact: string): Promise<number> =>
  tx.execute(sql`DELETE FROM project_contacts WHERE project_id = ${project} AND contact_id = ${contact}`);

/** The live ones. */
export const contactIdsOf = async (on: Queryable, project: string, slice: Slice): Promise<string[]> =>
  (
    await on.query(
      inOrder(
        sql<{ id: string }>`
      SELECT c.id FROM project_contacts pc JOIN contacts c ON c.id = pc.contact_id
      WHERE pc.project_id = ${project} AND c.deleted_at IS NULL`,
        'c',
        slice,
      ),
    )
  ).map(({ id }) => id);

/** Counts up to `max`. */
export const countContactsOf = async (
  on: Queryable,
  project: string,
  updatedSince: Date | undefined,
  max: number,
): Promise<number> =>
  (
    await on.query(sql<{ count: number }>`
      SELECT count(*) AS count FROM (
        SELECT FROM project_contacts pc JOIN contacts c ON c.id = pc.contact_id WHERE pc.project_id = ${project} AND c.deleted_at IS NULL
          AND (${updatedSince ?? null}::timestamptz IS NULL OR c.updated_at >= ${updatedSince ?? null})
        LIMIT ${max}
      ) found`)
  )[0]?.count ?? 0;
