import { dayMs, minuteMs } from '../../base/clock.ts';
import { timeZoneOf } from '../../base/time-zone.ts';
import { countryCodeOf } from './countries.ts';
import { holidaysIn } from './holidays.ts';
import { localDays } from './local-days.ts';
import type { LocalDay, Span } from './local-days.ts';
import type { Schedule, Window } from './schedule.ts';

/** How far ahead an opening is searched: beyond it, a campaign has none. */
const searchDays = 400;

/** Where a lead is, as far as it is known. */
export interface Place {
  readonly timezone: string | null;
  /** A code such as `NO`, or a name in English. */
  readonly country: string | null;
}

/**
 * The calendar of a lead: its time zone and country, such as `Europe/Oslo NO`; without a zone ` NO`. Empty: the campaign's. It does not
 * depend on the windows and holidays of the schedule, only on `use_lead_timezone`.
 */
export function calendarOf(schedule: Pick<Schedule, 'use_lead_timezone'>, { timezone, country }: Place): string {
  if (!schedule.use_lead_timezone) return '';
  const zone = timezone === null ? '' : (timeZoneOf(timezone) ?? '');
  const code = country === null ? undefined : countryCodeOf(country);
  return code === undefined ? zone : `${zone} ${code}`;
}

/** The zone and the country that a calendar stands for. */
function readCalendar(schedule: Schedule, calendar: string): { readonly zone: string; readonly country: string } {
  const [zone = '', country = ''] = schedule.use_lead_timezone ? calendar.split(' ') : [];
  return { zone: zone === '' ? schedule.timezone : zone, country };
}

/** Whether a schedule is open. `untilMs`: the end of the window. `opensMs`: null if it does not open within 400 days. */
export type Opening =
  | { readonly open: true; readonly untilMs: number }
  | { readonly open: false; readonly opensMs: number | null; readonly reason: 'outside_window' | 'holiday' };

/** What was computed of a schedule in a calendar, by day of UTC. */
interface Computed {
  readonly zone: string;
  readonly isHoliday: (date: string) => boolean;
  readonly spans: Map<number, readonly Span[]>;
  /** When it opens first on that day or after it. */
  readonly opens: Map<number, number | null>;
}

const cache = new Map<string, Computed>();
const cacheMax = 20_000;
const daysMax = 1_000;
/** The same by schedules that are still in use: without reading them again. */
const known = new WeakMap<Schedule, Map<string, Computed>>();

function computedOf(schedule: Schedule, calendar: string): Computed {
  let byCalendar = known.get(schedule);
  if (byCalendar === undefined) known.set(schedule, (byCalendar = new Map<string, Computed>()));
  let computed = byCalendar.get(calendar);
  if (computed === undefined) byCalendar.set(calendar, (computed = cachedFor(schedule, calendar)));
  if (computed.spans.size > daysMax) {
    computed.spans.clear();
    computed.opens.clear();
  }
  return computed;
}

function cachedFor(schedule: Schedule, calendar: string): Computed {
  const key = `${calendar}\n${JSON.stringify(schedule)}`;
  let computed = cache.get(key);
  if (computed === undefined) {
    const { zone, country } = readCalendar(schedule, calendar);
    computed = { zone, isHoliday: holidayTest(schedule, country), spans: new Map(), opens: new Map() };
    if (cache.size >= cacheMax) cache.clear();
    cache.set(key, computed);
  }
  return computed;
}

