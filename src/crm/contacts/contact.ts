import { dayMs } from '../../base/clock.ts';
import type { Address } from '../../base/email-address.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { contactStatuses, lawfulBases } from '../../base/records/contact.ts';
import { contactFields } from '../../base/records/contact.ts';
import { isStored, namesOf } from '../../base/records/field.ts';
import type { GivenOf, RowOf } from '../../base/records/field.ts';
import type { EmitAll } from '../../events/index.ts';
import { changeEvent, isoOf, recordKind, searchText, tagsOf, unknownTo } from '../records/index.ts';
import type { Editor, Owner, RecordBase } from '../records/index.ts';

export type ContactStatus = (typeof contactStatuses)[number];
export type LawfulBasis = (typeof lawfulBases)[number];

/** A contact as it is stored, with the names of its company and source. */
export interface Contact extends RecordBase, RowOf<typeof contactFields> {
  /** The address in the form in which addresses are compared; `email` has it as it was first given. */
  email_key: string | null;
  deleted_at: Date | null;
}

/** How long a deleted contact can be restored. */
export const restorableMs = 30 * dayMs;
/** Contacts deleted before this time cannot be restored. */
export const restorableSince = (at: Date): Date => new Date(at.getTime() - restorableMs);

export const contactKind = recordKind(contactFields);

/** Fields of a change: one that is left out is not changed, null clears it. */
export interface ContactFields extends GivenOf<typeof contactFields> {
  /** A company found by name or domain, for a contact that belongs to none. */
  readonly found_company_id?: string | undefined;
  /** Applied to the tags that the contact has. */
  readonly tag_change?: TagChange | undefined;
}

/** Tags to remove, and then tags to add; all others stay. */
export interface TagChange {
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** Why the organization may process the data. */
export interface Lawfulness {
  readonly lawful_basis?: LawfulBasis | null | undefined;
  /** When it began. Default for a new basis: now. */
  readonly lawful_basis_at?: Date | null | undefined;
  /** How it was obtained. */
  readonly lawful_basis_source?: string | null | undefined;
}

/** The records of the contact's owner that a change names, read before: id → name. */
export interface References {
  readonly companies: ReadonlyMap<string, string>;
  readonly sources: ReadonlyMap<string, string>;
}

/** The ids in a change that name no record of the contact's owner, by field. */
export const danglingReferences = (
  owner: Owner,
  { company_id: company, source_id: source }: ContactFields,
  { companies, sources }: References,
): ErrorDetails => ({
  ...(company != null && !companies.has(company) ? { company_id: unknownTo(owner) } : {}),
  ...(source != null && !sources.has(source) ? { source_id: unknownTo(owner) } : {}),
});

export const blank = (
  id: string,
  address: Pick<Address, 'email' | 'key'> | undefined,
  editor: Omit<Editor, 'organizationId'>,
  at: Date,
): Contact => ({
  ...contactKind.blank(id, editor, at),
  email: address?.email ?? null,
  email_key: address?.key ?? null,
  emails: address === undefined ? [] : [{ email: address.email, primary: true }],
  deleted_at: null,
});

function withTags(tags: readonly string[], { add = [], remove = [] }: TagChange): string[] {
  const removed = new Set(tagsOf(remove));
  return tagsOf([...tags.filter((tag) => !removed.has(tag)), ...add]);
}

/** The contact with the given values. */
export function withFields(contact: Contact, given: ContactFields, { companies, sources }: References): Contact {
  const {
    company_id: companyId,
    company_name: companyName,
    found_company_id: foundId,
    tag_change: tags,
    ...others
  } = given;
  const next = contactKind.withValues(contact, others);
  if (tags !== undefined) next.tags = withTags(next.tags, tags);
  if (given.source_id !== undefined)
    next.source_name = given.source_id === null ? null : (sources.get(given.source_id) ?? null);
  if (companyId != null) {
    next.company_id = companyId;
    next.company_name = companies.get(companyId) ?? null;
  } else if (companyId === null) {
    next.company_id = null;
    next.company_name = companyName ?? null;
  } else if (contact.company_id === null) {
    const found = foundId === undefined ? undefined : companies.get(foundId);
    if (foundId !== undefined && found !== undefined) {
      next.company_id = foundId;
      next.company_name = found;
    } else if (companyName !== undefined) {
      next.company_name = companyName;
    }
  }
  return next;
}

/** The contact with this lawful basis. The same basis again keeps its time and source, unless others are given. */
export function withBasis(
  contact: Contact,
  { lawful_basis: basis, lawful_basis_at: since, lawful_basis_source: source }: Lawfulness,
  at: Date,
): Contact {
  const next: Contact = { ...contact };
  if (basis !== undefined && basis !== contact.lawful_basis) {
    next.lawful_basis = basis;
    next.lawful_basis_at = basis === null ? null : at;
    next.lawful_basis_source = null;
  }
  if (since !== undefined) next.lawful_basis_at = since;
  if (source !== undefined) next.lawful_basis_source = source;
  return next;
}

/** The event of a change. @param changed names of the fields, of an update */
export const contactEvent = (
  editor: Editor,
  type: 'contact.created' | 'contact.updated' | 'contact.deleted',
  contact: Contact,
  at: Date,
  changed?: readonly string[],
): Parameters<EmitAll>[1][number] =>
  changeEvent(editor, type, contactKind.onWire(editor.organizationId, contact), at, changed && { changed });

/** The contact as the API shows it; events leave out `deleted_at`. */
export const onWire = (organization: OrganizationId, contact: Contact) => ({
  ...contactKind.onWire(organization, contact),
  deleted_at: contact.deleted_at === null ? null : isoOf(contact.deleted_at),
});

type Searched = Pick<Contact, 'first_name' | 'last_name' | 'emails' | 'phone' | 'job_title' | 'company_name'>;

/** The text that search reads. @param company_name as stored: null where the contact belongs to a company */
export const searchOf = ({
  first_name: first,
  last_name: last,
  emails,
  phone,
  job_title: title,
  company_name: company,
}: Searched): string =>
  searchText(
    first === null || last === null ? (first ?? last) : `${first} ${last}`,
    ...emails.map(({ email }) => email),
    phone,
    title,
    company,
  );

/** The columns of the table, except `organization_id` and `search`. */
export const storedColumns = [
  'id',
  'workspace_id',
  'email_key',
  ...namesOf(contactFields, isStored),
  'created_by',
  'created_at',
  'updated_at',
  'deleted_at',
] as const satisfies readonly (keyof Contact)[];

/** The row of the table; a company's name is not stored on its contacts. Null fields, which most are, are left out. */
export function storedOf(contact: Contact): Record<string, unknown> {
  const companyName = contact.company_id === null ? contact.company_name : null;
  const stored: Record<string, unknown> = { search: searchOf({ ...contact, company_name: companyName }) };
  for (const field of storedColumns) {
    const value = field === 'company_name' ? companyName : contact[field];
    if (value !== null) stored[field] = value instanceof Date ? isoOf(value) : value;
  }
  return stored;
}
