import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, test } from 'node:test';
import { time, unixTime } from '../fields.ts';
import { failureOf, seenBy } from '../judge.ts';
import type { Claim, Material, Provider, ProviderEvent } from '../provider.ts';
import { brevo } from './brevo.ts';
import { mailgun } from './mailgun.ts';
import { postmark } from './postmark.ts';
import { providers } from './registry.ts';
import { resend } from './resend.ts';
import { sendgrid } from './sendgrid.ts';
import { ses } from './ses.ts';

const nowMs = Date.UTC(2026, 0, 5, 9);
const seconds = String(nowMs / 1_000);

const claim = (raw: string, headers: Claim['headers'] = {}, token?: string): Claim => ({
  raw: Buffer.from(raw),
  body: JSON.parse(raw),
  headers,
  token,
  nowMs,
  certificateKey: () => assert.fail('nothing is fetched'),
});
const verified = (provider: Provider, given: Claim, material: Material): unknown => provider.verify(given, material);
const read = (provider: Provider, body: unknown, headers: Claim['headers'] = {}): readonly ProviderEvent[] =>
  provider.read(body, Buffer.from(JSON.stringify(body)), headers);
const one = (provider: Provider, body: unknown): ProviderEvent => read(provider, body)[0] ?? assert.fail();
const notification = (message: unknown): object => ({
  Type: 'Notification',
  MessageId: 'n1',
  Timestamp: '2026-01-05T09:00:00.000Z',
  Message: JSON.stringify(message),
});

