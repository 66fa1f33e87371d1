import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  inexactNumber,
  isExact,
  itemTexts,
  memberText,
  membersOf,
  numberText,
  objectText,
  parseExact,
  repeatedMember,
} from './json-text.ts';

/** JSON text with odd spacing and escaped characters in keys. */
const spacing = fc.constantFrom('', ' ', '\n', '\t ', '\r\n  ');
const hex = (key: string): string =>
  `"${Array.from(key, (_, index) => `\\u${key.charCodeAt(index).toString(16).padStart(4, '0')}`).join('')}"`;

describe('JSON text', () => {
  // Compared with the parts of the text, not with JSON.parse of the whole: V8 13.6 reads an escaped key as a lone backslash after it has
  // met that key at the same place of an object.
  test('the last member with a name is found, however the text is spaced and escaped', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.constantFrom('data', 'event', 'da"ta', '\\', 'ü', ''), fc.jsonValue(), fc.boolean(), spacing),
        ),
        (members) => {
          const text = `{${members.map(([key, value, asHex, space]) => `${space}${asHex ? hex(key) : JSON.stringify(key)}${space}:${space}${JSON.stringify(value, undefined, space)}${space}`).join(',')}}`;
          for (const key of ['data', 'event', 'da"ta', '\\', 'ü', '', 'absent']) {
            const last = members.findLast(([name]) => name === key);
            assert.equal(memberText(text, key), last && JSON.stringify(last[1], undefined, last[3]));
          }
        },
      ),
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

  test('numbers that a double cannot represent, repeated keys and the order of keys stay as written', () => {
    const data = '{"amount": 12345678901234567890.10, "big":1e400,"minus":-0, "10":1,"2":2, "a":1,"a":2}';
    assert.equal(memberText(`{"event":"x","data":${data} ,"z":1}`, 'data'), data);
    assert.equal(memberText(`{"data":{"a":1},"data":${data}}`, 'data'), data);
  });

  test('an object rebuilt from its members is the same, apart from the spacing between them', () => {
    const text = ' { "b" : 1.0 , "1":[1, {"x":"}"}],"\\u0061":-0,"a":12345678901234567890 } ';
    assert.deepEqual(
      membersOf(text).map(({ name }) => name),
      ['b', '1', 'a', 'a'],
    );
    assert.equal(objectText(membersOf(text)), '{"b":1.0,"1":[1, {"x":"}"}],"\\u0061":-0,"a":12345678901234567890}');
    for (const none of ['null', '7', '"{}"', '[]', '{}', '{ }']) assert.deepEqual(membersOf(none), []);
  });

  test('a number is exact if it is the same number after parsing and writing, in any form', () => {
    for (const exact of [
      '0',
      '-0',
      '1.0',
      '1.50',
      '9007199254740992',
      '-9007199254740991',
      '1e3',
      '1E+22',
      '100000000000000000000',
      '0.1',
      '5e-324',
      '0e999',
    ])
      assert.equal(isExact(exact), true, exact);
    for (const rounded of [
      '9007199254740993',
      '12345678901234567890',
      '0.12345678901234567890',
      '1e400',
      '-1e400',
      '1e-400',
      '1.00000000000000000001',
    ])
      assert.equal(isExact(rounded), false, rounded);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
        assert.equal(isExact(JSON.stringify(value)), true),
      ),
    );
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => assert.equal(isExact(String(value)), true)));
  });

  test('a number that would be rounded is reported by its path, except in members stored as written', () => {
    const big = '9007199254740993';
    for (const [text, path] of [
      [big, ''],
      [`{"a":[{}, [], {"b": ${big}}]}`, 'a.2.b'],
      [`{"x":{"data":${big}}}`, undefined],
      [`{"data":{"n":${big}},"n":[1,${big}]}`, 'n.1'],
      [`{"text":"${big}","n":1234567890123456}`, undefined],
      [`{"a\\"b":${big}}`, 'a"b'],
      ['{"n":1e999}', 'n'],
    ] as const)
      assert.equal(inexactNumber(text, ['data']), path, text);
    fc.assert(fc.property(fc.json(), (text) => assert.equal(inexactNumber(text), undefined)));
  });

  test('a repeated member name is reported by its path, however it is escaped', () => {
    for (const [text, path] of [
      ['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}', undefined],
      ['{"a":1,"b":2,"a":1}', 'a'],
      [String.raw`{"a":1,"\u0061":2}`, 'a'],
      ['{"b":[0,{"c": {"x":1 , "x":{}}}]}', 'b.1.c.x'],
      ['{"__proto__":1,"constructor":2}', undefined],
      ['{"__proto__":1,"__proto__":2}', '__proto__'],
      ['{"":1,"":2}', ''],
      ['"{\\"a\\":1,\\"a\\":2}"', undefined],
    ] as const)
      assert.equal(repeatedMember(text), path, text);
    fc.assert(fc.property(fc.json(), (text) => assert.equal(repeatedMember(text), undefined)));
  });

  test('parseExact keeps numbers as they are written', () => {
    const text = '{"a":12345678901234567890,"b":[1.0,-0,1e2,7],"c":"1.0"}';
    assert.equal(JSON.stringify(parseExact(text)), text);
    const { a, c } = parseExact(text) as Record<string, unknown>;
    assert.deepEqual([numberText(a), numberText(c), numberText(7)], ['12345678901234567890', undefined, '7']);
  });
});
