import { invalid } from '../../base/errors.ts';
import type { Booking } from './booking.ts';
import { line, member, record, time, wordOf } from './fields.ts';
import type { Fields } from './fields.ts';

const mustBeTime = 'must be an ISO 8601 time, such as 2026-03-03T08:15:00Z';

/** The id of a meeting. @throws ApiError `validation_failed` without one */
export function idOf(value: unknown, field: string): readonly [string] {
  const id = line(value);
  if (id === undefined) throw invalid({ [field]: 'is required: the id of the meeting' });
  return [id];
}

/**
 * When a meeting is. An end that is no time, or before the start, is left out: a calendar's booking counts without it.
 * @param within the path of the fields, for the error
 * @throws ApiError `validation_failed` without a start
 */
export function timesOf(
  fields: Fields,
  { start, end, within }: { readonly start: string; readonly end: string; readonly within?: string },
): Pick<Booking, 'startsAtMs' | 'endsAtMs'> {
  const startsAtMs = time(member(fields, start));
  if (startsAtMs === undefined) throw invalid({ [within === undefined ? start : `${within}.${start}`]: mustBeTime });
  const endsAtMs = time(member(fields, end));
  return { startsAtMs, endsAtMs: endsAtMs !== undefined && endsAtMs >= startsAtMs ? endsAtMs : null };
}

/** `timesOf` the generic format, whose sender can correct its mistakes. @throws ApiError `validation_failed` also for an end that is no time */
function genericTimesOf(fields: Fields): Pick<Booking, 'startsAtMs' | 'endsAtMs'> {
  const times = timesOf(fields, { start: 'starts_at', end: 'ends_at' });
  const end = fields['ends_at'] ?? null;
  if (end === null || times.endsAtMs !== null) return times;
  throw invalid({ ends_at: time(end) === undefined ? mustBeTime : 'must not be before starts_at' });
}

const genericFacts = {
  'meeting.booked': 'booked',
  'meeting.rescheduled': 'booked',
  'meeting.cancelled': 'cancelled',
} as const satisfies Readonly<Record<string, Booking['fact']>>;

/** The generic format's types of meetings. */
export const genericMeetings: readonly string[] = Object.keys(genericFacts);

/**
 * Reads a meeting in the generic format: `{type, meeting_id, starts_at, ends_at?, email?, lead?, timezone?, title?, location?, timestamp?}`.
 * @returns undefined if the type is not that of a meeting
 * @throws ApiError `validation_failed`
 */
export function meetingIn(body: unknown): readonly Booking[] | undefined {
  const fact = wordOf(genericFacts, member(body, 'type'));
  if (fact === undefined) return undefined;
  const fields = record(body);
  const email = line(fields['email']);
  return [
    {
      fact,
      ids: idOf(fields['meeting_id'], 'meeting_id'),
      replaces: null,
      attendees: email === undefined ? [] : [email],
      leadToken: line(fields['lead']) ?? null,
      ...genericTimesOf(fields),
      timezone: line(fields['timezone']) ?? null,
      title: line(fields['title']) ?? null,
      location: line(fields['location']) ?? null,
      reportedAtMs: time(fields['timestamp']),
    },
  ];
}
