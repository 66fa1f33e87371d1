import { z } from 'zod';
import type { Database } from '../db/pool.ts';
import { canonicalTypes, isCanonical } from '../base/event-types.ts';
import type { CanonicalType } from '../base/event-types.ts';
import type { Wires } from '../delivery/wire.ts';
import { notFound } from '../base/errors.ts';
import type { Sort } from '../db/in-order.ts';
import { listAnswers, listBody, listingOf, listQuery, sliceOf } from '../http/listing.ts';
import type { Listing } from '../http/listing.ts';
import { dataOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import { shown } from '../http/shown.ts';
import type { RecordTag, Route } from '../http/route.ts';
import { catalogue, jsonSchemaOf } from './catalogue.ts';
import type { EventTypes } from './event-types.ts';
import { jsonObject, typeName } from './publish.ts';
import { ownType, ownTypeForUpdate, ownTypes } from './queries.ts';
import type { OwnTypeRow } from './queries.ts';

// On the wire ---------------------------------------------------------------------------------------

const time = z.iso.datetime();

const typeShape = z
  .object({
    name: z.string(),
    description: z.string(),
    built_in: z.boolean(),
    dialects: z
      .record(z.string(), z.string().nullable())
      .describe('Its name in each dialect; null: endpoints with that dialect never receive it.'),
    schema: jsonObject.nullable().describe('JSON Schema (draft 2020-12) of its `data`.'),
    example: jsonObject.nullable().describe('An example of its `data`.'),
    created_at: time.nullable(),
    updated_at: time.nullable(),
  })
  .meta({ id: 'EventType' });

const description = z.string().max(1_000);
const schema = jsonObject.describe(
  'JSON Schema (draft 2020-12) that `data` must satisfy, up to 32 KiB. References must be paths within the schema, such as `#/$defs/address`, not anchors. Patterns are matched by RE2 in linear time: look-around, back references and repetitions over 1,000 are rejected. `x-…` keywords are ignored.',
);
const exampleField = jsonObject.describe('An example of `data`, which must satisfy the schema. Test events use it.');

const bodyExample = {
  name: 'invoice.paid',
  description: 'An invoice was paid in full.',
  schema: {
    type: 'object',
    required: ['invoice_id', 'amount'],
    properties: {
      invoice_id: { type: 'string', pattern: '^in_[0-9]+$' },
      amount: { type: 'integer', minimum: 0 },
      currency: { type: 'string', minLength: 3, maxLength: 3 },
    },
  },
  example: { invoice_id: 'in_1042', amount: 4_200, currency: 'EUR' },
};
const wireExample = {
  ...bodyExample,
  built_in: false,
  dialects: { defrost: 'invoice.paid', standard: 'invoice.paid' },
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};

const one = dataOf(typeShape);
const params = z.object({ name: typeName });
const record: RecordTag = {
  lock: (tx, { organizationId }, { name = '' }) => ownTypeForUpdate(tx, organizationId, name),
};
const builtInConflict = { description: 'The type is built in.' };

// Routes --------------------------------------------------------------------------------------------

/** Event types on the wire, with their names in every dialect. */
function typeViews(wires: Wires) {
  const namesOf = (type: string): Record<string, string | null> =>
    Object.fromEntries([...wires].map(([dialect, { eventName }]) => [dialect, eventName(type) ?? null]));

  // Built on first use: 2 ms for a page of JSON Schemas.
  const builtIn = new Map<CanonicalType, z.input<typeof typeShape>>();
  function builtInOnWire(name: CanonicalType): z.input<typeof typeShape> {
    const view = builtIn.get(name) ?? {
      name,
      description: catalogue[name].description,
      built_in: true,
      dialects: namesOf(name),
      schema: jsonSchemaOf(name),
      example: catalogue[name].example,
      created_at: null,
      updated_at: null,
    };
    builtIn.set(name, view);
    return view;
  }

  const ownOnWire = (type: OwnTypeRow): z.input<typeof typeShape> =>
    shown(typeShape, { ...type, built_in: false, dialects: namesOf(type.name) });

  return { builtInOnWire, ownOnWire };
}

/** Without `sort`: built-in types in the order of the catalogue, then own ones by name. */
const typeListing = (query: z.output<typeof listQuery>): Listing => {
  const { sort } = query;
  const list = `/v1/event-types${sort === undefined ? '' : ' by time'}`;
  return { ...listingOf(list, query, 'name'), sort: sort?.startsWith('-') === true ? '-created_at' : 'created_at' };
};

/** All types, with ids whose order is that of the list. Built-in types have no times and count as the oldest. */
const orderable = (own: readonly OwnTypeRow[], sort: Sort | undefined) => {
  const idOf = (name: string, at: Date): string => `${String(at.getTime()).padStart(15, '0')} ${name}`;
  const never = new Date(0);
  return [
    ...canonicalTypes.map((name, place) => {
      const id = sort === undefined ? `0 ${String(place).padStart(5, '0')}` : idOf(name, never);
      return { id, name, own: undefined, created_at: never, updated_at: never };
    }),
    ...own.map((type) => {
      const { name, created_at: created, updated_at: updated } = type;
      const id = sort === undefined ? `1 ${name}` : idOf(name, sort.endsWith('created_at') ? created : updated);
      return { id, name, own: type, created_at: created, updated_at: updated };
    }),
  ];
};

export function eventTypeRoutes({
  db,
  types,
  wires,
}: {
  db: Database;
  types: EventTypes;
  wires: Wires;
}): readonly Route[] {
  const { builtInOnWire, ownOnWire } = typeViews(wires);
  return [
    route({
      method: 'GET',
      path: '/v1/event-types',
      tag: 'Event types',
      summary: 'List event types: built-in ones, then your own by name',
      scope: 'events:read',
      // The names and schemas are of the whole organization; an endpoint's owner chooses among them.
      boundKeys: 'own',
      operationId: 'listEventTypes',
      query: listQuery,
      answers: listAnswers('A page of event types.', typeShape, wireExample, canonicalTypes.length + 1),
      handle: async ({ query }, { organizationId }) => {
        const page = typeListing(query);
        const rows = orderable(await ownTypes(db, organizationId), query.sort);
        const { length: total } = sliceOf(rows, { ...page, limit: rows.length, offset: 0, after: undefined });
        const show = ({ own, name }: (typeof rows)[number]) =>
          own === undefined ? builtInOnWire(name) : ownOnWire(own);
        return { status: 200, body: listBody(query, page, sliceOf(rows, page), show, { total }) };
      },
    }),
    route({
      method: 'POST',
      record,
      path: '/v1/event-types',
      creates: true,
      tag: 'Event types',
      summary: 'Register an event type',
      description:
        'Types need no registration to be published. A registered type is listed in the catalogue; if it has a schema, every event of the type is checked before it is accepted.',
      scope: 'events:write',
      boundKeys: 'refused',
      operationId: 'createEventType',
      body: z.strictObject({
        name: typeName,
        description: description.optional(),
        schema: schema.optional(),
        example: exampleField.optional(),
      }),
      bodyExample,
      answers: {
        201: { description: 'The event type.', schema: one, example: { data: wireExample } },
        409: { description: 'The name is taken, or belongs to a built-in type.' },
      },
      handle: async ({ body }, { organizationId }) => ({
        status: 201,
        body: { data: ownOnWire(await types.create(organizationId, body.name, body)) },
      }),
    }),
    route({
      method: 'GET',
      record,
      path: '/v1/event-types/:name',
      tag: 'Event types',
      summary: 'Get an event type',
      scope: 'events:read',
      boundKeys: 'refused',
      operationId: 'getEventType',
      params,
      answers: { 200: { description: 'The event type.', schema: one, example: { data: wireExample } } },
      handle: async ({ params: { name } }, { organizationId }) => {
        if (isCanonical(name)) return { status: 200, body: { data: builtInOnWire(name) } };
        const type = await ownType(db, organizationId, name);
        if (type === undefined) throw notFound('Event type');
        return { status: 200, body: { data: ownOnWire(type) } };
      },
    }),
    route({
      method: 'PATCH',
      record,
      path: '/v1/event-types/:name',
      tag: 'Event types',
      summary: 'Change an event type',
      description:
        'Changes only the given fields; null removes the schema or the example. Events already published are not checked again.',
      scope: 'events:write',
      boundKeys: 'refused',
      operationId: 'updateEventType',
      params,
      body: z.strictObject({
        description: description.optional(),
        schema: schema.nullable().optional(),
        example: exampleField.nullable().optional(),
      }),
      bodyExample: { description: 'An invoice was paid, in full or in part.' },
      answers: {
        200: { description: 'The updated event type.', schema: one, example: { data: wireExample } },
        409: builtInConflict,
      },
      handle: async ({ params: { name }, body }, { organizationId }) => ({
        status: 200,
        body: { data: ownOnWire(await types.change(organizationId, name, body)) },
      }),
    }),
    route({
      method: 'DELETE',
      record,
      path: '/v1/event-types/:name',
      tag: 'Event types',
      summary: 'Delete an event type',
      description: 'Events of the type can still be published, but are no longer checked.',
      scope: 'events:write',
      boundKeys: 'refused',
      operationId: 'deleteEventType',
      params,
      answers: { 204: { description: 'Deleted.' }, 409: builtInConflict },
      handle: async ({ params: { name } }, { organizationId }) => {
        await types.remove(organizationId, name);
        return { status: 204 };
      },
    }),
  ];
}
