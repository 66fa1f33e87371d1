import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from './body.ts';

const listOf = (count: number): string => `[${Array.from({ length: count }, () => '{}').join(',')}]`;

test('a body has at most 200,000 objects and arrays', () => {
  assert.equal((parseJson(listOf(199_999), undefined) as unknown[]).length, 199_999);
  assert.throws(() => parseJson(listOf(200_000), undefined), {
    error: 'malformed',
    message: /more than 200000 objects and arrays/,
  });
});

test('a NUL character is reported with its path at any depth, except in fields stored as bytes', () => {
  const details = (text: string): unknown => {
    try {
      return parseJson(text, ['data']);
    } catch (error) {
      return (error as { details: unknown }).details;
    }
  };
  const reason = 'must not contain NUL characters';
  assert.deepEqual(details(String.raw`{"list":[{"a":1},{"b":{"c":"x\u0000"}}]}`), { 'list.1.b.c': reason });
  assert.deepEqual(details(String.raw`"\u0000"`), { body: reason });
  assert.deepEqual(details(String.raw`{"a":{"b\u0000":1}}`), { a: `a field's name ${reason}` });
  assert.deepEqual(details(String.raw`{"a":[{"data":{"b\u0000":"\u0000"}}]}`), { a: [{ data: { 'b\0': '\0' } }] });
  assert.deepEqual(details('{"a":{"__proto__":1}}'), { 'a.__proto__': 'this name is not allowed' });
});
