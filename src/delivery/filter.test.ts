import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compileFilter, filterProblems } from './filter.ts';
import type { Filter } from './filter.ts';

const passes = (filter: Filter, data: unknown): boolean => compileFilter(filter)(data);

const part = fc.stringMatching(/^[a-z0-9_-]{1,6}$/);
const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
// `__proto__` in an object literal sets the prototype; JSON never does.
const path = name.filter((each) => !each.split('.').includes('__proto__'));
const scalar = fc.oneof(fc.string({ maxLength: 4 }), fc.integer({ min: -3, max: 3 }), fc.boolean(), fc.constant(null));
const scalars = fc.array(scalar, { minLength: 1 });
/** Data with a value at a dotted path. */
const at = (where: string, value: unknown): unknown =>
  where.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner, other: 1 }), value);

describe('values at paths', () => {
  test('the value at a path passes exactly if it is the expected one, or one of them', () => {
    fc.assert(
      fc.property(path, scalar, scalars, (where, value, accepted) => {
        assert.equal(passes({ [where]: value }, at(where, value)), true);
        assert.equal(passes({ [where]: accepted }, at(where, value)), accepted.includes(value));
        for (const other of accepted) assert.equal(passes({ [where]: other }, at(where, value)), other === value);
      }),
    );
  });

  test('a list passes if one of its items does', () => {
    fc.assert(
      fc.property(path, fc.array(scalar), scalar, (where, values, asked) => {
        assert.equal(passes({ [where]: asked }, at(where, values)), values.includes(asked));
      }),
    );
  });

  test('a missing value counts as null, and a filter can be applied to any data', () => {
    assert.equal(passes({}, null), true);
    assert.equal(passes({ 'a.b': null }, {}), true);
    assert.equal(passes({ 'a.b': 1 }, { a: 'text' }), false);
    assert.equal(passes({ constructor: null, 'a.toString': null }, { a: {} }), true);
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(scalar, scalars)), fc.jsonValue(), (filter, data) =>
        assert.equal(typeof passes(filter, data), 'boolean'),
      ),
    );
  });

  test('paths lead through lists of objects, and by index', () => {
    const order = { items: [{ sku: 'A1', tags: ['new'] }, { sku: 'B2' }, 'text'] };
    assert.equal(passes({ 'items.sku': 'B2' }, order), true);
    assert.equal(passes({ 'items.sku': 'C3' }, order), false);
    assert.equal(passes({ 'items.tags': 'new' }, order), true);
    assert.equal(passes({ 'items.1.sku': 'B2' }, order), true);
    assert.equal(passes({ 'items.0.sku': 'B2' }, order), false);
    assert.equal(passes({ 'items.sku': null }, { items: [{ sku: 'A1' }] }), false);
    // A list in a list is not looked into, however deep the data is.
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
    assert.equal(passes({ 'a.b.c': 1 }, { a: deep }), false);
  });

  test('the comparisons of a path concern one value; negations concern all', () => {
    const between = { qty: { $gte: 10, $lt: 20 } };
    assert.equal(passes(between, { qty: 10 }), true);
    assert.equal(passes(between, { qty: [5, 25] }), false);
    assert.equal(passes(between, { qty: '15' }), false, 'text is not a number');
    assert.equal(passes({ at: { $gt: '2026-01-05' } }, { at: '2026-01-05T09:00:00Z' }), true);
    assert.equal(passes({ tags: { $ne: 'spam' } }, { tags: ['vip', 'spam'] }), false);
    assert.equal(passes({ tags: { $nin: ['spam'] } }, {}), true);
    assert.equal(passes({ note: { $exists: true } }, { note: null }), true);
    assert.equal(passes({ note: { $exists: false } }, {}), true);
    assert.equal(passes({ email: { $not: { $startsWith: 'test' } } }, { email: 'ada@b.example' }), true);
    assert.equal(passes({ $or: [{ a: 1 }, { b: 2 }], $not: { c: 3 } }, { b: 2, c: 4 }), true);
  });
});

describe('limits and mistakes', () => {
  const problems = (filter: Filter): readonly string[] =>
    filterProblems(filter).map(({ path: where, reason }) => `${where.join('.')} ${reason}`);

  test('a mistake names its member', () => {
    const faults: readonly (readonly [Filter, RegExp])[] = [
      [{ a: { $over: 1 } }, /^a\.\$over is not an operator; use \$eq, .*\$exists or \$not$/],
      [{ $and: [] }, /^\$and is not an operator/],
      [{ $gt: 5 }, /^\$gt must be the operator of a path/],
      [{ $or: [] }, /^\$or must be an array of 1 to 50 filters$/],
      [{ $or: [{}] }, /^\$or\.0 must contain a condition$/],
      [{ $not: 5 }, /^\$not must be an object$/],
      [{ a: {} }, /^a must contain an operator$/],
      [{ a: { $in: [] } }, /^a\.\$in must be an array of 1 to 100 values$/],
      [{ a: { $gt: true } }, /^a\.\$gt must be a number or a string$/],
      [{ a: { $exists: 1 } }, /^a\.\$exists must be true or false$/],
      [{ a: { $startsWith: 1 } }, /^a\.\$startsWith must be a string$/],
      [{ a: 2 ** 53 }, /^a must be a whole number/],
      [{ a: [[1]] }, /^a\.0 must be a string, a number/],
      [{ 'a..b': 1 }, /^a\.\.b must be a dotted path/],
    ];
    for (const [filter, reason] of faults) assert.match(problems(filter)[0] ?? 'nothing', reason);
    assert.deepEqual(problems({ a: 1, b: ['x', null], c: { $gte: 1, $not: { $in: [2] } }, $or: [{ d: true }] }), []);
  });

  test('filters nested too deeply are refused, however deep they are', () => {
    const nested = (depth: number): Filter =>
      JSON.parse(`${'{"$not":'.repeat(depth)}{"a":1}${'}'.repeat(depth)}`) as Filter;
    assert.deepEqual(problems(nested(5)), []);
    for (const depth of [6, 50, 20_000]) assert.match(problems(nested(depth))[0] ?? '', /nested at most 5 times/);
    assert.match(problems({ a: nested(20_000) as { $not: unknown } as never })[0] ?? '', /nested at most|operators/);
  });

  test('a stored filter of an unknown form is not compiled, and a stored path may begin with $', () => {
    assert.throws(() => compileFilter({ a: { $over: 1 } }), /This version cannot read the filter: a\.\$over/);
    assert.equal(passes({ $ref: 'x' }, { $ref: 'x' }), true);
  });
});

