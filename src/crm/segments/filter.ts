/** Reads filters. Pure: what the organization defined is an argument. */
import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import { parseAddress } from '../../base/email-address.ts';
import { cut } from '../../base/cut.ts';
import { invalid } from '../../base/errors.ts';
import { isUuid } from '../../base/ids.ts';
import { own } from '../../base/own.ts';
import { mustBeWellFormed, mustNotHaveNul } from '../../base/validation-messages.ts';
import { customField } from './fields.ts';
import type { Entity, FieldTables, Kind, SegmentField } from './fields.ts';

export const operators = [
  'eq',
  'ne',
  'in',
  'not_in',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'starts_with',
  'exists',
] as const;
export type Operator = (typeof operators)[number];

/** Groups inside groups; a condition in no group has depth 1. */
export const depthMax = 10;
export const conditionsMax = 100;
const listMax = 500;
export const textMax = 1_000;

/** What a condition compares with. A time relative to the present is resolved when the filter is compiled. */
export type Comparison =
  | { readonly op: 'eq' | 'gt' | 'gte' | 'lt' | 'lte'; readonly value: Value }
  | { readonly op: 'in'; readonly values: readonly Value[] }
  | { readonly op: 'contains' | 'starts_with'; readonly text: string }
  | { readonly op: 'exists' };

export type Value = string | number | boolean | Moment;

/** A time, or one relative to the present. */
export interface Moment {
  readonly atMs?: number;
  readonly fromNowMs?: number;
}

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | {
      readonly kind: 'leaf';
      readonly field: SegmentField;
      /** The field is one of the contact's company. */
      readonly ofCompany: boolean;
      readonly comparison: Comparison;
    };

/** What a filter is read with. */
interface Vocabulary {
  readonly tables: FieldTables;
  /** The types of custom fields by key. */
  readonly custom: Readonly<Record<Entity, ReadonlyMap<string, string>>>;
  /** Accept custom fields that are not defined (any more): of a stored filter, whose fields were known when it was stored. */
  readonly lenient?: boolean;
}

const object = 'must be an object with `and`, `or`, `not`, or `field`, `op` and `value`';

const fail = (place: string, reason: string): never => {
  throw invalid({ [cut(place, 300)]: reason });
};

/**
 * Reads a filter.
 * @param place the field of the request that has it, for errors
 * @throws ApiError `validation_failed`, naming the place in the filter
 * @example
 * readFilter(vocabulary, 'contact', { and: [{ field: 'status', op: 'eq', value: 'active' }, { not: { field: 'suppressed', op: 'eq', value: true } }] });
 */
export function readFilter(vocabulary: Vocabulary, entity: Entity, filter: unknown, place = 'filter'): Condition {
  let conditions = 0;

  function read(node: unknown, at: string, depth: number): Condition {
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return fail(at, object);
    const keys = Object.keys(node);
    const [first] = keys;
    if (first === 'and' || first === 'or' || first === 'not') {
      if (keys.length > 1) return fail(at, `must have nothing beside \`${first}\``);
      if (depth > depthMax) return fail(at, `is nested too deep: a filter has at most ${depthMax} levels`);
      const inner: unknown = own(node as Readonly<Record<string, unknown>>, first);
      if (first === 'not') return { kind: 'not', of: read(inner, `${at}.not`, depth + 1) };
      if (!Array.isArray(inner) || inner.length === 0)
        return fail(`${at}.${first}`, 'must be a list with at least one condition');
      return { kind: first, of: inner.map((each, index) => read(each, `${at}.${first}.${index}`, depth + 1)) };
    }
    conditions += 1;
    if (conditions > conditionsMax) return fail(at, `is one condition too many: a filter has at most ${conditionsMax}`);
    return readLeaf(vocabulary, entity, node as Readonly<Record<string, unknown>>, at);
  }

  return read(filter, place, 1);
}

function readLeaf(
  vocabulary: Vocabulary,
  entity: Entity,
  node: Readonly<Record<string, unknown>>,
  at: string,
): Condition {
  const unknown = Object.keys(node).find((key) => key !== 'field' && key !== 'op' && key !== 'value');
  if (unknown !== undefined) return fail(`${at}.${unknown}`, 'is unknown: a condition has `field`, `op` and `value`');
  const { field: name, op, value } = node;
  if (Object.keys(node).length === 0)
    return fail(at, 'must have `and`, `or` or `not`, or be a condition with `field`, `op` and `value`');
  if (typeof name !== 'string') return fail(`${at}.field`, 'must be the name of a field');
  const operator = operators.find((each) => each === op);
  if (operator === undefined) return fail(`${at}.op`, `must be one of ${operators.join(', ')}`);
  const ofCompany = entity === 'contact' && name.startsWith('company.');
  const field = fieldOf(
    vocabulary,
    ofCompany ? 'company' : entity,
    ofCompany ? name.slice('company.'.length) : name,
    value,
    `${at}.field`,
  );
  if (!allows[field.kind].includes(operator))
    return fail(`${at}.op`, `must be one of ${allows[field.kind].join(', ')} for ${cut(name, 100)}`);
  return leafOf(field, ofCompany, operator, value, `${at}.value`);
}

