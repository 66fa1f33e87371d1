import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Wire } from '../../delivery/wire.ts';
import { defrost } from '../../vendors/defrost/wire.ts';
import { standard } from '../../vendors/standard/wire.ts';
import { patternProblems, typesLike } from './event-patterns.ts';

/** A dialect without callers' own types. */
const closed: Wire = {
  ...defrost,
  name: 'closed',
  eventName: (type) => (type === 'email.bounced' ? 'email.bounce' : undefined),
};

test("built-in names, the dialect's names, prefixes, * and callers' own types are accepted", () => {
  assert.deepEqual(
    patternProblems(
      [
        '*',
        'email.sent',
        'send.bounced',
        'email.bounced',
        'reply.*',
        'campaign.paused',
        'webhook.test',
        'order.paid',
        'order.*',
        'customer.merged',
      ],
      defrost,
    ),
    {},
  );
  assert.deepEqual(patternProblems(['contact.created', 'contact.*', 'endpoint.disabled', 'order.paid'], standard), {});
  assert.deepEqual(patternProblems(['email.bounce', 'email.*', '*'], closed), {});
});

test('types that the dialect never sends are refused by name, with a dialect that sends them', () => {
  assert.deepEqual(patternProblems(['email.sent', 'contact.created', 'contact.*', 'endpoint.disabled'], defrost), {
    'events.1': 'the defrost dialect has no contact.created; use dialect standard',
    'events.2': 'the defrost dialect has no contact.*; use dialect standard',
    'events.3': 'the defrost dialect has no endpoint.disabled; use dialect standard',
  });
  assert.deepEqual(Object.keys(patternProblems(['order.paid', 'order.*', 'email.sent'], closed)), [
    'events.0',
    'events.1',
    'events.2',
  ]);
});

test('malformed patterns are refused', () => {
  for (const pattern of [
    '',
    'a b',
    '.a',
    'a.',
    'a..b',
    '**',
    '*.created',
    'contact.*.x',
    'a.*.*',
    '*.*',
    'é',
    'a\n',
    `${'a'.repeat(128)}.b`,
  ]) {
    assert.deepEqual(
      patternProblems([pattern], standard),
      { 'events.0': 'must be *, a name such as email.sent, or a prefix such as email.*' },
      JSON.stringify(pattern),
    );
  }
});

test("a prefix matches types by their own name or by the dialect's", () => {
  assert.deepEqual(typesLike('send.*', defrost), { types: ['email.bounced'], prefix: 'send.' });
  assert.deepEqual(typesLike('order.*', defrost), { types: [], prefix: 'order.' });
  assert.equal(typesLike('*', defrost), undefined);
});

test('a name matches every type that the dialect gives this name', () => {
  assert.deepEqual(typesLike('send.bounced', defrost), { types: ['send.bounced', 'email.bounced'], prefix: null });
  assert.deepEqual(typesLike('campaign.completed', defrost), {
    types: ['campaign.completed', 'campaign.paused'],
    prefix: null,
  });
  assert.deepEqual(typesLike('order.paid', defrost), { types: ['order.paid'], prefix: null });
});
