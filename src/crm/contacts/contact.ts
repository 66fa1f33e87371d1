import type { Address } from '../../base/email-address.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { changedFields, mergedValues, searchText, tagsOf } from '../records/index.ts';
import type { CustomValues } from '../records/index.ts';

export const statuses = ['active', 'bounced', 'unsubscribed', 'replied'] as const;
export type ContactStatus = (typeof statuses)[number];
/** GDPR article 6(1). */
export const lawfulBases = [
  'consent',
  'contract',
  'legal_obligation',
  'vital_interests',
  'public_task',
  'legitimate_interests',
] as const;
export type LawfulBasis = (typeof lawfulBases)[number];

/** A contact as it is stored, with the names of what it points to. */
export interface Contact {
  id: string;
  /** As it was given first, and as addresses are compared. */
  email: string | null;
  email_key: string | null;
  first_name: string | null;
  last_name: string | null;
  phone: string | null;
  company_id: string | null;
  /** The company's name where `company_id` is set, otherwise the text that was given. */
  company_name: string | null;
  job_title: string | null;
  linkedin_url: string | null;
  website: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  notes: string | null;
  tags: string[];
  status: ContactStatus;
  source_id: string | null;
  source_name: string | null;
  custom_fields: Record<string, unknown>;
  lawful_basis: LawfulBasis | null;
  lawful_basis_at: Date | null;
  lawful_basis_source: string | null;
  verification_status: string | null;
  verified_at: Date | null;
  created_by: string | null;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
}

/** Fields of a change: one that is not given stays, null clears. */
export interface ContactFields {
  readonly first_name?: string | null | undefined;
  readonly last_name?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly company_id?: string | null | undefined;
  /** Shown where the contact belongs to no company of ours: it never takes the contact out of its company, as `company_id: null` does. */
  readonly company_name?: string | null | undefined;
  /** A company found by name or domain, for a contact that belongs to none. */
  readonly found_company_id?: string | undefined;
  readonly job_title?: string | null | undefined;
  readonly linkedin_url?: string | null | undefined;
  readonly website?: string | null | undefined;
  readonly address?: string | null | undefined;
  readonly city?: string | null | undefined;
  readonly state?: string | null | undefined;
  readonly zip_code?: string | null | undefined;
  readonly country?: string | null | undefined;
  readonly notes?: string | null | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly status?: ContactStatus | undefined;
  readonly source_id?: string | null | undefined;
  /** By key, beside those there are; null takes one away. */
  readonly custom_fields?: CustomValues | undefined;
}

/** Why the organization may process the data. */
export interface Lawfulness {
  readonly lawful_basis?: LawfulBasis | null | undefined;
  /** Since when: now, when the basis is new and nothing is said. */
  readonly lawful_basis_at?: Date | null | undefined;
  /** How it was obtained. */
  readonly lawful_basis_source?: string | null | undefined;
}

/** What a change refers to, looked up before. */
export interface References {
  /** Id → name. */
  readonly companies: ReadonlyMap<string, string>;
  readonly sources: ReadonlyMap<string, string>;
}

export const noReferences: References = { companies: new Map(), sources: new Map() };

export function blank(
  id: string,
  address: Pick<Address, 'email' | 'key'> | undefined,
  createdBy: string | undefined,
  at: Date,
): Contact {
  return {
    id,
    email: address?.email ?? null,
    email_key: address?.key ?? null,
    first_name: null,
    last_name: null,
    phone: null,
    company_id: null,
    company_name: null,
    job_title: null,
    linkedin_url: null,
    website: null,
    address: null,
    city: null,
    state: null,
    zip_code: null,
    country: null,
    notes: null,
    tags: [],
    status: 'active',
    source_id: null,
    source_name: null,
    custom_fields: {},
    lawful_basis: null,
    lawful_basis_at: null,
    lawful_basis_source: null,
    verification_status: null,
    verified_at: null,
    created_by: createdBy ?? null,
    created_at: at,
    updated_at: at,
    deleted_at: null,
  };
}

const plainFields = [
  'first_name',
  'last_name',
  'phone',
  'job_title',
  'linkedin_url',
  'website',
  'address',
  'city',
  'state',
  'zip_code',
  'country',
  'notes',
  'status',
] as const;

