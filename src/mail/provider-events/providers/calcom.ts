import { dayMs, minuteMs } from '../../../base/clock.ts';
import { uidOf } from '../booking.ts';
import type { Booking } from '../booking.ts';
import { isHmac, line, list, madeSecret, member, record, time, wordOf } from '../fields.ts';
import { idOf, timesOf } from '../meeting.ts';
import type { Provider } from '../provider.ts';

/** A request that waits for the organizer's consent is no meeting yet. */
const facts: Readonly<Record<string, Booking['fact']>> = {
  BOOKING_CREATED: 'booked',
  BOOKING_RESCHEDULED: 'booked',
  BOOKING_CANCELLED: 'cancelled',
  BOOKING_REJECTED: 'cancelled',
};

/** Attendees that are read, the one who booked first. */
const attendeesMax = 500;
/** A post that failed is repeated for some hours. */
const oldestMs = dayMs;
const newestMs = 5 * minuteMs;

/** Cal.com. https://cal.com/docs/developing/guides/automation/webhooks */
export const calcom: Provider = {
  name: 'calcom',

  material: madeSecret,

  recognise: (headers, body) =>
    Object.hasOwn(headers, 'x-cal-signature-256') || typeof member(body, 'triggerEvent') === 'string',

  verify({ raw, body, headers, nowMs }, { secret = '' }) {
    if (nowMs === null || !isHmac(headers['x-cal-signature-256'], raw, secret)) return false;
    // The signature has no time of its own, so the time in the signed body counts. A test has none.
    const sentMs = time(member(body, 'createdAt')) ?? nowMs;
    return sentMs >= nowMs - oldestMs && sentMs <= nowMs + newestMs;
  },

  read: () => [],

  bookings(body) {
    const fact = wordOf(facts, member(body, 'triggerEvent'));
    if (fact === undefined) return [];
    const payload = record(member(body, 'payload'));
    const attendees = list(payload['attendees']).slice(0, attendeesMax).map(record);
    const uid = line(payload['iCalUID']);
    const metadata = record(payload['metadata']);
    const places = [metadata['videoCallUrl'], payload['location']].map((place) => line(place));
    return [
      {
        fact,
        ids: [...idOf(payload['uid'], 'payload.uid'), ...(uid === undefined ? [] : [uidOf(uid)])],
        replaces: line(payload['rescheduleUid']) ?? null,
        attendees: attendees.flatMap(({ email }) => line(email) ?? []),
        leadToken: line(metadata['lead']) ?? line(member(record(payload['responses'])['lead'], 'value')) ?? null,
        ...timesOf(payload, { start: 'startTime', end: 'endTime', within: 'payload' }),
        timezone: line(attendees[0]?.['timeZone']) ?? null,
        title: line(payload['title']) ?? null,
        // A name of Cal.com's own, such as `integrations:daily`, is no place.
        location: places.find((place) => place !== undefined && !place.startsWith('integrations:')) ?? null,
        reportedAtMs: time(member(body, 'createdAt')),
      },
    ];
  },
};
