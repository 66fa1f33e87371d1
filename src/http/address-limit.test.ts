import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import { createAddressLimit } from './address-limit.ts';

test('each IP address has its own quota a minute', async () => {
  const clock = new TestClock(Date.UTC(2026, 0, 5, 9, 0, 30));
  const limit = createAddressLimit(clock, 2);
  const resetAt = Date.UTC(2026, 0, 5, 9, 1) / 1_000;
  assert.deepEqual(limit.take('192.0.2.1'), { allowed: true, limit: 2, remaining: 1, resetAt, windowMs: 60_000 });
  assert.deepEqual(limit.take('192.0.2.1'), { allowed: true, limit: 2, remaining: 0, resetAt, windowMs: 60_000 });
  assert.deepEqual(limit.take('192.0.2.1'), { allowed: false, limit: 2, remaining: 0, resetAt, windowMs: 60_000 });
  assert.equal(limit.take('192.0.2.2').allowed, true);
  await clock.advance(30_000);
  assert.equal(limit.take('192.0.2.1').remaining, 1);
});

test('the addresses of one IPv6 network share a quota; an IPv4-mapped address counts as its IPv4 address', () => {
  const limit = createAddressLimit(new TestClock(), 1);
  assert.equal(limit.take('2001:db8:1:2::1').allowed, true);
  assert.equal(limit.take('2001:db8:1:2:ffff::9').allowed, false);
  assert.equal(limit.take('2001:db8:1:3::1').allowed, true);
  assert.equal(limit.take('::ffff:192.0.2.1').allowed, true);
  assert.equal(limit.take('192.0.2.1').allowed, false);
  assert.equal(limit.take('no address').allowed, true);
});

test('memory stays bounded under a flood of addresses: past the limit they share one quota', () => {
  const limit = createAddressLimit(new TestClock(), 3);
  for (let address = 0; address < 50_000; address += 1)
    assert.ok(limit.take(`10.${address >> 16}.${(address >> 8) & 255}.${address & 255}`).allowed);
  assert.deepEqual(
    [1, 2, 3, 4].map((last) => limit.take(`192.0.2.${last}`).allowed),
    [true, true, true, false],
  );
  assert.equal(limit.take('10.0.0.7').allowed, true, 'who was there before keeps a quota of its own');
});