function fieldOf(
  { tables, custom, lenient = false }: Vocabulary,
  entity: Entity,
  name: string,
  value: unknown,
  at: string,
): SegmentField {
  const known = own(tables[entity], name);
  if (known !== undefined) return known;
  if (!name.startsWith('custom.'))
    return fail(
      at,
      `is not a field of a ${entity}: use one of ${Object.keys(tables[entity]).join(', ')}, custom.<key>${entity === 'contact' ? ' or company.<field>' : ''}`,
    );
  const key = name.slice('custom.'.length);
  const type = custom[entity].get(key);
  if (type !== undefined) return customField(key, type);
  if (!lenient) return fail(at, `is not a custom field of a ${entity}; define it first: POST /v1/custom-fields`);
  const [sample] = [value].flat();
  return customField(key, typeof sample === 'number' || typeof sample === 'boolean' ? typeof sample : 'text');
}

const equality = ['eq', 'ne', 'in', 'not_in', 'exists'] as const;
const order = ['gt', 'gte', 'lt', 'lte'] as const;
const words = ['contains', 'starts_with'] as const;

/** The operators of each kind of field. */
const allows: Readonly<Record<Kind, readonly Operator[]>> = {
  text: [...equality, ...words],
  email: [...equality, ...words],
  id: equality,
  number: [...equality, ...order],
  moment: [...equality, ...order],
  day: [...equality, ...order],
  flag: ['eq', 'ne', 'exists'],
  set: [...equality, ...words],
  ids: [...equality, 'contains'],
};

function leafOf(field: SegmentField, ofCompany: boolean, op: Operator, value: unknown, at: string): Condition {
  const leaf = (comparison: Comparison): Condition => ({ kind: 'leaf', field, ofCompany, comparison });
  const negated = (comparison: Comparison): Condition => ({ kind: 'not', of: leaf(comparison) });
  switch (op) {
    case 'exists': {
      if (value !== undefined && typeof value !== 'boolean') return fail(at, 'must be true or false');
      return value === false ? negated({ op }) : leaf({ op });
    }
    case 'eq':
    case 'ne': {
      const comparison = { op: 'eq', value: valueOf(field, value, at) } as const;
      return op === 'eq' ? leaf(comparison) : negated(comparison);
    }
    case 'in':
    case 'not_in': {
      if (!Array.isArray(value) || value.length === 0) return fail(at, 'must be a list with at least one value');
      if (value.length > listMax) return fail(at, `must have at most ${listMax} values`);
      const comparison = {
        op: 'in',
        values: value.map((each, index) => valueOf(field, each, `${at}.${index}`)),
      } as const;
      return op === 'in' ? leaf(comparison) : negated(comparison);
    }
    case 'contains':
    case 'starts_with': {
      if (field.kind === 'ids' || (field.kind === 'set' && op === 'contains'))
        return leaf({ op: 'eq', value: valueOf(field, value, at) });
      return leaf({ op, text: textOf(value, at) });
    }
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return leaf({ op, value: valueOf(field, value, at) });
  }
}

function textOf(value: unknown, at: string): string {
  if (typeof value !== 'string') return fail(at, 'must be text');
  if (value === '') return fail(at, 'must not be empty');
  if (value.length > textMax) return fail(at, `must have at most ${textMax.toLocaleString('en')} characters`);
  if (!value.isWellFormed()) return fail(at, mustBeWellFormed);
  return value.includes('\0') ? fail(at, mustNotHaveNul) : value;
}

function valueOf({ kind, choices }: SegmentField, value: unknown, at: string): Value {
  switch (kind) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : fail(at, 'must be a number');
    case 'flag':
      return typeof value === 'boolean' ? value : fail(at, 'must be true or false');
    case 'moment':
    case 'day':
      return momentOf(value, at);
    case 'id':
    case 'ids':
      return typeof value === 'string' && isUuid(value) ? value.toLowerCase() : fail(at, 'must be an id');
    case 'email': {
      const address = parseAddress(textOf(value, at));
      return 'problem' in address ? fail(at, address.problem) : address.key;
    }
    case 'text':
    case 'set': {
      const text = textOf(value, at);
      if (choices !== undefined && !choices.includes(text)) return fail(at, `must be one of ${choices.join(', ')}`);
      return text;
    }
  }
}

const units = { m: minuteMs, h: hourMs, d: dayMs, w: 7 * dayMs } as const;
const relative = /^now(?:([+-])(\d{1,4})([mhdw]))?$/;
const absolute = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;
const aMoment =
  'must be a date (2026-01-31), a time with an offset (2026-01-31T09:00:00Z), or relative to now (now-30d; m, h, d or w)';

function momentOf(value: unknown, at: string): Moment {
  if (typeof value !== 'string') return fail(at, aMoment);
  const [found, sign, count, unit] = relative.exec(value) ?? [];
  if (found !== undefined)
    return { fromNowMs: sign === undefined ? 0 : Number(`${sign}${count}`) * units[unit as keyof typeof units] };
  const atMs = absolute.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(atMs) || new Date(atMs).toISOString().startsWith('0000')) return fail(at, aMoment);
  // Date.parse turns February 30 into March 2.
  return new Date(`${value.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(value.slice(0, 10))
    ? { atMs }
    : fail(at, aMoment);
}
