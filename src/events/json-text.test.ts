import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { itemTexts, memberText } from './json-text.ts';

/** JSON text as any caller might write it: odd spacing, escaped characters in keys. */
const spacing = fc.constantFrom('', ' ', '\n', '\t ', '\r\n  ');
const hex = (key: string): string => `"${Array.from(key, (_, index) => `\\u${key.charCodeAt(index).toString(16).padStart(4, '0')}`).join('')}"`;

describe('JSON text', () => {
  // Held against what the text was made of, not against JSON.parse of the whole: V8 13.6 takes an escaped key for a lone backslash once
  // it has met that key at the same place of an object.
  test('the last member of a name is found, however the text is spaced and escaped', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('data', 'event', 'da"ta', '\\', 'ü', ''), fc.jsonValue(), fc.boolean(), spacing)), (members) => {
        const text = `{${members.map(([key, value, asHex, space]) => `${space}${asHex ? hex(key) : JSON.stringify(key)}${space}:${space}${JSON.stringify(value, undefined, space)}${space}`).join(',')}}`;
        for (const key of ['data', 'event', 'da"ta', '\\', 'ü', '', 'absent']) {
          const last = members.findLast(([name]) => name === key);
          assert.equal(memberText(text, key), last && JSON.stringify(last[1], undefined, last[3]));
        }
      }),
    );
  });

  test('items are found, however the text is spaced', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), spacing, (values, space) => {
        const text = `${space}[${values.map((value) => `${space}${JSON.stringify(value, undefined, space)}${space}`).join(',')}${space}]`;
        assert.deepEqual(
          itemTexts(text),
          values.map((value) => JSON.stringify(value, undefined, space)),
        );
      }),
    );
  });

  test('what a double cannot hold, repeated keys and the order of keys stay as they were written', () => {
    const data = '{"amount": 12345678901234567890.10, "big":1e400,"minus":-0, "10":1,"2":2, "a":1,"a":2}';
    assert.equal(memberText(`{"event":"x","data":${data} ,"z":1}`, 'data'), data);
    assert.equal(memberText(`{"data":{"a":1},"data":${data}}`, 'data'), data);
  });
});
