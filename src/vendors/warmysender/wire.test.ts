import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { endpointOf, itemOf } from '../../../test/harness/deliveries.ts';
import { headersOf, signedAttempt } from '../../delivery/attempt.ts';
import { signingSecret } from '../../delivery/sign.ts';
import { catalogue } from '../../events/catalogue.ts';
import { example as known } from '../../events/catalogue/built-in.ts';
import { canonicalTypes } from '../../base/event-types.ts';
import type { CanonicalType } from '../../base/event-types.ts';
import { subscribable } from '../../delivery/event-names.ts';
import { warmysender } from './wire.ts';

const nowMs = Date.UTC(2026, 0, 5, 9, 0, 2, 345);
const toleranceMs = 300_000;

const hmac = (secret: string, content: string | Buffer): string =>
  createHmac('sha256', secret).update(content).digest('hex');
const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** The check of the vendor's current receivers: `t` is part of the signed text and must be less than five minutes old. */
function accepts(secret: string, body: Buffer, header: string, atMs: number): boolean {
  const parts = header.split(',').map((part) => part.split('=', 2) as [string, string]);
  const t = parts.find(([name]) => name === 't')?.[1] ?? '';
  if (Math.abs(atMs - Number(t)) > toleranceMs) return false;
  return parts.some(([name, value]) => name === 'v1' && same(value, hmac(secret, `${t}.${body.toString()}`)));
}

function sent(type: string, data: unknown, secrets: { current: string; previous?: string }, sandbox = false) {
  const previousSecret =
    secrets.previous === undefined
      ? undefined
      : { secret: signingSecret(secrets.previous), expiresAtMs: nowMs + 1_000, signsAlone: false };
  const endpoint = endpointOf({ wire: warmysender, sandbox, secret: signingSecret(secrets.current), previousSecret });
  const item = itemOf(endpoint, 0, { type, data: Buffer.from(JSON.stringify(data)) });
  const attempt = signedAttempt(endpoint, item, nowMs);
  return { item, body: attempt.body, headers: headersOf(endpoint, attempt) };
}

const mail = (at: string, more: object = {}): object => ({
  emailId: known.email,
  messageId: '<0199c9f2.1@hopper.example>',
  campaignId: known.campaign,
  leadId: known.lead,
  prospectId: known.contact,
  mailboxId: known.mailbox,
  prospectEmail: 'ada@lovelace.example',
  from: 'grace@hopper.example',
  subject: 'Spring launch',
  stepIndex: 0,
  [at]: '2026-01-06T14:21:07.000Z',
  ...more,
});
const seen = {
  verdict: 'human',
  reasons: [],
  machine: false,
  ip: '203.0.113.24',
  userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_4) AppleWebKit/605.1.15',
};
const mailbox = { mailboxId: known.mailbox, email: 'grace@hopper.example' };

/** By canonical type: the vendor's name, and `data` as it is sent. */
const expected: Readonly<Partial<Record<CanonicalType, readonly [name: string, data: object]>>> = {
  'email.sent': ['email.sent', mail('sentAt')],
  'email.bounced': [
    'email.bounced',
    mail('bouncedAt', {
      bounceType: 'hard',
      bounceReason: 'mailbox does not exist',
      cause: 'userunknown',
      diagnostic: 'smtp; 550 5.1.1 <ada@lovelace.example>: User unknown',
    }),
  ],
  'email.opened': ['email.opened', mail('openedAt', { ...seen, url: null })],
  'email.clicked': ['email.clicked', mail('clickedAt', { ...seen, url: 'https://hopper.example/spring' })],
  'email.unsubscribed': ['email.unsubscribed', mail('unsubscribedAt', { method: 'one_click' })],
  'reply.received': [
    'reply.received',
    {
      replyId: known.reply,
      campaignId: known.campaign,
      leadId: known.lead,
      prospectId: known.contact,
      mailboxId: known.mailbox,
      messageId: '<0199c9f2.2@lovelace.example>',
      prospectEmail: 'ada@lovelace.example',
      subject: 'Re: Spring launch',
      bodyPreview: 'Sounds interesting. Could you send me some times for next week?',
      receivedAt: '2026-01-05T09:00:00.000Z',
    },
  ],
  'mailbox.connected': ['mailbox.connected', { ...mailbox, reason: null }],
  'mailbox.disconnected': ['mailbox.disconnected', { ...mailbox, reason: 'authentication failed' }],
  'warmup.health_changed': ['warmup.health_changed', { ...mailbox, previousBand: 'healthy', band: 'watch', score: 71 }],
  'warmup.milestone': ['warmup.milestone', { ...mailbox, milestone: 'sent_100', value: 100 }],
  'suppression.created': [
    'prospect.suppressed',
    {
      suppressionId: known.suppression,
      email: 'ada@lovelace.example',
      domain: null,
      prospectId: known.contact,
      reason: 'unsubscribed',
      suppressedAt: '2026-01-05T09:00:00.000Z',
    },
  ],
  'sending.limit_reached': [
    'limit.hit',
    {
      ...mailbox,
      limitType: 'daily_mailbox',
      domain: null,
      currentValue: 50,
      limitValue: 50,
      resetsAt: '2026-01-07T00:00:00.000Z',
      hitAt: '2026-01-05T09:00:00.000Z',
    },
  ],
  'webhook.test': ['webhook.test', { endpointId: known.endpoint, message: 'A test from Outrider. Nothing happened.' }],
};

