import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, randomBytes, verify, type KeyObject } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import type { DeliveryId, EventId, OrganizationId } from '../base/ids.ts';
import { signingSecret, standardHeaders } from './sign.ts';
import type { SigningSecret, WireAttempt } from './wire.ts';

// The library compares with its own clock, within five minutes.
const timestampMs = Date.now();

function attempt(body: Buffer, secrets: readonly [string, ...string[]], signingKey?: KeyObject): WireAttempt {
  const [first, ...rest] = secrets.map(signingSecret) as [SigningSecret, ...SigningSecret[]];
  return {
    deliveryId: '019b8d6c-0b00-7000-8000-000000000001' as DeliveryId,
    event: {
      id: 'e' as EventId,
      organizationId: 'o' as OrganizationId,
      type: 't',
      data: body,
      occurredAtMs: timestampMs,
      sandbox: false,
    },
    body,
    timestampMs,
    secrets: [first, ...rest],
    loneSecret: first,
    signingKey,
  };
}

const secret = fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64'));

describe('Standard Webhooks signatures', () => {
  test("the public library verifies any body with the secret's text, with or without prefix and padding", () => {
    fc.assert(
      fc.property(fc.json(), secret, fc.boolean(), (body, encoded, prefixed) => {
        const text = prefixed ? `whsec_${encoded}` : encoded;
        const headers = standardHeaders(attempt(Buffer.from(body), [text]));
        assert.deepEqual(new Webhook(text).verify(body, headers), JSON.parse(body));
        const unpadded = text.replace(/=+$/, '');
        assert.deepEqual(standardHeaders(attempt(Buffer.from(body), [unpadded])), headers);
        // The library accepts no encoding of fewer than four characters.
        if (encoded.replace(/=+$/, '').length >= 4) new Webhook(unpadded).verify(body, headers);
      }),
    );
  });

  test('during a rotation, signatures verify with either secret, the current one first, and with no other', () => {
    const [current, previous, other] = Array.from(
      { length: 3 },
      () => `whsec_${randomBytes(32).toString('base64')}`,
    ) as [string, string, string];
    const headers = standardHeaders(attempt(Buffer.from('{"n":1}'), [current, previous]));
    const [first] = (headers['webhook-signature'] ?? '').split(' ');
    assert.equal(first, standardHeaders(attempt(Buffer.from('{"n":1}'), [current]))['webhook-signature']);
    for (const known of [current, previous]) new Webhook(known).verify('{"n":1}', headers);
    assert.throws(() => new Webhook(other).verify('{"n":1}', headers));
    assert.throws(() => new Webhook(current).verify('{"n":2}', headers));
  });

  test("D6: the id is the event's in every delivery", () => {
    const one = attempt(Buffer.from('{}'), ['whsec_c2VjcmV0c2VjcmV0']);
    const replayed = { ...one, deliveryId: '019b8d6c-0b00-7000-8000-000000000009' as DeliveryId };
    assert.deepEqual(standardHeaders(replayed), standardHeaders(one));
    assert.equal(standardHeaders(one)['webhook-id'], one.event.id);
  });

  test("the timestamp is the attempt's in whole seconds, and is signed", () => {
    const text = `whsec_${randomBytes(32).toString('base64')}`;
    const headers = standardHeaders({ ...attempt(Buffer.from('{}'), [text]), timestampMs: timestampMs - 999 });
    assert.equal(headers['webhook-timestamp'], String(Math.floor((timestampMs - 999) / 1_000)));
    new Webhook(text).verify('{}', headers);
    assert.throws(() =>
      new Webhook(text).verify('{}', { ...headers, 'webhook-timestamp': String(Math.floor(timestampMs / 1_000) + 60) }),
    );
    assert.throws(() => new Webhook(text).verify('{}', { ...headers, 'webhook-id': 'another' }));
  });

  test('a secret that is not base64 gets no signature and does not affect that of another secret', () => {
    for (const text of [
      'correct horse battery staple',
      'a',
      'whsec_a',
      'ümläut==',
      '====',
      'whsec_',
      'a'.repeat(33),
      'whsec_abc==',
      `${'a'.repeat(30)}-_`,
    ]) {
      assert.equal(signingSecret(text).key, null, text);
      assert.deepEqual(Object.keys(standardHeaders(attempt(Buffer.from('{}'), [text]))), [
        'webhook-id',
        'webhook-timestamp',
      ]);
    }
    const good = `whsec_${randomBytes(32).toString('base64')}`;
    new Webhook(good).verify('{}', standardHeaders(attempt(Buffer.from('{}'), ['correct horse battery staple', good])));
  });

  test('ed25519: `v1a` verifies with the public key over the same content as `v1`', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const text = `whsec_${randomBytes(32).toString('base64')}`;
    const body = Buffer.from('{"name":"Zoë"}');
    const headers = standardHeaders(attempt(body, [text], privateKey));
    new Webhook(text).verify(body, headers);
    const signatures = (headers['webhook-signature'] ?? '').split(' ');
    assert.equal(signatures.length, 2);
    const signature = Buffer.from(signatures[1]?.replace(/^v1a,/, '') ?? '', 'base64');
    const signed = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);
    assert.equal(verify(null, signed, publicKey, signature), true);
    // As a receiver gets it: the raw 32 bytes.
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const rebuilt = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
      format: 'jwk',
    });
    assert.equal(verify(null, signed, rebuilt, signature), true);
    assert.equal(verify(null, Buffer.concat([signed, Buffer.from(' ')]), publicKey, signature), false);
  });
});
