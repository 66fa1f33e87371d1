import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readCalendar } from './calendar.ts';
import { invitationOf } from './invitation.ts';

const outlookZone = (name: string): string => `BEGIN:VTIMEZONE
TZID:${name}
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
`;

/** An invitation by Ada to Grace. */
const invitation = ({
  method = 'REQUEST',
  start = ':20260706T130000Z',
  end = 'DTEND:20260706T133000Z',
  zone = '',
  answer = 'NEEDS-ACTION',
  more = '',
} = {}): string =>
  `BEGIN:VCALENDAR
PRODID:-//Example//EN
VERSION:2.0
METHOD:${method}
${zone}BEGIN:VEVENT
DTSTART${start}
${end}
DTSTAMP:20260701T100000Z
ORGANIZER;CN="Lovelace, Ada":mailto:Ada@Lovelace.example
UID:abc@calendar.example
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=${answer};RSVP=
 TRUE;CN=grace@hopper.example;X-NUM-GUESTS=0:mailto:grace@hopper.example
LOCATION:Room\\, 5
SUMMARY:Intro\\; call
${more}END:VEVENT
END:VCALENDAR
`;

const times = (text: string, home = 'Etc/UTC'): (string | null | undefined)[] => {
  const meeting = readCalendar(text, home);
  return [
    meeting && new Date(meeting.startsAtMs).toISOString().slice(0, 16),
    meeting?.endsAtMs == null ? null : new Date(meeting.endsAtMs).toISOString().slice(11, 16),
    meeting?.timezone,
  ];
};

