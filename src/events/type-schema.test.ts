import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { JsonSchema } from './catalogue.ts';
import { weightOf } from './schema-weight.ts';
import { compileSchema, problemsOf } from './type-schema.ts';

/** The faults of `data` against `schema`, which must be valid. */
function faults(schema: JsonSchema, data: unknown): Readonly<Record<string, string>> | undefined {
  assert.equal(problemsOf(schema), undefined);
  return compileSchema(schema)(data, 'data');
}

describe('a schema is refused', () => {
  const nested = (levels: number): JsonSchema => (levels === 0 ? {} : { properties: { a: nested(levels - 1) } });
  const cases: readonly [what: string, schema: JsonSchema, field: string, reason: RegExp][] = [
    [
      'with an unknown type',
      { properties: { a: { type: 'strin' } } },
      'schema.properties.a.type',
      /must be one of "array"/,
    ],
    ['with a misspelt keyword', { requried: ['a'] }, 'schema', /unknown keyword: "requried"/],
    ['with an unknown format', { properties: { a: { format: 'datetime' } } }, 'schema', /unknown format "datetime"/],
    [
      'that refers outside the schema',
      { properties: { a: { $ref: 'https://example.com/a.json' } } },
      'schema.properties.a.$ref',
      /is outside/,
    ],
    ['that refers to a file', { $ref: 'a.json#/b' }, 'schema.$ref', /is outside/],
    [
      'that refers to nothing',
      { properties: { a: { $ref: '#/$defs/a' } } },
      'schema.properties.a.$ref',
      /does not exist in the schema/,
    ],
    [
      'with an invalid pattern',
      { properties: { a: { pattern: '(a' } } },
      'schema.properties.a.pattern',
      /Invalid regular expression/,
    ],
    [
      'with an invalid field pattern',
      { patternProperties: { '(a': {} } },
      'schema.patternProperties.(a',
      /must match format "regex"|Invalid regular expression/,
    ],
    [
      'with look-ahead',
      { properties: { a: { pattern: '^(?=.*[A-Z])' } } },
      'schema.properties.a.pattern',
      /bounded time.*Look-around/,
    ],
    [
      'with a back reference',
      { patternProperties: { '(a)\\1': {} } },
      'schema.patternProperties.(a)\\1',
      /bounded time/,
    ],
    [
      'with repetitions that expand to a long text',
      { allOf: Array.from({ length: 40 }, (_, n) => ({ pattern: `(a{900}){1}${n}` })) },
      'schema.allOf.22.pattern',
      /too costly/,
    ],
    ['that refers to itself', { $ref: '#' }, 'schema', /refers back to itself/],
    ['that refers to itself in a list', { allOf: [{ $ref: '#' }] }, 'schema', /refers back to itself/],
    [
      'that refers to itself through definitions',
      { $defs: { a: { not: { $ref: '#/$defs/b' } }, b: { if: { $ref: '#/$defs/a' } } } },
      'schema.$defs.a',
      /refers back/,
    ],
    [
      'whose field refers to itself',
      { properties: { a: { anyOf: [{ $ref: '#/properties/a' }] } } },
      'schema.properties.a',
      /refers back to itself/,
    ],
    [
      'that refers to an anchor',
      { $defs: { a: { $anchor: 'a' } }, $ref: '#a' },
      'schema.$ref',
      /does not exist in the schema/,
    ],
    [
      'that refers dynamically',
      { properties: { a: { $dynamicRef: '#a' } } },
      'schema.properties.a.$dynamicRef',
      /is not supported/,
    ],
    ['of another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }, 'schema.$schema', /2020-12/],
    ['of 32 KiB and more', { description: 'a'.repeat(32 * 1024) }, 'schema', /bytes long/],
    ['of too many levels', nested(40), 'schema', /nested/],
    ['that would check later', { $async: true }, 'schema.$async', /not a keyword/],
  ];
  for (const [what, schema, field, reason] of cases) {
    test(what, () => {
      const details = problemsOf(schema) ?? {};
      assert.match(details[field] ?? JSON.stringify(details), reason);
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
        lines: {
          type: 'array',
          items: { type: 'object', properties: { 'a/b': { type: 'integer' } }, additionalProperties: false },
        },
      },
    };
    assert.equal(
      faults(schema, { id: 'in_1', state: 'paid', at: '2026-01-05T09:00:00Z', lines: [{ 'a/b': 1 }] }),
      undefined,
    );
    assert.deepEqual(faults(schema, {}), { 'data.id': 'is required' });
    assert.deepEqual(
      faults(schema, { id: 'x', state: 'lost', at: '2026-02-30T09:00:00Z', lines: [{}, { 'a/b': 'x', c: 1 }] }),
      {
        'data.id': 'must match pattern "^in_[0-9]+$"',
        'data.state': 'must be one of "open","paid"',
        'data.at': 'must match format "date-time"',
        'data.lines.1.a/b': 'must be integer',
        'data.lines.1.c': 'unknown field',
      },
    );
  });

  test('with at most 20 reasons', () => {
    const found = faults(
      { properties: { a: { items: { type: 'integer' } } } },
      { a: Array.from({ length: 500 }, () => 'x') },
    );
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
    // The same $id in another organization's schema means another schema.
    assert.equal(faults({ ...schema, $defs: { n: { type: 'string' } } }, { a: 'x' }), undefined);
  });

  test('fields named like JavaScript properties are treated like any other', () => {
    const schema = { type: 'object', properties: { constructor: { type: 'integer' } }, additionalProperties: false };
    assert.deepEqual(faults(schema, { constructor: 1, toString: 2 }), { 'data.toString': 'unknown field' });
    assert.deepEqual(faults({ required: ['constructor', 'hasOwnProperty'] }, {}), {
      'data.constructor': 'is required',
      'data.hasOwnProperty': 'is required',
    });
  });
});

