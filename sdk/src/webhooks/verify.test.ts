import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { endpointOf, itemOf } from '../../../test/harness/deliveries.ts';
import { headersOf, signedAttempt } from '../../../src/delivery/attempt.ts';
import type { Endpoint } from '../../../src/delivery/endpoint.ts';
import { signingSecret } from '../../../src/delivery/sign.ts';
import { canonicalTypes } from '../../../src/base/event-types.ts';
import { dialectNames, dialects } from '../../../src/vendors/wires.ts';
import { catalogue } from '../../../src/events/catalogue.ts';
import { WebhookVerificationError } from './verification-error.ts';
import type { VerificationFailure } from './verification-error.ts';
import { verify } from './verify.ts';
import type { VerifyOptions } from './verify.ts';
import type { Dialect } from './webhook-event.ts';

const now = Date.UTC(2026, 0, 5, 9, 0, 0);

interface Sent {
  readonly headers: Record<string, string>;
  readonly rawBody: Buffer;
  readonly secret: string;
  readonly nowMs: number;
}

/** A delivery as the product sends it, of an event that the dialect supports. */
function sent(dialect: Dialect, settings: Partial<Endpoint> = {}, type = typesOf(dialect)[0] ?? assert.fail()): Sent {
  const wire = dialects[dialect];
  const secret = wire.newSecret();
  const endpoint = endpointOf({ wire, secret: signingSecret(secret), ...settings });
  const item = itemOf(endpoint, 0, { type, data: Buffer.from(JSON.stringify(catalogue[type].example)) });
  const attempt = signedAttempt(endpoint, item, now);
  return { headers: headersOf(endpoint, attempt), rawBody: attempt.body, secret, nowMs: now };
}

const typesOf = (dialect: Dialect) => canonicalTypes.filter((type) => dialects[dialect].eventName(type) !== undefined);

function fails(code: VerificationFailure, dialect: Dialect, options: VerifyOptions, header?: string): void {
  assert.throws(
    () => verify(dialect, options),
    (error: unknown) => {
      assert.ok(error instanceof WebhookVerificationError, String(error));
      assert.deepEqual([error.code, error.header], [code, header], error.message);
      return true;
    },
  );
}

const without = (headers: Record<string, string>, name: string) =>
  Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name));

const signatureHeaders: Record<Dialect, string> = {
  standard: 'webhook-signature',
  defrost: 'x-defrost-signature',
  foxreach: 'x-webhook-signature',
  mailpanda: 'x-webhook-signature',
  warmysender: 'x-warmy-signature',
  driftwood: 'x-driftwood-signature',
};

