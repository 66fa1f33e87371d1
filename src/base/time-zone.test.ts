import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { timeZoneOf } from './time-zone.ts';

describe('timeZoneOf', () => {
  test('names of the IANA database are accepted, current and old, and keep their spelling', () => {
    for (const name of ['Europe/Berlin', 'Asia/Kolkata', 'Asia/Calcutta', 'America/Argentina/Ushuaia', 'UTC'])
      for (const _ of ['looked up', 'cached']) assert.equal(timeZoneOf(name), name);
  });

  test('a name in another case gets the spelling of the IANA database', () => {
    for (const name of ['europe/berlin', 'EUROPE/BERLIN'])
      for (const _ of ['looked up', 'cached']) assert.equal(timeZoneOf(name), 'Europe/Berlin');
  });

  test('offsets and other text are rejected', () => {
    for (const name of ['', '+01:00', '-0500', 'GMT+1', 'Mars/Olympus', 'Europe/Berlin ', '__proto__'])
      assert.equal(timeZoneOf(name), undefined, name);
  });
});
