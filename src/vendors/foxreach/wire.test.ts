import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { endpointOf, itemOf } from '../../../test/harness/deliveries.ts';
import { headersOf, signedAttempt } from '../../delivery/attempt.ts';
import { signingSecret } from '../../delivery/sign.ts';
import { catalogue } from '../../events/catalogue.ts';
import type { EventId, OrganizationId } from '../../base/ids.ts';
import { canonicalTypes, isCanonical } from '../../base/event-types.ts';
import { subscribable } from '../../delivery/event-names.ts';
import { foxreach } from './wire.ts';

const event = {
  id: '019b8d6c-0b00-7000-8000-000000000001' as EventId,
  organizationId: '019b8d6c-0b00-7000-8000-000000000002' as OrganizationId,
  occurredAtMs: Date.UTC(2026, 0, 6, 14, 21, 7),
  sandbox: false,
};

const [cmp, cld, rpl] = [
  'cmp_0199c9f20a447e55b0c391d2e7a6f520',
  'cld_0199c9f17b207d028f113c5a7e90b410',
  'rpl_0199c9f20a447e55b0c391d2e7a6f523',
];
const email = '0199c9f2-0a44-7e55-b0c3-91d2e7a6f522';
const mail = `"emailLogId":"${email}","campaignId":"${cmp}","leadId":"${cld}","toEmail":"ada@lovelace.example","fromEmail":"grace@hopper.example","subject":"Spring launch","sequenceStep":1`;

/** By canonical type: FoxReach's name, and the data of the catalogue's example. */
const bodies: Readonly<Record<string, readonly [name: string, data: string]>> = {
  'contact.created': [
    'lead.created',
    `{"leadId":"${cld}","email":"ada@lovelace.example","firstName":"Ada","lastName":"Lovelace","company":"Analytical Engines","title":"Head of Research","phone":"+44 20 7946 0018","linkedinUrl":"https://www.linkedin.com/in/ada-lovelace","website":"https://lovelace.example","tags":["vip"],"customFields":{"loyalty_tier":"gold"},"notes":null,"source":null,"status":"active","createdAt":"2026-01-05T09:00:00.000Z","updatedAt":"2026-01-05T09:00:00.000Z"}`,
  ],
  'contact.updated': [
    'lead.updated',
    `{"leadId":"${cld}","email":"ada@lovelace.example","title":"Head of Research","tags":["vip"]}`,
  ],
  'campaign.started': ['campaign.started', `{"campaignId":"${cmp}","name":"Spring launch","status":"active"}`],
  'campaign.paused': ['campaign.paused', `{"campaignId":"${cmp}","name":"Spring launch","status":"paused"}`],
  'campaign.completed': ['campaign.completed', `{"campaignId":"${cmp}","name":"Spring launch","status":"completed"}`],
  'email.sent': ['email.sent', `{${mail}}`],
  'email.failed': ['email.failed', `{${mail},"error":"535 5.7.8 Authentication failed"}`],
  'email.bounced': ['email.bounced', `{${mail},"bounceType":"hard"}`],
  'email.opened': [
    'email.opened',
    `{"emailLogId":"${email}","campaignId":"${cmp}","leadId":"${cld}","toEmail":"ada@lovelace.example"}`,
  ],
  'reply.received': [
    'reply.received',
    `{"replyId":"${rpl}","campaignId":"${cmp}","leadId":"${cld}","fromEmail":"ada@lovelace.example","subject":"Re: Spring launch","bodyPreview":"Sounds interesting. Could you send me some times for next week?"}`,
  ],
  'reply.classified': ['reply.categorized', `{"replyId":"${rpl}","category":"interested","previousCategory":null}`],
  'webhook.test': [
    'webhook.test',
    '{"webhookId":"cwh_0199c9f49d3e7f669b482f7d1a5c0e40","message":"A test from Outrider. Nothing happened."}',
  ],
};

const exampleOf = (type: string): Buffer =>
  Buffer.from(JSON.stringify(isCanonical(type) ? catalogue[type].example : assert.fail(type)));

/** The check that FoxReach describes for receivers: the bare HMAC of the raw body, keyed by the secret as it is. */
const signatureOf = (secret: string, rawBody: Buffer): string =>
  createHmac('sha256', secret).update(rawBody).digest('hex');

