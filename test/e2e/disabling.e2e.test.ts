import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { insertAlert } from '../../src/alerts/queries.ts';
import type { Caller, Fields, MadeEndpoint } from '../harness/caller.ts';
import { createTestDatabase } from '../harness/database.ts';
import { eventually } from '../harness/clock.ts';
import { asTimePasses, installationScene, startInstallation } from '../harness/installation.ts';
import { startSmtp } from '../harness/smtp.ts';
import type { SmtpServer } from '../harness/smtp.ts';

describe('an endpoint that is disabled', () => {
  let smtp: SmtpServer;
  before(async () => {
    smtp = await startSmtp();
  });
  const scene = installationScene(() => ({ config: { smtpUrl: smtp.url } }));
  after(() => smtp.close());

  const typesOf = (arrivals: readonly { readonly body: string }[]): string[] =>
    arrivals.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  const dataOf = (arrival: { readonly body: string } | undefined): Fields =>
    (JSON.parse(arrival?.body ?? '{}') as { data: Fields }).data;
  const shown = (me: Caller, { id }: MadeEndpoint): Promise<Fields> => me.got('GET', `/v1/webhooks/${id}`);

  test('a 410 response disables the endpoint immediately: new deliveries are held, other endpoints and the alert address are notified, and enabling releases them', async () => {
    let gone = true;
    const [receiver, watcher] = [
      await scene.receive((_arrival, response) => response.writeHead(gone ? 410 : 200).end()),
      await scene.receive(),
    ];
    const me = await scene.product.tenant({ alertEmail: 'ops@example.com' });
    const endpoint = await me.register(`${receiver.url}/hook?token=secret`, {
      dialect: 'standard',
      events: ['order.*'],
      description: 'shop',
    });
    await me.register(watcher.url, { dialect: 'standard', events: ['endpoint.disabled', 'delivery.exhausted'] });
    await me.publish('order.paid', { order: 1 });
    await eventually(() => watcher.arrivals.length === 2, 'the other endpoint was notified');
    assert.deepEqual(typesOf(watcher.arrivals).sort(), ['delivery.exhausted', 'endpoint.disabled']);
    const told = dataOf(watcher.arrivals.find(({ body }) => body.includes('endpoint.disabled')));
    assert.deepEqual(
      [told['endpoint_id'], told['reason'], told['target_url']],
      [endpoint.id, 'gone', `${receiver.url}/hook`],
      'without what may be a credential',
    );

    const disabled = await shown(me, endpoint);
    assert.deepEqual(
      [disabled['is_active'], disabled['disabled_reason'], disabled['disabled_at']],
      [false, 'gone', new Date(scene.clock.now()).toISOString()],
    );
    const [first] = await me.deliveries(endpoint);
    assert.deepEqual(
      [first?.status, first?.attempt_count, first?.last_error],
      ['failed', 1, 'The receiver answered 410.'],
    );

    for (const order of [2, 3]) assert.equal((await me.publish('order.paid', { order })).deliveries, 1);
    assert.deepEqual(
      (await me.deliveries(endpoint)).map(({ status }) => status),
      ['held', 'held', 'failed'],
    );
    await eventually(async () => (await alertsOf(me))[0]?.['status'] === 'sent', 'the alert was mailed');
    const [alert, ...more] = await alertsOf(me);
    assert.deepEqual(more, []);
    assert.match(String(alert?.['body']), /410 Gone/);
    const [mail] = smtp.mails.filter(({ text }) => text.includes(endpoint.id));
    assert.deepEqual(mail?.to, ['ops@example.com']);
    assert.match(mail?.text ?? '', /Subject: Webhook endpoint disabled: 127\.0\.0\.1/);
    assert.ok(!mail?.text.includes('token=secret'));

    gone = false;
    assert.equal((await me.api('POST', `/v1/webhooks/${endpoint.id}/enable`, {})).json['released'], 0);
    await me.publish('order.paid', { order: 4 });
    await eventually(() => receiver.arrivals.length === 2, 'new deliveries are sent');
    assert.deepEqual((await me.deliveries(endpoint, '?status=held')).length, 2, 'what is held stays held');
    assert.equal(
      (await me.api('POST', `/v1/webhooks/${endpoint.id}/enable`, { release_held: true })).json['released'],
      2,
    );
    await eventually(() => receiver.arrivals.length === 4, 'held deliveries arrived');
    // Those that are released are sent at the same time.
    const orders = receiver.arrivals.map((arrival) => Number(dataOf(arrival)['order']));
    assert.deepEqual([orders.slice(0, 2), new Set(orders.slice(2))], [[1, 4], new Set([2, 3])]);
    await eventually(
      async () => (await me.deliveries(endpoint, '?status=delivered')).length === 3,
      'all but the first are delivered',
    );
    assert.equal((await shown(me, endpoint))['disabled_reason'], null);
  });

  test('the default schedule retries after exactly 1 m, 5 m, 30 m, 2 h and 12 h, then ends', async () => {
    const [receiver, watcher] = [
      await scene.receive((_arrival, response) => response.writeHead(500).end('out of order')),
      await scene.receive(),
    ];
    const me = await scene.product.tenant({ alertEmail: 'people@example.com' });
    const endpoint = await me.register(receiver.url, { events: ['order.*'] });
    await me.register(watcher.url, { dialect: 'standard', events: ['endpoint.disabled'] });
    await me.publish('order.paid');
    await useUp(me, endpoint, [60, 300, 1_800, 7_200, 43_200]);

    await eventually(() => watcher.arrivals.length === 1, 'the other endpoint was notified');
    assert.deepEqual(
      [dataOf(watcher.arrivals[0])['reason'], dataOf(watcher.arrivals[0])['attempts']],
      ['exhausted', 6],
    );
    assert.equal((await shown(me, endpoint))['disabled_reason'], 'exhausted');
    assert.equal(receiver.arrivals.length, 6);
    assert.equal(
      new Set(receiver.arrivals.map(({ headers }) => headers['x-defrost-delivery-id'])).size,
      1,
      'one id over all attempts',
    );
    assert.equal(
      new Set(receiver.arrivals.map(({ headers }) => headers['x-defrost-timestamp'])).size,
      6,
      'each at its own time',
    );
    // After another alert, if the statistics were written between the fifth and the last failure.
    const disabledMail = () =>
      smtp.mails.find(({ to, text }) => to[0] === 'people@example.com' && text.includes('endpoint disabled'));
    await eventually(() => disabledMail() !== undefined, 'the alert was mailed');
    const mail = disabledMail();
    assert.match(mail?.text ?? '', /failed 6 times/);
    assert.ok(
      mail?.text.replaceAll('=\r\n', '').includes(`POST /v1/webhooks/${endpoint.id}/enable`),
      'and says how to enable it',
    );
  });

  test('an endpoint can have an exact schedule of its own, or no retries', async () => {
    const receiver = await scene.receive((_arrival, response) => response.writeHead(500).end());
    const me = await scene.product.tenant();
    for (const schedule of [[1, 7, 2], []]) {
      const endpoint = await me.register(receiver.url, { events: ['order.*'], retry_schedule_seconds: schedule });
      await me.publish('order.paid');
      await useUp(me, endpoint, schedule);
      assert.equal((await shown(me, endpoint))['is_active'], false);
      await me.api('DELETE', `/v1/webhooks/${endpoint.id}`);
    }
    await eventually(
      async () => (await alertsOf(me)).length === 2 && (await alertsOf(me)).every(({ status }) => status === 'kept'),
      'the alerts are kept',
    );
    assert.match(String((await alertsOf(me))[0]?.['last_error']), /no alert address/);
  });

  test('a standard endpoint that accepted another delivery in the meantime stays enabled', async () => {
    const receiver = await scene.receive((arrival, response) =>
      response.writeHead(arrival.body.includes('poison') ? 500 : 200).end(),
    );
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url, {
      dialect: 'standard',
      events: ['order.*'],
      retry_schedule_seconds: [10],
    });
    await me.publish('order.paid', { note: 'poison' });
    await eventually(async () => (await me.deliveries(endpoint))[0]?.attempt_count === 1, 'it failed once');
    await scene.clock.advance(1_000);
    await me.publish('order.paid', { note: 'fine' });
    await eventually(async () => (await me.deliveries(endpoint))[0]?.status === 'delivered', 'another was delivered');
    await asTimePasses(
      scene.product,
      async () => (await me.deliveries(endpoint))[1]?.status === 'failed',
      'the first failed for good',
    );
    assert.equal((await shown(me, endpoint))['is_active'], true);
    assert.deepEqual(await alertsOf(me), []);
  });

  test('deliveries published while an endpoint is disabled are held and sent in order once it is enabled', async () => {
    const receiver = await scene.receive();
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url, { dialect: 'standard', ordering: 'fifo', is_active: false });
    for (const order of [1, 2, 3]) await me.publish('order.paid', { order });
    assert.deepEqual(new Set((await me.deliveries(endpoint)).map(({ status }) => status)), new Set(['held']));
    assert.equal((await me.api('POST', `/v1/webhooks/${endpoint.id}/test`, {})).status, 409);
    await me.api('POST', `/v1/webhooks/${endpoint.id}/enable`, { release_held: true });
    await asTimePasses(scene.product, () => receiver.arrivals.length === 3, 'all arrived');
    assert.deepEqual(
      receiver.arrivals.map((arrival) => dataOf(arrival)['order']),
      [1, 2, 3],
    );
  });

  const alertsOf = async (me: Caller): Promise<Fields[]> => (await me.api('GET', '/v1/alerts')).json.data as Fields[];

  /** Runs attempt after attempt, each exactly at its next_attempt_at, until the last has failed. */
  async function useUp(me: Caller, endpoint: MadeEndpoint, schedule: readonly number[]): Promise<void> {
    const { id } = (await me.deliveries(endpoint))[0] ?? assert.fail();
    for (const [index, seconds] of schedule.entries()) {
      await asTimePasses(
        scene.product,
        async () => (await me.delivery(id)).attempt_count === index + 1,
        `attempt ${index + 1}`,
        10,
      );
      const { status, next_attempt_at: next, attempts } = await me.delivery(id);
      const { started_at: startedAt = '', duration_ms: durationMs = 0 } = attempts[index] ?? {};
      assert.deepEqual(
        [status, Date.parse(next ?? '')],
        ['pending', Date.parse(startedAt) + durationMs + seconds * 1_000],
      );
      await scene.clock.leap(Date.parse(next ?? '') - scene.clock.now() - 1);
      assert.equal((await me.delivery(id)).attempt_count, index + 1, 'not earlier');
      await scene.clock.advance(1);
    }
    await asTimePasses(scene.product, async () => (await me.delivery(id)).status === 'failed', 'it failed permanently');
    assert.equal((await me.delivery(id)).attempts.length, schedule.length + 1);
  }
});

test('an alert mailed by a process without the role api has no link unless a public URL is set', async (t) => {
  const smtp = await startSmtp();
  t.after(() => smtp.close());
  const database = await createTestDatabase();
  t.after(() => database.drop());
  // Written by a process that mails nothing, so that the other finds it at its first scan.
  const writer = await startInstallation({ databaseUrl: database.url, config: { roles: ['api'] } });
  const { organization } = await writer.tenant({ alertEmail: 'ops@example.com' });
  await writer.db.transaction((tx) =>
    insertAlert(tx, {
      id: writer.tenancy.ids.next(),
      organization_id: organization.id,
      subject: 'Endpoint disabled',
      body: 'It failed.',
      created_at: new Date(writer.clock.now()),
    }),
  );
  await writer.stop();
  const product = await startInstallation({
    databaseUrl: database.url,
    config: { roles: ['engine'], smtpUrl: smtp.url },
  });
  t.after(() => product.stop());
  await eventually(() => smtp.mails.length === 1, 'it is mailed');
  const text = smtp.mails[0]?.text ?? '';
  assert.match(text, /It failed\.[^]+All alerts: GET \/v1\/alerts/);
  assert.doesNotMatch(text, /https?:/);
});
