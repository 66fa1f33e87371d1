import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, test } from 'node:test';
import { endpointOf, itemOf } from '../../../test/harness/deliveries.ts';
import { headersOf, signedAttempt } from '../../delivery/attempt.ts';
import { signingSecret } from '../../delivery/sign.ts';
import { catalogue } from '../../events/catalogue.ts';
import type { EventId, OrganizationId } from '../../base/ids.ts';
import { canonicalTypes } from '../../base/event-types.ts';
import type { CanonicalType } from '../../base/event-types.ts';
import { subscribable } from '../../delivery/event-names.ts';
import { mailpanda } from './wire.ts';

const event = (type: string, data: unknown = catalogue[type as CanonicalType].example, sandbox = false) => ({
  id: '019b8d6c-0b00-7000-8000-000000000001' as EventId,
  organizationId: '019b8d6c-0b00-7000-8000-000000000002' as OrganizationId,
  type,
  data: Buffer.from(JSON.stringify(data)),
  occurredAtMs: Date.UTC(2026, 0, 5, 9, 0, 0, 7),
  sandbox,
});
const body = (...given: Parameters<typeof event>): string => mailpanda.body(event(...given)).toString();

const head = (name: string): string => `{"event":"${name}","timestamp":"2026-01-05T09:00:00.007Z","data":`;
const whose =
  '"email_id":"0199c9f2-0a44-7e55-b0c3-91d2e7a6f522","recipient":"ada@lovelace.example","campaign_id":"0199c9f2-0a44-7e55-b0c3-91d2e7a6f520"';
const seen =
  '"ip":"203.0.113.24","user_agent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_4) AppleWebKit/605.1.15","machine":false';

describe('the mailpanda dialect', () => {
  test('the body of every event is exact to the byte', () => {
    assert.equal(body('email.opened'), `${head('email.open')}{${whose},${seen}}}`);
    assert.equal(
      body('email.clicked'),
      `${head('email.click')}{${whose},"url":"https://hopper.example/spring",${seen}}}`,
    );
    assert.equal(
      body('email.bounced'),
      `${head('email.bounce')}{${whose},"bounce_type":"hard","reason":"mailbox does not exist"}}`,
    );
    assert.equal(body('email.unsubscribed'), `${head('email.unsubscribe')}{${whose}}}`);
    assert.equal(body('webhook.test', { message: 'hello', n: 1 }), `${head('webhook.test')}{"message":"hello","n":1}}`);
  });

  test('email_id, recipient and campaign_id are always present, other fields only with a value', () => {
    assert.equal(
      body('email.opened', {}),
      `${head('email.open')}{"email_id":null,"recipient":null,"campaign_id":null}}`,
    );
    assert.equal(
      body('email.bounced', { reason: null, bounce_type: 'soft', recipient: 'Zoë', secret: 'x' }, true),
      '{"event":"email.bounce","timestamp":"2026-01-05T09:00:00.007Z","sandbox":true,"data":{"email_id":null,"recipient":"Zoë","campaign_id":null,"bounce_type":"soft"}}',
    );
  });

  test('it has exactly these events', () => {
    const named = canonicalTypes.filter((type) => mailpanda.eventName(type) !== undefined);
    assert.deepEqual(named, ['email.bounced', 'email.opened', 'email.clicked', 'email.unsubscribed', 'webhook.test']);
    assert.deepEqual(subscribable(mailpanda).sort(), [
      'email.bounce',
      'email.click',
      'email.open',
      'email.unsubscribe',
    ]);
    assert.equal(mailpanda.eventName('order.paid'), undefined);
  });

  test('a delivery has exactly these headers; the signature is the hexadecimal HMAC of the body by any secret', () => {
    for (const secret of ['whsec_your_secret_key_here', 'x', '~'.repeat(256)]) {
      const endpoint = endpointOf({ wire: mailpanda, secret: signingSecret(secret) });
      const item = itemOf(endpoint, 0, { type: 'email.opened', data: Buffer.from('{"email_id":"Zo\u00eb"}') });
      const attempt = signedAttempt(endpoint, item, Date.UTC(2026, 0, 5, 9, 0, 1));
      assert.deepEqual(headersOf(endpoint, attempt), {
        'content-type': 'application/json',
        'user-agent': 'Outrider/0.1 (+webhooks)',
        'webhook-id': item.event.id,
        'webhook-timestamp': String(Date.UTC(2026, 0, 5, 9, 0, 1) / 1_000),
        'x-webhook-signature': crypto.createHmac('sha256', secret).update(attempt.body).digest('hex'),
      });
    }
  });
});