/** The contact with these fields changed. */
export function withFields(contact: Contact, given: ContactFields, { companies, sources }: References): Contact {
  const next: Contact = { ...contact };
  for (const field of plainFields) {
    const value = given[field];
    if (value !== undefined) Object.assign(next, { [field]: value });
  }
  if (given.tags !== undefined) next.tags = tagsOf(given.tags);
  if (given.custom_fields !== undefined) next.custom_fields = mergedValues(contact.custom_fields, given.custom_fields);
  if (given.source_id !== undefined) {
    next.source_id = given.source_id;
    next.source_name = given.source_id === null ? null : (sources.get(given.source_id) ?? null);
  }
  if (given.company_id != null) {
    next.company_id = given.company_id;
    next.company_name = companies.get(given.company_id) ?? null;
  } else if (given.company_id === null) {
    next.company_id = null;
    next.company_name = given.company_name ?? null;
  } else if (contact.company_id === null) {
    const found = given.found_company_id === undefined ? undefined : companies.get(given.found_company_id);
    if (given.found_company_id !== undefined && found !== undefined) {
      next.company_id = given.found_company_id;
      next.company_name = found;
    } else if (given.company_name !== undefined) {
      next.company_name = given.company_name;
    }
  }
  return next;
}

/** The contact under this basis. The same basis again keeps its time and source, unless others are given. */
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

/** Fields whose change is a change of the contact; `company_name` and `source_name` follow their ids. */
const watched = [
  'email',
  ...plainFields,
  'company_id',
  'company_name',
  'tags',
  'source_id',
  'source_name',
  'custom_fields',
  'lawful_basis',
  'lawful_basis_at',
  'lawful_basis_source',
  'verification_status',
  'verified_at',
] as const satisfies readonly (keyof Contact)[];

export const changesOf = (before: Contact, after: Contact): string[] => changedFields(before, after, watched);

const lastIso = { ms: Number.NaN, text: '' };

/** As `toISOString`, which takes a microsecond and a half, once for all rows of the same time: those of a request have three or four times each. */
function isoOf(time: Date): string {
  if (time.getTime() !== lastIso.ms) Object.assign(lastIso, { ms: time.getTime(), text: time.toISOString() });
  return lastIso.text;
}

/** The record as the API and events show it, `deleted_at` aside, which only the API shows. */
export const recordOf = (organization: OrganizationId, contact: Contact) => ({
  id: contact.id,
  first_name: contact.first_name,
  last_name: contact.last_name,
  email: contact.email,
  phone: contact.phone,
  company_id: contact.company_id,
  company_name: contact.company_name,
  job_title: contact.job_title,
  linkedin_url: contact.linkedin_url,
  website: contact.website,
  address: contact.address,
  city: contact.city,
  state: contact.state,
  zip_code: contact.zip_code,
  country: contact.country,
  notes: contact.notes,
  tags: contact.tags,
  status: contact.status,
  source_id: contact.source_id,
  source_name: contact.source_name,
  custom_fields: contact.custom_fields,
  lawful_basis: contact.lawful_basis,
  lawful_basis_at: contact.lawful_basis_at && isoOf(contact.lawful_basis_at),
  lawful_basis_source: contact.lawful_basis_source,
  verification_status: contact.verification_status,
  verified_at: contact.verified_at && isoOf(contact.verified_at),
  account_id: organization,
  created_by: contact.created_by,
  created_at: isoOf(contact.created_at),
  updated_at: isoOf(contact.updated_at),
});

type Searched = Pick<Contact, 'first_name' | 'last_name' | 'email' | 'phone' | 'job_title' | 'company_name'>;

/** What search looks through. @param company_name as stored: null where the contact belongs to a company */
export const searchOf = ({
  first_name: first,
  last_name: last,
  email,
  phone,
  job_title: title,
  company_name: company,
}: Searched): string =>
  searchText(first === null || last === null ? (first ?? last) : `${first} ${last}`, email, phone, title, company);

/** The row of the table; a company's name is not kept on its contacts. Fields that are null are left out: most are. */
export function storedOf(contact: Contact): Record<string, unknown> {
  const companyName = contact.company_id === null ? contact.company_name : null;
  const stored: Record<string, unknown> = { search: searchOf({ ...contact, company_name: companyName }) };
  for (const field of storedFields) {
    const value = field === 'company_name' ? companyName : contact[field];
    if (value !== null) stored[field] = value instanceof Date ? isoOf(value) : value;
  }
  return stored;
}

const storedFields = [
  'id',
  'email_key',
  ...watched.filter((field) => field !== 'source_name'),
  'created_by',
  'created_at',
  'updated_at',
  'deleted_at',
] as const satisfies readonly (keyof Contact)[];
