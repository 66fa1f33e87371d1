import { RE2JS } from 're2js';
import { cut } from '../base/cut.ts';
import type { ErrorDetails } from '../base/errors.ts';
import type { JsonSchema } from './catalogue.ts';

const bytesMax = 32 * 1024;
const depthMax = 64;
/** Maximum steps per character for all patterns of a schema: RE2 allows `{1000}`, so a short pattern can mean many steps. */
const patternStepsMax = 20_000;

type Schema = Readonly<Record<string, unknown>>;

/** Keywords that contain schemas: as the value, in a list, or by name. `inPlace`: they apply to the same value, not to one inside it. */
const applicators = new Map<string, { readonly of: 'value' | 'list' | 'map'; readonly inPlace: boolean }>([
  ...['not', 'if', 'then', 'else'].map((key) => [key, { of: 'value', inPlace: true }] as const),
  ...['allOf', 'anyOf', 'oneOf'].map((key) => [key, { of: 'list', inPlace: true }] as const),
  ...['dependentSchemas', 'dependencies'].map((key) => [key, { of: 'map', inPlace: true }] as const),
  ...['items', 'contains', 'additionalProperties', 'propertyNames', 'unevaluatedItems', 'unevaluatedProperties'].map(
    (key) => [key, { of: 'value', inPlace: false }] as const,
  ),
  ['prefixItems', { of: 'list', inPlace: false }],
  ...['properties', 'patternProperties'].map((key) => [key, { of: 'map', inPlace: false }] as const),
]);
const definitions: ReadonlySet<string> = new Set(['$defs', 'definitions']);
/** References that only the validator can resolve. */
const unfollowed: ReadonlySet<string> = new Set([
  '$anchor',
  '$dynamicAnchor',
  '$dynamicRef',
  '$recursiveAnchor',
  '$recursiveRef',
]);

interface Part {
  readonly schema: Schema;
  /** Path within the schema, for messages. */
  readonly at: string;
  readonly inPlace: boolean;
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The direct subschemas of a schema, including the target of `$ref`, without definitions. */
function partsOf(root: JsonSchema, schema: Schema, at: string): Part[] {
  const parts: Part[] = [];
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$ref' && typeof value === 'string') {
      const target = resolve(root, value);
      if (isSchema(target)) parts.push({ schema: target, at: `${at}.$ref`, inPlace: true });
      continue;
    }
    const applicator = applicators.get(key);
    if (applicator === undefined) continue;
    const inside =
      applicator.of === 'value'
        ? [['', value] as const]
        : Object.entries(isSchema(value) || Array.isArray(value) ? value : {});
    for (const [name, inner] of inside)
      if (isSchema(inner))
        parts.push({
          schema: inner,
          at: name === '' ? `${at}.${key}` : `${at}.${key}.${name}`,
          inPlace: applicator.inPlace,
        });
  }
  return parts;
}

/**
 * Upper bound of a check's steps per character of the data: the number of subschemas a value may be checked against, with references
 * resolved, plus the steps of its patterns. Infinity for a recursive schema and for `uniqueItems`, which compares all pairs.
 */
export function weightOf(root: JsonSchema): number {
  const weights = new Map<Schema, number>();
  function weigh(schema: Schema): number {
    const known = weights.get(schema);
    if (known !== undefined) return known;
    // If the schema is reached again before its weight is known, it contains itself.
    weights.set(schema, Infinity);
    const own = Object.entries(schema).reduce(
      (sum, [key, value]) => sum + (applicators.has(key) || definitions.has(key) ? 1 : nodesOf(value)),
      1,
    );
    const patterns = patternsOf(schema).reduce((sum, pattern) => sum + stepsOf(pattern), 0);
    const parts = partsOf(root, schema, '').reduce((sum, part) => sum + weigh(part.schema), 0);
    const weight = schema['uniqueItems'] === true ? Infinity : own + patterns + parts;
    weights.set(schema, weight);
    return weight;
  }
  return weigh(root);
}

const nodesOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, inner) => sum + nodesOf(inner), 1)
    : 1;

const patternsOf = (schema: Schema): string[] => [
  ...(typeof schema['pattern'] === 'string' ? [schema['pattern']] : []),
  ...(isSchema(schema['patternProperties']) ? Object.keys(schema['patternProperties']) : []),
];

/** Compiles an ECMAScript pattern for RE2, which matches in time linear in the text. @throws Error for a pattern RE2 does not support. */
export const compilePattern = (pattern: string): RE2JS => RE2JS.compile(RE2JS.translateRegExp(pattern));

/** Steps per character: at most as many states as RE2's program has. */
function stepsOf(pattern: string): number {
  try {
    return compilePattern(pattern).programSize();
  } catch {
    return Infinity;
  }
}

