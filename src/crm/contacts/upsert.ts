import type { Address } from '../../base/email-address.ts';
import { dayMs, type Clock } from '../../base/clock.ts';
import type { Companies } from '../companies/index.ts';
import type { CustomFields } from '../custom-fields/index.ts';
import { Restart } from '../../db/pool.ts';
import type { Transaction } from '../../db/pool.ts';
import { invalid, unreachable } from '../../base/errors.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import type { EmitAll } from '../../events/index.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import { countBy, tagsOf } from '../records/index.ts';
import type { Editor } from '../records/index.ts';
import type { Sources } from '../sources/index.ts';
import type { Suppressions } from '../suppressions/index.ts';
import { blank, contactEvent, contactKind, danglingReferences, withBasis, withFields } from './contact.ts';
import type { Contact, ContactFields, Lawfulness, References } from './contact.ts';
import { basisFaults } from './input.ts';
import type { UpsertRow } from './input.ts';
import {
  byIds,
  companyNames,
  dropInserted,
  insertNew,
  lockByKeys,
  lockDeletedByKeys,
  rememberTags,
  updateAll,
} from './queries.ts';

export interface UpsertOptions {
  readonly customFields: Pick<CustomFields, 'faults' | 'validator'>;
  readonly sources: Pick<Sources, 'known'>;
  readonly companies: Pick<Companies, 'idsByName' | 'idsByPartOfName' | 'found'>;
  readonly suppressions: Pick<Suppressions, 'suppressed' | 'hold' | 'lock'>;
  readonly emitAll: EmitAll;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Options for all rows of an upsert. */
export interface UpsertTerms extends Lawfulness {
  /** Restores a contact with the address that was deleted in the last 30 days, with the row's fields, instead of creating a new one. */
  readonly restoreDeleted?: boolean;
  /** Leaves existing contacts as they are: their rows return `unchanged`, as do later rows for one that was just created. */
  readonly keepExisting?: boolean;
  /** Assigns contacts without a company to the one with this name, or with the domain of their address, if there is exactly one. */
  readonly link_company_by?: 'name' | 'domain' | undefined;
  /** Added to the tags of each contact. */
  readonly addTags?: readonly string[];
}

/** The result of a row. A later row for the same contact is `updated`. */
export type UpsertResult =
  | { readonly status: 'created' | 'updated' | 'unchanged' | 'restored'; readonly id: string }
  | { readonly status: 'suppressed' }
  /** `details`: the same as `reason`, by field; undefined for a row that was refused before it got here. */
  | { readonly status: 'rejected'; readonly reason: string; readonly details?: ErrorDetails };

export const restorableMs = 30 * dayMs;

/** Rows for one address, in the order given. */
interface Target {
  readonly address: Address;
  readonly changes: ContactFields[];
  readonly rows: number[];
}

/** A contact that an upsert creates or changes, before and after. */
interface Written {
  readonly target: Target;
  readonly status: 'created' | 'updated' | 'unchanged' | 'restored';
  readonly before: Contact | undefined;
  readonly after: Contact;
}

export function createUpsert({ customFields, sources, companies, suppressions, emitAll, clock, ids }: UpsertOptions) {
  /**
   * Creates or changes contacts by their addresses. Rows for the same address apply in their order, as one change. The number of statements
   * does not depend on the number of rows. Throws `Restart` when a contact is deleted, or its address changes, in the meantime.
   * @returns the result of each row, in the order of the rows
   * @throws ApiError `validation_failed` when the lawful basis has an impossible time
   * @example
   * await upsert(tx, editor, [readRow({ email: 'ada@lovelace.example', first_name: 'Ada' })], { lawful_basis: 'consent' });
   * // [{ status: 'created', id: '0199c9f1-…' }]
   */
  return async function upsert(
    tx: Transaction,
    editor: Editor,
    rows: readonly UpsertRow[],
    terms: UpsertTerms = {},
  ): Promise<UpsertResult[]> {
    const { organizationId: organization } = editor;
    const at = new Date(clock.now());
    const basisFault = basisFaults(terms, at.getTime());
    if (basisFault !== undefined) throw invalid(basisFault);
    const results: (UpsertResult | undefined)[] = rows.map((row) =>
      'problem' in row ? { status: 'rejected', reason: row.problem } : undefined,
    );
    await suppressions.hold(tx, organization);
    const linked =
      terms.link_company_by === undefined ? rows : await withCompanies(tx, organization, rows, terms.link_company_by);
    const good = linked.flatMap((row, index) => ('problem' in row ? [] : [{ row, index }]));
    const references = await referencesOf(
      tx,
      organization,
      sources,
      good.map(({ row }) => row.fields),
    );
    const faultsOf = good.some(({ row }) => row.fields.custom_fields !== undefined)
      ? await customFields.validator(tx, organization, 'contact')
      : () => undefined;
    const suppressed = await suppressions.suppressed(
      tx,
      organization,
      good.map(({ row }) => row.address),
    );

    const targets = new Map<string, Target>();
    for (const { row, index } of good) {
      const faults = { ...danglingReferences(row.fields, references), ...faultsOf(row.fields.custom_fields ?? {}) };
      const { key } = row.address;
      if (Object.keys(faults).length > 0) {
        const reason = Object.entries(faults).map(([field, fault]) => `${field}: ${fault}`);
        results[index] = { status: 'rejected', reason: reason.join('; '), details: faults };
      } else if (suppressed.has(key)) {
        results[index] = { status: 'suppressed' };
      } else {
        const target = targets.get(key) ?? { address: row.address, changes: [], rows: [] };
        targets.set(key, target);
        if (target.changes.length === 0 || terms.keepExisting !== true) target.changes.push(row.fields);
        target.rows.push(index);
      }
    }

    const next = (before: Contact, { changes }: Target): Contact => {
      const changed = changes.reduce<Contact>(
        (contact, fields) => withFields(contact, fields, references),
        withBasis(before, terms, at),
      );
      return terms.addTags === undefined ? changed : { ...changed, tags: tagsOf([...changed.tags, ...terms.addTags]) };
    };
    const written = await write(tx, editor, [...targets.values()], next, terms, at);

    const events = written.filter(({ status }) => status !== 'unchanged');
    await emitAll(
      tx,
      events.map(({ status, before, after }) =>
        status === 'updated' && before !== undefined
          ? contactEvent(editor, 'contact.updated', after, at, contactKind.changes(before, after))
          : contactEvent(editor, 'contact.created', after, at),
      ),
    );
    await countBy(
      tx,
      organization,
      'contact',
      written.filter(({ status }) => status === 'created' || status === 'restored').length,
    );
    await rememberTags(
      tx,
      organization,
      events.flatMap(({ after }) => after.tags),
    );

    const later = terms.keepExisting === true ? 'unchanged' : 'updated';
    for (const { target, status, after } of written) {
      target.rows.forEach(
        (row, index) =>
          (results[row] = { status: index === 0 || status === 'unchanged' ? status : later, id: after.id }),
      );
    }
    return results.map((result, index) => {
      if (result === undefined) throw unreachable(`no result for row ${index}`);
      return result;
    });
  };

  /** Adds to the rows the companies found for them. They are locked later, with those that the rows name. */
  async function withCompanies(
    tx: Transaction,
    organization: OrganizationId,
    rows: readonly UpsertRow[],
    by: 'name' | 'domain',
  ): Promise<readonly UpsertRow[]> {
    const valueOf = ({ address, fields }: Extract<UpsertRow, { address: Address }>): string | undefined =>
      by === 'domain' ? address.domain : (fields.company_name ?? undefined);
    const values = rows.flatMap((row) => ('problem' in row ? [] : (valueOf(row) ?? [])));
    const found = await companies.found(tx, organization, by, values);
    return rows.map((row): UpsertRow => {
      const value = 'problem' in row ? undefined : valueOf(row);
      const company = value === undefined ? undefined : found(value);
      return 'problem' in row || company === undefined
        ? row
        : { ...row, fields: { ...row.fields, found_company_id: company } };
    });
  }

  /**
   * Inserts in the order of addresses, skipping those that exist; then locks and changes these, in the same order. While it holds locks it
   * waits only for later ones, so no two upserts wait for each other. A contact deleted between the two steps would have to be inserted while
   * other contacts are locked, and another upsert may wait for those: the transaction starts again instead.
   */
  async function write(
    tx: Transaction,
    editor: Editor,
    targets: readonly Target[],
    next: (before: Contact, target: Target) => Contact,
    { restoreDeleted = false, keepExisting = false }: UpsertTerms,
    at: Date,
  ): Promise<Written[]> {
    const { organizationId: organization } = editor;
    const sorted = targets.toSorted((a, b) => (a.address.key < b.address.key ? -1 : 1));
    if (sorted.length === 0) return [];
    const made = sorted.map((target) => ({
      target,
      after: next(blank(ids.next(), target.address, editor.keyId, at), target),
    }));
    const inserted = await insertNew(
      tx,
      organization,
      made.map(({ after }) => after),
    );
    const isNew = ({ after }: { after: Contact }): boolean => inserted.has(after.id);
    const keys = made.filter((each) => !isNew(each)).map(({ target }) => target.address.key);
    const existing =
      keys.length === 0
        ? new Map<string, Contact>()
        : await byKey(tx, editor, await lockByKeys(tx, organization, keys));
    const written = made.map((each): Written => {
      const { target, after } = each;
      if (isNew(each)) return { target, status: 'created', before: undefined, after };
      const before = existing.get(target.address.key);
      if (before === undefined) throw new Restart('A contact was deleted before it was locked.');
      return keepExisting
        ? { target, status: 'unchanged', before, after: before }
        : changed(target, before, next(before, target), at);
    });
    // Events of new contacts come before those of changes.
    written.sort((a, b) => Number(a.before !== undefined) - Number(b.before !== undefined));
    const settled = restoreDeleted ? await restored(tx, editor, written, next, at) : written;
    const changes = settled
      .filter(({ before, status }) => before !== undefined && status !== 'unchanged')
      .map(({ after }) => after);
    if (changes.length > 0) await updateAll(tx, organization, changes);
    return settled;
  }

  /** Replaces the contact that was just inserted with the deleted one: nobody else can take the address in the meantime. */
  async function restored(
    tx: Transaction,
    editor: Editor,
    written: readonly Written[],
    next: (before: Contact, target: Target) => Contact,
    at: Date,
  ): Promise<Written[]> {
    const { organizationId: organization } = editor;
    const keys = written.filter(({ status }) => status === 'created').map(({ target }) => target.address.key);
    if (keys.length === 0) return [...written];
    const locked = await lockDeletedByKeys(tx, organization, keys, new Date(at.getTime() - restorableMs));
    const deleted = await byKey(tx, editor, locked);
    const replaced: string[] = [];
    const settled = written.map((each): Written => {
      const before = each.status === 'created' ? deleted.get(each.target.address.key) : undefined;
      if (before === undefined) return each;
      replaced.push(each.after.id);
      return {
        target: each.target,
        status: 'restored',
        before,
        after: { ...next(before, each.target), deleted_at: null, updated_at: at },
      };
    });
    if (replaced.length > 0) await dropInserted(tx, organization, replaced);
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
      editor.organizationId,
      locked.map(({ id }) => id),
    );
    contacts.sort((a, b) => (a.deleted_at?.getTime() ?? 0) - (b.deleted_at?.getTime() ?? 0));
    return new Map(contacts.map((contact) => [contact.email_key ?? '', contact]));
  }
}

/** Reads the records that changes name, locked until the transaction ends: sources first, then companies, as everywhere. */
export async function referencesOf(
  tx: Transaction,
  organization: OrganizationId,
  sources: Pick<Sources, 'known'>,
  changes: readonly ContactFields[],
): Promise<References> {
  const sourceIds = changes.flatMap(({ source_id: id }) => id ?? []);
  const companyIds = changes.flatMap(({ company_id: id, found_company_id: found }) =>
    [id, found].flatMap((each) => each ?? []),
  );
  const found = sourceIds.length === 0 ? new Map<string, string>() : await sources.known(tx, organization, sourceIds);
  return { sources: found, companies: await companyNames(tx, organization, companyIds) };
}

function changed(target: Target, before: Contact, after: Contact, at: Date): Written {
  return contactKind.changes(before, after).length === 0
    ? { target, status: 'unchanged', before, after: before }
    : { target, status: 'updated', before, after: { ...after, updated_at: at } };
}
