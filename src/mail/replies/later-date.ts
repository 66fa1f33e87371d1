import { dayMs, dayOf } from '../../base/clock.ts';
import { byLanguage, rulesOf } from './language.ts';
import type { Language } from './reply.ts';
import { daysNamed } from './return-date.ts';
import type { Sentence } from './sentences.ts';

/** Later days are not what the writer means. */
const daysMax = 400;
const monthsOfQuarter = 3;
const middleOfMonth = 15;

/** How a language names times that are not days, as folded text. */
interface Words {
  /** Before a month or quarter: it begins then. "Before" is part of "not before". */
  readonly on: string;
  /** Before a month or quarter: it is over then. */
  readonly after: string;
  /** Before a month or quarter: it begins then, or it is over then where the language says so. */
  readonly until: string;
  readonly end: string;
  readonly middle: string;
  readonly quarter: string;
  readonly nextMonth: string;
  readonly nextQuarter: string;
  readonly nextYear: string;
  /** Half a year. */
  readonly halfYear: string;
  /** When the summer of the north is over; undefined where the language is that of the south as well. */
  readonly summerOver?: string;
  readonly autumn?: string;
  readonly spring?: string;
}

const words: Readonly<Record<Exclude<Language, 'ja'>, Words>> = {
  en: {
    on: 'in|from|by|around|about|during|come|before|early(?: in)?|(?:the )?(?:start|beginning) of|next|this coming|for',
    after: 'after|past',
    until: 'until|till|til',
    end: '(?:the )?end of|late(?: in)?',
    middle: 'mid|(?:the )?middle of',
    quarter: 'q([1-4])',
    nextMonth: 'next month',
    nextQuarter: 'next quarter',
    nextYear: 'next (?:calendar )?year|(?:the )?new year',
    halfYear: 'in (?:about )?(?:half a year|six months)',
    summerOver: '(?:after|once|when|until after) (?:the )?summer(?: break| holidays?| vacation)?(?: is over)?',
    autumn: '(?:in|until|till|before|from|by) (?:the |this )?(?:autumn|fall)',
    spring: '(?:in|until|till|before|from|by) (?:the |next )?spring|next spring',
  },
  de: {
    on: 'im|ab|anfang|vor|gegen|zum|seit|kommenden|nachsten',
    after: 'nach',
    until: 'bis',
    end: 'ende',
    middle: 'mitte',
    quarter: 'q([1-4])|([1-4])\\. quartal',
    nextMonth: '(?:nachsten|kommenden) monat',
    nextQuarter: '(?:nachste[sn]?|kommende[sn]?) quartal',
    nextYear: '(?:nachste[sn]?|kommende[sn]?|neue[sn]?) jahr',
    halfYear: 'in (?:etwa )?einem halben jahr',
    summerOver: 'nach (?:dem sommer|den sommerferien|der sommerpause)',
    autumn: '(?:im|ab|vor|bis) (?:dem |zum )?herbst',
    spring: '(?:im|ab|vor|bis) (?:dem |zum )?(?:fruhjahr|fruhling)',
  },
  fr: {
    on: "en|debut|vers|des|courant|avant|a partir de|a partir d'|au mois de|au mois d'",
    after: 'apres',
    until: "jusqu'en|jusqu'a",
    end: 'fin|la fin de',
    middle: 'mi|mi-',
    quarter: 't([1-4])',
    nextMonth: 'le mois prochain',
    nextQuarter: '(?:le|au) (?:trimestre prochain|prochain trimestre)',
    nextYear: "l'annee prochaine|l'an prochain",
    halfYear: 'dans (?:environ )?six mois',
    summerOver: "apres l'ete|apres les vacances d'ete|a la rentree",
    autumn: "(?:a|cet|avant) l'automne",
    spring: '(?:au|avant le) printemps',
  },
  es: {
    on: 'en|desde|hacia|antes de|a partir de|a principios de|principios de|para',
    after: 'despues de|pasado',
    until: 'hasta',
    end: '(?:a )?finales de|fin de',
    middle: '(?:a )?mediados de',
    quarter: 'q([1-4])',
    nextMonth: '(?:el )?(?:proximo mes|mes que viene|mes proximo)',
    nextQuarter: '(?:el )?(?:proximo trimestre|trimestre que viene)',
    nextYear: '(?:el )?(?:proximo ano|ano que viene|ano proximo)',
    halfYear: '(?:en|dentro de) (?:unos )?seis meses|dentro de medio ano',
  },
  pt: {
    on: 'em|desde|antes de|a partir de|no inicio de|no comeco de|la para',
    after: 'depois de|apos',
    until: 'ate',
    end: '(?:no |o )?(?:final|fim) de',
    middle: '(?:em )?meados de',
    quarter: 'q([1-4])',
    nextMonth: '(?:o |no )?(?:proximo mes|mes que vem)',
    nextQuarter: '(?:o |no )?(?:proximo trimestre|trimestre que vem)',
    nextYear: '(?:o |no )?(?:proximo ano|ano que vem)',
    halfYear: '(?:em|daqui a|dentro de) (?:cerca de )?(?:seis meses|meio ano)',
  },
  it: {
    on: 'a|ad|in|da|prima di|verso|inizio|per',
    after: 'dopo',
    until: 'fino a|fino ad',
    end: '(?:a )?fine|la fine di',
    middle: '(?:a )?meta',
    quarter: 'q([1-4])',
    nextMonth: '(?:il )?(?:mese prossimo|prossimo mese)',
    nextQuarter: '(?:il |nel )?(?:prossimo trimestre|trimestre prossimo)',
    nextYear: "(?:l'|il )?(?:anno prossimo|prossimo anno)",
    halfYear: '(?:tra|fra) (?:circa )?sei mesi',
    summerOver: "dopo l'estate",
    autumn: "(?:in|per l'|prima dell')autunno|in autunno",
    spring: 'in primavera',
  },
  nl: {
    on: 'in|vanaf|begin|voor|rond|tegen',
    after: 'na',
    until: 'tot',
    end: 'eind|einde',
    middle: 'half|medio',
    quarter: 'q([1-4])',
    nextMonth: 'volgende maand',
    nextQuarter: '(?:volgend|komend) kwartaal',
    nextYear: '(?:volgend|komend|het nieuwe) jaar',
    halfYear: 'over (?:ongeveer )?(?:een half jaar|zes maanden)',
    summerOver: 'na de (?:zomer|zomervakantie)',
    autumn: '(?:in|voor) (?:het najaar|de herfst)',
    spring: '(?:in|voor) (?:het voorjaar|de lente)',
  },
};

