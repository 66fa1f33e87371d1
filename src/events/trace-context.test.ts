import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceparentOf } from './trace-context.ts';

const [trace, parent] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

test('a valid traceparent is passed on unchanged, also one of a later version', () => {
  for (const valid of [`00-${trace}-${parent}-01`, `00-${trace}-${parent}-ff`, `cc-${trace}-${parent}-01-more.of-it`])
    assert.equal(traceparentOf(valid), valid);
});

test('an invalid traceparent is ignored', () => {
  for (const invalid of [
    undefined,
    '',
    ['00', '01'],
    `ff-${trace}-${parent}-01`,
    `00-${trace}-${parent}-01-more`,
    `00-${trace.toUpperCase()}-${parent}-01`,
    `00-${'0'.repeat(32)}-${parent}-01`,
    `00-${trace}-${'0'.repeat(16)}-01`,
    `00-${trace}-${parent}`,
    `00-${trace}-${parent}-1`,
    `cc-${trace}-${parent}-01-${'x'.repeat(201)}`,
    `00-${trace}-${parent}-01, 00-${trace}-${parent}-01`,
  ])
    assert.equal(traceparentOf(invalid), undefined, String(invalid));
});
