import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wires } from '../../vendors/wires.ts';
import * as requestHeaders from './request-headers.ts';
import { mask, reservedPrefixesOf, unmasked } from './request-headers.ts';
import type { RequestHeaders } from './request-headers.ts';

const headerProblems = (headers: RequestHeaders) => requestHeaders.headerProblems(headers, reservedPrefixesOf(wires));

test('ordinary headers are accepted, whatever their case, and an empty value', () => {
  assert.deepEqual(headerProblems({ Authorization: 'Bearer a b', 'X-Api-Key': '!~', 'x-empty': '' }), {});
  assert.deepEqual(
    headerProblems(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`x-${index}`, 'v']))),
    {},
  );
  assert.deepEqual(headerProblems({ 'x-long': 'v'.repeat(2_048) }), {});
});

test('names that are no names, and those that are ours or the connection’s, are refused', () => {
  for (const name of ['', 'a b', 'a:b', 'ä', 'x\n', 'x'.repeat(101)])
    assert.deepEqual(
      Object.values(headerProblems({ [name]: 'v' })),
      ['is not the name of an HTTP header'],
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
      [`headers.${name}`]: 'is set by Outrider and cannot be given',
    });
  }
});

test('values that HTTP would not carry as they are, are refused', () => {
  for (const value of ['a\nb', 'a\r\nx: y', '\u0000', 'é', ' a', 'a ', 'v'.repeat(2_049), '\t'])
    assert.equal(Object.keys(headerProblems({ 'x-a': value })).length, 1, JSON.stringify(value));
});

test('twice the same name, and more than twenty, are refused', () => {
  assert.deepEqual(headerProblems({ 'X-A': '1', 'x-a': '2' }), { 'headers.x-a': 'is there twice' });
  assert.deepEqual(headerProblems(Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`x-${index}`, 'v']))), {
    headers: 'must be at most 20',
  });
});

test('a masked value keeps what is stored, and is a mistake where nothing is', () => {
  assert.deepEqual(unmasked({ 'X-A': mask, 'X-B': 'new' }, { 'x-a': 'old', 'x-c': 'gone' }), {
    headers: { 'x-a': 'old', 'x-b': 'new' },
    problems: {},
  });
  assert.deepEqual(unmasked({ 'X-A': mask }, {}).problems, {
    'headers.X-A': 'has no stored value that *** could keep',
  });
});

test('names that objects inherit are names like any other', () => {
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
