import { DateTime, IANAZone } from 'luxon';
import { WINDOWS_TO_IANA_MAP } from 'windows-iana';
import { dayMs } from '../../base/clock.ts';

/** A STANDARD or DAYLIGHT part of a VTIMEZONE (RFC 5545 §3.6.5). Times are of the zone, as if they were UTC. */
interface Observance {
  readonly onsetMs: number;
  readonly offsetFromMs: number;
  readonly offsetToMs: number;
  /** When it begins each year; undefined if it began once. */
  readonly rule: YearlyRule | undefined;
}

/** The n-th weekday of a month, as time zones have it; n is negative from its end. */
interface YearlyRule {
  readonly month: number;
  readonly weekday: number;
  readonly place: number;
  readonly untilMs: number;
}

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
/** Observances of one zone that are read. */
const observancesMax = 200;

/** Zones that a calendar message defines, by name. @param lines unfolded */
export function zonesIn(lines: readonly string[]): ReadonlyMap<string, readonly Observance[]> {
  const zones = new Map<string, Observance[]>();
  let [name, fields]: [string, Map<string, string> | undefined] = ['', undefined];
  for (const line of lines) {
    // No regular expression: a line may have 64 KiB, and backtracking over it takes seconds.
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const key = (line.slice(0, colon).split(';', 1)[0] ?? '').toUpperCase();
    const value = line.slice(colon + 1).trimEnd();
    if (key === 'BEGIN' && /^VTIMEZONE$/i.test(value)) name = '';
    else if (key === 'BEGIN' && /^(?:STANDARD|DAYLIGHT)$/i.test(value)) fields = new Map();
    else if (key === 'END' && fields !== undefined) {
      const observance = observanceOf(fields);
      const zone = zones.get(name) ?? [];
      if (observance !== undefined && zone.length < observancesMax) zones.set(name, [...zone, observance]);
      fields = undefined;
    } else if (fields !== undefined) fields.set(key, value);
    else if (key === 'TZID') name = value.replaceAll('"', '');
  }
  return zones;
}

function observanceOf(fields: ReadonlyMap<string, string>): Observance | undefined {
  const onsetMs = localMs(fields.get('DTSTART') ?? '');
  const offsetFromMs = offsetMs(fields.get('TZOFFSETFROM') ?? '');
  const offsetToMs = offsetMs(fields.get('TZOFFSETTO') ?? '');
  if (onsetMs === undefined || offsetFromMs === undefined || offsetToMs === undefined) return undefined;
  return { onsetMs, offsetFromMs, offsetToMs, rule: ruleOf(fields.get('RRULE') ?? '') };
}

function localMs(text: string): number | undefined {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.setUTCHours(Number(hour), Number(minute), Number(second));
}

function offsetMs(text: string): number | undefined {
  const [, sign, hours, minutes, seconds = '0'] = /^([+-])(\d\d)(\d\d)(\d\d)?$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
}

function ruleOf(text: string): YearlyRule | undefined {
  const part = (name: string): string => new RegExp(`(?:^|;)${name}=([^;]*)`, 'i').exec(text)?.[1] ?? '';
  const [, place, day = ''] = /^([+-]?\d)([A-Z]{2})$/i.exec(part('BYDAY')) ?? [];
  const weekday = weekdays.indexOf(day.toUpperCase());
  const month = Number(part('BYMONTH'));
  if (!/^YEARLY$/i.test(part('FREQ')) || weekday < 0 || !(month >= 1 && month <= 12) || Number(place) === 0)
    return undefined;
  return { month, weekday, place: Number(place), untilMs: localMs(part('UNTIL')) ?? Infinity };
}

/** When an observance last began before a time of the zone; undefined if it had not begun. */
function lastOnset({ onsetMs, rule }: Observance, localAtMs: number): number | undefined {
  if (onsetMs > localAtMs) return undefined;
  if (rule === undefined) return onsetMs;
  const year = new Date(localAtMs).getUTCFullYear();
  const timeOfDayMs = ((onsetMs % dayMs) + dayMs) % dayMs;
  return (
    [year, year - 1]
      .map((each) => nthWeekday(each, rule) + timeOfDayMs)
      .find((at) => at <= localAtMs && at <= rule.untilMs && at >= onsetMs) ?? onsetMs
  );
}

function nthWeekday(year: number, { month, weekday, place }: YearlyRule): number {
  if (place > 0) {
    const first = new Date(Date.UTC(year, month - 1, 1));
    return Date.UTC(year, month - 1, 1 + ((weekday - first.getUTCDay() + 7) % 7) + (place - 1) * 7);
  }
  const last = new Date(Date.UTC(year, month, 0));
  return Date.UTC(year, month - 1, last.getUTCDate() - ((last.getUTCDay() - weekday + 7) % 7) + (place + 1) * 7);
}

/** The zone of each name that Windows has, by the name in lower case (CLDR, territory 001). */
const windowsZones: ReadonlyMap<string, string> = new Map(
  WINDOWS_TO_IANA_MAP.flatMap(({ windowsName, territory, iana: [zone] }): [string, string][] =>
    territory === '001' && zone !== undefined ? [[windowsName.toLowerCase(), zone]] : [],
  ),
);

/**
 * The zone of IANA that a name means: its own name, in any mix of cases, or one of Windows.
 * @example
 * ianaNameOf('W. Europe Standard Time') // 'Europe/Berlin'
 */
export function ianaNameOf(name: string): string | undefined {
  const zone = windowsZones.get(name.toLowerCase()) ?? name;
  // luxon keeps each spelling that it is given.
  return IANAZone.isValidZone(zone)
    ? new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
    : undefined;
}

/**
 * When it is a time in a zone: one that the message defines, or that IANA or Windows knows; otherwise the time is taken for one at home.
 * @param name undefined: the time has no zone
 * @param localAtMs the time, as if it were UTC
 * @param home the zone of IANA in which the message was received
 * @returns Unix milliseconds
 * @example
 * instantIn('Europe/Oslo', Date.UTC(2026, 6, 6, 15), zonesIn(lines), 'Etc/UTC') // 13:00 UTC
 */
export function instantIn(
  name: string | undefined,
  localAtMs: number,
  zones: ReadonlyMap<string, readonly Observance[]>,
  home: string,
): number {
  const observances = (name === undefined ? undefined : zones.get(name)) ?? [];
  const [earliest] = observances;
  // What the message says of a zone of IANA may be cut to a few years.
  if (name === undefined || earliest === undefined || IANAZone.isValidZone(name)) {
    const zone = (name === undefined ? undefined : ianaNameOf(name)) ?? home;
    return DateTime.fromMillis(localAtMs, { zone: 'utc' }).setZone(zone, { keepLocalTime: true }).toMillis();
  }
  const begun = observances.map((each) => ({ each, at: lastOnset(each, localAtMs) }));
  const current = begun.filter(({ at }) => at !== undefined).toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))[0];
  return localAtMs - (current?.each.offsetToMs ?? earliest.offsetFromMs);
}
