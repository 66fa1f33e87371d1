import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { endpointOf, itemOf } from '../../../test/harness/deliveries.ts';
import { headersOf, signedAttempt } from '../../delivery/attempt.ts';
import { signingSecret } from '../../delivery/sign.ts';
import { catalogue } from '../../events/catalogue.ts';
import { canonicalTypes } from '../../base/event-types.ts';
import { subscribable } from '../../delivery/event-names.ts';
import { driftwood } from './wire.ts';

/** The check of a Driftwood receiver: an HMAC of the body, keyed by the secret's characters as they were shown. */
function accepts(secret: string, body: Buffer, headers: Readonly<Record<string, string>>): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const given = Buffer.from(headers['x-driftwood-signature'] ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function sent(type: string, data: unknown, secrets: { current: string; previous?: string }) {
  const now = Date.UTC(2026, 0, 5, 9, 0, 2);
  const previousSecret =
    secrets.previous === undefined
      ? undefined
      : { secret: signingSecret(secrets.previous), expiresAtMs: now + 1_000, signsAlone: false };
  const endpoint = endpointOf({ wire: driftwood, secret: signingSecret(secrets.current), previousSecret });
  const item = itemOf(endpoint, 0, { type, data: Buffer.from(JSON.stringify(data)) });
  const attempt = signedAttempt(endpoint, item, now);
  return { item, body: attempt.body, headers: headersOf(endpoint, attempt) };
}

const offered = canonicalTypes.filter((type) => driftwood.eventName(type) !== undefined);

describe('the driftwood dialect', () => {
  test('it has the twelve events of the vendor and the test, under their canonical names', () => {
    assert.deepEqual(
      subscribable(driftwood),
      ['contact', 'company', 'activity', 'project'].flatMap((record) =>
        ['created', 'updated', 'deleted'].map((verb) => `${record}.${verb}`),
      ),
    );
    assert.deepEqual(offered, [...subscribable(driftwood), 'webhook.test']);
    assert.equal(driftwood.eventName('order.paid'), undefined);
  });

  for (const type of offered) {
    test(`${type}: the body has event, timestamp and the bare record, byte for byte; the headers are exact`, () => {
      const secret = driftwood.newSecret();
      const {
        changed: _,
        contacts_added: __,
        contacts_removed: ___,
        actor: ____,
        erased: _____,
        workspace_id: ______,
        emails: _______,
        owner: ________,
        ...record
      } = catalogue[type].example;
      const { item, body, headers } = sent(type, catalogue[type].example, { current: secret });
      assert.equal(
        body.toString(),
        `{"event":"${type}","timestamp":"2026-01-05T09:00:00.000Z","data":${JSON.stringify(record)}}`,
      );
      assert.deepEqual(headers, {
        'content-type': 'application/json',
        'user-agent': 'Outrider/0.1 (+webhooks)',
        'webhook-id': item.event.id,
        'webhook-timestamp': '1767603602',
        'webhook-signature': headers['webhook-signature'],
        'x-driftwood-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        'x-driftwood-event': type,
        'x-driftwood-delivery': item.id,
      });
    });
  }

  test('`changed` is removed only from updates, because a record may have a field of that name; the actor is always removed', () => {
    assert.match(
      sent('contact.updated', { id: 'a', changed: ['email'] }, { current: 'x'.repeat(16) }).body.toString(),
      /"data":\{"id":"a"\}\}$/,
    );
    assert.match(
      sent('contact.created', { id: 'a', changed: ['email'] }, { current: 'x'.repeat(16) }).body.toString(),
      /"data":\{"id":"a","changed":\["email"\]\}\}$/,
    );
    const by = { actor: { type: 'key', id: 'k' } };
    for (const verb of ['created', 'updated', 'deleted']) {
      assert.match(
        sent(`contact.${verb}`, { id: 'a', ...by }, { current: 'x'.repeat(16) }).body.toString(),
        /"data":\{"id":"a"\}\}$/,
      );
    }
  });

  test('a delivery from a sandbox is marked', () => {
    const { item } = sent('contact.created', {}, { current: 'x'.repeat(16) });
    assert.equal(
      driftwood.body({ ...item.event, data: Buffer.from('{"id": 1}'), sandbox: true }).toString(),
      '{"event":"contact.created","timestamp":"2026-01-05T09:00:00.000Z","sandbox":true,"data":{"id": 1}}',
    );
  });

  test('during a rotation the header has a signature by the new secret; the standard header has both', (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 0, 5, 9, 0, 2) });
    const [current, previous] = [driftwood.newSecret(), driftwood.newSecret()];
    const { body, headers } = sent('contact.deleted', { id: 'a' }, { current, previous });
    assert.equal(accepts(current, body, headers), true);
    assert.equal(accepts(previous, body, headers), false);
    assert.equal(accepts(current, Buffer.concat([body, Buffer.from(' ')]), headers), false);
    for (const secret of [current, previous]) new Webhook(secret).verify(body, headers);
    assert.throws(() => new Webhook(driftwood.newSecret()).verify(body, headers));
  });
});
