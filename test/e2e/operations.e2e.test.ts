import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { describe, test } from 'node:test';
import { openApiFaults } from '../harness/openapi-faults.ts';
import type { Fields } from '../harness/caller.ts';
import { eventually } from '../harness/clock.ts';
import { asTimePasses, installationScene, startInstallation } from '../harness/installation.ts';
import type { Installation } from '../harness/installation.ts';
import { nativeRoutes } from './records.ts';

const read = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('operations', () => {
  const scene = installationScene();

  const scrape = async (): Promise<Map<string, number>> => {
    const text = await (await fetch(`${scene.product.url}/metrics`)).text();
    return new Map(
      text
        .split('\n')
        .flatMap((line) =>
          line === '' || line.startsWith('#')
            ? []
            : [[line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]],
        ),
    );
  };

  test('/healthz and /readyz answer 200 on a healthy server', async () => {
    for (const [path, status] of [
      ['/healthz', 'ok'],
      ['/readyz', 'ready'],
    ] as const) {
      const answer = await fetch(`${scene.product.url}${path}`);
      assert.deepEqual([answer.status, await answer.json()], [200, { status }]);
    }
  });

  test('with OUTRIDER_METRICS_TOKEN, /metrics and /readyz require it; /healthz is open', async () => {
    const token = 'a-token-of-the-operator';
    const product = await startInstallation({ config: { metricsToken: token } });
    scene.finally(() => product.stop());
    const { key } = await product.tenant();
    for (const path of ['/metrics', '/readyz', '/healthz']) {
      const status = async (authorization?: string): Promise<number> =>
        (await fetch(`${product.url}${path}`, authorization === undefined ? {} : { headers: { authorization } }))
          .status;
      const refused = path === '/healthz' ? 200 : 401;
      assert.equal(await status(`Bearer ${token}`), 200, path);
      for (const wrong of [
        undefined,
        token,
        `Bearer ${token}x`,
        `Bearer ${token.slice(0, -1)}`,
        'Bearer ',
        `Bearer ${key}`,
      ])
        assert.equal(await status(wrong), refused, `${path} ${wrong}`);
    }
  });

  test('/metrics has every metric of the operations guide, and counts', async () => {
    const names = new Set(
      [...(await read('docs/operations.md')).matchAll(/\boutrider_[a-z_]+/g)].map(([name]) => name),
    );
    assert.ok(names.size >= 5, [...names].join(', '));
    // Shown only after the first one of its kind.
    const receiver = await scene.receive(
      (arrival, response) => void response.writeHead(arrival.body.includes('"bad"') ? 500 : 200).end(),
    );
    const me = await scene.product.tenant();
    const mailbox = String(
      (await me.got('POST', '/v1/mailboxes', { email: 'me@d.example', provider: 'capture' }))['id'],
    );
    const mail = { mailbox_id: mailbox, to: 'ada@e.example', subject: 'Hello', text: 'Hello' };
    const message = String((await me.got('POST', '/v1/messages', mail))['id']);
    await eventually(
      async () => (await me.got('GET', `/v1/messages/${message}`))['status'] === 'sent',
      'the message is sent',
    );
    const [captured] = (await me.api('GET', `/v1/captured-messages?mailbox_id=${mailbox}`)).json.data as Fields[];
    await me.got('POST', `/v1/captured-messages/${String(captured?.['id'])}/reply`, { text: 'Tell me more.' });
    const report = {
      type: 'email.delivered',
      email_id: 'm1',
      recipient: 'ada@e.example',
      timestamp: '2026-01-05T08:15:00Z',
    };
    assert.equal(
      (await (await me.withKey({ scopes: ['inbound:write'] })).api('POST', '/api/webhooks', report)).status,
      200,
    );
    await me.got('POST', '/v1/campaigns', { name: 'Spring launch' });
    await eventually(
      async () => (await scrape()).has('outrider_replies_total{classification="interested",source="rules"}'),
      'the reply is counted',
    );
    const asking = await me.register(receiver.url, {
      dialect: 'standard',
      events: ['token.asked'],
      retry_schedule_seconds: [],
      oauth2: { token_url: `${receiver.url}/token`, client_id: 'me', client_secret: 'of-the-client' },
    });
    await me.publish('token.asked');
    await eventually(async () => (await me.deliveries(asking))[0]?.status === 'failed', 'it gets no token');
    const asked = scene.product.logged.filter(({ msg }) => msg === 'token.requested');
    assert.deepEqual(
      asked.map((line) => [line['endpoint_id'], line['host'], line['result']]),
      [[asking.id, new URL(receiver.url).host, 'invalid']],
    );
    const before = await scrape();
    assert.equal(before.get('outrider_token_requests_total{result="invalid"}'), 1);
    await me.got('POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: [{ email: 'a@found.example', country: 'NO' }],
    });
    const search = await me.got('POST', '/v1/leads/discover', { icp: { countries: ['NO'] } });
    await eventually(
      async () => (await me.got('GET', `/v1/discovery-jobs/${String(search['id'])}`))['status'] === 'completed',
      'somebody is found',
    );
    const endpoint = await me.register(receiver.url, { retry_schedule_seconds: [] });
    await me.publish('order.paid');
    await eventually(async () => (await me.deliveries(endpoint))[0]?.status === 'delivered', 'one is delivered');
    await me.publish('order.paid', { note: 'bad' });
    await eventually(async () => (await me.deliveries(endpoint))[0]?.status === 'failed', 'one failed');
    await me.publish('order.paid');
    const suppressed = await me.api('POST', '/v1/suppressions', {
      suppressions: [{ email: 'stop@b.example', reason: 'complaint' }, { domain: 'c.example' }],
    });
    assert.equal(suppressed.status, 200, suppressed.text);
    const begin = async (dryRun: boolean) =>
      String((await me.got('POST', '/v1/imports', { lawful_basis: 'consent', dry_run: dryRun }))['id']);
    for (const dryRun of [true, false]) {
      const id = await begin(dryRun);
      const file = 'email\na@b.example\nb@b.example\nstop@b.example\nnobody\n';
      assert.equal((await me.api('PUT', `/v1/imports/${id}/file`, file, { 'content-type': 'text/csv' })).status, 202);
      await eventually(
        async () => (await me.got('GET', `/v1/imports/${id}`))['state'] === 'completed',
        'it is imported',
      );
    }
    await begin(false);
    const person = ((await me.api('GET', '/v1/contacts')).json.data as { id: string }[])[0]?.id ?? assert.fail();
    assert.equal((await me.api('POST', `/v1/contacts/${person}/erase`, {})).status, 202);

    const after = await scrape();
    for (const name of names)
      assert.ok(
        [...after.keys()].some((key) => key === name || key.startsWith(`${name}{`) || key.startsWith(`${name}_`)),
        name,
      );
    const grew = (key: string): number => (after.get(key) ?? 0) - (before.get(key) ?? 0);
    assert.equal(grew('outrider_events_total'), 3);
    assert.deepEqual(
      ['created', 'updated', 'suppressed', 'rejected'].map((status) =>
        grew(`outrider_import_rows_total{status="${status}"}`),
      ),
      [2, 0, 1, 1],
    );
    assert.deepEqual(
      ['complaint', 'manual', 'erased', 'import'].map((reason) =>
        grew(`outrider_suppressions_added_total{reason="${reason}"}`),
      ),
      [1, 1, 1, 0],
    );
    assert.deepEqual([grew('outrider_imports{state="uploading"}'), grew('outrider_imports{state="running"}')], [1, 0]);
    assert.equal(after.get('outrider_bulk_jobs{state="queued"}'), 0);
    assert.equal(grew('outrider_discovered_total{source="crm",outcome="accepted"}'), 1);
    // An erasure waits between its two rounds.
    assert.equal(grew('outrider_erasures{state="running"}'), 1);
    assert.equal(grew('outrider_attempts_total{outcome="delivered",dialect="defrost"}'), 1);
    assert.equal(grew('outrider_attempts_total{outcome="failed",dialect="defrost"}'), 1);
    assert.equal(grew('outrider_attempt_seconds_count'), 2);
    assert.equal(grew('outrider_deliveries{state="held"}'), 1);
    assert.equal(after.get('outrider_in_flight'), 0);
    assert.ok((after.get('outrider_database_connections') ?? 0) > 0);
  });

  test('log messages quoted in the operations guide exist in the code', async () => {
    const folder = new URL('../../src/', import.meta.url);
    const names = (await readdir(folder, { recursive: true })).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    const sources = (await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')))).join('\n');
    const [, trouble = ''] = (await read('docs/operations.md')).split('## Trouble');
    const quotes = trouble
      .split('\n')
      .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, quote]) => quote ?? ''));
    assert.ok(quotes.length >= 8);
    for (const quote of quotes) for (const part of quote.split('…')) assert.ok(sources.includes(part), quote);
  });

  test('each response has a request id, the caller’s or a new one', async () => {
    const me = await scene.product.tenant();
    const given = await me.api('GET', '/v1/me', undefined, { 'x-request-id': 'my-trace.1' });
    assert.equal(given.headers.get('x-request-id'), 'my-trace.1');
    const ids = new Set<string | null>();
    for (const path of ['/v1/me', '/v1/nothing', '/healthz', '/v1/webhooks?no=such'])
      ids.add((await me.api('GET', path)).headers.get('x-request-id'));
    assert.equal(ids.size, 4);
    assert.ok(!ids.has(null));
    await me.api('POST', '/v1/events', '{', { 'x-request-id': 'my-trace.2' });
    assert.ok(
      scene.product.logged.some((line) => line['request_id'] === 'my-trace.2' && line['status'] === 400),
      'which is in the log of what went wrong',
    );
  });

  test('the log has one line per finished delivery and never a secret, key or body', async () => {
    const receiver = await scene.receive(
      (_arrival, response, count) => void response.writeHead(count === 1 ? 500 : 200).end('answer-of-the-receiver'),
    );
    const me = await scene.product.tenant({ alertEmail: 'ops@example.com' });
    const endpoint = await me.register(`${receiver.url}/hook?token=in-the-url`, {
      headers: { authorization: 'Bearer of-the-receiver' },
      description: 'a description',
    });
    const rotated = await me.got('POST', `/v1/webhooks/${endpoint.id}/rotate-secret`, {});
    const made = await me.got('POST', '/v1/keys', { name: 'second' });
    await me.publish('order.paid', { note: 'in-the-body' });
    await eventually(async () => (await me.deliveries(endpoint))[0]?.attempt_count === 1, 'it failed');
    await me.api('POST', '/v1/events', { event: 'order.paid', data: 'in-the-body', secret: 'in-the-body' });
    await me.api('POST', '/v1/webhooks', {
      target_url: 'http://user:in-the-url@127.0.0.1/',
      events: ['*'],
      secret: 'in-the-body',
    });
    await scene.clock.advance(60_000);
    await asTimePasses(
      scene.product,
      async () => (await me.deliveries(endpoint))[0]?.status === 'delivered',
      'it is delivered',
    );

    const lines = scene.product.logged.filter((line) => line['endpoint_id'] === endpoint.id);
    assert.deepEqual(
      lines.map(({ msg }) => msg),
      ['delivery.attempted', 'delivery.finished'],
    );
    const [delivery] = await me.deliveries(endpoint);
    const { time, event_id: eventId, duration_ms: durationMs, since_event_ms: sinceEventMs, ...told } = lines[1] ?? {};
    assert.deepEqual(told, {
      level: 30,
      pid: process.pid,
      hostname: hostname(),
      organization_id: me.organization.id,
      endpoint_id: endpoint.id,
      delivery_id: delivery?.id,
      event: 'order.paid',
      dialect: 'defrost',
      host: new URL(receiver.url).host,
      outcome: 'delivered',
      attempt_count: 2,
      status_code: 200,
      msg: 'delivery.finished',
    });
    assert.ok(
      Number(time) > 0 && typeof eventId === 'string' && Number(durationMs) >= 0 && Number(sinceEventMs) >= 60_000,
    );
    const fields = scene.product.logged.flatMap((line) => Object.keys(line));
    assert.deepEqual(
      fields.filter((name) => !/^[a-z]+(_[a-z]+)*$/.test(name)),
      [],
    );
    const all = JSON.stringify(scene.product.logged);
    const secrets = [
      me.key,
      String(made['key']),
      endpoint.secret,
      String(rotated['secret']),
      'in-the-body',
      'in-the-url',
      'of-the-receiver',
      'answer-of-the-receiver',
      scene.product.key,
    ];
    for (const secret of secrets) assert.ok(!all.includes(secret), secret);
    const signature = String(receiver.arrivals[0]?.headers['x-defrost-signature']);
    assert.ok(signature.startsWith('sha256=') && !all.includes(signature.slice(7)));
  });

  test('behind a trusted load balancer, callers without a key are counted by the address it forwards', async () => {
    const left = async (product: Pick<Installation, 'url'>, from: string): Promise<number> =>
      Number(
        (await fetch(`${product.url}/v1/openapi.json`, { headers: { 'x-forwarded-for': from } })).headers.get(
          'x-ratelimit-remaining',
        ),
      );
    assert.equal(
      await left(scene.product, '203.0.113.1'),
      (await left(scene.product, '203.0.113.2')) + 1,
      'nobody is trusted by itself',
    );
    const behind = await startInstallation({ config: { roles: ['api'], trustedProxies: '127.0.0.0/8, ::1/128' } });
    try {
      assert.deepEqual(
        [await left(behind, '203.0.113.1'), await left(behind, '203.0.113.1'), await left(behind, '203.0.113.2')],
        [599, 598, 599],
      );
    } finally {
      await behind.stop();
    }
    await assert.rejects(
      startInstallation({ config: { trustedProxies: 'balancer' } }),
      /"balancer" is not an address range/,
    );
  });

  test("the API document is valid, public and identical to the repository's", async () => {
    const answer = await fetch(`${scene.product.url}/v1/openapi.json`);
    assert.equal(answer.status, 200);
    const document = (await answer.json()) as Record<string, Record<string, Record<string, unknown>>>;
    assert.deepEqual(openApiFaults(document), []);
    assert.deepEqual(document, JSON.parse(await read('docs/openapi.json')));
    const operations = Object.entries(document['paths'] ?? {}).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    for (const { method, path, undocumented } of nativeRoutes(scene.product.app))
      assert.ok(undocumented === true || operations.includes(`${method} ${path}`), `${method} ${path}`);
    assert.ok(Object.keys(document['webhooks'] ?? {}).length > 10);
  });

  test('the API pages load only their own files, under a policy that forbids others', async () => {
    const page = await fetch(`${scene.product.url}/docs/api`);
    assert.equal(page.status, 200);
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    const html = await page.text();
    assert.doesNotMatch(
      html,
      /<script(?![^>]*\bsrc=)|<style| on\w+=|https?:\/\//,
      'nothing inline, nothing from elsewhere',
    );
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, file]) => new URL(file ?? '', `${scene.product.url}/docs/api`),
    );
    assert.ok(files.length >= 4);
    for (const file of files) {
      assert.equal(file.origin, scene.product.url);
      const answer = await fetch(file);
      assert.equal(answer.status, 200, file.pathname);
      assert.ok((await answer.arrayBuffer()).byteLength > 0);
      assert.equal(answer.headers.get('content-security-policy'), policy);
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    }
    const script = await (await fetch(new URL('api/initializer.js', `${scene.product.url}/docs/api`))).text();
    const [, documents = '[]'] = /urls: (\[.*\])/.exec(script) ?? [];
    const paths = (JSON.parse(documents) as { url: string }[]).map(
      (each) => new URL(each.url, `${scene.product.url}/docs/api`).pathname,
    );
    assert.equal(paths[0], '/v1/openapi.json');
    for (const path of paths) assert.equal((await fetch(`${scene.product.url}${path}`)).status, 200, path);
  });
});
