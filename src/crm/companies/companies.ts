import type { WorkspaceStage } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { CustomFields } from '../custom-fields/index.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import { ApiError, notFound } from '../../base/errors.ts';
import type { Emit, EmitAll } from '../../events/index.ts';
import type { Ids } from '../../base/ids.ts';
import { countBy, refoldChunk, searchPattern, totalIn } from '../records/index.ts';
import type { Editor, Failures, MergedInto, Owner, Reach, SearchPattern, Total } from '../records/index.ts';
import { companyEvent, companyKind, dependentsMax } from './company.ts';
import type { Company, CompanyChange, NewCompany } from './company.ts';
import { found, idsByName, idsByPartOfName } from './lookup.ts';
import type { CompaniesByName, CompaniesInPart } from './lookup.ts';
import { changeMany, removeLocked, removeMany } from './many.ts';
import { merging } from './merging.ts';
import type { Dependents } from './many.ts';
import {
  companiesByIds,
  companiesWithDomain,
  countCompanies,
  deleteCompaniesOf,
  holdCompanies,
  insertCompany,
  listCompanies,
  lockCompanies,
  lockCompaniesToDelete,
  refoldCompanies,
  updateCompanies,
} from './queries.ts';
import type { StoredFilter } from './queries.ts';
import { upsert } from './upsert.ts';
import type { CompanyResult, CompanyRow } from './upsert.ts';

export interface CompaniesOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emit: Emit;
  readonly emitAll: EmitAll;
  readonly customFields: Pick<CustomFields, 'assertValid' | 'faults' | 'validator'>;
  /** In the order in which their kinds are locked. A function, because their slices are created after this one. */
  readonly dependents: () => readonly Dependents[];
  readonly mergedInto: MergedInto;
}

/** What limits a list; a filter that is left out limits nothing. */
export interface CompanyFilter {
  readonly search?: string | undefined;
  /** Companies that have all of them. */
  readonly tags?: readonly string[] | undefined;
  /** Compared without case. */
  readonly industry?: string | undefined;
  /** In ASCII and lower case. */
  readonly domain?: string | undefined;
  readonly owner?: string | undefined;
}

export type Companies = ReturnType<typeof createCompanies>;

export function createCompanies(options: CompaniesOptions) {
  const { db } = options;
  return {
    /**
     * @throws ApiError `validation_failed` for invalid custom fields
     * @example
     * const { id } = await companies.create(editor, { name: 'Analytical Engines', domain: 'lovelace.example' });
     */
    create: (editor: Editor, given: NewCompany): Promise<Company> => create(options, editor, given),

    /** Creates or changes companies by their domains; see `upsert.ts`. */
    upsertAll: (editor: Editor, rows: readonly CompanyRow[]): Promise<CompanyResult[]> =>
      db.transaction((tx) => upsert(options, tx, editor, rows)),

    /** @throws ApiError `not_found`, naming the company that a merged one led to */
    async get(reach: Reach, id: string): Promise<Company> {
      const [company] = await companiesByIds(db, reach, [id]);
      if (company === undefined) throw notFound('Company', await options.mergedInto(reach, id));
      return company;
    },

    /** What merges do with companies. */
    merging,

    /** The companies with these ids, in no order. Ids out of reach are skipped. */
    byIds: (on: Queryable, reach: Reach, wanted: readonly string[]): Promise<Company[]> =>
      companiesByIds(on, reach, wanted),

    list: (reach: Reach, filter: CompanyFilter, slice: Slice): Promise<Company[]> =>
      listCompanies(db, reach, storedFilter(filter), slice),

    total: (reach: Reach, filter: CompanyFilter, updatedSince?: Date): Promise<Total> =>
      totalIn(db, reach, 'company', { ...storedFilter(filter), updatedSince }, countCompanies),

    /** A change that changes nothing emits no event. @throws ApiError `not_found`, or `validation_failed` for invalid custom fields. */
    update: (editor: Editor, id: string, change: CompanyChange): Promise<Company> =>
      update(options, editor, id, change),

    /** Removes its contacts and projects from the company. @throws ApiError `not_found`, or `conflict` for more than `dependentsMax` of these. */
    remove: (editor: Editor, id: string): Promise<void> => db.transaction((tx) => remove(options, tx, editor, id)),

    /** Makes the same change of each company, in the caller's transaction. @returns those that cannot be changed */
    changeMany: (
      tx: Transaction,
      editor: Editor,
      wanted: readonly string[],
      change: CompanyChange,
    ): Promise<Failures> => changeMany(options, tx, editor, wanted, change),

    /**
     * Deletes companies, in the caller's transaction. Contacts and projects leave them first, at most `dependentsMax` at a time.
     * @returns those that do not exist; undefined if nothing is deleted yet, because more contacts or projects must leave first: call it again
     */
    removeMany: (tx: Transaction, editor: Editor, wanted: readonly string[]): Promise<Failures | undefined> =>
      removeMany(options, tx, editor, wanted),

    /**
     * Ids of the companies whose name matches a `searchPattern`, up to 200; if the pattern has no trigrams, among the newest 5,000. The search
     * of records that belong to companies uses it beside their own text. That text does not contain the company's name, because renaming a
     * company would have to change 100,000 of them.
     * @param among only these companies
     */
    idsByName: (reach: Reach, pattern: SearchPattern, among?: readonly string[]): Promise<CompaniesByName> =>
      idsByName(db, reach, pattern, among),

    /**
     * Companies whose name has only some of the words: records that belong to them match if they have the others themselves. For each word as
     * many as `idsByName` finds; none for more than five words.
     */
    idsByPartOfName: (reach: Reach, pattern: SearchPattern, among?: readonly string[]): Promise<CompaniesInPart> =>
      idsByPartOfName(db, reach, pattern, among),

    found,

    /** The owner's next companies that have a domain, by id. */
    withDomainAfter: (on: Queryable, owner: Owner, after: string, limit: number): Promise<Company[]> =>
      companiesWithDomain(on, owner, after, limit),

    /** Deletes the companies of a workspace that is being deleted, after its contacts and projects. */
    removeOfWorkspace: (async (tx, workspace, limit) => {
      const removed = await deleteCompaniesOf(tx, workspace.workspaceId, limit);
      const at = new Date(options.clock.now());
      await options.emitAll(
        tx,
        removed.map((company) => companyEvent(workspace, 'company.deleted', company, at)),
      );
      await countBy(tx, workspace.organizationId, 'company', -removed.length);
      return removed.length;
    }) satisfies WorkspaceStage,

    /** Folds companies again that an earlier version wrote. @returns how many, at most `refoldChunk` */
    refold: (): Promise<number> => db.transaction((tx) => refoldCompanies(tx, refoldChunk)),

    /**
     * Names of the owner's companies with these ids, which nobody can delete until the transaction ends. Call it before locking records that belong to
     * companies. Other ids are skipped.
     */
    hold: async (tx: Transaction, owner: Owner, wanted: readonly string[]): Promise<ReadonlyMap<string, string>> =>
      wanted.length === 0
        ? new Map()
        : new Map((await holdCompanies(tx, owner, wanted)).map(({ id, name }) => [id, name])),
  };
}

