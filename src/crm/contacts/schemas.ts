import { z } from 'zod';
import type { OrganizationId } from '../../base/ids.ts';
import { sentText } from '../records/index.ts';
import { recordOf, statuses } from './contact.ts';
import type { Contact } from './contact.ts';
import { lawfulBasis } from './input.ts';
import type { UpsertResult } from './upsert.ts';

const text = z.string().nullable();
const time = z.iso.datetime();

export const contactShape = z
  .object({
    id: z.uuid(),
    first_name: text,
    last_name: text,
    email: text,
    phone: text,
    company_id: z.uuid().nullable(),
    company_name: text.describe("The company's where `company_id` is set, otherwise as it was given."),
    job_title: text,
    linkedin_url: text,
    website: text,
    address: text,
    city: text,
    state: text,
    zip_code: text,
    country: text,
    notes: text,
    tags: z.array(z.string()),
    status: z.enum(statuses),
    source_id: z.uuid().nullable(),
    source_name: text,
    custom_fields: z.record(z.string(), z.unknown()),
    lawful_basis: lawfulBasis.nullable().describe('Why you may process the data (GDPR article 6).'),
    lawful_basis_at: time.nullable().describe('Since when.'),
    lawful_basis_source: text.describe('How it was obtained.'),
    verification_status: text.describe('The last verdict on the address.'),
    verified_at: time.nullable(),
    account_id: z.uuid().describe('The organization.'),
    created_by: z.uuid().nullable().describe('The key that created it.'),
    created_at: time,
    updated_at: time,
    deleted_at: time.nullable(),
  })
  .meta({ id: 'Contact' });

export const contactExample: z.input<typeof contactShape> = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b410',
  first_name: 'Ada',
  last_name: 'Lovelace',
  email: 'ada@lovelace.example',
  phone: '+44 20 7946 0018',
  company_id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b411',
  company_name: 'Analytical Engines',
  job_title: 'Head of Research',
  linkedin_url: 'https://www.linkedin.com/in/ada-lovelace',
  website: 'https://lovelace.example',
  address: '12 St James Square',
  city: 'London',
  state: null,
  zip_code: 'SW1Y 4JH',
  country: 'GB',
  notes: null,
  tags: ['vip'],
  status: 'active',
  source_id: null,
  source_name: null,
  custom_fields: {},
  lawful_basis: 'legitimate_interests',
  lawful_basis_at: '2026-01-05T09:00:00.000Z',
  lawful_basis_source: null,
  verification_status: null,
  verified_at: null,
  account_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00',
  created_by: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c01',
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
  deleted_at: null,
};

export const onWire = (organization: OrganizationId, contact: Contact): z.input<typeof contactShape> => ({
  ...recordOf(organization, contact),
  deleted_at: contact.deleted_at?.toISOString() ?? null,
});

export const rowShape = z
  .object({
    email: z.string().nullable().describe('As it was sent; null when no text was.'),
    status: z.enum(['created', 'updated', 'suppressed', 'rejected']),
    id: z.uuid().optional().describe('Of the contact, when there is one.'),
    reason: z.string().optional().describe('Why it was rejected.'),
  })
  .meta({ id: 'ContactRow' });
type Row = z.input<typeof rowShape>;

export const summaryShape = z.object({ created: z.int(), updated: z.int(), suppressed: z.int(), rejected: z.int() });

/** What became of the rows: a contact that was as the row says it already counts as updated. */
export function upsertAnswer(
  rows: readonly unknown[],
  results: readonly UpsertResult[],
): { data: Row[]; summary: z.input<typeof summaryShape> } {
  const summary = { created: 0, updated: 0, suppressed: 0, rejected: 0 };
  const data = results.map((result, index): Row => {
    const status = result.status === 'unchanged' || result.status === 'restored' ? 'updated' : result.status;
    summary[status] += 1;
    return {
      email: sentText(rows[index], 'email') ?? null,
      status,
      ...('id' in result ? { id: result.id } : {}),
      ...('reason' in result ? { reason: result.reason } : {}),
    };
  });
  return { data, summary };
}
