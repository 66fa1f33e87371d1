import { localDayAt, openAt, workSchedule } from '../schedule/index.ts';
import type { Span, Window } from '../schedule/index.ts';

/** When a mailbox sends messages of campaigns, in its own time zone. */
export type WorkHours = Window;

/** The local day of a moment, as Unix milliseconds: 23 or 25 hours where the clocks change. */
export const localDay = (atMs: number, zone: string): Span => localDayAt(zone, atMs);

/**
 * The first moment at or after `atMs` that is within the hours; null if they are empty.
 * @example
 * nextOpen(Date.UTC(2026, 0, 3), 'Europe/Oslo', { days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' }); // Monday, 08:00 UTC
 */
export function nextOpen(atMs: number, zone: string, hours: WorkHours): number | null {
  const opening = openAt(workSchedule(zone, hours), '', atMs);
  return opening.open ? atMs : opening.opensMs;
}
