import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dataOf } from '../../scripts/sdk/data-shape.ts';
import { callExample, formattedExamples } from '../../scripts/sdk/examples.ts';
import { operationsOf } from '../../scripts/sdk/operations.ts';
import type { Document } from '../../scripts/sdk/operations.ts';
import { comment, formatted, typeOf } from '../../scripts/sdk/typescript.ts';
import type { Schema } from '../../scripts/sdk/typescript.ts';
import { dialects } from '../../src/vendors/wires.ts';

const line = (schema: Schema): string =>
  formatted(`type A = ${typeOf(schema)};`)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^type A = (.*);$/, '$1');

const operation = (operationId: string, schema?: Schema, more: object = {}) => ({
  operationId,
  tags: ['Event types'],
  summary: 'Does it',
  security: [{ bearerKey: ['events:read'] }],
  responses: { 200: schema === undefined ? {} : { content: { 'application/json': { schema } } } },
  ...more,
});

const documentOf = (methods: object): Document =>
  ({ paths: { '/v1/event-types': methods }, components: { schemas: {} } }) as unknown as Document;

describe("the SDK's generator", () => {
  test('JSON Schema is converted to TypeScript types', () => {
    const cases: readonly (readonly [Schema, string])[] = [
      [{ type: ['string', 'null'] }, 'string | null'],
      [{ anyOf: [{ type: 'integer' }, { type: 'number' }, { type: 'null' }] }, 'number | null'],
      [{ enum: ['a', 1, null] }, "'a' | 1 | null"],
      [{ const: true }, 'true'],
      [{}, 'unknown'],
      [{ $ref: '#/components/schemas/Webhook' }, 'Webhook'],
      [
        { allOf: [{ $ref: '#/components/schemas/A' }, { type: 'object', properties: { b: {} } }] },
        'A & { b?: unknown }',
      ],
      [{ type: 'array', items: { type: ['string', 'null'] } }, '(string | null)[]'],
      [{ type: 'array' }, 'unknown[]'],
      [{ type: 'object', additionalProperties: true }, 'Record<string, unknown>'],
      [{ type: 'object', additionalProperties: { type: 'string' } }, 'Record<string, string>'],
      [
        { type: 'object', properties: { a: {}, 'b-c': { type: 'string' } }, required: ['a'] },
        "{ a: unknown; 'b-c'?: string }",
      ],
      [
        { type: 'object', properties: { a: { type: 'boolean' } }, additionalProperties: {} },
        '{ a?: boolean; [name: string]: unknown }',
      ],
    ];
    for (const [schema, wanted] of cases) assert.equal(line(schema), wanted);
    assert.throws(() => typeOf({ type: 'date' }), /no type date/);
  });

  test('a description cannot close its comment', () => {
    assert.equal(comment('ends */ here'), '/** ends *\\/ here */\n');
    assert.equal(comment(undefined), '');
  });

  test('methods are named without their resource and classified by their response', () => {
    const list = { type: 'array', items: { $ref: '#/components/schemas/EventType' } };
    const page = { page: {}, page_size: {}, total: {} };
    const named = operationsOf(
      documentOf({
        get: operation('listEventTypes', { type: 'object', properties: { data: list, ...page, total_capped: {} } }),
        post: operation(
          'createEventType',
          { type: 'object', properties: { data: {} } },
          { parameters: [{ in: 'header', name: 'Idempotency-Key', schema: { type: 'string' } }] },
        ),
        put: operation('replaceEventTypeSchema', { type: 'object', properties: { data: list, next_cursor: {} } }),
        patch: operation('sortEventTypes', { type: 'object', properties: { data: list, summary: {} } }),
        delete: operation('deleteEventType'),
      }),
    );
    assert.deepEqual(
      named.map(({ resource, name, response, acceptsIdempotencyKey }) => [
        resource,
        name,
        response.kind,
        acceptsIdempotencyKey,
      ]),
      [
        ['eventTypes', 'list', 'numbered', false],
        ['eventTypes', 'create', 'data', true],
        ['eventTypes', 'replaceSchema', 'cursor', false],
        ['eventTypes', 'sort', 'whole', false],
        ['eventTypes', 'delete', 'nothing', false],
      ],
    );
  });

  test('the example of a method is a call with the request example of the document', () => {
    const requestBody = { content: { 'application/json': { schema: {}, example: { name: 'invoice.paid' } } } };
    const record = { $ref: '#/components/schemas/EventType' };
    const document = documentOf({
      post: operation('createEventType', { properties: { data: record } }, { requestBody }),
      delete: operation('deleteEventType', undefined, { parameters: [{ in: 'path', name: 'name', schema: {} }] }),
    });
    const named = { ...document, components: { schemas: { EventType: { properties: {} } } } };
    assert.deepEqual(formattedExamples(operationsOf(named).map(callExample)), [
      ['', '@example', '```ts', "const eventType = await outrider.eventTypes.create({ name: 'invoice.paid' });", '```'],
      ['', '@example', '```ts', "await outrider.eventTypes.delete('invoice.paid');", '```'],
    ]);
  });

  test('fields next to a record are merged into it; a field with the same name throws', () => {
    const record = { type: 'object', properties: { id: {} } };
    const documentWith = (name: string) =>
      documentOf({
        get: operation('getEventType', { properties: { data: record, [name]: {} }, required: ['data', name] }),
      });
    assert.deepEqual(operationsOf(documentWith('warnings'))[0]?.response, {
      kind: 'data',
      schema: record,
      siblings: { type: 'object', properties: { warnings: {} }, required: ['warnings'] },
    });
    assert.throws(() => operationsOf(documentWith('id')), /getEventType returns a record with the field id/);
  });

  test('two operations with the same method name throw', () => {
    const twice = documentOf({ get: operation('getEventType'), post: operation('getEventTypes') });
    assert.throws(
      () => operationsOf(twice),
      /getEventType and getEventTypes would both be named eventTypes\.get: give one/,
    );
  });

  test("the type of a dialect's data has its renamed, omitted, constant, optional and null fields", () => {
    const text = { type: 'string' };
    const schema: Schema = {
      type: 'object',
      properties: {
        reply_id: text,
        classification: text,
        previous_classification: { type: ['string', 'null'], description: 'Before.' },
        url: text,
        bounce_type: { enum: ['hard', 'soft'] },
        reason: { type: ['string', 'null'] },
      },
    };
    assert.deepEqual(dataOf(dialects.foxreach, 'reply.classified', schema), {
      properties: {
        replyId: text,
        category: text,
        previousCategory: { anyOf: [text, { type: 'null' }].map(nullable), description: 'Before.' },
      },
      required: ['replyId', 'category', 'previousCategory'],
    });
    const { properties, required } = dataOf(dialects.mailpanda, 'email.bounced', schema);
    assert.deepEqual(
      [properties['reason'], required.includes('reason'), required.includes('bounce_type')],
      [{ type: ['string'] }, false, true],
    );
    // Defrost sends the publisher's reason, or its own when there is none.
    assert.deepEqual(dataOf(dialects.defrost, 'campaign.paused', schema).properties['reason'], {
      anyOf: [{ type: ['string'] }, { type: 'null' }],
    });
    // It sends another field for reasons that it knows.
    assert.deepEqual(
      dataOf(dialects.defrost, 'campaign.paused', schema, { reason: 'bounce_guard' }).properties['pause_reason'],
      { type: ['string'] },
    );
    const { reason: _, ...others } = schema.properties ?? {};
    assert.deepEqual(
      dataOf(dialects.defrost, 'campaign.paused', { type: 'object', properties: others }).properties['reason'],
      { const: 'paused' },
    );
  });
});

/** `type` stays a list when it was one. */
const nullable = (schema: Schema): Schema => (schema.type === 'string' ? { type: ['string'] } : schema);
