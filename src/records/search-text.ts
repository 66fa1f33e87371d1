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

/** A phone number is looked for without the zeros or the `+` before it, which others may have written otherwise. */
const withoutPrefix = (word: string): string => (/^\+?\d{7,}$/.test(word) ? word.replace(/^\+?0*/, '') : word);

/** The words of a text, each to be found anywhere in a `searchText`; undefined: there are none. `%`, `_` and `\` stand for themselves. */
export function searchPattern(text: string): SearchPattern | undefined {
  const words = [
    ...new Set(
      folded(text)
        .split(/[\s,;]+/)
        .filter((word) => word !== '')
        .map(withoutPrefix),
    ),
  ];
  const needed = words.filter((word) => !words.some((other) => other !== word && other.includes(word)));
  const byUse = needed.sort((a, b) => Number(hasTrigrams(b)) - Number(hasTrigrams(a)) || b.length - a.length).map(like);
  const [first, second = null] = byUse;
  return first === undefined ? undefined : { first, second, all: byUse };
}
