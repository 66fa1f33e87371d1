/** Bodies that refer to records, made from the schemas of routes: a new field that names a record is tried without a line here. */
import { z } from 'zod';
import type { Route } from '../../src/http/route.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A field of a body that names one record or several. */
export interface IdField {
  /** Such as `contact_id`. */
  readonly name: string;
  /** Where it is in the body. */
  readonly path: string;
  /** A body with this id in the field. What else the field needs is taken from the body given, or made of the schema. */
  with(id: string): unknown;
}

/** Not of external systems. */
const namesRecords = (name: string): boolean => /(^|(?<!external|client)_)ids?$/.test(name);

/** Fields of which a body has one. */
const alternatives = [
  ['contact_ids', 'contact_filter', 'segment_id'],
  ['ids', 'filter', 'segment_id'],
];

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const branchesOf = (schema: Schema): Schema[] =>
  ['anyOf', 'oneOf', 'allOf'].flatMap((word) => (schema[word] as Schema[] | undefined) ?? []);
const typeOf = ({ type }: Schema): unknown => (Array.isArray(type) ? (type as unknown[])[0] : type);

let count = 0;
/** The least value of a schema. */
function sample(schema: Schema): unknown {
  const [first] = branchesOf(schema);
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return (schema['enum'] as unknown[])[0];
  if (first !== undefined && schema['properties'] === undefined) return sample(first);
  switch (typeOf(schema)) {
    case 'object': {
      const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
      const required = (schema['required'] ?? []) as string[];
      return Object.fromEntries(required.map((name) => [name, sample(properties[name] ?? {})]));
    }
    case 'array':
      return [sample((schema['items'] ?? {}) as Schema)];
    case 'integer':
    case 'number':
      return (schema['minimum'] as number | undefined) ?? 1;
    case 'boolean':
      return true;
    default:
      count += 1;
      if (schema['format'] === 'email') return `sample-${count}@example.com`;
      if (schema['format'] === 'date-time') return '2026-01-05T09:00:00Z';
      return schema['format'] === 'uuid' ? '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22' : `sample-${count}`;
  }
}

function fieldsIn(schema: Schema, given: unknown, at: string): IdField[] {
  const found: IdField[] = branchesOf(schema).flatMap((branch) => fieldsIn(branch, given, at));
  if (isObject(schema['items'])) {
    const [first] = Array.isArray(given) ? (given as unknown[]) : [];
    found.push(
      ...fieldsIn(schema['items'], first, `${at}[]`).map((field) => ({
        ...field,
        with: (id: string) => [field.with(id)],
      })),
    );
  }
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const around = (name: string): Schema => {
    const whole = isObject(given) ? given : (sample(schema) as Schema);
    const instead = alternatives.filter((group) => group.includes(name)).flat();
    return Object.fromEntries(Object.entries(whole).filter(([key]) => !instead.includes(key)));
  };
  for (const [name, property] of Object.entries(properties)) {
    const path = at === '' ? name : `${at}.${name}`;
    if (namesRecords(name)) {
      const isList = name.endsWith('ids');
      found.push({ name, path, with: (id) => ({ ...around(name), [name]: isList ? [id] : id }) });
    } else
      found.push(
        ...fieldsIn(property, isObject(given) ? given[name] : undefined, path).map((field) => ({
          ...field,
          with: (id: string) => ({ ...around(name), [name]: field.with(id) }),
        })),
      );
  }
  return found;
}

/** The fields of a route's body that name records. @param body a body that the route accepts */
export function idFieldsOf({ body: schema }: Pick<Route, 'body'>, body: unknown): IdField[] {
  if (schema === undefined) return [];
  const found = fieldsIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), body, '');
  return [...new Map(found.map((field) => [field.path, field])).values()];
}
