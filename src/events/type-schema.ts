import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { cut } from '../base/cut.ts';
import type { ErrorDetails } from '../base/errors.ts';
import type { JsonSchema } from './catalogue.ts';
import { compilePattern, extensionsOf, unusable } from './schema-weight.ts';

/** Returns the faults in `data`, by field below `path`; undefined: none. */
export type Check = (data: unknown, path: string) => ErrorDetails | undefined;

const draft = 'https://json-schema.org/draft/2020-12/schema';
const detailsMax = 20;

/** Without `url`, which takes seconds for some strings of a few KB, and `regex`, which would compile the publisher's text. The others are linear. */
const { url: _url, regex: _regex, ...formats } = fullFormats;

/** ECMAScript's regular expressions backtrack, so some take exponential time; RE2's are linear. */
const regExp = Object.assign((pattern: string) => compilePattern(pattern), { code: 'compilePattern' });

const options = {
  strict: false,
  strictSchema: true,
  allErrors: true,
  inlineRefs: false,
  ownProperties: true,
  logger: false,
  formats,
  code: { regExp },
} as const;

/** Compiles a caller's schema. @throws Error for a schema in which `problemsOf` finds faults. */
export function compileSchema({ $schema: _, $id: __, ...schema }: JsonSchema): Check {
  // One Ajv per schema: a shared one would keep every schema it ever compiled, and let schemas refer to each other by `$id`.
  const ajv = new Ajv2020({ ...options, meta: false, validateSchema: false });
  ajv.addVocabulary(['example', ...extensionsOf(schema)]);
  const validate = ajv.compile(schema);
  return (data, path) => (validate(data) ? undefined : detailsOf(validate.errors ?? [], path));
}

/** The faults of a caller's schema, by field below `schema`. May be slow, so it runs on the thread of schema-thread.ts. */
export function problemsOf(schema: JsonSchema): ErrorDetails | undefined {
  if (schema['$schema'] !== undefined && schema['$schema'] !== draft)
    return { 'schema.$schema': `must be ${draft} or omitted` };
  const tooMuch = unusable(schema);
  if (tooMuch !== undefined) return tooMuch;
  const rules = new Ajv2020(options);
  if (rules.validateSchema({ ...schema, $schema: draft }) !== true) return detailsOf(rules.errors ?? [], 'schema');
  try {
    compileSchema(schema);
    return undefined;
  } catch (error) {
    return { schema: error instanceof Error ? withoutJargon(error.message) : String(error) };
  }
}

/** Removes Ajv's own terms from its message. */
const withoutJargon = (message: string): string =>
  message.replace(/^strict mode: /, '').replace(' ignored in schema at path ', ' at ');

/** One fault per field: the first. */
function detailsOf(errors: readonly ErrorObject[], path: string): ErrorDetails {
  const details = new Map<string, string>();
  for (const error of errors) {
    const at = [
      path,
      ...error.instancePath
        .split('/')
        .slice(1)
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')),
    ].join('.');
    const [field, reason] = faultOf(error, at);
    if (!details.has(field)) details.set(field, reason);
    if (details.size === detailsMax) break;
  }
  return Object.fromEntries(details);
}

function faultOf(
  { keyword, params, message = 'is not valid' }: ErrorObject,
  at: string,
): [field: string, reason: string] {
  const about = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'required':
      return [`${at}.${String(about['missingProperty'])}`, 'is required'];
    case 'additionalProperties':
      return [`${at}.${String(about['additionalProperty'])}`, 'unknown field'];
    case 'unevaluatedProperties':
      return [`${at}.${String(about['unevaluatedProperty'])}`, 'unknown field'];
    case 'enum':
      return [at, `must be one of ${shown(about['allowedValues']).slice(1, -1)}`];
    case 'const':
      return [at, `must be ${shown(about['allowedValue'])}`];
    default:
      return [at, message];
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${cut(text, 200)}…` : text;
}