/** A JSON pointer in a fragment (RFC 6901 §6). */
function resolve(schema: JsonSchema, reference: string): unknown {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined;
  return reference
    .split('/')
    .slice(1)
    .map((part) => unescaped(part))
    .reduce<unknown>(
      (at, key) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, key)
          ? (at as Record<string, unknown>)[key]
          : undefined,
      schema,
    );
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return part;
  }
}

/** Why a schema must not be compiled: it is too large or too deep, or the cost of a check cannot be bounded. Undefined: it may be. */
export function unusable(schema: JsonSchema): ErrorDetails | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > bytesMax) return { schema: `is ${bytes} bytes long; at most ${bytesMax} are allowed` };
  if (depthOf(schema) > depthMax) return { schema: `is nested more than ${depthMax} levels deep` };
  // A keyword of the validator only: its check would return a promise.
  if (Object.hasOwn(schema, '$async')) return { 'schema.$async': 'is not a keyword of JSON Schema' };
  return unbounded(schema);
}

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Object.values(value).reduce<number>((most, inner) => Math.max(most, depthOf(inner)), 0)
    : 0;

function unbounded(root: JsonSchema): ErrorDetails | undefined {
  const parts = new Map<Schema, string>([[root, 'schema']]);
  let patternSteps = 0;
  // A Map iterates in insertion order, including entries added during the iteration.
  for (const [schema, at] of parts) {
    const problem = referenceProblem(root, schema, at);
    if (problem !== undefined) return problem;
    for (const pattern of patternsOf(schema)) {
      const field = pattern === schema['pattern'] ? `${at}.pattern` : `${at}.patternProperties.${cut(pattern, 200)}`;
      const compiled = readPattern(pattern);
      if (typeof compiled === 'string') return { [field]: compiled };
      patternSteps += compiled.programSize();
      if (patternSteps > patternStepsMax)
        return {
          [field]:
            'is too costly: its repetitions, together with those of the other patterns, expand to too many characters',
        };
    }
    for (const part of [...partsOf(root, schema, at), ...definitionsOf(schema, at)])
      if (!parts.has(part.schema)) parts.set(part.schema, part.at);
  }
  return endless(root, parts);
}

/** Finds a chain of subschemas that apply to the same value and return to their beginning: a check would never end. */
function endless(root: JsonSchema, parts: ReadonlyMap<Schema, string>): ErrorDetails | undefined {
  const open = new Set<Schema>();
  const closed = new Set<Schema>();
  const leadsBack = (schema: Schema): boolean => {
    if (open.has(schema)) return true;
    if (closed.has(schema)) return false;
    open.add(schema);
    const found = partsOf(root, schema, '').some((part) => part.inPlace && leadsBack(part.schema));
    open.delete(schema);
    closed.add(schema);
    return found;
  };
  for (const [schema, at] of parts)
    if (leadsBack(schema))
      return { [at]: 'refers back to itself without descending into the data, so a check would never end' };
  return undefined;
}

function referenceProblem(root: JsonSchema, schema: Schema, at: string): ErrorDetails | undefined {
  const example = 'refer to a part of the schema by its path, such as #/$defs/address';
  for (const [key, value] of Object.entries(schema)) {
    if (unfollowed.has(key) || (key === '$id' && schema !== root))
      return { [`${at}.${key}`]: `is not supported; ${example}` };
    if (key !== '$ref' || typeof value !== 'string') continue;
    const shown = cut(value, 200);
    if (!value.startsWith('#')) return { [`${at}.$ref`]: `${shown} is outside the schema; ${example}` };
    const target = resolve(root, value);
    if (typeof target !== 'boolean' && !isSchema(target))
      return { [`${at}.$ref`]: `${shown} does not exist in the schema; ${example}` };
  }
  return undefined;
}

/** Compiles a pattern that is valid ECMAScript, as JSON Schema requires, and can be matched in linear time; or returns its fault. */
function readPattern(pattern: string): RE2JS | string {
  try {
    new RegExp(pattern, 'u');
    return compilePattern(pattern);
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'unreadable';
    return `cannot be checked in bounded time: ${reason}. Look-around, back references and repetitions over 1,000 are not supported`;
  }
}

function definitionsOf(schema: Schema, at: string): Part[] {
  return Object.entries(schema).flatMap(([key, value]) =>
    definitions.has(key) && isSchema(value)
      ? Object.entries(value).flatMap(([name, inner]) =>
          isSchema(inner) ? [{ schema: inner, at: `${at}.${key}.${name}`, inPlace: false }] : [],
        )
      : [],
  );
}

/** A caller's own keywords (`x-…`) anywhere in a schema; they do not affect the check. */
export function extensionsOf(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith('x-') && !Array.isArray(value)) found.add(key);
    extensionsOf(inner, found);
  }
  return found;
}
