/** What a surviving record takes of the other one, and how it is taken back. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Fields } from '../../base/records/field.ts';

/** What a merge changed in a record, as JSON. */
export interface Filled {
  /** Values before and after, by field. */
  readonly fields: Readonly<Record<string, readonly [before: unknown, after: unknown]>>;
  /** Those that were added. */
  readonly tags: readonly string[];
  /** Those that were added, by key. */
  readonly custom: Readonly<Record<string, unknown>>;
}

export interface FillRules {
  readonly fields: Fields;
  /** Fields that are taken together: all of them, if the surviving record has none. Of a reference only the id counts. */
  readonly together: readonly (readonly string[])[];
  /** Fields that the slice merges itself. */
  readonly except: readonly string[];
}

type Values = Record<string, unknown>;
type Custom = Readonly<Record<string, unknown>>;

const json = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);
const isEmpty = (value: unknown): boolean => value === null;

/** The fields of a record in groups, each alone unless it belongs to others. */
function groupsOf({ fields, together, except }: FillRules): readonly (readonly string[])[] {
  const grouped = new Set([...together.flat(), ...except]);
  const alone = Object.entries(fields).flatMap(([name, { type }]) =>
    grouped.has(name) || type === 'tags' || type === 'custom' ? [] : [[name]],
  );
  return [...together, ...alone];
}

/** The fields of a group that decide whether somebody changed it: names of other records change by themselves. */
function deciding(group: readonly string[], row: Values): readonly string[] {
  const id = group.find((name) => name.endsWith('_id'));
  return id !== undefined && !isEmpty(row[id]) ? [id] : group;
}

/**
 * The surviving record with what it lacks.
 * @example
 * fill(rules, { phone: null, tags: ['a'], … }, { phone: '1', tags: ['b'], … }).after; // { phone: '1', tags: ['a', 'b'], … }
 */
export function fill<Row extends object>(rules: FillRules, into: Row, from: Row): { after: Row; filled: Filled } {
  const after: Values = { ...(into as Values) };
  const given = from as Values;
  const changed: Record<string, readonly [unknown, unknown]> = {};
  for (const group of groupsOf(rules)) {
    if (!group.every((name) => isEmpty(after[name]))) continue;
    for (const name of group) {
      if (isEmpty(given[name])) continue;
      changed[name] = [null, json(given[name])];
      after[name] = given[name];
    }
  }
  const own = new Set(after['tags'] as readonly string[]);
  const tags = (given['tags'] as readonly string[]).filter((tag) => !own.has(tag));
  after['tags'] = [...own, ...tags];
  const before = after['custom_fields'] as Custom;
  const custom = Object.fromEntries(
    Object.entries(given['custom_fields'] as Custom).filter(([key]) => !Object.hasOwn(before, key)),
  );
  after['custom_fields'] = { ...before, ...custom };
  return { after: after as Row, filled: { fields: changed, tags, custom } };
}

/** The record without what a merge filled; what somebody has changed since stays. */
export function takeBack<Row extends object>(rules: FillRules, row: Row, { fields, tags, custom }: Filled): Row {
  const after: Values = { ...(row as Values) };
  const revived = (name: string, value: unknown): unknown =>
    rules.fields[name]?.type === 'moment' && typeof value === 'string' ? new Date(value) : value;
  const groups = [...groupsOf(rules), ...rules.except.map((name) => [name])];
  for (const group of groups) {
    const changed = group.filter((name) => Object.hasOwn(fields, name));
    if (changed.length === 0) continue;
    const filled = Object.fromEntries(group.map((name) => [name, fields[name]?.[1] ?? null]));
    if (!deciding(group, filled).every((name) => isDeepStrictEqual(json(after[name]), filled[name]))) continue;
    for (const name of changed) after[name] = revived(name, fields[name]?.[0] ?? null);
  }
  const added = new Set(tags);
  after['tags'] = (after['tags'] as readonly string[]).filter((tag) => !added.has(tag));
  after['custom_fields'] = Object.fromEntries(
    Object.entries(after['custom_fields'] as Custom).filter(
      ([key, value]) => !(Object.hasOwn(custom, key) && isDeepStrictEqual(custom[key], value)),
    ),
  );
  return after as Row;
}
