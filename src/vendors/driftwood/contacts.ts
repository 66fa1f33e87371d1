import { z } from 'zod';
import { contactFields, contactOnWire } from '../../crm/contacts/index.ts';
import type { Contact, Contacts } from '../../crm/contacts/index.ts';
import type { Route } from '../../http/route.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { fields } from '../../crm/records/index.ts';
import { records } from './answers.ts';
import { anyOf, callsOf, id, ids, inOrder, pageOf, paging, searched } from './calls.ts';

/** The record as events tell of it. */
export const contactShown =
  (organization: OrganizationId) =>
  (contact: Contact): object => {
    const { deleted_at: _, ...record } = contactOnWire(organization, contact);
    return inOrder(record);
  };

const {
  first_name,
  last_name,
  phone,
  company_id,
  job_title,
  address,
  city,
  state,
  zip_code,
  country,
  notes,
  tags,
  source_id,
  custom_fields,
} = contactFields;
const email = z.string().max(1_000).nullable().optional();
const others = {
  last_name,
  email,
  phone,
  company_id,
  job_title,
  address,
  city,
  state,
  zip_code,
  country,
  notes,
  tags,
  source_id,
  custom_fields,
};

/** Driftwood's calls for contacts. */
export function contactCalls(contacts: Contacts): readonly Route[] {
  const call = callsOf('contacts', records.contact, 'contacts');
  return [
    call(
      'list',
      'read',
      'List contacts, the newest first',
      z.strictObject({
        ...searched,
        company_id: id.optional(),
        company_ids: ids.optional(),
        source_ids: ids.optional(),
        ...paging,
      }),
      async (
        { search, tags: wanted, company_id: company, company_ids: companies, source_ids: sources, cursor, limit },
        { organizationId },
      ) => {
        const filter = {
          search,
          tags: wanted,
          companyIds: anyOf(company, companies),
          sourceIds: anyOf(undefined, sources),
        };
        return pageOf(
          await contacts.list(organizationId, filter, { limit: limit + 1, before: cursor }),
          limit,
          contactShown(organizationId),
        );
      },
    ),
    call('get', 'read', 'Get a contact', z.strictObject({ id }), async (body, { organizationId }) =>
      contactShown(organizationId)(await contacts.get(organizationId, body.id)),
    ),
    call(
      'create',
      'write',
      'Create a contact',
      z.strictObject({ first_name: fields.requiredText(200), ...others }),
      async (body, principal) => contactShown(principal.organizationId)(await contacts.create(principal, body)),
    ),
    call(
      'update',
      'write',
      'Change a contact',
      z.strictObject({ id, first_name, ...others }),
      async ({ id: of, email: address, ...change }, principal) =>
        contactShown(principal.organizationId)(await contacts.update(principal, of, change, address)),
    ),
    call('delete', 'write', 'Delete a contact', z.strictObject({ id }), async (body, principal) => {
      await contacts.remove(principal, body.id);
      return {};
    }),
  ];
}
