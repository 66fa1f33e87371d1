import { activityOnWire } from '../crm/activities/index.ts';
import type { Activity } from '../crm/activities/index.ts';
import { blankContact, contactOnWire } from '../crm/contacts/index.ts';
import type { Contact, Contacts } from '../crm/contacts/index.ts';
import type { Transaction } from '../db/pool.ts';
import type { EmitAll } from '../events/index.ts';
import { actorOf, countBy } from '../crm/records/index.ts';
import type { Editor } from '../crm/records/index.ts';
import { deleteActivities, deleteContacts, lockContacts } from './queries.ts';
import type { ActivityRow } from './queries.ts';

/** Events written by one statement. */
const emittedAtOnce = 500;

/** What is told of an erased contact: the record with nothing in it. */
const blankOf = ({ id, created_by: createdBy, created_at: createdAt, updated_at, deleted_at }: Contact): Contact => ({
  ...blankContact(id, undefined, createdBy ?? undefined, createdAt),
  updated_at,
  deleted_at,
});

/**
 * Removes contacts for good, live and deleted, with their activities and their places in projects, and tells of it without saying who they
 * were. @returns the contacts as they were; those that are gone already are not among them.
 */
export async function removeContacts(
  tx: Transaction,
  { contacts, emitAll }: { readonly contacts: Pick<Contacts, 'byIds'>; readonly emitAll: EmitAll },
  editor: Editor,
  ids: readonly string[],
  at: Date,
): Promise<Contact[]> {
  const { organizationId: organization } = editor;
  const locked = await lockContacts(tx, organization, ids);
  if (locked.length === 0) return [];
  const found = await contacts.byIds(
    tx,
    organization,
    locked.map(({ id }) => id),
  );
  const own = found.map(({ id }) => id);
  const activities = await deleteActivities(tx, organization, own);
  await deleteContacts(tx, organization, own);
  const told = { actor: actorOf(editor), erased: true };
  const events: Parameters<EmitAll>[1][number][] = [
    ...activities.map((activity) => ({
      organizationId: organization,
      type: 'activity.deleted' as const,
      occurredAtMs: at.getTime(),
      data: { ...activityOnWire(activityOf(editor, { ...activity, metadata: {} })), ...told },
    })),
    ...found.map((contact) => {
      const { deleted_at: _, ...record } = contactOnWire(organization, blankOf(contact));
      return {
        organizationId: organization,
        type: 'contact.deleted' as const,
        occurredAtMs: at.getTime(),
        data: { ...record, ...told },
      };
    }),
  ];
  for (let begin = 0; begin < events.length; begin += emittedAtOnce)
    await emitAll(tx, events.slice(begin, begin + emittedAtOnce));
  await countBy(tx, organization, 'activity', -activities.length);
  await countBy(tx, organization, 'contact', -found.filter(({ deleted_at: deleted }) => deleted === null).length);
  return found;
}

export const activityOf = ({ organizationId }: Pick<Editor, 'organizationId'>, row: ActivityRow): Activity => ({
  ...row,
  organization_id: organizationId,
  activity_type: row.activity_type as Activity['activity_type'],
});
