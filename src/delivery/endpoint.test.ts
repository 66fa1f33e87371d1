import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { canonicalTypes } from '../base/event-types.ts';
import { dialects } from '../vendors/wires.ts';
import { patternMatches, secretsAt, wants } from './endpoint.ts';
import { signingSecret } from './sign.ts';

const part = fc.stringMatching(/^[a-z0-9_-]{1,6}$/);
const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));

describe('subscription patterns', () => {
  test('`*` matches every name, a full name only itself', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        assert.equal(patternMatches('*', one), true);
        assert.equal(patternMatches(one, one), true);
        assert.equal(patternMatches(one, other), one === other);
      }),
    );
  });

  test('`a.*` matches names below a at any depth, but neither a itself nor names that merely start with a', () => {
    fc.assert(
      fc.property(name, name, (prefix, rest) => {
        assert.equal(patternMatches(`${prefix}.*`, `${prefix}.${rest}`), true);
        assert.equal(patternMatches(`${prefix}.*`, prefix), false);
        assert.equal(patternMatches(`${prefix}.*`, `${prefix}${rest.replaceAll('.', '')}`), false);
        assert.equal(patternMatches(`${prefix}.*`, rest), rest.startsWith(`${prefix}.`));
      }),
    );
  });

  test("an endpoint subscribes by its dialect's name or the canonical one, and never gets a type its dialect lacks", () => {
    for (const wire of Object.values(dialects)) {
      for (const type of canonicalTypes) {
        const spoken = wire.eventName(type);
        assert.equal(wants({ wire, events: ['*'] }, type), spoken !== undefined, `${wire.name} ${type}`);
        assert.equal(wants({ wire, events: [type] }, type), spoken !== undefined, `${wire.name} ${type}`);
        if (spoken !== undefined) assert.equal(wants({ wire, events: [spoken] }, type), true, `${wire.name} ${spoken}`);
        assert.equal(wants({ wire, events: ['no.such', 'type.*'] }, type), false);
        assert.equal(wants({ wire, events: [] }, type), false);
      }
      assert.equal(
        wants({ wire, events: ['order.*'] }, 'order.paid'),
        ['standard', 'defrost'].includes(wire.name),
        'own types are for these two',
      );
    }
  });

  test('adding a pattern never removes a match', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            name,
            name.map((each) => `${each}.*`),
            fc.constant('*'),
          ),
        ),
        fc.oneof(name, fc.constant('*')),
        name,
        (events, more, type) => {
          const wire = dialects.standard;
          assert.equal(
            wants({ wire, events: [...events, more] }, type),
            wants({ wire, events }, type) || wants({ wire, events: [more] }, type),
          );
        },
      ),
    );
  });
});

test('the previous secret signs until the overlap ends, but never first', () => {
  const [secret, old] = [signingSecret('whsec_MDEyMzQ1Njc4OQ=='), signingSecret('whsec_OTg3NjU0MzIxMA==')];
  const at = (nowMs: number, signsAlone: boolean) =>
    secretsAt({ secret, previousSecret: { secret: old, expiresAtMs: 1_000, signsAlone } }, nowMs);
  assert.deepEqual(secretsAt({ secret, previousSecret: undefined }, 1_000), { secrets: [secret], loneSecret: secret });
  assert.deepEqual(at(999, false), { secrets: [secret, old], loneSecret: secret });
  assert.deepEqual(at(999, true), { secrets: [secret, old], loneSecret: old });
  assert.deepEqual(at(1_000, true), { secrets: [secret], loneSecret: secret });
});
