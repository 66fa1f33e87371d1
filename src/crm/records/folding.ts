/** Letters without a decomposition into a base letter and a mark, each followed by its folded form. */
const letters: ReadonlyMap<string, string> = new Map(
  'łl øo đd ðd þth æae œoe ħh ŧt ŋn ĸk ıi ƀb ɓb ƈc ɗd ǥg ɠg ɨi ƙk ƚl ɲn ƞn ɵo ƥp ɍr ƭt ʉu ʋv ƴy ɏy ƶz əe ɛe ςσ'
    .split(' ')
    .map((pair) => [pair.slice(0, 1), pair.slice(1)]),
);
const anyLetter = new RegExp(`[${[...letters.keys()].join('')}]`, 'gu');

/** Accents, vocalization and the like. Vowel signs of other scripts, and the marks that turn か into が, distinguish letters and stay. */
const marks =
  /[[\p{M}&&[\p{Script=Inherited}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}]]--[\u3099\u309a]]/gv;
/** Without this they would decompose into a space and a mark. */
const spacingAccents = /[`´΄᾽᾿]/g;
const apostrophes = /[‘’‚‛ʹʻʼʽˈ′‵]/g;
const quotes = /[“”„‟«»]/g;
const dashes = /[‐-―−]/g;
/** Characters without width, the Arabic tatweel, and control characters that are not spaces. */
const unseen = /[[\p{DI}\u0640\p{Cc}]--[\t-\r\u0085]]/gv;
const zeroInBrackets = /\(0\)/g;
const bracketsOfDigits = /[()](?=\d)|(?<=\d)[()]/g;
/** Separators of digits in phone numbers. */
const betweenDigits = /(?<=\d)[ ./-]+(?=\d)/g;

const plain = /^[\n\x20-\x7e]*$/;

const withDigitsJoined = (text: string): string =>
  /\d/.test(text) ? text.replace(zeroInBrackets, '').replace(bracketsOfDigits, '').replace(betweenDigits, '') : text;

/**
 * Text in the form that search compares, for stored text and for search text: without accents (NFKD without marks, which also folds width),
 * with full case folding (`ß` is `ss`), one kind of apostrophe, quote and dash, and the digits of numbers joined
 * (`+44 (0)20 7946-0018` is `+442079460018`). Line breaks are kept.
 */
export function folded(text: string): string {
  if (plain.test(text)) return withDigitsJoined(text.toLowerCase().replaceAll('`', "'"));
  const decomposed = text.replace(spacingAccents, "'").normalize('NFKD').replace(marks, '');
  // Upper case turns ß into SS and ς into Σ; ẞ needs lower case before it.
  const cased = decomposed.toLowerCase().toUpperCase().toLowerCase();
  const simple = cased
    .replace(anyLetter, (letter) => letters.get(letter) ?? letter)
    .replace(apostrophes, "'")
    .replace(quotes, '"')
    .replace(dashes, '-')
    .replace(unseen, '')
    .replace(/[^\S\n]/gu, ' ');
  return withDigitsJoined(simple);
}
