import { dayMs, dayOf } from '../../base/clock.ts';
import { durationsIn } from './durations.ts';
import { byLanguage, rulesOf } from './language.ts';
import { wordsPattern } from './rules-engine.ts';
import type { Language } from './reply.ts';
import type { Sentence } from './sentences.ts';

/** An absence that ends later is not one that an answer holds for. */
const daysMax = 92;
/** Between a cue and its date, in characters. */
const gapMax = 28;
const gapAfterMax = 34;

interface Written {
  /** UTC midnight of the day. */
  readonly day: number;
  readonly from: number;
  /** After the article, which may belong to a cue: "de retour le". */
  readonly number: number;
  readonly to: number;
}

interface Patterns {
  readonly language: Language;
  readonly back: RegExp;
  readonly until: RegExp;
  readonly inclusive: RegExp;
  readonly isInclusive: boolean;
  readonly day: RegExp;
  readonly monthFirst: RegExp;
  readonly dayFirst: RegExp;
  readonly weekday: RegExp;
  readonly tomorrow: RegExp;
  readonly afterTomorrow: RegExp;
  readonly nextWeek: RegExp;
  readonly months: readonly RegExp[];
  readonly weekdays: readonly RegExp[];
}

const patternsOf = byLanguage((language: Language): Patterns => {
  const rules = rulesOf[language];
  const month = rules.months.length === 0 ? '(?!)' : rules.months.join('|');
  const ordinal = '(?:st|nd|rd|th|er|e|o|º|ª|\\.)?';
  const year = '(?:,? (?:de |del )?(20\\d\\d))?';
  const exactly = (source: string): RegExp => new RegExp(`^(?:${source})$`, 'u');
  return {
    language,
    back: wordsPattern(language, [rules.back], 'g'),
    until: wordsPattern(language, [rules.until], 'g'),
    inclusive: wordsPattern(language, [rules.inclusive]),
    isInclusive: rules.untilIsInclusive,
    day: /(?<![\d.,:/])(?:the |den |dem |le |el |il |l'|dia |de |am |o |no dia )?(?<![\d.,:/])(\d{1,2})(?:st|nd|rd|th|er|e|\.)?(?![\d:/h%]|[.,]\d| ?(?:uhr|uur|hours?|h\b|am\b|pm\b|minutes?|days?|tage|weeks?|wochen|jours|dias|giorni|dagen|%|min|horas|heures|ore))/gu,
    monthFirst: new RegExp(`\\b(${month})\\.? (?:the )?(\\d{1,2})${ordinal}(?![\\d:])${year}`, 'gu'),
    dayFirst: new RegExp(`(?<!\\d)(\\d{1,2})${ordinal} ?(?:of |de |del |d')?(${month})(?!\\p{L})\\.?${year}`, 'gu'),
    weekday:
      language === 'ja'
        ? new RegExp(`(${rules.weekdays.join('|')})`, 'gu')
        : new RegExp(`(?<!\\p{L})(${rules.weekdays.join('|')})(?!\\p{L})`, 'gu'),
    tomorrow: wordsPattern(language, [rules.tomorrow], 'g'),
    afterTomorrow: wordsPattern(language, [rules.afterTomorrow], 'g'),
    nextWeek: wordsPattern(language, [rules.nextWeek], 'g'),
    months: rules.months.map(exactly),
    weekdays: rules.weekdays.map(exactly),
  };
});

/**
 * The first day back that sentences name, at most 92 days after today. Dates without a year or a month are the next such days. A day after
 * "until" is the first day back where the language says so ("until", "tot") and the last day away elsewhere ("bis", "jusqu'au") or if it is marked
 * ("through", "einschließlich"). Of two readings of 4/5, the later one.
 * @param today UTC midnight of the day on which the message was written, where it was written
 */
export function returnDayOf(sentences: readonly Sentence[], language: Language, today: number): string | undefined {
  const found = sentences.flatMap(({ text }) => candidatesIn(text, patternsOf(language), today));
  const inWindow = found.filter(({ day }) => day >= today && day <= today + daysMax * dayMs);
  const best = Math.max(...inWindow.map(({ rank }) => rank));
  const days = inWindow.filter(({ rank }) => rank === best).map(({ day }) => day);
  return days.length === 0 ? undefined : dayOf(Math.max(...days));
}

/** The days that a text names, whatever it says about them; UTC midnights. */
export function daysNamed(text: string, language: Language, today: number): number[] {
  return datesIn(text, patternsOf(language), today).map(({ day }) => day);
}

/** What stands between two days. "To" includes the second, "until" does not. */
const range = /^(?:to|[-–—])$/;

interface Candidate {
  readonly day: number;
  /** 2: beside a cue of return; 1: the end of the absence. */
  readonly rank: number;
}

function candidatesIn(text: string, known: Patterns, today: number): Candidate[] {
  const dates = datesIn(text, known, today);
  if (dates.length === 0) return [];
  const backs = [...text.matchAll(known.back)];
  const untils = [...text.matchAll(known.until)];
  return dates.flatMap((date): Candidate[] => {
    const isBetween = (from: number, to: number, max: number): boolean =>
      to >= from && to - from <= max && !dates.some((other) => other !== date && other.from >= from && other.to <= to);
    const until =
      untils.find(
        (match) =>
          isBetween(match.index + match[0].length, date.from, 20) &&
          // "to" and a dash mean "until" between two dates only.
          (match[0].trim().length > 2 ||
            /\d\.?\s?$/.test(text.slice(0, match.index)) ||
            dates.some(({ to }) => match.index - to >= 0 && match.index - to <= 3)),
      ) ?? (known.language === 'ja' ? untils.find((match) => isBetween(date.to, match.index, 3)) : undefined);
    const isBehind = backs.some((match) => isBetween(match.index + match[0].length, date.number, gapMax));
    if (until !== undefined) {
      const around = `${text.slice(Math.max(0, until.index - 14), date.from)} ${text.slice(date.to, date.to + 16)}`;
      const isIncluded = known.isInclusive || range.test(until[0].trim()) || known.inclusive.test(around);
      return [{ day: date.day + (isIncluded ? dayMs : 0), rank: 1 }];
    }
    // "From 15 June to 5 July" begins there.
    const next = dates.find(({ from }) => from > date.to);
    const isStart =
      next !== undefined &&
      next.from - date.to <= 14 &&
      (untils.some(({ index }) => index >= date.to && index < next.from) || text.startsWith('から', date.to));
    if (isStart) return [];
    if (isBehind) return [{ day: date.day, rank: 2 }];
    const isBefore = backs.some((match) => isBetween(date.to, match.index, gapAfterMax));
    return isBefore ? [{ day: date.day, rank: 2 }] : [];
  });
}

/** The days that a text names, the longest reading of each place. */
function datesIn(text: string, known: Patterns, today: number): Written[] {
  const found: Written[] = [];
  const add = (
    match: RegExpMatchArray,
    day: number | undefined,
    article = /^\D{2,4}(?=\d)/.exec(match[0])?.[0].length ?? 0,
  ): void => {
    const from = match.index ?? 0;
    const to = from + match[0].length;
    if (day === undefined || found.some((other) => from < other.to && to > other.from)) return;
    found.push({ day, from, number: from + article, to });
  };
  const monthOf = (written = ''): number => known.months.findIndex((each) => each.test(written)) + 1;
  for (const match of text.matchAll(/(20\d\d)-(\d\d?)-(\d\d?)/g))
    add(match, midnightOf(Number(match[1]), Number(match[2]), Number(match[3])));
  for (const match of text.matchAll(/(?:(20\d\d)年)?(\d{1,2})月(\d{1,2})日/gu))
    add(match, dated(Number(match[2]), Number(match[3]), match[1], today));
  for (const match of text.matchAll(known.dayFirst))
    add(match, dated(monthOf(match[2]), Number(match[1]), match[3], today));
  for (const match of text.matchAll(known.monthFirst))
    add(match, dated(monthOf(match[1]), Number(match[2]), match[3], today));
  for (const match of text.matchAll(
    /(?<![\d/.-])(?!24\/7(?!\d))(\d{1,2})[./-](\d{1,2})(?:[./-](20\d\d|\d\d))?\.?(?![\d/-])/g,
  ))
    add(match, numeric(match, known, today));
  const weekdays = [...text.matchAll(known.weekday)];
  for (const match of text.matchAll(known.day)) {
    const before = weekdays.findLast(
      (each) => each.index < match.index && match.index - each.index - each[0].length <= 6,
    );
    if (before === undefined && !/^(?:the|den|dem|le|el|il|l'|dia|o|no)\b|(?:st|nd|rd|th)$|\d日/u.test(match[0].trim()))
      continue;
    add(
      match,
      dayOfMonth(Number(match[1]), before && known.weekdays.findIndex((each) => each.test(before[1] ?? '')), today),
    );
  }
  for (const match of text.matchAll(/(?<![\d月])(\d{1,2})日(?!間|以内)/gu))
    add(match, dayOfMonth(Number(match[1]), undefined, today));
  for (const { match, day } of durationsIn(text, known.language, today))
    add(match, day, match[0].indexOf(match[1] ?? ''));
  for (const match of text.matchAll(known.afterTomorrow)) add(match, today + 2 * dayMs);
  for (const match of text.matchAll(known.tomorrow)) add(match, today + dayMs);
  for (const match of weekdays) {
    const isBesideDate = found.some(
      (other) => Math.abs(other.from - match.index - match[0].length) <= 5 || Math.abs(match.index - other.to) <= 3,
    );
    if (!isBesideDate)
      add(
        match,
        nextWeekday(
          known.weekdays.findIndex((each) => each.test(match[1] ?? '')),
          today,
        ),
      );
  }
  for (const match of text.matchAll(known.nextWeek)) if (weekdays.length === 0) add(match, nextWeekday(0, today));
  return found.toSorted((a, b) => a.from - b.from);
}

/** UTC midnight; undefined if there is no such day. */
function midnightOf(year: number, month: number, day: number): number | undefined {
  const time = Date.UTC(year, month - 1, day);
  return new Date(time).getUTCDate() === day && month >= 1 && month <= 12 ? time : undefined;
}

/** Without a year: the next such day, or one just past. */
function dated(month: number, day: number, year: string | undefined, today: number): number | undefined {
  if (year !== undefined) return midnightOf(Number(year), month, day);
  const thisYear = new Date(today).getUTCFullYear();
  return [thisYear, thisYear + 1]
    .map((each) => midnightOf(each, month, day))
    .find((each) => each !== undefined && each >= today);
}

/** Day and month, in English also month and day: the later of the two readings that are near enough. */
function numeric(
  [, first = '', second = '', written]: RegExpMatchArray,
  { language }: Patterns,
  today: number,
): number | undefined {
  const year = written === undefined ? undefined : written.length === 2 ? `20${written}` : written;
  const readings = [dated(Number(second), Number(first), year, today)];
  if (language === 'en') readings.push(dated(Number(first), Number(second), year, today));
  const near = readings.filter((each) => each !== undefined && each >= today && each <= today + daysMax * dayMs);
  return near.length === 0 ? undefined : Math.max(...near.map((each) => each ?? 0));
}

/** The next day with this number, on this weekday if one is named. @param weekday 0 for Monday */
function dayOfMonth(day: number, weekday: number | undefined, today: number): number | undefined {
  const from = new Date(today);
  for (let month = 0; month <= 4; month += 1) {
    const time = midnightOf(
      from.getUTCFullYear() + Math.floor((from.getUTCMonth() + month) / 12),
      ((from.getUTCMonth() + month) % 12) + 1,
      day,
    );
    if (time === undefined || time < today) continue;
    if (weekday === undefined || weekday < 0 || (new Date(time).getUTCDay() + 6) % 7 === weekday) return time;
  }
  return weekday === undefined ? undefined : dayOfMonth(day, undefined, today);
}

const nextWeekday = (weekday: number, today: number): number | undefined =>
  weekday < 0 ? undefined : today + (((weekday - ((new Date(today).getUTCDay() + 6) % 7) + 6) % 7) + 1) * dayMs;
