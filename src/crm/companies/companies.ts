import type { Clock } from '../../base/clock.ts';
import type { CustomFields } from '../custom-fields/index.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { Emit } from '../../events/index.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import {
  changeEvent,
  countBy,
  countedMax,
  countOf,
  isIndexable,
  patternOf,
  refoldChunk,
  searchPattern,
  totalOf,
} from '../records/index.ts';
import type { Editor, SearchPattern, Slice, Total } from '../records/index.ts';
import { companyKind, companyOnWire, nameKey } from './company.ts';
import type { Company, CompanyChange, NewCompany } from './company.ts';
import {
  companiesByDomain,
  companiesByName,
  companiesNamed,
  companyById,
  companyOlderThan,
  countCompanies,
  deleteCompany,
  holdCompanies,
  insertCompany,
  listCompanies,
  lockCompany,
  lockCompanyToDelete,
  refoldCompanies,
  updateCompany,
} from './queries.ts';
import type { StoredFilter } from './queries.ts';

/** Records of another kind that belong to companies. */
export interface Dependents {
  /** The number of live records of a company, counted up to `max`. */
  count(tx: Transaction, organization: OrganizationId, company: string, max: number): Promise<number>;
  /** Removes them from the company, each with its event. The company's lock, which comes before theirs, keeps others from being added. */
  release(tx: Transaction, editor: Editor, company: string): Promise<void>;
}

export interface CompaniesOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emit: Emit;
  readonly customFields: Pick<CustomFields, 'faults'>;
  /** In the order in which their kinds are locked. A function, because their slices are created after this one. */
  readonly dependents: () => readonly Dependents[];
}

/** What limits a list; a filter that is left out limits nothing. */
export interface CompanyFilter {
  readonly search?: string | undefined;
  /** Companies that have all of them. */
  readonly tags?: readonly string[] | undefined;
  /** Compared without case. */
  readonly industry?: string | undefined;
}

/** Companies found by their name. */
export interface CompaniesByName {
  /** The newest first. */
  readonly ids: readonly string[];
  /** There may be more. */
  readonly capped: boolean;
}

/** Companies whose name has some of the words of a pattern, but not all. */
export interface CompaniesInPart {
  /** By the words that their names lack. */
  readonly groups: readonly { readonly ids: readonly string[]; readonly lacking: SearchPattern }[];
  /** There may be more. */
  readonly capped: boolean;
}

export type Companies = ReturnType<typeof createCompanies>;

/** The most companies found by name. The contacts of each are looked up separately: 200 take about 2 ms (bench/records). */
const namedMax = 200;
/** Text without trigrams is searched among this number of the newest companies. */
const newestMax = 5_000;

/** With more words than this, the words are not looked up in names separately. */
const wordsMax = 5;

/** A company with more contacts and projects cannot be deleted: each of them is an event in the same transaction. */
export const dependentsMax = 1_000;

