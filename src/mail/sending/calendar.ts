import { DateTime } from 'luxon';

/** When a mailbox sends messages of campaigns, in its own time zone. */
export interface WorkHours {
  /** ISO weekdays: 1 is Monday. */
  readonly days: readonly number[];
  /** `HH:MM`; `end` may be `24:00`. */
  readonly start: string;
  readonly end: string;
}

/** Days to search for an opening: any weekday comes within 7, and a window may be missing on one of them. */
const searchDays = 15;

/** A zone that this machine does not have counts as UTC: nothing is sent at no time at all. */
function local(atMs: number, zone: string): DateTime {
  const time = DateTime.fromMillis(atMs, { zone });
  return time.isValid ? time : DateTime.fromMillis(atMs, { zone: 'utc' });
}

/** The local day of a moment, as Unix milliseconds: 23 or 25 hours where the clocks change. */
export function localDay(atMs: number, zone: string): { readonly startMs: number; readonly endMs: number } {
  const start = local(atMs, zone).startOf('day');
  return { startMs: start.toMillis(), endMs: start.plus({ days: 1 }).startOf('day').toMillis() };
}

/** `HH:MM` of a day; a time that the day does not have, because the clocks go forward, is the first one after it. */
function timeOf(day: DateTime, text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour === 24 ? day.plus({ days: 1 }).startOf('day').toMillis() : day.set({ hour, minute }).toMillis();
}

/**
 * The first moment at or after `atMs` that is within the hours; null if they are empty.
 * @example
 * nextOpen(Date.UTC(2026, 0, 3), 'Europe/Oslo', { days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' }); // Monday, 08:00 UTC
 */
export function nextOpen(atMs: number, zone: string, { days, start, end }: WorkHours): number | null {
  const today = local(atMs, zone).startOf('day');
  for (let ahead = 0; ahead < searchDays; ahead += 1) {
    const day = today.plus({ days: ahead });
    if (!days.includes(day.weekday)) continue;
    const open = Math.max(timeOf(day, start), atMs);
    if (open < timeOf(day, end)) return open;
  }
  return null;
}
