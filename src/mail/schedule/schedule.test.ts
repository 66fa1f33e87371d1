import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import { calendarOf, dueAfter, localDate, openAt, scheduleSchema } from './index.ts';
import type { Opening, Schedule } from './index.ts';

const schedule = (given: object): Schedule => scheduleSchema.parse(given);
const at = (text: string, zone: string): number => DateTime.fromISO(text, { zone }).toMillis();
/** An opening with its time in a zone. */
function shown(opening: Opening, zone: string): string {
  const ms = opening.open ? opening.untilMs : opening.opensMs;
  const time = ms === null ? 'never' : DateTime.fromMillis(ms, { zone }).toFormat("yyyy-MM-dd'T'HH:mmZZ");
  return opening.open ? `open until ${time}` : `${opening.reason} until ${time}`;
}
const oslo = 'Europe/Oslo';
const office = schedule({ timezone: oslo, days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00', holidays: ['NO'] });

describe('what the API accepts', () => {
  /** The problem of each field. */
  const problems = (given: object): Record<string, string> => {
    const parsed = scheduleSchema.safeParse(given);
    return Object.fromEntries((parsed.error?.issues ?? []).map(({ path, message }) => [path.join('.'), message]));
  };

  test('one window or several, and defaults', () => {
    assert.deepEqual(scheduleSchema.parse({}), {
      timezone: 'UTC',
      use_lead_timezone: false,
      windows: [{ days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' }],
      holidays: [],
      dates: [],
    });
    const windows = [
      { days: [2, 1, 1], start: '08:00', end: '11:30' },
      { days: [6], start: '00:00', end: '24:00' },
    ];
    const parsed = schedule({ timezone: 'europe/oslo', windows, holidays: ['no', 'de-by'], dates: ['2026-12-24'] });
    assert.equal(parsed.timezone, oslo);
    assert.deepEqual(parsed.windows[0]?.days, [1, 2]);
    assert.deepEqual(parsed.holidays, ['DE-BY', 'NO']);
    assert.deepEqual(scheduleSchema.parse(parsed), parsed);
  });

  test('a zone that does not exist and windows that never open are refused by field', () => {
    assert.match(problems({ timezone: 'Mars/Olympus' })['timezone'] ?? '', /IANA name/);
    assert.match(problems({ timezone: '+01:00' })['timezone'] ?? '', /IANA name/);
    assert.match(problems({ days: [] })['days'] ?? '', /must contain a day/);
    assert.match(problems({ start: '17:00', end: '09:00' })['end'] ?? '', /must be after start/);
    assert.match(problems({ start: '18:00' })['end'] ?? '', /must be after start/);
    assert.match(problems({ windows: [] })['windows'] ?? '', /must contain a window/);
    const windows = [{ days: [1], start: '09:00', end: '09:00' }];
    assert.match(problems({ windows })['windows.0.end'] ?? '', /must be after start/);
    assert.match(
      problems({ windows: [{ days: [1], start: '09:00', end: '10:00' }], days: [1] })['days'] ?? '',
      /together with windows/,
    );
    assert.match(problems({ start: '9:00' })['start'] ?? '', /such as 09:00/);
    assert.notEqual(problems({ dates: ['2026-02-30'] })['dates.0'], undefined);
    assert.notEqual(problems({ hours: 1 })[''], undefined);
  });

  test('holidays name a country, and a region if its holidays differ', () => {
    assert.deepEqual(problems({ holidays: ['NO', 'NO-03', 'DE-BY'] }), {});
    assert.match(problems({ holidays: ['XX'] })['holidays.0'] ?? '', /country such as NO/);
    assert.match(problems({ holidays: ['constructor'] })['holidays.0'] ?? '', /country such as NO/);
    assert.match(problems({ holidays: ['NO', 'DE-XX'] })['holidays.1'] ?? '', /region of DE: BB, /);
  });
});

describe('openAt', () => {
  test('a window is open from its start until before its end', () => {
    const after = (text: string): string => shown(openAt(office, '', at(text, oslo)), oslo);
    assert.equal(after('2026-02-06T08:59:59.999'), 'outside_window until 2026-02-06T09:00+01:00');
    assert.equal(after('2026-02-06T09:00'), 'open until 2026-02-06T17:00+01:00');
    assert.equal(after('2026-02-06T16:59:59.999'), 'open until 2026-02-06T17:00+01:00');
    assert.equal(after('2026-02-06T17:00'), 'outside_window until 2026-02-09T09:00+01:00');
  });

  test('public holidays and single dates are closed; commemorations are not', () => {
    const after = (text: string, own: Schedule = office): string => shown(openAt(own, '', at(text, oslo)), oslo);
    // Maundy Thursday to Easter Monday.
    assert.equal(after('2026-04-02T10:00'), 'holiday until 2026-04-07T09:00+02:00');
    assert.equal(after('2026-04-01T17:00'), 'outside_window until 2026-04-07T09:00+02:00');
    assert.equal(after('2026-05-08T10:00'), 'open until 2026-05-08T17:00+02:00', 'a commemoration');
    assert.equal(after('2026-12-24T10:00'), 'open until 2026-12-24T17:00+01:00', 'a bank holiday');
    const closed = { ...office, holidays: [], dates: ['2026-12-24'] };
    assert.equal(after('2026-12-24T10:00', closed), 'holiday until 2026-12-25T09:00+01:00');
  });

  test("a lead's own zone and country count where they are known", () => {
    const leads = { ...office, use_lead_timezone: true };
    const noon = at('2026-05-01T12:00', oslo);
    assert.equal(shown(openAt(leads, '', noon), oslo), 'holiday until 2026-05-04T09:00+02:00');
    assert.equal(shown(openAt(leads, 'Europe/London GB', noon), 'Europe/London'), 'open until 2026-05-01T17:00+01:00');
    assert.equal(shown(openAt(leads, 'Asia/Tokyo', noon), 'Asia/Tokyo'), 'holiday until 2026-05-04T09:00+09:00');
    assert.equal(
      shown(openAt(leads, 'Asia/Tokyo JP', noon), 'Asia/Tokyo'),
      'outside_window until 2026-05-07T09:00+09:00',
    );
    assert.equal(shown(openAt(leads, ' GB', noon), oslo), 'open until 2026-05-01T17:00+02:00');
    assert.equal(openAt(office, 'Asia/Tokyo JP', noon).open, false, 'not unless the schedule says so');
    // Epiphany is a holiday in Bavaria, not in all of Germany; the list is more exact than the country of a lead.
    const german = { ...leads, timezone: 'Europe/Berlin' };
    const epiphany = at('2026-01-06T12:00', 'Europe/Berlin');
    assert.equal(openAt({ ...german, holidays: ['DE-BY'] }, ' DE', epiphany).open, false);
    assert.equal(openAt({ ...german, holidays: ['NO'] }, ' DE', epiphany).open, true);
    // Of Antarctica nothing is known: the list counts.
    assert.equal(openAt({ ...leads, holidays: ['NO'] }, 'Europe/Oslo AQ', noon).open, false);
  });

  test('a holiday of several days closes all of them', () => {
    const turkish = schedule({ timezone: 'Europe/Istanbul', days: [1, 2, 3, 4, 5, 6, 7], holidays: ['TR'] });
    assert.equal(
      shown(openAt(turkish, '', at('2026-05-27T10:00', 'Europe/Istanbul')), 'Europe/Istanbul'),
      'holiday until 2026-05-31T09:00+03:00',
    );
  });

  test('a time that the clocks skip is not open; one that they repeat is open twice', () => {
    const night = schedule({ timezone: oslo, days: [7], start: '02:15', end: '02:45' });
    const spring = at('2026-03-29T00:00', oslo);
    assert.equal(shown(openAt(night, '', spring), oslo), 'outside_window until 2026-04-05T02:15+02:00');
    const autumn = at('2026-10-25T00:00', oslo);
    const first = openAt(night, '', autumn);
    assert.equal(shown(first, oslo), 'outside_window until 2026-10-25T02:15+02:00');
    assert.equal(shown(openAt(night, '', autumn + 2.5 * hourMs), oslo), 'open until 2026-10-25T02:45+02:00');
    assert.equal(shown(openAt(night, '', autumn + 3 * hourMs), oslo), 'outside_window until 2026-10-25T02:15+01:00');
    assert.equal(shown(openAt(night, '', autumn + 3.5 * hourMs), oslo), 'open until 2026-10-25T02:45+01:00');
  });

  test('a schedule without a day left has no opening', () => {
    const dates = Array.from({ length: 401 }, (_, day) => localDate('UTC', Date.UTC(2026, 0, 1) + day * dayMs));
    const full = { ...schedule({ days: [1, 2, 3, 4, 5, 6, 7] }), dates };
    assert.deepEqual(openAt(full, '', Date.UTC(2026, 0, 1)), { open: false, opensMs: null, reason: 'holiday' });
  });

  test('at any time, it says what the clock on the wall says', () => {
    const zones = [
      oslo,
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Auckland',
      'America/Santiago',
    ];
    const time = fc.integer({ min: 0, max: 1440 });
    const window = fc
      .tuple(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), time, time)
      .filter(([, a, b]) => a !== b)
      .map(([days, a, b]) => ({ days, start: clockOf(Math.min(a, b)), end: clockOf(Math.max(a, b)) }));
    const moment = fc.oneof(
      fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }),
      // Around changes of the clocks.
      ...['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-03-08T07:00Z', '2026-04-04T14:00Z'].map((text) =>
        fc.integer({ min: Date.parse(text) - 3 * hourMs, max: Date.parse(text) + 3 * hourMs }),
      ),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.array(window, { minLength: 1, maxLength: 3 }),
        moment,
        (zone, windows, ms) => {
          const own = { timezone: zone, use_lead_timezone: false, windows, holidays: [], dates: [] };
          const onWall = (when: number): boolean => {
            const wall = DateTime.fromMillis(when, { zone });
            const clock = wall.toFormat('HH:mm:ss.SSS');
            return windows.some(({ days, start, end }) => days.includes(wall.weekday) && clock >= start && clock < end);
          };
          const opening = openAt(own, '', ms);
          assert.equal(opening.open, onWall(ms));
          const next = opening.open ? opening.untilMs : (opening.opensMs ?? assert.fail('it opens within a week'));
          assert.ok(next > ms);
          assert.equal(onWall(next - 1), opening.open);
          if (!opening.open) assert.ok(onWall(next));
          for (let step = 1; step < 20; step += 1)
            assert.equal(onWall(Math.floor(ms + ((next - ms) * step) / 20)), opening.open, 'nothing changes before');
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });
});

const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

test('calendars have a zone and a country, as far as they are known', () => {
  const own = { use_lead_timezone: true };
  assert.equal(calendarOf(own, { timezone: 'Europe/Oslo', country: 'Norway' }), 'Europe/Oslo NO');
  assert.equal(calendarOf(own, { timezone: 'europe/oslo', country: 'no' }), 'Europe/Oslo NO');
  assert.equal(calendarOf(own, { timezone: null, country: 'United Kingdom' }), ' GB');
  assert.equal(calendarOf(own, { timezone: 'Asia/Tokyo', country: 'somewhere' }), 'Asia/Tokyo');
  assert.equal(calendarOf(own, { timezone: 'nowhere', country: 'constructor' }), '');
  assert.equal(calendarOf(own, { timezone: null, country: 'Germany' }), ' DE');
  assert.equal(calendarOf({ use_lead_timezone: false }, { timezone: 'Asia/Tokyo', country: 'JP' }), '');
});

describe('dueAfter', () => {
  const delay = (days: number, hours = 0, business = false) => ({
    delay_days: days,
    delay_hours: hours,
    business_days: business,
  });
  const due = (own: ReturnType<typeof delay>, from: string, zone = oslo): string =>
    DateTime.fromMillis(dueAfter(own, at(from, zone), office, ''), { zone }).toFormat("yyyy-MM-dd'T'HH:mm");

  test('a day is 24 hours', () => {
    const from = Date.UTC(2026, 2, 28, 12);
    assert.equal(dueAfter(delay(2, 3), from, office, ''), from + 2 * dayMs + 3 * hourMs);
    assert.equal(due(delay(1), '2026-03-28T12:00'), '2026-03-29T13:00');
  });

  test('business days skip weekends and holidays and keep the local time', () => {
    assert.equal(due(delay(1, 0, true), '2026-03-27T12:00'), '2026-03-30T12:00');
    assert.equal(due(delay(3, 0, true), '2026-03-31T12:00'), '2026-04-08T12:00');
    assert.equal(due(delay(1, 2, true), '2026-03-27T12:00'), '2026-03-30T14:00');
    assert.equal(due(delay(0, 2, true), '2026-03-28T12:00'), '2026-03-28T14:00');
    const leads = { ...office, use_lead_timezone: true };
    const from = at('2026-04-30T12:00', 'Europe/London');
    assert.equal(dueAfter(delay(1, 0, true), from, leads, 'Europe/London GB'), from + dayMs);
    assert.equal(dueAfter(delay(1, 0, true), from, leads, 'Europe/London NO'), from + 4 * dayMs);
  });
});

test('the local date of a moment', () => {
  const midnight = at('2026-03-29T00:00', oslo);
  assert.equal(localDate(oslo, midnight), '2026-03-29');
  assert.equal(localDate(oslo, midnight - 1), '2026-03-28');
  assert.equal(localDate(oslo, midnight + 23 * hourMs - minuteMs), '2026-03-29');
  assert.equal(localDate(oslo, midnight + 23 * hourMs), '2026-03-30');
  assert.equal(localDate('Pacific/Kiritimati', Date.UTC(2026, 0, 1, 10)), '2026-01-02');
  assert.equal(localDate('No/Zone', Date.UTC(2026, 0, 1)), '2026-01-01');
});
