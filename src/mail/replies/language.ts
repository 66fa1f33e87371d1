import { englishOptOuts } from './languages/en-opt-outs.ts';
import { germanOptOuts } from './languages/de-opt-outs.ts';
import { frenchOptOuts } from './languages/fr-opt-outs.ts';
import { spanishOptOuts } from './languages/es-opt-outs.ts';
import { portugueseOptOuts } from './languages/pt-opt-outs.ts';
import { italianOptOuts } from './languages/it-opt-outs.ts';
import { dutchOptOuts } from './languages/nl-opt-outs.ts';
import { japaneseOptOuts } from './languages/ja-opt-outs.ts';
import { dutch } from './languages/nl.ts';
import { english } from './languages/en.ts';
import { french } from './languages/fr.ts';
import { german } from './languages/de.ts';
import { italian } from './languages/it.ts';
import { japanese } from './languages/ja.ts';
import { portuguese } from './languages/pt.ts';
import { spanish } from './languages/es.ts';
import type { LanguageRules, OptOuts } from './languages/rules.ts';
import type { Language } from './reply.ts';

export const rulesOf: Readonly<Record<Language, LanguageRules>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  pt: portuguese,
  it: italian,
  nl: dutch,
  ja: japanese,
};
export const optOutsOf: Readonly<Record<Language, OptOuts>> = {
  en: englishOptOuts,
  de: germanOptOuts,
  fr: frenchOptOuts,
  es: spanishOptOuts,
  pt: portugueseOptOuts,
  it: italianOptOuts,
  nl: dutchOptOuts,
  ja: japaneseOptOuts,
};
const allRules = Object.values(rulesOf);

/** Builds a value for each language when it is first needed: patterns take milliseconds to compile. */
export function byLanguage<Of extends Language, Value>(build: (language: Of) => Value): (language: Of) => Value {
  const built = new Map<Of, Value>();
  return (language) => {
    const known = built.get(language);
    if (known !== undefined) return known;
    const value = build(language);
    built.set(language, value);
    return value;
  };
}

/** Japanese is recognized by its syllabaries, the others by their frequent words: exact on a sentence, undecided on "ok". */
const kana = /[\u3040-\u30ff]/u;
const wordsOf: ReadonlyMap<string, readonly Language[]> = (() => {
  const words = new Map<string, Language[]>();
  for (const { language, words: own } of allRules)
    for (const word of own.split(' ').filter((each) => each !== ''))
      words.set(word, [...(words.get(word) ?? []), language]);
  return words;
})();
const wordsRead = 200;

/** Below this, a text may as well be in a language that has no point. */
const clear = 2;

/**
 * How much speaks for each language that a text may be in: at least half of what speaks for the best one. All of them, if nothing does.
 * @param folded as `fold` returns it
 */
export function languagesOf(folded: string): ReadonlyMap<Language, number> {
  if (kana.test(folded)) return new Map([['ja', clear]]);
  const scores = new Map<Language, number>();
  for (const word of folded.match(/\p{L}+(?:'\p{L}+)?/gu)?.slice(0, wordsRead) ?? []) {
    const languages = wordsOf.get(word) ?? [];
    for (const language of languages) scores.set(language, (scores.get(language) ?? 0) + 1 / languages.length);
  }
  const best = Math.max(0, ...scores.values());
  const isClear = best >= clear;
  return new Map(
    allRules
      .map(({ language }): [Language, number] => [language, scores.get(language) ?? 0])
      .filter(([, score]) => !isClear || score >= best / 2),
  );
}

/** Lower case, without accents, with one kind of apostrophe, dash and space. Kana keep their marks. */
export const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replaceAll('ß', 'ss')
    .replaceAll('œ', 'oe')
    .replaceAll('ø', 'o')
    .replaceAll(/[’‘`´]/g, "'")
    .replaceAll(/[^\S\n]+/g, ' ');