/** First months of the north's seasons, from 0. */
const [march, september] = [2, 8];
const april = 3;
const months = 12;

interface Patterns {
  readonly month: RegExp;
  readonly quarter: RegExp;
  readonly months: readonly RegExp[];
  readonly isUntilOver: boolean;
  readonly nextYear: RegExp;
  /** Times with a day of their own, from today. */
  readonly fixed: readonly (readonly [RegExp, (year: number, month: number, day: number) => number])[];
}

const patternsOf = byLanguage((language: Exclude<Language, 'ja'>): Patterns => {
  const { on, after, until, end, middle, quarter, nextMonth, nextQuarter, nextYear, halfYear, ...seasons } =
    words[language];
  const rules = rulesOf[language];
  const word = (source: string): RegExp => new RegExp(`(?<!\\p{L})(?:${source})(?!\\p{L})`, 'u');
  const cue = `(?<!\\p{L})(?:(?<on>${on})|(?<until>${until})|(?<after>${after}))?[ ]?(?:(?<end>${end})|(?<middle>${middle}))?[ -]?(?:the |de |dem |den |des |d')?`;
  const year = '(?:,? (?:of |de |del )?(?<year>20\\d\\d))?(?!\\p{L})';
  const season = (source: string | undefined, month: number): Patterns['fixed'] =>
    source === undefined ? [] : [[word(source), (y, m) => Date.UTC(m < month ? y : y + 1, month)]];
  return {
    month: new RegExp(`${cue}(?<name>${rules.months.join('|')})${year}`, 'gu'),
    quarter: new RegExp(`${cue}(?:${quarter})${year}`, 'gu'),
    months: rules.months.map((source) => new RegExp(`^(?:${source})$`, 'u')),
    isUntilOver: rules.untilIsInclusive,
    nextYear: word(nextYear),
    fixed: [
      [word(nextMonth), (y, m) => Date.UTC(y, m + 1)],
      [word(nextQuarter), (y, m) => Date.UTC(y, (Math.floor(m / monthsOfQuarter) + 1) * monthsOfQuarter)],
      [word(halfYear), (y, m, d) => Date.UTC(y, m + months / 2, d)],
      ...season(seasons.summerOver, september),
      ...season(seasons.autumn, september),
      ...season(seasons.spring, march),
    ],
  };
});