describe('verify', () => {
  for (const dialect of dialectNames) {
    describe(dialect, () => {
      const header = signatureHeaders[dialect];

      test('returns every event of the dialect as it was sent', () => {
        for (const type of typesOf(dialect)) {
          const delivery = sent(dialect, {}, type);
          const body = JSON.parse(delivery.rawBody.toString()) as { data: unknown };
          const event = verify(dialect, delivery);
          assert.deepEqual(
            { ...event, organizationId: undefined, deliveryId: undefined },
            {
              type: dialects[dialect].eventName(type),
              data: body.data,
              occurredAt: new Date(now),
              id: delivery.headers['webhook-id'],
              deliveryId: undefined,
              sandbox: false,
              organizationId: undefined,
            },
          );
        }
      });

      test('accepts text or bytes, and headers of every kind', () => {
        const delivery = sent(dialect);
        const { headers, rawBody } = delivery;
        const wanted = verify(dialect, delivery);
        const shouted = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
        const listed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
        for (const given of [
          shouted,
          listed,
          new Headers(headers),
          new Map(Object.entries(headers)) as unknown as Headers,
        ]) {
          assert.deepEqual(verify(dialect, { ...delivery, headers: given }), wanted);
        }
        assert.deepEqual(verify(dialect, { ...delivery, rawBody: rawBody.toString() }), wanted);
        assert.deepEqual(
          verify(dialect, {
            ...delivery,
            rawBody: new Uint8Array(Buffer.concat([Buffer.from('x'), rawBody])).subarray(1),
          }),
          wanted,
        );
      });

      test('marks events of the sandbox', () => {
        assert.equal(verify(dialect, sent(dialect, { sandbox: true })).sandbox, true);
      });

      test('rejects a changed body, another secret and a changed signature', () => {
        const delivery = sent(dialect);
        fails('signature_mismatch', dialect, { ...delivery, rawBody: `${delivery.rawBody.toString()} ` }, header);
        fails('signature_mismatch', dialect, { ...delivery, secret: dialects[dialect].newSecret() }, header);
        const good = delivery.headers[header] ?? '';
        for (const bad of [
          good.slice(0, -2),
          `${good}0`,
          good.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
          good.slice(1),
          'x',
          '=',
          'v1,',
          'ß'.repeat(64),
        ]) {
          const headers = { ...delivery.headers, [header]: bad };
          assert.throws(() => verify(dialect, { ...delivery, headers }), WebhookVerificationError, bad);
        }
      });

      test('accepts a signature by any of several secrets', () => {
        const delivery = sent(dialect);
        const other = dialects[dialect].newSecret();
        assert.equal(verify(dialect, { ...delivery, secret: [other, delivery.secret] }).sandbox, false);
        fails('signature_mismatch', dialect, { ...delivery, secret: [other, dialects[dialect].newSecret()] }, header);
      });

      test('names the missing header', () => {
        const delivery = sent(dialect);
        fails('missing_header', dialect, { ...delivery, headers: without(delivery.headers, header) }, header);
        fails('missing_header', dialect, { ...delivery, headers: { ...delivery.headers, [header]: '' } }, header);
        fails('missing_header', dialect, { ...delivery, headers: {} }, dialect === 'standard' ? 'webhook-id' : header);
      });

      test('reports a signed body that is not an event as invalid_body', () => {
        for (const text of [
          '',
          '{',
          '[]',
          '"x"',
          '{"event":1,"type":1}',
          '{"event":"a","type":"a","timestamp":"later","occurred_at":"later","data":{}}',
        ]) {
          fails('invalid_body', dialect, signedByHand(dialect, text));
        }
        const fields = {
          event: 'a.b',
          type: 'a.b',
          timestamp: '2026-01-05T09:00:00Z',
          occurred_at: '2026-01-05T09:00:00Z',
          organization_id: 'o',
        };
        for (const data of [undefined, null, [], 'x', 1])
          fails('invalid_body', dialect, signedByHand(dialect, JSON.stringify({ ...fields, data })));
        assert.equal(verify(dialect, signedByHand(dialect, JSON.stringify({ ...fields, data: {} }))).type, 'a.b');
      });

      test('reports invalid arguments as invalid_arguments', () => {
        const delivery = sent(dialect);
        for (const secret of ['', [], ['', delivery.secret], undefined, null, 7, 'whpk_short'] as unknown as string[]) {
          fails('invalid_arguments', dialect, { ...delivery, secret });
        }
        for (const rawBody of [undefined, null, {}, JSON.parse(delivery.rawBody.toString()), 1] as string[]) {
          fails('invalid_arguments', dialect, { ...delivery, rawBody });
        }
        for (const headers of [undefined, null, 'x-webhook-signature: y'] as unknown as Headers[])
          fails('invalid_arguments', dialect, { ...delivery, headers });
        for (const toleranceSeconds of [-1, Number.NaN, '300' as unknown as number])
          fails('invalid_arguments', dialect, { ...delivery, toleranceSeconds });
        fails('invalid_arguments', dialect, undefined as unknown as VerifyOptions);
        fails('invalid_arguments', 'hubspot' as Dialect, delivery);
        fails('invalid_arguments', 'toString' as Dialect, delivery);
      });
    });
  }

  for (const dialect of ['standard', 'warmysender', 'defrost'] as const) {
    test(`${dialect}: a delivery is accepted within five minutes, or within toleranceSeconds`, () => {
      const delivery = sent(dialect);
      const at = (seconds: number, toleranceSeconds?: number): VerifyOptions => ({
        ...delivery,
        nowMs: now + seconds * 1_000,
        toleranceSeconds,
      });
      for (const seconds of [0, 300, -300]) verify(dialect, at(seconds));
      fails('too_old', dialect, at(301));
      fails('too_new', dialect, at(-301));
      verify(dialect, at(3_600, 3_600));
      fails('too_old', dialect, at(1, 0));
      verify(dialect, at(1e9, Infinity));
      fails('too_old', dialect, { ...delivery, nowMs: undefined });
    });
  }

  test('an invalid signature is reported before the age', () => {
    fails(
      'signature_mismatch',
      'standard',
      { ...sent('standard'), secret: dialects.standard.newSecret(), nowMs: now + 1e9 },
      'webhook-signature',
    );
  });

  test('changing a signed timestamp invalidates the signature', () => {
    const later = now + 3_600_000;
    const standard = sent('standard');
    const headers = { ...standard.headers, 'webhook-timestamp': String(later / 1_000) };
    fails('signature_mismatch', 'standard', { ...standard, headers, nowMs: later }, 'webhook-signature');
    const warmy = sent('warmysender');
    const moved = {
      ...warmy.headers,
      'x-warmy-signature': (warmy.headers['x-warmy-signature'] ?? '').replace(/t=\d+/, `t=${later}`),
    };
    fails('signature_mismatch', 'warmysender', { ...warmy, headers: moved, nowMs: later }, 'x-warmy-signature');
  });

  test('a malformed timestamp is reported as malformed_header', () => {
    for (const time of ['now', '-1', '1e3', '1.5', '9'.repeat(16), '٣']) {
      const standard = sent('standard');
      fails(
        'malformed_header',
        'standard',
        { ...standard, headers: { ...standard.headers, 'webhook-timestamp': time } },
        'webhook-timestamp',
      );
      const defrost = sent('defrost');
      fails(
        'malformed_header',
        'defrost',
        { ...defrost, headers: { ...defrost.headers, 'x-defrost-timestamp': time } },
        'x-defrost-timestamp',
      );
    }
    const warmy = sent('warmysender');
    const signature = (warmy.headers['x-warmy-signature'] ?? '').replace(/^t=\d+,/, '');
    for (const text of [signature, `t=,${signature}`, `t=now,${signature}`, `t=${now},t=${now},${signature}`]) {
      fails(
        'malformed_header',
        'warmysender',
        { ...warmy, headers: { ...warmy.headers, 'x-warmy-signature': text } },
        'x-warmy-signature',
      );
    }
  });

  test('warmysender: the second header, which signs the body alone, is not accepted', () => {
    const delivery = sent('warmysender');
    assert.ok(delivery.headers['x-warmysender-signature'] !== undefined);
    fails(
      'missing_header',
      'warmysender',
      { ...delivery, headers: without(delivery.headers, 'x-warmy-signature') },
      'x-warmy-signature',
    );
  });

  test('during a rotation either secret verifies, in dialects that send two signatures', () => {
    for (const dialect of ['standard', 'warmysender'] as const) {
      const previous = dialects[dialect].newSecret();
      const delivery = sent(dialect, {
        previousSecret: { secret: signingSecret(previous), expiresAtMs: now + 1_000, signsAlone: false },
      });
      for (const secret of [delivery.secret, previous])
        assert.equal(verify(dialect, { ...delivery, secret }).sandbox, false);
    }
  });

  test('standard: one valid signature among others is enough, within the first 16', () => {
    const delivery = sent('standard');
    const good = delivery.headers['webhook-signature'] ?? '';
    const headers = (signatures: string) => ({
      ...delivery,
      headers: { ...delivery.headers, 'webhook-signature': signatures },
    });
    verify('standard', headers(`v1,AAAA v2,x v1a,${'A'.repeat(86)}== ${good}`));
    verify('standard', headers(`${good} ${'v1,x '.repeat(1_000)}`));
    fails('signature_mismatch', 'standard', headers(`${'v1,x '.repeat(1_000)}${good}`), 'webhook-signature');
    fails('signature_mismatch', 'standard', headers(good.replace('v1,', 'v1a,')), 'webhook-signature');
    fails('signature_mismatch', 'standard', headers(good.replace('v1,', '')), 'webhook-signature');
  });

  test('standard: an ed25519 signature verifies with the public key, alone or in a list with secrets', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const publicKey = `whpk_${Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`;
    const other = `whpk_${Buffer.from(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64')}`;
    const delivery = sent('standard', { signingKey: privateKey });
    for (const secret of [publicKey, [other, publicKey], [dialects.standard.newSecret(), publicKey]])
      verify('standard', { ...delivery, secret });
    fails('signature_mismatch', 'standard', { ...delivery, secret: other }, 'webhook-signature');
    fails(
      'signature_mismatch',
      'standard',
      { ...delivery, secret: publicKey, rawBody: `${delivery.rawBody.toString()} ` },
      'webhook-signature',
    );
    // Anyone who knows the public key could create this signature.
    const forged = sent('standard', { secret: signingSecret(publicKey.slice('whpk_'.length)) });
    fails('signature_mismatch', 'standard', { ...forged, secret: publicKey }, 'webhook-signature');
  });

  test('the types of events depend on the dialect', () => {
    const bounced = verify('foxreach', sent('foxreach', {}, 'email.bounced'));
    assert.ok(bounced.type === 'email.bounced');
    const kind: 'hard' | 'soft' | null = bounced.data.bounceType;
    assert.equal(kind, 'hard');
    const verified = verify('defrost', sent('defrost', {}, 'lead.verified'));
    assert.ok(verified.type === 'lead.verified');
    const typed: [boolean, string] = [verified.data.passed, verified.organizationId];
    assert.equal(typed[0], true);
    const own = verify<'standard', { 'order.paid': { amount: number } }>('standard', sent('standard'));
    if (own.type === 'order.paid') assert.equal(typeof own.data.amount, 'number');
  });

  test('throws only WebhookVerificationError, whatever the arguments', () => {
    const awkward = fc.oneof(
      fc.anything({ withNullPrototype: true, withTypedArray: true, withMap: true }),
      fc.string(),
    );
    const bytes = fc.oneof(fc.string(), fc.uint8Array(), fc.json());
    const headers = fc.oneof(
      awkward,
      fc.dictionary(
        fc.constantFrom(...Object.values(signatureHeaders), 'webhook-id', 'webhook-timestamp', 'x-defrost-timestamp'),
        awkward,
      ),
      fc.dictionary(
        fc.constantFrom(...Object.values(signatureHeaders), 'webhook-id', 'webhook-timestamp'),
        fc.stringMatching(/^(v1a?,|t=\d+,v1=)?[A-Za-z0-9+/=]{0,90}$/),
      ),
    );
    const publicKey = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((raw) => `whpk_${Buffer.from(raw).toString('base64')}`);
    const secret = fc.oneof(awkward, fc.string(), publicKey, fc.base64String(), fc.array(fc.string()));
    fc.assert(
      fc.property(
        fc.oneof(
          { weight: 9, arbitrary: fc.constantFrom<unknown>(...dialectNames) },
          { weight: 1, arbitrary: awkward },
        ),
        fc.oneof(
          {
            weight: 9,
            arbitrary: fc.record({ headers, rawBody: fc.oneof(bytes, awkward), secret, nowMs: fc.constant(now) }),
          },
          { weight: 1, arbitrary: awkward },
        ),
        (dialect, options) => {
          assert.throws(() => verify(dialect as Dialect, options as VerifyOptions), WebhookVerificationError);
        },
      ),
      { numRuns: 3_000 },
    );
    const throwing = new Proxy(
      {},
      { get: () => assert.fail(), ownKeys: () => assert.fail(), has: () => assert.fail() },
    );
    fails('invalid_arguments', 'standard', throwing as VerifyOptions);
    fails('invalid_arguments', 'standard', { ...sent('standard'), headers: throwing });
  });

  test('accepts any signed body and rejects it after one changed bit', () => {
    fc.assert(
      fc.property(fc.constantFrom(...dialectNames), fc.json(), fc.nat(), (dialect, data, place) => {
        const text = `{"event":"a","type":"a","timestamp":"2026-01-05T09:00:00Z","occurred_at":"2026-01-05T09:00:00Z","organization_id":"o","data":{"x":${data}}}`;
        const delivery = signedByHand(dialect, text);
        assert.deepEqual(verify(dialect, delivery).data, { x: JSON.parse(data) as unknown });
        const changed = Buffer.from(text);
        const index = place % changed.length;
        changed[index] = (changed[index] ?? 0) ^ 1;
        fails('signature_mismatch', dialect, { ...delivery, rawBody: changed }, signatureHeaders[dialect]);
      }),
    );
  });
});

