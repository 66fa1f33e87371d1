import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import type { ErrorDetails } from '../errors.ts';
import type { JsonSchema } from './catalogue.ts';
import { unusable, weigh } from './schema-weight.ts';
import type { Weight } from './schema-weight.ts';
import { createTimeLimit, tooLong } from './time-limit.ts';

/** What is wrong with `data`, by field below `path`; undefined when nothing is. `bytes`: length of its JSON text. */
export type Check = (data: unknown, bytes: number, path: string) => ErrorDetails | undefined;

export interface SchemaCompiler {
  /** Compiles a schema of a caller's. @returns its check, or what is wrong with it by field below `schema`. */
  read(schema: JsonSchema): { kind: 'valid'; check: Check } | { kind: 'invalid'; details: ErrorDetails };
  /** Compiles a schema that was read before. */
  compile(schema: JsonSchema): Check;
}

const draft = 'https://json-schema.org/draft/2020-12/schema';
const detailsMax = 20;
/** Steps that are taken without the watchdog: at worst some 10 ms, where the watchdog costs 0.1 ms always. */
const freeSteps = 4_000_000;
const checkMs = 100;
const compileMs = 500;

/** `url` takes seconds for some strings of a few KB; `regex` would compile what a publisher sends. The others take time by length. */
const { url: _url, regex: _regex, ...formats } = fullFormats;

const options = { strict: false, strictSchema: true, allErrors: true, inlineRefs: false, ownProperties: true, logger: false, formats } as const;

export function createSchemaCompiler(): SchemaCompiler {
  const limit = createTimeLimit();
  // Knows the rules of schemas; no schema of a caller's is ever added to it.
  let rules: Ajv2020 | undefined;

  /** An Ajv each: a shared one would keep every schema it ever compiled, and let them refer to each other by `$id`. */
  function validatorOf({ $schema: _, $id: __, ...schema }: JsonSchema): ValidateFunction {
    const ajv = new Ajv2020({ ...options, meta: false, validateSchema: false });
    ajv.addVocabulary(['example', ...weigh(schema).extensions]);
    return ajv.compile(schema);
  }

  function checkOf(validate: ValidateFunction, { weight, degree }: Weight): Check {
    return (data, bytes, path) => {
      const valid = weight * bytes ** degree <= freeSteps ? validate(data) : limit(checkMs, () => validate(data));
      if (valid === tooLong) return { [path]: `takes more than ${checkMs} ms to check against the schema of its type` };
      return valid === true ? undefined : detailsOf(validate.errors ?? [], path);
    };
  }

  const compile = (schema: JsonSchema): Check => checkOf(validatorOf(schema), weigh(schema));

  return {
    compile,
    read(schema) {
      const problem = unusable(schema);
      if (problem !== undefined) return { kind: 'invalid', details: problem };
      if (schema['$schema'] !== undefined && schema['$schema'] !== draft)
        return { kind: 'invalid', details: { 'schema.$schema': `must be ${draft}, or left out` } };
      rules ??= new Ajv2020(options);
      if (rules.validateSchema({ ...schema, $schema: draft }) !== true) return { kind: 'invalid', details: detailsOf(rules.errors ?? [], 'schema') };
      try {
        const check = limit(compileMs, () => {
          const { patterns } = weigh(schema);
          // An expression that is too large says so when it is used, and again when it is compiled for speed, at the second use.
          for (const pattern of patterns) for (let use = 0; use < 2; use += 1) new RegExp(pattern, 'u').test('');
          return compile(schema);
        });
        return check === tooLong ? { kind: 'invalid', details: { schema: `takes more than ${compileMs} ms to compile` } } : { kind: 'valid', check };
      } catch (error) {
        return { kind: 'invalid', details: { schema: error instanceof Error ? told(error.message) : String(error) } };
      }
    },
  };
}

/** Ajv's words, for somebody who never heard of Ajv. */
const told = (message: string): string => message.replace(/^strict mode: /, '').replace(' ignored in schema at path ', ' at ');

/** The first reason of a field stands. */
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

function faultOf({ keyword, params, message = 'is not valid' }: ErrorObject, at: string): [field: string, reason: string] {
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
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
