import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noFigures } from './figures.ts';
import { campaignFigures, campaignRates, compare, rateOf } from './report.ts';

test('a rate has its denominator and the 95 % Wilson interval', () => {
  assert.deepEqual(rateOf(5, 100), { count: 5, of: 100, value: 0.05, low: 0.0215, high: 0.1118 });
  assert.deepEqual(rateOf(0, 20), { count: 0, of: 20, value: 0, low: 0, high: 0.1611 });
  assert.deepEqual(rateOf(20, 20), { count: 20, of: 20, value: 1, low: 0.8389, high: 1 });
  assert.equal(rateOf(0, 0), null);
});

test('what is not tracked is null, unless it was tracked before', () => {
  const off = { opens: false, clicks: false };
  const totals = { ...noFigures, contacted: 10, clicked: 2 };
  assert.deepEqual([campaignFigures(totals, off).opened, campaignFigures(totals, off).clicked], [null, 2]);
  assert.equal(campaignRates(totals, off).open, null);
  assert.equal(campaignRates(totals, { opens: true, clicks: true }).open?.value, 0);
});

test('a variant wins only with 100 messages of each and a difference in replies that is not chance', () => {
  const arm = (variant: string, sent: number, replied: number) => ({ variant, sent, replied });
  assert.deepEqual(compare([arm('a', 99, 40), arm('b', 500, 1)]), { winner: null, p: null });
  assert.equal(compare([arm('a', 200, 20), arm('b', 200, 16)]).winner, null);
  assert.equal(compare([arm('a', 200, 8), arm('b', 200, 24)]).winner, 'b');
  assert.equal(compare([arm('a', 200, 0), arm('b', 200, 0)]).p, 1);
  assert.equal(compare([arm('a', 200, 8)]).winner, null);
  // 24 of 200 against 12 of 200 is p = 0.037: enough for two variants, not for four.
  const close = [arm('a', 200, 24), arm('b', 200, 12)];
  assert.equal(compare(close).winner, 'a');
  assert.equal(compare([...close, arm('c', 200, 11), arm('d', 200, 10)]).winner, null);
});
