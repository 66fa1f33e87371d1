import { ApiError, invalid } from '../../base/errors.ts';
import { contactFields, emailsMax } from '../../base/records/contact.ts';
import { addressesIn, withEmails } from '../contacts/index.ts';
import type { Contact, Contacts, ContactStatus } from '../contacts/index.ts';
import type { Follower } from '../records/index.ts';
import { fill, takeBack } from './filling.ts';
import type { Filled, FillRules } from './filling.ts';
import type { Mergeable } from './merges.ts';

const ofAddress = ['verification_status', 'verified_at'] as const;

const rules: FillRules = {
  fields: contactFields,
  together: [
    ['company_id', 'company_name'],
    ['source_id', 'source_name'],
    ['lawful_basis', 'lawful_basis_at', 'lawful_basis_source'],
  ],
  except: ['email', 'emails', 'status', ...ofAddress],
};

/** An opt-out is the person's, and so is an answer; that an address bounced is not. */
function statusOf(into: ContactStatus, from: ContactStatus): ContactStatus {
  if (from === 'unsubscribed') return 'unsubscribed';
  return from === 'replied' && into === 'active' ? 'replied' : into;
}

/** The addresses of the other contact become further ones of the surviving contact. */
function merged(into: Contact, from: Contact): { after: Contact; filled: Filled } {
  const { after, filled } = fill(rules, into, from);
  const addresses = [...addressesIn(into), ...addressesIn(from)];
  if (addresses.length > emailsMax)
    throw invalid({ from_id: `would leave the contact with more than ${emailsMax} addresses` });
  const whole = { ...withEmails(after, addresses), status: statusOf(into.status, from.status) };
  const fields: Record<string, readonly [unknown, unknown]> = { ...filled.fields };
  if (whole.status !== into.status) fields['status'] = [into.status, whole.status];
  if (into.email === null && from.email !== null) {
    whole.verification_status = from.verification_status;
    whole.verified_at = from.verified_at;
  }
  return { after: whole, filled: { ...filled, fields } };
}

function reduced(row: Contact, filled: Filled, from: Contact): Contact {
  const theirs = new Set(addressesIn(from).map(({ key }) => key));
  const own = addressesIn(row).filter(({ key }) => !theirs.has(key));
  const after = withEmails(takeBack(rules, row, filled), own);
  if (after.email === null && after.first_name === null)
    throw new ApiError(
      'conflict',
      'The surviving contact would be left without an address and a first name. Give it a first name first.',
    );
  return after;
}

/** How contacts are merged. */
export const mergeableContacts = (
  { merging }: Pick<Contacts, 'merging'>,
  followers: readonly Follower[],
  lastFollowers: () => readonly Follower[],
): Mergeable<Contact> => ({
  entity: 'contact',
  noun: 'Contact',
  merged: 'contact.merged',
  unmerged: 'contact.unmerged',
  ...merging,
  fill: merged,
  takeBack: reduced,
  optedOut: (into, from) => [into, from].some(({ status }) => status === 'unsubscribed'),
  followers,
  lastFollowers,
});
