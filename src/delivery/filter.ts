import { alternatives, mustBeWellFormed } from '../base/validation-messages.ts';
import { own } from '../base/own.ts';

/** Filters of endpoints: which events an endpoint gets, by their data. Compiled once, when the endpoint is read. */

/** A filter as it is written and stored: dotted paths with a value, a list of values or operators; `$or`; `$not`. All members must match. */
export type Filter = Readonly<Record<string, unknown>>;
/** Whether an event's data passes a filter. */
export type Matches = (data: unknown) => boolean;

export interface FilterProblem {
  readonly path: readonly string[];
  readonly reason: string;
}

type Scalar = string | number | boolean | null;
type Test = (value: unknown) => boolean;

/** Every process keeps all filters in memory, and evaluates them for each event. */
const bytesMax = 16 * 1024;
const conditionsMax = 50;
const depthMax = 5;
const valuesMax = 100;
const textMax = 500;
const pathForm = /^[^\s.]{1,100}(\.[^\s.]{1,100}){0,9}$/;

const ordered =
  (holds: (value: number | string, bound: number | string) => boolean) =>
  (bound: unknown): Test =>
  (value) =>
    typeof value === typeof bound && holds(value as number, bound as number);
const equals =
  (expected: unknown): Test =>
  (value) =>
    value === expected;
const isAny =
  (expected: unknown): Test =>
  (value) =>
    (expected as readonly unknown[]).includes(value);

interface Operator {
  readonly takes: 'scalar' | 'list' | 'bound' | 'text';
  readonly test: (expected: unknown) => Test;
  /** No value at the path may pass. Otherwise one value must pass all operators of its path. */
  readonly negated?: true;
}

const operators: Readonly<Record<string, Operator>> = {
  $eq: { takes: 'scalar', test: equals },
  $ne: { takes: 'scalar', test: equals, negated: true },
  $in: { takes: 'list', test: isAny },
  $nin: { takes: 'list', test: isAny, negated: true },
  $gt: { takes: 'bound', test: ordered((value, bound) => value > bound) },
  $gte: { takes: 'bound', test: ordered((value, bound) => value >= bound) },
  $lt: { takes: 'bound', test: ordered((value, bound) => value < bound) },
  $lte: { takes: 'bound', test: ordered((value, bound) => value <= bound) },
  $startsWith: {
    takes: 'text',
    test: (prefix) => (value) => typeof value === 'string' && value.startsWith(prefix as string),
  },
};
const operatorNames = [...Object.keys(operators), '$exists', '$not'];

/**
 * The faults of a caller's filter, each with the path of its member.
 * @example
 * filterProblems({ amount: { $over: 5 } }) // [{ path: ['amount', '$over'], reason: '$over is not an operator; use $eq, …' }]
 */
export function filterProblems(filter: Filter): readonly FilterProblem[] {
  const parsing: Parsing = { problems: [], conditions: 0, isStored: false };
  allOf(parsing, filter, [], 0);
  if (parsing.conditions > conditionsMax) refuse(parsing, [], `must contain at most ${conditionsMax} conditions`);
  // Last: parsing has limited the depth, so JSON.stringify cannot overflow the stack.
  else if (parsing.problems.length === 0 && Buffer.byteLength(JSON.stringify(filter)) > bytesMax)
    refuse(parsing, [], `must be at most ${bytesMax} bytes as JSON`);
  return parsing.problems;
}

/**
 * Compiles a stored filter.
 * @throws Error if this version does not support its form
 * @example
 * compileFilter({ 'items.sku': 'A1', amount: { $gte: 10 } })({ amount: 12, items: [{ sku: 'A1' }] }) // true
 */
export function compileFilter(filter: Filter): Matches {
  const parsing: Parsing = { problems: [], conditions: 0, isStored: true };
  const matches = allOf(parsing, filter, [], 0);
  const [problem] = parsing.problems;
  if (problem !== undefined)
    throw new Error(`This version cannot read the filter: ${problem.path.join('.')} ${problem.reason}.`);
  return matches;
}

interface Parsing {
  readonly problems: FilterProblem[];
  conditions: number;
  /** Filters that were stored before there were operators may have a path that begins with `$`. */
  readonly isStored: boolean;
}

const never: Matches = () => false;

function refuse(parsing: Parsing, path: readonly string[], reason: string): Matches {
  parsing.problems.push({ path, reason });
  return never;
}

const isObject = (value: unknown): value is Filter =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: unknown): value is Scalar => typeof value !== 'object' && value !== undefined;
const every =
  (all: readonly Matches[]): Matches =>
  (data) =>
    all.every((matches) => matches(data));
const not =
  (matches: Matches): Matches =>
  (data) =>
    !matches(data);

/** A filter, or a branch of `$or` or `$not`. */
function allOf(parsing: Parsing, filter: unknown, above: readonly string[], depth: number): Matches {
  if (!isObject(filter)) return refuse(parsing, above, 'must be an object');
  if (depth > depthMax) return refuse(parsing, above, `must be nested at most ${depthMax} times`);
  const members = Object.entries(filter);
  if (depth > 0 && members.length === 0) return refuse(parsing, above, 'must contain a condition');
  return every(members.map(([key, value]) => memberOf(parsing, key, value, [...above, key], depth)));
}

