import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { TestClock } from '../../../test/harness/clock.ts';
import { makeOrganization } from '../../../test/harness/engine.ts';
import { principalOf } from '../../../test/harness/calling.ts';
import { dataOf, makeWorkspace, webhookScene } from '../../../test/harness/webhooks.ts';
import type { Installation } from '../../../test/harness/installation.ts';
import type { Fields } from '../../../test/harness/webhooks.ts';
import { sql } from '../../db/sql.ts';
import { ApiError } from '../../base/errors.ts';
import type { Principal, Reply } from '../../http/route.ts';
import type { WorkspaceId } from '../../base/ids.ts';

describe('endpoints', () => {
  const scene = webhookScene();
  const { create, eventually, install, publish } = scene;
  const url = 'http://127.0.0.1:9/hook';
  let here: Installation;
  let caller: Principal;
  let clock: TestClock;
  beforeEach(() => {
    ({ here, caller, clock } = scene);
  });
  const refused = async (body: Fields, details: Record<string, string | RegExp>, on = here): Promise<void> => {
    await assert.rejects(create(body, on), (error: unknown) => {
      assert.ok(error instanceof ApiError);
      assert.equal(error.error, 'validation_failed', error.message);
      for (const [field, reason] of Object.entries(details)) {
        const actual: string = error.details?.[field] ?? `nothing of ${field}: ${error.message}`;
        if (reason instanceof RegExp) assert.match(actual, reason);
        else assert.equal(actual, reason);
      }
      return true;
    });
  };
  const stored = async (id: string): Promise<Fields> =>
    (await here.db.query(sql<Fields>`SELECT * FROM endpoints WHERE id = ${id}`))[0] ?? assert.fail();

  test('create returns every field, and the secret once', async () => {
    const reply = await here.call(caller, 'POST', '/v1/webhooks', {
      target_url: url,
      events: ['email.sent', 'send.bounced', 'order.*', 'email.sent'],
      description: 'CRM',
      headers: { Authorization: 'Bearer abc' },
      retry_schedule_seconds: [1, 604_800],
      timeout_ms: 1_000,
      max_in_flight: 256,
      rate_limit_per_second: 10_000,
      ordering: 'fifo',
      filter: { 'contact.tags': ['vip', 3, true, null], campaign_id: 'c1' },
      is_active: false,
    });
    assert.equal(reply.status, 201);
    assert.equal(reply.headers?.['cache-control'], 'no-store');
    const { id, secret, secret_prefix: prefix, ...shown } = dataOf(reply);
    assert.match(String(secret), /^whsec_/);
    assert.equal(prefix, String(secret).slice(0, 10));
    assert.deepEqual(shown, {
      target_url: url,
      events: ['email.sent', 'send.bounced', 'order.*'],
      description: 'CRM',
      dialect: 'defrost',
      headers: { authorization: '***' },
      retry_schedule_seconds: [1, 604_800],
      timeout_ms: 1_000,
      effective: { timeout_ms: 1_000, retry_schedule_seconds: [1, 604_800] },
      max_in_flight: 256,
      rate_limit_per_second: 10_000,
      ordering: 'fifo',
      filter: { 'contact.tags': ['vip', 3, true, null], campaign_id: 'c1' },
      signing: 'hmac',
      is_active: false,
      workspace_id: null,
      transport: 'push',
      tls: null,
      oauth2: null,
      body_template: null,
      content_type: null,
      previous_secret_expires_at: null,
      public_key: null,
      disabled_reason: 'manual',
      disabled_at: '2026-01-05T09:00:00.000Z',
      sandbox: false,
      expires_at: null,
      created_at: '2026-01-05T09:00:00.000Z',
      updated_at: '2026-01-05T09:00:00.000Z',
    });
    const got = await here.call(caller, 'GET', `/v1/webhooks/${String(id)}`);
    assert.deepEqual(dataOf(got), { id, secret_prefix: prefix, ...shown });
    assert.ok(!JSON.stringify(got.body).includes(String(secret)));
  });

  test("by default an endpoint is active, unfiltered, and has the dialect's schedule and timeout", async () => {
    const shown = await create();
    assert.deepEqual(
      [
        shown['description'],
        shown['dialect'],
        shown['retry_schedule_seconds'],
        shown['timeout_ms'],
        shown['effective'],
        shown['max_in_flight'],
        shown['rate_limit_per_second'],
        shown['ordering'],
        shown['filter'],
        shown['is_active'],
      ],
      [
        '',
        'defrost',
        null,
        null,
        { timeout_ms: 15_000, retry_schedule_seconds: [60, 300, 1_800, 7_200, 43_200] },
        32,
        null,
        'none',
        null,
        true,
      ],
    );
    const known = here.engine.subscriptions.get(shown.id);
    assert.deepEqual(known?.retry, { scheduleSeconds: [60, 300, 1_800, 7_200, 43_200], exact: false });
    assert.equal(known?.timeoutMs, 15_000);
    const own = await create({ retry_schedule_seconds: [], filter: {} });
    assert.deepEqual(here.engine.subscriptions.get(own.id)?.retry, { scheduleSeconds: [], exact: true });
    assert.equal(own['filter'], null);
  });

  test('fields that are out of range or unknown are refused by name', async () => {
    await refused({ events: [] }, { events: /./ });
    await refused({ events: Array.from({ length: 101 }, (_, index) => `a.b${index}`) }, { events: /./ });
    await refused(
      { events: ['contact.created'] },
      { 'events.0': 'the defrost dialect has no contact.created; use dialect standard' },
    );
    await refused({ description: 'x'.repeat(501) }, { description: /./ });
    await refused({ dialect: 'svix' }, { dialect: /./ });
    await refused({ headers: { host: 'x' } }, { 'headers.host': /Outrider/ });
    await refused({ headers: { 'x-a': '***' } }, { 'headers.x-a': /no stored value/ });
    await refused({ retry_schedule_seconds: [0] }, { 'retry_schedule_seconds.0': /./ });
    await refused({ retry_schedule_seconds: [604_801] }, { 'retry_schedule_seconds.0': /./ });
    await refused({ retry_schedule_seconds: Array.from({ length: 21 }, () => 1) }, { retry_schedule_seconds: /./ });
    await refused({ timeout_ms: 999 }, { timeout_ms: /./ });
    await refused({ timeout_ms: 60_001 }, { timeout_ms: /./ });
    await refused({ max_in_flight: 257 }, { max_in_flight: /./ });
    await refused({ max_in_flight: 0 }, { max_in_flight: /./ });
    await refused({ rate_limit_per_second: 10_001 }, { rate_limit_per_second: /./ });
    await refused({ ordering: 'lifo' }, { ordering: /./ });
    await refused({ filter: { 'a..b': 1 } }, { 'filter.a..b': /dotted path/ });
    await refused(
      { filter: { a: { b: 1, $over: 5 }, $and: [] } },
      {
        'filter.a.b': /write a nested field as the path "a\.b"$/,
        'filter.a.$over': /^is not an operator; use \$eq, \$ne, /,
        'filter.$and': /^is not an operator; use \$or, \$not or a dotted path$/,
      },
    );
    await refused({ filter: { a: '\ud800' } }, { 'filter.a': /well-formed/ });
    await refused(
      { filter: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`p${index}`, 1])) },
      { filter: 'must contain at most 50 conditions' },
    );
    await refused(
      { filter: { a: Array.from({ length: 40 }, () => 'x'.repeat(500)) } },
      { filter: 'must be at most 16384 bytes as JSON' },
    );
    await refused({ signing: 'ed25519' }, { signing: /use dialect standard/ });
    await refused({ secret: 'short' }, { secret: /16 to 256/ });
    await refused({ secret: 'not-of-the-right-form', dialect: 'standard' }, { secret: /^must be whsec_/ });
    await refused({ colour: 'red' }, { colour: 'unknown field' });
    await refused({ transport: 'pull' }, { transport: 'unknown field' });
    assert.equal(
      (
        await here.db.query(
          sql<{ count: number }>`SELECT count(*) FROM endpoints WHERE organization_id = ${caller.organizationId}`,
        )
      )[0]?.count,
      0,
    );
  });

  test('several mistakes are reported together', async () => {
    await refused(
      { events: ['contact.created'], headers: { host: 'x' }, signing: 'ed25519', secret: 'whsec_x!0123456789' },
      { 'events.0': /./, 'headers.host': /./, signing: /./, secret: /./ },
    );
  });

  test('target URLs that may not be called are refused at creation, with the reason', async () => {
    const closed = await install({
      config: { egressAllow: '', allowHttpEndpoints: false },
      resolve: (host) => {
        if (host === 'nowhere.example') return Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }));
        const address = host === 'inside.example' ? '10.1.2.3' : '93.184.215.14';
        return Promise.resolve([{ address, family: 4 }]);
      },
    });
    const target = (target_url: string, reason: RegExp): Promise<void> =>
      refused({ target_url }, { target_url: reason }, closed);
    await target('http://receiver.example/', /^must start with https:/);
    await target('https://user:pass@receiver.example/', /user name or password/);
    await target('https://receiver.example/#part', /fragment/);
    await target('ftp://receiver.example/', /^must start with https:/);
    await target('not a url', /spaces/);
    await target('notaurl', /not a valid URL/);
    await target('https://receiver.example/a\nb', /control characters/);
    await target('https://inside.example/', /^resolves to an address that is not allowed$/);
    await target('https://127.0.0.1/', /loopback/);
    await target('https://2130706433/', /loopback/);
    await target('https://[::ffff:10.0.0.1]/', /private/);
    await target('https://localhost/', /this machine/);

    await create({ target_url: 'https://receiver.example/' }, closed);
    // A host name without an address is accepted: deliveries fail until it has one, which is then checked.
    await create({ target_url: 'https://nowhere.example/' }, closed);
    const idn = await create({ target_url: 'https://bücher.example/hook' }, closed);
    assert.equal(idn['target_url'], 'https://bücher.example/hook');
    assert.equal(closed.engine.subscriptions.get(idn.id)?.url.hostname, 'xn--bcher-kva.example');

    await assert.rejects(
      closed.call(caller, 'PATCH', `/v1/webhooks/${idn.id}`, { target_url: 'https://inside.example/' }),
      /resolves to an address that is not allowed/,
    );
  });

  test('an organization has at most 1,000 endpoints; deleted ones do not count', async () => {
    const { id } = await create();
    await here.db.execute(sql`
      INSERT INTO endpoints (id, organization_id, transport, target_url, description, dialect, events, header_names, signing, secret_sealed, secret_prefix, max_in_flight, ordering, is_active, sandbox, epoch, number, created_at, updated_at)
      SELECT gen_random_uuid(), organization_id, transport, target_url, description, dialect, events, header_names, signing, secret_sealed, secret_prefix, max_in_flight, ordering, is_active, sandbox, epoch, number + n, created_at, updated_at
      FROM endpoints, generate_series(1, 998) n WHERE id = ${id}`);
    const both = await Promise.allSettled([create(), create()]);
    assert.deepEqual(both.map((result) => result.status).sort(), ['fulfilled', 'rejected']);
    await assert.rejects(
      create(),
      (error: unknown) => error instanceof ApiError && error.error === 'conflict' && error.message.includes('1,000'),
    );
    await here.call(caller, 'DELETE', `/v1/webhooks/${id}`);
    await create();
  });

  test('the list is paged, newest first', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) ids.unshift((await create()).id);
    const page = async (query: string): Promise<unknown> => {
      const { data, ...rest } = (await here.call(caller, 'GET', `/v1/webhooks?${query}`)).body as { data: Fields[] };
      return { ids: data.map((each) => each['id']), ...rest };
    };
    assert.deepEqual(await page('page_size=2'), { ids: ids.slice(0, 2), page: 1, page_size: 2, total: 3 });
    assert.deepEqual(await page('page_size=2&page=2'), { ids: ids.slice(2), page: 2, page_size: 2, total: 3 });
    await here.call(caller, 'DELETE', `/v1/webhooks/${ids[0]}`);
    assert.deepEqual(await page(''), { ids: ids.slice(1), page: 1, page_size: 25, total: 2 });
  });

  test('the list filters by URL, activity, event and dialect', async () => {
    await create({ description: 'a', events: ['order.paid'], dialect: 'standard' });
    await create({ description: 'b', events: ['order.*'], dialect: 'standard', is_active: false });
    await create({ description: 'c', events: ['*'], target_url: 'https://example.com/c' });
    const found = async (query: string): Promise<unknown[]> => {
      const { data, total } = (await here.call(caller, 'GET', `/v1/webhooks?${query}`)).body as {
        data: Fields[];
        total: number;
      };
      assert.equal(total, data.length);
      return data.map(({ description }) => description);
    };
    assert.deepEqual(await found('event=order.paid'), ['c', 'b', 'a']);
    assert.deepEqual(await found('event=order.*'), ['c', 'b']);
    assert.deepEqual(await found('event=invoice.paid'), ['c']);
    assert.deepEqual(await found('active=false'), ['b']);
    assert.deepEqual(await found('active=true&dialect=standard'), ['a']);
    await create({ description: 'd', target_url: 'HTTPS://Example.com:443/d' });
    await create({ description: 'e', target_url: 'https://b\u00fccher.example' });
    const at = (url: string): Promise<unknown[]> => found(`url=${encodeURIComponent(url)}`);
    for (const url of ['https://example.com/c', 'HTTPS://EXAMPLE.com:443/./c']) assert.deepEqual(await at(url), ['c']);
    assert.deepEqual(await at('https://example.com/d'), ['d']);
    assert.deepEqual(await at('https://xn--bcher-kva.example/'), ['e']);
    for (const url of ['https://example.com/C', 'https://example.com/c/', 'https://example.com', 'c'])
      assert.deepEqual(await at(url), [], url);
    await assert.rejects(found('active=yes'), { error: 'validation_failed' });
  });

  test("patch changes only the given fields; null restores the dialect's default", async () => {
    const {
      id,
      secret: _,
      ...before
    } = await create({
      description: 'a',
      retry_schedule_seconds: [1],
      timeout_ms: 2_000,
      filter: { a: 1 },
      rate_limit_per_second: 5,
    });
    await clock.advance(1_000);
    assert.deepEqual(dataOf(await here.call(caller, 'PATCH', `/v1/webhooks/${id}`, {})), { id, ...before });
    const changed = dataOf(
      await here.call(caller, 'PATCH', `/v1/webhooks/${id}`, {
        events: ['reply.*', 'reply.*'],
        max_in_flight: 2,
        retry_schedule_seconds: null,
        timeout_ms: null,
        filter: null,
        rate_limit_per_second: null,
      }),
    );
    assert.deepEqual(changed, {
      id,
      ...before,
      events: ['reply.*'],
      max_in_flight: 2,
      retry_schedule_seconds: null,
      timeout_ms: null,
      effective: { timeout_ms: 15_000, retry_schedule_seconds: [60, 300, 1_800, 7_200, 43_200] },
      filter: null,
      rate_limit_per_second: null,
      updated_at: '2026-01-05T09:00:01.000Z',
    });
    const known = here.engine.subscriptions.get(id);
    assert.deepEqual(
      [known?.events, known?.maxInFlight, known?.timeoutMs, known?.filter, known?.ratePerSecond],
      [['reply.*'], 2, 15_000, undefined, undefined],
    );
    for (const field of ['secret', 'workspace_id', 'transport', 'id', 'sandbox', 'disabled_reason']) {
      await assert.rejects(
        here.call(caller, 'PATCH', `/v1/webhooks/${id}`, { [field]: 'x' }),
        (error: unknown) => error instanceof ApiError && error.details?.[field] === 'unknown field',
      );
    }
  });

  test('stored header values are not sent to another origin', async () => {
    const at = 'https://example.com/hook';
    const { id } = await create({ target_url: at, headers: { 'X-A': 'one' } });
    const patch = (change: object): Promise<unknown> => here.call(caller, 'PATCH', `/v1/webhooks/${id}`, change);
    const origins = [
      'https://example.org/hook',
      'https://example.com:8443/hook',
      'https://sub.example.com/hook',
      'http://127.0.0.1:9/hook',
    ];
    for (const target_url of origins) {
      for (const [change, field] of [
        [{ target_url }, 'headers'],
        [{ target_url, events: ['*'], dialect: 'standard' }, 'headers'],
        [{ target_url, headers: { 'x-a': '***' } }, 'headers.x-a'],
        [{ target_url, headers: { 'x-a': '***', 'x-b': 'two' } }, 'headers.x-a'],
      ] as const)
        await assert.rejects(
          patch(change),
          (error: unknown) =>
            error instanceof ApiError &&
            /must be sent again.*stored values are for https:\/\/example\.com/.test(error.details?.[field] ?? ''),
          JSON.stringify(change),
        );
    }
    assert.equal(here.engine.subscriptions.get(id)?.url.href, at, 'nothing changed');
    await patch({ target_url: 'https://EXAMPLE.com:443/other' });
    assert.deepEqual(here.engine.subscriptions.get(id)?.headers, { 'x-a': 'one' }, 'the same origin keeps the values');
    await patch({ target_url: origins[0], headers: { 'x-a': 'two' } });
    assert.deepEqual(here.engine.subscriptions.get(id)?.headers, { 'x-a': 'two' });
    await patch({ target_url: origins[1], headers: {} });
    await patch({ target_url: origins[2] });
    assert.deepEqual(here.engine.subscriptions.get(id)?.headers, {}, 'without headers the origin can change');
  });

  test('patch of headers replaces them; a masked value keeps the stored one', async () => {
    const { id } = await create({ headers: { 'X-A': 'one', 'X-B': 'two' } });
    const changed = dataOf(
      await here.call(caller, 'PATCH', `/v1/webhooks/${id}`, { headers: { 'x-a': '***', 'x-c': 'three' } }),
    );
    assert.deepEqual(changed['headers'], { 'x-a': '***', 'x-c': '***' });
    assert.deepEqual(here.engine.subscriptions.get(id)?.headers, { 'x-a': 'one', 'x-c': 'three' });
    await here.call(caller, 'PATCH', `/v1/webhooks/${id}`, { headers: {} });
    assert.deepEqual(here.engine.subscriptions.get(id)?.headers, {});
    assert.equal((await stored(id))['headers_sealed'], null);
  });

  test('a new dialect must suit the events, signing and secret that are kept', async () => {
    const { id } = await create({ dialect: 'standard', events: ['contact.created'], signing: 'ed25519' });
    const patch = (body: Fields): Promise<Reply> => here.call(caller, 'PATCH', `/v1/webhooks/${id}`, body);
    await assert.rejects(
      patch({ dialect: 'defrost' }),
      (error: unknown) =>
        error instanceof ApiError &&
        error.details?.['events.0'] !== undefined &&
        error.details['signing'] !== undefined,
    );
    await assert.rejects(patch({ dialect: 'defrost', events: ['*'] }), /ed25519/);
    assert.equal(dataOf(await patch({ dialect: 'defrost', events: ['*'], signing: 'hmac' }))['public_key'], null);
    assert.equal(here.engine.subscriptions.get(id)?.wire.name, 'defrost');

    const own = await create({ secret: 'a secret of our own'.replaceAll(' ', '-') });
    await assert.rejects(
      here.call(caller, 'PATCH', `/v1/webhooks/${own.id}`, { dialect: 'standard' }),
      (error: unknown) => error instanceof ApiError && /rotate the secret/.test(error.details?.['dialect'] ?? ''),
    );
    await here.call(caller, 'POST', `/v1/webhooks/${own.id}/rotate-secret`);
    await here.call(caller, 'PATCH', `/v1/webhooks/${own.id}`, { dialect: 'standard' });
  });

  test('is_active false disables manually; true enables without releasing held deliveries', async () => {
    const { id } = await create({ events: ['order.paid'] });
    const off = dataOf(await here.call(caller, 'PATCH', `/v1/webhooks/${id}`, { is_active: false }));
    assert.deepEqual(
      [off['is_active'], off['disabled_reason'], off['disabled_at']],
      [false, 'manual', '2026-01-05T09:00:00.000Z'],
    );
    await clock.advance(1_000);
    assert.equal(
      dataOf(await here.call(caller, 'PATCH', `/v1/webhooks/${id}`, { is_active: false }))['disabled_at'],
      '2026-01-05T09:00:00.000Z',
    );
    await publish('order.paid');
    await here.db.execute(sql`INSERT INTO endpoint_health (endpoint_id, consecutive_failures) VALUES (${id}, 7)`);
    const on = dataOf(await here.call(caller, 'PATCH', `/v1/webhooks/${id}`, { is_active: true }));
    assert.deepEqual([on['is_active'], on['disabled_reason'], on['disabled_at']], [true, null, null]);
    assert.deepEqual(
      await here.db.query(sql<{ state: string }>`SELECT state FROM delivery_queue WHERE endpoint_id = ${id}`),
      [{ state: 'held' }],
    );
    assert.equal(
      (
        await here.db.query(
          sql<{
            failures: number;
          }>`SELECT consecutive_failures AS failures FROM endpoint_health WHERE endpoint_id = ${id}`,
        )
      )[0]?.failures,
      0,
    );
  });

  test('a change takes effect before it is answered, in this process and, by the epoch, in others', async () => {
    const elsewhere = await install({ config: { roles: ['api'] } });
    const { id } = await create({ events: ['order.paid'] });
    assert.ok(here.engine.subscriptions.get(id));
    // The other process may not know the new endpoint yet, and still writes its deliveries.
    const { deliveries } = await elsewhere.events.publisher.publish({
      organizationId: caller.organizationId,
      type: 'order.paid',
      data: {},
      occurredAtMs: clock.now(),
    });
    assert.equal(deliveries, 1);
    await here.call(caller, 'DELETE', `/v1/webhooks/${id}`);
    assert.equal(here.engine.subscriptions.get(id), undefined);
    assert.equal(
      (
        await elsewhere.events.publisher.publish({
          organizationId: caller.organizationId,
          type: 'order.paid',
          data: {},
          occurredAtMs: clock.now(),
        })
      ).deliveries,
      0,
    );
    await elsewhere.until(
      () =>
        elsewhere.engine.subscriptions.get(id) === undefined &&
        elsewhere.engine.subscriptions.epoch === here.engine.subscriptions.epoch,
      'the other process knows the endpoint',
    );
  });

  test('concurrent changes from two processes neither overwrite each other nor deadlock', async () => {
    const elsewhere = await install();
    const { id } = await create({ events: ['order.paid'] });
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const on = index % 2 === 0 ? here : elsewhere;
        return on.call(
          caller,
          'PATCH',
          `/v1/webhooks/${id}`,
          index < 10 ? { max_in_flight: 7 } : { description: 'both' },
        );
      }),
    );
    const row = await stored(id);
    assert.deepEqual([row['max_in_flight'], row['description']], [7, 'both']);
    await here.until(() => here.engine.subscriptions.epoch === row['epoch'], 'this process knows the last change');
    assert.deepEqual(here.errors, []);
  });

  test('delete answers 204, then 404; pending deliveries fail and credentials are erased', async () => {
    const { id } = await create({ events: ['order.paid'], is_active: false, headers: { 'x-a': 'b' } });
    await publish('order.paid');
    assert.equal((await here.call(caller, 'DELETE', `/v1/webhooks/${id}`)).status, 204);
    for (const [method, path] of [
      ['DELETE', ''],
      ['GET', ''],
      ['PATCH', ''],
      ['POST', '/enable'],
      ['POST', '/rotate-secret'],
      ['POST', '/test'],
      ['GET', '/deliveries'],
      ['GET', '/stats'],
    ] as const) {
      await assert.rejects(
        here.call(caller, method, `/v1/webhooks/${id}${path}`),
        { error: 'not_found' },
        `${method} ${path}`,
      );
    }
    const row = await stored(id);
    assert.deepEqual(
      [(row['secret_sealed'] as Buffer).length, row['headers_sealed'], row['header_names']],
      [0, null, []],
    );
    await here.db.execute(sql`UPDATE delivery_queue SET state = 'pending' WHERE endpoint_id = ${id}`);
    await eventually(
      async () =>
        (await here.db.query(sql`SELECT FROM delivery_log WHERE endpoint_id = ${id} AND state = 'failed'`)).length ===
        1,
      'the delivery failed',
    );
  });

  test("a key bound to a workspace creates and sees only that workspace's endpoints", async () => {
    const [mine, theirs] = (await Promise.all(
      ['mine', 'theirs'].map((name) => makeWorkspace(here.db, here.ids, caller.organizationId, name)),
    )) as [WorkspaceId, WorkspaceId];
    const bound = principalOf(caller.organizationId, mine);
    const made = await create({}, here, bound);
    assert.equal(made['workspace_id'], mine);
    assert.equal((await create({ workspace_id: mine }, here, bound))['workspace_id'], mine);
    await assert.rejects(create({ workspace_id: theirs }, here, bound), { error: 'forbidden' });
    const other = await create({ workspace_id: theirs });
    const free = await create();
    const list = async (who: Principal): Promise<number> =>
      ((await here.call(who, 'GET', '/v1/webhooks')).body as { total: number }).total;
    assert.deepEqual([await list(caller), await list(bound)], [4, 2]);
    for (const { id } of [other, free])
      await assert.rejects(here.call(bound, 'GET', `/v1/webhooks/${id}`), { error: 'not_found' });

    const foreign = await makeWorkspace(
      here.db,
      here.ids,
      await makeOrganization(here.db, here.ids, 'foreign-workspace'),
      'x',
    );
    await refused({ workspace_id: foreign }, { workspace_id: 'does not exist in this organization' });
  });

  test('a temporary pull endpoint is created internally only, and its URL cannot be changed', async () => {
    const expiresAt = new Date(clock.now() + 60_000);
    const { endpoint } = await here.webhooks.endpoints.create(
      caller,
      { target_url: 'https://pull.invalid/', events: ['*'] },
      { transport: 'pull', expiresAt },
    );
    assert.deepEqual([endpoint.transport, endpoint.expires_at], ['pull', expiresAt]);
    assert.equal(here.engine.subscriptions.get(endpoint.id)?.transport, 'pull');
    await assert.rejects(
      here.call(caller, 'PATCH', `/v1/webhooks/${endpoint.id}`, { target_url: url }),
      (error: unknown) => error instanceof ApiError && error.details?.['target_url'] !== undefined,
    );
  });

  test('a key of a sandbox creates sandbox endpoints', async () => {
    assert.equal((await create({}, here, { ...caller, sandbox: true }))['sandbox'], true);
  });
});
