import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hourMs, minuteMs } from '../../base/clock.ts';
import type { Failure } from '../transport/transport.ts';
import { afterFailure, nextStatus, readableAt, reportOf, resumption, revoked, sendableAt, statuses } from './state.ts';
import type { Failing, LoginState, Status, StatusEvent } from './state.ts';

const events: readonly StatusEvent[] = [
  'connected',
  'failed',
  'refused',
  'paused',
  'resumed',
  'resumed_failing',
  'resumed_refused',
  'deleted',
];

test('every event has a next status in every status', () => {
  const expected: Record<Status, readonly Status[]> = {
    connecting: [
      'connected',
      'degraded',
      'auth_failed',
      'paused',
      'connecting',
      'connecting',
      'connecting',
      'disconnected',
    ],
    connected: [
      'connected',
      'degraded',
      'auth_failed',
      'paused',
      'connected',
      'connected',
      'connected',
      'disconnected',
    ],
    degraded: ['connected', 'degraded', 'auth_failed', 'paused', 'degraded', 'degraded', 'degraded', 'disconnected'],
    auth_failed: [
      'connected',
      'auth_failed',
      'auth_failed',
      'paused',
      'auth_failed',
      'auth_failed',
      'auth_failed',
      'disconnected',
    ],
    disconnected: events.map(() => 'disconnected'),
    paused: ['paused', 'paused', 'paused', 'paused', 'connected', 'degraded', 'auth_failed', 'disconnected'],
  };
  for (const status of statuses)
    assert.deepEqual(
      events.map((event) => nextStatus(status, event)),
      expected[status],
      status,
    );
});

/** Fails again at each time at which a retry is due, from a first failure at 0. @returns the times of the failures, and the last state */
function failing(cause: Failure['cause'], times: number, random = 0): { at: number[]; last: Failing } {
  const at = [0];
  let state = afterFailure(null, { cause }, 0, 'reason', random);
  while (at.length < times && state.retry_at !== null) {
    at.push(state.retry_at);
    state = afterFailure(state, { cause }, state.retry_at, 'reason', random);
  }
  return { at, last: state };
}
const waits = (at: readonly number[]): number[] => at.slice(1).map((time, index) => time - (at[index] ?? 0));

describe('the waits after failed logins', () => {
  test('refused credentials wait 5 min, 30 min, 2 h, 6 h, then a day, and are given up after 72 h', () => {
    const { at, last } = failing('auth', 20);
    assert.deepEqual(waits(at), [
      5 * minuteMs,
      30 * minuteMs,
      2 * hourMs,
      6 * hourMs,
      ...[24, 24, 24].map((h) => h * hourMs),
    ]);
    assert.deepEqual([last.retry_at, last.count], [null, 8]);
  });

  test('refused credentials are given up after ten logins', () => {
    let state: Failing | null = null;
    for (let count = 1; count <= 10; count += 1)
      // The retry came earlier, as after a test by a person.
      state = afterFailure(state && { ...state, retry_at: 0 }, { cause: 'auth' }, count, 'reason', 0);
    assert.deepEqual([state?.count, state?.retry_at], [10, null]);
  });

  test('a wrong setting has the same waits and is never given up', () => {
    const { at, last } = failing('misconfigured', 30);
    assert.deepEqual(waits(at).slice(0, 4), [5 * minuteMs, 30 * minuteMs, 2 * hourMs, 6 * hourMs]);
    assert.equal(waits(at).at(-1), 24 * hourMs);
    assert.equal(last.count, 30);
  });

  test('a host that fails is tried again after 2 s, 4 s, 8 s … to 10 min, each up to a quarter earlier', () => {
    for (const cause of ['host', 'auth_temporary'] as const) {
      const { at } = failing(cause, 13);
      assert.deepEqual(
        waits(at),
        [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600].map((s) => s * 1_000),
        cause,
      );
      assert.deepEqual(waits(failing(cause, 3, 1).at), [1_500, 3_000]);
    }
  });

  test('a server that limits connections is left alone for 15 min', () => {
    assert.deepEqual(waits(failing('rate', 3).at), [15 * minuteMs, 15 * minuteMs]);
  });

  test('a failure of an attempt that began before the wait is not counted again', () => {
    const first = afterFailure(null, { cause: 'host' }, 0, 'first', 0);
    assert.equal(afterFailure(first, { cause: 'host' }, 1_999, 'second', 0), first);
    assert.equal(afterFailure(first, { cause: 'host' }, 2_000, 'second', 0).count, 2);
    const given = revoked(0, 'revoked');
    assert.equal(afterFailure(given, { cause: 'auth' }, hourMs, 'again', 0), given);
  });

  test('an outage between refused logins neither counts as a login nor makes the waits shorter', () => {
    const refused = afterFailure(null, { cause: 'auth' }, 0, 'refused', 0);
    const away = afterFailure(refused, { cause: 'host' }, 5 * minuteMs, 'away', 0);
    assert.deepEqual(away, { ...refused, retry_at: 10 * minuteMs });
    const again = afterFailure(away, { cause: 'auth' }, 10 * minuteMs, 'refused', 0);
    assert.deepEqual([again.count, again.since, again.retry_at], [2, 0, 40 * minuteMs]);
    const other = afterFailure(failing('host', 5).last, { cause: 'auth' }, hourMs, 'refused', 0);
    assert.deepEqual([other.count, other.since], [1, hourMs]);
  });
});

