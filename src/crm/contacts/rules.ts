/** What a contact must be, beyond the types of its fields. */
import { invalid } from '../../base/errors.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import type { Transaction } from '../../db/pool.ts';
import { fields } from '../records/index.ts';
import type { Owner } from '../records/index.ts';
import { danglingReferences } from './contact.ts';
import type { Contact, ContactFields, Lawfulness, References } from './contact.ts';
import { basisFaults } from './input.ts';
import { referencesOf } from './upsert.ts';
import type { UpsertOptions } from './upsert.ts';

const { tagsMax } = fields;

/** @throws ApiError `validation_failed` when the change names records that do not exist, or has invalid custom fields or an invalid basis. */
export async function referencesIn(
  options: Pick<UpsertOptions, 'customFields' | 'sources' | 'companies'>,
  tx: Transaction,
  owner: Owner,
  change: ContactFields & Lawfulness,
  at: Date,
): Promise<References> {
  const references = await referencesOf(options, tx, owner, [change]);
  const faults = {
    ...danglingReferences(owner, change, references),
    ...(await options.customFields.faults(tx, owner.organizationId, 'contact', change.custom_fields)),
    ...basisFaults(change, at.getTime()),
  };
  if (Object.keys(faults).length > 0) throw invalid(faults);
  return references;
}

/** Why a contact must not be like this, by field. A contact without an address needs a first name; tags are not added beyond the limit. */
export function faultsOf(contact: Contact, before?: Contact): ErrorDetails {
  if (contact.email === null && contact.first_name === null)
    return { first_name: 'is required for a contact without an email' };
  if (contact.tags.length > tagsMax && contact.tags.length > (before?.tags.length ?? 0))
    return { add: `would leave the contact with more than ${tagsMax} tags` };
  return {};
}

/** @throws ApiError `validation_failed` */
export function assertValid(contact: Contact, before?: Contact): void {
  const faults = faultsOf(contact, before);
  if (Object.keys(faults).length > 0) throw invalid(faults);
}
