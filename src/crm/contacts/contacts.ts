import type { WorkspaceStage } from '../../auth/index.ts';
import { Restart, sqlState } from '../../db/pool.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import { alreadyExists, invalid, notFound } from '../../base/errors.ts';
import type { ApiError } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { countBy, ownerIn, ownerOf, refoldChunk } from '../records/index.ts';
import type { Editor, Failures, MergedInto, Owner, Reach } from '../records/index.ts';
import { addressesIn, addressesOf, furtherDiffer, keysIn, withAddresses } from './addresses.ts';
import type { AddressChange, GivenAddresses } from './addresses.ts';
import { addressesBeside, holdersOf, holdersOfFurther, withoutTaken, writeAddresses } from './addresses-queries.ts';
import { blank, contactEvent, contactKind, restorableMs, withBasis, withFields } from './contact.ts';
import type { Contact, ContactFields, Lawfulness } from './contact.ts';
import type { UpsertRow } from './input.ts';
import { createLists } from './list.ts';
import { changeMany, removeMany } from './many.ts';
import { ofCompanyFollower } from './merging.ts';
import { deleteOfWorkspace } from './of-workspace.ts';
import type { RemovalListener } from './of-workspace.ts';
import { createOutcomes } from './outcomes.ts';
import {
  byIds,
  countOfCompany,
  deletedKeys,
  deleteTagsOf,
  insertNew,
  liveIdsFor,
  lockById,
  lockOfCompanies,
  purgeDeleted,
  refoldContacts,
  rememberTags,
  updateAll,
} from './queries.ts';
import { assertValid, referencesIn } from './rules.ts';
import { referencesOf, upsert } from './upsert.ts';
import type { UpsertOptions, UpsertResult, UpsertTerms } from './upsert.ts';

export interface ContactsOptions extends UpsertOptions {
  readonly db: Database;
  readonly mergedInto: MergedInto;
}

/** A change of one contact. */
export interface ContactChange extends ContactFields, Lawfulness, GivenAddresses {}

export type ContactFunctions = ReturnType<typeof createFunctions>;

/** A value, or a function that computes it in the transaction, where the editor can create what it needs for the contact's owner. */
export type Given<T> = T | ((tx: Transaction, editor: Editor) => Promise<T>);

const settled = async <T extends object>(tx: Transaction, editor: Editor, given: Given<T>): Promise<T> =>
  typeof given === 'function' ? given(tx, editor) : given;

/** Suppresses addresses in the transaction that wrote `result`, once it is written. With it, the transaction excludes other suppressions. */
export type Following<T> = (tx: Transaction, editor: Editor, result: T) => Promise<unknown>;

const purgeChunk = 1_000;

const taken = (email: string): ApiError => alreadyExists('Contact', 'email', email);

/**
 * The contacts that mail of a workspace is from or to: its live contacts with these addresses, primary or not, otherwise those of the
 * organization without a workspace.
 * Address, in the form in which addresses are compared → id.
 */
export async function idsByEmail(
  on: Queryable,
  owner: Owner,
  emails: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (emails.length === 0) return new Map();
  return new Map((await liveIdsFor(on, owner, emails)).map(({ id, email_key: key }) => [key, id]));
}

/**
 * Of addresses whose contact (`idsByEmail`) has several: address → all addresses of that contact, as they are compared. Addresses whose contact
 * has no other are left out.
 */
export async function addressesOfPeople(
  on: Queryable,
  owner: Owner,
  emails: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (emails.length === 0) return new Map();
  const rows = await addressesBeside(on, owner, emails);
  return new Map(
    [...Map.groupBy(rows, ({ of_key: key }) => key)].map(([key, own]) => [key, own.map((row) => row.email_key)]),
  );
}

