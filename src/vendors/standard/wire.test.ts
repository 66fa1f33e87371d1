import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { endpointOf, itemOf } from '../../../test/harness/deliveries.ts';
import { headersOf, signedAttempt } from '../../delivery/attempt.ts';
import { signingSecret } from '../../delivery/sign.ts';
import type { EventId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { standard } from './wire.ts';

const event = {
  id: '019b8d6c-0b00-7000-8000-000000000001' as EventId,
  organizationId: '019b8d6c-0b00-7000-8000-000000000002' as OrganizationId,
  type: 'campaign.paused',
  data: Buffer.from('{"id": 1,  "name":"Zo\u00eb"}'),
  occurredAtMs: Date.UTC(2026, 0, 5, 9, 0, 0, 7),
  sandbox: false,
};

describe('the standard dialect', () => {
  test('a body has type, timestamp and the published data byte for byte', () => {
    assert.equal(
      standard.body(event).toString(),
      '{"type":"campaign.paused","timestamp":"2026-01-05T09:00:00.007Z","data":{"id": 1,  "name":"Zo\u00eb"}}',
    );
    const workspaceId = '019b8d6c-0b00-7000-8000-000000000003' as WorkspaceId;
    assert.equal(
      standard.body({ ...event, workspaceId, sandbox: true }).toString(),
      '{"type":"campaign.paused","timestamp":"2026-01-05T09:00:00.007Z","workspace_id":"019b8d6c-0b00-7000-8000-000000000003","sandbox":true,"data":{"id": 1,  "name":"Zo\u00eb"}}',
    );
  });

  test('any JSON arrives byte for byte, and the body is valid JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), (data, type) => {
        const body = standard.body({ ...event, data: Buffer.from(data), type }).toString();
        assert.ok(body.endsWith(`"data":${data}}`));
        const parsed = JSON.parse(body) as { type: string; data: unknown };
        assert.deepEqual(parsed, { type, timestamp: '2026-01-05T09:00:00.007Z', data: JSON.parse(data) });
      }),
    );
  });

  test('a delivery has exactly these headers, and the public library verifies them', () => {
    const secret = standard.newSecret();
    const endpoint = endpointOf({
      wire: standard,
      secret: signingSecret(secret),
      headers: { 'x-shop': '7', 'webhook-id': 'mine' },
    });
    const item = itemOf(endpoint, 0);
    const now = Date.now();
    const attempt = signedAttempt(endpoint, item, now);
    const headers = headersOf(endpoint, attempt);
    assert.deepEqual(headers, {
      'x-shop': '7',
      'content-type': 'application/json',
      'user-agent': 'Outrider/0.1 (+webhooks)',
      'webhook-id': item.event.id,
      'webhook-timestamp': String(Math.floor(now / 1_000)),
      'webhook-signature': headers['webhook-signature'],
    });
    new Webhook(secret).verify(attempt.body, headers);
  });

  test('every type keeps its canonical name; a new secret has 32 random bytes', () => {
    assert.equal(standard.eventName('contact.created'), 'contact.created');
    assert.equal(standard.eventName('order.paid'), 'order.paid');
    const secrets = Array.from({ length: 20 }, standard.newSecret);
    assert.equal(new Set(secrets).size, 20);
    for (const secret of secrets) assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  });
});
