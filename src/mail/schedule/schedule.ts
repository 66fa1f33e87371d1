import { z } from 'zod';
import { timeZoneOf } from '../../base/time-zone.ts';
import { holidayProblem } from './holidays.ts';

/** A time of every week, in the zone of a calendar. */
export interface Window {
  /** ISO weekdays: 1 is Monday. */
  readonly days: readonly number[];
  /** `HH:MM`; `end` may be `24:00`. */
  readonly start: string;
  readonly end: string;
}

/** When a campaign sends, as `campaigns.schedule` stores it. */
export interface Schedule {
  readonly timezone: string;
  /** The zone and the country of each lead count, where they are known. */
  readonly use_lead_timezone: boolean;
  readonly windows: readonly Window[];
  /** Countries whose public holidays are left out: `NO`, or with a region `DE-BY`. */
  readonly holidays: readonly string[];
  /** Other days on which nothing is sent: `YYYY-MM-DD`. */
  readonly dates: readonly string[];
}

const windowsMax = 50;
const datesMax = 400;
const holidaysMax = 20;

const days = z.array(z.int().min(1).max(7)).min(1, 'must contain a day').max(7).describe('1 is Monday.');
const start = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 09:00');
const end = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time such as 17:00')
  .describe('Up to `24:00`.');

const isForward = (window: { readonly start: string; readonly end: string }): boolean => window.start < window.end;
const backward = {
  path: ['end'],
  message: 'must be after start; use two windows for a time across midnight',
};

const defaults = { days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' };

/**
 * The `schedule` of a campaign. Either `windows`, or `days`, `start` and `end` as the only window.
 * @example
 * scheduleSchema.parse({ timezone: 'Europe/Oslo', days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00', holidays: ['NO'] });
 */
export const scheduleSchema = z
  .strictObject({
    timezone: z.string().min(1).max(100).default('UTC').describe('IANA name, such as `Europe/Oslo`.'),
    use_lead_timezone: z
      .boolean()
      .default(false)
      .describe("Windows and holidays are those of each lead's time zone and country, where they are known."),
    days: days.optional().describe('1 is Monday. Default: Monday to Friday.'),
    start: start.optional().describe('Default: `09:00`.'),
    end: end.optional().describe('Up to `24:00`. Default: `17:00`.'),
    windows: z
      .array(z.strictObject({ days, start, end }).refine(isForward, { ...backward }))
      .min(1, 'must contain a window')
      .max(windowsMax)
      .optional()
      .describe('Several windows, instead of `days`, `start` and `end`.'),
    holidays: z
      .array(z.string().max(20))
      .max(holidaysMax)
      .default([])
      .describe('Countries whose public holidays are left out, such as `NO`, or with a region, `DE-BY`.'),
    dates: z.array(z.iso.date()).max(datesMax).default([]).describe('Other days on which nothing is sent.'),
  })
  .superRefine((given, context) => {
    if (timeZoneOf(given.timezone) === undefined)
      context.addIssue({
        code: 'custom',
        path: ['timezone'],
        message: 'must be the IANA name of a time zone, such as Europe/Oslo',
      });
    for (const field of ['days', 'start', 'end'] as const)
      if (given.windows !== undefined && given[field] !== undefined)
        context.addIssue({ code: 'custom', path: [field], message: 'must not be given together with windows' });
    if (!isForward({ ...defaults, ...definedOf(given) })) context.addIssue({ code: 'custom', ...backward });
    given.holidays.forEach((place, index) => {
      const problem = holidayProblem(place.toUpperCase());
      if (problem !== undefined) context.addIssue({ code: 'custom', path: ['holidays', index], message: problem });
    });
  })
  .transform((given): Schedule => ({
    timezone: timeZoneOf(given.timezone) ?? given.timezone,
    use_lead_timezone: given.use_lead_timezone,
    windows: (given.windows ?? [{ ...defaults, ...definedOf(given) }]).map((window) => ({
      ...window,
      days: ascending(window.days),
    })),
    holidays: ascending(given.holidays.map((place) => place.toUpperCase())),
    dates: ascending(given.dates),
  }));

const definedOf = ({ days, start, end }: z.input<typeof scheduleSchema>) => ({
  ...(days === undefined ? {} : { days }),
  ...(start === undefined ? {} : { start }),
  ...(end === undefined ? {} : { end }),
});

const ascending = <T extends number | string>(values: readonly T[]): T[] =>
  [...new Set(values)].toSorted((a, b) => (a < b ? -1 : 1));

/** A schedule as the API shows it. */
export const scheduleShape = z
  .object({
    timezone: z.string(),
    use_lead_timezone: z.boolean(),
    windows: z.array(z.object({ days: z.array(z.int()), start: z.string(), end: z.string() })),
    holidays: z.array(z.string()),
    dates: z.array(z.string()),
  })
  .meta({ id: 'CampaignSchedule' });

/** Monday to Friday, 09:00 to 17:00, in UTC. */
export const defaultSchedule: Schedule = {
  timezone: 'UTC',
  use_lead_timezone: false,
  windows: [defaults],
  holidays: [],
  dates: [],
};