export function createFunctions(options: ContactsOptions) {
  const { db } = options;
  const listeners: RemovalListener[] = [];
  const removed: RemovalListener = async (...those) => {
    for (const listener of listeners) await listener(...those);
  };
  return {
    /** Registers a listener for deleted contacts. Call it while composing. */
    onRemoved: (listener: RemovalListener) => void listeners.push(listener),

    /** Calls the listeners for contacts that are erased. */
    removed,

    ...createOutcomes(options),

    ...createLists(db, options.companies, options.suppressions),

    /** Creates or changes contacts by their addresses; see `upsert.ts`. */
    upsert: (
      tx: Transaction,
      editor: Editor,
      rows: readonly UpsertRow[],
      terms?: UpsertTerms,
    ): Promise<UpsertResult[]> => upsert(options, tx, editor, rows, terms),

    /** Keeps others from changing a contact until the transaction ends. Suppressions, its source and its company are locked first, as by `update`. */
    lock: async (tx: Transaction, reach: Reach, id: string): Promise<unknown> => {
      await options.suppressions.lock(tx, reach.organizationId);
      const [seen] = await byIds(tx, reach, [id]);
      if (seen !== undefined) await referencesOf(options, tx, ownerOf(reach, seen), [seen]);
      return lockById(tx, reach, id, false);
    },

    /** `upsert` in a transaction of its own. */
    upsertAll: (
      editor: Editor,
      rows: Given<readonly UpsertRow[]>,
      terms?: UpsertTerms,
      following?: Following<readonly UpsertResult[]>,
    ): Promise<UpsertResult[]> =>
      db.transaction(async (tx) => {
        if (following !== undefined) await options.suppressions.lock(tx, editor.organizationId);
        else if (typeof rows === 'function') await options.suppressions.hold(tx, editor.organizationId);
        const results = await upsert(options, tx, editor, await settled(tx, editor, rows), terms);
        await following?.(tx, editor, results);
        return results;
      }),

    /**
     * Creates one contact. Without an address it needs a first name.
     * @throws ApiError `conflict` when a live contact has the address; `validation_failed`, also for a suppressed address
     * @example
     * const { id } = await contacts.create(editor, { email: 'ada@lovelace.example', first_name: 'Ada', timezone: 'Europe/London' });
     */
    create: (editor: Editor, given: Given<ContactChange>, following?: Following<Contact>): Promise<Contact> =>
      db.transaction(async (tx) => {
        if (following !== undefined) await options.suppressions.lock(tx, editor.organizationId);
        const contact = await create(options, tx, editor, given);
        await following?.(tx, editor, contact);
        return contact;
      }),

    /** @throws ApiError `not_found` */
    async get(reach: Reach, id: string): Promise<Contact> {
      const [found] = await byIds(db, reach, [id]);
      if (found?.deleted_at === null) return found;
      throw notFound('Contact', await options.mergedInto(reach, id));
    },

    /** The contacts with these ids, deleted ones too, in no order. Ids out of reach are skipped. */
    byIds: (on: Queryable, reach: Reach, wanted: readonly string[]): Promise<Contact[]> => byIds(on, reach, wanted),

    /** The addresses, in the form in which they are compared, of the owner's deleted contacts that can be restored. */
    async restorable(owner: Owner, emails: readonly string[]): Promise<ReadonlySet<string>> {
      if (emails.length === 0) return new Set();
      const rows = await deletedKeys(db, owner, emails, new Date(options.clock.now() - restorableMs));
      return new Set(rows.map(({ email_key: key }) => key));
    },

    /** @throws ApiError `not_found`; `conflict` when another live contact has the address; `validation_failed` */
    update: (
      editor: Editor,
      id: string,
      given: Given<ContactFields & Lawfulness>,
      addresses: GivenAddresses = {},
      following?: Following<Contact>,
    ): Promise<Contact> =>
      db.transaction(async (tx) => {
        if (following !== undefined) await options.suppressions.lock(tx, editor.organizationId);
        const contact = await update(options, tx, editor, id, given, addressesOf(addresses));
        const { workspaceId } = ownerOf(editor, contact);
        await following?.(tx, { ...editor, workspaceId: workspaceId ?? undefined }, contact);
        return contact;
      }),

    /** Deletes a contact; it can be restored for 30 days. @throws ApiError `not_found` */
    remove: (editor: Editor, id: string): Promise<void> =>
      db.transaction(async (tx) => {
        if ((await removeMany(options, removed, tx, editor, [id])).size > 0) throw notFound('Contact');
      }),

    /** Makes the same change of each contact, in the caller's transaction. @returns those that cannot be changed */
    changeMany: (
      tx: Transaction,
      editor: Editor,
      wanted: readonly string[],
      change: ContactFields & Lawfulness,
    ): Promise<Failures> => changeMany(options, tx, editor, wanted, change),

    /** `remove` of many contacts, in the caller's transaction. @returns those that do not exist */
    removeMany: (tx: Transaction, editor: Editor, wanted: readonly string[]): Promise<Failures> =>
      removeMany(options, removed, tx, editor, wanted),

    /** @throws ApiError `not_found` when the contact is not deleted, or has been for more than 30 days; `conflict` when another live contact has its address */
    restore: (editor: Editor, id: string): Promise<Contact> => db.transaction((tx) => restore(options, tx, editor, id)),

    /** What the deletion of a company needs of its contacts. */
    ofCompany: {
      count: (tx: Transaction, organization: OrganizationId, company: string, max: number): Promise<number> =>
        countOfCompany(tx, organization, company, max),

      /** Removes up to `max` of them from their companies; they keep its name as text. The caller holds the locks of the companies. @returns how many */
      release: (tx: Transaction, editor: Editor, companies: readonly string[], max: number): Promise<number> =>
        release(options, tx, editor, companies, max),

      /** Contacts follow their company in a merge; deleted ones, too, which may be restored. */
      follower: ofCompanyFollower,
    },

    /** Deletes the contacts of a workspace that is being deleted, and then its tags. */
    removeOfWorkspace: (async (tx, workspace, limit) =>
      (await deleteOfWorkspace({ ...options, removed }, tx, workspace, limit)) ||
      (await deleteTagsOf(tx, workspace.workspaceId, limit))) satisfies WorkspaceStage,

    /** Permanently deletes contacts that can no longer be restored. `contact.deleted` was emitted when they were deleted. */
    async purge(nowMs: number): Promise<void> {
      while ((await purgeDeleted(db, new Date(nowMs - restorableMs), purgeChunk)) === purgeChunk);
    },

    /** Folds contacts again that an earlier version wrote. @returns how many, at most `refoldChunk` */
    refold: (): Promise<number> => db.transaction((tx) => refoldContacts(tx, refoldChunk)),
  };
}