async function create(
  { db, clock, ids, emit, customFields }: CompaniesOptions,
  editor: Editor,
  given: NewCompany,
): Promise<Company> {
  const { organizationId: organization } = editor;
  await customFields.assertValid(db, organization, 'company', given.custom_fields);
  const at = new Date(clock.now());
  const blank = { ...companyKind.blank(ids.next(), editor, at), organization_id: organization };
  const company = companyKind.withValues(blank, given);
  await db.transaction(async (tx) => {
    await insertCompany(tx, company);
    await emit(tx, companyEvent(editor, 'company.created', company, at));
    await countBy(tx, organization, 'company', 1);
  });
  return company;
}

async function update(
  { db, clock, emit, customFields }: CompaniesOptions,
  editor: Editor,
  id: string,
  change: CompanyChange,
): Promise<Company> {
  const { organizationId: organization } = editor;
  await customFields.assertValid(db, organization, 'company', change.custom_fields);
  return db.transaction(async (tx) => {
    const [before = missing()] = await lockCompanies(tx, editor, [id]);
    const at = new Date(clock.now());
    const after = { ...companyKind.withValues(before, change), updated_at: at };
    const changed = companyKind.changes(before, after);
    if (changed.length === 0) return before;
    await updateCompanies(tx, [after]);
    await emit(tx, companyEvent(editor, 'company.updated', after, at, changed));
    return after;
  });
}

async function remove(options: CompaniesOptions, tx: Transaction, editor: Editor, id: string): Promise<void> {
  const [company = missing()] = await lockCompaniesToDelete(tx, editor, [id]);
  let belonging = 0;
  for (const each of options.dependents())
    belonging += await each.count(tx, editor.organizationId, id, dependentsMax + 1);
  if (belonging > dependentsMax) {
    throw new ApiError(
      'conflict',
      `The company has more than ${dependentsMax.toLocaleString('en')} contacts and projects. Delete it with POST /v1/bulk-jobs.`,
    );
  }
  await removeLocked(options, tx, editor, [company], dependentsMax + 1);
}

const missing = (): never => {
  throw notFound('Company');
};

const storedFilter = ({ search = '', tags = [], industry, domain, owner }: CompanyFilter): StoredFilter => ({
  pattern: searchPattern(search),
  tags: tags.length === 0 ? undefined : tags,
  industry: industry?.toLowerCase(),
  domain,
  owner,
});
