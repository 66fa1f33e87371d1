import { DateTime } from 'luxon';
import { dayMs, hourMs } from '../../base/clock.ts';
import { isBusinessDay, zoneOfCalendar } from './calendar.ts';
import { localDayAt, zoneOf } from './local-days.ts';
import type { Schedule } from './schedule.ts';

/** How long after the message before a step may be sent. */
export interface Delay {
  readonly delay_days: number;
  readonly delay_hours: number;
  /** `delay_days` counts Monday to Friday, without holidays. */
  readonly business_days: boolean;
}

/** Nothing is delayed longer: it ends the search in a calendar of holidays only. */
const searchDays = 4_000;

/**
 * When a delay that begins at `fromMs` has passed. A day is 24 hours, so a change of the clocks moves the local time by an hour; the windows
 * decide when in the day a message is sent. Business days keep the local time of the lead's calendar and skip weekends, holidays and the
 * `dates` of the schedule. Hours are added at the end.
 * @example
 * dueAfter({ delay_days: 3, delay_hours: 0, business_days: false }, sentMs, schedule, lead.calendar);
 */
export function dueAfter(delay: Delay, fromMs: number, schedule: Schedule, calendar: string): number {
  const hoursMs = delay.delay_hours * hourMs;
  if (!delay.business_days || delay.delay_days === 0) return fromMs + delay.delay_days * dayMs + hoursMs;
  const zone = zoneOfCalendar(schedule, calendar);
  let day = localDayAt(zone, fromMs);
  let [ahead, left] = [0, delay.delay_days];
  for (; left > 0 && ahead < searchDays; ahead += 1) {
    day = localDayAt(zone, day.endMs);
    if (isBusinessDay(schedule, calendar, day.date, day.weekday)) left -= 1;
  }
  return (
    DateTime.fromMillis(fromMs, { zone: zoneOf(zone) })
      .plus({ days: ahead })
      .toMillis() + hoursMs
  );
}

/** The first day in the office is for other things. */
const afterReturn: Delay = { delay_days: 1, delay_hours: 0, business_days: true };

/**
 * When somebody who is back on a day may be written to: on the next business day, in the lead's calendar.
 * @param date the first day back, `YYYY-MM-DD`
 * @example
 * dueAfterReturn('2026-12-11', schedule, lead.calendar); // a Friday: Monday at midnight
 */
export function dueAfterReturn(date: string, schedule: Schedule, calendar: string): number {
  const zone = zoneOf(zoneOfCalendar(schedule, calendar));
  return dueAfter(afterReturn, DateTime.fromISO(date, { zone }).startOf('day').toMillis(), schedule, calendar);
}
