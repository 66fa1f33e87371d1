import { countryCodeOf } from '../schedule/index.ts';
import { thresholdDefault } from './icp.ts';
import type { Icp } from './icp.ts';
import { hasPhrase, seniorityOf, wordsOf } from './titles.ts';

/** What is known of a person and their company. Null or empty: unknown. */
export interface Traits {
  readonly title: string | null;
  /** As the source says. */
  readonly seniority: string | null;
  readonly country: string | null;
  readonly company: string | null;
  readonly industry: string | null;
  /** `max` null: or more. */
  readonly employees: { readonly min: number; readonly max: number | null } | null;
  readonly technologies: readonly string[];
  /** Descriptions, tags and the like. */
  readonly texts: readonly string[];
  /** Of the address and the company, in ASCII and lower case. */
  readonly domains: readonly string[];
  /** The verdict on the address. */
  readonly emailStatus: string | null;
}

export type Criterion =
  | 'industries'
  | 'sizes'
  | 'countries'
  | 'titles'
  | 'seniorities'
  | 'keywords'
  | 'technologies'
  | 'exclude.domains'
  | 'exclude.keywords'
  | 'require.email_status';

/** What one criterion says. `unknown`: the source does not know, which counts half. */
export interface Reason {
  readonly criterion: Criterion;
  readonly outcome: 'match' | 'miss' | 'unknown' | 'excluded';
  /** What decided: the wanted value that matches, otherwise the one that the person has. */
  readonly value: string | null;
  readonly points: number;
  /** The most points that it can give. */
  readonly of: number;
}

export interface Score {
  /** 0 to 100. */
  readonly score: number;
  readonly isAccepted: boolean;
  /** Excluded people are never accepted, whatever the threshold. */
  readonly isExcluded: boolean;
  readonly reasons: readonly Reason[];
}

type Weighed = Exclude<Criterion, `${string}.${string}`>;

/** Shares of the criteria; those that the ICP does not name leave theirs to the others. */
const weights: Readonly<Record<Weighed, number>> = {
  industries: 20,
  titles: 20,
  sizes: 15,
  countries: 15,
  seniorities: 10,
  keywords: 10,
  technologies: 10,
};
const unknownShare = 0.5;

type Found = Pick<Reason, 'outcome' | 'value'>;
const unknown: Found = { outcome: 'unknown', value: null };

/** Reads the words of texts. */
export type Reader = typeof wordsOf;

/** Reads each text once: for many people, who are compared with the same profile. */
export function rememberingReader(): Reader {
  const read = new Map<string, readonly string[]>();
  return (text) => {
    const known = read.get(text);
    if (known !== undefined) return known;
    const words = wordsOf(text);
    read.set(text, words);
    return words;
  };
}

/** The first wanted phrase in any of the texts. */
function phrase(
  read: Reader,
  wanted: readonly string[],
  texts: readonly (string | null)[],
  shown: string | null,
): Found {
  const known = texts.filter((text) => text !== null).map(read);
  if (known.every((text) => text.length === 0)) return unknown;
  const match = wanted.find((each) => known.some((text) => hasPhrase(text, read(each))));
  return match === undefined ? { outcome: 'miss', value: shown } : { outcome: 'match', value: match };
}

const oneOf = (wanted: readonly string[], value: string | undefined): Found =>
  value === undefined ? unknown : { outcome: wanted.includes(value) ? 'match' : 'miss', value };

/** The employees that a text such as `11-50`, `1000+` or `42` says; undefined: it says none. */
export function employeesOf(text: string): { readonly min: number; readonly max: number | null } | undefined {
  const [, least, most, more] =
    /^(\d{1,9})(?:-(\d{1,9})|(\+))?$/.exec(text.replace(/[\s,]/g, '').replace('–', '-')) ?? [];
  if (least === undefined) return undefined;
  const min = Number(least);
  if (more !== undefined) return { min, max: null };
  const max = most === undefined ? min : Number(most);
  return { min: Math.min(min, max), max: Math.max(min, max) };
}

