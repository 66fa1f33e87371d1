import { z } from 'zod';
import { parseAddress } from '../../base/email-address.ts';
import type { Address } from '../../base/email-address.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { fields, parseRow } from '../records/index.ts';
import { lawfulBases, statuses } from './contact.ts';
import type { ContactFields, Lawfulness } from './contact.ts';
import { dayMs } from '../../base/clock.ts';

const { customValues, optionalText, tags, url } = fields;
export const idField = z.uuid().toLowerCase();

/** What callers may give of a contact, its address aside. */
export const contactFields = {
  first_name: optionalText(200).optional(),
  last_name: optionalText(200).optional(),
  phone: optionalText(100).optional(),
  company_id: idField.nullable().optional(),
  company_name: optionalText(300)
    .optional()
    .describe(
      'Shown where the contact belongs to no company of yours. It never takes a contact out of its company: `company_id: null` does.',
    ),
  job_title: optionalText(200).optional(),
  linkedin_url: url.optional(),
  website: url.optional(),
  address: fields.address.address.optional(),
  city: fields.address.city.optional(),
  state: fields.address.state.optional(),
  zip_code: fields.address.zip_code.optional(),
  country: fields.address.country.optional(),
  notes: optionalText(10_000).optional(),
  tags: tags.optional(),
  status: z.enum(statuses).optional(),
  source_id: idField.nullable().optional(),
  custom_fields: customValues.optional(),
};

export const lawfulBasis = z.enum(lawfulBases);
export const lawfulnessFields = {
  lawful_basis_at: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text))
    .optional()
    .describe('Since when: since 1900, and not in the future. When not said: now, if the basis is a new one.'),
  lawful_basis_source: optionalText(500).optional().describe('How it was obtained.'),
};

export const linkCompanyBy = z
  .enum(['name', 'domain'])
  .describe(
    'Puts contacts that belong to no company into the one that has the `company_name` of their row (case, accents and the like aside), or whose `domain` their address has. Where several have it, or none, the name stays text.',
  );

/** Clocks differ, and some say midnight of a day that has begun elsewhere only. */
const aheadMaxMs = dayMs;

/** What is wrong with a basis; undefined when nothing is. */
export function basisFaults({ lawful_basis_at: since }: Lawfulness, nowMs: number): ErrorDetails | undefined {
  if (since == null || (since >= fields.earliest && since.getTime() <= nowMs + aheadMaxMs)) return undefined;
  return { lawful_basis_at: 'must be since 1900 and not in the future' };
}

/** One row of a bulk upsert. */
export const contactRow = z.strictObject({ email: z.string().max(1_000), ...contactFields });

/** A row that can be written as far as it can be told without the database; or why not. */
export type UpsertRow = { readonly address: Address; readonly fields: ContactFields } | { readonly problem: string };

/** Reads one row of a bulk upsert. */
export function readRow(row: unknown): UpsertRow {
  const parsed = parseRow(contactRow, row);
  if ('problem' in parsed) return parsed;
  const { email, ...given } = parsed.data;
  const address = parseAddress(email);
  return 'problem' in address ? { problem: `email: ${address.problem}` } : { address, fields: given };
}
