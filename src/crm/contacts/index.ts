import type { Route } from '../../http/route.ts';
import { createFunctions } from './contacts.ts';
import type { ContactFunctions, ContactsOptions } from './contacts.ts';
import { contactRoutes } from './routes.ts';

export { lawfulBases, statuses as contactStatuses } from './contact.ts';
export type { Contact, ContactFields, ContactStatus, Lawfulness, LawfulBasis } from './contact.ts';
export type { ContactChange, ContactsOptions, Given } from './contacts.ts';
export { addressOfContact, contactsOfAddress, deleteContacts, erasedEvent, lockContacts } from './erasure.ts';
export { contactFields, lawfulBasis, linkCompanyBy, readRow } from './input.ts';
export type { UpsertRow } from './input.ts';
export type { ContactFilter } from './filter.ts';
export type { ContactPage } from './list.ts';
export { contactExample, contactShape, onWire as contactOnWire } from './schemas.ts';
export type { UpsertResult, UpsertTerms } from './upsert.ts';

/** Contacts, for routes, other slices and the dialects. */
export interface Contacts extends ContactFunctions {
  readonly routes: readonly Route[];
}

export function createContacts(options: ContactsOptions): Contacts {
  const contacts = createFunctions(options);
  return { ...contacts, routes: contactRoutes(contacts) };
}
