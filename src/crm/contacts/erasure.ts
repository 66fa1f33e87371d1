/** What an erasure looks up and deletes in contacts, live and deleted. */
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { Emit } from '../../events/index.ts';
import type { KeyId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { actorOf } from '../records/index.ts';
import type { Editor } from '../records/index.ts';
import { blank, contactKind } from './contact.ts';
import type { Contact } from './contact.ts';

/** A contact's address in its compared form, null if it has none; undefined if the contact does not exist. */
export const addressOfContact = async (
  on: Queryable,
  organization: OrganizationId,
  contact: string,
): Promise<string | null | undefined> =>
  (
    await on.query(
      sql<{
        email_key: string | null;
      }>`SELECT email_key FROM contacts WHERE organization_id = ${organization} AND id = ${contact}`,
    )
  )[0]?.email_key;

/** The ids of all contacts that have this address, live and deleted. */
export const contactsOfAddress = async (on: Queryable, organization: OrganizationId, key: string): Promise<string[]> =>
  (
    await on.query(sql<{ id: string }>`
      SELECT id FROM contacts WHERE organization_id = ${organization} AND email_key = ${key} AND deleted_at IS NULL AND email_key IS NOT NULL
      UNION ALL
      SELECT id FROM contacts WHERE organization_id = ${organization} AND email_key = ${key} AND deleted_at IS NOT NULL`)
  ).map(({ id }) => id);

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
