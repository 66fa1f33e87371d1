import type { Queryable } from '../../db/pool.ts';
import { isIndexable, patternOf } from '../records/index.ts';
import type { Owner, Reach, SearchPattern } from '../records/index.ts';
import { nameKey } from './company.ts';
import { companiesByDomain, companiesByName, companiesNamed, companyOlderThan } from './queries.ts';

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

/** The most companies found by name. The contacts of each are looked up separately: 200 take about 2 ms (bench/records). */
const namedMax = 200;
/** Text without trigrams is searched among this number of the newest companies. */
const newestMax = 5_000;

/** With more words than this, the words are not looked up in names separately. */
const wordsMax = 5;

/** Companies by name, up to `namedMax`. */
async function named(
  on: Queryable,
  reach: Reach,
  pattern: SearchPattern,
  words: readonly string[],
  among: readonly string[] | undefined,
) {
  const newerThan =
    among !== undefined || isIndexable(pattern) ? undefined : await companyOlderThan(on, reach, newestMax);
  const rows = await companiesNamed(on, reach, pattern, words, { among, newerThan, limit: namedMax + 1 });
  return { found: rows.slice(0, namedMax), capped: rows.length > namedMax || newerThan !== undefined };
}

/** Companies whose name has all words of a pattern. */
export async function idsByName(
  on: Queryable,
  reach: Reach,
  pattern: SearchPattern,
  among: readonly string[] | undefined,
): Promise<CompaniesByName> {
  const { found: companies, capped } = await named(on, reach, pattern, [], among);
  return { ids: companies.map(({ id }) => id), capped };
}

/** Companies whose name has some words of a pattern, but not all. */
export async function idsByPartOfName(
  on: Queryable,
  reach: Reach,
  pattern: SearchPattern,
  among: readonly string[] | undefined,
): Promise<CompaniesInPart> {
  const { all } = pattern;
  if (all.length === 1 || all.length > wordsMax) return { groups: [], capped: false };
  const byWord = await Promise.all(
    all.map((word) => named(on, reach, { first: word, second: null, all: [word] }, all, among)),
  );
  const companies = byWord.flatMap((each) => each.found);
  const lacking = new Map(companies.map((each) => [each.id, patternOf(each.lacking)]));
  const groups = Map.groupBy(lacking, ([, each]) => each?.all.join('\n'));
  return {
    groups: [...groups.values()].flatMap((group) => {
      const rest = group[0]?.[1];
      return rest === undefined ? [] : [{ ids: group.map(([id]) => id), lacking: rest }];
    }),
    capped: byWord.some(({ capped }) => capped),
  };
}

/**
 * Companies of an owner by their folded name, or by their domain. @returns a function from name or domain to the id of the only company with it;
 * undefined if none or several have it.
 */
export async function found(
  on: Queryable,
  owner: Owner,
  by: 'name' | 'domain',
  values: readonly string[],
): Promise<(value: string) => string | undefined> {
  const keyOf = by === 'name' ? nameKey : (domain: string): string => domain;
  const keys = [...new Set(values.map(keyOf))];
  const rows = keys.length === 0 ? [] : await (by === 'name' ? companiesByName : companiesByDomain)(on, owner, keys);
  const ids = Map.groupBy(rows, ({ key }) => key);
  return (value) => {
    const [id, another] = ids.get(keyOf(value)) ?? [];
    return another === undefined ? id?.id : undefined;
  };
}
