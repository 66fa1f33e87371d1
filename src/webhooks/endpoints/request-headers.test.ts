import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wires } from '../../vendors/wires.ts';
import * as requestHeaders from './request-headers.ts';
import { mask, reservedPrefixesOf, unmasked } from './request-headers.ts';
import type { RequestHeaders } from './request-headers.ts';

const headerProblems = (headers: RequestHeaders) => requestHeaders.headerProblems(headers, reservedPrefixesOf(wires));

test('ordinary headers are accepted in any case, also with an empty value', () => {
  assert.deepEqual(headerProblems({ Authorization: 'Bearer a b', 'X-Api-Key': '!~', 'x-empty': '' }), {});
  assert.deepEqual(
    headerProblems(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`x-${index}`, 'v']))),
    {},
  );
  assert.deepEqual(headerProblems({ 'x-long': 'v'.repeat(2_048) }), {});
});

test('invalid header names, and those of Outrider or the connection, are refused', () => {
  for (const name of ['', 'a b', 'a:b', 'ä', 'x\n', 'x'.repeat(101)])
    assert.deepEqual(
      Object.values(headerProblems({ [name]: 'v' })),
      ['is not a valid HTTP header name'],
      JSON.stringify(name),
    );
  for (const name of [
    'Host',
    'Content-Length',
    'transfer-encoding',
    'CONNECTION',
    'Content-Type',
    'user-agent',
    'Webhook-Id',
    'webhook-anything',
    'X-Defrost-Signature',
    'Expect',
    'TE',
    'Upgrade',
    'Keep-Alive',
  ]) {
    assert.deepEqual(headerProblems({ [name]: 'v' }), {
      [`headers.${name}`]: 'is set by Outrider and cannot be changed',
    });
  }
});

test('values that HTTP would alter are refused', () => {
  for (const value of ['a\nb', 'a\r\nx: y', '\u0000', 'é', ' a', 'a ', 'v'.repeat(2_049), '\t'])
    assert.equal(Object.keys(headerProblems({ 'x-a': value })).length, 1, JSON.stringify(value));
});

test('duplicate names and more than 20 headers are refused', () => {
  assert.deepEqual(headerProblems({ 'X-A': '1', 'x-a': '2' }), { 'headers.x-a': 'must be given only once' });
  assert.deepEqual(headerProblems(Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`x-${index}`, 'v']))), {
    headers: 'must contain at most 20 headers',
  });
});

test('a masked value keeps the stored value, and is refused if there is none', () => {
  assert.deepEqual(unmasked({ 'X-A': mask, 'X-B': 'new' }, { 'x-a': 'old', 'x-c': 'gone' }), {
    headers: { 'x-a': 'old', 'x-b': 'new' },
    problems: {},
  });
  assert.deepEqual(unmasked({ 'X-A': mask }, {}).problems, {
    'headers.X-A': 'has no stored value for *** to keep',
  });
});

test('names that objects inherit are treated like any other name', () => {
  const all = JSON.parse('{"constructor":"***","__proto__":"***","toString":"***"}') as Record<string, string>;
  assert.deepEqual(Object.keys(unmasked(all, {}).problems), [
    'headers.constructor',
    'headers.__proto__',
    'headers.toString',
  ]);
  const given = { constructor: 'a', valueof: 'b' } as unknown as Record<string, string>;
  assert.deepEqual(Object.entries(unmasked(given, {}).headers), Object.entries(given));
  assert.deepEqual(headerProblems(given), {});
});
