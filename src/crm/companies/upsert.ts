import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { domainWithoutWww } from '../../base/company-domain.ts';
import { sentence, unreachable } from '../../base/errors.ts';
import type { Ids } from '../../base/ids.ts';
import { Restart } from '../../db/pool.ts';
import type { Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import type { CustomFields } from '../custom-fields/index.ts';
import { countBy, fields, ownerIn, parseRow } from '../records/index.ts';
import type { Editor } from '../records/index.ts';
import { companyEvent, companyKind, newCompany } from './company.ts';
import type { Company, CompanyChange } from './company.ts';
import { companiesByDomain, insertCompanies, lockCompanies, lockUpserts, updateCompanies } from './queries.ts';

/** One row of an upsert. */
export const companyRow = z.strictObject({
  ...companyKind.given,
  domain: fields.requiredText(300).describe('Identifies the company, in any spelling.'),
  name: newCompany.shape.name.optional().describe('Required for a new company.'),
});

/** A row that is valid as far as can be checked without the database, or why it is not. */
export type CompanyRow = { readonly domain: string; readonly change: CompanyChange } | { readonly problem: string };

/** Reads one row of an upsert. */
export function readRow(row: unknown): CompanyRow {
  const parsed = parseRow(companyRow, row);
  if ('problem' in parsed) return parsed;
  const domain = domainWithoutWww(parsed.data.domain);
  return domain === undefined
    ? { problem: 'domain: must be a domain, such as lovelace.example' }
    : { domain, change: { ...parsed.data, domain } };
}

/** The result of a row. A later row for the same company is `updated`. */
export type CompanyResult =
  | { readonly status: 'created' | 'updated'; readonly id: string }
  | { readonly status: 'rejected'; readonly reason: string };

interface UpsertOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emitAll: EmitAll;
  readonly customFields: Pick<CustomFields, 'validator'>;
}

/** Rows for one domain, in the order given. */
interface Target {
  readonly domain: string;
  readonly changes: CompanyChange[];
  readonly rows: number[];
}

interface Written {
  readonly before: Company | undefined;
  readonly after: Company;
}

/**
 * Creates or changes companies of the editor's workspace by their domains. Rows for the same domain apply in their order, as one change. The
 * number of statements does not depend on the number of rows. Upserts of the same owner run one after the other, because domains are not unique.
 * @returns the result of each row, in the order of the rows
 */
export async function upsert(
  { clock, ids, emitAll, customFields }: UpsertOptions,
  tx: Transaction,
  editor: Editor,
  rows: readonly CompanyRow[],
): Promise<CompanyResult[]> {
  const { organizationId: organization } = editor;
  const owner = ownerIn(editor);
  const at = new Date(clock.now());
  const results: (CompanyResult | undefined)[] = rows.map((row) =>
    'problem' in row ? { status: 'rejected', reason: row.problem } : undefined,
  );
  const faultsOf = rows.some((row) => 'change' in row && row.change.custom_fields !== undefined)
    ? await customFields.validator(tx, organization, 'company')
    : () => undefined;
  const targets = new Map<string, Target>();
  rows.forEach((row, index) => {
    if ('problem' in row) return;
    const faults = faultsOf(row.change.custom_fields ?? {});
    if (faults !== undefined && Object.keys(faults).length > 0) {
      results[index] = { status: 'rejected', reason: sentence(faults) };
      return;
    }
    const target = targets.get(row.domain) ?? { domain: row.domain, changes: [], rows: [] };
    targets.set(row.domain, target);
    target.changes.push(row.change);
    target.rows.push(index);
  });
  await lockUpserts(tx, owner);
  const domains = [...targets.keys()];
  const found = Map.groupBy(domains.length === 0 ? [] : await companiesByDomain(tx, owner, domains), ({ key }) => key);
  const alone = [...found.values()].flatMap((own) => (own.length === 1 ? own.map(({ id }) => id) : []));
  const locked = new Map(
    (alone.length === 0 ? [] : await lockCompanies(tx, editor, alone)).map((row) => [row.id, row]),
  );
  const written: Written[] = [];
  for (const { domain, changes, rows: own } of targets.values()) {
    const [one, another] = found.get(domain) ?? [];
    const before = one === undefined ? undefined : locked.get(one.id);
    const isNamed = changes.some(({ name }) => name !== undefined);
    const refused =
      another === undefined
        ? one === undefined && !isNamed
          ? 'name: is required for a new company'
          : undefined
        : 'domain: several companies have it';
    if (refused !== undefined) {
      for (const row of own) results[row] = { status: 'rejected', reason: refused };
      continue;
    }
    if (one !== undefined && before?.domain !== domain && before?.domain !== `www.${domain}`)
      throw new Restart('A company was deleted or changed before it was locked.');
    const begun = before ?? { ...companyKind.blank(ids.next(), editor, at), organization_id: organization };
    const after = changes.reduce<Company>((company, change) => companyKind.withValues(company, change), begun);
    own.forEach((row, index) => {
      results[row] = { status: before === undefined && index === 0 ? 'created' : 'updated', id: after.id };
    });
    written.push({ before, after: { ...after, updated_at: at } });
  }
  await write({ emitAll }, tx, editor, written, at);
  return results.map((result, index) => result ?? fail(index));
}

async function write(
  { emitAll }: Pick<UpsertOptions, 'emitAll'>,
  tx: Transaction,
  editor: Editor,
  written: readonly Written[],
  at: Date,
): Promise<void> {
  const created = written.filter(({ before }) => before === undefined).map(({ after }) => after);
  const changed = written.flatMap(({ before, after }) => {
    const names = before === undefined ? [] : companyKind.changes(before, after);
    return names.length === 0 ? [] : [{ after, names }];
  });
  if (created.length > 0) await insertCompanies(tx, created);
  if (changed.length > 0)
    await updateCompanies(
      tx,
      changed.map(({ after }) => after),
    );
  await emitAll(tx, [
    ...created.map((company) => companyEvent(editor, 'company.created', company, at)),
    ...changed.map(({ after, names }) => companyEvent(editor, 'company.updated', after, at, names)),
  ]);
  await countBy(tx, editor.organizationId, 'company', created.length);
}

const fail = (index: number): never => {
  throw unreachable(`no result for row ${index}`);
};