test('a compiled filter agrees with a naive evaluation', () => {
  const keys = ['a', 'b', '0'];
  const value = fc.constantFrom<unknown>(1, 2, 3, 'a', 'ab', 'b', true, null);
  const { data } = fc.letrec((tie) => ({
    data: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      value,
      fc.dictionary(fc.constantFrom(...keys), tie('data'), { maxKeys: 3 }),
      fc.array(tie('data'), { maxLength: 3 }),
    ),
  }));
  const where = fc.array(fc.constantFrom(...keys), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
  const some = fc.array(value, { minLength: 1, maxLength: 3 });
  const bound = fc.constantFrom<unknown>(1, 2, 'a', 'ab');
  const { filter } = fc.letrec<{ operators: Filter; filter: Filter }>((tie) => ({
    operators: fc.oneof(
      { maxDepth: 2 },
      fc
        .record(
          {
            $eq: value,
            $ne: value,
            $in: some,
            $nin: some,
            $gt: bound,
            $gte: bound,
            $lt: bound,
            $lte: bound,
            $exists: fc.boolean(),
            $startsWith: fc.constantFrom('', 'a', 'ab'),
          },
          { requiredKeys: [] },
        )
        .filter((each) => Object.keys(each).length > 0),
      fc.record({ $not: tie('operators') }),
    ),
    filter: fc.oneof(
      { maxDepth: 3 },
      fc.dictionary(where, fc.oneof(value, some, tie('operators')), { minKeys: 1, maxKeys: 2 }),
      fc.record({ $or: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ $not: tie('filter') }),
    ),
  }));
  fc.assert(
    fc.property(filter, data, (asked, given) => {
      assert.equal(passes(asked, given), naive(asked, given));
    }),
    { numRuns: 2_000 },
  );
});

/** All that is at a path, undefined where it leads nowhere: the definition, without regard to cost. */
function found(data: unknown, [key, ...rest]: readonly string[]): readonly unknown[] {
  if (key === undefined) return [data];
  const has = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  if (has(data)) return found(data[key], rest);
  if (!Array.isArray(data) || data.length === 0) return [undefined];
  return data.flatMap((item: unknown) => (has(item) && !Array.isArray(item) ? found(item[key], rest) : [undefined]));
}

function naive(filter: Filter, data: unknown): boolean {
  return Object.entries(filter).every(([key, asked]) => {
    if (key === '$or') return (asked as readonly Filter[]).some((branch) => naive(branch, data));
    if (key === '$not') return !naive(asked as Filter, data);
    const raw = found(data, key.split('.'));
    if (Array.isArray(asked)) return naiveOperators({ $in: asked }, raw);
    return naiveOperators(typeof asked === 'object' && asked !== null ? (asked as Filter) : { $eq: asked }, raw);
  });
}

function naiveOperators(asked: Filter, raw: readonly unknown[]): boolean {
  const values = raw.flatMap((value): readonly unknown[] => (Array.isArray(value) ? value : [value ?? null]));
  const { $ne, $nin, $exists, $not, ...together } = asked;
  const holds = (value: unknown, [operator, expected]: readonly [string, unknown]): boolean => {
    const [one, other] = [value as number, expected as number];
    if (operator === '$eq') return one === other;
    if (operator === '$in') return (expected as readonly unknown[]).includes(value);
    if (typeof value !== typeof expected) return false;
    if (operator === '$startsWith') return (value as string).startsWith(expected as string);
    return { $gt: one > other, $gte: one >= other, $lt: one < other, $lte: one <= other }[operator] ?? assert.fail();
  };
  const comparisons = Object.entries(together);
  return (
    (comparisons.length === 0 || values.some((value) => comparisons.every((each) => holds(value, each)))) &&
    (!('$ne' in asked) || !values.includes($ne)) &&
    (!('$nin' in asked) || !values.some((value) => ($nin as readonly unknown[]).includes(value))) &&
    (!('$exists' in asked) || $exists === raw.some((value) => value !== undefined)) &&
    (!('$not' in asked) || !naiveOperators($not as Filter, raw))
  );
}
