import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, test } from 'node:test';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';

const nobody = 'http://127.0.0.1:9/hook';
const noSuch = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00';

describe("Driftwood's API", () => {
  const scene = installationScene();
  let tenant: Tenant;
  before(async () => {
    tenant = await scene.product.tenant();
  });

  const call = (verb: string, body: unknown = {}, caller: Caller = tenant) =>
    caller.api('POST', `/api/webhooks-${verb}`, body);

  async function done(verb: string, body: unknown = {}, caller: Caller = tenant): Promise<Fields> {
    const answer = await call(verb, body, caller);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(Object.keys(answer.json), ['ok', 'result']);
    const { ok, result } = answer.json as unknown as { ok: boolean; result: Fields };
    assert.equal(ok, true);
    return result;
  }

  async function refused(
    status: number,
    code: string,
    verb: string,
    body: unknown = {},
    caller: Caller = tenant,
  ): Promise<string> {
    const answer = await call(verb, body, caller);
    const { error } = answer.json as unknown as { error: { code: string; message: string } };
    assert.deepEqual([answer.status, error.code], [status, code], answer.text);
    assert.deepEqual(answer.json, { ok: false, error: { code, message: error.message } });
    return error.message;
  }

  const make = async (settings: Fields = {}, caller: Caller = tenant): Promise<Fields> =>
    (await done('create', { url: nobody, events: ['contact.created'], ...settings }, caller))['endpoint'] as Fields;

  test('a webhook can be created, read, listed, changed and deleted', async () => {
    const { id: keyId } = (await tenant.got('GET', '/v1/me'))['key'] as Fields;
    const created = await call('create', {
      url: nobody,
      description: 'Warehouse',
      events: ['contact.created', 'contact.updated', 'contact.created'],
    });
    assert.equal(created.status, 200);
    assert.equal(created.headers.get('cache-control'), 'no-store');
    const { endpoint, signing_secret: secret } = (
      created.json as unknown as { result: { endpoint: Fields; signing_secret: string } }
    ).result;
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.deepEqual(Object.entries(endpoint), [
      ['id', endpoint['id']],
      ['account_id', tenant.organization.id],
      ['created_by', keyId],
      ['url', nobody],
      ['description', 'Warehouse'],
      ['secret_prefix', secret.slice(0, 10)],
      ['events', ['contact.created', 'contact.updated']],
      ['is_active', true],
      ['created_at', '2026-01-05T09:00:00.000Z'],
      ['updated_at', '2026-01-05T09:00:00.000Z'],
    ]);

    const { id } = endpoint;
    assert.deepEqual(await done('get', { id }), { endpoint });
    const second = await make();
    const listed = (await done('list'))['endpoints'] as Fields[];
    assert.deepEqual(listed.slice(0, 2), [second, endpoint]);
    assert.doesNotMatch(JSON.stringify(listed), /signing_secret|whsec_[^"]{10}/);

    assert.deepEqual((await done('update', { id, description: '' }))['endpoint'], { ...endpoint, description: '' });
    assert.deepEqual((await done('update', { id, is_active: false, events: ['project.deleted'] }))['endpoint'], {
      ...endpoint,
      description: '',
      events: ['project.deleted'],
      is_active: false,
    });
    assert.deepEqual((await done('update', { id }))['endpoint'], {
      ...endpoint,
      description: '',
      events: ['project.deleted'],
      is_active: false,
    });

    assert.deepEqual(await done('delete', { id }), {});
    assert.equal(await refused(404, 'webhooks.not_found', 'delete', { id }), 'Webhook not found.');
    for (const verb of ['get', 'update']) await refused(404, 'webhooks.not_found', verb, { id });
    await refused(404, 'webhooks.not_found', 'deliveries', { endpoint_id: id });
  });

  test('a request without a body counts as an empty object', async () => {
    const answer = await tenant.api('POST', '/api/webhooks-list');
    assert.equal(answer.status, 200);
    assert.equal(await refused(400, 'webhooks.invalid_id', 'get'), 'id is required');
  });

  test('a delivery is verified by code of the receiver, and is listed', async () => {
    const receiver = await scene.receive();
    const { endpoint, signing_secret: secret } = (await done('create', {
      url: receiver.url,
      events: ['contact.updated'],
    })) as {
      endpoint: Fields;
      signing_secret: string;
    };
    await tenant.publish('contact.updated', { id: 'c1', first_name: 'Jane', changed: ['first_name'] });
    await eventually(() => receiver.arrivals.length === 1, 'the delivery arrived');
    const [{ body, headers } = assert.fail()] = receiver.arrivals;
    assert.equal(headers['x-driftwood-signature'], `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
    assert.equal(
      body,
      '{"event":"contact.updated","timestamp":"2026-01-05T09:00:00.000Z","data":{"id":"c1","first_name":"Jane"}}',
    );

    const list = async (limit?: number): Promise<Fields[]> =>
      (await done('deliveries', { endpoint_id: endpoint['id'], limit }))['deliveries'] as Fields[];
    await eventually(async () => (await list())[0]?.['status'] === 'delivered', 'the delivery is settled');
    assert.deepEqual(Object.entries((await list())[0] ?? {}), [
      ['id', headers['x-driftwood-delivery']],
      ['event_type', 'contact.updated'],
      ['status', 'delivered'],
      ['http_status_code', 200],
      ['attempt_count', 1],
      ['completed_at', '2026-01-05T09:00:00.000Z'],
      ['created_at', '2026-01-05T09:00:00.000Z'],
    ]);

    await done('update', { id: endpoint['id'], is_active: false });
    await tenant.publish('contact.updated', { id: 'c2' });
    const [newest, older] = await list();
    assert.deepEqual(
      [newest?.['status'], newest?.['http_status_code'], newest?.['attempt_count'], newest?.['completed_at']],
      ['pending', null, 0, null],
    );
    assert.equal(older?.['status'], 'delivered');
    assert.equal((await list(1)).length, 1);
  });

  test('each wrong field has its own code, and nothing is created or changed', async () => {
    const events = ['contact.created'];
    const earlier = await done('list');
    assert.equal(await refused(400, 'webhooks.url_required', 'create', { events }), 'URL is required');
    for (const url of ['', null]) await refused(400, 'webhooks.url_required', 'create', { url, events });
    for (const url of [
      'ftp://receiver.example/',
      'nonsense',
      'https://10.0.0.1/',
      'https://[::ffff:10.0.0.1]/',
      'https://u:p@receiver.example/',
      `https://receiver.example/${'a'.repeat(9_000)}`,
      5,
    ]) {
      assert.match(
        await refused(400, 'webhooks.invalid_url', 'create', { url, events }),
        /^URL must be a valid HTTPS URL: url ./,
      );
    }
    assert.match(
      await refused(400, 'webhooks.invalid_events', 'create', {
        url: nobody,
        events: ['lead.created', 'contact.created'],
      }),
      /unknown: lead\.created; available: contact\.created, /,
    );
    for (const wrong of [
      undefined,
      null,
      [],
      'contact.created',
      [1],
      ['*'],
      ['contact.*'],
      ['Contact.Created'],
      Array.from({ length: 10_000 }, () => 'contact.created'),
    ]) {
      await refused(400, 'webhooks.invalid_events', 'create', { url: nobody, events: wrong });
    }
    await refused(400, 'webhooks.invalid_request', 'create', { url: nobody, events, colour: 'red' });
    await refused(400, 'webhooks.invalid_request', 'create', { url: nobody, events, description: 'd'.repeat(501) });
    await refused(400, 'webhooks.invalid_request', 'list', { limit: 1 });
    for (const body of ['{', 'null', '[]', '"text"', '{"id":"\\u0000"'])
      await refused(400, 'webhooks.invalid_request', 'get', body);

    assert.equal(await refused(400, 'webhooks.invalid_id', 'get', { id: '880e8400-...' }), 'id must be a UUID');
    for (const id of [null, 5, 'cwh_0199c9f05f4e7c1e9a330a6f2f9f1d00'])
      await refused(400, 'webhooks.invalid_id', 'delete', { id });
    assert.equal(await refused(400, 'webhooks.invalid_id', 'deliveries', { limit: 1 }), 'endpoint_id is required');
    for (const limit of [0, 101, 1.5, '25', null])
      await refused(400, 'webhooks.invalid_request', 'deliveries', { endpoint_id: noSuch, limit });
    await refused(404, 'webhooks.not_found', 'get', { id: noSuch });
    assert.deepEqual(await done('list'), earlier);

    const before = await make();
    const { id } = before;
    await refused(400, 'webhooks.invalid_url', 'update', { id, url: 'https://192.168.0.1/', description: 'changed' });
    await refused(400, 'webhooks.invalid_events', 'update', {
      id,
      events: ['contact.created', 'email.sent'],
      is_active: false,
    });
    await refused(400, 'webhooks.invalid_request', 'update', { id, is_active: 'no' });
    await refused(400, 'webhooks.invalid_request', 'update', { id, account_id: noSuch });
    assert.deepEqual((await done('get', { id }))['endpoint'], before);
  });

  test('an unknown path or method is answered in the format of the vendor', async () => {
    await refused(404, 'webhooks.not_found', 'frobnicate');
    const wrongMethod = await tenant.api('GET', '/api/webhooks-list');
    assert.deepEqual([wrongMethod.status, wrongMethod.headers.get('allow')], [405, 'POST']);
    assert.deepEqual(wrongMethod.json, {
      ok: false,
      error: { code: 'webhooks.method_not_allowed', message: 'This path does not support GET; it supports POST.' },
    });
    const plain = await tenant.api('POST', '/api/webhooks-get', '{"id":1}', { 'content-type': 'text/plain' });
    assert.deepEqual(
      [plain.status, (plain.json as unknown as { error: Fields }).error['code']],
      [400, 'webhooks.invalid_request'],
    );
    assert.match(await refused(400, 'webhooks.invalid_request', 'create', { url: 'x'.repeat(300_000) }), /limit/);
  });

  test('a call without a valid key, without the scope or for another organization is refused', async () => {
    const stranger = await call(
      'list',
      {},
      {
        ...tenant,
        api: (method, path, body) => tenant.api(method, path, body, { authorization: 'Bearer otr_live_nobody' }),
      },
    );
    assert.deepEqual([stranger.status, stranger.headers.get('www-authenticate')], [401, 'Bearer']);
    assert.equal((stranger.json as unknown as { error: Fields }).error['code'], 'auth.unauthorized');
    await refused(
      403,
      'auth.forbidden',
      'create',
      { url: nobody, events: ['contact.created'] },
      await tenant.withKey({ scopes: ['webhooks:read'] }),
    );
    await refused(403, 'auth.forbidden', 'list', {}, await tenant.withKey({ scopes: ['events:read'] }));

    const { id } = await make();
    const other = await scene.product.tenant();
    for (const verb of ['get', 'update', 'delete']) await refused(404, 'webhooks.not_found', verb, { id }, other);
    await refused(404, 'webhooks.not_found', 'deliveries', { endpoint_id: id }, other);
    assert.deepEqual(await done('list', {}, other), { endpoints: [] });
  });

  test('endpoints of other dialects are listed, and keep the events of their dialect', async () => {
    const made = await tenant.register(nobody, { events: ['email.*'] });
    const shown = (await done('get', { id: made.id }))['endpoint'] as Fields;
    assert.deepEqual([shown['url'], shown['events']], [nobody, ['email.*']]);
    await refused(400, 'webhooks.invalid_events', 'update', { id: made.id, events: ['contact.created'] });
    assert.deepEqual(
      ((await done('update', { id: made.id, events: ['email.sent'] }))['endpoint'] as Fields)['events'],
      ['email.sent'],
    );
    const own = await tenant.register(nobody, { events: ['contact.*'], dialect: 'driftwood' });
    await done('update', { id: own.id, events: ['contact.*', 'company.created'] });
    assert.deepEqual((await tenant.got('GET', `/v1/webhooks/${own.id}`))['events'], ['contact.*', 'company.created']);
    assert.equal((await tenant.got('GET', `/v1/webhooks/${String((await make())['id'])}`))['dialect'], 'driftwood');
  });
});