export function createCompanies({ db, clock, ids, emit, customFields, dependents }: CompaniesOptions) {
  async function assertCustom(
    organization: OrganizationId,
    { custom_fields: values }: Pick<CompanyChange, 'custom_fields'>,
  ): Promise<void> {
    const faults = await customFields.faults(db, organization, 'company', values);
    if (faults !== undefined) throw invalid(faults);
  }

  const emitChange = (
    tx: Transaction,
    editor: Editor,
    type: 'company.created' | 'company.updated' | 'company.deleted',
    company: Company,
    at: Date,
    changed?: string[],
  ) => emit(tx, changeEvent(editor, type, companyOnWire(company), at, changed && { changed }));

  /** Companies by name, up to `namedMax`. */
  async function named(
    organization: OrganizationId,
    pattern: SearchPattern,
    words: readonly string[],
    among: readonly string[] | undefined,
  ) {
    const newerThan =
      among !== undefined || isIndexable(pattern) ? undefined : await companyOlderThan(db, organization, newestMax);
    const found = await companiesNamed(db, organization, pattern, words, { among, newerThan, limit: namedMax + 1 });
    return { found: found.slice(0, namedMax), capped: found.length > namedMax || newerThan !== undefined };
  }

  return {
    /**
     * @throws ApiError `validation_failed` for invalid custom fields
     * @example
     * const { id } = await companies.create(editor, { name: 'Analytical Engines', domain: 'lovelace.example' });
     */
    async create(editor: Editor, given: NewCompany): Promise<Company> {
      const { organizationId: organization } = editor;
      await assertCustom(organization, given);
      const at = new Date(clock.now());
      const blank = { ...companyKind.blank(ids.next(), editor.keyId, at), organization_id: organization };
      const company = companyKind.withValues(blank, given);
      await db.transaction(async (tx) => {
        await insertCompany(tx, company);
        await emitChange(tx, editor, 'company.created', company, at);
        await countBy(tx, organization, 'company', 1);
      });
      return company;
    },

    /** @throws ApiError `not_found` */
    async get(organization: OrganizationId, id: string): Promise<Company> {
      const company = await companyById(db, organization, id);
      if (company === undefined) throw notFound('Company');
      return company;
    },

    list: (organization: OrganizationId, filter: CompanyFilter, slice: Slice): Promise<Company[]> =>
      listCompanies(db, organization, storedFilter(filter), slice),

    async total(organization: OrganizationId, filter: CompanyFilter): Promise<Total> {
      const { pattern, tags, industry } = storedFilter(filter);
      if (pattern === undefined && tags === undefined && industry === undefined)
        return { total: await countOf(db, organization, 'company'), capped: false };
      return totalOf(await countCompanies(db, organization, { pattern, tags, industry }, countedMax + 1));
    },

    /** A change that changes nothing emits no event. @throws ApiError `not_found`, or `validation_failed` for invalid custom fields. */
    async update(editor: Editor, id: string, change: CompanyChange): Promise<Company> {
      const { organizationId: organization } = editor;
      await assertCustom(organization, change);
      return db.transaction(async (tx) => {
        const before = await lockCompany(tx, organization, id);
        if (before === undefined) throw notFound('Company');
        const at = new Date(clock.now());
        const after = { ...companyKind.withValues(before, change), updated_at: at };
        const changed = companyKind.changes(before, after);
        if (changed.length === 0) return before;
        await updateCompany(tx, after);
        await emitChange(tx, editor, 'company.updated', after, at, changed);
        return after;
      });
    },

    /** Removes its contacts and projects from the company. @throws ApiError `not_found`, or `conflict` for more than `dependentsMax` of these. */
    async remove(editor: Editor, id: string): Promise<void> {
      const { organizationId: organization } = editor;
      await db.transaction(async (tx) => {
        const company = await lockCompanyToDelete(tx, organization, id);
        if (company === undefined) throw notFound('Company');
        let belonging = 0;
        for (const each of dependents()) belonging += await each.count(tx, organization, id, dependentsMax + 1);
        if (belonging > dependentsMax) {
          throw new ApiError(
            'conflict',
            `The company has more than ${dependentsMax.toLocaleString('en')} contacts and projects. Move them to another company, or to none, first.`,
          );
        }
        for (const each of dependents()) await each.release(tx, editor, id);
        await deleteCompany(tx, organization, id);
        await emitChange(tx, editor, 'company.deleted', company, new Date(clock.now()));
        await countBy(tx, organization, 'company', -1);
      });
    },

    /**
     * Ids of the companies whose name matches a `searchPattern`, up to 200; if the pattern has no trigrams, among the newest 5,000. The search
     * of records that belong to companies uses it beside their own text. That text does not contain the company's name, because renaming a
     * company would have to change 100,000 of them.
     * @param among only these companies
     */
    async idsByName(
      organization: OrganizationId,
      pattern: SearchPattern,
      among?: readonly string[],
    ): Promise<CompaniesByName> {
      const { found, capped } = await named(organization, pattern, [], among);
      return { ids: found.map(({ id }) => id), capped };
    },

    /**
     * Companies whose name has only some of the words: records that belong to them match if they have the others themselves. For each word as
     * many as `idsByName` finds; none for more than five words.
     */
    async idsByPartOfName(
      organization: OrganizationId,
      pattern: SearchPattern,
      among?: readonly string[],
    ): Promise<CompaniesInPart> {
      const { all } = pattern;
      if (all.length === 1 || all.length > wordsMax) return { groups: [], capped: false };
      const byWord = await Promise.all(
        all.map((word) => named(organization, { first: word, second: null, all: [word] }, all, among)),
      );
      const lacking = new Map(byWord.flatMap(({ found }) => found).map((each) => [each.id, patternOf(each.lacking)]));
      const groups = Map.groupBy(lacking, ([, pattern]) => pattern?.all.join('\n'));
      return {
        groups: [...groups.values()].flatMap((group) => {
          const pattern = group[0]?.[1];
          return pattern === undefined ? [] : [{ ids: group.map(([id]) => id), lacking: pattern }];
        }),
        capped: byWord.some(({ capped }) => capped),
      };
    },

    /**
     * Companies by their folded name, or by their domain. @returns a function from name or domain to the id of the only company with it;
     * undefined if none or several have it.
     */
    async found(
      on: Queryable,
      organization: OrganizationId,
      by: 'name' | 'domain',
      values: readonly string[],
    ): Promise<(value: string) => string | undefined> {
      const keyOf = by === 'name' ? nameKey : (domain: string): string => domain;
      const keys = [...new Set(values.map(keyOf))];
      const rows =
        keys.length === 0 ? [] : await (by === 'name' ? companiesByName : companiesByDomain)(on, organization, keys);
      const ids = Map.groupBy(rows, ({ key }) => key);
      return (value) => {
        const [id, another] = ids.get(keyOf(value)) ?? [];
        return another === undefined ? id?.id : undefined;
      };
    },

    /** Folds companies again that an earlier version wrote. @returns how many, at most `refoldChunk` */
    refold: (): Promise<number> => db.transaction((tx) => refoldCompanies(tx, refoldChunk)),

    /**
     * Names of the companies with these ids, which nobody can delete until the transaction ends. Call it before locking records that belong to
     * companies. Ids of no company of the organization are skipped.
     */
    hold: async (
      tx: Transaction,
      organization: OrganizationId,
      wanted: readonly string[],
    ): Promise<ReadonlyMap<string, string>> =>
      wanted.length === 0
        ? new Map()
        : new Map((await holdCompanies(tx, organization, wanted)).map(({ id, name }) => [id, name])),
  };
}

const storedFilter = ({ search = '', tags = [], industry }: CompanyFilter): StoredFilter => ({
  pattern: searchPattern(search),
  tags: tags.length === 0 ? undefined : tags,
  industry: industry?.toLowerCase(),
});