function sent(type: string, data: Buffer, secrets: { current: string; previous?: string }) {
  const now = Date.now();
  const previousSecret =
    secrets.previous === undefined
      ? undefined
      : { secret: signingSecret(secrets.previous), expiresAtMs: now + 1_000, signsAlone: false };
  const endpoint = endpointOf({ wire: foxreach, secret: signingSecret(secrets.current), previousSecret });
  const item = itemOf(endpoint, 0, { type, data });
  const attempt = signedAttempt(endpoint, item, now);
  return { item, now, body: attempt.body, headers: headersOf(endpoint, attempt) };
}

describe('the foxreach dialect', () => {
  test("it has FoxReach's events under FoxReach's names", () => {
    assert.deepEqual(
      new Set(subscribable(foxreach)),
      new Set([
        'email.sent',
        'email.failed',
        'email.bounced',
        'email.opened',
        'reply.received',
        'reply.categorized',
        'campaign.started',
        'campaign.paused',
        'campaign.completed',
        'lead.created',
        'lead.updated',
      ]),
    );
    for (const type of ['order.paid', 'lead.created', 'reply.categorized', 'constructor', '__proto__', ''])
      assert.equal(foxreach.eventName(type), undefined);
    assert.deepEqual(
      canonicalTypes.filter((type) => foxreach.eventName(type) !== undefined).toSorted(),
      Object.keys(bodies).toSorted(),
      'each is checked below',
    );
  });

  for (const [type, [name, data]] of Object.entries(bodies)) {
    test(`${type}: the body is exact to the byte, and so are the headers`, () => {
      const secret = foxreach.newSecret();
      const expected = (sandbox: string): string =>
        `{"event":"${name}","timestamp":"2026-01-06T14:21:07.000Z",${sandbox}"data":${data}}`;
      assert.equal(foxreach.body({ ...event, type, data: exampleOf(type) }).toString(), expected(''));
      assert.equal(
        foxreach.body({ ...event, type, data: exampleOf(type), sandbox: true }).toString(),
        expected('"sandbox":true,'),
      );

      const { item, now, body, headers } = sent(type, exampleOf(type), { current: secret });
      assert.deepEqual(headers, {
        'content-type': 'application/json',
        'user-agent': 'Outrider/0.1 (+webhooks)',
        'webhook-id': item.event.id,
        'webhook-timestamp': String(Math.floor(now / 1_000)),
        'webhook-signature': headers['webhook-signature'],
        'x-webhook-signature': signatureOf(secret, body),
      });
      new Webhook(secret).verify(body, headers);
    });
  }

  test('a published event with only some of the fields has a body with only these', () => {
    const body = foxreach.body({
      ...event,
      type: 'email.sent',
      data: Buffer.from('{"recipient": "zo\u00eb@example.org", "own": {"a_b": 1}}'),
    });
    assert.equal(
      body.toString(),
      '{"event":"email.sent","timestamp":"2026-01-06T14:21:07.000Z","data":{"toEmail":"zo\u00eb@example.org"}}',
    );
  });

  test('any secret signs any body; another secret or a changed byte does not verify', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (subject, secret) => {
        const { body, headers } = sent('email.sent', Buffer.from(JSON.stringify({ subject })), { current: secret });
        const signature = headers['x-webhook-signature'];
        assert.equal(signature, signatureOf(secret, body));
        assert.notEqual(signature, signatureOf(`${secret}.`, body));
        assert.notEqual(signature, signatureOf(secret, Buffer.concat([body, Buffer.from(' ')])));
      }),
    );
  });

  test('during a rotation the header has a signature by the new secret', () => {
    const [current, previous] = [foxreach.newSecret(), foxreach.newSecret()];
    const { body, headers } = sent('email.sent', exampleOf('email.sent'), { current, previous });
    assert.equal(headers['x-webhook-signature'], signatureOf(current, body));
    for (const secret of [current, previous]) new Webhook(secret).verify(body, headers);
  });

  test('a new secret has 64 hexadecimal characters; the timeout is 5 s, with retries after 1, 5 and 30 minutes and no disabling', () => {
    const secrets = Array.from({ length: 20 }, foxreach.newSecret);
    assert.equal(new Set(secrets).size, 20);
    for (const secret of secrets) assert.match(secret, /^[0-9a-f]{64}$/);
    assert.deepEqual(
      [foxreach.timeoutMs, foxreach.retryScheduleSeconds, foxreach.whenExhausted],
      [5_000, [60, 300, 1_800], 'nothing'],
    );
  });
});
