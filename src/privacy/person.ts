import { parseAddress } from '../base/email-address.ts';
import { eraseActivitiesOf } from '../crm/activities/index.ts';
import { contactsOfAddresses, deleteContacts, erasedEvent, lockContacts } from '../crm/contacts/index.ts';
import type { Contact, Contacts } from '../crm/contacts/index.ts';
import { eraseFromProjects } from '../crm/projects/index.ts';
import { countBy } from '../crm/records/index.ts';
import type { Editor } from '../crm/records/index.ts';
import type { Suppressions } from '../crm/suppressions/index.ts';
import { nothingLeft } from '../db/erasure.ts';
import type { ErasureProgress } from '../db/erasure.ts';
import type { Transaction } from '../db/pool.ts';
import type { EmitAll } from '../events/index.ts';
import type { OrganizationId } from '../base/ids.ts';

export interface Records {
  readonly suppressions: Pick<Suppressions, 'suppressed'>;
  readonly contacts: Pick<Contacts, 'byIds' | 'removed'>;
  readonly emitAll: EmitAll;
}

/** Events written by one statement. */
const emitMax = 500;

/**
 * Deletes contacts permanently, live and deleted, with their activities and their places in projects, ends their leads, and emits events
 * that do not say who they were. @returns the contacts as they were, without those already deleted permanently.
 */
export async function removeContacts(
  tx: Transaction,
  { contacts, emitAll }: Pick<Records, 'contacts' | 'emitAll'>,
  editor: Editor,
  ids: readonly string[],
  at: Date,
): Promise<Contact[]> {
  const { organizationId: organization } = editor;
  const locked = await lockContacts(tx, organization, ids);
  if (locked.length === 0) return [];
  const found = await contacts.byIds(
    tx,
    { organizationId: organization },
    locked.map(({ id }) => id),
  );
  const own = found.map(({ id }) => id);
  await contacts.removed(tx, organization, own);
  const ofActivities = await eraseActivitiesOf(tx, editor, own, at);
  await eraseFromProjects(tx, organization, own);
  await deleteContacts(tx, organization, own);
  const events = [...ofActivities, ...found.map((contact) => erasedEvent(editor, contact, at))];
  for (let begin = 0; begin < events.length; begin += emitMax) await emitAll(tx, events.slice(begin, begin + emitMax));
  await countBy(tx, organization, 'activity', -ofActivities.length);
  await countBy(tx, organization, 'contact', -found.filter(({ deleted_at: deleted }) => deleted === null).length);
  return found;
}

/** Removes contacts of these addresses that were being written while the person was erased: those created before `settledMs`. */
export async function removeLateContacts(
  tx: Transaction,
  records: Records,
  organization: OrganizationId,
  {
    addresses,
    settledMs,
    at,
  }: { readonly addresses: readonly string[]; readonly settledMs: number; readonly at: Date },
): Promise<ErasureProgress> {
  // If the suppression was lifted, a new contact with the address was created on purpose.
  const parsed = addresses.map(parseAddress).filter((address) => 'key' in address);
  if (
    (await records.suppressions.suppressed(tx, { organizationId: organization, workspaceId: null }, parsed)).size === 0
  )
    return nothingLeft;
  const ids = await contactsOfAddresses(tx, organization, addresses);
  const late = (await records.contacts.byIds(tx, { organizationId: organization }, ids))
    .filter(({ created_at: created }) => created.getTime() < settledMs)
    .map(({ id }) => id);
  const removed = await removeContacts(tx, records, { organizationId: organization }, late, at);
  return { position: undefined, changed: removed.length };
}
