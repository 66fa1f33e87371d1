import assert from 'node:assert/strict';
import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { describe, test } from 'node:test';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';
import { verifies } from '../harness/verify.ts';

/** Headers that the connection adds; all others belong to the delivery. */
const ofTheConnection = new Set(['host', 'connection', 'content-length', 'accept-encoding']);

/** JSON that no parser reproduces exactly: spaces, escapes, a number beyond doubles, 1.0, a repeated name. */
const awkward = '{ "total":1.0, "big": 12345678901234567890,"name":"Zo\\u00eb \\/ Zoë 🚀", "a":1,"a":2 }';

describe('delivery of published events', () => {
  const scene = installationScene();

  for (const dialect of ['defrost', 'standard']) {
    test(`${dialect}: a published event arrives and the vendor's public verification accepts it`, async () => {
      const receiver = await scene.receive();
      const me = await scene.product.tenant();
      const endpoint = await me.register(receiver.url, { dialect, events: ['order.*'] });
      const event = await me.publish('order.paid', { order: 42 });
      assert.deepEqual([event.event, event.deliveries], ['order.paid', 1]);
      assert.equal((await me.publish('invoice.paid')).deliveries, 0, 'not subscribed to');
      await eventually(() => receiver.arrivals.length === 1, 'it arrived');

      const [arrival] = receiver.arrivals;
      assert.ok(arrival !== undefined);
      assert.deepEqual(JSON.parse(arrival.body).data, { order: 42 });
      assert.equal(JSON.parse(arrival.body)[dialect === 'defrost' ? 'event' : 'type'], 'order.paid');
      assert.ok(verifies(endpoint.secret, arrival, scene.clock.now()));
      assert.ok(
        !verifies(endpoint.secret, { ...arrival, body: arrival.body.replace('42', '43') }, scene.clock.now()),
        'another body',
      );
      assert.ok(
        !verifies(`whsec_${Buffer.alloc(32).toString('base64')}`, arrival, scene.clock.now()),
        'another secret',
      );
      assert.ok(!verifies(endpoint.secret, arrival, scene.clock.now() + 301_000), 'five minutes later');

      await eventually(
        async () => (await me.deliveries(endpoint))[0]?.status === 'delivered',
        'it is known as delivered',
      );
      assert.equal((await me.deliveries(endpoint)).length, 1);
      assert.equal((await me.deliveries(endpoint))[0]?.['event_id'], arrival.headers['webhook-id']);
    });
  }

  test('a Defrost receiver can verify x-defrost-signature as documented', async () => {
    const receiver = await scene.receive();
    const me = await scene.product.tenant();
    const { secret: yourSigningSecret } = await me.register(receiver.url);
    await me.api('POST', '/v1/events', `{"event":"reply.received","data":${JSON.stringify({ body: 'Grüße 🚀' })}}`);
    await eventually(() => receiver.arrivals.length === 1, 'it arrived');
    const { body: requestBody = '', headers = {} } = receiver.arrivals[0] ?? {};

    // The documentation's sample with its two functions inlined:
    //   const expected = hmacSha256(yourSigningSecret, requestBody)
    //   if (!constantTimeCompare(`sha256=${expected}`, headers['x-defrost-signature'])) reject()
    const hmacSha256 = (secret: string, body: string): string =>
      createHmac('sha256', secret).update(body).digest('hex');
    const constantTimeCompare = (a: string, b: string): boolean =>
      a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
    const genuine = (body: string): boolean =>
      constantTimeCompare(`sha256=${hmacSha256(yourSigningSecret, body)}`, String(headers['x-defrost-signature']));
    assert.ok(genuine(requestBody));
    assert.ok(!genuine(`${requestBody} `));

    assert.equal(headers['x-defrost-event'], 'reply.received');
    assert.match(String(headers['x-defrost-delivery-id']), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(headers['x-defrost-timestamp'], String(Math.floor(scene.clock.now() / 1_000)));
  });

  test('an ed25519 signature verifies with the key at /.well-known/webhook-keys', async () => {
    const receiver = await scene.receive();
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url, { dialect: 'standard', signing: 'ed25519' });
    await me.publish('order.paid', { order: 42 });
    await eventually(() => receiver.arrivals.length === 1, 'it arrived');
    const [arrival] = receiver.arrivals;
    assert.ok(arrival !== undefined);

    const { keys } = (await (await fetch(`${me.url}/.well-known/webhook-keys`)).json()) as {
      keys: { x: string; kty: string; crv: string; public_key: string }[];
    };
    const jwk = keys.find((each) => each.public_key === endpoint['public_key']);
    assert.ok(jwk !== undefined, 'the endpoint names its key');
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    const signature = String(arrival.headers['webhook-signature'])
      .split(' ')
      .find((each) => each.startsWith('v1a,'));
    const signed = (body: string): Buffer =>
      Buffer.from(`${String(arrival.headers['webhook-id'])}.${String(arrival.headers['webhook-timestamp'])}.${body}`);
    const bytes = Buffer.from(signature?.slice(4) ?? '', 'base64');
    assert.ok(verify(null, signed(arrival.body), publicKey, bytes));
    assert.ok(!verify(null, signed(`${arrival.body} `), publicKey, bytes));

    const stranger = await (
      await scene.product.tenant()
    ).register(receiver.url, { dialect: 'standard', signing: 'ed25519' });
    assert.notEqual(stranger['public_key'], endpoint['public_key'], 'each organization has a key of its own');
  });

  test("an attempt shows the exact bytes sent and the receiver's response", async () => {
    const receiver = await scene.receive((_arrival, response) =>
      response.writeHead(201, { 'x-note': 'thanks' }).end('välkommen'),
    );
    const me = await scene.product.tenant();
    const endpoint = await me.register(`${receiver.url}/hooks/a?b=c`, {
      headers: { 'X-Shop': 'north', Authorization: 'Bearer of-the-receiver' },
    });
    await me.api('POST', '/v1/events', `{"event":"order.paid", "data":${awkward}}`);
    await eventually(async () => (await me.deliveries(endpoint))[0]?.status === 'delivered', 'it is delivered');

    const [arrival] = receiver.arrivals;
    assert.ok(arrival !== undefined);
    assert.equal(arrival.path, '/hooks/a?b=c');
    assert.ok(arrival.body.endsWith(`"data":${awkward}}`), arrival.body);
    assert.equal(arrival.headers['content-length'], String(Buffer.byteLength(arrival.body)));
    assert.deepEqual(
      [arrival.headers['x-shop'], arrival.headers['authorization']],
      ['north', 'Bearer of-the-receiver'],
    );

    const [attempt, ...more] = (await me.delivery(arrival.deliveryId)).attempts;
    assert.ok(attempt !== undefined);
    assert.deepEqual(more, []);
    assert.equal(attempt.request.body, arrival.body);
    assert.equal(attempt.request.url, `${receiver.url}/hooks/a?b=c`);
    const sent = Object.fromEntries(Object.entries(arrival.headers).filter(([name]) => !ofTheConnection.has(name)));
    assert.ok('webhook-signature' in sent && 'x-defrost-signature' in sent);
    assert.deepEqual(
      attempt.request.headers,
      { ...sent, 'x-shop': '***', authorization: '***' },
      'but for what the caller set, which may be a credential',
    );
    assert.deepEqual([attempt.number, attempt.status_code, attempt.error], [1, 201, null]);
    assert.deepEqual([attempt.response?.headers['x-note'], attempt.response?.body], ['thanks', 'välkommen']);
  });

  test('a test delivery is sent once, only to its endpoint, whatever its subscriptions', async () => {
    const [asked, other] = [
      await scene.receive((_arrival, response) => response.writeHead(500).end('no')),
      await scene.receive(),
    ];
    const me = await scene.product.tenant();
    const endpoint = await me.register(asked.url, { events: ['order.paid'] });
    await me.register(other.url);
    const { delivery_id: id } = await me.got('POST', `/v1/webhooks/${endpoint.id}/test`, {});
    await eventually(async () => (await me.delivery(String(id))).status === 'failed', 'it fails after one attempt');
    assert.deepEqual(
      asked.arrivals.map(({ headers }) => headers['x-defrost-event']),
      ['webhook.test'],
    );
    assert.deepEqual(
      (await me.delivery(String(id))).attempts.map((attempt) => attempt.error),
      ['The receiver answered 500.'],
    );
    assert.equal((await me.got('GET', `/v1/webhooks/${endpoint.id}`))['is_active'], true);

    await me.got('POST', `/v1/webhooks/${endpoint.id}/test`, { event: 'reply.received' });
    await eventually(() => asked.arrivals.length === 2, 'the example of a type');
    assert.equal(asked.arrivals[1]?.headers['x-defrost-event'], 'reply.received');
    // The other endpoint's queue is in order of publishing, so its first delivery shows that it got no test.
    await me.publish('order.paid');
    await eventually(() => other.arrivals.length === 1, 'the other endpoint got the order');
    assert.equal(other.arrivals[0]?.headers['x-defrost-event'], 'order.paid');
  });
});
