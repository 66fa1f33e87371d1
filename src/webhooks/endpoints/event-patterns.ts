import { patternMatches, typeFilter } from '../../delivery/endpoint.ts';
import type { TypeFilter } from '../../delivery/endpoint.ts';
import type { Wire } from '../../delivery/wire.ts';
import { canonicalTypes } from '../../base/event-types.ts';
import type { ErrorDetails } from '../../base/errors.ts';

/** An event type's name: words of letters, digits, `_` and `-`, joined by dots. */
const namePattern = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;
export const nameCharactersMax = 128;

/** The faults of an endpoint's event patterns in its dialect, by field. */
export function patternProblems(patterns: readonly string[], wire: Wire): ErrorDetails {
  return Object.fromEntries(
    patterns.flatMap((pattern, index) => {
      const problem = patternProblem(pattern, wire);
      return problem === undefined ? [] : [[`events.${index}`, problem]];
    }),
  );
}

function patternProblem(pattern: string, wire: Wire): string | undefined {
  if (pattern === '*') return undefined;
  const stem = pattern.endsWith('.*') ? pattern.slice(0, -2) : pattern;
  if (pattern.length > nameCharactersMax || !namePattern.test(stem))
    return 'must be *, a name such as email.sent, or a prefix such as email.*';
  return accepted(pattern, wire) ? undefined : `the ${wire.name} dialect has no ${pattern}; use dialect standard`;
}

/** Rejects a pattern that no event type of the dialect can match: the mistake would go unnoticed. */
function accepted(pattern: string, wire: Wire): boolean {
  if (canonicalTypes.some((type) => matchesIn(pattern, type, wire))) return true;
  if (canonicalTypes.some((type) => patternMatches(pattern, type))) return false;
  // A caller's own type, if the dialect supports those.
  return wire.eventName(pattern) !== undefined;
}

function matchesIn(pattern: string, type: string, wire: Wire): boolean {
  const name = wire.eventName(type);
  return name !== undefined && (patternMatches(pattern, name) || patternMatches(pattern, type));
}

/** Accepted patterns that match neither a built-in type nor one of `ownTypes`: perhaps a mistake, perhaps a type published later. */
export const unknownPatterns = (patterns: readonly string[], wire: Wire, ownTypes: readonly string[]): string[] =>
  patterns.filter(
    (pattern) =>
      pattern !== '*' &&
      !canonicalTypes.some((type) => matchesIn(pattern, type, wire)) &&
      !ownTypes.some((type) => patternMatches(pattern, type)),
  );

/** The event types that a pattern matches, by their own names or by the dialect's; undefined: all. */
export function typesLike(pattern: string, wire: Wire): TypeFilter | undefined {
  if (pattern === '*') return undefined;
  const types = canonicalTypes.filter((type) => {
    const name = wire.eventName(type);
    return name !== undefined && patternMatches(pattern, name);
  });
  const own = typeFilter(pattern);
  return { ...own, types: [...new Set([...own.types, ...types])] };
}
