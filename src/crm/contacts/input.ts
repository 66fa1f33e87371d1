import { z } from 'zod';
import { parseAddress } from '../../base/email-address.ts';
import type { Address } from '../../base/email-address.ts';
import { sentence } from '../../base/errors.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { contactFields, lawfulBases } from '../../base/records/contact.ts';
import { fields, parseRow } from '../records/index.ts';
import { emailsInput, readAddresses } from './addresses.ts';
import { contactKind } from './contact.ts';
import type { ContactFields, Lawfulness } from './contact.ts';
import { dayMs } from '../../base/clock.ts';

export const idField = z.uuid().toLowerCase();

/** The schemas of the fields that callers give, without the address. */
export const contactInput = contactKind.given;

export const lawfulBasis = z.enum(lawfulBases);
export const lawfulnessFields = {
  lawful_basis_at: fields.moment
    .optional()
    .describe(
      `${contactFields.lawful_basis_at.description} Not before 1900 or in the future. Default for a new basis: now.`,
    ),
  lawful_basis_source: fields
    .optionalText(contactFields.lawful_basis_source.max)
    .optional()
    .describe(contactFields.lawful_basis_source.description),
};

/** The schemas of the fields of a change, without the address. */
export const changeInput = { ...contactInput, lawful_basis: lawfulBasis.nullable().optional(), ...lawfulnessFields };

export const linkCompanyBy = z
  .enum(['name', 'domain'])
  .describe(
    'Assigns contacts without a company to the company with the `company_name` of their row (ignoring case, accents and the like), or with the `domain` of their address. If several companies match, or none, the name stays text.',
  );

/** Clocks differ, and some callers send midnight of a day that has only begun in another time zone. */
const aheadMaxMs = dayMs;

/** The problems of a lawful basis, by field; undefined when there are none. */
export function basisFaults({ lawful_basis_at: since }: Lawfulness, nowMs: number): ErrorDetails | undefined {
  if (since == null || (since >= fields.earliest && since.getTime() <= nowMs + aheadMaxMs)) return undefined;
  return { lawful_basis_at: 'must not be before 1900 or in the future' };
}

/** Tags to add and to remove, without those that stay. */
export const tagChange = z.strictObject({
  add: fields.tags.optional().describe('Tags that the contact has afterwards, also if `remove` names them.'),
  remove: fields.tags.optional().describe('Tags that it does not have are ignored.'),
});

/** One row of a bulk upsert. */
export const contactRow = z.strictObject({
  email: z
    .string()
    .max(1_000)
    .describe('Identifies the contact: any of its addresses. The primary one, if `emails` is given.'),
  emails: emailsInput.optional(),
  ...contactInput,
});

/** A row that is valid as far as can be checked without the database, or why it is not. */
export type UpsertRow =
  | {
      readonly address: Address;
      readonly fields: ContactFields;
      /** All addresses that the contact has afterwards, the primary one first; undefined: those that it has. */
      readonly emails?: readonly Address[] | undefined;
    }
  | { readonly problem: string };

/** Reads one row of a bulk upsert. */
export function readRow(row: unknown): UpsertRow {
  const parsed = parseRow(contactRow, row);
  if ('problem' in parsed) return parsed;
  const { email, emails, ...given } = parsed.data;
  if (emails !== undefined) {
    const read = readAddresses({ email, emails });
    if ('faults' in read) return { problem: sentence(read.faults) };
    const { primary, all } = read.change;
    if (primary != null) return { address: primary, fields: given, emails: all };
  }
  const address = parseAddress(email);
  return 'problem' in address ? { problem: `email: ${address.problem}` } : { address, fields: given };
}
