import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalTypes } from '../base/event-types.ts';
import { dialects, vendors } from '../vendors/wires.ts';
import { builtInFaults, catalogue, isReserved, jsonSchemaOf } from './catalogue.ts';
import { compileSchema, problemsOf } from './type-schema.ts';
import { webhookOperations } from '../vendors/webhook-document.ts';

describe('catalogue', () => {
  for (const type of canonicalTypes) {
    test(`${type}: its example has every documented field, and is what its schemas describe`, () => {
      const { data, example, description } = catalogue[type];
      assert.match(description, /^[A-Z].*\.$/);
      assert.deepEqual(Object.keys(example).sort(), Object.keys(data.shape).sort());
      assert.deepEqual(data.parse(example), example);
      assert.equal(problemsOf(jsonSchemaOf(type)), undefined);
      const check = compileSchema(jsonSchemaOf(type));
      assert.equal(check(example, 'data'), undefined);
      for (const field of Object.keys(example)) {
        const { [field]: _, ...rest } = example;
        assert.notEqual(check(rest, 'data'), undefined, `${field} is part of the full event`);
      }
    });

    test(`${type}: a caller may publish any of its fields and others, but of their types`, () => {
      const { example } = catalogue[type];
      assert.equal(builtInFaults(type, {}, 'data'), undefined);
      for (const [field, value] of Object.entries(example)) {
        assert.equal(builtInFaults(type, { [field]: value, further: { nested: [1] } }, 'data'), undefined);
        // A boolean is wrong for every field except booleans, which get a number.
        const wrong = typeof value === 'boolean' ? 1 : true;
        assert.deepEqual(Object.keys(builtInFaults(type, { [field]: wrong }, 'events.3.data') ?? {}), [
          `events.3.data.${field}`,
        ]);
      }
    });
  }

  test('the types of updates list the changed fields', () => {
    for (const type of canonicalTypes.filter((each) => each.endsWith('.updated')))
      assert.ok('changed' in catalogue[type].data.shape, type);
  });

  test("events about Outrider itself are not delivered in vendors' dialects, which have no such events", () => {
    const own = canonicalTypes.filter((type) => /^(source|custom_field|import)\.|^suppression\.deleted$/.test(type));
    assert.equal(own.length, 9);
    for (const [name, { eventName }] of Object.entries(dialects)) {
      for (const type of own) assert.equal(eventName(type), name === 'standard' ? type : undefined, `${name} ${type}`);
    }
  });

  test('only the types of the delivery engine are reserved', () => {
    assert.deepEqual(canonicalTypes.filter(isReserved), [
      'webhook.test',
      'endpoint.disabled',
      'endpoint.failing',
      'endpoint.recovered',
      'delivery.exhausted',
    ]);
    assert.equal(isReserved('order.paid'), false);
  });

  test("the API document shows each body in the dialect's format", () => {
    for (const dialect of [undefined, ...vendors]) {
      const operations = webhookOperations(dialect);
      const shown = dialect === undefined ? (['standard', 'defrost'] as const) : [dialect];
      const names = shown.flatMap((each) => canonicalTypes.flatMap((type) => dialects[each].eventName(type) ?? []));
      assert.deepEqual(new Set(Object.keys(operations)), new Set(names));
      for (const [name, { schema, examples }] of Object.entries(operations)) {
        for (const [label, example] of Object.entries(examples)) {
          assert.deepEqual(schema.parse(example), example, `${name} ${label}`);
          const body = example as Record<string, unknown>;
          assert.equal(body['event'] ?? body['type'], name);
        }
      }
    }
    const {
      'send.bounced': defrost,
      'email.bounced': standard,
      'campaign.completed': completed,
      'campaign.paused': paused,
    } = webhookOperations();
    assert.deepEqual(
      [defrost, standard, completed, paused].map((each) => Object.keys(each?.examples ?? {})),
      [
        ['defrost'],
        ['standard'],
        ['defrost: campaign.paused', 'defrost: campaign.completed', 'standard'],
        ['standard'],
      ],
    );
  });
});
