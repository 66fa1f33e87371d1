import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthCurves } from './demo-warmup-report.ts';

test('curves of health have a column for each day', () => {
  const end = { band: null, cap: 5, sent: 1, inboxed: 1, spam: 0 };
  const scores = (...all: readonly (number | null)[]) => all.map((score) => ({ ...end, score }));
  const lines = healthCurves([
    { name: 'ada@lovelace.test', mark: 'a', days: scores(null, 98, 100) },
    { name: 'grace@hopper.test', mark: 'g', days: scores(null, 62, 100) },
  ]).split('\n');
  assert.equal(lines[1], ' 100 |   a *');
  assert.equal(lines[5], '  60 |   g');
  assert.deepEqual(lines.slice(-2), ['  a  ada@lovelace.test', '  g  grace@hopper.test']);
});