describe('a calendar message', () => {
  test('is read with its people, whatever stands beside what is read', () => {
    const alarm = 'BEGIN:VALARM\nTRIGGER:-PT10M\nSUMMARY:Not this\nEND:VALARM\nX-BROKEN\nRRULE:FREQ=SECONDLY\n';
    assert.deepEqual(readCalendar(invitation({ more: alarm }).replaceAll('\n', '\r\n'), 'Asia/Tokyo'), {
      method: 'REQUEST',
      uid: 'abc@calendar.example',
      startsAtMs: Date.UTC(2026, 6, 6, 13),
      endsAtMs: Date.UTC(2026, 6, 6, 13, 30),
      timezone: null,
      title: 'Intro; call',
      location: 'Room, 5',
      organizer: 'ada@lovelace.example',
      attendees: [{ key: 'grace@hopper.example', answer: 'NEEDS-ACTION' }],
      isCancelled: false,
      stampMs: Date.UTC(2026, 6, 1, 10),
    });
  });

  test('has its time in any zone: of IANA, of its own, with a prefix, or none', () => {
    const at = (zone: string, day = '20260706') => ({
      start: `;TZID=${zone}:${day}T150000`,
      end: `DTEND;TZID=${zone}:${day}T153000`,
    });
    assert.deepEqual(times(invitation(at('Europe/Oslo'))), ['2026-07-06T13:00', '13:30', 'Europe/Oslo']);
    assert.equal(times(invitation(at('eUROPE/oslo')))[0], '2026-07-06T13:00');
    assert.deepEqual(times(invitation(at('"America/New_York"'))), ['2026-07-06T19:00', '19:30', 'America/New_York']);
    assert.deepEqual(times(invitation(at('/mozilla.org/20071231_1/Europe/Oslo'))), [
      '2026-07-06T13:00',
      '13:30',
      'Europe/Oslo',
    ]);
    const name = 'W. Europe Standard Time';
    const zone = outlookZone(name);
    for (const [day, hour] of [
      ['20260706', '2026-07-06T13:00'],
      ['20261206', '2026-12-06T14:00'],
      ['20260329', '2026-03-29T13:00'],
      ['20261024', '2026-10-24T13:00'],
      ['20261025', '2026-10-25T14:00'],
    ] as const)
      assert.deepEqual(times(invitation({ ...at(name, day), zone }))[0], hour, day);
    assert.deepEqual(times(invitation({ ...at(name), zone })), ['2026-07-06T13:00', '13:30', 'Europe/Berlin']);
    assert.deepEqual(times(invitation(at('Eastern standard time'))), ['2026-07-06T19:00', '19:30', 'America/New_York']);
    // A zone that is not defined, and a time without one, are of the zone of the mailbox, or of the calendar.
    assert.equal(times(invitation(at('Nowhere')))[0], '2026-07-06T15:00');
    const floating = invitation({ start: ';X-A=b:20260706T150000', end: 'DTEND:20260706T153000' });
    assert.deepEqual(times(floating, 'Asia/Tokyo'), ['2026-07-06T06:00', '06:30', null]);
    assert.deepEqual(times(invitation(at('Nowhere')), 'Asia/Tokyo'), ['2026-07-06T06:00', '06:30', null]);
    assert.equal(times(`X-WR-TIMEZONE:Europe/Oslo\n${floating}`, 'Asia/Tokyo')[0], '2026-07-06T13:00');
    assert.equal(times(invitation({ start: ';VALUE=DATE:20260706', end: '' }), 'Asia/Tokyo')[0], '2026-07-05T15:00');
    assert.deepEqual(times(invitation({ end: 'DURATION:PT1H30M' })), ['2026-07-06T13:00', '14:30', null]);
  });

  test('books an invitation by its sender, and the acceptance of ours; the rest does not', () => {
    const said = (from: string, options: Parameters<typeof invitation>[0] = {}, received = Date.UTC(2026, 6, 2)) => {
      const meeting = readCalendar(invitation(options), 'Etc/UTC');
      return meeting && invitationOf(meeting, from, received)?.fact;
    };
    const [ada, grace] = ['ada@lovelace.example', 'grace@hopper.example'];
    assert.equal(said(ada), 'booked');
    assert.equal(said(ada, { method: 'CANCEL' }), 'cancelled');
    assert.equal(said(ada, { more: 'STATUS:CANCELLED\n' }), 'cancelled');
    assert.equal(said(grace, { method: 'REPLY', answer: 'ACCEPTED' }), 'booked');
    assert.equal(said(grace, { method: 'REPLY', answer: 'DECLINED' }), 'cancelled');
    assert.equal(said(grace, { method: 'REPLY', answer: 'TENTATIVE' }), undefined);
    // Somebody else's answer, a meeting that is over, a published calendar.
    assert.equal(said(ada, { method: 'REPLY', answer: 'ACCEPTED' }), undefined);
    assert.equal(said(ada, {}, Date.UTC(2026, 6, 7)), undefined);
    assert.equal(said(ada, { method: 'PUBLISH' }), undefined);
  });

  test('of any kind is read in bounded time, and never throws', () => {
    const endless = outlookZone('X').replace('FREQ=YEARLY;INTERVAL=1', 'FREQ=SECONDLY');
    const hostile = [
      invitation({ start: ';TZID=X:99991231T150000', zone: endless.repeat(90) }),
      invitation({ more: `ATTENDEE;CN="${';'.repeat(30_000)}":mailto:a@b.example\n` }),
      invitation({ more: 'ATTENDEE:mailto:a@b.example\n'.repeat(2_000) }),
      invitation({ more: `DESCRIPTION:x${'\n a'.repeat(20_000)}\n` }),
      invitation({ more: `SUMMARY:${'BEGIN:VALARM'.repeat(5_000)}\n` }),
      invitation({ zone: `${'A'.repeat(60_000)}\n` }),
      invitation({ zone: `X:${' '.repeat(60_000)}a\n` }),
      `METHOD:REQUEST\n${'BEGIN:VEVENT\n'.repeat(4_000)}`,
      `METHOD:REQUEST\n${'BEGIN:VTIMEZONE\nBEGIN:STANDARD\n'.repeat(2_000)}`,
    ];
    // Expanding a rule never ends; backtracking over a long line takes seconds.
    for (const text of hostile) readCalendar(text, 'Etc/UTC');
    const whole = invitation({ zone: outlookZone('X'), start: ';TZID=X:20260706T150000' });
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), fc.string({ maxLength: 8 }), (from, to, put) => {
        readCalendar(whole.slice(0, Math.min(from, to)) + put + whole.slice(Math.max(from, to)), 'Etc/UTC');
      }),
      { numRuns: 1_000 },
    );
  });
});
