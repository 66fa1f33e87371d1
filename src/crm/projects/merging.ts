/** How projects follow a company, and places in projects a contact, that is merged. */
import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';
import { following } from '../records/index.ts';
import type { Follower } from '../records/index.ts';

const lockOf = (tx: Transaction, organization: OrganizationId, company: string): Promise<{ id: string }[]> =>
  tx.query(sql<{ id: string }>`
    SELECT id FROM projects WHERE organization_id = ${organization} AND company_id = ${company} ORDER BY id FOR UPDATE`);

const lockThese = (
  tx: Transaction,
  organization: OrganizationId,
  company: string,
  ids: readonly string[],
): Promise<{ id: string }[]> =>
  tx.query(
    plannedAnew(sql<{ id: string }>`
      SELECT p.id FROM projects p JOIN unnest(${plainArray(ids)}::uuid[]) AS m (id) ON m.id = p.id
      WHERE p.organization_id = ${organization} AND p.company_id = ${company} ORDER BY p.id FOR UPDATE OF p`),
  );

const move = (
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  company: string,
  at: Date,
): Promise<number> =>
  tx.execute(
    plannedAnew(sql`
      UPDATE projects p SET company_id = ${company}, updated_at = ${at} FROM unnest(${plainArray(ids)}::uuid[]) AS m (id)
      WHERE p.id = m.id AND p.organization_id = ${organization}`),
  );

export const ofCompanyFollower = following('projects', { lockOf, lockThese, move });

/** Projects are locked first: deleting one removes its contacts in no particular order. */
const holdOfContact = (tx: Transaction, organization: OrganizationId, contact: string): Promise<unknown> =>
  tx.execute(sql`
    SELECT FROM projects WHERE organization_id = ${organization} AND id IN (SELECT project_id FROM project_contacts WHERE contact_id = ${contact})
    ORDER BY id FOR KEY SHARE`);

const replaceContact = (tx: Transaction, from: string, into: string): Promise<{ project_id: string }[]> =>
  tx.query(sql<{ project_id: string }>`
    UPDATE project_contacts pc SET contact_id = ${into}
    WHERE contact_id = ${from} AND NOT EXISTS (SELECT FROM project_contacts o WHERE o.project_id = pc.project_id AND o.contact_id = ${into}) RETURNING project_id`);

const removeContact = (tx: Transaction, contact: string): Promise<{ project_id: string; created_at: Date }[]> =>
  tx.query(sql<{ project_id: string; created_at: Date }>`
    DELETE FROM project_contacts WHERE contact_id = ${contact} RETURNING project_id, created_at`);

const contactBack = (tx: Transaction, from: string, into: string, projects: readonly string[]): Promise<number> =>
  tx.execute(
    plannedAnew(sql`
      UPDATE project_contacts pc SET contact_id = ${from} FROM unnest(${plainArray(projects)}::uuid[]) AS m (id)
      WHERE pc.project_id = m.id AND pc.contact_id = ${into}`),
  );

const addBeside = (
  tx: Transaction,
  from: string,
  into: string,
  rows: readonly { readonly project_id: string; readonly created_at: string }[],
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO project_contacts (project_id, contact_id, created_at)
    SELECT n.id, ${from}::uuid, n.at FROM unnest(${plainArray(rows.map(({ project_id: id }) => id))}::uuid[], ${rows.map(({ created_at: at }) => at)}::timestamptz[]) AS n (id, at)
    WHERE EXISTS (SELECT FROM project_contacts o WHERE o.project_id = n.id AND o.contact_id = ${into}) ON CONFLICT DO NOTHING`);

/** A contact's places in projects. Where both contacts were, `state` has the place that was given up. */
export const ofContactFollower: Follower = {
  kind: 'projects',
  async follow(tx, { organizationId, fromId, intoId }) {
    await holdOfContact(tx, organizationId, fromId);
    const ids = (await replaceContact(tx, fromId, intoId)).map(({ project_id: id }) => id);
    const both = await removeContact(tx, fromId);
    return { ids, state: both.length === 0 ? undefined : both };
  },
  async goBack(tx, { organizationId, fromId, intoId }, { ids, state }) {
    await holdOfContact(tx, organizationId, intoId);
    await contactBack(tx, fromId, intoId, ids);
    const both = (state ?? []) as { readonly project_id: string; readonly created_at: string }[];
    if (both.length > 0) await addBeside(tx, fromId, intoId, both);
  },
};
