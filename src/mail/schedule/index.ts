export { calendarOf, openAt } from './calendar.ts';
export type { Opening, Place } from './calendar.ts';
export { dueAfter, dueAfterReturn } from './due.ts';
export type { Delay } from './due.ts';
export { localDate, localDayAt } from './local-days.ts';
export type { LocalDay, Span } from './local-days.ts';
export { defaultSchedule, scheduleSchema, scheduleShape } from './schedule.ts';
export type { Schedule, Window } from './schedule.ts';
export { workSchedule } from './work-hours.ts';
