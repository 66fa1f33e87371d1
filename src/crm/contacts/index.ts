import type { WorkspaceDirectory } from '../../auth/index.ts';
import type { Route } from '../../http/route.ts';
import { createFunctions } from './contacts.ts';
import type { ContactFunctions, ContactsOptions } from './contacts.ts';
import { contactMerging } from './merge-contacts.ts';
import { contactRoutes } from './routes.ts';

export { contactStatuses, lawfulBases } from '../../base/records/contact.ts';
export { addressesIn, keysIn as contactKeys, withEmails } from './addresses.ts';
export { onWire as contactOnWire } from './contact.ts';
export type { Contact, ContactFields, ContactStatus, Lawfulness, LawfulBasis } from './contact.ts';
export { addressesOfPeople, idsByEmail as contactIdsByEmail } from './contacts.ts';
export type { ContactChange, ContactsOptions, Following, Given } from './contacts.ts';
export { contactsOfAddresses, deleteContacts, erasedEvent, lockContacts, personOf } from './erasure.ts';
export type { Person } from './erasure.ts';
export {
  companiesAtDomains,
  contactsForLeads,
  contactsForLeadsAfter,
  contactsToScore,
  leadOwners,
  saveVerdicts,
} from './for-leads.ts';
export type { ContactForLead, LeadFilter } from './for-leads.ts';
export { basisFaults, changeInput, contactInput, lawfulBasis, linkCompanyBy, readRow, tagChange } from './input.ts';
export type { UpsertRow } from './input.ts';
export type { ContactPage } from './list.ts';
export type { ContactFilter } from './search.ts';
export { contactExample, contactShape } from './schemas.ts';
export type { UpsertResult, UpsertTerms } from './upsert.ts';

/** Contacts, for other slices and the vendors. */
export interface Contacts extends ContactFunctions {
  readonly routes: readonly Route[];
  /** What merges do with contacts. */
  readonly merging: ReturnType<typeof contactMerging>;
}

export function createContacts({
  workspaces,
  ...options
}: ContactsOptions & { readonly workspaces: WorkspaceDirectory }): Contacts {
  const contacts = createFunctions(options);
  return { ...contacts, routes: contactRoutes(contacts, workspaces), merging: contactMerging(options) };
}
