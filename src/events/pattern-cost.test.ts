import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { patternCost } from './pattern-cost.ts';

describe('the cost of a pattern', () => {
  test('a single walk costs its length', () => {
    for (const pattern of ['^[A-Z]{2}\\d{6}$', '^in_\\d{8}$', '^[\\]*+(]$', '^\\u{1F600}\\p{L}$'])
      assert.deepEqual(patternCost(pattern), { factor: 1, degree: 1 }, pattern);
  });

  test('each open repetition, and each place to begin at, counts once more', () => {
    assert.equal(patternCost('^a+$').degree, 1);
    assert.equal(patternCost('a+').degree, 2);
    assert.equal(patternCost('^a+b*c{2,}$').degree, 3);
    assert.equal(patternCost('^a|b').degree, 1);
    assert.equal(patternCost('^a|b+').degree, 2);
  });

  test('repeated groups, look-around and back references are not bounded', () => {
    for (const pattern of ['^(a+)+$', '(?:ab)*', '(a|b){2,}', '(?=a)', '(?<!a)b', '(a)\\1', '(?<n>a)\\k<n>'])
      assert.equal(patternCost(pattern).factor, Infinity, pattern);
  });

  test('what is said to be cheap is cheap', () => {
    const atom = fc.constantFrom('a', 'b', '[ab]', '.', '\\w', '[^b]');
    const piece = fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '{2,}')).map((parts) => parts.join(''));
    const sequence = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
    const group = fc
      .tuple(fc.array(sequence, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '?', '+', '{2}'))
      .map(([alternatives, quantifier]) => `(${alternatives.join('|')})${quantifier}`);
    const pattern = fc
      .tuple(fc.constantFrom('', '^'), fc.array(fc.oneof(sequence, group), { minLength: 1, maxLength: 4 }), fc.constantFrom('', '$', 'c', '!$'))
      .map(([begin, parts, end]) => `${begin}${parts.join('')}${end}`);
    fc.assert(
      fc.property(pattern, fc.constantFrom('a', 'ab', 'ba', 'aab'), fc.integer({ min: 1, max: 20_000 }), (source, unit, length) => {
        const { factor, degree } = patternCost(source);
        fc.pre(factor * length ** degree <= 4_000_000);
        const text = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
        const began = performance.now();
        new RegExp(source, 'u').test(text);
        // 4 million steps take some 10 ms; the rest is for a busy machine.
        assert.ok(performance.now() - began < 500, `${source} took ${performance.now() - began} ms for ${length}`);
      }),
      { numRuns: 1_000 },
    );
  });
});
