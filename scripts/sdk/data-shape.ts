/**
 * The shape of an event's data in a dialect, found by sending marked data through the dialect itself:
 * what comes out where is what the types say, so they cannot differ from what is sent.
 */
import type { Wire } from '../../src/delivery/wire.ts';
import type { EventId, OrganizationId } from '../../src/ids.ts';
import type { Schema } from './typescript.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface DataShape {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
}

/** Records are told which of their fields changed, and one dialect sends only those. */
const changed = 'changed';

/** @throws Error when the dialect makes something that is neither a field of the data nor a constant text. */
export function dataOf(wire: Wire, type: string, schema: Schema): DataShape {
  const properties = schema.properties ?? {};
  const fields = Object.keys(properties);
  const mark = (name: string): unknown => (name === changed ? fields : `the field ${name}`);
  const isNullable = (name: string): boolean => JSON.stringify(properties[name]).includes('"null"');

  const full = Object.fromEntries(fields.map((name) => [name, mark(name)]));
  const bare = Object.fromEntries(fields.map((name) => [name, isNullable(name) ? null : mark(name)]));
  const sent = sentData(wire, type, full);
  const others = [sentData(wire, type, bare), ...(fields.includes(changed) ? [sentData(wire, type, { ...bare, [changed]: [] })] : [])];

  const sources = new Map(fields.map((name) => [JSON.stringify(mark(name)), name]));
  const shape = Object.entries(sent).map(([name, value]): [string, Schema] => {
    const source = properties[sources.get(JSON.stringify(value)) ?? ''];
    if (source === undefined && typeof value !== 'string') throw new Error(`${wire.name} makes ${name} of ${type} in a way that has no type.`);
    if (source === undefined) return [name, { const: value }];
    return [name, others.some((each) => each[name] === null) ? source : withoutNull(source)];
  });
  return { properties: Object.fromEntries(shape), required: Object.keys(sent).filter((name) => others.every((each) => Object.hasOwn(each, name))) };
}

function sentData(wire: Wire, type: string, data: Fields): Fields {
  const body = wire.body({
    id: '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e41' as EventId,
    organizationId: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00' as OrganizationId,
    type,
    data: Buffer.from(JSON.stringify(data)),
    occurredAtMs: 0,
    sandbox: false,
  });
  return (JSON.parse(body.toString()) as { data: Fields }).data;
}

function withoutNull(schema: Schema): Schema {
  if (schema.anyOf !== undefined) return { ...schema, anyOf: schema.anyOf.filter(({ type }) => type !== 'null') };
  return Array.isArray(schema.type) ? { ...schema, type: schema.type.filter((type) => type !== 'null') } : schema;
}
