import type { z } from 'zod';
import { own } from './own.ts';

/** The start of each message that says what a value must be, so that messages can be joined: `must be a string or null`. */
export const mustBe = 'must be ';

/** PostgreSQL stores neither NUL nor half a surrogate pair. */
export const mustNotHaveNul = 'must not contain NUL characters';
export const mustBeWellFormed = `${mustBe}well-formed Unicode`;

/** Error reported for a field that the schema does not define. */
export const unknownField = 'unknown field';

/**
 * zod's error map: each message is a predicate that continues its field's name, such as "must be a string". Messages set on a schema
 * take precedence.
 *
 * @example
 * const result = schema.safeParse(body, { error: validationMessages });
 */
export const validationMessages: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined) return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `${mustBe}${own(kinds, issue.expected) ?? issue.expected}`;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_union':
      return Array.isArray(issue.options) && issue.options.length > 0 ? oneOf(issue.options) : 'is not valid';
    case 'too_small':
      return bound(
        issue.origin,
        issue.minimum,
        issue.exact === true ? 'exactly' : issue.inclusive === false ? 'more than' : 'at least',
      );
    case 'too_big':
      return bound(
        issue.origin,
        issue.maximum,
        issue.exact === true ? 'exactly' : issue.inclusive === false ? 'less than' : 'at most',
      );
    case 'not_multiple_of':
      return `${mustBe}a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return formatMessage(issue);
    case 'unrecognized_keys':
      return `has ${issue.keys.length === 1 ? 'an unknown field' : 'unknown fields'}: ${issue.keys.join(', ')}`;
    case 'invalid_key':
      return 'has a field whose name is not allowed';
    case 'invalid_element':
      return 'has an item that is not allowed';
    default:
      return 'is not valid';
  }
};

const oneOf = (values: readonly unknown[]): string =>
  `${mustBe}${alternatives(values.map((value) => (typeof value === 'string' ? JSON.stringify(value) : String(value))))}`;

/** Joins texts for a sentence: `a, b or c`. */
export const alternatives = (texts: readonly string[]): string =>
  texts.length < 2 ? (texts[0] ?? '') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1) ?? ''}`;

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  null: 'null',
  date: 'a date',
};

const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  set: ['item', 'items'],
  object: ['field', 'fields'],
  record: ['field', 'fields'],
};

function bound(origin: string, limit: number | bigint, how: string): string {
  const unit = own(units, origin);
  return unit === undefined ? `${mustBe}${how} ${limit}` : `must have ${how} ${limit} ${unit[limit === 1 ? 0 : 1]}`;
}

const formats: Readonly<Record<string, string>> = {
  datetime: 'a date and time such as 2026-01-05T09:00:00Z',
  date: 'a date such as 2026-01-05',
  time: 'a time such as 09:00:00',
  uuid: 'a UUID',
  guid: 'a UUID',
  email: 'an email address',
  url: 'a URL',
  base64: 'base64',
  base64url: 'base64url',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
};

function formatMessage(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidStringFormat>): string {
  if (issue.format === 'starts_with') return `must start with ${JSON.stringify(issue.prefix)}`;
  if (issue.format === 'ends_with') return `must end with ${JSON.stringify(issue.suffix)}`;
  if (issue.format === 'includes') return `must contain ${JSON.stringify(issue.includes)}`;
  const format = own(formats, issue.format);
  if (format === undefined) return 'has the wrong format';
  const lostPlus =
    issue.format === 'datetime' && typeof issue.input === 'string' && spaceBeforeOffset.test(issue.input);
  return `${mustBe}${format}${lostPlus ? '; the + of its offset arrived as a space: in a query, write it as %2B' : ''}`;
}

/** Matches `2026-01-05T09:00:00+02:00` after form decoding, which turns `+` into a space. */
const spaceBeforeOffset = /T[\d:.,]+ \d\d:?\d\d$/;