describe('providers', () => {
  test('Resend: any of several signatures, over id, time and bytes, within five minutes', () => {
    const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;
    const body = '{"type":"email.sent"}';
    const headers = (at = seconds, signed = body): Claim['headers'] => ({
      'svix-id': 'msg_1',
      'svix-timestamp': at,
      'svix-signature': `v1,AAAA v2,x v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
        .update(`msg_1.${at}.${signed}`)
        .digest('base64')}`,
    });
    assert.equal(verified(resend, claim(body, headers()), { secret }), true);
    for (const bad of [
      claim(`${body} `, headers()),
      claim(body, headers(String(nowMs / 1_000 - 301))),
      claim(body, headers('later')),
      claim(body, { ...headers(), 'svix-id': 'msg_2' }),
      claim(body, { ...headers(), 'svix-signature': 'v1,' }),
      claim(body),
    ])
      assert.equal(verified(resend, bad, { secret }), false);
    assert.equal(verified(resend, claim(body, headers()), { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAA' }), false);
  });

  test('SendGrid: the signature is over time and bytes; another curve is no key', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ format: 'pem', type: 'spki' }) as string;
    const { material } = sendgrid.material({ public_key: pem }, () => '');
    const body = '[{"event":"open"}]\r\n';
    const headers = (at = seconds): Claim['headers'] => ({
      'x-twilio-email-event-webhook-timestamp': at,
      'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(at + body), privateKey).toString('base64'),
    });
    assert.equal(verified(sendgrid, claim(body, headers()), material), true);
    assert.equal(verified(sendgrid, claim(body.trim(), headers()), material), false);
    assert.equal(verified(sendgrid, claim(body, headers(String(nowMs / 1_000 + 301))), material), false);
    const noBase64 = { ...headers(), 'x-twilio-email-event-webhook-signature': '***' };
    assert.equal(verified(sendgrid, claim(body, noBase64), material), false);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'pem', type: 'spki' });
    assert.throws(() => sendgrid.material({ public_key: String(other) }, () => ''), /P-256/);
  });

  test('Amazon SNS: a certificate is asked for only at its hosts, in the region of the topic', async () => {
    const topic = 'arn:aws:sns:eu-west-1:123456789012:ses';
    const asked: string[] = [];
    const isAsked = async (SigningCertURL: unknown, more: object = {}): Promise<boolean> => {
      asked.length = 0;
      const body = {
        ...notification({}),
        TopicArn: topic,
        SignatureVersion: '2',
        Signature: 'AAAA',
        SigningCertURL,
        ...more,
      };
      const certificateKey = (url: string): Promise<undefined> => {
        asked.push(url);
        return Promise.resolve(undefined);
      };
      assert.equal(await ses.verify({ ...claim(JSON.stringify(body)), certificateKey }, { topic_arn: topic }), false);
      return asked.length > 0;
    };
    const path = '/SimpleNotificationService-0a.pem';
    assert.equal(await isAsked(`https://sns.eu-west-1.amazonaws.com${path}`), true);
    for (const bad of [
      `http://sns.eu-west-1.amazonaws.com${path}`,
      `https://sns.us-east-1.amazonaws.com${path}`,
      `https://sns.eu-west-1.amazonaws.com.evil.example${path}`,
      `https://evil.example/sns.eu-west-1.amazonaws.com${path}`,
      `https://sns.eu-west-1.amazonaws.com:8443${path}`,
      `https://user@sns.eu-west-1.amazonaws.com${path}`,
      `https://sns.eu-west-1.amazonaws.com@evil.example${path}`,
      'https://sns.eu-west-1.amazonaws.com/other.pem',
      `https://sns.eu-west-1.amazonaws.com${path}?v=2`,
      `https://sns.eu-west-1.amazonaws.com${path}#2`,
      `https://s3.eu-west-1.amazonaws.com${path}`,
      undefined,
      7,
    ])
      assert.equal(await isAsked(bad), false, String(bad));
    const good = `https://sns.eu-west-1.amazonaws.com${path}`;
    for (const more of [
      { TopicArn: `${topic}2` },
      { SignatureVersion: '3' },
      { Type: 'constructor' },
      { Timestamp: '2026-01-05T07:59:59Z' },
      { Timestamp: '2026-01-05T09:05:01Z' },
      { Subject: 7 },
      { Message: undefined },
    ])
      assert.equal(await isAsked(good, more), false, JSON.stringify(more));
  });

  test('Amazon SNS: a post has at most 50 events, and its Message-IDs are read in bounded time', () => {
    const post = notification({
      notificationType: 'Bounce',
      bounce: { bouncedRecipients: Array.from({ length: 2_000 }, (_, n) => ({ emailAddress: `${n}@a.example` })) },
      mail: { headers: Array.from({ length: 2_000 }, () => ({ name: 'Message-ID', value: '@'.repeat(998) })) },
    });
    assert.equal(read(ses, post).length, 50);
  });

  test('nothing proves a post without a secret', () => {
    const signed = (text: string): string => createHmac('sha256', '').update(text).digest('hex');
    const token = 'a'.repeat(50);
    const mail = { signature: { timestamp: seconds, token, signature: signed(seconds + token) } };
    for (const [provider, given] of [
      [mailgun, claim(JSON.stringify(mail))],
      [providers.generic, claim('{}', { 'x-webhook-signature': signed('{}') })],
      [providers.calcom, claim('{}', { 'x-cal-signature-256': signed('{}') })],
      [providers.calendly, claim('{}', { 'calendly-webhook-signature': `t=${seconds},v1=${signed(`${seconds}.{}`)}` })],
    ] as const)
      for (const material of [{}, { secret: '' }])
        assert.equal(verified(provider, given, material), false, provider.name);
  });

  test('every provider keeps what it does not know, and reads no body as an error', async () => {
    const odd: readonly unknown[] = [
      null,
      1,
      'x',
      [],
      {},
      [null],
      [[]],
      { data: [], 'event-data': 1, event: {}, Type: 1 },
    ];
    for (const provider of Object.values(providers)) {
      if (provider.name === 'generic') continue;
      for (const body of odd) {
        provider.recognise({}, body);
        for (const { type, emailId, recipient } of read(provider, body))
          assert.deepEqual([type, emailId, recipient], ['email.unknown', '', null], provider.name);
        const raw = Buffer.from(JSON.stringify(body));
        const bare: Claim = { ...claim('{}'), raw, body };
        const proof = { secret: 's', username: 'u', password: 'p' };
        assert.equal(await provider.verify(bare, proof), false, provider.name);
      }
    }
    assert.equal(one(sendgrid, [{ event: 'constructor' }]).type, 'email.unknown');
    assert.equal(one(postmark, { RecordType: 'Bounce', Type: '__proto__' }).type, 'email.unknown');
  });

  test('only whose address is gone is hard, in the words of each provider', () => {
    const kinds = (provider: Provider, body: unknown) => {
      const event = one(provider, body);
      const { type, cause } = failureOf(event);
      return [event.type.replace('email.', ''), event.hard, type, cause];
    };
    const grid = (more: object): unknown => [{ event: 'bounce', type: 'bounce', ...more }];
    assert.deepEqual(kinds(sendgrid, grid({ reason: '550 5.1.1 no such user' })), [
      'bounced',
      true,
      'hard',
      'userunknown',
    ]);
    assert.deepEqual(kinds(sendgrid, grid({ status: '5.1.1', reason: 'unspecified' })), [
      'bounced',
      true,
      'hard',
      'userunknown',
    ]);
    assert.equal(kinds(sendgrid, grid({ reason: '554 5.7.1 listed by Spamhaus' }))[2], 'block');
    assert.equal(kinds(sendgrid, grid({ bounce_classification: 'Reputation', reason: 'no' }))[2], 'soft');
    assert.equal(kinds(sendgrid, grid({ type: 'blocked', reason: '550 5.1.1 no such user' }))[2], 'soft');
    assert.equal(kinds(sendgrid, [{ event: 'dropped', reason: 'Bounced Address' }])[2], 'soft');
    const gun = (more: object): unknown => ({
      signature: {},
      'event-data': { event: 'failed', severity: 'permanent', ...more },
    });
    assert.deepEqual(
      kinds(mailgun, gun({ reason: 'generic', 'delivery-status': { code: 550, message: 'mailbox is full' } })),
      ['bounced', undefined, 'soft', 'mailboxfull'],
    );
    assert.equal(
      kinds(mailgun, gun({ reason: 'generic', 'delivery-status': { code: 550, message: 'User unknown' } }))[2],
      'hard',
    );
    assert.equal(kinds(mailgun, gun({ reason: 'old' }))[2], 'soft');
    const mark = (Type: string, Details = ''): unknown => ({ RecordType: 'Bounce', Type, Details });
    assert.equal(kinds(postmark, mark('HardBounce'))[2], 'hard');
    assert.equal(kinds(postmark, mark('Blocked', 'smtp;550 5.1.1 user unknown'))[2], 'soft');
    assert.equal(kinds(postmark, mark('HardBounce', 'smtp;550 5.7.1 Message blocked as spam'))[2], 'block');
    assert.equal(kinds(brevo, { event: 'invalid_email' })[2], 'hard');
    assert.equal(kinds(brevo, { event: 'hard_bounce', reason: '554 5.7.9 DMARC policy of the sender' })[2], 'block');
    const amazon = (bounceType: string, more: object = {}): unknown =>
      notification({
        eventType: 'Bounce',
        bounce: { bounceType, bouncedRecipients: [{ emailAddress: 'a@a.example', ...more }] },
      });
    assert.equal(kinds(ses, amazon('Permanent'))[2], 'hard');
    assert.equal(kinds(ses, amazon('Permanent', { diagnosticCode: 'smtp; 550 5.7.1 blocked by policy' }))[2], 'block');
    assert.equal(kinds(ses, amazon('Transient', { status: '5.1.1' }))[2], 'soft');
    assert.equal(kinds(ses, amazon('Undetermined', { diagnosticCode: 'smtp; 550 5.1.1 user unknown' }))[2], 'hard');
    assert.equal(
      kinds(resend, { type: 'email.bounced', data: { bounce: { type: 'Permanent', message: 'no' } } })[2],
      'hard',
    );
  });

  test('complaints, opt-outs and what the Message-ID may be', () => {
    const complaint = (complaintFeedbackType?: string): string =>
      one(
        ses,
        notification({
          notificationType: 'Complaint',
          complaint: { complaintFeedbackType, complainedRecipients: [{ emailAddress: 'a@a.example' }] },
        }),
      ).type;
    assert.deepEqual(
      [complaint(), complaint('abuse'), complaint('not-spam'), complaint('auth-failure')],
      ['email.complained', 'email.complained', 'email.unknown', 'email.unknown'],
    );
    const out = {
      eventType: 'Subscription',
      subscription: { newTopicPreferences: { unsubscribeAll: true } },
      mail: { destination: ['a@a.example'] },
    };
    assert.deepEqual(
      [one(ses, notification(out)).type, one(ses, notification(out)).recipient],
      ['email.unsubscribed', 'a@a.example'],
    );
    const contact = (unsubscribed: boolean): unknown => ({
      type: 'contact.updated',
      data: { email: 'a@a.example', unsubscribed },
    });
    assert.deepEqual(
      [one(resend, contact(true)).type, one(resend, contact(false)).type],
      ['email.unsubscribed', 'email.unknown'],
    );
    assert.deepEqual(
      one(
        ses,
        notification({
          eventType: 'Send',
          mail: {
            messageId: '01-a',
            sourceArn: 'arn:aws:ses:eu-west-1:1:identity/x',
            commonHeaders: { messageId: '<1@us.example>' },
            destination: ['a@a.example'],
          },
        }),
      ).messageIds,
      ['<01-a@email.amazonses.com>', '<01-a@eu-west-1.amazonses.com>', '<1@us.example>'],
    );
    assert.deepEqual(
      one(mailgun, { 'event-data': { message: { headers: { 'message-id': '1@us.example' } } } }).messageIds,
      ['<1@us.example>'],
    );
    assert.deepEqual(one(postmark, { RecordType: 'Delivery', MessageID: 'abc' }).messageIds, ['<abc@mtasv.net>']);
    assert.deepEqual(one(brevo, { 'message-id': 'two words@x' }).messageIds, []);
    // Longer than a number that is kept exactly.
    const bounce = Buffer.from('{"RecordType":"Bounce","ID":4323372036854775807}');
    assert.equal(postmark.read(JSON.parse(bounce.toString()), bounce, {})[0]?.eventId, '4323372036854775807');
  });

  test('a machine is one by the word of the provider, by its program or by its network', () => {
    const machine = (provider: Provider, body: unknown) => {
      const { verdict, reasons } = seenBy(one(provider, body));
      return [verdict, reasons];
    };
    const browser =
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_4) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15';
    assert.deepEqual(machine(sendgrid, [{ event: 'open', useragent: browser, sg_machine_open: true }]), [
      'machine',
      ['provider'],
    ]);
    assert.deepEqual(machine(sendgrid, [{ event: 'open', useragent: browser, sg_machine_open: false }]), ['human', []]);
    assert.deepEqual(machine(brevo, { event: 'proxy_open' }), ['machine', ['provider']]);
    assert.deepEqual(machine(brevo, { event: 'opened' }), [undefined, undefined]);
    assert.deepEqual(
      machine(mailgun, { 'event-data': { event: 'opened', 'client-info': { 'user-agent': browser, bot: 'apple' } } }),
      ['machine', ['provider']],
    );
    assert.deepEqual(
      machine(
        ses,
        notification({
          eventType: 'Click',
          click: { userAgent: browser, ipAddress: '209.222.82.1', link: 'https://a.example' },
          mail: { destination: ['a@a.example'] },
        }),
      ),
      ['machine', ['scanner_network']],
    );
    assert.deepEqual(
      machine(postmark, { RecordType: 'Open', UserAgent: 'Mozilla/5.0 (via ggpht.com GoogleImageProxy)' }),
      ['proxy', ['image_proxy']],
    );
  });

  test('times are seconds, milliseconds or ISO 8601, as numbers or texts', () => {
    for (const same of [1_767_603_600, '1767603600', 1_767_603_600_000, '1767603600000', '1767603600.000'])
      assert.equal(unixTime(same), nowMs, String(same));
    assert.equal(unixTime(1_767_603_600.089676), nowMs + 89);
    for (const same of [
      '2026-01-05T09:00:00Z',
      '2026-01-05 09:00:00',
      '2026-01-05T10:00:00+01:00',
      '2026-01-05T10:00:00.0000000+0100',
      '2026-01-05T04:00-05',
    ])
      assert.equal(time(same), nowMs, same);
    for (const bad of [undefined, null, '', 'now', Number.NaN, Infinity, -1, 1e300, '1e9', {}, '2026-13-05T09:00:00Z'])
      assert.equal(time(bad), undefined, JSON.stringify(bad));
  });
});