/**
 * The first day on which somebody wants to be written to again, within 400 days: a day, the beginning of a month, quarter or season, or the end of
 * one that is to be over ("after March", "bis März"). Seasons are those of the north, and are not read in languages of the south.
 * @param sentences those that ask to wait
 * @param today UTC midnight of the day on which the message was written, where it was written
 * @returns undefined if they name none, or several
 * @example
 * laterDayOf(sentencesOf('Please reach out in March.'), 'en', Date.UTC(2026, 5, 9)) // '2027-03-01'
 */
export function laterDayOf(sentences: readonly Sentence[], language: Language, today: number): string | undefined {
  const days = new Set(sentences.flatMap(({ text }) => daysIn(text, language, today)));
  const [day] = days;
  if (day === undefined || days.size > 1 || day <= today || day > today + daysMax * dayMs) return undefined;
  return dayOf(day);
}

function daysIn(text: string, language: Language, today: number): readonly number[] {
  const named = daysNamed(text, language, today);
  const periods = language === 'ja' ? japanesePeriodsIn(text, today) : periodsIn(text, language, today);
  // "15 March" names March, too.
  const isPart = (day: number): boolean => named.some((each) => monthOf(each) === monthOf(day));
  return [...named, ...periods.filter((day) => !isPart(day))];
}

const monthOf = (day: number): string => new Date(day).toISOString().slice(0, 7);

function periodsIn(text: string, language: Exclude<Language, 'ja'>, today: number): readonly number[] {
  const patterns = patternsOf(language);
  const date = new Date(today);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const isNextYear = patterns.nextYear.test(text);
  const found: number[] = [];
  const add = (match: RegExpExecArray, first: number, length: number): void => {
    const { on, until, after, end, middle, year: written } = match.groups ?? {};
    // "May" and "march" are verbs, too.
    if ([on, until, after, end, middle, written].every((each) => each === undefined)) return;
    const isOver = after !== undefined || (until !== undefined && (patterns.isUntilOver || end !== undefined));
    const dayIn = (of: number): number => {
      if (middle !== undefined) return Date.UTC(of, first, middleOfMonth);
      if (isOver) return Date.UTC(of, first + length);
      return end === undefined ? Date.UTC(of, first) : Date.UTC(of, first + length) - dayMs;
    };
    const next = dayIn(year) > today ? year : year + 1;
    found.push(dayIn(written === undefined ? (isNextYear ? year + 1 : next) : Number(written)));
  };
  for (const match of text.matchAll(patterns.month)) {
    const first = patterns.months.findIndex((each) => each.test(match.groups?.['name'] ?? ''));
    if (first >= 0) add(match, first, 1);
  }
  for (const match of text.matchAll(patterns.quarter)) {
    const number = Number(/[1-4]/.exec(match[0].replace(/20\d\d/, ''))?.[0]);
    add(match, (number - 1) * monthsOfQuarter, monthsOfQuarter);
  }
  for (const [pattern, dayFrom] of patterns.fixed) if (pattern.test(text)) found.push(dayFrom(year, month, day));
  return found.length === 0 && isNextYear ? [Date.UTC(year + 1, 0)] : found;
}

/** `9月`, `9月中旬`, `来年`, `来年度`, `来月`, `半年後`. */
function japanesePeriodsIn(text: string, today: number): readonly number[] {
  const date = new Date(today);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const isNextYear = /来年(?!度)/u.test(text);
  const found = [...text.matchAll(/(?<!\d)(\d{1,2})月(?!\d|間)(中旬)?(末|まで)?/gu)].map(
    ([, number = '', middle, end]) => {
      const first = Number(number) - 1;
      const dayIn = (of: number): number =>
        middle === undefined ? Date.UTC(of, first + (end === undefined ? 0 : 1)) : Date.UTC(of, first, middleOfMonth);
      return dayIn(isNextYear || dayIn(year) <= today ? year + 1 : year);
    },
  );
  if (text.includes('来月')) found.push(Date.UTC(year, month + 1));
  // The fiscal year begins in April.
  if (text.includes('来年度')) found.push(Date.UTC(month < april ? year : year + 1, april));
  if (/半年後/u.test(text)) found.push(Date.UTC(year, month + months / 2, date.getUTCDate()));
  return found.length === 0 && isNextYear ? [Date.UTC(year + 1, 0)] : found;
}
