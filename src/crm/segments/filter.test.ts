import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../../base/errors.ts';
import { assembled } from '../../db/sql.ts';
import { compile } from './compile.ts';
import { fieldTables } from './fields.ts';
import { depthMax, readFilter } from './filter.ts';

const vocabulary = {
  tables: fieldTables(),
  custom: { contact: new Map([['score', 'number']]), company: new Map([['tier', 'select']]) },
};
const read = (filter: unknown, entity: 'contact' | 'company' = 'contact', lenient = false) =>
  readFilter({ ...vocabulary, lenient }, entity, filter);

function fault(filter: unknown, entity?: 'contact' | 'company'): readonly [place: string, reason: string] {
  try {
    read(filter, entity);
  } catch (error) {
    assert.ok(error instanceof ApiError && error.error === 'validation_failed', String(error));
    const [found] = Object.entries(error.details ?? {});
    if (found !== undefined) return found;
  }
  throw new Error(`accepted: ${JSON.stringify(filter)}`);
}

const leaf = { field: 'city', op: 'eq', value: 'Oslo' };
const nested = (depth: number): unknown =>
  depth === 0
    ? leaf
    : depth % 3 === 0
      ? { not: nested(depth - 1) }
      : { [depth % 3 === 1 ? 'and' : 'or']: [nested(depth - 1)] };

test('a filter is nested at most ten deep; the error names the place', () => {
  read(nested(depthMax));
  const [place, reason] = fault(nested(50));
  assert.equal(reason, 'is nested too deep: a filter has at most 10 levels');
  assert.match(place, /^filter(\.(?:and\.0|or\.0|not)){10}$/);
});

test('a filter has at most 100 conditions, each with bounded values', () => {
  read({ or: Array.from({ length: 100 }, () => leaf) });
  assert.deepEqual(fault({ or: Array.from({ length: 101 }, () => leaf) }), [
    'filter.or.100',
    'is one condition too many: a filter has at most 100',
  ]);
  assert.deepEqual(fault({ ...leaf, value: 'x'.repeat(1_001) }), [
    'filter.value',
    'must have at most 1,000 characters',
  ]);
  assert.deepEqual(fault({ ...leaf, op: 'in', value: Array.from({ length: 501 }, () => 'x') }), [
    'filter.value',
    'must have at most 500 values',
  ]);
});

test('an invalid filter is refused, and the error names its place', () => {
  const company = 'company' as const;
  for (const [filter, place, reason, entity] of [
    [null, 'filter', /must be an object/],
    [[], 'filter', /must be an object/],
    [{}, 'filter', /must have `and`, `or` or `not`/],
    [{ op: 'eq' }, 'filter.field', /name of a field/],
    [{ and: [] }, 'filter.and', /at least one condition/],
    [{ and: [leaf], or: [leaf] }, 'filter', /nothing beside `and`/],
    [{ and: [leaf, 1] }, 'filter.and.1', /must be an object/],
    [{ not: [leaf] }, 'filter.not', /must be an object/],
    [{ ...leaf, colour: 1 }, 'filter.colour', /is unknown/],
    [{ ...leaf, op: 'is' }, 'filter.op', /must be one of eq, ne/],
    [{ ...leaf, op: 'gt' }, 'filter.op', /must be one of eq, ne, in, not_in, exists, contains, starts_with for city/],
    [{ ...leaf, field: 'password' }, 'filter.field', /is not a field of a contact/],
    [{ ...leaf, field: '__proto__' }, 'filter.field', /is not a field of a contact/],
    [{ ...leaf, field: 'company.password' }, 'filter.field', /is not a field of a company/],
    [{ ...leaf, field: 'company.name' }, 'filter.field', /is not a field of a company/, company],
    [{ ...leaf, field: 'custom.unknown' }, 'filter.field', /POST \/v1\/custom-fields/],
    [{ ...leaf, value: 1 }, 'filter.value', /must be text/],
    [{ ...leaf, value: 'a\0b' }, 'filter.value', /NUL/],
    [{ ...leaf, op: 'in', value: 'Oslo' }, 'filter.value', /must be a list/],
    [{ ...leaf, op: 'in', value: ['Oslo', 1] }, 'filter.value.1', /must be text/],
    [{ field: 'status', op: 'eq', value: 'asleep' }, 'filter.value', /must be one of active/],
    [{ field: 'email', op: 'eq', value: 'nobody' }, 'filter.value', /./],
    [{ field: 'company_id', op: 'eq', value: 'x' }, 'filter.value', /must be an id/],
    [{ field: 'suppressed', op: 'eq', value: 'yes' }, 'filter.value', /true or false/],
    [{ field: 'custom.score', op: 'gt', value: '5' }, 'filter.value', /must be a number/],
    [{ field: 'created_at', op: 'gt', value: '2026-02-30' }, 'filter.value', /must be a date/],
    [{ field: 'created_at', op: 'gt', value: '2026-02-01T10:00' }, 'filter.value', /must be a date/],
    [{ field: 'created_at', op: 'gt', value: 'yesterday' }, 'filter.value', /must be a date/],
  ] as const) {
    const [at, why] = fault(filter, entity);
    assert.equal(at, place, JSON.stringify(filter));
    assert.match(why, reason, JSON.stringify(filter));
  }
});

test('a stored filter is read although a custom field is no longer defined', () => {
  read({ field: 'custom.gone', op: 'eq', value: 5 }, 'contact', true);
  read({ field: 'company.custom.gone', op: 'in', value: ['a'] }, 'contact', true);
});

test('values become parameters, never text', () => {
  const evil = `x') OR 1=1 --`;
  const { condition } = compile(
    read({
      or: [
        { field: 'city', op: 'eq', value: evil },
        { field: 'tags', op: 'in', value: [evil] },
        { field: 'company.custom.tier', op: 'starts_with', value: evil },
      ],
    }),
    { nowMs: 0 },
  );
  const { text, values } = assembled(condition);
  assert.ok(!text.includes('1=1'));
  assert.equal(JSON.stringify(values).split('1=1').length, 4);
});

test('an index is used only where every match has its condition', () => {
  const anchor = (filter: unknown) => compile(read(filter), { nowMs: 0 }).anchor?.rank;
  const tag = { field: 'tags', op: 'eq', value: 'vip' };
  const email = { field: 'email', op: 'in', value: ['ada@lovelace.example'] };
  assert.equal(anchor(leaf), undefined);
  assert.equal(anchor({ and: [leaf, tag, email] }), 1);
  assert.equal(anchor({ or: [tag, email] }), 4);
  assert.equal(anchor({ or: [tag, leaf] }), undefined);
  assert.equal(anchor({ not: tag }), undefined);
  assert.equal(anchor({ not: { or: [leaf, { not: tag }] } }), 4);
  assert.equal(anchor({ field: 'status', op: 'in', value: ['replied', 'active'] }), undefined);
  assert.equal(anchor({ field: 'status', op: 'eq', value: 'replied' }), 3);
  assert.equal(anchor({ field: 'first_name', op: 'contains', value: 'Álv' }), 5);
  assert.equal(anchor({ field: 'phone', op: 'contains', value: '44 20' }), undefined);
});
