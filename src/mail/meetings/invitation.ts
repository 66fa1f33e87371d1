import { uidOf } from '../provider-events/index.ts';
import type { Booking } from '../provider-events/index.ts';
import type { CalendarMeeting } from './calendar.ts';

/**
 * What a calendar message says about a meeting with its sender: an invitation by the sender, or the sender's answer to an invitation
 * (RFC 5546 §3.2). A calendar message names anybody, so only what the sender says of itself counts.
 * @param fromKey the sender's address, as addresses are compared
 * @returns undefined for an answer that is neither yes nor no, and for a meeting that is over
 */
export function invitationOf(meeting: CalendarMeeting, fromKey: string, receivedAtMs: number): Booking | undefined {
  const { method, uid, startsAtMs, endsAtMs, timezone, title, location, isCancelled, stampMs } = meeting;
  const answer = meeting.attendees.find(({ key }) => key === fromKey)?.answer;
  const booking = {
    ids: [uidOf(uid)],
    replaces: null,
    attendees: [fromKey],
    leadToken: null,
    startsAtMs,
    endsAtMs,
    timezone,
    title,
    location,
    // A clock that is ahead must not hide later reports.
    reportedAtMs: Math.min(stampMs, receivedAtMs),
  } as const;
  if (isCancelled || (method === 'REPLY' && answer === 'DECLINED')) return { ...booking, fact: 'cancelled' };
  if ((endsAtMs ?? startsAtMs) < receivedAtMs) return undefined;
  return method === 'REQUEST' || answer === 'ACCEPTED' ? { ...booking, fact: 'booked' } : undefined;
}