async function create(
  options: ContactsOptions,
  tx: Transaction,
  editor: Editor,
  given: Given<ContactChange>,
): Promise<Contact> {
  const { suppressions, emitAll, clock, ids } = options;
  const { organizationId: organization } = editor;
  const owner = ownerIn(editor);
  const isSeveral = typeof given !== 'function' && given.emails !== undefined;
  await (isSeveral ? suppressions.lock : suppressions.hold)(tx, organization);
  const { email, emails, ...change } = await settled(tx, editor, given);
  const at = new Date(clock.now());
  const empty = blank(ids.next(), undefined, editor, at);
  const addressed = withAddresses(empty, addressesOf({ email, emails }));
  const references = await referencesIn(options, tx, owner, change, at);
  const contact = withBasis(withFields(addressed, change, references), change, at);
  assertValid(contact);
  await assertFree(options, tx, owner, empty, contact);
  if ((await insertNew(tx, organization, [contact])).size === 0) throw taken(contact.email ?? '');
  if (contact.emails.length > 1) await writeAddresses(tx, organization, [contact]);
  await emitAll(tx, [contactEvent(editor, 'contact.created', contact, at)]);
  await countBy(tx, organization, 'contact', 1);
  await rememberTags(tx, owner, contact.tags);
  return contact;
}

async function update(
  options: ContactsOptions,
  tx: Transaction,
  editor: Editor,
  id: string,
  given: Given<ContactFields & Lawfulness>,
  addresses: AddressChange,
): Promise<Contact> {
  const { suppressions, emitAll, clock } = options;
  const { organizationId: organization } = editor;
  // Read before the locks: it says whose references are valid, and which lock is needed.
  const [seen] = await byIds(tx, editor, [id]);
  if (seen === undefined) throw notFound('Contact');
  const owner = ownerOf(editor, seen);
  const isMoving =
    addresses.all !== undefined || (addresses.primary != null && seen.email_key !== addresses.primary.key);
  // Without the exclusive lock this could wait for an upsert of the new address, which may wait for this contact.
  await (isMoving ? suppressions.lock : suppressions.hold)(tx, organization);
  const change = await settled(tx, { ...editor, workspaceId: owner.workspaceId ?? undefined }, given);
  const at = new Date(clock.now());
  const references = await referencesIn(options, tx, owner, change, at);
  const before = await locked(tx, editor, id, 'live');
  const after = withAddresses(withBasis(withFields(before, change, references), change, at), addresses);
  if (after.email_key !== before.email_key && after.email_key !== null && !isMoving)
    throw new Restart('The address of the contact changed before it was locked.');
  assertValid(after, before);
  await assertFree(options, tx, owner, before, after);
  const changed = contactKind.changes(before, after);
  if (changed.length === 0) return before;
  after.updated_at = at;
  await updateOne(tx, organization, after);
  if (furtherDiffer(before, after)) await writeAddresses(tx, organization, [after]);
  await emitAll(tx, [contactEvent(editor, 'contact.updated', after, at, changed)]);
  await rememberTags(tx, owner, after.tags);
  return after;
}

