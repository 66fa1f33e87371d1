import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bearerKey, headerKey } from '../http/authentication.ts';
import { isKey, mintKey, prefixOf } from './keys.ts';

test('a key has 256 random bits in letters and digits, after live or test and the tag of its organization', () => {
  const keys = Array.from({ length: 200 }, (_, index) => mintKey(index % 2 === 0, 'abcdef27'));
  for (const [index, key] of keys.entries()) {
    assert.match(key, index % 2 === 0 ? /^otr_test_abcdef27_[0-9A-Za-z]{43}$/ : /^otr_live_abcdef27_[0-9A-Za-z]{43}$/);
    assert.ok(isKey(key));
  }
  assert.equal(new Set(keys).size, keys.length);
  const seen = new Set(keys.flatMap((key) => key.slice(18).split('')));
  assert.equal(seen.size, 62, '8,600 characters contain the whole alphabet');
});

test('a bearer key is parsed by RFC 6750, with a case-insensitive scheme', () => {
  const key = mintKey(false, 'abcdef27');
  assert.equal(bearerKey({ authorization: `Bearer ${key}` }), key);
  assert.equal(bearerKey({ authorization: `bearer  ${key} ` }), key);
  assert.equal(bearerKey({ authorization: `BEARER ${key}` }), key);
  assert.equal(bearerKey({}), undefined);
  assert.equal(bearerKey({ authorization: `Basic ${key}` }), undefined);
  assert.equal(bearerKey({ authorization: 'Bearer' }), undefined);
  assert.equal(isKey(bearerKey({ authorization: `Bearer ${key} more` }) ?? ''), false);
});

test('a dialect may read the key from its own header', () => {
  assert.equal(headerKey('x-api-key')({ 'x-api-key': ' otr_live_x ' }), 'otr_live_x');
  assert.equal(headerKey('x-api-key')({ authorization: 'Bearer otr_live_x' }), undefined);
});

test('the prefix of a key has its tag and 4 random characters, and never more of a key without a tag', () => {
  const random = 'x'.repeat(43);
  assert.equal(prefixOf(`otr_live_abcdef27_${random}`), 'otr_live_abcdef27_xxxx');
  assert.equal(prefixOf(`otr_live_${random}`), 'otr_live_xxxx');
  for (const key of [
    `otr_live_abcdef27_${'x'.repeat(42)}`,
    `otr_live_abcdef27_${random}x`,
    `otr_live_abcdef20_${random}`,
  ])
    assert.equal(prefixOf(key).length, 13, key);
});

test('text that cannot be a key is refused without a query', () => {
  assert.ok(isKey(`otr_${'a'.repeat(28)}`));
  for (const text of [
    '',
    'otr_',
    `otr_${'a'.repeat(27)}`,
    `otx_${'a'.repeat(40)}`,
    `otr_${'a'.repeat(201)}`,
    `otr_${'a'.repeat(30)}\0`,
    `otr_${'ä'.repeat(30)}`,
  ])
    assert.ok(!isKey(text), text);
});
