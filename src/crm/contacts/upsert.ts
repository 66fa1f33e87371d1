import type { Address } from '../../base/email-address.ts';
import type { Clock } from '../../base/clock.ts';
import type { Companies } from '../companies/index.ts';
import type { CustomFields } from '../custom-fields/index.ts';
import type { Transaction } from '../../db/pool.ts';
import { invalid, sentence, unreachable } from '../../base/errors.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import type { EmitAll } from '../../events/index.ts';
import type { Ids } from '../../base/ids.ts';
import { countBy, ownerIn, tagsOf } from '../records/index.ts';
import type { Editor, Owner } from '../records/index.ts';
import type { Sources } from '../sources/index.ts';
import type { Suppressions } from '../suppressions/index.ts';
import { withEmails } from './addresses.ts';
import { areFurtherDeleted } from './addresses-queries.ts';
import { contactEvent, contactKind, danglingReferences, restorableSince, withBasis, withFields } from './contact.ts';
import type { Contact, ContactFields, Lawfulness, References } from './contact.ts';
import { basisFaults } from './input.ts';
import type { UpsertRow } from './input.ts';
import { rememberTags } from './queries.ts';
import { createTargets } from './upsert-targets.ts';
import { write } from './upsert-write.ts';
import type { ExistingTerms, Target } from './upsert-write.ts';

