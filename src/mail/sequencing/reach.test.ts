import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dayMs, hourMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import { defaultSchedule, workSchedule } from '../schedule/index.ts';
import { dueIn, groupOfCampaign, overlapOf, placesLater, reachOf, reachOfLater } from './reach.ts';
import type { Sender } from './reach.ts';

/** A Monday. */
const monday = Date.UTC(2026, 0, 5);
const noon = monday + 12 * hourMs;
const hours = { days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' };
const sender = (id: string, more: Partial<Sender> = {}, limits: Partial<Sender['limits']> = {}): Sender => ({
  mailboxId: id as MailboxId,
  limits: { daily: 5, gapMinMs: 0, gapMaxMs: 0, hourlyPerDomain: 5, timezone: 'Etc/UTC', workHours: hours, ...limits },
  recent: [],
  restMs: null,
  ...more,
});
const schedule = { ...defaultSchedule, use_lead_timezone: true, windows: [{ ...hours, start: '06:00', end: '20:00' }] };
const campaign = { id: 'spring', schedule };

describe('how far a day reaches', () => {
  test('C7: what was due first has its place, and new leads get what is left', () => {
    const due = [
      { dueMs: 1, count: 2 },
      { dueMs: 5, count: 2 },
    ];
    assert.deepEqual(reachOf(due, 3), { untilMs: 5, free: 0 });
    assert.deepEqual(reachOf(due, 4), { untilMs: 5, free: 0 });
    assert.deepEqual(reachOf(due, 6), { untilMs: Infinity, free: 2 });
    assert.deepEqual(reachOf(due, 0), { untilMs: -Infinity, free: 0 });
  });

  test('C7: a mailbox has no more places than it can send today', () => {
    const probes = (...senders: Sender[]) => groupOfCampaign(campaign, ['Etc/UTC'], senders, 50, noon).probes;
    assert.deepEqual(
      probes(
        sender('free'),
        sender('busy', { recent: [{ atMs: monday + 9 * hourMs, count: 3 }] }),
        sender('full', { recent: [{ atMs: monday + 9 * hourMs, count: 5 }] }),
        sender('slow', {}, { gapMinMs: 2 * hourMs, gapMaxMs: 4 * hourMs }),
        sender('resting', { restMs: monday + dayMs }),
        sender('closed', {}, { timezone: 'Asia/Tokyo' }),
      ).map(({ mailboxId, most, untilMs }) => [mailboxId, most, untilMs]),
      [
        ['free', 5, monday + 17 * hourMs],
        ['busy', 2, monday + 17 * hourMs],
        ['slow', 2, monday + 17 * hourMs],
      ],
    );
    const group = groupOfCampaign(campaign, ['Etc/UTC', 'Europe/London'], [sender('free')], 50, noon);
    const found = dueIn(group, ({ calendar }) => [{ dueMs: calendar === 'Etc/UTC' ? 1 : 2, count: 4 }]);
    assert.deepEqual(found, [
      { dueMs: 1, count: 4 },
      { dueMs: 2, count: 1 },
    ]);
  });

  test('C7: places are kept for zones that open within 24 hours, as each message counts so long', () => {
    const tokyo = sender('tokyo', {}, { timezone: 'Asia/Tokyo' });
    const morning = monday + hourMs;
    const calendars = ['Europe/Oslo', 'America/New_York', 'America/Los_Angeles'];
    const closed = calendars.map((calendar) => ({ campaign, calendar }));
    const later = placesLater(tokyo, closed, morning);
    // Tokyo works from 0 to 8 UTC. Oslo opens at 5; New York is open until 1, Los Angeles until 4, on the next day.
    assert.deepEqual(
      later.map(({ probe, startMs, endMs }) => [
        probe.calendar,
        (startMs - monday) / hourMs,
        (endMs - monday) / hourMs,
      ]),
      [
        ['Europe/Oslo', 5, 8],
        ['America/New_York', 24, 25],
        ['America/Los_Angeles', 24, 25],
      ],
    );
    const places = [
      { endMs: monday + 8 * hourMs, due: [{ dueMs: 3, count: 2 }] },
      { endMs: monday + 25 * hourMs, due: [{ dueMs: 1, count: 1 }] },
    ];
    // Of five messages a day, two were sent this morning: they count for Oslo, and not for New York a day later.
    const sentAfter = (atMs: number): number => (atMs < monday ? 2 : 0);
    assert.deepEqual(reachOfLater(places, 5, sentAfter), { untilMs: Infinity, free: 1 });
    assert.deepEqual(reachOfLater(places, 4, sentAfter), { untilMs: 3, free: 0 });
  });

  test('windows and hours that never meet end the search', () => {
    const night = workSchedule('Etc/UTC', { ...hours, start: '21:00', end: '23:00' });
    assert.equal(overlapOf(schedule, 'Etc/UTC', night, noon, noon + 7 * dayMs), undefined);
  });
});
