import { z } from 'zod';
import { parseAddress } from '../../base/email-address.ts';
import type { Address } from '../../base/email-address.ts';
import { contactInput } from '../../crm/contacts/index.ts';
import type { ContactFields, UpsertResult } from '../../crm/contacts/index.ts';
import type { Transaction } from '../../db/pool.ts';
import { detailsOf } from '../../http/validation.ts';
import { validationMessages } from '../../base/validation-messages.ts';
import { fields, sentText, unstorableText } from '../../crm/records/index.ts';
import type { CustomField } from '../../crm/custom-fields/index.ts';
import type { CustomValues, Editor } from '../../crm/records/index.ts';
import type { Domain } from '../vendor.ts';
import { fieldIn, sentence } from '../errors.ts';
import { foxreachWords } from './surface.ts';

const email = z.string().trim().min(1, 'must not be empty').max(1_000);
const customKey = z.string().regex(/^[^\p{Cc}\p{Cs}]{1,100}$/u);
const leadFields = {
  firstName: contactInput.first_name,
  lastName: contactInput.last_name,
  company: contactInput.company_name,
  title: contactInput.job_title,
  phone: contactInput.phone,
  linkedinUrl: contactInput.linkedin_url,
  website: contactInput.website,
  tags: contactInput.tags,
  customFields: z.record(customKey, z.unknown()).optional(),
  notes: contactInput.notes,
  source: fields.optionalText(200).optional(),
  status: contactInput.status,
};

export const newLead = z.strictObject({ email, ...leadFields });
/** A missing field keeps its value; null clears it. */
export const leadChange = newLead.partial();

/** The source of a lead created without one. */
export const defaultSource = 'api';

export type LeadFields = Omit<z.output<typeof leadChange>, 'email'>;
export type Names = Pick<Domain, 'customFields' | 'sources'>;

/** FoxReach's custom values have no types, so numbers and booleans are written as text into a text field. */
const customValue = (value: unknown, type: CustomField['type'] = 'text'): unknown =>
  type === 'text' && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : value;

const plainKey = (key: string): string => key.toLowerCase().replaceAll(/[\s_-]/g, '');

/** Finds the key of the field that a caller means: `employeeCount` is `employee_count` if that is defined, or was remembered before. */
function keysOf(defined: readonly string[]): (key: string, remember: boolean) => string {
  const known = new Set(defined);
  const byPlain = new Map(defined.map((key) => [plainKey(key), key]));
  return (key, remember) => {
    if (known.has(key)) return key;
    const found = byPlain.get(plainKey(key));
    if (found === undefined && remember) byPlain.set(plainKey(key), key);
    return found ?? key;
  };
}

/** Turns leads into fields of contacts. Creates missing custom fields and sources, in the transaction that writes the contacts. */
export async function contactsOf(
  tx: Transaction,
  { customFields, sources }: Names,
  editor: Editor,
  leads: readonly LeadFields[],
): Promise<ContactFields[]> {
  const { organizationId: organization } = editor;
  const types = new Map((await customFields.list(organization, 'contact', tx)).map(({ key, type }) => [key, type]));
  const keyOf = keysOf([...types.keys()]);
  // A field that is not defined is not created to be cleared.
  const given = leads.map((lead) =>
    Object.entries(lead.customFields ?? {}).map(([key, value]) => [keyOf(key, value !== null), value] as const),
  );
  const unknown = new Set(given.flat().flatMap(([key, value]) => (types.has(key) || value === null ? [] : [key])));
  await customFields.ensureText(tx, editor, 'contact', [...unknown]);
  const sourceIds = await sources.ensureAll(
    tx,
    editor,
    leads.flatMap(({ source }) => source ?? []),
  );
  return leads.map(
    (
      { firstName, lastName, company, title, linkedinUrl, customFields: custom, source, ...same },
      index,
    ): ContactFields => {
      const values: CustomValues = Object.fromEntries(
        (given[index] ?? []).map(([key, value]) => [key, customValue(value, types.get(key))]),
      );
      return {
        ...same,
        first_name: firstName,
        last_name: lastName,
        company_name: company,
        job_title: title,
        linkedin_url: linkedinUrl,
        custom_fields: custom === undefined ? undefined : values,
        source_id: source == null ? source : sourceIds.get(source),
      };
    },
  );
}

/** A row of an import. `email`: as it was sent. */
export type ImportRow = { readonly email: string } & (
  | { readonly address: Address; readonly lead: LeadFields }
  | { readonly problem: string }
);

export function importRow(row: unknown): ImportRow {
  const sent = sentText(row, 'email') ?? '';
  const unstorable = unstorableText(row, 'lead');
  if (unstorable !== undefined) return { email: sent, problem: unstorable };
  const parsed = newLead.safeParse(row, { error: validationMessages });
  if (!parsed.success) return { email: sent, problem: sentence(detailsOf(parsed.error.issues, row, 'lead')) };
  const { email: text, ...lead } = parsed.data;
  const address = parseAddress(text);
  return 'problem' in address ? { email: sent, problem: `email: ${address.problem}` } : { email: sent, address, lead };
}

/** The reason of a rejected row, in FoxReach's names of fields. */
const reasonOf = ({ reason, details }: Extract<UpsertResult, { status: 'rejected' }>): string =>
  details === undefined
    ? reason
    : sentence(Object.fromEntries(Object.entries(details).map(([path, each]) => [fieldIn(foxreachWords, path), each])));

/** An import's answer names at most this many duplicates, and as many errors. */
const namedMax = 100;

/** The answer of an import. @param results by row; a row without a result was not written, because its lead is deleted. */
export function importAnswer(rows: readonly ImportRow[], results: ReadonlyMap<ImportRow, UpsertResult>) {
  const answer = { created: 0, restored: 0, duplicates: 0, errors: 0 };
  const duplicateEmails: string[] = [];
  const errorDetails: { email: string; reason: string }[] = [];
  for (const row of rows) {
    const result: UpsertResult | undefined =
      'problem' in row ? { status: 'rejected', reason: row.problem } : results.get(row);
    if (result?.status === 'created' || result?.status === 'restored') {
      answer[result.status] += 1;
    } else if (result?.status === 'rejected' || result?.status === 'suppressed') {
      answer.errors += 1;
      const reason = result.status === 'suppressed' ? 'email: is suppressed' : reasonOf(result);
      errorDetails.push({ email: row.email, reason });
    } else {
      answer.duplicates += 1;
      duplicateEmails.push(row.email);
    }
  }
  return {
    ...answer,
    duplicateEmails: duplicateEmails.slice(0, namedMax),
    errorDetails: errorDetails.slice(0, namedMax),
  };
}