export interface UpsertOptions {
  readonly customFields: Pick<CustomFields, 'faults' | 'validator'>;
  readonly sources: Pick<Sources, 'known'>;
  readonly companies: Pick<Companies, 'idsByName' | 'idsByPartOfName' | 'found' | 'hold'>;
  readonly suppressions: Pick<Suppressions, 'suppressed' | 'hold' | 'lock' | 'domains'>;
  readonly emitAll: EmitAll;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Options for all rows of an upsert. */
export interface UpsertTerms extends Lawfulness, ExistingTerms {
  /** Assigns contacts without a company to the one with this name, or with the domain of their address, if there is exactly one. */
  readonly link_company_by?: 'name' | 'domain' | undefined;
  /** Added to the tags of each contact. */
  readonly addTags?: readonly string[];
}

/** The result of a row. A later row for the same contact is `updated`. */
export type UpsertResult =
  | { readonly status: 'created' | 'updated' | 'unchanged' | 'restored'; readonly id: string }
  | { readonly status: 'suppressed' }
  /** `details`: the same as `reason`, by field; undefined for a row that was refused before it got here. */
  | { readonly status: 'rejected'; readonly reason: string; readonly details?: ErrorDetails };

/**
 * Creates or changes contacts of the editor's workspace by their addresses. Rows for the same address apply in their order, as one change. The number of statements
 * does not depend on the number of rows. Throws `Restart` when a contact is deleted, or its address changes, in the meantime.
 * @returns the result of each row, in the order of the rows
 * @throws ApiError `validation_failed` when the lawful basis has an impossible time
 * @example
 * await upsert(options, tx, editor, [readRow({ email: 'ada@lovelace.example', first_name: 'Ada' })], { lawful_basis: 'consent' });
 * // [{ status: 'created', id: '0199c9f1-…' }]
 */
export async function upsert(
  { customFields, sources, companies, suppressions, emitAll, clock, ids }: UpsertOptions,
  tx: Transaction,
  editor: Editor,
  rows: readonly UpsertRow[],
  terms: UpsertTerms = {},
): Promise<UpsertResult[]> {
  const { organizationId: organization } = editor;
  const owner = ownerIn(editor);
  const at = new Date(clock.now());
  const basisFault = basisFaults(terms, at.getTime());
  if (basisFault !== undefined) throw invalid(basisFault);
  const results: (UpsertResult | undefined)[] = rows.map((row) =>
    'problem' in row ? { status: 'rejected', reason: row.problem } : undefined,
  );
  const changesAddresses =
    rows.some((row) => 'emails' in row && row.emails !== undefined) ||
    (terms.restoreDeleted === true && (await areFurtherDeleted(tx, owner, keysOf(rows), restorableSince(at))));
  await (changesAddresses ? suppressions.lock : suppressions.hold)(tx, organization);
  const linked =
    terms.link_company_by === undefined ? rows : await withCompanies(companies, tx, owner, rows, terms.link_company_by);
  const good = linked.flatMap((row, index) => ('problem' in row ? [] : [{ row, index }]));
  const references = await referencesOf(
    { sources, companies },
    tx,
    owner,
    good.map(({ row }) => row.fields),
  );
  const faultsOf = good.some(({ row }) => row.fields.custom_fields !== undefined)
    ? await customFields.validator(tx, organization, 'contact')
    : () => undefined;
  const suppressed = await suppressions.suppressed(
    tx,
    owner,
    good.flatMap(({ row }) => row.emails ?? [row.address]),
  );

  const targets = await createTargets(
    tx,
    owner,
    good.map(({ row }) => row),
  );
  for (const { row, index } of good) {
    const faults = {
      ...danglingReferences(owner, row.fields, references),
      ...faultsOf(row.fields.custom_fields ?? {}),
    };
    if (Object.keys(faults).length > 0) {
      results[index] = { status: 'rejected', reason: sentence(faults), details: faults };
    } else if (suppressed.has(row.address.key)) {
      results[index] = { status: 'suppressed' };
    } else {
      const target = targets.of(row, suppressed);
      if ('details' in target) {
        results[index] = { status: 'rejected', reason: sentence(target.details), details: target.details };
        continue;
      }
      if (target.changes.length === 0 || terms.keepExisting !== true) target.changes.push(row.fields);
      target.rows.push(index);
    }
  }

  const next = (before: Contact, { changes, emails }: Target): Contact => {
    const changed = changes.reduce<Contact>(
      (contact, fields) => withFields(contact, fields, references),
      withBasis(emails === undefined ? before : withEmails(before, emails), terms, at),
    );
    return terms.addTags === undefined ? changed : { ...changed, tags: tagsOf([...changed.tags, ...terms.addTags]) };
  };
  const written = await write(ids, tx, editor, targets.used(), next, { ...terms, changesAddresses }, at);

  const events = written.filter(({ status }) => status !== 'unchanged');
  await emitAll(
    tx,
    events.map(({ status, before, after }) =>
      status === 'updated' && before !== undefined
        ? contactEvent(editor, 'contact.updated', after, at, contactKind.changes(before, after))
        : contactEvent(editor, 'contact.created', after, at),
    ),
  );
  await countBy(
    tx,
    organization,
    'contact',
    written.filter(({ status }) => status === 'created' || status === 'restored').length,
  );
  await rememberTags(
    tx,
    owner,
    events.flatMap(({ after }) => after.tags),
  );

  const later = terms.keepExisting === true ? 'unchanged' : 'updated';
  for (const { target, status, after } of written) {
    target.rows.forEach(
      (row, index) => (results[row] = { status: index === 0 || status === 'unchanged' ? status : later, id: after.id }),
    );
  }
  return results.map((result, index) => {
    if (result === undefined) throw unreachable(`no result for row ${index}`);
    return result;
  });
}

const keysOf = (rows: readonly UpsertRow[]): string[] =>
  rows.flatMap((row) => ('problem' in row ? [] : row.address.key));

/** Adds to the rows the companies found for them. They are locked later, with those that the rows name. */
async function withCompanies(
  companies: Pick<Companies, 'found'>,
  tx: Transaction,
  owner: Owner,
  rows: readonly UpsertRow[],
  by: 'name' | 'domain',
): Promise<readonly UpsertRow[]> {
  const valueOf = ({ address, fields }: Extract<UpsertRow, { address: Address }>): string | undefined =>
    by === 'domain' ? address.domain : (fields.company_name ?? undefined);
  const values = rows.flatMap((row) => ('problem' in row ? [] : (valueOf(row) ?? [])));
  const found = await companies.found(tx, owner, by, values);
  return rows.map((row): UpsertRow => {
    const value = 'problem' in row ? undefined : valueOf(row);
    const company = value === undefined ? undefined : found(value);
    return 'problem' in row || company === undefined
      ? row
      : { ...row, fields: { ...row.fields, found_company_id: company } };
  });
}

/** Reads the records that changes name, locked until the transaction ends: sources first, then companies, as everywhere. */
export async function referencesOf(
  { sources, companies }: { readonly sources: Pick<Sources, 'known'>; readonly companies: Pick<Companies, 'hold'> },
  tx: Transaction,
  owner: Owner,
  changes: readonly ContactFields[],
): Promise<References> {
  const sourceIds = changes.flatMap(({ source_id: id }) => id ?? []);
  const companyIds = changes.flatMap(({ company_id: id, found_company_id: found }) =>
    [id, found].flatMap((each) => each ?? []),
  );
  const found = sourceIds.length === 0 ? new Map<string, string>() : await sources.known(tx, owner, sourceIds);
  return { sources: found, companies: await companies.hold(tx, owner, [...new Set(companyIds)]) };
}