async function restore(
  { suppressions, emitAll, clock }: ContactsOptions,
  tx: Transaction,
  editor: Editor,
  id: string,
): Promise<Contact> {
  const { organizationId: organization } = editor;
  // Exclusive, as for a change of address.
  await suppressions.lock(tx, organization);
  const at = new Date(clock.now());
  const before = await locked(tx, editor, id, 'deleted');
  if ((before.deleted_at?.getTime() ?? 0) < at.getTime() - restorableMs) throw notFound('Contact');
  const owner = ownerOf(editor, before);
  const primary = before.email_key === null ? [] : await holdersOfFurther(tx, owner, [before.email_key]);
  if (primary.length > 0) throw taken(before.email ?? '');
  const free = (await withoutTaken(tx, owner, [before])).get(id) ?? before;
  const after: Contact = { ...free, deleted_at: null, updated_at: at };
  await updateOne(tx, organization, after);
  if (before.emails.length > 1) await writeAddresses(tx, organization, [after]);
  await emitAll(tx, [contactEvent(editor, 'contact.created', after, at)]);
  await countBy(tx, organization, 'contact', 1);
  return after;
}

async function release(
  { emitAll, clock }: ContactsOptions,
  tx: Transaction,
  editor: Editor,
  companies: readonly string[],
  max: number,
): Promise<number> {
  const { organizationId: organization } = editor;
  const at = new Date(clock.now());
  const held = await lockOfCompanies(tx, organization, companies, max);
  if (held.length === 0) return 0;
  const contacts = await byIds(tx, editor, held);
  const released = contacts.map((contact): Contact => ({ ...contact, company_id: null, updated_at: at }));
  await updateAll(tx, organization, released);
  await emitAll(
    tx,
    released.map((contact) => contactEvent(editor, 'contact.updated', contact, at, ['company_id'])),
  );
  return held.length;
}

/**
 * Checks the addresses that a change adds, and a new primary one.
 * @throws ApiError `validation_failed` for a suppressed address; `conflict` for one that another live contact has
 */
async function assertFree(
  { suppressions }: ContactsOptions,
  tx: Transaction,
  owner: Owner,
  before: Contact,
  after: Contact,
): Promise<void> {
  const known = new Set(keysIn(before));
  const added = addressesIn(after).filter(({ key }) => !known.has(key));
  const primary = after.email_key === before.email_key ? [] : addressesIn(after).slice(0, 1);
  const checked = [...new Set([...primary, ...added].map(({ key }) => key))];
  if (checked.length === 0) return;
  const suppressed = await suppressions.suppressed(tx, owner, checked.map(domainOfKey));
  const [refused] = checked.filter((key) => suppressed.has(key));
  if (refused !== undefined)
    throw invalid(
      refused === after.email_key
        ? { email: 'is suppressed; lift the suppression first' }
        : { emails: `${refused} is suppressed; lift the suppression first` },
    );
  const holders = await holdersOf(
    tx,
    owner,
    added.map(({ key }) => key),
  );
  const [other] = holders.filter(({ id }) => id !== after.id);
  if (other !== undefined) throw taken(added.find(({ key }) => key === other.of_key)?.email ?? other.of_key);
}

const domainOfKey = (key: string): { key: string; domain: string } => ({
  key,
  domain: key.slice(key.lastIndexOf('@') + 1),
});

/** @throws ApiError `not_found` */
async function locked(tx: Transaction, reach: Reach, id: string, state: 'live' | 'deleted'): Promise<Contact> {
  const [found] = (await lockById(tx, reach, id, state === 'deleted')) ? await byIds(tx, reach, [id]) : [];
  if (found === undefined) throw notFound('Contact');
  return found;
}

/** Writes a contact that the transaction has locked. @throws ApiError `conflict` when another live contact has its address */
async function updateOne(tx: Transaction, organization: OrganizationId, contact: Contact): Promise<void> {
  await updateAll(tx, organization, [contact]).catch((error: unknown) => {
    throw sqlState(error) === '23505' ? taken(contact.email ?? '') : error;
  });
}
