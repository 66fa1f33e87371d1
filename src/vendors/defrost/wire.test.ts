import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { endpointOf, itemOf } from '../../../test/harness/deliveries.ts';
import { headersOf, signedAttempt } from '../../delivery/attempt.ts';
import { signingSecret } from '../../delivery/sign.ts';
import type { EventId, OrganizationId } from '../../base/ids.ts';
import { canonicalTypes } from '../../base/event-types.ts';
import { defrost } from './wire.ts';

/** The verification sample of the vendor's page, which its receivers run. */
function sampleAccepts(
  yourSigningSecret: string,
  requestBody: Buffer,
  headers: Readonly<Record<string, string>>,
): boolean {
  const hmacSha256 = (secret: string, body: Buffer): string => createHmac('sha256', secret).update(body).digest('hex');
  const constantTimeCompare = (a: string, b: string): boolean =>
    a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
  const expected = hmacSha256(yourSigningSecret, requestBody);
  return constantTimeCompare(`sha256=${expected}`, headers['x-defrost-signature'] ?? '');
}

const event = {
  id: '019b8d6c-0b00-7000-8000-000000000001' as EventId,
  organizationId: '019b8d6c-0b00-7000-8000-000000000002' as OrganizationId,
  type: 'lead.verified',
  data: Buffer.from('{"lead_id": "a", "status":"passed"}'),
  occurredAtMs: Date.UTC(2026, 0, 5, 9),
  sandbox: false,
};

function sent(secrets: { current: string; previous?: string }, type = 'email.bounced', data = Buffer.from('{"n":1}')) {
  const now = Date.now();
  const previousSecret =
    secrets.previous === undefined
      ? undefined
      : { secret: signingSecret(secrets.previous), expiresAtMs: now + 1_000, signsAlone: false };
  const endpoint = endpointOf({ wire: defrost, secret: signingSecret(secrets.current), previousSecret });
  const item = itemOf(endpoint, 0, { type, data });
  const attempt = signedAttempt(endpoint, item, now);
  return { item, now, body: attempt.body, headers: headersOf(endpoint, attempt) };
}

describe('the defrost dialect', () => {
  test('a body has event, occurred_at, organization_id and the published data byte for byte', () => {
    assert.equal(
      defrost.body(event).toString(),
      '{"event":"lead.verified","occurred_at":"2026-01-05T09:00:00.000Z","organization_id":"019b8d6c-0b00-7000-8000-000000000002","data":{"lead_id": "a", "status":"passed"}}',
    );
    assert.equal(
      defrost.body({ ...event, sandbox: true }).toString(),
      '{"event":"lead.verified","occurred_at":"2026-01-05T09:00:00.000Z","organization_id":"019b8d6c-0b00-7000-8000-000000000002","sandbox":true,"data":{"lead_id": "a", "status":"passed"}}',
    );
  });

  test('a paused and a finished campaign are the same event; data.reason tells them apart', () => {
    for (const [type, reason] of [
      ['campaign.paused', 'paused'],
      ['campaign.completed', 'finished'],
    ] as const) {
      const body = JSON.parse(
        defrost.body({ ...event, type, data: Buffer.from('{"campaign_id":"c"}') }).toString(),
      ) as Record<string, unknown>;
      assert.deepEqual([body['event'], body['data']], ['campaign.completed', { campaign_id: 'c', reason }]);
    }
    const guarded = Buffer.from('{"reason": "bounce_guard", "campaign_id":"c"}');
    assert.match(
      defrost.body({ ...event, type: 'campaign.paused', data: guarded }).toString(),
      /"data":\{"reason":"paused","campaign_id":"c","pause_reason":"bounce_guard"\}/,
    );
  });

  test("the vendor's sample accepts any body and secret and rejects a changed body", () => {
    fc.assert(
      fc.property(fc.json(), fc.string({ minLength: 1 }), (data, secret) => {
        const { body, headers } = sent({ current: secret }, 'order.paid', Buffer.from(data));
        assert.equal(sampleAccepts(secret, body, headers), true);
        assert.equal(sampleAccepts(`${secret}.`, body, headers), false);
        assert.equal(sampleAccepts(secret, Buffer.concat([body, Buffer.from(' ')]), headers), false);
      }),
    );
  });

  test('a delivery has exactly these headers', () => {
    const { item, now, headers } = sent({ current: defrost.newSecret() });
    const seconds = String(Math.floor(now / 1_000));
    assert.deepEqual(headers, {
      'content-type': 'application/json',
      'user-agent': 'Outrider/0.1 (+webhooks)',
      'webhook-id': item.event.id,
      'webhook-timestamp': seconds,
      'webhook-signature': headers['webhook-signature'],
      'x-defrost-signature': headers['x-defrost-signature'],
      'x-defrost-event': 'send.bounced',
      'x-defrost-delivery-id': item.id,
      'x-defrost-timestamp': seconds,
    });
    assert.match(headers['x-defrost-signature'] ?? '', /^sha256=[0-9a-f]{64}$/);
  });

  test('during a rotation the Standard Webhooks library accepts both secrets, and the sample accepts the current one', () => {
    const [current, previous] = [defrost.newSecret(), defrost.newSecret()];
    const { body, headers } = sent({ current, previous });
    for (const secret of [current, previous]) new Webhook(secret).verify(body, headers);
    assert.equal(sampleAccepts(current, body, headers), true);
    assert.equal(sampleAccepts(previous, body, headers), false);
  });

  test("a caller's secret that is not base64 gives only the vendor's signature", () => {
    const { body, headers } = sent({ current: 'correct horse battery staple' });
    assert.equal(sampleAccepts('correct horse battery staple', body, headers), true);
    assert.equal(headers['webhook-signature'], undefined);
    assert.ok(headers['webhook-id'] !== undefined && headers['webhook-timestamp'] !== undefined);
  });

  test('canonical types have the names of the vendor or none; types that callers publish keep their names', () => {
    assert.equal(defrost.eventName('email.bounced'), 'send.bounced');
    assert.equal(defrost.eventName('contact.created'), undefined);
    assert.equal(defrost.eventName('order.paid'), 'order.paid');
    assert.deepEqual(
      new Set(canonicalTypes.map((type) => defrost.eventName(type)).filter((name) => name !== undefined)),
      new Set([
        'lead.discovered',
        'lead.verified',
        'send.bounced',
        'reply.received',
        'reply.classified',
        'campaign.completed',
        'meeting.booked',
        'email.sent',
        'email.delivered',
        'email.opened',
        'email.clicked',
        'webhook.test',
      ]),
    );
    assert.deepEqual(defrost.retryScheduleSeconds, [60, 300, 1_800, 7_200, 43_200]);
  });
});
