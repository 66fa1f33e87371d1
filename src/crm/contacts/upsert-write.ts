import type { Ids } from '../../base/ids.ts';
import { Restart } from '../../db/pool.ts';
import type { Transaction } from '../../db/pool.ts';
import { ownerIn } from '../records/index.ts';
import type { Editor } from '../records/index.ts';
import { furtherDiffer } from './addresses.ts';
import type { ContactAddress } from './addresses.ts';
import { withoutTaken, writeAddresses } from './addresses-queries.ts';
import { blank, contactKind, restorableSince } from './contact.ts';
import type { Contact, ContactFields } from './contact.ts';
import { deleteContacts } from './erasure.ts';
import { byIds, insertNew, lockByKeys, lockDeletedByKeys, updateAll } from './queries.ts';

/** What an upsert does with contacts that exist, or that were deleted. */
export interface ExistingTerms {
  /** Restores a contact with the address that was deleted in the last 30 days, with the row's fields, instead of creating a new one. */
  readonly restoreDeleted?: boolean;
  /** Leaves existing contacts as they are: their rows return `unchanged`, as do later rows for one that was just created. */
  readonly keepExisting?: boolean;
}

/** Rows for one contact, in the order given. */
export interface Target {
  /** The contact, if it is known before anything is written. */
  readonly contactId: string | undefined;
  /** Its primary address, or that of a contact to be created. */
  readonly address: ContactAddress;
  /** All addresses that it has afterwards, the primary one first; undefined: those that it has. */
  emails: readonly ContactAddress[] | undefined;
  readonly changes: ContactFields[];
  readonly rows: number[];
}

/** A contact that an upsert creates or changes, before and after. */
export interface Written {
  readonly target: Target;
  readonly status: 'created' | 'updated' | 'unchanged' | 'restored';
  readonly before: Contact | undefined;
  readonly after: Contact;
}

interface WriteTerms extends ExistingTerms {
  /** Whether the transaction has the exclusive lock of suppressions, which changes of addresses need. */
  readonly changesAddresses: boolean;
}

/**
 * Inserts in the order of addresses, skipping those that exist; then locks and changes these, in the same order. While it holds locks it
 * waits only for later ones, so no two upserts wait for each other. A contact deleted between the two steps would have to be inserted while
 * other contacts are locked, and another upsert may wait for those: the transaction starts again instead.
 */
export async function write(
  ids: Ids,
  tx: Transaction,
  editor: Editor,
  targets: readonly Target[],
  next: (before: Contact, target: Target) => Contact,
  { restoreDeleted = false, keepExisting = false, changesAddresses }: WriteTerms,
  at: Date,
): Promise<Written[]> {
  const { organizationId: organization } = editor;
  const sorted = targets.toSorted((a, b) => (a.address.key < b.address.key ? -1 : 1));
  if (sorted.length === 0) return [];
  const made = sorted.map((target) => ({
    target,
    after: target.contactId === undefined ? next(blank(ids.next(), target.address, editor, at), target) : undefined,
  }));
  const fresh = made.flatMap(({ after }) => after ?? []);
  const inserted: ReadonlySet<string> = fresh.length === 0 ? new Set() : await insertNew(tx, organization, fresh);
  const isNew = ({ after }: { after: Contact | undefined }): boolean => after !== undefined && inserted.has(after.id);
  const keys = made.filter((each) => !isNew(each)).map(({ target }) => target.address.key);
  const existing =
    keys.length === 0
      ? new Map<string, Contact>()
      : await byKey(tx, editor, await lockByKeys(tx, ownerIn(editor), keys));
  const written = made.map(({ target, after }): Written => {
    if (after !== undefined && inserted.has(after.id)) return { target, status: 'created', before: undefined, after };
    const before = existing.get(target.address.key);
    if (before === undefined || (target.contactId ?? before.id) !== before.id)
      throw new Restart('A contact was deleted before it was locked.');
    return keepExisting
      ? { target, status: 'unchanged', before, after: before }
      : changed(target, before, next(before, target), at);
  });
  // Events of new contacts come before those of changes.
  written.sort((a, b) => Number(a.before !== undefined) - Number(b.before !== undefined));
  const settled = restoreDeleted ? await restored(tx, editor, written, next, changesAddresses, at) : written;
  const changes = settled
    .filter(({ before, status }) => before !== undefined && status !== 'unchanged')
    .map(({ after }) => after);
  if (changes.length > 0) await updateAll(tx, organization, changes);
  if (changesAddresses)
    await writeAddresses(
      tx,
      organization,
      settled.flatMap(({ before, after, status }) =>
        status === 'restored' || furtherDiffer(before, after) ? [after] : [],
      ),
    );
  return settled;
}

/** Replaces the contact that was just inserted with the deleted one: nobody else can take the address in the meantime. */
async function restored(
  tx: Transaction,
  editor: Editor,
  written: readonly Written[],
  next: (before: Contact, target: Target) => Contact,
  changesAddresses: boolean,
  at: Date,
): Promise<Written[]> {
  const { organizationId: organization } = editor;
  const keys = written.filter(({ status }) => status === 'created').map(({ target }) => target.address.key);
  if (keys.length === 0) return [...written];
  const locked = await lockDeletedByKeys(tx, ownerIn(editor), keys, restorableSince(at));
  const deleted = await byKey(tx, editor, locked);
  if (!changesAddresses && [...deleted.values()].some(({ emails }) => emails.length > 1))
    throw new Restart('A contact with several addresses was deleted in the meantime.');
  const free = await withoutTaken(tx, ownerIn(editor), [...deleted.values()]);
  const replaced: string[] = [];
  const settled = written.map((each): Written => {
    const found = each.status === 'created' ? deleted.get(each.target.address.key) : undefined;
    if (found === undefined) return each;
    const before = free.get(found.id) ?? found;
    replaced.push(each.after.id);
    return {
      target: each.target,
      status: 'restored',
      before,
      after: { ...next(before, each.target), deleted_at: null, updated_at: at },
    };
  });
  if (replaced.length > 0) await deleteContacts(tx, organization, replaced);
  return settled;
}

/** By address; of several deleted contacts with an address, the one deleted last. */
async function byKey(
  tx: Transaction,
  editor: Editor,
  locked: readonly { id: string }[],
): Promise<ReadonlyMap<string, Contact>> {
  if (locked.length === 0) return new Map();
  const contacts = await byIds(
    tx,
    editor,
    locked.map(({ id }) => id),
  );
  contacts.sort((a, b) => (a.deleted_at?.getTime() ?? 0) - (b.deleted_at?.getTime() ?? 0));
  return new Map(contacts.map((contact) => [contact.email_key ?? '', contact]));
}

function changed(target: Target, before: Contact, after: Contact, at: Date): Written {
  return contactKind.changes(before, after).length === 0
    ? { target, status: 'unchanged', before, after: before }
    : { target, status: 'updated', before, after: { ...after, updated_at: at } };
}
