/** What an erasure looks up and deletes in contacts, live and deleted. */
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { Emit } from '../../events/index.ts';
import type { KeyId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { actorOf } from '../records/index.ts';
import type { Editor } from '../records/index.ts';
import { blank, contactKind } from './contact.ts';
import type { Contact } from './contact.ts';
import { byIds } from './queries.ts';

/** The ids of all contacts that have one of these addresses, primary or not, live and deleted. */
export const contactsOfAddresses = async (
  on: Queryable,
  organization: OrganizationId,
  keys: readonly string[],
): Promise<string[]> =>
  (
    await on.query(sql<{ id: string }>`
      SELECT id FROM contacts WHERE organization_id = ${organization} AND email_key = ANY(${[...keys]}::text[]) AND deleted_at IS NULL AND email_key IS NOT NULL
      UNION
      SELECT id FROM contacts WHERE organization_id = ${organization} AND email_key = ANY(${[...keys]}::text[]) AND deleted_at IS NOT NULL
      UNION
      SELECT contact_id FROM contact_addresses WHERE organization_id = ${organization} AND email_key = ANY(${[...keys]}::text[]) AND live
      UNION
      SELECT contact_id FROM contact_addresses WHERE organization_id = ${organization} AND email_key = ANY(${[...keys]}::text[]) AND NOT live`)
  ).map(({ id }) => id);

/** The addresses of these contacts as they are compared, the primary one of `contact` first. */
const addressesOfContacts = async (
  on: Queryable,
  organization: OrganizationId,
  contacts: readonly string[],
  contact: string,
): Promise<string[]> =>
  (
    await on.query(sql<{ email_key: string }>`
      SELECT email_key FROM (
        SELECT email_key, id <> ${contact} AS later FROM contacts WHERE organization_id = ${organization} AND id = ANY(${plainArray(contacts)}::uuid[]) AND email_key IS NOT NULL
        UNION ALL
        SELECT email_key, true FROM contact_addresses WHERE organization_id = ${organization} AND contact_id = ANY(${plainArray(contacts)}::uuid[])) AS a
      GROUP BY email_key ORDER BY bool_and(later), email_key`)
  ).map(({ email_key: key }) => key);

/** A person: the contacts, live and deleted, that have addresses in common, and all these addresses as they are compared. */
export interface Person {
  readonly contactIds: readonly string[];
  /** That of the contact by which the person was found comes first. */
  readonly keys: readonly string[];
}

/** The person that a contact is, in all workspaces; undefined if the contact does not exist. */
export async function personOf(
  on: Queryable,
  organization: OrganizationId,
  contact: string,
): Promise<Person | undefined> {
  if ((await byIds(on, { organizationId: organization }, [contact])).length === 0) return undefined;
  for (let contactIds = [contact], keys: string[] = []; ;) {
    const found = await addressesOfContacts(on, organization, contactIds, contact);
    if (found.length === keys.length) return { contactIds, keys };
    keys = found;
    contactIds = [...new Set([contact, ...(await contactsOfAddresses(on, organization, keys))])];
  }
}

/** Locks contacts in the order in which every writer locks them. */
export const lockContacts = (
  tx: Transaction,
  organization: OrganizationId,
  contacts: readonly string[],
): Promise<{ id: string; email_key: string | null }[]> =>
  tx.query(sql<{ id: string; email_key: string | null }>`
    SELECT id, email_key FROM contacts WHERE organization_id = ${organization} AND id = ANY(${plainArray(contacts)}::uuid[]) ORDER BY email_key, id FOR UPDATE`);

/** Deletes contacts permanently. They must not be in a project any more. */
export const deleteContacts = (
  tx: Transaction,
  organization: OrganizationId,
  contacts: readonly string[],
): Promise<number> =>
  tx.execute(
    sql`DELETE FROM contacts WHERE organization_id = ${organization} AND id = ANY(${plainArray(contacts)}::uuid[])`,
  );

/** The `contact.deleted` event of an erased contact: `erased: true`, its id and times, and every other field empty. */
export const erasedEvent = (editor: Editor, contact: Contact, at: Date): Parameters<Emit>[1] => {
  const createdBy = contact.created_by === null ? {} : { keyId: contact.created_by as KeyId };
  const workspaceId = (contact.workspace_id ?? undefined) as WorkspaceId | undefined;
  const empty = blank(contact.id, undefined, { ...createdBy, workspaceId }, contact.created_at);
  return {
    organizationId: editor.organizationId,
    workspaceId,
    type: 'contact.deleted',
    occurredAtMs: at.getTime(),
    data: {
      ...contactKind.onWire(editor.organizationId, { ...empty, updated_at: contact.updated_at }),
      actor: actorOf(editor),
      erased: true,
    },
  };
};
