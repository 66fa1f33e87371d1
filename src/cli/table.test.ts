import assert from 'node:assert/strict';
import { test } from 'node:test';
import { table } from './table.ts';

test('columns are as wide as their widest cell, and lines end with text', () => {
  assert.equal(
    table(
      ['slug', 'plan'],
      [
        ['a', 'growth'],
        ['longer', ''],
      ],
    ),
    ['slug    plan', 'a       growth', 'longer'].join('\n'),
  );
});