/** The lead's country decides, if its holidays are known; otherwise the campaign's list does. A region of the list counts for its country. */
function holidayTest({ holidays, dates }: Schedule, country: string): (date: string) => boolean {
  const own = holidays.filter((place) => place === country || place.startsWith(`${country}-`));
  const ofLead = own.length > 0 ? own : [country];
  return (date) => {
    if (dates.includes(date)) return true;
    if (holidays.length === 0) return false;
    const year = Number(date.slice(0, 4));
    const places = country !== '' && holidaysIn(country, year) !== undefined ? ofLead : holidays;
    return places.some((place) => holidaysIn(place, year)?.has(date) === true);
  };
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The spans of a day whose wall clock is within a window: none where the clocks skip it, two where they repeat its end. */
function spansOf(day: LocalDay, { days, start, end }: Window): Span[] {
  if (!days.includes(day.weekday)) return [];
  const midnight = Date.parse(`${day.date}T00:00:00Z`);
  return day.parts.flatMap(({ startMs, endMs, offsetMs }) => {
    const span = {
      startMs: Math.max(startMs, midnight + minutes(start) * minuteMs - offsetMs),
      endMs: Math.min(endMs, midnight + minutes(end) * minuteMs - offsetMs),
    };
    return span.startMs < span.endMs ? [span] : [];
  });
}

/** Sorted, without gaps of no length. */
function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = all.at(-1);
    if (last === undefined || span.startMs > last.endMs) all.push(span);
    else if (span.endMs > last.endMs) all[all.length - 1] = { startMs: last.startMs, endMs: span.endMs };
  }
  return all;
}

function spansOn({ windows }: Schedule, { zone, isHoliday, spans }: Computed, utcDay: number): readonly Span[] {
  let found = spans.get(utcDay);
  if (found === undefined) {
    const days = localDays(zone, utcDay).filter(({ date }) => !isHoliday(date));
    found = joined(days.flatMap((day) => windows.flatMap((window) => spansOf(day, window)))).filter(
      ({ endMs }) => endMs > utcDay * dayMs,
    );
    spans.set(utcDay, found);
  }
  return found;
}

/** The first opening on a day of UTC or after it. */
function opensFrom(schedule: Schedule, computed: Computed, utcDay: number): number | null {
  const cached = computed.opens.get(utcDay);
  if (cached !== undefined) return cached;
  let first: number | null = null;
  for (let day = utcDay; first === null && day < utcDay + searchDays; day += 1)
    first = spansOn(schedule, computed, day)[0]?.startMs ?? null;
  computed.opens.set(utcDay, first);
  return first;
}

/**
 * Whether a schedule is open for leads of a calendar, and until or from when. A time that the clocks skip is not open; one that they repeat
 * is open both times. Cached by day, so that it can be asked for every candidate.
 * @param calendar of `calendarOf`
 * @example
 * openAt(schedule, 'Europe/Oslo NO', now); // { open: false, opensMs: 1767600000000, reason: 'holiday' }
 */
export function openAt(schedule: Schedule, calendar: string, atMs: number): Opening {
  const computed = computedOf(schedule, calendar);
  const utcDay = Math.floor(atMs / dayMs);
  for (const { startMs, endMs } of spansOn(schedule, computed, utcDay)) {
    if (endMs <= atMs) continue;
    if (startMs <= atMs) return { open: true, untilMs: endMs };
    return { open: false, opensMs: startMs, reason: reasonAt(computed, utcDay, atMs) };
  }
  return {
    open: false,
    opensMs: opensFrom(schedule, computed, utcDay + 1),
    reason: reasonAt(computed, utcDay, atMs),
  };
}

function reasonAt({ zone, isHoliday }: Computed, utcDay: number, atMs: number): 'outside_window' | 'holiday' {
  const day = localDays(zone, utcDay).find(({ endMs }) => atMs < endMs);
  return day !== undefined && isHoliday(day.date) ? 'holiday' : 'outside_window';
}

/** Whether a local date is a day of work in a calendar: Monday to Friday, no holiday. */
export function isBusinessDay(schedule: Schedule, calendar: string, date: string, weekday: number): boolean {
  return weekday <= 5 && !computedOf(schedule, calendar).isHoliday(date);
}

/** The zone in which a calendar's days are counted. */
export const zoneOfCalendar = (schedule: Schedule, calendar: string): string => readCalendar(schedule, calendar).zone;
