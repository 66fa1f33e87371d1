import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';

const nobody = 'http://127.0.0.1:9/hook';
const noSuch = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00';

describe("WarmySender's API", () => {
  const scene = installationScene();
  let tenant: Tenant;
  before(async () => {
    tenant = await scene.product.tenant();
  });

  const call = (method: string, path: string, body?: unknown, caller: Caller = tenant) =>
    caller.api(method, `/api/v1${path}`, body);
  const got = (method: string, path: string, body?: unknown, caller: Caller = tenant): Promise<Fields> =>
    caller.got(method, `/api/v1${path}`, body);
  const make = (settings: Fields = {}, caller: Caller = tenant): Promise<Fields> =>
    got('POST', '/webhooks', { url: nobody, events: ['reply.received'], ...settings }, caller);
  const listed = async (caller: Caller = tenant): Promise<Fields[]> =>
    (await got('GET', '/webhooks', undefined, caller)) as unknown as Fields[];

  async function refused(
    status: number,
    code: string,
    method: string,
    path: string,
    body?: unknown,
    caller: Caller = tenant,
  ): Promise<string> {
    const answer = await call(method, path, body, caller);
    const { error } = answer.json as unknown as { error: { code: string; message: string } };
    assert.deepEqual([answer.status, error?.code], [status, code], answer.text);
    assert.deepEqual(answer.json, { error: { code, message: error.message } });
    return error.message;
  }

  test('GET /me shows any key its own name, scopes and organization, without an envelope', async () => {
    const key = await tenant.withKey({ name: 'n8n', scopes: ['events:read'] });
    const answer = await call('GET', '/me', undefined, key);
    const { apiKey, ...others } = answer.json as unknown as { apiKey: Fields };
    assert.match(String(apiKey['id']), /^[0-9a-f-]{36}$/);
    assert.deepEqual(apiKey, { id: apiKey['id'], name: 'n8n', scopes: ['events:read'] });
    const { id, slug } = tenant.organization;
    assert.deepEqual(others, { workspace: { id }, organization: { id, slug }, sandbox: false });

    const workspaceId = await tenant.workspace('sales');
    const bound = (await call('GET', '/me', undefined, await tenant.withKey({ workspaceId }))).json as unknown as {
      workspace: Fields;
    };
    assert.deepEqual(bound.workspace, { id: workspaceId });
    const sandboxed = (await call('GET', '/me', undefined, await tenant.withKey({ sandbox: true })))
      .json as unknown as { sandbox: boolean };
    assert.equal(sandboxed.sandbox, true);
  });

  test('every answer shows the quota of 1,000 requests an hour per key', async () => {
    const key = await tenant.withKey({});
    const remaining = [];
    for (const path of ['/me', '/webhooks', `/webhooks/${noSuch}`]) {
      const { headers } = await call('GET', path, undefined, key);
      assert.equal(headers.get('x-ratelimit-limit'), '1000');
      assert.ok(Number(headers.get('x-ratelimit-reset')) * 1_000 > scene.clock.now());
      remaining.push(headers.get('x-ratelimit-remaining'));
    }
    assert.deepEqual(remaining, ['999', '998', '997']);
  });

  test('a webhook can be created, read, listed, changed and deleted', async () => {
    const created = await call('POST', '/webhooks', {
      url: nobody,
      events: ['reply.received', 'prospect.suppressed', 'webhook.test'],
      description: 'n8n',
    });
    assert.deepEqual([created.status, created.headers.get('cache-control')], [201, 'no-store']);
    const { secret, ...webhook } = created.json.data as Fields & { secret: string };
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.deepEqual(Object.entries(webhook), [
      ['id', webhook['id']],
      ['url', nobody],
      ['description', 'n8n'],
      ['events', ['reply.received', 'prospect.suppressed', 'webhook.test']],
      ['isActive', true],
      ['secretPrefix', secret.slice(0, 10)],
      ['createdAt', '2026-01-05T09:00:00.000Z'],
      ['updatedAt', '2026-01-05T09:00:00.000Z'],
    ]);
    const path = `/webhooks/${String(webhook['id'])}`;
    assert.deepEqual(await got('GET', path), webhook);
    assert.deepEqual((await listed())[0], webhook);
    assert.doesNotMatch((await call('GET', '/webhooks')).text, /"secret"/);

    const changed = { ...webhook, isActive: false, events: ['limit.hit', 'mailbox.connected'] };
    assert.deepEqual(
      await got('PATCH', path, { isActive: false, events: ['limit.hit', 'mailbox.connected'] }),
      changed,
    );
    assert.deepEqual(await got('PATCH', path, {}), changed);
    const deleted = await call('DELETE', path);
    assert.deepEqual([deleted.status, deleted.text], [204, '']);
    for (const [method, below] of [
      ['DELETE', ''],
      ['GET', ''],
      ['GET', '/deliveries'],
    ] as const)
      assert.equal(await refused(404, 'not_found', method, `${path}${below}`), 'Webhook not found.');
  });

  test('both signatures of a delivery are verified by code of the receiver, and the delivery is listed', async () => {
    const receiver = await scene.receive();
    const { id, secret } = await make({ url: receiver.url, events: ['prospect.suppressed'] });
    await tenant.publish('suppression.created', { email: 'ada@lovelace.example', reason: 'unsubscribed' });
    await eventually(() => receiver.arrivals.length === 1, 'the delivery arrived');
    const [{ body, headers } = assert.fail()] = receiver.arrivals;
    const hmac = (content: string): string => createHmac('sha256', String(secret)).update(content).digest('hex');
    const [, t = '', v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-warmy-signature'])) ?? [];
    assert.ok(Math.abs(scene.clock.now() - Number(t)) < 300_000);
    assert.equal(v1, hmac(`${t}.${body}`));
    assert.equal(headers['x-warmysender-signature'], hmac(body));
    assert.deepEqual(JSON.parse(body), {
      type: 'prospect.suppressed',
      data: { email: 'ada@lovelace.example', reason: 'unsubscribed', suppressedAt: '2026-01-05T09:00:00.000Z' },
      timestamp: '2026-01-05T09:00:00.000Z',
    });

    const tested = await call('POST', `/webhooks/${String(id)}/test`);
    assert.equal(tested.status, 202);
    await eventually(() => receiver.arrivals.length === 2, 'the test arrived');
    assert.equal(receiver.arrivals[1]?.headers['x-warmy-event-type'], 'webhook.test');
    assert.equal(receiver.arrivals[1]?.headers['x-warmy-event-id'], (tested.json.data as Fields)['eventId']);

    const deliveries = `/webhooks/${String(id)}/deliveries`;
    const page = async (query = '') =>
      (await call('GET', `${deliveries}${query}`)).json as unknown as { data: Fields[]; pagination: Fields };
    await eventually(async () => (await page()).data.every(({ status }) => status === 'delivered'), 'both are settled');
    const first = await page('?limit=1');
    assert.deepEqual(first.data[0]?.['id'], (tested.json.data as Fields)['deliveryId']);
    assert.deepEqual(first.pagination, { has_more: true, next_cursor: first.data[0]?.['id'] });
    const second = await page(`?limit=1&cursor=${String(first.pagination['next_cursor'])}`);
    assert.deepEqual(second, {
      data: [
        {
          id: second.data[0]?.['id'],
          eventId: headers['webhook-id'],
          eventType: 'prospect.suppressed',
          status: 'delivered',
          attemptCount: 1,
          statusCode: 200,
          error: null,
          createdAt: '2026-01-05T09:00:00.000Z',
          completedAt: '2026-01-05T09:00:00.000Z',
        },
      ],
      pagination: { has_more: false, next_cursor: null },
    });

    await got('PATCH', `/webhooks/${String(id)}`, { isActive: false });
    await tenant.publish('suppression.created', { email: 'grace@hopper.example' });
    assert.deepEqual([(await page()).data[0]?.['status'], (await page()).data[0]?.['statusCode']], ['pending', null]);
    await refused(409, 'conflict', 'POST', `/webhooks/${String(id)}/test`);
    for (const query of ['limit=0', 'limit=101', 'cursor=nonsense', 'page=2'])
      await refused(422, 'validation_failed', 'GET', `${deliveries}?${query}`);
  });

  test('a suppression, a reply, and each limit of a day once are reported as they happen', async () => {
    const own = await scene.product.tenant();
    const receiver = await scene.receive();
    const events = ['prospect.suppressed', 'limit.hit', 'reply.received'];
    await make({ url: receiver.url, events }, own);
    const mailbox = async (name: string, dailyLimit: number): Promise<string> =>
      String(
        (await got('POST', '/mailboxes', { email: `${name}@hopper.example`, provider: 'capture', dailyLimit }, own))[
          'id'
        ],
      );
    const [one, two, three] = [await mailbox('one', 1), await mailbox('two', 50), await mailbox('three', 50)];
    const [ada] = (
      await own.api('POST', '/v1/contacts', { lawful_basis: 'consent', contacts: [{ email: 'ada@lovelace.example' }] })
    ).json.data as Fields[];
    await own.got('PATCH', '/v1/organization/sending-limits', { daily_limit: 2 });
    const statusOf = async (id: string): Promise<Fields> => own.got('GET', `/v1/messages/${id}`);
    const send = async (mailbox_id: string, until: string): Promise<string> => {
      const id = String(
        (
          await own.got('POST', '/v1/messages', {
            mailbox_id,
            to: 'ada@lovelace.example',
            subject: 'Hello',
            text: 'Hi',
          })
        )['id'],
      );
      await scene.product.until(async () => {
        const { status, blocked_reason: reason } = await statusOf(id);
        return status === until || reason === until;
      }, until);
      return id;
    };
    await send(one, 'sent');
    for (const _ of [1, 2]) await send(one, 'mailbox_daily_limit');
    await send(two, 'sent');
    for (const each of [two, two, three]) await send(each, 'organization_limit');
    const captured = (await own.api('GET', '/v1/captured-messages')).json.data as Fields[];
    const first = captured.find(({ mailbox_id: id }) => id === one);
    const reaction = `/v1/captured-messages/${String(first?.['id'])}/reply`;
    const answer = await own.got('POST', reaction, { text: 'Sounds interesting.' });
    await own.got('POST', '/v1/suppressions', { email: 'Ada@lovelace.example', reason: 'manual' });

    await eventually(() => receiver.arrivals.length >= 4, 'four arrived');
    const at = '2026-01-05T09:00:00.000Z';
    const bodies = receiver.arrivals.map(
      ({ body }) => JSON.parse(body) as { type: string; data: Fields; timestamp: string },
    );
    const dataOf = (wanted: string) => bodies.flatMap(({ type, data }) => (type === wanted ? [data] : []));
    assert.deepEqual(
      dataOf('limit.hit').toSorted((a, b) => String(a['limitType']).localeCompare(String(b['limitType']))),
      [
        {
          mailboxId: one,
          email: 'one@hopper.example',
          limitType: 'daily_mailbox',
          domain: null,
          currentValue: 1,
          limitValue: 1,
          resetsAt: '2026-01-06T09:00:00.000Z',
          hitAt: at,
        },
        {
          mailboxId: null,
          email: null,
          limitType: 'daily_organization',
          domain: null,
          currentValue: 2,
          limitValue: 2,
          resetsAt: '2026-01-06T00:00:00.000Z',
          hitAt: at,
        },
      ],
    );
    const [suppressed] = dataOf('prospect.suppressed');
    assert.deepEqual(suppressed, {
      suppressionId: suppressed?.['suppressionId'],
      email: 'ada@lovelace.example',
      domain: null,
      prospectId: ada?.['id'],
      reason: 'manual',
      suppressedAt: at,
    });
    const [reply] = dataOf('reply.received');
    const { prospectId, prospectEmail, campaignId, mailboxId, messageId, subject, bodyPreview, receivedAt } =
      reply ?? {};
    assert.deepEqual([mailboxId, messageId], [one, answer['message_id']]);
    assert.deepEqual(
      [prospectId, prospectEmail, campaignId, subject, bodyPreview, receivedAt],
      [ada?.['id'], 'ada@lovelace.example', null, 'Re: Hello', 'Sounds interesting.', at],
    );
    assert.equal(bodies.length, 4);
  });

  test('a wrong request is refused in the format and words of the vendor, and nothing is created or changed', async () => {
    const earlier = await listed();
    const events = ['reply.received'];
    assert.equal(await refused(422, 'validation_failed', 'POST', '/webhooks', { events }), 'url: is required');
    for (const url of [
      '',
      null,
      5,
      'ftp://receiver.example/',
      'https://10.0.0.1/',
      `https://receiver.example/${'a'.repeat(9_000)}`,
    ])
      assert.match(await refused(422, 'validation_failed', 'POST', '/webhooks', { url, events }), /^url: ./);
    for (const wrong of [
      undefined,
      null,
      [],
      'reply.received',
      [1],
      ['*'],
      ['email.*'],
      ['lead.created'],
      ['suppression.created'],
      Array.from({ length: 10_000 }, () => 'limit.hit'),
    ])
      assert.match(
        await refused(422, 'validation_failed', 'POST', '/webhooks', { url: nobody, events: wrong }),
        /^events/,
      );
    assert.match(
      await refused(422, 'validation_failed', 'POST', '/webhooks', { url: nobody, events: ['lead.created'] }),
      /unknown: lead\.created; available: email\.sent/,
    );
    assert.equal(
      await refused(422, 'validation_failed', 'POST', '/webhooks', { url: nobody, events, colour: 'red' }),
      'colour: unknown field',
    );
    assert.equal(
      await refused(422, 'validation_failed', 'POST', '/webhooks', { target_url: nobody, events }),
      'url: is required; target_url: unknown field',
    );
    assert.match(
      await refused(422, 'validation_failed', 'POST', '/webhooks', { url: nobody, events, isActive: 'yes' }),
      /^isActive: /,
    );
    await refused(400, 'validation_failed', 'POST', '/webhooks', '{');
    assert.deepEqual(await listed(), earlier);

    const { secret: _, ...webhook } = await make();
    const path = `/webhooks/${String(webhook['id'])}`;
    await refused(422, 'validation_failed', 'PATCH', path, { url: 'https://192.168.0.1/', isActive: false });
    await refused(422, 'validation_failed', 'PATCH', path, { events: ['reply.received', 'contact.created'] });
    await refused(422, 'validation_failed', 'PATCH', path, { secret: 'x'.repeat(32) });
    assert.deepEqual(await got('GET', path), webhook);

    for (const id of ['nonsense', `cwh_${noSuch.replaceAll('-', '')}`, noSuch])
      await refused(404, 'not_found', 'GET', `/webhooks/${id}`);
    await refused(404, 'not_found', 'GET', '/frobnicate');
    await refused(405, 'method_not_allowed', 'PUT', '/webhooks', {});
  });

  test('a call with a wrong key, without the scope or for another organization is refused', async () => {
    const odd = await tenant.api('GET', '/api/v1/webhooks', undefined, { authorization: 'Basic b3RyOnNlY3JldA==' });
    assert.deepEqual(
      [odd.status, odd.json.error?.code],
      [401, 'unauthorized'],
      'any Authorization is this API, not FoxReach',
    );
    const wrong = await tenant.api('GET', '/api/v1/me', undefined, { authorization: 'Bearer otr_live_nobody' });
    assert.deepEqual([wrong.status, wrong.headers.get('www-authenticate')], [401, 'Bearer']);
    assert.deepEqual(Object.keys((wrong.json as unknown as { error: Fields }).error), ['code', 'message']);
    await refused(
      403,
      'forbidden',
      'POST',
      '/webhooks',
      { url: nobody, events: ['reply.received'] },
      await tenant.withKey({ scopes: ['webhooks:read'] }),
    );
    await refused(
      403,
      'forbidden',
      'GET',
      '/webhooks',
      undefined,
      await tenant.withKey({ scopes: ['webhooks:write'] }),
    );

    const path = `/webhooks/${String((await make())['id'])}`;
    const other = await scene.product.tenant();
    await refused(404, 'not_found', 'GET', path, undefined, other);
    await refused(404, 'not_found', 'PATCH', path, { isActive: false }, other);
    await refused(404, 'not_found', 'DELETE', path, undefined, other);
    await refused(404, 'not_found', 'POST', `${path}/test`, {}, other);
    await refused(404, 'not_found', 'GET', `${path}/deliveries`, undefined, other);
    assert.deepEqual(await listed(other), []);
  });

  test('the same path with X-API-Key is answered as FoxReach, for the same webhooks', async () => {
    const { id } = await make();
    const answer = await fetch(`${tenant.url}/api/v1/webhooks`, { headers: { 'x-api-key': tenant.key } });
    const { data } = (await answer.json()) as { data: Fields[] };
    assert.equal(data[0]?.['id'], `cwh_${String(id).replaceAll('-', '')}`);
    assert.equal((await listed())[0]?.['id'], id);
  });

  test('endpoints of other dialects are listed, and keep the events of their dialect', async () => {
    const made = await tenant.register(nobody, { events: ['email.*'] });
    assert.deepEqual((await listed())[0]?.['events'], ['email.*']);
    await refused(422, 'validation_failed', 'PATCH', `/webhooks/${made.id}`, { events: ['warmup.milestone'] });
    assert.deepEqual((await got('PATCH', `/webhooks/${made.id}`, { events: ['send.bounced'] }))['events'], [
      'send.bounced',
    ]);
    const own = await tenant.register(nobody, { events: ['email.*', 'suppression.created'], dialect: 'warmysender' });
    const { events } = await got('GET', `/webhooks/${own.id}`);
    assert.deepEqual(events, ['email.*', 'prospect.suppressed']);
    assert.deepEqual((await got('PATCH', `/webhooks/${own.id}`, { events }))['events'], events);
    assert.deepEqual(await got('GET', '/webhooks/events'), [
      'email.sent',
      'email.bounced',
      'email.opened',
      'email.clicked',
      'email.unsubscribed',
      'reply.received',
      'mailbox.connected',
      'mailbox.disconnected',
      'warmup.health_changed',
      'warmup.milestone',
      'prospect.suppressed',
      'limit.hit',
    ]);
  });
});
