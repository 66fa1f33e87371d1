import { idOf, timesOf } from '../meeting.ts';
import type { Booking } from '../booking.ts';
import { isHmac, line, madeSecret, member, record, time, wordOf } from '../fields.ts';
import { isFresh } from '../provider.ts';
import type { Provider } from '../provider.ts';

const facts: Readonly<Record<string, Booking['fact']>> = {
  'invitee.created': 'booked',
  'invitee.canceled': 'cancelled',
};

/**
 * Calendly signs `t.body`. An invitee who moves a meeting is canceled with `rescheduled`, and created as another one that names it.
 * https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures
 */
export const calendly: Provider = {
  name: 'calendly',

  material: madeSecret,

  recognise: (headers, body) =>
    Object.hasOwn(headers, 'calendly-webhook-signature') || String(member(body, 'event')).startsWith('invitee.'),

  verify({ raw, headers, nowMs }, { secret = '' }) {
    const [, t, signature] =
      /^t=(\d{1,12}), ?v1=([\da-f]{64})$/i.exec(String(headers['calendly-webhook-signature'])) ?? [];
    return nowMs !== null && isFresh(t, nowMs) && isHmac(signature, Buffer.concat([Buffer.from(`${t}.`), raw]), secret);
  },

  read: () => [],

  bookings(body) {
    const fact = wordOf(facts, member(body, 'event'));
    const payload = record(member(body, 'payload'));
    if (fact === undefined || (fact === 'cancelled' && payload['rescheduled'] === true)) return [];
    const meeting = record(payload['scheduled_event']);
    const place = record(meeting['location']);
    const email = line(payload['email']);
    return [
      {
        fact,
        ids: idOf(payload['uri'], 'payload.uri'),
        replaces: line(payload['old_invitee']) ?? null,
        attendees: email === undefined ? [] : [email],
        leadToken: line(member(payload['tracking'], 'utm_content')) ?? null,
        ...timesOf(meeting, { start: 'start_time', end: 'end_time', within: 'payload.scheduled_event' }),
        timezone: line(payload['timezone']) ?? null,
        title: line(meeting['name']) ?? null,
        location: line(place['join_url']) ?? line(place['location']) ?? null,
        reportedAtMs: time(member(body, 'created_at')),
      },
    ];
  },
};
