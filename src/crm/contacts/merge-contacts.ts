/** What a merge of contacts does in their tables. */
import { alreadyExists, unreachable } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { Restart } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import { ownerOf } from '../records/index.ts';
import type { Reach } from '../records/index.ts';
import { emailsOf, keysIn } from './addresses.ts';
import { holdersOf, withoutTaken, writeAddresses } from './addresses-queries.ts';
import { contactKind, onWire } from './contact.ts';
import type { Contact } from './contact.ts';
import { byIds, lockLive, readColumns, updateAll } from './queries.ts';
import { referencesOf } from './upsert.ts';
import type { UpsertOptions } from './upsert.ts';

/** Removes a contact. @returns its row with its further addresses, as JSON text */
async function take(tx: Transaction, organization: OrganizationId, id: string): Promise<string> {
  const [row] = await tx.query(sql<{ snapshot: string }>`
    WITH further AS (SELECT coalesce(array_agg(email ORDER BY position), '{}') AS emails FROM contact_addresses WHERE contact_id = ${id})
    DELETE FROM contacts c USING further WHERE c.id = ${id} AND c.organization_id = ${organization}
    RETURNING (to_jsonb(c.*) || jsonb_build_object('further', further.emails))::text AS snapshot`);
  if (row === undefined) throw unreachable('a locked contact does not exist');
  return row.snapshot;
}

/** The contacts in what `take` returned, with the companies and sources that still exist. */
async function read(on: Queryable, organization: OrganizationId, snapshots: readonly string[]): Promise<Contact[]> {
  const rows = await on.query(sql<Omit<Contact, 'emails'>>`
    SELECT ${readColumns}, coalesce(o.name, c.company_name) AS company_name, s.name AS source_name
    FROM jsonb_populate_recordset(NULL::contacts, ${`[${snapshots.join(',')}]`}::jsonb) c LEFT JOIN companies o ON o.id = c.company_id LEFT JOIN sources s ON s.id = c.source_id
    WHERE c.organization_id = ${organization}`);
  const further = new Map(
    snapshots.map((snapshot) => {
      const { id, further: emails } = JSON.parse(snapshot) as { readonly id: string; readonly further: string[] };
      return [id, emails] as const;
    }),
  );
  return rows.map((row) => Object.assign(row, { emails: emailsOf(row.email, further.get(row.id) ?? []) }));
}

const insert = (tx: Transaction, organization: OrganizationId, snapshot: string, contact: Contact): Promise<number> =>
  tx.execute(sql`
    INSERT INTO contacts SELECT * FROM jsonb_populate_record(NULL::contacts,
      ${snapshot}::jsonb || jsonb_build_object('updated_at', ${contact.updated_at}::timestamptz, 'company_id', ${contact.company_id}::uuid, 'source_id', ${contact.source_id}::uuid))
    WHERE organization_id = ${organization}`);

/** Inserts a contact that `take` removed, without what does not exist any more. @throws ApiError `conflict` if another live contact has its address */
async function putBack(
  options: UpsertOptions,
  tx: Transaction,
  organization: OrganizationId,
  snapshot: string,
  contact: Contact,
): Promise<Contact> {
  const owner = ownerOf({ organizationId: organization }, contact);
  const { companies, sources } = await referencesOf(options, tx, owner, [contact]);
  const { company_id: company, source_id: source } = contact;
  const known: Contact = {
    ...contact,
    company_id: company !== null && companies.has(company) ? company : null,
    company_name: company === null ? contact.company_name : (companies.get(company) ?? null),
    source_id: source !== null && sources.has(source) ? source : null,
    source_name: source === null ? null : (sources.get(source) ?? null),
  };
  const taken = await holdersOf(tx, owner, keysIn(known).slice(0, 1));
  if (taken.length > 0) throw alreadyExists('Contact', 'email', known.email ?? '');
  const free = (await withoutTaken(tx, owner, [known])).get(known.id) ?? known;
  await insert(tx, organization, snapshot, free);
  if (free.emails.length < known.emails.length) await updateAll(tx, organization, [free]);
  await writeAddresses(tx, organization, [free]);
  return free;
}

/** Locks live contacts, and before them suppressions and what contacts refer to. */
async function lock(options: UpsertOptions, tx: Transaction, reach: Reach, ids: readonly string[]): Promise<Contact[]> {
  // Exclusive, as for a change of address.
  await options.suppressions.lock(tx, reach.organizationId);
  const seen = await byIds(tx, reach, ids);
  for (const [workspace, own] of Map.groupBy(seen, ({ workspace_id: each }) => each))
    await referencesOf(options, tx, ownerOf(reach, { workspace_id: workspace }), own);
  const locked = await byIds(tx, reach, await lockLive(tx, reach, ids));
  const before = new Map(seen.map((contact) => [contact.id, contact]));
  if (locked.some(({ id, company_id: company }) => before.get(id)?.company_id !== company))
    throw new Restart('The company of a contact changed before it was locked.');
  return locked;
}

/** What merges need of contacts. */
export const contactMerging = (options: UpsertOptions) => ({
  lock: (tx: Transaction, reach: Reach, ids: readonly string[]): Promise<Contact[]> => lock(options, tx, reach, ids),
  changes: (before: Contact, after: Contact): string[] => contactKind.changes(before, after),
  /** Writes a contact with its addresses. */
  async write(tx: Transaction, organization: OrganizationId, contact: Contact): Promise<void> {
    await updateAll(tx, organization, [contact]);
    await writeAddresses(tx, organization, [contact]);
  },
  take,
  putBack: (tx: Transaction, organization: OrganizationId, snapshot: string, contact: Contact): Promise<Contact> =>
    putBack(options, tx, organization, snapshot, contact),
  read,
  onWire: (organization: OrganizationId, contact: Contact): object => onWire(organization, contact),
  inEvent: (organization: OrganizationId, contact: Contact): object => contactKind.onWire(organization, contact),
});
