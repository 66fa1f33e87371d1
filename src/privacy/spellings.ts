import { own } from '../base/own.ts';

/** Named character references in HTML; other characters only have numeric ones. */
const entities: Readonly<Record<string, string>> = {
  '&': 'amp',
  '@': 'commat',
  '.': 'period',
  '+': 'plus',
  "'": 'apos',
};
/** Characters that browsers and mail programs treat as the same (UTS 46). */
const alike: Readonly<Record<string, readonly string[]>> = { '.': ['。', '．', '｡'], '@': ['＠'] };

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
const hexOf = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

/** One code point as itself, as `%40` (encoded any number of times), `\u0040` (within any number of strings) or `&#64;`. */
function pointExpression(point: string): string[] {
  const bytes = [...Buffer.from(point)].map((byte) => `%(?:25)*${hexOf(byte, 2)}`);
  const units = Array.from(
    { length: point.length },
    (_, index) => String.raw`\\+u${hexOf(point.charCodeAt(index), 4)}`,
  );
  const number = point.codePointAt(0) ?? 0;
  const entity = own(entities, point);
  const named = entity === undefined ? [] : [`&(?:amp;)*${entity};`];
  // JSON may escape it with a backslash.
  const itself = point === '/' ? String.raw`\\*\/` : escaped(point);
  return [itself, bytes.join(''), units.join(''), `&(?:amp;)*#(?:0*${number}|x0*${number.toString(16)});`, ...named];
}

/** A character in either case, composed or decomposed. */
function characterExpression(character: string): string {
  const cases = [character, character.toLowerCase(), character.toUpperCase(), ...(own(alike, character) ?? [])];
  const forms = new Set(cases.flatMap((each) => [each, each.normalize('NFD')]));
  const ways = [...forms].flatMap((form) => {
    const points = Array.from(form, pointExpression);
    return points.length === 1 ? (points[0] ?? []) : [points.map((each) => `(?:${each.join('|')})`).join('')];
  });
  return `(?:${[...new Set(ways)].join('|')})`;
}

/**
 * A regular expression for a text in which each character may have any spelling. PostgreSQL's `~*` applies it to any text, JavaScript to text
 * that is `flat`.
 */
export const expressionOf = (text: string): string => Array.from(text.normalize('NFC'), characterExpression).join('');

/** Lower case, with runs of backslashes shortened: JavaScript would search a run again from each of its backslashes. */
export const flat = (text: string): string => text.toLowerCase().replaceAll(/\\{2,}/g, '\\');

/** Matches the `@` of any address, for a quick check before `addressExpression`. */
export const anyAt = expressionOf('@');
const equals = expressionOf('=');

/** Matches an address anywhere. In a return path (VERP), `=` takes the place of `@`. */
export function addressExpression(address: string): string {
  const at = address.lastIndexOf('@');
  return `${expressionOf(address.slice(0, at))}(?:(${anyAt})|${equals})${expressionOf(address.slice(at + 1))}`;
}

/** Encoded ASCII signs in hexadecimal: those that separate words, and those that may be part of a name. */
const parting = '[01][0-9a-f]|2[0-9acf]|3[a-f]|40|5[b-e]|60|7[b-f]';
const joining = '2[bde]|5f';

const percent = '%(?:25)*';
/** Escapes of ASCII signs, given by their bytes in hexadecimal. */
const escapesOf = (signs: string): string => String.raw`${percent}(?:${signs})|\\u00(?:${signs})`;
const partingEscapes = [
  escapesOf(parting),
  // Signs of Latin-1, quotation marks and other punctuation.
  `${percent}c2${percent}[89ab][0-9a-f]`,
  `${percent}e2${percent}80${percent}[89ab][0-9a-f]`,
  String.raw`\\u(?:00[89ab][0-9a-f]|20[0-6][0-9a-f])`,
  String.raw`\\[bfnrt]`,
].join('|');
const letter = String.raw`\p{L}\p{M}\p{N}`;

/** A key or name ends at any sign. An escape may end in a digit or letter if it does not encode one. */
const afterSign = new RegExp(`(?:^|[^${letter}]|${partingEscapes}|${escapesOf(joining)})$`, 'u');
/**
 * In text, `x-` or `x.` before an address makes it a longer one. Signs without a letter before them do not: a local part does not start with
 * a dot or have two in a row, and `-` or `_` at the start of a word are bullets and emphasis far more often than part of an address.
 */
const afterWord = new RegExp(
  String.raw`(?:^|[^${letter}._+-]|\.\.|${partingEscapes})(?:[._+-]|${escapesOf(joining)})*$`,
  'u',
);
const goesOnAsWord = new RegExp(`^[${letter}]`, 'u');
const dot = expressionOf('.');
/**
 * In text, the domain continues: with a letter, or with `-` and labels, up to a dot and a last label. A file extension or a number is not a
 * last label.
 */
const goesOnAsDomain = new RegExp(
  String.raw`^(?:[${letter}]|(?:${expressionOf('-')}[${letter}-]*)?(?:${dot}[${letter}][${letter}-]*)*${dot}(?!(?:csv|eml|json|pdf|tsv|txt|vcf|xlsx?|\p{N}+)(?![${letter}-]))[${letter}][${letter}-]*(?![${letter}-]|${dot}[${letter}]))`,
  'u',
);
const goesOnAsSender = new RegExp(`^${anyAt}`, 'u');
/** Longer than any escape and any label of a domain. */
const besideMax = 128;

/** Finds one address in `flat` text. */
export interface Finder {
  /** As a word of its own, or within a return path: `bounce+ada=x.example@mail`. */
  asWord(text: string): boolean;
  /** Separated from other letters and digits by any sign, as in names. */
  inName(text: string): boolean;
  /** Anywhere, also within a longer address, as in keys and ids. */
  anywhere(text: string): boolean;
}

export function createFinder(address: string): Finder {
  const expression = addressExpression(address);
  const [any, all] = [new RegExp(expression, 'u'), new RegExp(expression, 'gu')];

  /** Whether any match passes the test, which receives the text before and after it and whether it contains `@`. */
  function some(text: string, test: (before: string, after: string, hasAt: boolean) => boolean): boolean {
    // Almost no text has a match, and `matchAll` costs more than `test`.
    if (!any.test(text)) return false;
    for (const { index, 0: found, 1: at } of text.matchAll(all)) {
      const end = index + found.length;
      if (test(text.slice(Math.max(0, index - besideMax), index), text.slice(end, end + besideMax), at !== undefined))
        return true;
    }
    return false;
  }

  return {
    asWord: (text) =>
      some(text, (before, after, hasAt) =>
        hasAt
          ? afterWord.test(before) && !goesOnAsDomain.test(after)
          : afterSign.test(before) && goesOnAsSender.test(after),
      ),
    inName: (text) => some(text, (before, after) => afterSign.test(before) && !goesOnAsWord.test(after)),
    anywhere: (text) => any.test(text),
  };
}
