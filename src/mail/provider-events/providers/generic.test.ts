import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import type { ApiError, ErrorDetails } from '../../../base/errors.ts';
import type { ProviderEvent } from '../provider.ts';
import { generic } from './generic.ts';

const bounce = {
  type: 'email.bounced',
  email_id: 'msg_abc123def456',
  recipient: 'invalid@example.com',
  timestamp: '2026-03-03T08:15:00Z',
};
const bytes = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));

function read(body: unknown, raw = bytes(body)): ProviderEvent {
  const [event, ...more] = generic.read(body, raw, {});
  assert.deepEqual(more, []);
  return event ?? assert.fail();
}

function details(body: unknown): ErrorDetails {
  try {
    read(body);
  } catch (error) {
    const { error: name, details: found } = error as ApiError;
    assert.equal(name, 'validation_failed');
    return found ?? {};
  }
  assert.fail('it was read');
}

describe('the generic provider', () => {
  test('the example of the documentation is read', () => {
    const { dedupeKey, ...event } = read(bounce);
    assert.deepEqual(event, {
      type: 'email.bounced',
      emailId: 'msg_abc123def456',
      messageIds: [],
      hard: undefined,
      answer: undefined,
      recipient: 'invalid@example.com',
      occurredAtMs: Date.UTC(2026, 2, 3, 8, 15),
      details: {},
    });
    assert.equal(dedupeKey.length, 32);
  });

  test('times are read with a zone, or as UTC without one; other values are rejected', () => {
    const at = (timestamp: unknown): number | undefined => read({ ...bounce, timestamp }).occurredAtMs;
    for (const same of [
      '2026-03-03T08:15:00',
      '2026-03-03T08:15:00.000Z',
      '2026-03-03T10:15:00+02:00',
      '2026-03-03T08:15',
    ])
      assert.equal(at(same), Date.UTC(2026, 2, 3, 8, 15), same);
    assert.equal(at('2026-03-03T08:15:00.123456'), Date.UTC(2026, 2, 3, 8, 15, 0, 123));
    assert.equal(at(null), undefined);
    for (const bad of [
      '',
      'now',
      '2026-02-30T08:15:00Z',
      '2026-03-03',
      '2026-03-03 08:15:00',
      '2026-03-03T25:00:00Z',
      1_772_525_700,
      '2026-03-03T08:15:00+0200',
    ])
      assert.match(details({ ...bounce, timestamp: bad })['timestamp'] ?? '', /ISO 8601/, String(bad));
  });

  test('missing and invalid fields are reported by name; unknown fields are accepted', () => {
    assert.deepEqual(Object.keys(details({})), ['type', 'email_id']);
    assert.equal(details({})['type'], 'is required');
    assert.match(details({ ...bounce, type: 'email.lost' })['type'] ?? '', /one of email\.sent, /);
    assert.equal(details({ ...bounce, email_id: '' })['email_id'], 'must not be empty');
    assert.equal(details({ ...bounce, email_id: 7 })['email_id'], 'must be a string');
    assert.match(details({ ...bounce, email_id: 'x'.repeat(999) })['email_id'] ?? '', /998/);
    assert.match(details({ ...bounce, recipient: '\ud800' })['recipient'] ?? '', /Unicode/);
    assert.match(details([bounce])['body'] ?? '', /object/);
    assert.equal(read({ ...bounce, colour: 'red', nested: { deep: [1] } }).emailId, bounce.email_id);
    assert.equal(read({ ...bounce, recipient: '' }).recipient, null);
  });

  test('details of the type are read if they have the right kind', () => {
    assert.deepEqual(read({ ...bounce, bounce_type: 'Hard', reason: 'gone', diagnostic: '550', url: 'x' }).details, {
      bounce_type: 'hard',
      reason: 'gone',
      diagnostic: '550',
    });
    assert.deepEqual(read({ ...bounce, bounce_type: 'Permanent', reason: 7 }).details, {});
    const clicked = {
      ...bounce,
      type: 'email.clicked',
      url: 'https://a.example/',
      ip: '203.0.113.9',
      user_agent: 'curl',
      machine: true,
    };
    assert.deepEqual(read(clicked).details, {
      url: 'https://a.example/',
      ip: '203.0.113.9',
      user_agent: 'curl',
      machine: true,
    });
    assert.deepEqual(read({ ...clicked, machine: 'yes', url: null, ip: {}, user_agent: 1 }).details, {});
    assert.deepEqual(read({ ...bounce, type: 'email.failed', reason: 'refused' }).details, { error: 'refused' });
    assert.deepEqual(read({ ...bounce, type: 'email.unsubscribed', method: 'link' }).details, { method: 'link' });
    assert.deepEqual(read({ ...bounce, type: 'email.complained', feedback_type: 'abuse' }).details, {
      feedback_type: 'abuse',
    });
    assert.deepEqual(read({ ...bounce, type: 'email.sent', reason: 'x' }).details, {});
  });

  test('the dedupe key depends on four fields and the clicked link, or on the whole body if there is no time', () => {
    const key = (body: unknown, raw?: Buffer): string => read(body, raw).dedupeKey.toString('hex');
    const same = key(bounce);
    assert.equal(key({ ...bounce, timestamp: '2026-03-03T10:15:00+02:00', attempt: 2 }), same);
    for (const other of [
      { type: 'email.sent' },
      { email_id: 'x' },
      { recipient: undefined },
      { recipient: 'x' },
      { timestamp: '2026-03-03T08:15:01Z' },
    ])
      assert.notEqual(key({ ...bounce, ...other }), same, JSON.stringify(other));
    assert.notEqual(
      key({ ...bounce, email_id: 'a', recipient: 'bc' }),
      key({ ...bounce, email_id: 'ab', recipient: 'c' }),
    );
    const clicked = { ...bounce, type: 'email.clicked', url: 'https://a.example/1' };
    assert.equal(key({ ...clicked, ip: '203.0.113.9' }), key(clicked));
    assert.notEqual(key({ ...clicked, url: 'https://a.example/2' }), key(clicked));
    const timeless = { ...bounce, timestamp: undefined };
    assert.equal(key(timeless), key(timeless));
    assert.notEqual(key(timeless), key({ ...timeless, attempt: 2 }));
    assert.notEqual(key(timeless, bytes(timeless)), key(timeless, Buffer.concat([bytes(timeless), Buffer.from('\n')])));
  });

  test('a signature is the HMAC of the exact bytes with the secret, in 64 hexadecimal digits', () => {
    const raw = Buffer.from('{"a": "Zo\u00eb"}\r\n');
    const secret = 'a secret';
    const signature = createHmac('sha256', secret).update(raw).digest('hex');
    const verify = (given: string | undefined, body = raw, by = secret): unknown =>
      generic.verify(
        {
          raw: body,
          body: undefined,
          headers: given === undefined ? {} : { 'x-webhook-signature': given },
          token: undefined,
          nowMs: 0,
          certificateKey: () => Promise.resolve(undefined),
        },
        { secret: by },
      );
    assert.ok(verify(signature));
    assert.ok(verify(signature.toUpperCase()));
    for (const bad of [
      undefined,
      '',
      'x',
      signature.slice(1),
      `${signature}0`,
      `sha256=${signature}`,
      'z'.repeat(64),
      '0'.repeat(64),
      'é'.repeat(32),
    ])
      assert.ok(!verify(bad), String(bad));
    assert.ok(!verify(signature, Buffer.from('{"a":"Zo\u00eb"}\r\n')));
    assert.ok(!verify(signature, raw, 'a secret '));
  });

  test('a post is recognised by its two required fields', () => {
    assert.ok(generic.recognise({}, bounce));
    for (const other of [undefined, null, 'x', [], {}, { type: 'email.sent' }, { RecordType: 'Bounce' }])
      assert.ok(!generic.recognise({}, other));
  });
});
