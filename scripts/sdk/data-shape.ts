/**
 * Finds the shape of an event's data in a dialect by formatting data with marked values through the dialect's own wire and looking where
 * each mark appears. The generated types therefore always match what is sent.
 */
import type { Wire } from '../../src/delivery/wire.ts';
import type { EventId, OrganizationId } from '../../src/base/ids.ts';
import type { Schema } from './typescript.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface DataShape {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
}

/** Lists the fields of a record that changed; one dialect sends only those fields. */
const changed = 'changed';

/** Marks numbers by their millions: a dialect may add or subtract 1 to count from another base. */
const numberMark = 1_000_000;

const occurredAtMs = 0;
const occurredAt: Schema = { type: 'string', description: 'When it happened.' };

/**
 * @param example data in which the dialect may recognize a value and send fields for it that it does not send for marks
 * @throws Error when the dialect sends a value that is neither a field of the data nor a constant string
 */
export function dataOf(wire: Wire, type: string, schema: Schema, example: Fields = {}): DataShape {
  const properties = schema.properties ?? {};
  const fields = Object.keys(properties);
  const marks = fields.map((name, index): unknown => {
    if (name === changed) return fields;
    return isA(properties[name], 'number', 'integer') ? (index + 1) * numberMark : `the field ${name}`;
  });
  const data = (value: (name: string, index: number) => unknown): Fields =>
    Object.fromEntries(fields.map((name, index) => [name, value(name, index)]));

  const full = sentData(
    wire,
    type,
    data((_, index) => marks[index]),
  );
  const nulled = data((name, index) => (isA(properties[name], 'null') ? null : marks[index]));
  const sent = [
    full,
    sentData(wire, type, nulled),
    ...(fields.includes(changed) ? [sentData(wire, type, { ...nulled, [changed]: [] })] : []),
  ];

  const typeOfValue = (value: unknown): Schema => {
    const index =
      typeof value === 'number'
        ? Math.round(value / numberMark) - 1
        : marks.findIndex((mark) => JSON.stringify(mark) === JSON.stringify(value));
    const source = properties[fields[index] ?? ''];
    if (source !== undefined) return withoutNull(source);
    if (value === new Date(occurredAtMs).toISOString()) return occurredAt;
    if (typeof value === 'string') return { const: value };
    throw new Error(`${wire.name} sends a value for ${type} whose type is unknown: ${JSON.stringify(value)}`);
  };
  const recognized = Object.entries(example).length === 0 ? {} : sentData(wire, type, example);
  const names = [...new Set(sent.flatMap((each) => Object.keys(each)))];
  const others = Object.entries(recognized).flatMap(([name, value]): [string, Schema][] => {
    const source = fields.find((field) => example[field] === value);
    return names.includes(name) || source === undefined ? [] : [[name, withoutNull(properties[source] ?? {})]];
  });
  const shape = names.map((name): [string, Schema] => {
    const isNull = sent.some((each) => each[name] === null);
    const value = sent.map((each) => each[name]).find((each) => each != null);
    if (value === undefined) return [name, { type: 'null' }];
    const { description, ...known } = typeOfValue(value);
    return [
      name,
      {
        ...(isNull ? { anyOf: [known, { type: 'null' }] } : known),
        ...(description === undefined ? {} : { description }),
      },
    ];
  });
  return {
    properties: Object.fromEntries([...shape, ...others]),
    required: names.filter((name) => sent.every((each) => Object.hasOwn(each, name))),
  };
}

function sentData(wire: Wire, type: string, data: Fields): Fields {
  const body = wire.body({
    id: '0199c9f4-9d3e-7f66-9b48-2f7d1a5c0e41' as EventId,
    organizationId: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00' as OrganizationId,
    type,
    data: Buffer.from(JSON.stringify(data)),
    occurredAtMs,
    sandbox: false,
  });
  return (JSON.parse(body.toString()) as { data: Fields }).data;
}

function isA(schema: Schema | undefined, ...types: readonly string[]): boolean {
  return (
    [schema?.type].flat().some((type) => type !== undefined && types.includes(type)) ||
    schema?.anyOf?.some((each) => isA(each, ...types)) === true
  );
}

function withoutNull(schema: Schema): Schema {
  if (schema.anyOf !== undefined) return { ...schema, anyOf: schema.anyOf.filter(({ type }) => type !== 'null') };
  return Array.isArray(schema.type) ? { ...schema, type: schema.type.filter((type) => type !== 'null') } : schema;
}