/** Signs any text as the vendors' documentation describes, without the product's code. */
function signedByHand(dialect: Dialect, text: string): Sent {
  const secret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
  const hex = (content: string) => createHmac('sha256', secret).update(content).digest('hex');
  const seconds = String(now / 1_000);
  const base64 = createHmac('sha256', Buffer.alloc(24, 3)).update(`msg_1.${seconds}.${text}`).digest('base64');
  const headers: Record<Dialect, Record<string, string>> = {
    standard: { 'webhook-id': 'msg_1', 'webhook-timestamp': seconds, 'webhook-signature': `v1,${base64}` },
    defrost: {
      'x-defrost-signature': `sha256=${hex(text)}`,
      'webhook-id': 'e',
      'x-defrost-delivery-id': 'd',
      'x-defrost-timestamp': seconds,
    },
    foxreach: { 'x-webhook-signature': hex(text), 'webhook-id': 'e' },
    mailpanda: { 'x-webhook-signature': hex(text), 'webhook-id': 'e' },
    warmysender: { 'x-warmy-signature': `t=${now},v1=${hex(`${now}.${text}`)}`, 'webhook-id': 'e' },
    driftwood: { 'x-driftwood-signature': `sha256=${hex(text)}`, 'webhook-id': 'e', 'x-driftwood-delivery': 'd' },
  };
  return { headers: headers[dialect], rawBody: Buffer.from(text), secret, nowMs: now };
}
