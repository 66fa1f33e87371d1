import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { TestClock } from '../../../test/harness/clock.ts';
import { dataOf, webhookScene } from '../../../test/harness/webhooks.ts';
import type { Installation } from '../../../test/harness/installation.ts';
import type { Fields, MadeEndpoint } from '../../../test/harness/webhooks.ts';
import { sql } from '../../db/sql.ts';
import { catalogue } from '../../events/catalogue.ts';
import type { Principal } from '../../http/route.ts';

describe('deliveries that exhaust their schedule', () => {
  const scene = webhookScene();
  const { create, eventually, install, publish, receive } = scene;
  let here: Installation;
  let caller: Principal;
  let clock: TestClock;
  beforeEach(() => {
    ({ here, caller, clock } = scene);
  });

  const shown = async ({ id }: MadeEndpoint): Promise<Fields> =>
    dataOf(await here.call(caller, 'GET', `/v1/webhooks/${id}`));
  const disabled = async (endpoint: MadeEndpoint): Promise<boolean> => (await shown(endpoint))['is_active'] === false;
  const states = async ({ id }: MadeEndpoint): Promise<string[]> =>
    (
      await here.db.query(sql<{ state: string }>`SELECT state FROM deliveries WHERE endpoint_id = ${id} ORDER BY id`)
    ).map(({ state }) => state);
  const attempts = async ({ id }: MadeEndpoint): Promise<number> =>
    (
      await here.db.query(
        sql<{ sum: number }>`SELECT sum(attempt_count)::int AS sum FROM deliveries WHERE endpoint_id = ${id}`,
      )
    )[0]?.sum ?? 0;
  const events = async (type: string): Promise<Fields[]> =>
    (
      await here.db.query(
        sql<{
          data: Buffer;
        }>`SELECT data FROM events WHERE organization_id = ${caller.organizationId} AND type = ${type} ORDER BY id`,
      )
    ).map(({ data }) => JSON.parse(data.toString()) as Fields);
  /** Waits until every request that arrived is recorded as a failure and no further attempt is pending. */
  const quiet = (receiver: { arrivals: readonly unknown[] }, endpoint: MadeEndpoint): Promise<void> =>
    eventually(async () => {
      const all = await states(endpoint);
      const failed = all.filter((state) => state === 'failed').length;
      const { inFlight, queued } = here.engine.figures;
      return (
        inFlight + queued === 0 &&
        !all.includes('pending') &&
        failed === receiver.arrivals.length &&
        (await events('delivery.exhausted')).length === failed
      );
    }, 'nothing is in flight');
  const alerts = async (): Promise<Fields[]> =>
    ((await here.call(caller, 'GET', '/v1/alerts')).body as { data: Fields[] }).data;

  test('an endpoint that fails five times in a row is reported once, to others only, and again when it recovers', async () => {
    let status = 500;
    const receiver = await receive((_arrival, response) => response.writeHead(status).end());
    const watcher = await receive();
    const endpoint = await create({
      target_url: `${receiver.url}/hook?token=t0ken`,
      events: ['*'],
      dialect: 'standard',
      retry_schedule_seconds: Array.from({ length: 20 }, () => 5),
    });
    await create({ target_url: watcher.url, dialect: 'standard', events: ['endpoint.*'] });
    await publish('order.paid');
    await eventually(async () => (await attempts(endpoint)) >= 4, 'four attempts');
    await here.engine.flushStats();
    assert.deepEqual(await events('endpoint.failing'), []);
    await eventually(async () => (await events('endpoint.failing')).length === 1, 'it is reported');
    status = 200;
    await eventually(async () => (await events('endpoint.recovered')).length === 1, 'it recovered');
    await here.until(() => watcher.arrivals.length === 2, 'both events arrived');
    const [failing, recovered] = [...(await events('endpoint.failing')), ...(await events('endpoint.recovered'))];
    catalogue['endpoint.failing'].data.parse(failing);
    catalogue['endpoint.recovered'].data.parse(recovered);
    assert.equal(failing?.['target_url'], `${receiver.url}/hook`);
    assert.ok(Number(failing['consecutive_failures']) >= 5);
    assert.equal(recovered?.['failing_since'], failing['failing_since']);
    assert.ok(receiver.arrivals.every(({ body }) => !body.includes('endpoint.')));
    // It begins to fail again within the hour: no second report.
    status = 500;
    await clock.advance(61_000);
    await publish('order.paid');
    const before = await attempts(endpoint);
    await eventually(async () => (await attempts(endpoint)) >= before + 7, 'seven more attempts');
    await here.engine.flushStats();
    assert.equal((await events('endpoint.failing')).length, 1);
    assert.deepEqual(
      (await alerts()).map(({ subject }) => String(subject).replace(/:[^:]*$/, '')),
      ['Webhook endpoint failing: 127.0.0.1'],
    );
  });

  test('D17: an exhausted schedule disables a Defrost endpoint, emits events and writes one alert', async () => {
    const receiver = await receive((_arrival, response) => response.writeHead(500).end());
    const watcher = await receive();
    const endpoint = await create({
      target_url: `${receiver.url}/hook?token=t0ken`,
      events: ['order.*'],
      retry_schedule_seconds: [5],
      description: 'CRM',
    });
    const watching = await create({
      target_url: watcher.url,
      dialect: 'standard',
      events: ['endpoint.disabled', 'delivery.exhausted'],
    });
    const begin = clock.now();
    const { id: eventId } = await publish('order.paid');
    await eventually(() => disabled(endpoint), 'the endpoint is disabled');
    await here.until(() => here.engine.subscriptions.get(endpoint.id)?.isActive === false, 'this process knows');
    const { disabled_reason: reason, disabled_at: at } = await shown(endpoint);
    assert.equal(reason, 'exhausted');
    assert.ok(Date.parse(String(at)) >= begin + 5_000 && Date.parse(String(at)) <= clock.now());

    await here.until(() => watcher.arrivals.length === 2, 'both events arrived');
    const bodies = watcher.arrivals
      .map(({ body }) => JSON.parse(body) as { type: string; data: Fields })
      .sort((a, b) => (a.type < b.type ? -1 : 1));
    assert.deepEqual(
      bodies.map(({ type }) => type),
      ['delivery.exhausted', 'endpoint.disabled'],
    );
    const [exhausted, ended] = bodies.map(({ data }) => data);
    const deliveryId = exhausted?.['delivery_id'];
    const about = {
      endpoint_id: endpoint.id,
      delivery_id: deliveryId,
      event_id: eventId,
      event_type: 'order.paid',
      attempts: 2,
      last_error: 'The receiver answered 500.',
      reason: 'exhausted',
    };
    assert.deepEqual(exhausted, about);
    // The URL without its query, which may be a credential.
    assert.deepEqual(ended, { ...about, target_url: `${receiver.url}/hook`, reason: 'exhausted', disabled_at: at });
    catalogue['delivery.exhausted'].data.parse(exhausted);
    catalogue['endpoint.disabled'].data.parse(ended);
    assert.equal(await disabled(watching), false);

    const [alert, ...more] = await alerts();
    assert.deepEqual(more, []);
    assert.match(String(alert?.['subject']), /^Webhook endpoint disabled: 127\.0\.0\.1:/);
    for (const part of [
      endpoint.id,
      'CRM',
      String(deliveryId),
      eventId,
      'order.paid',
      'The receiver answered 500.',
      'release_held',
      'failed 2 times',
    ])
      assert.ok(String(alert?.['body']).includes(part), part);
    assert.ok(!JSON.stringify(alert).includes('t0ken'));
  });

  test('D16: new and pending deliveries are held, and are sent once released', async () => {
    let works = false;
    const receiver = await receive((_arrival, response) => response.writeHead(works ? 200 : 500).end());
    const endpoint = await create({
      target_url: receiver.url,
      events: ['order.*'],
      retry_schedule_seconds: [],
      max_in_flight: 1,
    });
    for (let index = 0; index < 3; index += 1) await publish('order.paid', { index });
    await here.until(() => disabled(endpoint), 'the endpoint is disabled');
    await publish('order.paid', { index: 3 });
    await quiet(receiver, endpoint);
    assert.equal((await states(endpoint)).at(-1), 'held');
    const held = (await states(endpoint)).filter((state) => state === 'held').length;

    works = true;
    const path = `/v1/webhooks/${endpoint.id}/enable`;
    const first = (await here.call(caller, 'POST', path)).body as { data: Fields; released: number };
    assert.deepEqual([first.data['is_active'], first.data['disabled_reason'], first.released], [true, null, 0]);
    assert.equal((await states(endpoint)).filter((state) => state === 'held').length, held);
    const second = (await here.call(caller, 'POST', path, { release_held: true })).body as {
      data: Fields;
      released: number;
    };
    assert.equal(second.released, held);
    await eventually(
      async () => (await states(endpoint)).filter((state) => state === 'delivered').length === held,
      'all were delivered',
    );
  });

  test('concurrent failures disable an endpoint once; a new streak after enabling disables it once more', async () => {
    const receiver = await receive((_arrival, response) => response.writeHead(500).end());
    const endpoint = await create({ target_url: receiver.url, events: ['order.*'], retry_schedule_seconds: [] });
    const streak = async (): Promise<void> => {
      await Promise.all(Array.from({ length: 10 }, () => publish('order.paid')));
      await here.until(() => disabled(endpoint), 'the endpoint is disabled');
      await quiet(receiver, endpoint);
    };
    await streak();
    assert.equal((await events('endpoint.disabled')).length, 1);
    assert.equal((await alerts()).length, 1);
    await here.call(caller, 'POST', `/v1/webhooks/${endpoint.id}/enable`);
    await streak();
    assert.equal((await events('endpoint.disabled')).length, 2);
    assert.equal((await alerts()).length, 2);
    assert.deepEqual(here.errors, []);
  });

  test('D11: 410 disables an endpoint in every dialect, whatever the schedule', async () => {
    const receiver = await receive((_arrival, response) => response.writeHead(410).end());
    const endpoint = await create({ target_url: receiver.url, events: ['order.*'], dialect: 'standard' });
    await publish('order.paid');
    await here.until(() => disabled(endpoint), 'the endpoint is disabled');
    assert.equal((await shown(endpoint))['disabled_reason'], 'gone');
    assert.deepEqual(
      (await events('endpoint.disabled')).map(({ reason }) => reason),
      ['gone'],
    );
    assert.match(String((await alerts())[0]?.['body']), /answered 410 Gone/);
  });

  test('in the standard dialect, an endpoint that recovered since the delivery began stays active', async () => {
    const receiver = await receive(({ body }, response) =>
      response.writeHead(body.includes('"bad"') ? 500 : 200).end(),
    );
    const endpoint = await create({
      target_url: receiver.url,
      events: ['order.*'],
      dialect: 'standard',
      retry_schedule_seconds: [5],
    });
    await publish('order.paid', { is: 'bad' });
    await here.until(async () => (await attempts(endpoint)) === 1, 'the first attempt');
    await clock.advance(1_000);
    await publish('order.paid', { is: 'good' });
    await here.until(async () => (await states(endpoint)).includes('delivered'), 'the other was delivered');
    await eventually(async () => (await states(endpoint)).includes('failed'), 'the first exhausted its schedule');
    assert.equal(await disabled(endpoint), false);
    assert.deepEqual(
      [
        (await events('delivery.exhausted')).length,
        (await events('endpoint.disabled')).length,
        (await alerts()).length,
      ],
      [1, 0, 0],
    );

    // A delivery before it began does not count as recovery.
    await clock.advance(1_000);
    await publish('order.paid', { is: 'bad' });
    await eventually(() => disabled(endpoint), 'the endpoint is disabled');
  });

  test('a delivery recorded only in the health row, which outlives the log, also counts as recovery', async () => {
    const receiver = await receive((_arrival, response) => response.writeHead(500).end());
    const endpoint = await create({
      target_url: receiver.url,
      events: ['order.*'],
      dialect: 'standard',
      retry_schedule_seconds: [],
    });
    await here.db.execute(sql`
      INSERT INTO endpoint_health (endpoint_id, consecutive_failures, last_delivered_at) VALUES (${endpoint.id}, 0, ${new Date(clock.now() + 1)})`);
    await publish('order.paid');
    await here.until(async () => (await states(endpoint)).includes('failed'), 'it failed');
    assert.equal(await disabled(endpoint), false);
  });

  test('failed deliveries of events about failures emit no further events, so two endpoints cannot report each other permanently', async () => {
    const receiver = await receive((_arrival, response) => response.writeHead(410).end());
    const both = [
      await create({ target_url: receiver.url, dialect: 'standard', events: ['*'] }),
      await create({ target_url: receiver.url, dialect: 'standard', events: ['*'] }),
    ];
    await publish('order.paid');
    await here.until(async () => (await Promise.all(both.map(disabled))).every(Boolean), 'both are disabled');
    await eventually(
      async () =>
        here.engine.figures.inFlight + here.engine.figures.queued === 0 &&
        !(await Promise.all(both.map(states))).flat().includes('pending'),
      'nothing is in flight',
    );
    assert.deepEqual(
      new Set((await events('delivery.exhausted')).map((data) => data['event_type'])),
      new Set(['order.paid']),
    );
    assert.equal((await events('endpoint.disabled')).length, 2);
  });

  test('a failed test neither disables the endpoint nor sends an alert', async () => {
    const receiver = await receive((_arrival, response) => response.writeHead(500).end());
    const endpoint = await create({ target_url: receiver.url, events: ['order.*'], retry_schedule_seconds: [] });
    await here.call(caller, 'POST', `/v1/webhooks/${endpoint.id}/test`);
    await here.until(async () => (await states(endpoint)).includes('failed'), 'the test failed');
    assert.equal(await disabled(endpoint), false);
    assert.deepEqual(await alerts(), []);
  });

  test('an endpoint deleted during its last attempt emits no event', async () => {
    const asked = Promise.withResolvers<() => void>();
    const receiver = await receive((_arrival, response) => asked.resolve(() => void response.writeHead(500).end()));
    const endpoint = await create({ target_url: receiver.url, events: ['order.*'], retry_schedule_seconds: [] });
    await publish('order.paid');
    const answer = await asked.promise;
    await here.call(caller, 'DELETE', `/v1/webhooks/${endpoint.id}`);
    answer();
    await here.until(async () => (await states(endpoint)).includes('failed'), 'it failed');
    assert.deepEqual([(await events('endpoint.disabled')).length, (await alerts()).length], [0, 0]);
    assert.deepEqual(here.errors, []);
  });

  test('a pull endpoint is not disabled by failures its consumer reports', async () => {
    const { endpoint } = await here.webhooks.endpoints.create(
      caller,
      { target_url: 'https://pull.invalid/', events: ['order.*'] },
      { transport: 'pull' },
    );
    const known = here.engine.subscriptions.get(endpoint.id) ?? assert.fail();
    await here.db.transaction((tx) =>
      here.webhooks.onFailed(tx, {
        endpoint: known,
        deliveryId: here.ids.next(),
        eventId: here.ids.next(),
        eventType: 'order.paid',
        attempts: 1,
        why: 'gone',
        error: 'The receiver answered 410.',
        createdAtMs: clock.now(),
      }),
    );
    assert.equal((await here.webhooks.endpoints.get(caller, endpoint.id)).is_active, true);
    assert.deepEqual(
      [
        (await events('delivery.exhausted')).length,
        (await events('endpoint.disabled')).length,
        (await alerts()).length,
      ],
      [1, 0, 0],
    );
  });

  test('other processes learn that the endpoint was disabled', async () => {
    const elsewhere = await install({ config: { roles: ['api'] } });
    const receiver = await receive((_arrival, response) => response.writeHead(410).end());
    const endpoint = await create({ target_url: receiver.url, events: ['order.*'] });
    await elsewhere.until(
      () => elsewhere.engine.subscriptions.get(endpoint.id)?.isActive === true,
      'the other process knows the endpoint',
    );
    await publish('order.paid');
    await elsewhere.until(
      () => elsewhere.engine.subscriptions.get(endpoint.id)?.isActive === false,
      'the other process knows that it is disabled',
    );
  });
});
