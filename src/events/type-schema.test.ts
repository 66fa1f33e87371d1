import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSchemaCompiler } from './type-schema.ts';
import type { JsonSchema } from './catalogue.ts';

const compiler = createSchemaCompiler();

/** What is wrong with `data` under `schema`, which must be a sound one. */
function faults(schema: JsonSchema, data: unknown): Readonly<Record<string, string>> | undefined {
  const read = compiler.read(schema);
  assert.equal(read.kind, 'valid', JSON.stringify(read));
  return read.check(data, JSON.stringify(data).length, 'data');
}

describe('a schema is refused', () => {
  const nested = (levels: number): JsonSchema => (levels === 0 ? {} : { properties: { a: nested(levels - 1) } });
  const cases: readonly [what: string, schema: JsonSchema, field: string, reason: RegExp][] = [
    ['with an unknown type', { properties: { a: { type: 'strin' } } }, 'schema.properties.a.type', /must be one of "array"/],
    ['with a misspelt keyword', { requried: ['a'] }, 'schema', /unknown keyword: "requried"/],
    ['with an unknown format', { properties: { a: { format: 'datetime' } } }, 'schema', /unknown format "datetime"/],
    ['that refers to another place', { properties: { a: { $ref: 'https://example.com/a.json' } } }, 'schema.properties.a.$ref', /lies outside/],
    ['that refers to a file', { $ref: 'a.json#/b' }, 'schema.$ref', /lies outside/],
    ['that refers to nothing', { properties: { a: { $ref: '#/$defs/a' } } }, 'schema', /can't resolve reference/],
    ['with an expression that is none', { properties: { a: { pattern: '(a' } } }, 'schema', /Invalid regular expression/],
    [
      'with a field expression that is none',
      { patternProperties: { '(a': {} } },
      'schema.patternProperties.(a',
      /must match format "regex"|Invalid regular expression/,
    ],
    ['of another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }, 'schema.$schema', /2020-12/],
    ['of 32 KiB and more', { description: 'a'.repeat(32 * 1024) }, 'schema', /bytes long/],
    ['of too many levels', nested(40), 'schema', /nested/],
    ['that would check later', { $async: true }, 'schema.$async', /not a keyword/],
  ];
  for (const [what, schema, field, reason] of cases) {
    test(what, () => {
      const read = compiler.read(schema);
      assert.equal(read.kind, 'invalid');
      assert.match(read.details[field] ?? JSON.stringify(read.details), reason);
    });
  }
});

describe('data is checked', () => {
  test('by path, with every fault', () => {
    const schema = {
      type: 'object',
      required: ['id'],
      properties: {
        id: { type: 'string', pattern: '^in_[0-9]+$' },
        state: { enum: ['open', 'paid'] },
        at: { type: 'string', format: 'date-time' },
        lines: { type: 'array', items: { type: 'object', properties: { 'a/b': { type: 'integer' } }, additionalProperties: false } },
      },
    };
    assert.equal(faults(schema, { id: 'in_1', state: 'paid', at: '2026-01-05T09:00:00Z', lines: [{ 'a/b': 1 }] }), undefined);
    assert.deepEqual(faults(schema, {}), { 'data.id': 'is required' });
    assert.deepEqual(faults(schema, { id: 'x', state: 'lost', at: '2026-02-30T09:00:00Z', lines: [{}, { 'a/b': 'x', c: 1 }] }), {
      'data.id': 'must match pattern "^in_[0-9]+$"',
      'data.state': 'must be one of "open","paid"',
      'data.at': 'must match format "date-time"',
      'data.lines.1.a/b': 'must be integer',
      'data.lines.1.c': 'unknown field',
    });
  });

  test('with at most 20 reasons', () => {
    const found = faults({ properties: { a: { items: { type: 'integer' } } } }, { a: Array.from({ length: 500 }, () => 'x') });
    assert.equal(Object.keys(found ?? {}).length, 20);
  });

  test('with references, $id, extensions and annotations', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://example.com/a',
      $defs: { n: { type: 'integer' } },
      properties: { a: { $ref: '#/$defs/n' } },
      'x-owner': 'billing',
      example: { a: 1 },
    };
    assert.equal(faults(schema, { a: 1 }), undefined);
    assert.deepEqual(faults(schema, { a: 'x' }), { 'data.a': 'must be integer' });
    // The same $id in another organization's schema is another schema.
    assert.equal(faults({ ...schema, $defs: { n: { type: 'string' } } }, { a: 'x' }), undefined);
  });

  test('fields with names of JavaScript are fields like others', () => {
    const schema = { type: 'object', properties: { constructor: { type: 'integer' } }, additionalProperties: false };
    assert.deepEqual(faults(schema, { constructor: 1, toString: 2 }), { 'data.toString': 'unknown field' });
    assert.deepEqual(faults({ required: ['constructor', 'hasOwnProperty'] }, {}), { 'data.constructor': 'is required', 'data.hasOwnProperty': 'is required' });
  });
});

describe('a check that would take long is broken off', () => {
  const doubled = Object.fromEntries(
    Array.from({ length: 60 }, (_, level) => [`d${level}`, { allOf: [{ $ref: `#/$defs/d${level + 1}` }, { $ref: `#/$defs/d${level + 1}` }] }]),
  );
  const cases: readonly [what: string, schema: JsonSchema, data: unknown][] = [
    ['an expression that backtracks', { properties: { a: { pattern: '^(a+)+$' } } }, { a: `${'a'.repeat(60)}!` }],
    ['a common expression over a long text', { properties: { a: { pattern: '[a-z]+@' } } }, { a: 'a'.repeat(256 * 1024) }],
    ['an expression over the names of fields', { patternProperties: { '(a+)+$': {} } }, { [`${'a'.repeat(60)}!`]: 1 }],
    ['comparing all with all', { properties: { a: { uniqueItems: true } } }, { a: Array.from({ length: 60_000 }, (_, i) => ({ i })) }],
    ['references that double', { $defs: { ...doubled, d60: { type: 'string' } }, properties: { a: { $ref: '#/$defs/d0' } } }, { a: 1 }],
    [
      'a recursion that doubles',
      { anyOf: [{ properties: { a: { $ref: '#' } } }, { properties: { a: { $ref: '#' } } }], required: ['z'] },
      JSON.parse(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`),
    ],
  ];
  for (const [what, schema, data] of cases) {
    test(what, () => {
      const began = performance.now();
      assert.deepEqual(faults(schema, data), { data: 'takes more than 100 ms to check against the schema of its type' });
      // Each of them would take minutes.
      assert.ok(performance.now() - began < 10_000);
    });
  }

  test('what is recursive without trouble is checked as usual', () => {
    const tree = { type: 'object', required: ['name'], properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } } };
    assert.equal(faults(tree, { name: 'a', children: [{ name: 'b', children: [] }] }), undefined);
    assert.deepEqual(faults(tree, { name: 'a', children: [{ children: [] }] }), { 'data.children.0.name': 'is required' });
  });
});
