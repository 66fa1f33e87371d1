import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { root } from '../../scripts/sources.ts';

const specifications = [
  { of: 'the delivery engine', path: 'src/delivery/SPEC.md', letter: 'D', least: 20 },
  { of: 'sending', path: 'src/mail/sending/SPEC.md', letter: 'M', least: 15 },
  { of: 'campaigns', path: 'src/mail/sequencing/SPEC.md', letter: 'C', least: 15 },
];

const tests = globSync('{src,test}/**/*.test.ts', { cwd: root }).map((path) => ({
  path,
  text: readFileSync(`${root}${path}`, 'utf8'),
}));

for (const { of, path: specification, letter, least } of specifications)
  describe(`the invariants of ${of}`, () => {
    /** As the specification defines them: `- **D12a One row stops nobody.**`. */
    const definition = new RegExp(`^- \\*\\*(${letter}\\d+[a-z]?) `, 'gm');
    const defined = [...readFileSync(`${root}${specification}`, 'utf8').matchAll(definition)].map(
      ([, invariant = '']) => invariant,
    );
    /** As titles name them: `test('D5 D6: …')`, `describe('D12: …')`. */
    const title = new RegExp(`\\b(?:test|describe)\\(\\s*['"\`]((?:${letter}\\d+[a-z]? ?)+):`, 'g');
    const named = tests.flatMap(({ path, text }) =>
      [...text.matchAll(title)].flatMap(([, invariants = '']) =>
        invariants.split(' ').map((invariant) => ({ invariant, path })),
      ),
    );

    test('each is defined once', () => {
      assert.ok(defined.length > least);
      assert.deepEqual(
        defined.filter((invariant, index) => defined.indexOf(invariant) !== index),
        [],
      );
    });

    test('a test title names each', () => {
      const tested = new Set(named.map(({ invariant }) => invariant));
      assert.deepEqual(
        defined.filter((invariant) => !tested.has(invariant)),
        [],
      );
    });

    test('no test title names one that is not defined', () => {
      assert.deepEqual(
        named.filter(({ invariant }) => !defined.includes(invariant)),
        [],
      );
    });
  });
