import type { ErrorDetails } from '../errors.ts';
import type { JsonSchema } from './catalogue.ts';
import { patternCost } from './pattern-cost.ts';

const bytesMax = 32 * 1024;
const depthMax = 64;

export interface Weight {
  /**
   * A check takes at most `weight × bytes ** degree` steps: how many parts of the schema a value may be held against, references
   * followed, and what its costliest pattern may take. Infinity when that cannot be told.
   */
  readonly weight: number;
  readonly degree: number;
  readonly patterns: readonly string[];
  /** Keywords of a caller's own, `x-…`: they say nothing about the data. */
  readonly extensions: readonly string[];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keywords whose cost does not follow from the schema's size: they compare all with all, or refer to who knows what. */
const heavy: Readonly<Record<string, (value: unknown, isRoot: boolean) => boolean>> = {
  uniqueItems: (value) => value === true,
  $id: (value, isRoot) => typeof value === 'string' && !isRoot,
  $anchor: (value) => typeof value === 'string',
  $dynamicAnchor: (value) => typeof value === 'string',
  $dynamicRef: (value) => typeof value === 'string',
};

/** Walks a schema of bounded depth. What only looks like a keyword, such as a field that is called `pattern`, at worst makes it heavier. */
export function weigh(schema: JsonSchema): Weight {
  const patterns = new Set<string>();
  const extensions = new Set<string>();
  const weights = new Map<string, number>();

  function weightOf(value: unknown): number {
    if (typeof value !== 'object' || value === null) return 1;
    let weight = 1;
    for (const [key, inner] of Object.entries(value)) {
      if (!Array.isArray(value)) {
        if (key === 'pattern' && typeof inner === 'string') patterns.add(inner);
        if (key === 'patternProperties' && isObject(inner)) for (const pattern of Object.keys(inner)) patterns.add(pattern);
        if (key.startsWith('x-')) extensions.add(key);
        if (Object.hasOwn(heavy, key) && heavy[key]?.(inner, value === schema) === true) weight = Infinity;
        if (key === '$ref' && typeof inner === 'string') weight += referred(inner);
      }
      weight += weightOf(inner);
    }
    return weight;
  }

  function referred(reference: string): number {
    const known = weights.get(reference);
    if (known !== undefined) return known;
    // Met again before it is weighed, the reference leads back to itself.
    weights.set(reference, Infinity);
    const target = resolve(schema, reference);
    const weight = target === undefined ? Infinity : weightOf(target);
    weights.set(reference, weight);
    return weight;
  }

  const parts = weightOf(schema);
  const costs = [...patterns].map(patternCost);
  return {
    weight: parts * Math.max(1, ...costs.map((cost) => cost.factor)),
    degree: Math.max(1, ...costs.map((cost) => cost.degree)),
    patterns: [...patterns],
    extensions: [...extensions],
  };
}

/** A JSON pointer in a fragment (RFC 6901 §6). */
function resolve(schema: JsonSchema, reference: string): unknown {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined;
  return reference
    .split('/')
    .slice(1)
    .map((part) => unescaped(part))
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined), schema);
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return part;
  }
}

/** Why a schema is not even compiled: it is too large or too deep, or what it refers to lies elsewhere. */
export function unusable(schema: JsonSchema): ErrorDetails | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(schema));
  if (bytes > bytesMax) return { schema: `is ${bytes} bytes long; ${bytesMax} are allowed` };
  // A keyword of the validator's own: its check would answer a promise.
  if (Object.hasOwn(schema, '$async')) return { 'schema.$async': 'is not a keyword of JSON Schema' };
  return fault(schema, 'schema', 0);
}

function fault(value: unknown, path: string, depth: number): ErrorDetails | undefined {
  if (depth > depthMax) return { schema: `is nested more than ${depthMax} levels deep` };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const at = `${path}.${key}`;
    if (key === '$ref' && typeof inner === 'string' && !inner.startsWith('#'))
      return { [at]: `${inner.slice(0, 200)} lies outside of the schema; only references within it are followed, such as #/$defs/address` };
    const found = fault(inner, at, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
