/** How a character may be named in HTML; others only by their numbers. */
const entities: Readonly<Record<string, string>> = { '&': 'amp', '@': 'commat', '.': 'period', '+': 'plus', "'": 'apos' };
/** What browsers and mail programs take for the same sign (UTS 46). */
const alike: Readonly<Record<string, readonly string[]>> = { '.': ['。', '．', '｡'], '@': ['＠'] };

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
const hexOf = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

/** One code point as itself, or as `%40` however often encoded, `\u0040` within any number of strings, or `&#64;`. */
function pointExpression(point: string): string[] {
  const bytes = [...Buffer.from(point)].map((byte) => `%(?:25)*${hexOf(byte, 2)}`);
  const units = Array.from({ length: point.length }, (_, index) => String.raw`\\+u${hexOf(point.charCodeAt(index), 4)}`);
  const number = point.codePointAt(0) ?? 0;
  const named = entities[point] === undefined ? [] : [`&(?:amp;)*${entities[point]};`];
  // JSON may have a backslash before it.
  const itself = point === '/' ? String.raw`\\*\/` : escaped(point);
  return [itself, bytes.join(''), units.join(''), `&(?:amp;)*#(?:0*${number}|x0*${number.toString(16)});`, ...named];
}

/** A character in either case, composed or not. */
function characterExpression(character: string): string {
  const cases = [character, character.toLowerCase(), character.toUpperCase(), ...(alike[character] ?? [])];
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

/** The end of what stands before a word: none of the characters. An escape may end in a digit or letter, if it means none of them. */
function parted(characters: string, signs: string): RegExp {
  const percent = '%(?:25)*';
  const byte = '[89ab][0-9a-f]';
  const escapes = [
    `${percent}(?:${signs})`,
    // Signs of Latin-1; quotation marks and other punctuation.
    `${percent}c2${percent}${byte}`,
    `${percent}e2${percent}80${percent}${byte}`,
    String.raw`\\u(?:00(?:${signs}|[89ab][0-9a-f])|20[0-6][0-9a-f])`,
    String.raw`\\[bfnrt]`,
  ];
  return new RegExp(`(?:^|[^${characters}]|${escapes.join('|')})$`, 'u');
}

const behindWord = parted(String.raw`\p{L}\p{N}._+-`, parting);
const behindSign = parted(String.raw`\p{L}\p{N}`, `${parting}|${joining}`);
/** A further label of the domain makes it another's, too; the ending of a file's name is none. */
const endsThere = new RegExp(String.raw`^(?![\p{L}\p{N}-]|${expressionOf('.')}(?!(?:csv|eml|json|pdf|tsv|txt|vcf|xlsx?)(?![\p{L}\p{N}.-]))[\p{L}\p{N}])`, 'u');
const goesOnAsSender = new RegExp(`^${anyAt}`, 'u');
/** No escape is longer. */
const besideMax = 64;

/** Finds one address in text that is `flat`. */
export interface Finder {
  /** As a word of its own, or within a sender that mail returns to: `bounce+ada=x.example@mail`. */
  asWord(text: string): boolean;
  /** Parted from the rest by any sign, as in a key that was put together. */
  inKey(text: string): boolean;
  /** Wherever it stands, within a longer one too. */
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
      if (test(text.slice(Math.max(0, index - besideMax), index), text.slice(end, end + besideMax), at !== undefined)) return true;
    }
    return false;
  }

  return {
    asWord: (text) =>
      some(text, (before, after, hasAt) => endsThere.test(after) && (hasAt ? behindWord.test(before) : behindSign.test(before) && goesOnAsSender.test(after))),
    inKey: (text) => some(text, (before, after) => behindSign.test(before) && endsThere.test(after)),
    anywhere: (text) => any.test(text),
  };
}
