import type { Clock } from '../../base/clock.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { Emit } from '../../events/index.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import {
  actorOf,
  countBy,
  countedMax,
  countOf,
  isIndexable,
  patternOf,
  refoldChunk,
  searchPattern,
} from '../records/index.ts';
import type { CustomFields, CustomValues, Editor, SearchPattern, Slice, Total } from '../records/index.ts';
import { blankCompany, companyChanges, companyOnWire, nameKey, withCompanyFields } from './company.ts';
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
  /** The live ones of a company, counted no further than `max`. */
  count(tx: Transaction, organization: OrganizationId, company: string, max: number): Promise<number>;
  /** Takes them out of the company, each with its event. Called while nobody can put another one in; their locks come after the company's. */
  release(tx: Transaction, editor: Editor, company: string): Promise<void>;
}

export interface CompaniesOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emit: Emit;
  readonly customFields: CustomFields;
  /** In the order in which their kinds are locked. A function, as their slices stand on this one. */
  readonly dependents: () => readonly Dependents[];
}

/** What a list may be cut down to; undefined: not. */
export interface CompanyFilter {
  readonly search?: string | undefined;
  /** All of them. */
  readonly tags?: readonly string[] | undefined;
  /** In whatever case. */
  readonly industry?: string | undefined;
}

/** Companies by a word of their name. */
export interface CompaniesByName {
  /** The newest first. */
  readonly ids: readonly string[];
  /** There may be more. */
  readonly capped: boolean;
}

/** Companies whose name has some words of a pattern and lacks others. */
export interface CompaniesInPart {
  /** By what their names lack. */
  readonly groups: readonly { readonly ids: readonly string[]; readonly lacking: SearchPattern }[];
  /** There may be more. */
  readonly capped: boolean;
}

export type Companies = ReturnType<typeof createCompanies>;

/** So many are found by name. The contacts of each are looked up by themselves: 200 take about 2 ms (bench/records). */
const namedMax = 200;
/** Among so many, the newest, text is looked for that has no trigrams. */
const newestMax = 5_000;

/** Of more words none is looked for in names apart from the others. */
const wordsMax = 5;

/** A company with more contacts and projects is not deleted: each of them is an event in the same transaction. */
export const dependentsMax = 1_000;

export function createCompanies({ db, clock, ids, emit, customFields, dependents }: CompaniesOptions) {
  async function assertCustom(organization: OrganizationId, values: CustomValues | undefined): Promise<void> {
    if (values === undefined || Object.keys(values).length === 0) return;
    const problems = (await customFields.validator(db, organization, 'company'))(values);
    if (problems !== undefined) throw invalid(problems);
  }

  const tell = (
    tx: Transaction,
    editor: Editor,
    type: 'company.created' | 'company.updated' | 'company.deleted',
    company: Company,
    at: Date,
    changed?: string[],
  ) =>
    emit(tx, {
      organizationId: editor.organizationId,
      type,
      data: { ...companyOnWire(company), ...(changed === undefined ? {} : { changed }), actor: actorOf(editor) },
      occurredAtMs: at.getTime(),
    });

  /** Up to `namedMax`. */
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
    /** @throws ApiError `validation_failed` for custom fields. */
    async create(editor: Editor, given: NewCompany): Promise<Company> {
      const { organizationId: organization } = editor;
      await assertCustom(organization, given.custom_fields);
      const at = new Date(clock.now());
      const company = withCompanyFields(blankCompany(ids.next(), organization, editor.keyId, at), given);
      await db.transaction(async (tx) => {
        await insertCompany(tx, company);
        await tell(tx, editor, 'company.created', company, at);
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
      const count = await countCompanies(db, organization, { pattern, tags, industry }, countedMax + 1);
      return { total: Math.min(count, countedMax), capped: count > countedMax };
    },

    /** A change that changes nothing is no event. @throws ApiError `not_found`, or `validation_failed` for custom fields. */
    async update(editor: Editor, id: string, change: CompanyChange): Promise<Company> {
      const { organizationId: organization } = editor;
      await assertCustom(organization, change.custom_fields);
      return db.transaction(async (tx) => {
        const before = await lockCompany(tx, organization, id);
        if (before === undefined) throw notFound('Company');
        const at = new Date(clock.now());
        const after = { ...withCompanyFields(before, change), updated_at: at };
        const changed = companyChanges(before, after);
        if (changed.length === 0) return before;
        await updateCompany(tx, after);
        await tell(tx, editor, 'company.updated', after, at, changed);
        return after;
      });
    },

    /** Contacts and projects of it belong to none from then on. @throws ApiError `not_found`, or `conflict` when these are more than `dependentsMax`. */
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
            `More than ${dependentsMax.toLocaleString('en')} contacts and projects belong to the company. Move them out of it first.`,
          );
        }
        for (const each of dependents()) await each.release(tx, editor, id);
        await deleteCompany(tx, organization, id);
        await tell(tx, editor, 'company.deleted', company, new Date(clock.now()));
        await countBy(tx, organization, 'company', -1);
      });
    },

    /**
     * Ids of the companies whose name fits a `searchPattern`, up to 200; where the pattern has no trigrams, among the newest 5,000. It is what
     * the search of records that belong to companies looks for beside their own text, which does not have the name, as it may change for
     * 100,000 of them at once.
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
     * Companies whose name has only some of the words: records that belong to them are found if they have the others themselves. For each word
     * as many as `idsByName` finds; none for more than five words.
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
     * Companies by their folded name, or by their domain. @returns a function from name or domain to the id of the one company that has it;
     * undefined where none or several do.
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

    /** Folds companies again that an earlier version wrote. @returns how many, up to `refoldChunk`. */
    refold: (): Promise<number> => db.transaction((tx) => refoldCompanies(tx, refoldChunk)),

    /**
     * Names of those of the ids that are companies of the organization. They cannot be deleted until the transaction is over, so this comes
     * before records that belong to companies are locked.
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
