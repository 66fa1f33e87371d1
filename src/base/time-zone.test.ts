import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isTimeZone } from './time-zone.ts';

describe('isTimeZone', () => {
  test('names of the IANA database are accepted, current and old, in any case', () => {
    for (const name of [
      'Europe/Berlin',
      'Asia/Kolkata',
      'Asia/Calcutta',
      'America/Argentina/Ushuaia',
      'UTC',
      'europe/berlin',
    ])
      assert.ok(isTimeZone(name) && isTimeZone(name), name);
  });

  test('offsets and other text are rejected', () => {
    for (const name of ['', '+01:00', '-0500', 'GMT+1', 'Mars/Olympus', 'Europe/Berlin ', '__proto__'])
      assert.equal(isTimeZone(name), false, name);
  });
});
