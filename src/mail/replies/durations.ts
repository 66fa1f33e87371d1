import { dayMs } from '../../base/clock.ts';
import { byLanguage } from './language.ts';
import type { Language } from './reply.ts';

/** "In" before a duration, and its units, as folded text. */
interface Words {
  readonly within: string;
  readonly days: string;
  readonly weeks: string;
  readonly months: string;
  /** One, two, three …; a number of two digits needs no word. */
  readonly numbers: readonly string[];
}

const words: Readonly<Record<Exclude<Language, 'ja'>, Words>> = {
  en: {
    within: 'in (?:about |around |approximately )?(?:(?:another|the next) )?',
    days: "days?(?:'? time)?",
    weeks: "weeks?(?:'s|')?(?: time)?",
    months: "months?(?:'s|')?(?: time)?",
    numbers: ['a|one|another', 'two|a couple of', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'],
  },
  de: {
    within: '(?:in|nach) (?:etwa |ca\\.? |rund )?',
    days: 'tag(?:en?)?',
    weeks: 'wochen?',
    months: 'monat(?:en?|s)?',
    numbers: ['einer|einem', 'zwei', 'drei', 'vier', 'funf', 'sechs', 'sieben', 'acht', 'neun', 'zehn'],
  },
  fr: {
    within: 'dans (?:environ )?',
    days: 'jours?',
    weeks: 'semaines?',
    months: 'mois',
    numbers: ['une?', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf', 'dix'],
  },
  es: {
    within: '(?:en|dentro de) (?:unos |unas )?',
    days: 'dias?',
    weeks: 'semanas?',
    months: 'mes(?:es)?',
    numbers: ['una?', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve', 'diez'],
  },
  pt: {
    within: '(?:em|dentro de|daqui a) (?:cerca de )?',
    days: 'dias?',
    weeks: 'semanas?',
    months: 'mes(?:es)?',
    numbers: ['uma?', 'dois|duas', 'tres', 'quatro', 'cinco', 'seis', 'sete', 'oito', 'nove', 'dez'],
  },
  it: {
    within: '(?:tra|fra) (?:circa )?',
    days: 'giorn[io]',
    weeks: 'settiman[ae]',
    months: 'mes[ei]',
    numbers: ['una?', 'due', 'tre', 'quattro', 'cinque', 'sei', 'sette', 'otto', 'nove', 'dieci'],
  },
  nl: {
    within: 'over (?:ongeveer )?',
    days: 'dag(?:en)?',
    weeks: 'we(?:ek|ken)',
    months: 'maand(?:en)?',
    numbers: ['een', 'twee', 'drie', 'vier', 'vijf', 'zes', 'zeven', 'acht', 'negen', 'tien'],
  },
};

const kanji = '一二三四五六七八九十';

const patternOf = byLanguage((language: Language): RegExp => {
  if (language === 'ja') return new RegExp(`(\\d{1,2}|[${kanji}])(?:(日)|(週間)|(?:[かヶケカ]月|箇月))後`, 'gu');
  const { within, days, weeks, months, numbers } = words[language];
  return new RegExp(
    `(?<!\\p{L})${within}(\\d{1,2}|${numbers.join('|')}) (?:(${days})|(${weeks})|${months})(?!\\p{L})`,
    'gu',
  );
});

const numberOf = (language: Language, written: string): number => {
  if (/^\d/.test(written)) return Number(written);
  if (language === 'ja') return kanji.indexOf(written) + 1;
  return words[language].numbers.findIndex((each) => new RegExp(`^(?:${each})$`, 'u').test(written)) + 1;
};

/**
 * The days that durations from today name: `in two weeks`, `dans 10 jours`, `2週間後`.
 * @param text folded
 * @param today UTC midnight
 * @returns the text's matches, each with UTC midnight of its day
 */
export function durationsIn(
  text: string,
  language: Language,
  today: number,
): { readonly match: RegExpMatchArray; readonly day: number }[] {
  return [...text.matchAll(patternOf(language))].map((match) => {
    const [, number = '', days, weeks] = match;
    const count = numberOf(language, number);
    if (days !== undefined) return { match, day: today + count * dayMs };
    if (weeks !== undefined) return { match, day: today + count * 7 * dayMs };
    const day = new Date(today);
    return { match, day: Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + count, day.getUTCDate()) };
  });
}