describe('the cost of a check', () => {
  test('a pattern takes time linear in the text, and its size counts towards the weight', () => {
    const schema = { properties: { a: { pattern: '^(a+)+$' }, b: { pattern: '[a-z]+@' } } };
    // ECMAScript's own regular expressions would take exponential time.
    assert.deepEqual(Object.keys(faults(schema, { a: `${'a'.repeat(100_000)}!`, b: 'a'.repeat(100_000) }) ?? {}), [
      'data.a',
      'data.b',
    ]);
    assert.ok(weightOf({ pattern: 'a{500}' }) > 500);
  });

  test('references count each time they are followed; recursion and uniqueItems have no bound', () => {
    const doubled = Object.fromEntries(
      Array.from({ length: 20 }, (_, level) => [
        `d${level}`,
        { allOf: [{ $ref: `#/$defs/d${level + 1}` }, { $ref: `#/$defs/d${level + 1}` }] },
      ]),
    );
    assert.ok(weightOf({ $defs: { ...doubled, d20: {} }, $ref: '#/$defs/d0' }) > 2 ** 20);
    assert.equal(weightOf({ properties: { children: { items: { $ref: '#' } } } }), Infinity);
    assert.equal(weightOf({ uniqueItems: true }), Infinity);
    // A field may be named like a keyword.
    assert.ok(weightOf({ properties: { uniqueItems: {}, pattern: {} } }) < 10);
  });

  test('a recursion that descends into the data is checked as usual', () => {
    const tree = {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } },
    };
    assert.equal(faults(tree, { name: 'a', children: [{ name: 'b', children: [] }] }), undefined);
    assert.deepEqual(faults(tree, { name: 'a', children: [{ children: [] }] }), {
      'data.children.0.name': 'is required',
    });
  });

  test('fields named like keywords and constants that look like schemas are not treated as such', () => {
    const schema = {
      properties: { $anchor: {}, pattern: { const: { $ref: 'x', pattern: '(' } }, $ref: { type: 'string' } },
    };
    assert.equal(faults(schema, { $anchor: 1, pattern: { $ref: 'x', pattern: '(' }, $ref: 'y' }), undefined);
  });

  test('patterns match as in ECMAScript', () => {
    for (const [pattern, text] of [
      ['^in_\\d{8}$', 'in_12345678'],
      ['^[a-z0-9]+(?:-[a-z0-9]+)*$', 'a-slug-2'],
      ['\\u{1F600}\\p{L}', '😀é'],
      ['^(?<year>\\d{4})\\/\\S+$', '2026/x'],
      ['[^]', '\n'],
    ] as const)
      assert.deepEqual([pattern, faults({ properties: { a: { pattern } } }, { a: text })], [pattern, undefined]);
  });
});
