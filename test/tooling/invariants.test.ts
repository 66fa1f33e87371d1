import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { root } from '../../scripts/sources.ts';

const specification = 'src/delivery/SPEC.md';

/** As the specification defines them: `- **D12a One row stops nobody.**`. */
const defined = [...readFileSync(`${root}${specification}`, 'utf8').matchAll(/^- \*\*(D\d+[a-z]?) /gm)].map(
  ([, invariant = '']) => invariant,
);

/** As titles name them: `test('D5 D6: …')`, `describe('D12: …')`. */
const named = globSync('{src,test}/**/*.test.ts', { cwd: root }).flatMap((path) =>
  [...readFileSync(`${root}${path}`, 'utf8').matchAll(/\b(?:test|describe)\(\s*['"`]((?:D\d+[a-z]? ?)+):/g)].flatMap(
    ([, invariants = '']) => invariants.split(' ').map((invariant) => ({ invariant, path })),
  ),
);

test('each invariant of the delivery engine is defined once', () => {
  assert.ok(defined.length > 20);
  assert.deepEqual(
    defined.filter((invariant, index) => defined.indexOf(invariant) !== index),
    [],
  );
});

test('a test title names each invariant of the delivery engine', () => {
  const tested = new Set(named.map(({ invariant }) => invariant));
  assert.deepEqual(
    defined.filter((invariant) => !tested.has(invariant)),
    [],
  );
});

test('no test title names an invariant that is not defined', () => {
  assert.deepEqual(
    named.filter(({ invariant }) => !defined.includes(invariant)),
    [],
  );
});
