import { convertIcsEvent } from 'ts-ics';
import type { IcsDateObject, IcsEvent } from 'ts-ics';
import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import { cut } from '../../base/cut.ts';
import { addressKey } from '../../base/email-address.ts';
import { ianaNameOf, instantIn, zonesIn } from './zones.ts';

/** How a calendar message changes a meeting (RFC 5546 §1.4). */
export type Method = 'REQUEST' | 'REPLY' | 'CANCEL';

/** The meeting of a calendar message. Addresses are as addresses are compared. */
export interface CalendarMeeting {
  readonly method: Method;
  readonly uid: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
  /** IANA name, also of a zone of Windows; null if it is written in UTC, without a zone, or in a zone of its own. */
  readonly timezone: string | null;
  readonly title: string | null;
  readonly location: string | null;
  readonly organizer: string | null;
  readonly attendees: readonly { readonly key: string; readonly answer: string | null }[];
  readonly isCancelled: boolean;
  /** When it was written. */
  readonly stampMs: number;
}

const methods: ReadonlySet<string> = new Set<Method>(['REQUEST', 'REPLY', 'CANCEL']);
const isMethod = (method: string): method is Method => methods.has(method);
/** Longer ones are not read: the work is bounded. An invitation has about 2 KB. */
const charactersMax = 64 * 1024;
const textCharactersMax = 2_000;
const attendeesMax = 500;
/** Units of a duration (RFC 5545 §3.3.6) in milliseconds. */
const durations = [
  ['weeks', 7 * dayMs],
  ['days', dayMs],
  ['hours', hourMs],
  ['minutes', minuteMs],
  ['seconds', 1_000],
] as const;

/**
 * Reads the first meeting of a calendar message (RFC 5545). Only its VEVENT is parsed by the library, without the time zones of the message:
 * it expands the rules of those, and a rule can have any number of occurrences.
 * @param home the zone of IANA of times without a zone (RFC 5545 §3.3.5), unless the calendar names one
 * @returns undefined if it is none, or not well-formed
 * @example
 * readCalendar(message.forMachines.calendar, mailbox.timezone)?.startsAtMs
 */
export function readCalendar(text: string, home: string): CalendarMeeting | undefined {
  if (text.length === 0 || text.length > charactersMax) return undefined;
  const lines = text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const method = lines.map((line) => /^METHOD:\s*(\w+)\s*$/i.exec(line)?.[1]?.toUpperCase()).find(Boolean) ?? '';
  const own = isMethod(method) ? propertiesIn(lines) : [];
  const event = eventOf(own);
  if (event === undefined || !isMethod(method)) return undefined;
  const named = lines.map((line) => /^X-WR-TIMEZONE[^:]*:(.*)/i.exec(line)?.[1]?.trim()).find(Boolean);
  const zones: Zones = { own: zonesIn(lines), home: (named === undefined ? undefined : ianaNameOf(named)) ?? home };
  const { uid = '', start } = event;
  const startsAtMs = start && msOf(start, zones, isFloating(own, 'DTSTART'));
  const stampMs = event.stamp && msOf(event.stamp, zones);
  if (uid === '' || start === undefined || startsAtMs === undefined || stampMs === undefined) return undefined;
  const name = zoneNameOf(start) ?? '';
  return {
    method,
    uid: cut(uid, textCharactersMax),
    startsAtMs,
    endsAtMs: endOf(event, startsAtMs, zones, isFloating(own, 'DTEND')) ?? null,
    timezone: ianaNameOf(name) ?? null,
    title: textOf(event.summary),
    location: textOf(event.location),
    organizer: keyOf(event.organizer?.email) ?? null,
    attendees: (event.attendees ?? []).slice(0, attendeesMax).flatMap(({ email, partstat }) => {
      const key = keyOf(email);
      return key === undefined ? [] : [{ key, answer: partstat ?? null }];
    }),
    isCancelled: method === 'CANCEL' || event.status === 'CANCELLED',
    stampMs,
  };
}

/** The properties of the first meeting, without those of its reminders. */
function propertiesIn(lines: readonly string[]): readonly string[] {
  const begin = lines.findIndex((line) => /^BEGIN:VEVENT\s*$/i.test(line));
  const end = lines.findIndex((line, index) => index > begin && /^END:VEVENT\s*$/i.test(line));
  if (begin === -1 || end === -1) return [];
  const own: string[] = [];
  let inside: string | undefined;
  for (const line of lines.slice(begin + 1, end)) {
    const opened = /^BEGIN:(.*\S)\s*$/i.exec(line)?.[1];
    if (inside !== undefined) inside = line.trim().toUpperCase() === `END:${inside.toUpperCase()}` ? undefined : inside;
    else if (opened !== undefined) inside = opened;
    // The library looks for the end of each part that a value seems to begin: quadratic work.
    else if (wanted.test(line) && !line.includes('BEGIN:V')) own.push(line);
  }
  return own;
}

/** Properties that the message does not have are missing, whatever the library's type says. */
function eventOf(own: readonly string[]): Partial<IcsEvent> | undefined {
  if (own.length === 0) return undefined;
  try {
    return convertIcsEvent(undefined, ['BEGIN:VEVENT', ...own, 'END:VEVENT', ''].join('\r\n'));
  } catch {
    return undefined;
  }
}

/** Properties that are read; a fault in another one does not matter. */
const wanted = /^(?:UID|DTSTAMP|DTSTART|DTEND|DURATION|SUMMARY|LOCATION|STATUS|ORGANIZER|ATTENDEE)[;:]/i;

/** Whether a property has a time without a zone, or a day; the library takes it for UTC. */
const isFloating = (own: readonly string[], name: 'DTSTART' | 'DTEND'): boolean =>
  own.some((line) => line.toUpperCase().startsWith(name) && /^[A-Z]+(?:;(?!TZID=)[^;:]*)*:[\dT]+\s*$/i.test(line));

interface Zones {
  /** Zones that the message defines. */
  readonly own: ReturnType<typeof zonesIn>;
  readonly home: string;
}

function endOf(
  { end, duration }: Partial<IcsEvent>,
  startsAtMs: number,
  zones: Zones,
  isFloatingEnd: boolean,
): number | undefined {
  if (end !== undefined && end !== null) {
    const at = msOf(end, zones, isFloatingEnd);
    return at !== undefined && at >= startsAtMs ? at : undefined;
  }
  if (duration === undefined || duration === null) return undefined;
  return durations.reduce((at, [unit, ms]) => at + (duration[unit] ?? 0) * ms, startsAtMs);
}

const zoneNameOf = ({ local }: IcsDateObject): string | undefined =>
  local?.timezone.replaceAll('"', '').replace(/^\/.*?\/(?=[A-Z]\w+\/)/, '');

/** A time in a zone is read here: the library takes a name that it does not know for the zone of this process, and no zone for UTC. */
function msOf(date: IcsDateObject, { own, home }: Zones, isFloatingTime = false): number | undefined {
  const name = zoneNameOf(date);
  const at =
    name === undefined && !isFloatingTime
      ? date.date.getTime()
      : instantIn(name, (date.local?.date ?? date.date).getTime(), own, home);
  return Number.isNaN(at) ? undefined : at;
}

const textOf = (text: string | undefined): string | null => {
  const trimmed = cut((text ?? '').trim(), textCharactersMax);
  return trimmed === '' ? null : trimmed;
};

const keyOf = (address = ''): string | undefined => addressKey(address.replace(/^mailto:/i, ''));