function size(wanted: readonly string[], { employees }: Traits): Found {
  if (employees === null) return unknown;
  const { min, max } = employees;
  const match = wanted.find((each) => {
    const range = employeesOf(each);
    return range !== undefined && min <= (range.max ?? Infinity) && (max ?? Infinity) >= range.min;
  });
  const shown = max === null ? `${min}+` : min === max ? String(min) : `${min}-${max}`;
  return { outcome: match === undefined ? 'miss' : 'match', value: match ?? shown };
}

/** A country that nobody can read says nothing. */
const country = (wanted: readonly string[], { country: of }: Traits): Found =>
  oneOf(
    wanted.flatMap((each) => countryCodeOf(each) ?? []),
    of === null ? undefined : countryCodeOf(of),
  );

const textsOf = (traits: Traits): readonly (string | null)[] => [
  traits.title,
  traits.company,
  traits.industry,
  ...traits.texts,
];

function found(read: Reader, criterion: Weighed, wanted: readonly string[], traits: Traits): Found {
  switch (criterion) {
    case 'industries':
      return phrase(read, wanted, [traits.industry], traits.industry);
    case 'titles':
      return phrase(read, wanted, [traits.title], traits.title);
    case 'sizes':
      return size(wanted, traits);
    case 'countries':
      return country(wanted, traits);
    case 'seniorities': {
      const given = traits.seniority ?? (traits.title === null ? undefined : seniorityOf(traits.title));
      return oneOf(wanted, given);
    }
    case 'keywords':
      return phrase(read, wanted, textsOf(traits), null);
    case 'technologies':
      return phrase(read, wanted, traits.technologies, null);
  }
}

const isAtOrBelow = (domain: string, of: string): boolean => domain === of || domain.endsWith(`.${of}`);

/** Why a person is never accepted. */
function exclusions(read: Reader, { exclude, require }: Icp, traits: Traits): Reason[] {
  const excluded = (criterion: Criterion, value: string): Reason => ({
    criterion,
    outcome: 'excluded',
    value,
    points: 0,
    of: 0,
  });
  const domain = exclude?.domains?.find((each) => traits.domains.some((own) => isAtOrBelow(own, each)));
  const keyword = phrase(read, exclude?.keywords ?? [], textsOf(traits), null);
  const statuses: readonly string[] = require?.email_status ?? [];
  const { emailStatus } = traits;
  return [
    ...(domain === undefined ? [] : [excluded('exclude.domains', domain)]),
    ...(keyword.outcome === 'match' ? [excluded('exclude.keywords', keyword.value ?? '')] : []),
    ...(statuses.length === 0 || emailStatus === null || statuses.includes(emailStatus)
      ? []
      : [excluded('require.email_status', emailStatus)]),
  ];
}

const tenth = (points: number): number => Math.round(points * 10) / 10;

/**
 * How well a person matches an ICP: the weighed share of its criteria that match. An ICP without criteria is matched by everybody who is
 * not excluded.
 * @example
 * scoreOf({ countries: ['NO'], titles: ['head of'] }, { ...nothing, country: 'Norway', title: 'Head of Research' }).score // 100
 */
export function scoreOf(icp: Icp, traits: Traits, read: Reader = wordsOf): Score {
  const named = (Object.keys(weights) as Weighed[]).filter((criterion) => (icp[criterion]?.length ?? 0) > 0);
  const whole = named.reduce((sum, criterion) => sum + weights[criterion], 0);
  let points = 0;
  const reasons = named.map((criterion): Reason => {
    const result = found(read, criterion, icp[criterion] ?? [], traits);
    const of = (weights[criterion] / whole) * 100;
    const own = result.outcome === 'match' ? of : result.outcome === 'unknown' ? of * unknownShare : 0;
    points += own;
    return { criterion, ...result, points: tenth(own), of: tenth(of) };
  });
  const excluded = exclusions(read, icp, traits);
  const isExcluded = excluded.length > 0;
  const score = isExcluded ? 0 : named.length === 0 ? 100 : Math.round(points);
  return {
    score,
    isExcluded,
    isAccepted: !isExcluded && score >= (icp.threshold ?? thresholdDefault),
    reasons: [...excluded, ...reasons],
  };
}
