import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { cut } from '../base/cut.ts';
import type { ErrorDetails, FieldFault } from '../base/errors.ts';
import { invalid } from '../base/errors.ts';
import { alternatives, mustBe, mustNotHaveNul, unknownField, validationMessages } from '../base/validation-messages.ts';

/** Past this number the fields are not the caller's problem. */
const detailsMax = 50;
const nameMax = 200;

/** Parses a value. @param whole names the value in an error about all of it. @throws ApiError `validation_failed` with a reason per field */
export function validated(schema: z.ZodType, value: unknown, whole: 'body' | 'headers' | 'query'): unknown {
  const result = schema.safeParse(value, { error: validationMessages });
  if (result.success) return result.data;
  const fields = [...wrongFields(result.error.issues, value, whole)];
  throw invalid(
    Object.fromEntries(fields.map(([path, { reason }]) => [path, reason])),
    Object.fromEntries(fields.map(([path, { fault }]) => [path, fault])),
  );
}

/** Checks the headers that the schema names. @param headers with lower-case names. @throws ApiError `validation_failed` with a reason per header */
export function assertHeaders(schema: z.ZodObject, headers: IncomingHttpHeaders): void {
  validated(
    schema,
    Object.fromEntries(Object.keys(schema.shape).map((name) => [name, headers[name.toLowerCase()]])),
    'headers',
  );
}

/** Maps the path of each invalid field to the first reason found. */
export const detailsOf = (issues: readonly z.core.$ZodIssue[], input: unknown, whole: string): ErrorDetails =>
  // Unlike an assignment, fromEntries defines a field named `__proto__`.
  Object.fromEntries([...wrongFields(issues, input, whole)].map(([path, { reason }]) => [path, reason]));

interface WrongField {
  readonly reason: string;
  readonly fault: FieldFault;
}

/** The invalid fields by path, each with its first reason. */
function wrongFields(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  whole: string,
): ReadonlyMap<string, WrongField> {
  const fields = new Map<string, WrongField>();
  const add = (path: readonly PropertyKey[], reason: string, fault = faultOf(valueAt(input, path))): void => {
    const field = path.length === 0 ? whole : cut(path.map(String).join('.'), nameMax);
    if (fields.size < detailsMax && !fields.has(field)) fields.set(field, { reason, fault });
  };
  const visit = (list: readonly z.core.$ZodIssue[], above: readonly PropertyKey[]): void => {
    for (const issue of list) {
      const path = [...above, ...issue.path];
      if (issue.code === 'unrecognized_keys')
        for (const key of issue.keys) add([...path, key], unknownField, 'unknown');
      else if (issue.code === 'invalid_union') visitUnion(issue, path);
      else add(path, issue.message);
    }
  };
  /** Reports the alternative that accepts the value's own type, as its issues are the most specific; otherwise lists all alternatives. */
  const visitUnion = (issue: z.core.$ZodIssueInvalidUnion, path: readonly PropertyKey[]): void => {
    if (valueAt(input, path) === undefined) return add(path, 'is required');
    const [closest] = issue.errors
      .filter((list) => list.some((each) => each.path.length > 0 || each.code === 'unrecognized_keys'))
      .sort((a, b) => a.length - b.length);
    if (closest !== undefined) return visit(closest, path);
    add(path, eitherOf(issue.errors.flatMap(reasonsOf)) ?? issue.message);
  };
  visit(issues, []);
  return fields;
}

const faultOf = (value: unknown): FieldFault =>
  value === undefined ? 'missing' : value === null || value === '' ? 'empty' : 'malformed';

/** The reasons of one alternative; a union within it contributes those of its own alternatives. */
const reasonsOf = (issues: readonly z.core.$ZodIssue[]): readonly string[] =>
  issues.flatMap((issue) => (issue.code === 'invalid_union' ? issue.errors.flatMap(reasonsOf) : [issue.message]));

/** Joins the reasons of alternatives: `must be a string or a number`. */
function eitherOf(reasonsOfEach: readonly string[]): string | undefined {
  const different = [...new Set(reasonsOfEach)];
  if (different.length === 0) return undefined;
  if (!different.every((reason) => reason.startsWith(mustBe))) return different.join(', or ');
  return mustBe + alternatives(different.map((reason) => reason.slice(mustBe.length)));
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** @throws ApiError `validation_failed` naming the path or query field with a NUL character, which PostgreSQL's text cannot store */
export function assertNoNul(values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if ([name, value].flat().some((text) => typeof text === 'string' && text.includes('\0')))
      throw invalid({ [name.replaceAll('\0', '')]: mustNotHaveNul });
  }
}