describe('the warmysender dialect', () => {
  test('it has exactly these events', () => {
    const types = canonicalTypes.filter((type) => warmysender.eventName(type) !== undefined);
    assert.deepEqual(new Set(types), new Set(Object.keys(expected)));
    assert.deepEqual(
      subscribable(warmysender),
      types.filter((type) => type !== 'webhook.test').map((type) => expected[type]?.[0]),
    );
    assert.equal(warmysender.eventName('order.paid'), undefined);
  });

  for (const [type, [name, data]] of Object.entries(expected)) {
    test(`${type}: the body has type, data and timestamp, byte for byte; the headers are exact`, () => {
      const secret = warmysender.newSecret();
      const { item, body, headers } = sent(type, catalogue[type as CanonicalType].example, { current: secret });
      assert.equal(
        body.toString(),
        `{"type":"${name}","data":${JSON.stringify(data)},"timestamp":"2026-01-05T09:00:00.000Z"}`,
      );
      assert.deepEqual(headers, {
        'content-type': 'application/json',
        'user-agent': 'Outrider/0.1 (+webhooks)',
        'webhook-id': item.event.id,
        'webhook-timestamp': '1767603602',
        'webhook-signature': headers['webhook-signature'],
        'x-warmysender-signature': hmac(secret, body),
        'x-warmy-signature': `t=1767603602345,v1=${hmac(secret, `1767603602345.${body.toString()}`)}`,
        'x-warmy-event-id': item.event.id,
        'x-warmy-event-type': name,
        'x-warmy-timestamp': '1767603602345',
      });
    });
  }

  test("a publisher's own fields are in camelCase, and its own time is kept", () => {
    const data = {
      campaign_id: 'c',
      plan_code: 'gold',
      constructor: 1,
      toString: 2,
      nested: { as_it: 'is' },
      occurred_at: '2026-01-01T00:00:00Z',
      step: null,
    };
    assert.equal(
      sent('reply.received', data, { current: 'x'.repeat(16) }).body.toString(),
      '{"type":"reply.received","data":{"campaignId":"c","planCode":"gold","constructor":1,"toString":2,"nested":{"as_it":"is"},"receivedAt":"2026-01-01T00:00:00Z","stepIndex":null},"timestamp":"2026-01-05T09:00:00.000Z"}',
    );
  });

  test('the actor is removed from every event', () => {
    for (const type of ['suppression.created', 'email.opened', 'mailbox.connected']) {
      const { body } = sent(
        type,
        { email: 'ada@lovelace.example', actor: { type: 'key', id: 'k' } },
        { current: 'x'.repeat(16) },
      );
      assert.match(body.toString(), /"data":\{"email":"ada@lovelace\.example"[,}]/);
      assert.doesNotMatch(body.toString(), /actor/);
    }
  });

  test('a delivery from a sandbox is marked', () => {
    assert.equal(
      sent('warmup.milestone', {}, { current: 'x'.repeat(16) }, true).body.toString(),
      '{"type":"warmup.milestone","data":{},"timestamp":"2026-01-05T09:00:00.000Z","sandbox":true}',
    );
  });

  test('receivers can verify either header, and reject another secret, a changed body and an old delivery', () => {
    const secret = warmysender.newSecret();
    const { body, headers } = sent('mailbox.connected', {}, { current: secret });
    const header = headers['x-warmy-signature'] ?? '';
    assert.equal(accepts(secret, body, header, nowMs + toleranceMs), true);
    assert.equal(accepts(secret, body, header, nowMs + toleranceMs + 1), false);
    assert.equal(accepts(`${secret}.`, body, header, nowMs), false);
    assert.equal(accepts(secret, Buffer.concat([body, Buffer.from(' ')]), header, nowMs), false);
    assert.equal(accepts(secret, body, header.replace('345', '346'), nowMs), false);
    assert.notEqual(headers['x-warmysender-signature'], hmac(`${secret}.`, body));
  });

  test('during a rotation the lists have a signature by each secret, the new one first; the bare header has only the new one', (context) => {
    context.mock.timers.enable({ apis: ['Date'], now: nowMs });
    const [current, previous] = [warmysender.newSecret(), warmysender.newSecret()];
    const { body, headers } = sent('limit.hit', {}, { current, previous });
    const signed = `1767603602345.${body.toString()}`;
    assert.equal(
      headers['x-warmy-signature'],
      `t=1767603602345,v1=${hmac(current, signed)},v1=${hmac(previous, signed)}`,
    );
    assert.equal(headers['x-warmysender-signature'], hmac(current, body));
    for (const secret of [current, previous]) {
      assert.equal(accepts(secret, body, headers['x-warmy-signature'] ?? '', nowMs), true);
      new Webhook(secret).verify(body, headers);
    }
  });

  test('it retries ten times, up to 72 hours apart, with a timeout of five seconds', () => {
    assert.deepEqual(
      [
        warmysender.retryScheduleSeconds.length,
        warmysender.retryScheduleSeconds[0],
        warmysender.retryScheduleSeconds.at(-1),
      ],
      [10, 60, 259_200],
    );
    assert.equal(warmysender.timeoutMs, 5_000);
  });
});
