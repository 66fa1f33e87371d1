import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cut } from './cut.ts';

test('a text is truncated between characters and stays well-formed', () => {
  assert.equal(cut('abc', 2), 'ab');
  assert.equal(cut('abc', 3), 'abc');
  assert.equal(cut('a😀b', 2), 'a');
  assert.equal(cut('a😀b', 3), 'a😀');
  assert.equal(cut('😀', 1), '');
  assert.equal(cut('a\ud83d', 5), 'a\ufffd');
  for (let max = 0; max <= 20; max += 1) assert.ok(cut('😀'.repeat(10), max).isWellFormed());
});
