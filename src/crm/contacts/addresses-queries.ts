/** Statements about addresses of contacts, of which `contacts` has the primary ones and `contact_addresses` the further ones. */
import type { OrganizationId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { ownerId } from '../records/index.ts';
import type { Owner } from '../records/index.ts';
import { addressesIn, keysIn, withEmails } from './addresses.ts';
import type { Contact } from './contact.ts';

/** A live contact that has an address, with its primary one. */
export interface Holder {
  readonly id: string;
  /** The address that was looked up. */
  readonly of_key: string;
  readonly email: string;
  readonly email_key: string;
}

/** The owner's live contacts that have these addresses beside their primary ones. */
export const holdersOfFurther = (on: Queryable, owner: Owner, keys: readonly string[]): Promise<Holder[]> =>
  on.query(sql<Holder>`
    SELECT c.id, a.email_key AS of_key, c.email, c.email_key FROM contact_addresses a JOIN contacts c ON c.id = a.contact_id
    WHERE a.organization_id = ${owner.organizationId} AND a.email_key = ANY(${[...keys]}::text[]) AND coalesce(a.workspace_id, a.organization_id) = ${ownerId(owner)} AND a.live`);

/** The owner's live contacts that have these addresses, primary or not. */
export const holdersOf = (on: Queryable, owner: Owner, keys: readonly string[]): Promise<Holder[]> =>
  on.query(sql<Holder>`
    SELECT id, email_key AS of_key, email, email_key FROM contacts
    WHERE organization_id = ${owner.organizationId} AND email_key = ANY(${[...keys]}::text[]) AND coalesce(workspace_id, organization_id) = ${ownerId(owner)} AND email_key IS NOT NULL AND deleted_at IS NULL
    UNION ALL
    SELECT c.id, a.email_key, c.email, c.email_key FROM contact_addresses a JOIN contacts c ON c.id = a.contact_id
    WHERE a.organization_id = ${owner.organizationId} AND a.email_key = ANY(${[...keys]}::text[]) AND coalesce(a.workspace_id, a.organization_id) = ${ownerId(owner)} AND a.live`);

/** Contacts to be restored, by id, without the further addresses that live contacts of their owner have by now. */
export async function withoutTaken(
  on: Queryable,
  owner: Owner,
  contacts: readonly Contact[],
): Promise<ReadonlyMap<string, Contact>> {
  const several = contacts.filter(({ emails }) => emails.length > 1);
  if (several.length === 0) return new Map();
  const taken = new Set((await holdersOf(on, owner, several.flatMap(keysIn))).map(({ of_key: key }) => key));
  return new Map(
    several.map((contact) => {
      const [primary, ...further] = addressesIn(contact);
      const kept = further.filter(({ key }) => !taken.has(key));
      return [contact.id, primary === undefined ? contact : withEmails(contact, [primary, ...kept])];
    }),
  );
}

/** Whether deleted contacts with these primary addresses have further ones, if they can be restored. */
export const areFurtherDeleted = async (
  on: Queryable,
  owner: Owner,
  keys: readonly string[],
  since: Date,
): Promise<boolean> =>
  (
    await on.query(sql<{ found: boolean }>`
      SELECT EXISTS (
        SELECT FROM contacts c JOIN contact_addresses a ON a.contact_id = c.id
        WHERE c.organization_id = ${owner.organizationId} AND c.email_key = ANY(${[...keys]}::text[]) AND coalesce(c.workspace_id, c.organization_id) = ${ownerId(owner)} AND c.deleted_at >= ${since}) AS found`)
  )[0]?.found === true;

/** Stores the further addresses of contacts that the transaction has locked, instead of those that are stored. Call it under the exclusive lock of suppressions. */
export async function writeAddresses(
  on: Queryable,
  organization: OrganizationId,
  contacts: readonly Pick<Contact, 'id' | 'workspace_id' | 'emails' | 'deleted_at'>[],
): Promise<void> {
  if (contacts.length === 0) return;
  await on.execute(sql`
    DELETE FROM contact_addresses WHERE organization_id = ${organization} AND contact_id = ANY(${plainArray(contacts.map(({ id }) => id))}::uuid[])`);
  const rows = contacts.flatMap((contact) =>
    addressesIn(contact)
      .slice(1)
      .map((address, index) => ({ ...address, contact, position: index + 1 })),
  );
  if (rows.length === 0) return;
  await on.execute(sql`
    INSERT INTO contact_addresses (organization_id, contact_id, workspace_id, email, email_key, position, live)
    SELECT ${organization}, n.* FROM unnest(${plainArray(rows.map(({ contact }) => contact.id))}::uuid[], ${plainArray(rows.map(({ contact }) => contact.workspace_id ?? 'NULL'))}::uuid[],
      ${rows.map(({ email }) => email)}::text[], ${rows.map(({ key }) => key)}::text[], ${plainArray(rows.map(({ position }) => position))}::smallint[], ${plainArray(rows.map(({ contact }) => contact.deleted_at === null))}::boolean[]) AS n`);
}

/** The further addresses of contacts that the transaction deletes can become addresses of others. */
export const releaseAddresses = (
  on: Queryable,
  organization: OrganizationId,
  contacts: readonly string[],
): Promise<number> =>
  on.execute(sql`
    UPDATE contact_addresses SET live = false WHERE organization_id = ${organization} AND contact_id = ANY(${plainArray(contacts)}::uuid[])`);

/** All addresses of the live contact that has an address, if it has several: the owner's, or without one the organization's. */
export const addressesBeside = (
  on: Queryable,
  owner: Owner,
  keys: readonly string[],
): Promise<{ of_key: string; email_key: string }[]> =>
  on.query(sql<{ of_key: string; email_key: string }>`
    WITH found AS (
      SELECT DISTINCT ON (of_key) of_key, id FROM (
        SELECT email_key AS of_key, id, workspace_id FROM contacts
        WHERE organization_id = ${owner.organizationId} AND email_key = ANY(${[...keys]}::text[]) AND email_key IS NOT NULL AND deleted_at IS NULL
          AND coalesce(workspace_id, organization_id) = ANY(${plainArray([...new Set([owner.organizationId, ownerId(owner)])])}::uuid[])
        UNION ALL
        SELECT email_key, contact_id, workspace_id FROM contact_addresses
        WHERE organization_id = ${owner.organizationId} AND email_key = ANY(${[...keys]}::text[]) AND live
          AND coalesce(workspace_id, organization_id) = ANY(${plainArray([...new Set([owner.organizationId, ownerId(owner)])])}::uuid[])) AS holders
      ORDER BY of_key, workspace_id NULLS LAST)
    SELECT f.of_key, a.email_key FROM found f JOIN contact_addresses a ON a.contact_id = f.id
    UNION SELECT f.of_key, c.email_key FROM found f JOIN contacts c ON c.id = f.id WHERE EXISTS (SELECT FROM contact_addresses a WHERE a.contact_id = f.id)`);
