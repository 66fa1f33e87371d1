import { RE2JS } from 're2js';
import { cut } from '../base/cut.ts';
import type { ErrorDetails } from '../base/errors.ts';
import type { JsonSchema } from './catalogue.ts';

const bytesMax = 32 * 1024;
const depthMax = 64;
/** Steps that the patterns of one schema may take together for each character: RE2 allows `{1000}`, so a short text can stand for many. */
const patternStepsMax = 20_000;

type Schema = Readonly<Record<string, unknown>>;

/** Where a schema contains schemas: as the value, in a list, or by name. `inPlace`: they apply to the same value, not to one inside it. */
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
/** References that only the validator can follow. */
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

/** The schemas right inside of a schema, `$ref` followed; definitions are not among them. */
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
 * Steps that a check takes at most for each character of the data: how many parts of the schema a value may be held against, references
 * followed, and what its patterns take. Infinity for a recursive schema and for `uniqueItems`, which compares all with all.
 */
export function weightOf(root: JsonSchema): number {
  const weights = new Map<Schema, number>();
  function weigh(schema: Schema): number {
    const known = weights.get(schema);
    if (known !== undefined) return known;
    // Met again before it is weighed, it contains itself.
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

/** Compiles an ECMAScript pattern for RE2, which takes time by the length of the text whatever the pattern. @throws for one it does not have. */
export const compilePattern = (pattern: string): RE2JS => RE2JS.compile(RE2JS.translateRegExp(pattern));

/** RE2 keeps at most its whole program as states for each character. */
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

/** Why a schema is not even compiled: it is too large or too deep, or the cost of a check by it cannot be bounded. */
export function unusable(schema: JsonSchema): ErrorDetails | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > bytesMax) return { schema: `is ${bytes} bytes long; ${bytesMax} are allowed` };
  if (depthOf(schema) > depthMax) return { schema: `is nested more than ${depthMax} levels deep` };
  // A keyword of the validator's own: its check would answer a promise.
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
  // A Map is walked in the order of insertion, what is added on the way included.
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
          [field]: 'is too costly: its repetitions, with those of the other patterns, stand for too many characters',
        };
    }
    for (const part of [...partsOf(root, schema, at), ...definitionsOf(schema, at)])
      if (!parts.has(part.schema)) parts.set(part.schema, part.at);
  }
  return endless(root, parts);
}

/** A chain of parts that apply to the same value and come back to their beginning would never end. */
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
      return { [at]: 'leads back to itself without going into the data, so a check would never end' };
  return undefined;
}

function referenceProblem(root: JsonSchema, schema: Schema, at: string): ErrorDetails | undefined {
  const example = 'refer to a part of the schema by its place, such as #/$defs/address';
  for (const [key, value] of Object.entries(schema)) {
    if (unfollowed.has(key) || (key === '$id' && schema !== root))
      return { [`${at}.${key}`]: `is not supported; ${example}` };
    if (key !== '$ref' || typeof value !== 'string') continue;
    const shown = cut(value, 200);
    if (!value.startsWith('#')) return { [`${at}.$ref`]: `${shown} is outside of the schema; ${example}` };
    const target = resolve(root, value);
    if (typeof target !== 'boolean' && !isSchema(target))
      return { [`${at}.$ref`]: `${shown} is no part of the schema; ${example}` };
  }
  return undefined;
}

/** A pattern by the rules of ECMAScript, which JSON Schema names, and without what no engine can do in bounded time; or what is wrong with it. */
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

/** Keywords of a caller's own, `x-…`, at any place: they say nothing about the data. */
export function extensionsOf(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith('x-') && !Array.isArray(value)) found.add(key);
    extensionsOf(inner, found);
  }
  return found;
}
