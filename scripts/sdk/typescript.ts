/** Converts JSON Schema (draft 2020-12) to TypeScript types; supports the keywords that our own documents use. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../sources.ts';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly description?: string;
  readonly default?: unknown;
}

/** @throws Error on an unknown type. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return refName(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  // Next to `properties`, `oneOf` only states which fields may be combined; the server checks that.
  const variants = schema.anyOf ?? (schema.properties === undefined ? schema.oneOf : undefined);
  if (variants !== undefined) return union(variants.map(typeOf));
  if (schema.allOf !== undefined) return schema.allOf.map((each) => `(${typeOf(each)})`).join(' & ');
  if (schema.type === undefined) return 'unknown';
  return union([schema.type].flat().map((type) => namedType(type, schema)));
}

function namedType(type: string, schema: Schema): string {
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return type;
    case 'integer':
      return 'number';
    case 'array':
      return schema.items === undefined ? 'unknown[]' : `(${typeOf(schema.items)})[]`;
    case 'object':
      return objectType(schema);
    default:
      throw new Error(`JSON Schema has no type ${type}.`);
  }
}

function objectType({ properties, required = [], additionalProperties }: Schema): string {
  const others = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
  if (properties === undefined) return `Record<string, ${others}>`;
  const open = additionalProperties === undefined || additionalProperties === false ? '' : `[name: string]: unknown;`;
  return `{ ${members(properties, required)}${open} }`;
}

/** The members of an interface. */
export const members = (properties: Readonly<Record<string, Schema>>, required: readonly string[]): string =>
  Object.entries(properties)
    .map(
      ([name, schema]) =>
        `${comment(schema.description)}${fieldName(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)};`,
    )
    .join('\n');

export const union = (types: readonly string[]): string => [...new Set(types)].join(' | ');

export const refName = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

const fieldName = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** A TSDoc comment of these lines, followed by a line break; empty without lines. */
export function comment(...lines: readonly (string | undefined)[]): string {
  const text = lines.filter((line) => line !== undefined).map((line) => line.replaceAll('*/', '*\\/'));
  if (text.length === 0) return '';
  return text.length === 1
    ? `/** ${text[0]} */\n`
    : `/**\n${text.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}

/** `event types` → `EventTypes`. */
export const pascal = (text: string): string =>
  text.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Relative to the root, so that a shell needs no quotes for it; npm adds the folder to PATH, a bare `node` does not. */
const oxfmt = join('node_modules', '.bin', 'oxfmt');

/** Formats the source as `npm run format` does. */
export function formatted(source: string): string {
  const { status, stdout, stderr } = spawnSync(oxfmt, ['--stdin-filepath=generated.ts'], {
    cwd: root,
    input: source,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`oxfmt cannot format the generated source: ${stderr}`);
  return stdout;
}
