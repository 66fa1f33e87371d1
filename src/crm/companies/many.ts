/** Changes and deletes many companies with a fixed number of statements, each with the event of the single change. */
import type { Clock } from '../../base/clock.ts';
import { sentence } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import type { CustomFields } from '../custom-fields/index.ts';
import { countBy, notFoundOf } from '../records/index.ts';
import type { Editor, Failures } from '../records/index.ts';
import { companyEvent, companyKind, dependentsMax } from './company.ts';
import type { Company, CompanyChange } from './company.ts';
import { deleteCompanies, lockCompanies, lockCompaniesToDelete, updateCompanies } from './queries.ts';

/** Records of another kind that belong to companies. */
export interface Dependents {
  /** The number of live records of a company, counted up to `max`. */
  count(tx: Transaction, organization: OrganizationId, company: string, max: number): Promise<number>;
  /** Removes up to `max` of them from companies, each with its event. The companies' locks, which come before theirs, keep others from being added. @returns how many */
  release(tx: Transaction, editor: Editor, companies: readonly string[], max: number): Promise<number>;
}

interface ManyOptions {
  readonly clock: Clock;
  readonly emitAll: EmitAll;
  readonly customFields: Pick<CustomFields, 'faults'>;
  readonly dependents: () => readonly Dependents[];
}

/** Makes the same change of each company. Those that already are as wanted emit nothing. @returns those that cannot be changed, with the reason */
export async function changeMany(
  { clock, emitAll, customFields }: ManyOptions,
  tx: Transaction,
  editor: Editor,
  ids: readonly string[],
  change: CompanyChange,
): Promise<Failures> {
  const faults = await customFields.faults(tx, editor.organizationId, 'company', change.custom_fields);
  if (faults !== undefined) return new Map(ids.map((id) => [id, sentence(faults)]));
  const companies = await lockCompanies(tx, editor, ids);
  const at = new Date(clock.now());
  const written = companies.flatMap((before): { after: Company; changed: string[] }[] => {
    const after = { ...companyKind.withValues(before, change), updated_at: at };
    const changed = companyKind.changes(before, after);
    return changed.length === 0 ? [] : [{ after, changed }];
  });
  if (written.length > 0)
    await updateCompanies(
      tx,
      written.map(({ after }) => after),
    );
  await emitAll(
    tx,
    written.map(({ after, changed }) => companyEvent(editor, 'company.updated', after, at, changed)),
  );
  return notFoundOf('Company', ids, companies);
}

/** @returns undefined if more contacts or projects must leave the companies first */
export async function removeMany(
  options: ManyOptions,
  tx: Transaction,
  editor: Editor,
  wanted: readonly string[],
): Promise<Failures | undefined> {
  const companies = await lockCompaniesToDelete(tx, editor, wanted);
  if (companies.length > 0 && !(await removeLocked(options, tx, editor, companies, dependentsMax))) return undefined;
  return notFoundOf('Company', wanted, companies);
}

/** Deletes companies that the transaction has locked. @returns false if they have `max` contacts and projects or more: `max` of these leave, and nothing is deleted */
export async function removeLocked(
  { clock, emitAll, dependents }: ManyOptions,
  tx: Transaction,
  editor: Editor,
  companies: readonly Company[],
  max: number,
): Promise<boolean> {
  const { organizationId: organization } = editor;
  const ids = companies.map(({ id }) => id);
  let left = max;
  for (const each of dependents()) {
    left -= await each.release(tx, editor, ids, left);
    if (left <= 0) return false;
  }
  await deleteCompanies(tx, organization, ids);
  const at = new Date(clock.now());
  await emitAll(
    tx,
    companies.map((company) => companyEvent(editor, 'company.deleted', company, at)),
  );
  await countBy(tx, organization, 'company', -ids.length);
  return true;
}