function memberOf(parsing: Parsing, key: string, value: unknown, at: readonly string[], depth: number): Matches {
  const isPath = parsing.isStored && (isScalar(value) || value === null || isScalars(value));
  if (!key.startsWith('$') || isPath) return atPath(parsing, key, value, at, depth);
  if (key === '$not') return not(allOf(parsing, value, at, depth + 1));
  if (key !== '$or')
    return refuse(
      parsing,
      at,
      Object.hasOwn(operators, key) || key === '$exists'
        ? `must be the operator of a path, such as {"amount":{"${key}":…}}`
        : 'is not an operator; use $or, $not or a dotted path',
    );
  if (!Array.isArray(value) || value.length === 0 || value.length > conditionsMax)
    return refuse(parsing, at, `must be an array of 1 to ${conditionsMax} filters`);
  const branches = value.map((branch, index) => allOf(parsing, branch, [...at, String(index)], depth + 1));
  return (data) => branches.some((matches) => matches(data));
}

/** The condition of one path: a value, a list of allowed values, or operators. */
function atPath(parsing: Parsing, path: string, value: unknown, at: readonly string[], depth: number): Matches {
  if (!pathForm.test(path) || !path.isWellFormed())
    return refuse(parsing, at, 'must be a dotted path of at most 10 fields');
  const parts = path.split('.');
  if (isObject(value)) return operatorsAt(parsing, parts, value, at, depth);
  parsing.conditions += 1;
  const takes = Array.isArray(value) ? 'list' : 'scalar';
  if (!isValid(parsing, takes, value, at)) return never;
  return someAt(parts, takes === 'list' ? isAny(value) : equals(value));
}

function operatorsAt(
  parsing: Parsing,
  parts: readonly string[],
  given: Filter,
  at: readonly string[],
  depth: number,
): Matches {
  const members = Object.entries(given);
  if (members.length === 0) return refuse(parsing, at, 'must contain an operator');
  const together: Test[] = [];
  const conditions: Matches[] = [];
  for (const [name, value] of members) {
    const here = [...at, name];
    const operator = own(operators, name);
    parsing.conditions += name === '$not' ? 0 : 1;
    if (name === '$exists') {
      const exists: Matches = (data) => reach(data, parts, 0, (found) => found !== undefined);
      if (typeof value !== 'boolean') refuse(parsing, here, 'must be true or false');
      conditions.push(value === true ? exists : not(exists));
    } else if (name === '$not') {
      if (!isObject(value)) refuse(parsing, here, 'must be an object of operators');
      else if (depth >= depthMax) refuse(parsing, here, `must be nested at most ${depthMax} times`);
      else conditions.push(not(operatorsAt(parsing, parts, value, here, depth + 1)));
    } else if (operator === undefined) {
      refuse(
        parsing,
        here,
        name.startsWith('$')
          ? `is not an operator; use ${alternatives(operatorNames)}`
          : `must be an operator such as $eq; write a nested field as the path ${JSON.stringify([...parts, name].join('.'))}`,
      );
    } else {
      if (!isValid(parsing, operator.takes, value, here)) continue;
      if (operator.negated === true) conditions.push(not(someAt(parts, operator.test(value))));
      else together.push(operator.test(value));
    }
  }
  const [first] = together;
  if (first !== undefined)
    conditions.unshift(someAt(parts, together.length === 1 ? first : (value) => together.every((test) => test(value))));
  return every(conditions);
}

/** Whether a value has the form that an operator takes; the first problem is named with its place. */
function isValid(parsing: Parsing, takes: Operator['takes'], value: unknown, at: readonly string[]): boolean {
  if (takes === 'list') {
    if (Array.isArray(value) && value.length > 0 && value.length <= valuesMax)
      return value.every((each, index) => isValid(parsing, 'scalar', each, [...at, String(index)]));
    refuse(parsing, at, `must be an array of 1 to ${valuesMax} values`);
    return false;
  }
  const reason = valueProblem(takes, value);
  if (reason !== undefined) refuse(parsing, at, reason);
  return reason === undefined;
}

function valueProblem(takes: Exclude<Operator['takes'], 'list'>, value: unknown): string | undefined {
  if (typeof value === 'string')
    return value.length > textMax
      ? `must be at most ${textMax} characters`
      : // jsonb cannot store a lone surrogate.
        value.isWellFormed()
        ? undefined
        : mustBeWellFormed;
  if (takes === 'text') return 'must be a string';
  // Beyond 2^53, neighbouring numbers in an event's data cannot be distinguished.
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
      ? undefined
      : 'must be a whole number from -9007199254740991 to 9007199254740991, or text';
  if (takes === 'bound') return 'must be a number or a string';
  return value === null || typeof value === 'boolean'
    ? undefined
    : 'must be a string, a number, true or false, null, an array of these, or operators';
}

const isScalars = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => each === null || isScalar(each));

/** Whether a value at the path passes. A list passes if any of its items does: `tags: "vip"` means "has the tag vip". A missing value is null. */
const someAt =
  (parts: readonly string[], test: Test): Matches =>
  (data) =>
    reach(data, parts, 0, (found) => (Array.isArray(found) ? found.some(test) : test(found ?? null)));

/**
 * Calls `visit` for each value at the path until it returns true; with undefined where there is none. In a list of objects, the path
 * continues in each of them.
 */
function reach(at: unknown, parts: readonly string[], index: number, visit: Test): boolean {
  const key = parts[index];
  if (key === undefined) return visit(at);
  if (typeof at !== 'object' || at === null) return visit(undefined);
  if (Object.hasOwn(at, key)) return reach((at as Filter)[key], parts, index + 1, visit);
  if (!Array.isArray(at) || at.length === 0) return visit(undefined);
  return at.some((item: unknown) =>
    // Only one level: a path must not recurse as deeply as the data.
    isObject(item) && Object.hasOwn(item, key) ? reach(item[key], parts, index + 1, visit) : visit(undefined),
  );
}
