import type { Schedule, Window } from './schedule.ts';

const known = new WeakMap<Window, Map<string, Schedule>>();

/** The work hours of a mailbox as a schedule, for `openAt`. The same object for the same hours. */
export function workSchedule(timezone: string, hours: Window): Schedule {
  let byZone = known.get(hours);
  if (byZone === undefined) known.set(hours, (byZone = new Map<string, Schedule>()));
  let schedule = byZone.get(timezone);
  if (schedule === undefined) {
    schedule = { timezone, use_lead_timezone: false, windows: [hours], holidays: [], dates: [] };
    byZone.set(timezone, schedule);
  }
  return schedule;
}
