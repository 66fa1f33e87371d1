/** Erasure of contacts from projects, and the projects' part of an export. */
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { OrganizationId } from '../../base/ids.ts';

/** The projects of a contact, newest first. */
export const projectsOfContact = (
  on: Queryable,
  organization: OrganizationId,
  contact: string,
  limit: number,
): Promise<{ id: string; name: string; since: Date }[]> =>
  on.query(sql<{ id: string; name: string; since: Date }>`
    SELECT p.id, p.name, pc.created_at AS since FROM project_contacts pc JOIN projects p ON p.id = pc.project_id
    WHERE pc.contact_id = ${contact} AND p.organization_id = ${organization} ORDER BY p.id DESC LIMIT ${limit}`);

/** Removes contacts from all projects. Locks the projects first: deleting a project removes its contacts in no particular order. */
export async function eraseFromProjects(
  tx: Transaction,
  organization: OrganizationId,
  contacts: readonly string[],
): Promise<void> {
  await tx.execute(sql`
    SELECT FROM projects WHERE organization_id = ${organization} AND id IN (SELECT project_id FROM project_contacts WHERE contact_id = ANY(${plainArray(contacts)}::uuid[]))
    ORDER BY id FOR KEY SHARE`);
  await tx.execute(sql`DELETE FROM project_contacts WHERE contact_id = ANY(${plainArray(contacts)}::uuid[])`);
}
