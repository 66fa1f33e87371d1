/** The addresses of a contact: the primary one, to which mail is sent, and further ones, by which it is found, too. */
import { z } from 'zod';
import { addressKey, parseAddress } from '../../base/email-address.ts';
import type { Address } from '../../base/email-address.ts';
import { invalid } from '../../base/errors.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { emailsMax } from '../../base/records/contact.ts';
import type { EmailOf } from '../../base/records/field.ts';
import type { Contact } from './contact.ts';

/** An address as it was given, and as it is compared. */
export type ContactAddress = Pick<Address, 'email' | 'key'>;

export const emailsInput = z
  .array(
    z.strictObject({
      email: z.string().max(1_000),
      primary: z.boolean().optional().describe('Mail is sent to it. Exactly one address must be the primary one.'),
    }),
  )
  .max(emailsMax)
  .describe(
    'All addresses of the contact, instead of those that it has. Exactly one must be primary; if `email` is given, too, it must be that one. An empty list removes all addresses.',
  );

/** The addresses in a request: `email` is the primary one, null or empty removes it. */
export interface GivenAddresses {
  readonly email?: string | null | undefined;
  readonly emails?: z.output<typeof emailsInput> | undefined;
}

/** A change of addresses; what is left out stays. */
export interface AddressChange {
  /** The primary address; null: none. */
  readonly primary?: Address | null | undefined;
  /** All addresses, the primary one first. */
  readonly all?: readonly Address[] | undefined;
}

/** Reads a list of all addresses. @param faults receives the problems, by field */
function readAll(emails: NonNullable<GivenAddresses['emails']>, faults: Record<string, string>): Address[] {
  const seen = new Set<string>();
  const read = emails.flatMap(({ email, primary = false }, index) => {
    const address = parseAddress(email);
    const problem = 'problem' in address ? address.problem : seen.has(address.key) ? 'is given twice' : undefined;
    if (problem !== undefined) faults[`emails.${index}.email`] = problem;
    if ('problem' in address) return [];
    seen.add(address.key);
    return [{ address, primary }];
  });
  if (emails.length > 0 && emails.filter(({ primary }) => primary === true).length !== 1)
    faults['emails'] = 'must have exactly one primary address';
  return read.toSorted((a, b) => Number(b.primary) - Number(a.primary)).map(({ address }) => address);
}

/** Reads the addresses of a request. @returns the problems, by field, if it has any */
export function readAddresses({
  email,
  emails,
}: GivenAddresses): { readonly change: AddressChange } | { readonly faults: ErrorDetails } {
  const faults: Record<string, string> = {};
  const isNone = email === null || email?.trim() === '';
  const address = email == null || isNone ? undefined : parseAddress(email);
  if (address !== undefined && 'problem' in address) faults['email'] = address.problem;
  const all = emails === undefined ? undefined : readAll(emails, faults);
  const primary = address === undefined || 'problem' in address ? (isNone ? null : undefined) : address;
  const isContradiction = all !== undefined && primary !== undefined && primary?.key !== all[0]?.key;
  if (isContradiction && Object.keys(faults).length === 0)
    faults['emails'] = 'must have the address in `email` as its primary one';
  return Object.keys(faults).length > 0 ? { faults } : { change: { primary, all } };
}

/** As `readAddresses`. @throws ApiError `validation_failed` */
export function addressesOf(given: GivenAddresses): AddressChange {
  const read = readAddresses(given);
  if ('faults' in read) throw invalid(read.faults);
  return read.change;
}

/** @param further the addresses beside the primary one, in their order */
export const emailsOf = (primary: string | null, further: readonly string[]): EmailOf[] =>
  primary === null ? [] : [{ email: primary, primary: true }, ...further.map((email) => ({ email, primary: false }))];

/** The addresses of a contact as they are compared, the primary one first. */
export const addressesIn = ({ emails }: Pick<Contact, 'emails'>): ContactAddress[] =>
  emails.map(({ email }) => ({ email, key: addressKey(email) ?? email }));

export const keysIn = (contact: Pick<Contact, 'emails'>): string[] => addressesIn(contact).map(({ key }) => key);

/** The contact with exactly these addresses, the primary one first. A verdict belongs to the primary one. */
export function withEmails(contact: Contact, addresses: readonly ContactAddress[]): Contact {
  const [primary] = addresses;
  const further = addresses.slice(1).map(({ email }) => email);
  return {
    ...contact,
    email: primary?.email ?? null,
    email_key: primary?.key ?? null,
    emails: emailsOf(primary?.email ?? null, further),
    ...((primary?.key ?? null) === contact.email_key ? {} : { verification_status: null, verified_at: null }),
  };
}

/**
 * The contact after a change of its addresses. A new primary address replaces the one before; one that the contact already has changes places
 * with it.
 * @throws ApiError `validation_failed` when only the primary one of several is removed
 */
export function withAddresses(contact: Contact, { primary, all }: AddressChange): Contact {
  if (all !== undefined) return withEmails(contact, all);
  if (primary === undefined) return contact;
  const before = addressesIn(contact);
  if (primary === null) {
    if (before.length > 1)
      throw invalid({ email: 'is required while the contact has further addresses; send `emails` to remove them' });
    return withEmails(contact, []);
  }
  const isOwn = before.some(({ key }) => key === primary.key);
  const others = isOwn ? before.filter(({ key }) => key !== primary.key) : before.slice(1);
  return withEmails(contact, [primary, ...others]);
}

/** Whether the further addresses of two states of a contact differ. */
export const furtherDiffer = (before: Pick<Contact, 'emails'> | undefined, after: Pick<Contact, 'emails'>): boolean =>
  JSON.stringify(before?.emails.slice(1) ?? []) !== JSON.stringify(after.emails.slice(1));
