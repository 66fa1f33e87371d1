import { containing } from '../../db/sql.ts';
import { folded } from './folding.ts';

/**
 * Ends every text folded by the current version of `folded`. A row without it was written by an earlier version, and `refold.ts` folds it
 * again: a change of the folding needs another character, and another partial index.
 */
export const foldedMark = '\u001f';

/** The text that search reads: these values, folded, one per line. */
export const searchText = (...values: readonly (string | null | undefined)[]): string =>
  folded([...values.filter((value) => value != null && value !== ''), ''].join('\n')) + foldedMark;

/** LIKE patterns that must all match a `searchText`, in any order. */
export interface SearchPattern {
  /** The two that an index narrows down most; `second` is null if there is only one. */
  readonly first: string;
  readonly second: string | null;
  readonly all: readonly string[];
}

/** A text has trigrams if it has three letters or digits in a row. */
const hasTrigrams = (text: string): boolean => /[\p{L}\p{N}]{3}/u.test(text);

/** Whether an index of trigrams can find it; other text is searched among the newest rows only. */
export const isIndexable = ({ first }: SearchPattern): boolean => hasTrigrams(first);

/** Country codes by their first digits (ITU-T E.164); all others have three digits. */
const countryCode = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;

/**
 * The digits of a phone number that are the same however it is written: without its country code, if a `+` or `00` shows that it has one, and
 * without leading zeros.
 */
function phoneDigits(word: string): string {
  if (!/^\+?\d{7,}$/.test(word)) return word;
  const digits = word.replace(/^\+?0*/, '');
  const national = /^(?:\+|00)/.test(word) ? digits.replace(countryCode, '').replace(/^0+/, '') : digits;
  return national.length < 7 ? digits : national;
}

/** A pattern of these words; undefined if there are none. */
export function patternOf(words: readonly string[]): SearchPattern | undefined {
  const byUse = words.toSorted((a, b) => Number(hasTrigrams(b)) - Number(hasTrigrams(a)) || b.length - a.length);
  const [first, second = null] = byUse;
  return first === undefined ? undefined : { first, second, all: byUse };
}

/** A pattern that finds each word of a text anywhere in a `searchText`; undefined if it has no words. `%`, `_` and `\` are literal. */
export function searchPattern(text: string): SearchPattern | undefined {
  const words = [
    ...new Set(
      folded(text)
        .split(/[\s,;]+/)
        .filter((word) => word !== '')
        .map(phoneDigits),
    ),
  ];
  return patternOf(
    words.filter((word) => !words.some((other) => other !== word && other.includes(word))).map(containing),
  );
}
