import { own } from '../base/own.ts';

/** How a character may be named in HTML; others only by their numbers. */
const entities: Readonly<Record<string, string>> = {
  '&': 'amp',
  '@': 'commat',
  '.': 'period',
  '+': 'plus',
  "'": 'apos',
};
/** What browsers and mail programs take for the same sign (UTS 46). */
const alike: Readonly<Record<string, readonly string[]>> = { '.': ['。', '．', '｡'], '@': ['＠'] };

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
const hexOf = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

/** One code point as itself, or as `%40` however often encoded, `\u0040` within any number of strings, or `&#64;`. */
function pointExpression(point: string): string[] {
  const bytes = [...Buffer.from(point)].map((byte) => `%(?:25)*${hexOf(byte, 2)}`);
  const units = Array.from(
    { length: point.length },
    (_, index) => String.raw`\\+u${hexOf(point.charCodeAt(index), 4)}`,
  );
  const number = point.codePointAt(0) ?? 0;
  const entity = own(entities, point);
  const named = entity === undefined ? [] : [`&(?:amp;)*${entity};`];
  // JSON may have a backslash before it.
  const itself = point === '/' ? String.raw`\\*\/` : escaped(point);
  return [itself, bytes.join(''), units.join(''), `&(?:amp;)*#(?:0*${number}|x0*${number.toString(16)});`, ...named];
}

/** A character in either case, composed or not. */
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
 * Finds a text in whatever way its characters are written, each for itself: PostgreSQL's `~*` in any text, JavaScript in text that is
 * `flat`.
 */
export const expressionOf = (text: string): string => Array.from(text.normalize('NFC'), characterExpression).join('');

/** In lower case; JavaScript would go through a run of backslashes from each of them. */
export const flat = (text: string): string => text.toLowerCase().replaceAll(/\\{2,}/g, '\\');

/** An address of whatever kind, for a first look: what has none needs no closer one. */
export const anyAt = expressionOf('@');
const equals = expressionOf('=');

/** Finds an address, wherever it stands; in the sender that mail returns to (VERP) `=` stands for its `@`. */
export function addressExpression(address: string): string {
  const at = address.lastIndexOf('@');
  return `${expressionOf(address.slice(0, at))}(?:(${anyAt})|${equals})${expressionOf(address.slice(at + 1))}`;
}

/** Encoded signs, as bytes and as the last two digits of `\u00XX`: what is no part of a name, and signs that are. */
const parting = '[01][0-9a-f]|2[0-9acf]|3[a-f]|40|5[b-e]|60|7[b-f]';
const joining = '2[bde]|5f';

const percent = '%(?:25)*';
/** The escapes of ASCII signs, by their bytes in hexadecimal. */
const escapesOf = (signs: string): string => String.raw`${percent}(?:${signs})|\\u00(?:${signs})`;
const partingEscapes = [
  escapesOf(parting),
  // Signs of Latin-1; quotation marks and other punctuation.
  `${percent}c2${percent}[89ab][0-9a-f]`,
  `${percent}e2${percent}80${percent}[89ab][0-9a-f]`,
  String.raw`\\u(?:00[89ab][0-9a-f]|20[0-6][0-9a-f])`,
  String.raw`\\[bfnrt]`,
].join('|');
const letter = String.raw`\p{L}\p{M}\p{N}`;

/** Any sign ends a key or a name. An escape may end in a digit or letter, if it encodes none. */
const afterSign = new RegExp(`(?:^|[^${letter}]|${partingEscapes}|${escapesOf(joining)})$`, 'u');
/**
 * In text, `x-` or `x.` before an address makes it a longer one. Signs with no letter before them do not: a local part starts with no dot
 * and has no two in a row, and `-` or `_` at the start of a word are bullets and emphasis far more often than part of an address.
 */
const afterWord = new RegExp(
  String.raw`(?:^|[^${letter}._+-]|\.\.|${partingEscapes})(?:[._+-]|${escapesOf(joining)})*$`,
  'u',
);
const goesOnAsWord = new RegExp(`^[${letter}]`, 'u');
const dot = expressionOf('.');
/**
 * In text, another domain follows: a letter, or `-` and labels, that lead to a dot and a last label. The ending of a file's name is no last
 * label, nor is a number.
 */
const goesOnAsDomain = new RegExp(
  String.raw`^(?:[${letter}]|(?:${expressionOf('-')}[${letter}-]*)?(?:${dot}[${letter}][${letter}-]*)*${dot}(?!(?:csv|eml|json|pdf|tsv|txt|vcf|xlsx?|\p{N}+)(?![${letter}-]))[${letter}][${letter}-]*(?![${letter}-]|${dot}[${letter}]))`,
  'u',
);
const goesOnAsSender = new RegExp(`^${anyAt}`, 'u');
/** No escape is longer, and no label of a domain. */
const besideMax = 128;

/** Finds one address in text that is `flat`. */
export interface Finder {
  /** In text: as a word of its own, or within a sender that mail returns to: `bounce+ada=x.example@mail`. */
  asWord(text: string): boolean;
  /** In a name: separated from other letters and digits by any sign. */
  inName(text: string): boolean;
  /** Anywhere, also within a longer address: in keys and ids. */
  anywhere(text: string): boolean;
}

export function createFinder(address: string): Finder {
  const expression = addressExpression(address);
  const [any, all] = [new RegExp(expression, 'u'), new RegExp(expression, 'gu')];

  /** What stands before and after each of them, and whether it has its `@`. */
  function some(text: string, test: (before: string, after: string, hasAt: boolean) => boolean): boolean {
    // Nearly all texts have none, and to go through them all costs more.
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
