import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { before, describe, test } from 'node:test';
import { spend } from '../../../test/e2e/quota.ts';
import type { Answer } from '../../../test/harness/edge.ts';
import type { Caller } from '../../../test/harness/caller.ts';
import { callerOf } from '../../../test/harness/caller.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { asTimePasses, installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';

/** The sample of the vendor's page. */
function verifyWebhook(body: string, signature: string, secret: string): boolean {
  const expected = crypto.createHmac('sha256', secret).update(body).digest('hex');
  return crypto.timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}

const path = '/api/webhooks/manage';
const hook = 'http://127.0.0.1:9/hooks/email-events';

describe('the MailPanda API', () => {
  const scene = installationScene();
  let mine: Tenant;
  before(async () => {
    mine = await scene.product.tenant();
  });
  const json = ({ text }: Answer): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
  const make = async (events: string, more: object = {}, who: Caller = mine): Promise<Record<string, unknown>> => {
    const answer = await who.api('POST', path, { url: hook, events, ...more });
    assert.equal(answer.status, 201, answer.text);
    return json(answer);
  };
  const refused = (answer: Answer, status: number, message: RegExp): void => {
    assert.equal(answer.status, status, answer.text);
    assert.deepEqual(Object.keys(json(answer)), ['error']);
    assert.match(String(json(answer)['error']), message);
    for (const name of ['limit', 'remaining', 'reset'])
      assert.match(answer.headers.get(`x-ratelimit-${name}`) ?? '', /^\d+$/, name);
  };

  test("the requests of the vendor's page are answered as on the page", async () => {
    const who = await scene.product.tenant();
    const secret = 'whsec_your_secret_key_here';
    const first = await who.api('POST', path, { url: hook, events: 'open,click,bounce', secret });
    assert.equal(
      first.text,
      `{"id":1,"url":"${hook}","events":"open,click,bounce","active":true,"created_at":"2026-01-05T09:00:00Z"}`,
    );
    await make('unsubscribe', { secret }, who);
    await make('open,click,bounce,unsubscribe', { secret }, who);
    assert.equal(
      (await who.api('GET', path)).text,
      `{"webhooks":[${[
        [1, 'open,click,bounce'],
        [2, 'unsubscribe'],
        [3, 'open,click,bounce,unsubscribe'],
      ]
        .map(
          ([id, events]) =>
            `{"id":${id},"url":"${hook}","events":"${events}","active":true,"created_at":"2026-01-05T09:00:00Z"}`,
        )
        .join(',')}]}`,
    );
    const own = callerOf(who.url, '');
    const answer = await own.api('GET', path, undefined, { 'x-api-key': who.key });
    assert.equal((json(answer)['webhooks'] as unknown[]).length, 3);
    assert.equal((await who.api('GET', `${path}/2`)).text, JSON.stringify((json(answer)['webhooks'] as unknown[])[1]));
  });

  test('a generated secret is shown only in the answer that creates the webhook', async () => {
    const { id, secret, ...shown } = await make(' email.open , click,open');
    assert.match(String(secret), /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.deepEqual(shown, { url: hook, events: 'open,click', active: true, created_at: '2026-01-05T09:00:00Z' });
    const got = await mine.api('GET', `${path}/${String(id)}`);
    assert.deepEqual(json(got), { id, ...shown });
  });

  test('a change applies to the given fields or, if one is wrong, to none; a webhook is deleted once', async () => {
    const { id } = await make('open', { secret: 'one' });
    const at = `${path}/${String(id)}`;
    const changed = {
      id,
      url: 'http://127.0.0.1:9/b',
      events: 'unsubscribe',
      active: false,
      created_at: '2026-01-05T09:00:00Z',
    };
    assert.deepEqual(
      json(await mine.api('PATCH', at, { url: changed.url, events: 'unsubscribe', active: false })),
      changed,
    );
    assert.deepEqual(json(await mine.api('PATCH', at, {})), changed);
    refused(await mine.api('PATCH', at, { url: 'ftp://127.0.0.1/', secret: 'two' }), 422, /^url: /);
    refused(await mine.api('PATCH', at, { url: 'http://127.0.0.1:9/c', secret: '' }), 422, /^secret: /);
    refused(await mine.api('PUT', at, { events: 'open,nothing' }), 422, /^events: .*"nothing"/);
    refused(await mine.api('PATCH', at, { active: 'yes' }), 422, /^active: /);
    assert.deepEqual(json(await mine.api('GET', at)), changed);
    assert.deepEqual(json(await mine.api('PUT', at, { active: true })), { ...changed, active: true });
    const deleted = await mine.api('DELETE', at);
    assert.deepEqual([deleted.status, deleted.text], [204, '']);
    refused(await mine.api('DELETE', at), 404, /not found/);
    refused(await mine.api('GET', at), 404, /not found/);
    // Numbers are never reused.
    assert.ok(Number((await make('open'))['id']) > Number(id));
  });

  test('endpoints of other dialects are listed with their stored events, which can be sent back', async () => {
    const who = await scene.product.tenant();
    const foreign = await who.register(hook, { events: ['reply.*', 'send.bounced'] });
    const native = await who.register(hook, { events: ['email.bounced', 'email.*'], dialect: 'mailpanda' });
    await make('open,bounce', {}, who);
    const shown = (json(await who.api('GET', path))['webhooks'] as { events: string }[]).map(({ events }) => events);
    assert.deepEqual(shown, ['reply.*,send.bounced', 'bounce,open,click,unsubscribe', 'open,bounce']);
    assert.equal((await who.api('PUT', `${path}/1`, { events: shown[0] })).status, 200);
    assert.deepEqual((await who.got('GET', `/v1/webhooks/${foreign.id}`))['events'], ['reply.*', 'send.bounced']);
    assert.equal(
      json(await who.api('PATCH', `${path}/1`, { events: 'reply.*,bounce' }))['events'],
      'reply.*,email.bounced',
    );
    refused(
      await who.api('PATCH', `${path}/1`, { events: 'reply.*,unsubscribe' }),
      422,
      /^events\.1: the defrost dialect has no email\.unsubscribed/,
    );
    assert.equal((await who.api('PUT', `${path}/2`, { events: shown[1] })).status, 200);
    assert.deepEqual((await who.got('GET', `/v1/webhooks/${native.id}`))['events'], [
      'email.bounce',
      'email.open',
      'email.click',
      'email.unsubscribe',
    ]);
    const [newest] = (await who.api('GET', '/v1/webhooks')).json.data as Record<string, unknown>[];
    assert.deepEqual([newest?.['dialect'], newest?.['events']], ['mailpanda', ['email.open', 'email.bounce']]);
  });

  test('an error is one text, and nothing is created', async () => {
    const who = await scene.product.tenant();
    const good = { url: hook, events: 'open' };
    const post = (body: unknown, headers?: Record<string, string>): Promise<Answer> =>
      who.api('POST', path, body, headers);
    refused(await post('{"url":'), 400, /not valid JSON/);
    refused(await post(JSON.stringify(good), { 'content-type': 'text/plain' }), 400, /application\/json/);
    refused(await post('[]'), 422, /body/);
    refused(await post({}), 422, /^url: is required; events: is required$/);
    refused(await post({ ...good, colour: 'red' }), 422, /^colour: unknown field$/);
    refused(await post({ ...good, url: `https://a.example/${'a'.repeat(9_000)}` }), 422, /^url: /);
    refused(await post({ ...good, url: 'ftp://a.example/' }), 422, /^url: /);
    refused(await post({ ...good, url: 'https://10.0.0.1/' }), 422, /^url: /);
    refused(await post({ ...good, url: 7 }), 422, /^url: /);
    for (const events of ['', ',', 'open,', 'open;click', 'email.', '*', 'email.*', 'Open', 'order.paid'])
      refused(await post({ ...good, events }), 422, /^events: /);
    refused(await post({ ...good, events: ['open'] }), 422, /^events: /);
    refused(await post({ ...good, events: Array.from({ length: 10_000 }, () => 'open').join(',') }), 422, /^events: /);
    refused(
      await post({ ...good, events: Array.from({ length: 101 }, () => 'open').join(',') }),
      422,
      /^events: .*100/,
    );
    for (const secret of ['', 'a'.repeat(257), 'a\tb']) refused(await post({ ...good, secret }), 422, /^secret: /);
    refused(await post({ ...good, secret: 'a'.repeat(300_000) }), 413, /exceeds the limit/);
    for (const id of [
      '0',
      '01',
      '-1',
      '1.5',
      'x',
      '2147483648',
      '99999999999',
      '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22',
    ]) {
      for (const method of ['GET', 'PATCH', 'DELETE'])
        refused(await who.api(method, `${path}/${id}`, method === 'PATCH' ? {} : undefined), 404, /not found/);
    }
    refused(await who.api('GET', `${path}/1/x`), 404, /nothing at this path/);
    refused(await who.api('PUT', path, {}), 405, /GET, HEAD, POST/);
    refused(await who.api('GET', '/api/webhooks'), 405, /POST/);
    refused(await who.api('GET', `${path}?page=2`), 422, /^page: unknown field$/);
    assert.equal((await who.api('GET', path)).text, '{"webhooks":[]}');
  });

  test('a call without a valid key, without the scope, for another organization or over the quota is refused', async () => {
    const { id } = await make('open');
    const at = `${path}/${String(id)}`;
    const [nobody, guesser, stranger] = [
      callerOf(mine.url, ''),
      callerOf(mine.url, `otr_live_${'x'.repeat(43)}`),
      await scene.product.tenant(),
    ];
    for (const who of [nobody, guesser]) refused(await who.api('GET', path), 401, /key/i);
    refused(await nobody.api('GET', path, undefined, { 'x-api-key': 'nonsense' }), 401, /unknown/);
    refused(await (await mine.withKey({ scopes: ['webhooks:read'] })).api('DELETE', at), 403, /webhooks:write/);
    refused(await (await mine.withKey({ scopes: ['webhooks:write'] })).api('GET', at), 403, /webhooks:read/);
    for (const method of ['GET', 'PUT', 'DELETE'])
      refused(await stranger.api(method, at, method === 'PUT' ? { events: 'click' } : undefined), 404, /not found/);
    assert.equal(json(await mine.api('GET', at))['events'], 'open');

    const small = await scene.product.tenant({ plan: 'growth' });
    await spend([small], 5_000);
    const answer = await small.api('GET', path);
    refused(answer, 429, /Too many requests/);
    assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
  });

  test("a delivery is verified by the vendor's sample; a new secret signs from the change on", async () => {
    const receiver = await scene.receive();
    const secret = 'whsec_your_secret_key_here';
    const { id } = await make('bounce', { url: receiver.url, secret });
    const data = {
      email_id: 'msg_abc123def456',
      recipient: 'invalid@example.com',
      bounce_type: 'hard',
      reason: 'Zo\u00eb?',
    };
    await mine.publish('email.bounced', data);
    await mine.publish('email.opened', data);
    await eventually(() => receiver.arrivals.length === 1, 'it arrived');
    const [arrival] = receiver.arrivals;
    assert.ok(verifyWebhook(arrival?.body ?? '', String(arrival?.headers['x-webhook-signature']), secret));
    assert.ok(!verifyWebhook(`${arrival?.body ?? ''} `, String(arrival?.headers['x-webhook-signature']), secret));
    assert.deepEqual(JSON.parse(arrival?.body ?? ''), {
      event: 'email.bounce',
      timestamp: '2026-01-05T09:00:00.000Z',
      data: {
        email_id: 'msg_abc123def456',
        recipient: 'invalid@example.com',
        campaign_id: null,
        bounce_type: 'hard',
        reason: 'Zo\u00eb?',
      },
    });

    const changed = await mine.api('PATCH', `${path}/${String(id)}`, { secret: 'another' });
    assert.deepEqual(Object.keys(json(changed)), ['id', 'url', 'events', 'active', 'created_at']);
    await mine.publish('email.bounced', data);
    await asTimePasses(scene.product, () => receiver.arrivals.length === 2, 'the second arrived');
    const second = receiver.arrivals[1];
    assert.ok(verifyWebhook(second?.body ?? '', String(second?.headers['x-webhook-signature']), 'another'));
  });
});
