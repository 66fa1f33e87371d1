import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { foxreachId, uuidOf } from './wire-ids.ts';
import type { IdPrefix } from './wire-ids.ts';

const uuid = '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e40';
const prefixes: readonly IdPrefix[] = ['cld', 'cmp', 'rpl', 'cwh'];

describe("FoxReach's ids", () => {
  test('an id is a prefix and 32 hexadecimal digits', () => {
    assert.equal(foxreachId('cwh', uuid), 'cwh_0199c9f49d3e7f669b482f7d1a5c0e40');
    assert.equal(uuidOf('cwh', 'cwh_0199c9f49d3e7f669b482f7d1a5c0e40'), uuid);
  });

  test('every UUID survives a round trip, only with its own prefix', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom(...prefixes), (id, prefix) => {
        const shown = foxreachId(prefix, id);
        assert.ok(typeof shown === 'string' && /^c?[a-z]{2,3}_[0-9a-f]{32}$/.test(shown));
        for (const each of prefixes) assert.equal(uuidOf(each, shown), each === prefix ? id : undefined);
      }),
    );
  });

  test('a value that is not a UUID stays unchanged: ids of a publisher, null, undefined', () => {
    for (const id of ['lead-7', '', uuid.toUpperCase(), `${uuid}0`, ` ${uuid}`, `${uuid}\n`, 7, null, undefined, ['a']])
      assert.equal(foxreachId('cld', id), id);
  });

  test('a malformed id is not parsed', () => {
    const digits = uuid.replaceAll('-', '');
    for (const id of [
      uuid,
      digits,
      'cwh_',
      'cwh_new456',
      `cwh_${uuid}`,
      `CWH_${digits}`,
      `cwh_${digits.toUpperCase()}`,
      `cwh_${digits}0`,
      `cwh_${digits}\n`,
      `xcwh_${digits}`,
    ])
      assert.equal(uuidOf('cwh', id), undefined, id);
    fc.assert(fc.property(fc.string(), (text) => uuidOf('cwh', text) === undefined));
  });
});
