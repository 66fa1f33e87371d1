import assert from 'node:assert/strict';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { describe, test } from 'node:test';
import { callerOf } from '../../../test/harness/caller.ts';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import type { Answer } from '../../../test/harness/edge.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { asTimePasses, installationScene } from '../../../test/harness/installation.ts';
import { setPlan } from '../../auth/index.ts';

const nobody = 'http://127.0.0.1:9/hook';
const noSuch = 'cwh_0199c9f05f4e7c1e9a330a6f2f9f1d00';
const eventNames = [
  'lead.created',
  'lead.updated',
  'campaign.started',
  'campaign.paused',
  'campaign.completed',
  'email.sent',
  'email.failed',
  'email.bounced',
  'email.opened',
  'reply.received',
  'reply.categorized',
];

/** The check of a receiver: the hexadecimal HMAC of the raw body, keyed by the secret as it was given. */
function genuine(secret: string, rawBody: string, signature: unknown): boolean {
  const expected = createHmac('sha256', secret).update(rawBody).digest('hex');
  return (
    typeof signature === 'string' &&
    signature.length === expected.length &&
    timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
  );
}

describe("FoxReach's API", () => {
  const scene = installationScene();

  /** Calls as FoxReach's clients do: the key only in `X-API-Key`, and a content type on every request. */
  const call = (
    { key }: { readonly key: string },
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> =>
    callerOf(scene.product.url, '').api(method, `/api/v1${path}`, body, {
      'content-type': 'application/json',
      ...(key === '' ? {} : { 'x-api-key': key }),
      ...headers,
    });

  async function got(caller: Caller, method: string, path: string, body?: unknown): Promise<Fields> {
    const answer = await call(caller, method, path, body);
    assert.ok(answer.status === 200 || answer.status === 201, answer.text);
    assert.deepEqual(Object.keys(answer.json), ['data']);
    return answer.json.data as Fields;
  }

  const make = (caller: Caller, settings: Fields = {}): Promise<Fields> =>
    got(caller, 'POST', '/webhooks', { url: nobody, events: ['email.sent'], ...settings });
  const uuidOf = ({ id }: Fields): string =>
    String(id).replace(/^cwh_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

  /** Returns the message of a refusal. */
  function refusal(answer: Answer, status: number): string {
    assert.equal(answer.status, status, answer.text);
    assert.deepEqual(Object.keys(answer.json), ['detail']);
    assert.ok(typeof answer.json['detail'] === 'string');
    return answer.json['detail'];
  }

  test('a webhook can be created, read, changed and deleted; its secret is shown once', async () => {
    const me = await scene.product.tenant();
    const created = await call(me, 'POST', '/webhooks', {
      url: nobody,
      events: ['email.sent', 'reply.received', 'campaign.completed'],
    });
    assert.equal(created.status, 201);
    assert.equal(created.headers.get('cache-control'), 'no-store');
    const { secret, ...webhook } = created.json.data as Fields;
    assert.match(String(secret), /^[0-9a-f]{64}$/);
    assert.match(String(webhook['id']), /^cwh_[0-9a-f]{32}$/);
    const now = new Date(scene.clock.now()).toISOString();
    assert.deepEqual(Object.entries(created.json.data as Fields), [
      ['id', webhook['id']],
      ['url', nobody],
      ['isActive', true],
      ['events', ['email.sent', 'reply.received', 'campaign.completed']],
      ['secret', secret],
      ['lastDeliveredAt', null],
      ['consecutiveFailures', 0],
      ['createdAt', now],
      ['updatedAt', now],
    ]);

    const path = `/webhooks/${String(webhook['id'])}`;
    assert.deepEqual(Object.entries(await got(me, 'GET', path)), Object.entries(webhook));
    await scene.clock.advance(1_000);
    const changed = { ...webhook, updatedAt: new Date(scene.clock.now()).toISOString() };
    assert.deepEqual(await got(me, 'PATCH', path, { isActive: false }), { ...changed, isActive: false });
    assert.deepEqual(await got(me, 'PATCH', path, { url: `${nobody}/2`, events: ['lead.created'] }), {
      ...changed,
      isActive: false,
      url: `${nobody}/2`,
      events: ['lead.created'],
    });
    assert.deepEqual(await got(me, 'PATCH', path, {}), await got(me, 'GET', path), 'nothing given: nothing changed');

    const deleted = await call(me, 'DELETE', path);
    assert.deepEqual([deleted.status, deleted.text], [204, '']);
    for (const method of ['GET', 'PATCH', 'DELETE'])
      assert.equal(refusal(await call(me, method, path), 404), 'Webhook not found.');
    assert.equal((await make(me, { isActive: false }))['isActive'], false);
  });

  test('webhooks are listed in pages', async () => {
    const me = await scene.product.tenant();
    assert.deepEqual((await call(me, 'GET', '/webhooks')).json, {
      data: [],
      meta: { page: 1, pageSize: 50, total: 0, totalPages: 0 },
    });
    const made: unknown[] = [];
    for (let n = 0; n < 5; n += 1) made.unshift((await make(me))['id']);
    const page = async (query: string): Promise<[unknown[], unknown]> => {
      const { data, meta } = (await call(me, 'GET', `/webhooks?${query}`)).json;
      assert.doesNotMatch(JSON.stringify(data), /secret/);
      return [(data as Fields[]).map(({ id }) => id), meta];
    };
    assert.deepEqual(await page('pageSize=2'), [made.slice(0, 2), { page: 1, pageSize: 2, total: 5, totalPages: 3 }]);
    assert.deepEqual(await page('page=3&pageSize=2'), [
      made.slice(4),
      { page: 3, pageSize: 2, total: 5, totalPages: 3 },
    ]);
    assert.deepEqual(await page('page=4&pageSize=2'), [[], { page: 4, pageSize: 2, total: 5, totalPages: 3 }]);
    assert.deepEqual(await page('pageSize=100'), [made, { page: 1, pageSize: 100, total: 5, totalPages: 1 }]);
    for (const [query, field] of [
      ['page=0', 'page'],
      ['page=x', 'page'],
      ['pageSize=101', 'pageSize'],
      ['pageSize=0', 'pageSize'],
      ['page_size=2', 'page_size'],
    ])
      assert.ok(refusal(await call(me, 'GET', `/webhooks?${query}`), 422).startsWith(`${field}: `), query);
  });

  test('only the event types of FoxReach are offered and accepted', async () => {
    const me = await scene.product.tenant();
    assert.deepEqual((await call(me, 'GET', '/webhooks/events')).json, { data: eventNames });
    assert.deepEqual((await make(me, { events: [...eventNames, 'email.sent'] }))['events'], eventNames);
    for (const events of [
      ['email.snt', 'email.sent', 'lead.verified'],
      ['*'],
      ['email.*'],
      ['reply.classified'],
      ['order.paid'],
      ['webhook.test'],
    ]) {
      const unknown = events.filter((name) => name !== 'email.sent');
      assert.equal(
        refusal(await call(me, 'POST', '/webhooks', { url: nobody, events }), 422),
        `Invalid event types: ${unknown.join(', ')}. Available: ${eventNames.join(', ')}.`,
      );
    }
    const { id } = await make(me);
    assert.match(
      refusal(await call(me, 'PATCH', `/webhooks/${String(id)}`, { events: ['email.sent', 'email.clicked'] }), 422),
      /^Invalid event types: email\.clicked\. /,
    );
    assert.deepEqual((await got(me, 'GET', `/webhooks/${String(id)}`))['events'], ['email.sent']);
    assert.equal((await me.api('GET', '/v1/webhooks')).json['total'] as number, 2);
  });

  test('a wrong field is reported by its name in this API', async () => {
    const me = await scene.product.tenant();
    const right = { url: nobody, events: ['email.sent'] };
    for (const [body, detail] of [
      [{}, 'url: is required; events: is required'],
      [{ ...right, url: '' }, 'url: must not be empty'],
      [{ ...right, url: 7 }, 'url: must be a string'],
      [{ ...right, url: `https://receiver.example/${'x'.repeat(9_000)}` }, 'url: must have at most 2048 characters'],
      [{ ...right, url: 'ftp://receiver.example/' }, /^url: must start with https/],
      [{ ...right, url: 'https://10.1.2.3/' }, /^url: is the private address 10\.1\.2\.3/],
      [{ ...right, url: 'https://me:pass@receiver.example/' }, /^url: /],
      [{ ...right, events: [] }, 'events: must name at least one event type'],
      [{ ...right, events: 'email.sent' }, 'events: must be an array'],
      [{ ...right, events: ['email.sent', 7] }, 'events.1: must be a string'],
      [{ ...right, events: Array.from({ length: 10_000 }, () => 'email.sent') }, 'events: must have at most 100 items'],
      [{ ...right, isActive: 'yes' }, 'isActive: must be true or false'],
      [{ ...right, isActive: null }, 'isActive: must be true or false'],
      [{ ...right, is_active: true, target_url: nobody }, 'is_active: unknown field; target_url: unknown field'],
      [[], 'body: must be an object'],
    ] as const) {
      const said = refusal(await call(me, 'POST', '/webhooks', body), 422);
      if (typeof detail === 'string') assert.equal(said, detail);
      else assert.match(said, detail);
    }
    const path = `/webhooks/${String((await make(me))['id'])}`;
    assert.equal(
      refusal(await call(me, 'PATCH', path, { secret: 'mine', dialect: 'standard' }), 422),
      'secret: unknown field; dialect: unknown field',
    );
    assert.match(refusal(await call(me, 'PATCH', path, { url: 'https://169.254.169.254/' }), 422), /^url: /);
    assert.match(refusal(await call(me, 'POST', '/webhooks', '{"url": '), 400), /^The body is not valid JSON: /);
    assert.match(
      refusal(await call(me, 'POST', '/webhooks', JSON.stringify(right), { 'content-type': 'text/plain' }), 400),
      /application\/json/,
    );
    assert.match(
      refusal(await call(me, 'POST', '/webhooks', { ...right, url: 'x'.repeat(300_000) }), 413),
      /262144 bytes/,
    );
    for (const id of [
      'cwh_new456',
      uuidOf({ id: noSuch }),
      noSuch,
      noSuch.toUpperCase(),
      'events',
      'x'.repeat(400),
      'a%2Fb',
    ])
      for (const method of ['PATCH', 'DELETE']) refusal(await call(me, method, `/webhooks/${id}`), 404);
    refusal(await call(me, 'GET', '/no-such-thing'), 404);
    const put = await call(me, 'PUT', path, right);
    refusal(put, 405);
    assert.equal(put.headers.get('allow'), 'GET, HEAD, PATCH, DELETE');
    assert.equal((await me.api('GET', '/v1/webhooks')).json['total'], 1);
  });

  test('a missing, unknown or insufficient key is refused with 403', async () => {
    const me = await scene.product.tenant();
    const missing = await call({ key: '' }, 'GET', '/webhooks');
    assert.equal(refusal(missing, 403), 'Send an API key: `X-API-Key: otr_…`.');
    assert.equal(missing.headers.get('www-authenticate'), null);
    for (const key of ['otr_wrong', 'otr_live_0123456789abcdefghijklmnopqrstuvwxyz0', 'Bearer otr_x', `${me.key}x`])
      assert.equal(refusal(await call({ key }, 'GET', '/webhooks'), 403), 'The API key is unknown or revoked.');

    const reader = await me.withKey({ scopes: ['webhooks:read'] });
    assert.equal((await call(reader, 'GET', '/webhooks/events')).status, 200);
    assert.equal(
      refusal(await call(reader, 'POST', '/webhooks', { url: nobody, events: ['email.sent'] }), 403),
      'This needs the scope webhooks:write; the key has webhooks:read.',
    );

    await setPlan(scene.product.tenancy, me.organization.slug, 'starter');
    await eventually(async () => (await me.api('GET', '/v1/webhooks')).status === 403, 'the plan has changed');
    assert.equal(
      refusal(await call(me, 'GET', '/webhooks'), 402),
      'The API needs the plan growth or above; this organization has the plan starter.',
    );
  });

  test("another organization's webhooks answer 404", async () => {
    const [me, other] = [await scene.product.tenant(), await scene.product.tenant()];
    const mine = await make(me);
    for (const [method, body] of [['GET'], ['PATCH', { isActive: false }], ['DELETE']] as const)
      assert.equal(
        refusal(await call(other, method, `/webhooks/${String(mine['id'])}`, body), 404),
        'Webhook not found.',
      );
    assert.deepEqual((await call(other, 'GET', '/webhooks')).json.data, []);
    const { secret: _, ...shown } = mine;
    assert.deepEqual(await got(me, 'GET', `/webhooks/${String(mine['id'])}`), shown);
  });

  test('endpoints of every API are in one list, each with the event names of its dialect', async () => {
    const me = await scene.product.tenant();
    const own = await make(me);
    const native = await me.got('GET', `/v1/webhooks/${uuidOf(own)}`);
    assert.deepEqual([native['dialect'], native['target_url'], native['events']], ['foxreach', nobody, ['email.sent']]);

    const standard = await me.register(nobody, { dialect: 'standard', events: ['order.paid', 'email.*'] });
    const [first] = (await call(me, 'GET', '/webhooks')).json.data as Fields[];
    assert.ok(first !== undefined && uuidOf(first) === standard.id);
    assert.deepEqual(first['events'], ['order.paid', 'email.*']);
    assert.deepEqual(
      (await got(me, 'PATCH', `/webhooks/${String(first['id'])}`, { events: ['order.paid', 'meeting.booked'] }))[
        'events'
      ],
      ['order.paid', 'meeting.booked'],
    );
    assert.match(
      refusal(await call(me, 'PATCH', `/webhooks/${String(first['id'])}`, { events: ['no spaces'] }), 422),
      /^events\.0: /,
    );

    const wide = await me.register(nobody, {
      dialect: 'foxreach',
      events: ['contact.created', 'reply.classified', 'campaign.*'],
    });
    const path = `/webhooks/cwh_${wide.id.replaceAll('-', '')}`;
    const { events } = await got(me, 'GET', path);
    assert.deepEqual(events, ['lead.created', 'reply.categorized', 'campaign.*']);
    assert.deepEqual(
      (await got(me, 'PATCH', path, { url: nobody, events }))['events'],
      events,
      'what was read may be sent back',
    );
    refusal(await call(me, 'PATCH', path, { events: ['email.*'] }), 422);
  });

  test('a delivery is verified by a bare HMAC; the webhook shows its last delivery and the failures since', async () => {
    const me = await scene.product.tenant();
    let status = 200;
    const receiver = await scene.receive((_arrival, response) => response.writeHead(status).end());
    const { id, secret } = await make(me, { url: receiver.url, events: ['reply.categorized'] });
    const shows = (field: string, value: unknown): Promise<void> =>
      asTimePasses(
        scene.product,
        async () => (await got(await me.withKey({}), 'GET', `/webhooks/${String(id)}`))[field] === value,
        field,
        60_000,
      );

    const at = new Date(scene.clock.now()).toISOString();
    await me.publish('reply.received', { subject: 'not subscribed' });
    await me.publish('reply.classified', {
      reply_id: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f523',
      classification: 'not_interested',
      previous_classification: null,
    });
    await eventually(() => receiver.arrivals.length > 0, 'it arrived');
    const [arrival = assert.fail()] = receiver.arrivals;
    assert.equal(
      arrival.body,
      `{"event":"reply.categorized","timestamp":"${at}","data":{"replyId":"rpl_0199c9f20a447e55b0c391d2e7a6f523","category":"not_interested","previousCategory":null}}`,
    );
    assert.ok(genuine(String(secret), arrival.body, arrival.headers['x-webhook-signature']));
    assert.ok(!genuine(String(secret), `${arrival.body} `, arrival.headers['x-webhook-signature']));
    await shows('lastDeliveredAt', at);
    await shows('consecutiveFailures', 0);

    status = 500;
    await me.publish('reply.classified', { classification: 'interested' });
    await shows('consecutiveFailures', 4);
    assert.equal(receiver.arrivals.length, 5);
    const webhook = await got(me, 'GET', `/webhooks/${String(id)}`);
    assert.deepEqual([webhook['isActive'], webhook['lastDeliveredAt']], [true, at], 'unhealthy, and still there');
  });

  test('each key has a quota of 100 requests a minute', async () => {
    const me = await scene.product.tenant();
    const [key, second] = [await me.withKey({}), await me.withKey({})];
    for (let left = 99; left >= 0; left -= 1) {
      const { status, headers } = await call(key, 'GET', '/webhooks/events');
      assert.deepEqual(
        [status, headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')],
        [200, '100', String(left)],
      );
    }
    const refused = await call(key, 'GET', '/webhooks/events');
    assert.equal(refused.status, 429);
    const now = scene.clock.now();
    const reset = (Math.floor(now / 60_000) + 1) * 60;
    assert.deepEqual(refused.json, {
      error: 'Rate limit exceeded',
      code: 'rate_limit_exceeded',
      details: { limit: 100, reset },
    });
    assert.equal(refused.headers.get('retry-after'), String(Math.ceil(reset - now / 1_000)));
    assert.equal(refused.headers.get('x-ratelimit-remaining'), '0');
    assert.equal((await call(second, 'GET', '/webhooks/events')).status, 200, 'another key has its own');
    assert.equal((await key.api('GET', '/v1/webhooks')).status, 200, 'the native API does not count it');
    await scene.clock.advance(reset * 1_000 - now);
    assert.equal((await call(key, 'GET', '/webhooks/events')).status, 200);
  });
});
