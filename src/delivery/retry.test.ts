import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decide, retryAfterSeconds, slowDownMs, type AttemptResult, type RetryPolicy } from './retry.ts';

const now = Date.UTC(2026, 0, 5, 9);
const policy: RetryPolicy = { scheduleSeconds: [60, 300, 1_800, 7_200, 43_200], exact: false };
const answered = (statusCode: number, retryAfter?: string): AttemptResult => ({
  kind: 'answered',
  statusCode,
  retryAfter,
});
const failed = (reason: string): AttemptResult => ({ kind: 'failed', reason });

describe('Retry-After', () => {
  for (const [header, seconds] of [
    ['120', 120],
    [' 120 ', 120],
    ['0', 0],
    ['Mon, 05 Jan 2026 09:02:00 GMT', 120],
    ['Monday, 05-Jan-26 09:02:00 GMT', 120],
    ['Mon Jan  5 09:02:00 2026', 120],
    ['Mon, 5 Jan 2026 09:02:00 GMT', 120],
    ['Mon, 05 Jan 2026 08:00:00 GMT', 0],
    ['', undefined],
    ['soon', undefined],
    ['soon 5', undefined],
    ['May 2099', undefined],
    ['-5', undefined],
    ['7.5', 8],
    ['7.', 7],
    ['0.1', 1],
    ['99999999999', 31_536_000],
    ['9'.repeat(400), 31_536_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 31_536_000],
    ['120, 300, 60', 300],
    ['soon, 60', 60],
    ['-5, 60', 60],
    ['60, Mon, 05 Jan 2026 09:02:00 GMT', 120],
    ['Mon, 05 Jan 2026 09:02:00 GMT, 300', 300],
    ['Monday, 05-Jan-26 09:02:00 GMT, Mon Jan  5 09:03:00 2026', 180],
    ['1e3', undefined],
    ['0x10', undefined],
    ['.', undefined],
    ['2026-01-05T09:02:00Z', undefined],
    ['Mon, 99 Jan 2026 09:02:00 GMT', undefined],
  ] as const) {
    test(`"${header}" asks for ${seconds ?? 'nothing'}`, () => assert.equal(retryAfterSeconds(header, now), seconds));
  }

  test('a date is read the same in every time zone', () => {
    const before = process.env['TZ'];
    try {
      for (const zone of ['Pacific/Auckland', 'America/Los_Angeles']) {
        process.env['TZ'] = zone;
        assert.equal(retryAfterSeconds('Mon Jan  5 09:02:00 2026', now), 120, zone);
      }
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  test('any header gives a whole, non-negative number of seconds or nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (header) => {
          const seconds = retryAfterSeconds(header, now);
          assert.ok(seconds === undefined || (Number.isSafeInteger(seconds) && seconds >= 0), `${seconds}`);
        },
      ),
    );
  });
});

describe('D11: the effects of a result', () => {
  test('2xx delivers, 410 fails permanently, anything else is retried', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), (statusCode) => {
        const kind = statusCode >= 200 && statusCode < 300 ? 'delivered' : statusCode === 410 ? 'failed' : 'retry';
        assert.equal(decide(answered(statusCode), policy, 1, now, 0).kind, kind);
      }),
    );
    assert.deepEqual(decide(answered(410), policy, 1, now, 0), { kind: 'failed', why: 'gone' });
    assert.equal(decide(failed('timeout'), policy, 1, now, 0).kind, 'retry');
  });

  test('an exhausted schedule fails permanently, but a 2xx still delivers and a 410 is still reported as gone', () => {
    assert.deepEqual(decide(answered(500), policy, 6, now, 0), { kind: 'failed', why: 'exhausted' });
    assert.deepEqual(decide(failed('dns'), { scheduleSeconds: [], exact: true }, 1, now, 0), {
      kind: 'failed',
      why: 'exhausted',
    });
    assert.deepEqual(decide(answered(204), policy, 6, now, 0), { kind: 'delivered' });
    assert.deepEqual(decide(answered(410), policy, 6, now, 0), { kind: 'failed', why: 'gone' });
  });

  test('429, 502, 503, 504 and an unreachable host slow the endpoint down at any point of the schedule', () => {
    for (const statusCode of [429, 502, 503, 504]) assert.equal(slowDownMs(answered(statusCode), now), 0);
    for (const reason of ['timeout', 'connect_timeout', 'refused', 'dns', 'tls', 'reset'])
      assert.equal(slowDownMs(failed(reason), now), 0);
    for (const statusCode of [200, 302, 400, 404, 410, 500])
      assert.equal(slowDownMs(answered(statusCode, '30'), now), undefined);
    for (const reason of ['egress', 'protocol', 'headers_too_large'])
      assert.equal(slowDownMs(failed(reason), now), undefined);
    assert.equal(slowDownMs(answered(429, '30'), now), 30_000);
    assert.equal(slowDownMs(answered(503, 'nonsense'), now), 0);
  });
});

describe('D10: the time of the next attempt', () => {
  const attempt = fc.integer({ min: 1, max: 5 });
  const random = fc.double({ min: 0, max: 1, noNaN: true });
  const wait = (result: AttemptResult, of: RetryPolicy, number: number, at: number): number => {
    const outcome = decide(result, of, number, now, at);
    assert.equal(outcome.kind, 'retry');
    return (outcome.kind === 'retry' ? outcome.atMs : 0) - now;
  };
  const step = (number: number): number => (policy.scheduleSeconds[number - 1] ?? 0) * 1_000;

  test('a retry comes up to 10 % later than the schedule, never earlier', () => {
    fc.assert(
      fc.property(attempt, random, (number, at) => {
        const ms = wait(answered(500), policy, number, at);
        assert.ok(ms >= step(number) && ms <= step(number) * 1.1, `${ms}`);
      }),
    );
    assert.deepEqual(
      [0, 0.5, 1].map((at) => wait(answered(500), policy, 1, at)),
      [60_000, 63_000, 66_000],
    );
  });

  test("an endpoint's own schedule is kept exactly", () => {
    fc.assert(
      fc.property(attempt, random, (number, at) =>
        assert.equal(wait(answered(500), { ...policy, exact: true }, number, at), step(number)),
      ),
    );
  });

  test("Retry-After extends a wait up to the next step's, and never shortens it", () => {
    fc.assert(
      fc.property(
        attempt,
        random,
        fc.integer({ min: 0, max: 100_000 }),
        fc.constantFrom(429, 503, 500),
        fc.boolean(),
        (number, at, asked, statusCode, exact) => {
          const ms = wait(answered(statusCode, String(asked)), { ...policy, exact }, number, at);
          const following = step(number + 1) === 0 ? step(number) : step(number + 1);
          assert.ok(ms >= step(number), 'never shorter than the schedule');
          assert.ok(ms >= Math.min(asked * 1_000, following), 'as long as requested');
          assert.ok(ms <= Math.max(following, step(number) * 1.1), 'never past the next step');
        },
      ),
    );
    assert.equal(wait(answered(429, '200'), policy, 1, 1), 200_000);
    assert.equal(wait(answered(429, '9999'), policy, 1, 1), 300_000);
    assert.equal(wait(answered(429, 'Mon, 05 Jan 2026 09:03:00 GMT'), policy, 1, 1), 180_000);
    assert.equal(wait(answered(429, 'Mon, 05 Jan 2026 07:00:00 GMT'), policy, 1, 0), 60_000);
  });

  test('Retry-After never shortens a wait whose next step is shorter', () => {
    assert.equal(wait(answered(429, '500'), { scheduleSeconds: [300, 60], exact: true }, 1, 0), 300_000);
  });
});