describe('what the logins say', () => {
  const transient = afterFailure(null, { cause: 'host' }, 0, 'away', 0);
  const refused = afterFailure(null, { cause: 'auth' }, 0, 'refused', 0);
  const given = revoked(0, 'revoked');
  const fine = { smtp_failing: null, imap_failing: null };

  test('one protocol that was given up decides, then one that fails', () => {
    assert.deepEqual(reportOf(fine), { event: 'connected', reason: null });
    assert.deepEqual(reportOf({ ...fine, imap_failing: transient }), { event: 'failed', reason: 'away' });
    assert.deepEqual(reportOf({ smtp_failing: transient, imap_failing: refused }), { event: 'failed', reason: 'away' });
    assert.deepEqual(reportOf({ smtp_failing: transient, imap_failing: given }), {
      event: 'refused',
      reason: 'revoked',
    });
    assert.deepEqual([fine, { ...fine, smtp_failing: transient }, { ...fine, smtp_failing: given }].map(resumption), [
      'resumed',
      'resumed_failing',
      'resumed_refused',
    ]);
  });

  const mailbox: LoginState = { ...fine, status: 'connected', smtp_open_until: null, imap_open_until: null };
  const retryAt = transient.retry_at ?? assert.fail();

  test('a mailbox sends and is read at once, or when its retry is due and its server is not left alone', () => {
    for (const status of ['connecting', 'connected', 'degraded'] as const)
      assert.deepEqual([sendableAt({ ...mailbox, status }), readableAt({ ...mailbox, status })], [0, 0]);
    const smtpFails = { ...mailbox, smtp_failing: transient };
    assert.deepEqual([sendableAt(smtpFails), readableAt(smtpFails)], [retryAt, 0]);
    const imapFails = { ...mailbox, imap_failing: transient };
    assert.deepEqual([sendableAt(imapFails), readableAt(imapFails)], [0, retryAt]);
    assert.equal(sendableAt({ ...smtpFails, smtp_open_until: new Date(300_000) }), 300_000);
    assert.equal(readableAt({ ...mailbox, imap_open_until: new Date(300_000) }), 300_000);
  });

  test('nothing is sent while it is paused or either protocol refuses its credentials; a paused mailbox is read', () => {
    const paused = { ...mailbox, status: 'paused' as const };
    assert.deepEqual([sendableAt(paused), readableAt(paused)], [null, 0]);
    const smtpRefused = { ...mailbox, smtp_failing: refused };
    assert.deepEqual([sendableAt(smtpRefused), readableAt(smtpRefused)], [5 * minuteMs, 0]);
    const imapRefused = { ...mailbox, imap_failing: refused };
    assert.deepEqual([sendableAt(imapRefused), readableAt(imapRefused)], [null, 5 * minuteMs]);
    for (const status of ['auth_failed', 'disconnected'] as const)
      assert.deepEqual([sendableAt({ ...mailbox, status }), readableAt({ ...mailbox, status })], [null, null]);
    assert.equal(sendableAt({ ...mailbox, smtp_failing: given }), null);
  });
});
