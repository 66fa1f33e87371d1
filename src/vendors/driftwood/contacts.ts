import { z } from 'zod';
import { contactInput, contactOnWire } from '../../crm/contacts/index.ts';
import type { Contact, Contacts } from '../../crm/contacts/index.ts';
import type { Route } from '../../http/route.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { fields } from '../../crm/records/index.ts';
import { records } from './answers.ts';
import { anyOf, id, ids, inOrder, pageOf, paging, recordCallsOf, searched, singleCalls } from './calls.ts';

/** The record as events carry it. */
export function contactShown(contact: Contact, organization: OrganizationId): object {
  const { deleted_at: _, emails: __, owner: ___, ...record } = contactOnWire(organization, contact);
  return inOrder(record);
}

const others = {
  last_name: contactInput.last_name,
  email: z.string().max(1_000).nullable().optional(),
  phone: contactInput.phone,
  company_id: contactInput.company_id,
  job_title: contactInput.job_title,
  address: contactInput.address,
  city: contactInput.city,
  state: contactInput.state,
  zip_code: contactInput.zip_code,
  country: contactInput.country,
  notes: contactInput.notes,
  tags: contactInput.tags,
  source_id: contactInput.source_id,
  custom_fields: contactInput.custom_fields,
};

/** Driftwood's calls for contacts. */
export function contactCalls(contacts: Contacts): readonly Route[] {
  const call = recordCallsOf('contacts', records.contact, 'contacts');
  return [
    call({
      verb: 'list',
      access: 'read',
      summary: 'List contacts, newest first',
      body: z.strictObject({
        ...searched,
        company_id: id.optional(),
        company_ids: ids.optional(),
        source_ids: ids.optional(),
        ...paging,
      }),
      async result(
        { search, tags, company_id: company, company_ids: companies, source_ids: sources, cursor, limit },
        principal,
      ) {
        const filter = { search, tags, companyIds: anyOf(company, companies), sourceIds: anyOf(undefined, sources) };
        const rows = await contacts.list(principal, filter, { limit: limit + 1, before: cursor });
        return pageOf(rows, limit, (contact) => contactShown(contact, principal.organizationId));
      },
    }),
    ...singleCalls(call, {
      noun: 'a contact',
      slice: {
        ...contacts,
        update: (principal, of, { email, ...change }) => contacts.update(principal, of, change, { email }),
      },
      created: z.strictObject({ first_name: fields.requiredText(200), ...others }),
      changed: z.strictObject({ first_name: contactInput.first_name, ...others }),
      shown: contactShown,
    }),
  ];
}
