import { folded } from './folding.ts';

/**
 * Ends every text folded as `folded` does today. A row without it was written by an earlier version, and is folded again by `refold.ts`: a
 * change of the folding takes another character, and another partial index.
 */
export const foldedMark = '\u001f';

/** What a search looks through: these values, folded, a line each. */
export const searchText = (...values: readonly (string | null | undefined)[]): string =>
  folded([...values.filter((value) => value != null && value !== ''), ''].join('\n')) + foldedMark;

/** LIKE patterns that all have to fit a `searchText`, in any order. */
export interface SearchPattern {
  /** The two that an index narrows down most; null: there is only one. */
  readonly first: string;
  readonly second: string | null;
  readonly all: readonly string[];
}

const like = (word: string): string => `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
/** Three letters or digits in a row have trigrams. */
const hasTrigrams = (text: string): boolean => /[\p{L}\p{N}]{3}/u.test(text);

/** An index of trigrams can find it; what it cannot find is looked for among the newest only. */
export const isIndexable = ({ first }: SearchPattern): boolean => hasTrigrams(first);

/** Country codes by their first digits (ITU-T E.164): all others have three. */
const countryCode = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;

/**
 * A phone number is looked for by the digits that are the same wherever it is written: without its country code, where a `+` or `00` says that
 * it has one, and without zeros before it.
 */
function phoneDigits(word: string): string {
  if (!/^\+?\d{7,}$/.test(word)) return word;
  const digits = word.replace(/^\+?0*/, '');
  const national = /^(?:\+|00)/.test(word) ? digits.replace(countryCode, '').replace(/^0+/, '') : digits;
  return national.length < 7 ? digits : national;
}

/** A pattern of these words. */
export function patternOf(words: readonly string[]): SearchPattern | undefined {
  const byUse = words.toSorted((a, b) => Number(hasTrigrams(b)) - Number(hasTrigrams(a)) || b.length - a.length);
  const [first, second = null] = byUse;
  return first === undefined ? undefined : { first, second, all: byUse };
}

/** The words of a text, each to be found anywhere in a `searchText`; undefined: there are none. `%`, `_` and `\` stand for themselves. */
export function searchPattern(text: string): SearchPattern | undefined {
  const words = [
    ...new Set(
      folded(text)
        .split(/[\s,;]+/)
        .filter((word) => word !== '')
        .map(phoneDigits),
    ),
  ];
  return patternOf(words.filter((word) => !words.some((other) => other !== word && other.includes(word))).map(like));
}
