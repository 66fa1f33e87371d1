import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { beforeEach, describe, test } from 'node:test';
import type { TestClock } from '../../../test/harness/clock.ts';
import { dataOf, makeWorkspace, webhookScene } from '../../../test/harness/webhooks.ts';
import type { Installation } from '../../../test/harness/installation.ts';
import type { Fields, MadeEndpoint } from '../../../test/harness/webhooks.ts';
import { dayMs } from '../../base/clock.ts';
import { createPartitions } from '../../db/partitions.ts';
import { sql } from '../../db/sql.ts';
import { scannedMax } from '../../delivery/queue/log.ts';
import type { Principal } from '../../http/route.ts';
import { idAt } from '../../base/ids.ts';

interface Shown {
  id: string;
  event_id: string;
  event: string;
  kind: string;
  status: string;
  attempt_count: number;
  next_attempt_at: string | null;
  last_error: string | null;
  completed_at: string | null;
  attempts: {
    number: number;
    started_at: string;
    duration_ms: number;
    status_code: number | null;
    error: string | null;
    request: { url: string; headers: Record<string, string>; body: string | null };
    response: { headers: Record<string, string>; body: string } | null;
  }[];
}

describe('reading deliveries', () => {
  const scene = webhookScene();
  const { create, eventually, publish, receive } = scene;
  let here: Installation;
  let caller: Principal;
  let clock: TestClock;
  beforeEach(() => {
    ({ here, caller, clock } = scene);
  });

  const list = async ({ id }: MadeEndpoint, query = ''): Promise<{ data: Shown[]; next_cursor: string | null }> =>
    (await here.call(caller, 'GET', `/v1/webhooks/${id}/deliveries?${query}`)).body as {
      data: Shown[];
      next_cursor: string | null;
    };
  const get = async (id: string): Promise<Shown> =>
    dataOf(await here.call(caller, 'GET', `/v1/deliveries/${id}`)) as unknown as Shown;
  const types = async (endpoint: MadeEndpoint, query: string): Promise<string[]> =>
    (await list(endpoint, query)).data.map(({ event }) => event);

  test('the list merges queue and log, newest first, page by page', async () => {
    const receiver = await receive(({ body }, response) =>
      response.writeHead(body.includes('"event":"order.good"') ? 200 : 500).end(),
    );
    const endpoint = await create({ target_url: receiver.url, events: ['order.*'] });
    const made: string[] = [];
    for (const type of ['order.good', 'order.bad', 'order.good', 'order.bad', 'order.good']) {
      made.unshift((await publish(type)).id);
      await here.until(
        async () => (await list(endpoint)).data.every(({ attempt_count: count }) => count === 1),
        'the delivery was attempted',
      );
      await clock.advance(1_000);
    }
    const first = await list(endpoint, 'limit=2');
    const second = await list(endpoint, `limit=2&cursor=${first.next_cursor}`);
    const third = await list(endpoint, `limit=2&cursor=${second.next_cursor}`);
    const all = [...first.data, ...second.data, ...third.data];
    assert.deepEqual(
      all.map(({ event_id: id }) => id),
      made,
    );
    assert.equal(third.next_cursor, null);
    assert.deepEqual(
      all.map(({ status }) => status),
      ['delivered', 'pending', 'delivered', 'pending', 'delivered'],
    );
    const [delivered, pending] = all;
    assert.deepEqual([delivered?.next_attempt_at, delivered?.last_error, delivered?.kind], [null, null, 'event']);
    assert.deepEqual([pending?.completed_at, pending?.last_error], [null, 'The receiver answered 500.']);
    assert.equal(Date.parse(String(pending?.next_attempt_at)) - clock.now(), 60_000 - 2_000);

    assert.deepEqual(await types(endpoint, 'status=delivered'), ['order.good', 'order.good', 'order.good']);
    assert.deepEqual(await types(endpoint, 'status=pending'), ['order.bad', 'order.bad']);
    assert.deepEqual(await types(endpoint, 'status=pending&event=order.good'), []);
    assert.deepEqual((await list(endpoint, 'event=order.bad')).data.length, 2);
    assert.deepEqual(await types(endpoint, 'event=order.*'), await types(endpoint, ''));
    assert.deepEqual(await types(endpoint, 'event=orde.*'), []);
    await assert.rejects(
      list(endpoint, 'event=order*'),
      /must be a type such as email\.sent, or a prefix such as email\.\*/,
    );
    await assert.rejects(list(endpoint, 'status=done'), { error: 'validation_failed' });
    await assert.rejects(list(endpoint, 'cursor=x'), { error: 'validation_failed' });
    await assert.rejects(list(endpoint, 'colour=red'), { error: 'validation_failed' });
  });

  test('a time range includes `since` and excludes `until`, also with a cursor in it', async () => {
    const endpoint = await create({ events: ['order.*'], is_active: false });
    const begin = clock.now();
    for (const type of ['order.a', 'order.b', 'order.c', 'order.d']) {
      await publish(type);
      await clock.advance(60_000);
    }
    const at = (minutes: number): string => new Date(begin + minutes * 60_000).toISOString();
    assert.deepEqual(await types(endpoint, `since=${at(1)}&until=${at(3)}`), ['order.c', 'order.b']);
    assert.deepEqual(await types(endpoint, `until=${at(1)}`), ['order.a']);
    assert.deepEqual(await types(endpoint, `since=${at(3)}`), ['order.d']);
    assert.deepEqual(await types(endpoint, `since=${encodeURIComponent(at(2).replace('Z', '+00:00'))}&status=held`), [
      'order.d',
      'order.c',
    ]);
    const { next_cursor: cursor } = await list(endpoint, `until=${at(3)}&limit=1`);
    assert.deepEqual(await types(endpoint, `until=${at(3)}&cursor=${cursor}&limit=1`), ['order.b']);
    assert.deepEqual(await types(endpoint, `since=${at(1)}&cursor=${cursor}`), ['order.b']);
    await assert.rejects(list(endpoint, 'since=yesterday'), { error: 'validation_failed' });
  });

  test('a search across endpoints merges them, and filters by all that a delivery has', async () => {
    const receiver = await receive(({ body }, response) =>
      response.writeHead(body.includes('"event":"order.good"') ? 200 : 500).end(),
    );
    const one = await create({ target_url: receiver.url, events: ['order.*'] });
    const other = await create({ events: ['order.good'], is_active: false });
    const workspace = await makeWorkspace(here.db, here.ids, caller.organizationId, 'Acme');
    await create({ events: ['*'], is_active: false, workspace_id: workspace });
    const good = (await publish('order.good')).id;
    await clock.advance(1_000);
    const bad = (await publish('order.bad')).id;
    const search = async (query: string, who = caller): Promise<{ data: Shown[]; next_cursor: string | null }> =>
      (await here.call(who, 'GET', `/v1/deliveries?${query}`)).body as { data: Shown[]; next_cursor: string | null };
    const found = async (query: string, who = caller): Promise<string[]> =>
      (await search(query, who)).data.map(({ event, status }) => `${event} ${status}`);
    await here.until(
      async () => (await search('status_code=500')).data.length + (await search('status_code=200')).data.length === 2,
      'both were attempted',
    );
    assert.deepEqual(await found(''), ['order.bad pending', 'order.good held', 'order.good delivered']);
    assert.deepEqual(await found('status=held'), ['order.good held']);
    assert.deepEqual(await found('status=delivered&event=order.*'), ['order.good delivered']);
    assert.deepEqual(await found('event=order.bad&status=held'), []);
    assert.deepEqual(await found(`event_id=${good}`), ['order.good held', 'order.good delivered']);
    assert.deepEqual(await found(`event_id=${bad}&status_code=500`), ['order.bad pending']);
    assert.deepEqual(await found(`endpoint_id=${other.id}`), ['order.good held']);
    assert.deepEqual(await found(`endpoint_id=${one.id}&event_id=${good}`), ['order.good delivered']);
    assert.deepEqual(await found(`since=${new Date(clock.now()).toISOString()}`), ['order.bad pending']);
    assert.deepEqual(await found(`until=${new Date(clock.now()).toISOString()}&status=delivered`), [
      'order.good delivered',
    ]);
    assert.deepEqual(await found('', { ...caller, workspaceId: workspace }), []);
    assert.deepEqual(await found(`event_id=${good}`, { ...caller, workspaceId: workspace }), []);
    const { next_cursor: cursor } = await search('limit=1');
    assert.deepEqual(await found(`limit=5&cursor=${cursor}`), ['order.good held', 'order.good delivered']);
    await assert.rejects(search(`endpoint_id=${good}`), { error: 'not_found' });
    await assert.rejects(search('status_code=99'), { error: 'validation_failed' });
  });

  test("erasing an event's data removes it everywhere, and cancels what is not delivered yet", async () => {
    const receiver = await receive(({ body }, response) => response.end(body));
    const echo = await create({ target_url: receiver.url, events: ['order.*'], dialect: 'standard' });
    const held = await create({ events: ['order.*'], is_active: false });
    const first = await publish('order.paid', { email: 'ada@b.example' });
    await publish('order.paid', { email: 'bob@b.example' });
    await here.until(async () => (await list(echo, 'status=delivered')).data.length === 2, 'both are delivered');
    await clock.advance(1_000);
    await here.call(caller, 'POST', '/v1/replays', {
      endpoint_id: echo.id,
      status: 'delivered',
      since: new Date(clock.now() - 60_000).toISOString(),
    });
    await eventually(async () => (await list(echo, 'status=delivered')).data.length === 4, 'both are replayed');
    const later = dataOf(
      await here.call(caller, 'POST', '/v1/events', {
        event: 'order.later',
        data: { email: 'ada@b.example' },
        deliver_at: new Date(clock.now() + 3_600_000).toISOString(),
      }),
    ) as { id: string };
    const erase = (id: string, who = caller): Promise<unknown> => here.call(who, 'DELETE', `/v1/events/${id}/data`);
    const workspace = await makeWorkspace(here.db, here.ids, caller.organizationId, 'Acme');
    await assert.rejects(erase(first.id, { ...caller, workspaceId: workspace }), { error: 'not_found' });
    for (const id of [first.id, later.id, first.id]) await erase(id);

    const event = dataOf(await here.call(caller, 'GET', `/v1/events/${first.id}`));
    assert.equal(event['data'], null);
    assert.equal(event['erased_at'], new Date(clock.now()).toISOString());
    const ofFirst = (await list(echo)).data.filter(({ event_id: id }) => id === first.id);
    assert.deepEqual(ofFirst.map(({ kind }) => kind).sort(), ['event', 'replay']);
    for (const { id } of ofFirst) {
      const [attempt] = (await get(id)).attempts;
      assert.deepEqual([attempt?.request.body, attempt?.response], [null, { headers: {}, body: '[erased]' }]);
    }
    for (const [endpoint, id] of [
      [held, first.id],
      [held, later.id],
      [echo, later.id],
    ] as const) {
      const delivery = (await list(endpoint)).data.find(({ event_id: each }) => each === id);
      assert.equal(delivery?.status, 'failed');
      assert.match(delivery.last_error ?? '', /^Cancelled: the data of the event was erased/);
      if (endpoint === echo)
        await assert.rejects(here.call(caller, 'POST', `/v1/deliveries/${delivery.id}/retry`), /its data was erased/);
    }
    const [stored] = await here.db.query(
      sql<{
        count: number;
      }>`SELECT count(*) AS count FROM events WHERE position('ada@b.example' IN convert_from(data, 'UTF8')) > 0`,
    );
    assert.equal(stored?.count, 0);
    await clock.advance(7_200_000);
    await publish('order.paid', { n: 3 });
    await eventually(async () => (await list(echo, 'status=delivered')).data.length === 5, 'the next is delivered');
    assert.equal(receiver.arrivals.length, 5);
  });

  test('the data of events is erased after the days of their type, once, and others stay', async () => {
    const endpoint = await create({ events: ['order.*'], is_active: false });
    const put = (retention: Fields): Promise<unknown> => here.call(caller, 'PUT', '/v1/event-retention', { retention });
    await put({ 'order.*': 2, 'order.paid': 1, invoice: 30 });
    await assert.rejects(put({ 'order.*': 31 }), /must be at most 30/);
    const published: string[] = [];
    for (const type of ['order.paid', 'order.sent', 'orders']) published.push((await publish(type, { type })).id);
    const shown = async (): Promise<unknown[]> =>
      Promise.all(published.map(async (id) => dataOf(await here.call(caller, 'GET', `/v1/events/${id}`))['data']));
    const run = (days: number, extra = 0): Promise<unknown> =>
      here.events.everyMinute(clock.now() + days * dayMs + extra);
    await run(1);
    assert.deepEqual(await shown(), [{ type: 'order.paid' }, { type: 'order.sent' }, { type: 'orders' }]);
    await run(1, 3_700_000);
    assert.deepEqual(await shown(), [null, { type: 'order.sent' }, { type: 'orders' }]);
    await run(2, 3_700_000);
    assert.deepEqual(await shown(), [null, null, { type: 'orders' }]);
    assert.equal(await run(2, 3_700_000), 0);
    assert.deepEqual(
      (await list(endpoint)).data.map(({ status }) => status),
      ['failed', 'failed'],
    );
    await put({});
    await put({ 'order.*': 1 });
    const ids = await Promise.all(
      [3, 9, 0].map(async (days, n) => {
        const answer = await here.call(caller, 'POST', '/v1/events', {
          event: 'order.later',
          data: { n },
          ...(days === 0 ? {} : { deliver_at: new Date(clock.now() + days * dayMs).toISOString() }),
        });
        return dataOf(answer)['id'];
      }),
    );
    published.splice(0, 3, ...ids.map(String));
    await run(2);
    assert.deepEqual(await shown(), [{ n: 0 }, { n: 1 }, null]);
    assert.equal((await list(endpoint, 'status=held')).data.length, 2);
    await run(4, -1);
    assert.deepEqual(await shown(), [{ n: 0 }, { n: 1 }, null]);
    await run(4);
    assert.deepEqual(await shown(), [null, { n: 1 }, null]);
    assert.equal(await run(9, 86_000_000), 0);
    assert.equal(await run(10), 1);
    assert.equal((await list(endpoint, 'status=failed')).data.length, 5);
    await put({});
    assert.deepEqual(dataOf(await here.call(caller, 'GET', '/v1/event-retention')), {
      default_days: 30,
      retention: {},
    });
  });

  test('a search reads days and endpoints in parts, and all pages together find every match in order', async () => {
    const days = 12;
    await createPartitions(here.db, clock.now() - days * dayMs, days);
    const count = 700;
    const { organizationId: organization } = caller;
    await here.db.execute(sql`
      INSERT INTO endpoints (id, organization_id, transport, target_url, description, dialect, events, header_names, signing, secret_sealed, secret_prefix, max_in_flight, ordering, is_active, sandbox, epoch, created_at, updated_at, number)
      SELECT gen_random_uuid(), ${organization}, 'push', 'https://a.example', '', 'standard', '{*}', '{}', 'hmac', '', '', 1, 'none', false, false, 0, now(), now(), n FROM generate_series(1, ${count}) n`);
    for (let day = 1; day <= days; day += 3) {
      const base = idAt(clock.now() - day * dayMs).slice(0, 14);
      await here.db.execute(sql`
        INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at)
        SELECT id, (${base} || substr(gen_random_uuid()::text, 15))::uuid, ${organization}, id, 'order.paid', 'event', CASE WHEN number % 70 = 0 THEN 'failed' ELSE 'delivered' END, 1, now(), now()
        FROM endpoints WHERE organization_id = ${organization} AND number % 10 = 0`);
    }
    const stored = await here.db.query(
      sql<{
        id: string;
        state: string;
      }>`SELECT id, state FROM delivery_log WHERE organization_id = ${organization} ORDER BY id DESC`,
    );
    for (const query of ['limit=100', 'limit=100&status=failed']) {
      const read: string[] = [];
      let cursor: string | null = null;
      do {
        const after: string = cursor === null ? '' : `&cursor=${cursor}`;
        const page = (await here.call(caller, 'GET', `/v1/deliveries?${query}${after}`)).body as {
          data: Shown[];
          next_cursor: string | null;
        };
        read.push(...page.data.map(({ id }) => id));
        cursor = page.next_cursor;
      } while (cursor !== null);
      const expected = stored.filter(({ state }) => state === 'failed' || !query.includes('status'));
      assert.deepEqual(
        read,
        expected.map(({ id }) => id),
      );
    }
    await here.db.execute(sql`
      INSERT INTO endpoints SELECT (e).* FROM (SELECT jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'number', x.number + 1000)) AS e FROM endpoints x WHERE organization_id = ${organization}) copies`);
    await assert.rejects(here.call(caller, 'GET', '/v1/deliveries'), /more than 1,000 endpoints/);
  });

  test("deliveries are also found by the dialect's event names", async () => {
    const endpoint = await create({ events: ['*'], is_active: false });
    for (const type of ['email.bounced', 'campaign.paused', 'campaign.completed', 'email.sent']) await publish(type);
    assert.deepEqual(await types(endpoint, 'event=send.bounced'), ['email.bounced']);
    assert.deepEqual(await types(endpoint, 'event=send.*'), ['email.bounced']);
    assert.deepEqual(await types(endpoint, 'event=campaign.completed'), ['campaign.completed', 'campaign.paused']);
  });

  test('with a rare status, each page scans a bounded number of deliveries, and all pages together find every match', async () => {
    const endpoint = await create({ events: ['order.*'], is_active: false });
    const count = scannedMax * 2 + 10;
    const base = clock.now();
    // Ids one millisecond apart, with failed deliveries at both ends.
    await here.db.execute(sql`
      INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at)
      SELECT ${endpoint.id}, (lpad(to_hex(${base}::bigint + n), 12, '0') || '70008000000000000000')::uuid, ${caller.organizationId}, gen_random_uuid(), 'order.paid', 'event',
        CASE WHEN n IN (0, 1, ${count - 1}) THEN 'failed' ELSE 'delivered' END, 1, now(), now()
      FROM generate_series(0, ${count - 1}::int) n`);
    const pages: number[] = [];
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await list(endpoint, `status=failed${cursor === '' ? '' : `&cursor=${cursor}`}`);
      pages.push(page.data.length);
      found.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    assert.deepEqual(pages, [1, 0, 2]);
    assert.deepEqual(found, [idAt(base + count - 1), idAt(base + 1), idAt(base)]);
  });

  test('the query reads primary keys only, and only of days in the range, whatever the number of rows', async () => {
    const endpoint = await create({ events: ['order.*'], is_active: false });
    const day = clock.now();
    await here.db.script(`
      SET enable_seqscan = on;
      INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at)
      SELECT '${endpoint.id}', (lpad(to_hex(${day} + n), 12, '0') || '70008000000000000000')::uuid, '${caller.organizationId}', gen_random_uuid(), 'order.paid', 'event', 'delivered', 1, now(), now()
      FROM generate_series(0, 20000) n;
      ANALYZE delivery_log, delivery_queue;`);
    const plan = (
      await here.db.query(sql<{ 'QUERY PLAN': string }>`
        EXPLAIN (COSTS OFF) SELECT id FROM (
          SELECT * FROM deliveries WHERE endpoint_id = ${endpoint.id} AND id >= ${idAt(day)} AND id < ${idAt(day + 3_600_000)} ORDER BY id DESC LIMIT 26
        ) newest ORDER BY id DESC LIMIT 26`)
    ).map((row) => row['QUERY PLAN']);
    const scans = plan.filter((line) => line.includes('Scan') && !line.includes('Subquery'));
    assert.ok(
      scans.every((line) => /Index (Only )?Scan Backward using delivery_(queue|log_20260105)_pkey/.test(line)),
      plan.join('\n'),
    );
    assert.equal(scans.length, 2, plan.join('\n'));
  });

  test('a delivery contains each attempt as it was sent and answered', async () => {
    const receiver = await receive((_arrival, response, count) =>
      response.writeHead(count === 1 ? 503 : 200, { 'x-count': String(count) }).end(`answer ${count}\u0000`),
    );
    const endpoint = await create({
      target_url: `${receiver.url}/hook?a=b`,
      events: ['email.bounced'],
      retry_schedule_seconds: [5],
    });
    await publish('email.bounced', { reason: 'ümlaut' });
    await here.until(async () => (await list(endpoint)).data[0]?.attempt_count === 1, 'the first attempt');
    await eventually(async () => (await list(endpoint)).data[0]?.status === 'delivered', 'it was delivered');
    const [{ id }] = (await list(endpoint)).data as [Shown];
    const shown = await get(id);
    assert.deepEqual(
      [shown.status, shown.event, shown.attempt_count, shown.attempts.length],
      ['delivered', 'email.bounced', 2, 2],
    );
    for (const [index, attempt] of shown.attempts.entries()) {
      const { headers, body } = receiver.arrivals[index] ?? assert.fail();
      assert.equal(attempt.number, index + 1);
      assert.equal(Math.floor(Date.parse(attempt.started_at) / 1_000), Number(headers['webhook-timestamp']));
      assert.ok(attempt.duration_ms >= 0);
      assert.deepEqual(
        [attempt.status_code, attempt.error],
        index === 0 ? [503, 'The receiver answered 503.'] : [200, null],
      );
      assert.equal(attempt.request.url, `${receiver.url}/hook?a=b`);
      assert.equal(attempt.request.body, body);
      assert.equal(attempt.request.headers['x-defrost-event'], 'send.bounced');
      for (const name of ['x-defrost-signature', 'webhook-signature', 'webhook-timestamp', 'webhook-id'])
        assert.equal(attempt.request.headers[name], headers[name], name);
      assert.equal(
        attempt.request.headers['x-defrost-signature'],
        `sha256=${createHmac('sha256', endpoint.secret)
          .update(attempt.request.body ?? '')
          .digest('hex')}`,
      );
      assert.equal(attempt.response?.headers['x-count'], String(index + 1));
      assert.equal(attempt.response?.body, `answer ${index + 1}\ufffd`);
    }
  });

  test('an attempt keeps the dialect it was formatted in; a missing answer or a deleted event is null', async () => {
    const endpoint = await create({ events: ['order.paid'], retry_schedule_seconds: [5] });
    const { id: eventId } = await publish('order.paid', { a: 1 });
    await here.until(async () => (await list(endpoint)).data[0]?.attempt_count === 1, 'the first attempt');
    await here.call(caller, 'PATCH', `/v1/webhooks/${endpoint.id}`, { dialect: 'standard' });
    await eventually(async () => (await list(endpoint)).data[0]?.attempt_count === 2, 'the second attempt');
    const [{ id }] = (await list(endpoint)).data as [Shown];
    const { attempts } = await get(id);
    assert.deepEqual(
      attempts.map(({ request }) => Object.keys(JSON.parse(request.body ?? '{}') as Fields)),
      [
        ['event', 'occurred_at', 'organization_id', 'data'],
        ['type', 'timestamp', 'data'],
      ],
    );
    assert.deepEqual([attempts[0]?.response, attempts[0]?.status_code], [null, null]);
    assert.match(attempts[0]?.error ?? '', /refused/);
    await here.db.execute(sql`DELETE FROM events WHERE id = ${eventId}`);
    assert.deepEqual(
      (await get(id)).attempts.map(({ request }) => request.body),
      [null, null],
    );
  });

  test('deliveries of a deleted endpoint remain available by id', async () => {
    const endpoint = await create({ events: ['order.paid'], is_active: false });
    await publish('order.paid');
    const [{ id }] = (await list(endpoint)).data as [Shown];
    await here.call(caller, 'DELETE', `/v1/webhooks/${endpoint.id}`);
    assert.equal((await get(id)).id, id);
  });

  test('a test with an Idempotency-Key is sent once; the key is bound to the endpoint and the type', async () => {
    const receiver = await receive();
    const [one, other] = [await create({ target_url: receiver.url }), await create({ target_url: receiver.url })];
    const send = (endpoint: { readonly id: string }, event?: string) =>
      here.call(caller, 'POST', `/v1/webhooks/${endpoint.id}/test`, event === undefined ? {} : { event }, {
        headers: { 'idempotency-key': 'k1' },
      });
    const first = await send(one);
    const again = await send(one);
    assert.deepEqual(dataOf(again), dataOf(first));
    assert.equal(again.headers?.['idempotency-replayed'], 'true');
    assert.notDeepEqual(dataOf(await send(other)), dataOf(first));
    await assert.rejects(send(one, 'reply.received'), { error: 'conflict' });
    await here.until(() => receiver.arrivals.length === 2, 'each endpoint gets one');
  });

  test('a test sends one event to this endpoint only, whatever its events and filter', async () => {
    const receiver = await receive();
    const endpoint = await create({ target_url: receiver.url, events: ['order.paid'], filter: { no: 'match' } });
    await create({ target_url: receiver.url, events: ['*'] });
    const send = async (body?: Fields): Promise<Shown> => {
      const count = receiver.arrivals.length;
      const reply = await here.call(caller, 'POST', `/v1/webhooks/${endpoint.id}/test`, body);
      assert.equal(reply.status, 202);
      const { event_id: eventId, delivery_id: id } = dataOf(reply);
      await here.until(async () => (await get(String(id))).status === 'delivered', 'the test arrived');
      assert.equal(receiver.arrivals.length, count + 1);
      assert.equal(receiver.arrivals[count]?.id, eventId);
      const shown = await get(String(id));
      assert.deepEqual([shown.kind, shown.event_id], ['test', eventId]);
      return shown;
    };
    const plain = await send();
    assert.equal(plain.event, 'webhook.test');
    assert.equal((JSON.parse(receiver.arrivals[0]?.body ?? '{}') as { data: Fields }).data['endpoint_id'], endpoint.id);
    assert.equal((await send({ event: 'send.bounced' })).event, 'email.bounced');
    assert.equal((await send({ event: 'reply.received' })).event, 'reply.received');
    const refused = (event: string): Promise<void> =>
      assert.rejects(here.call(caller, 'POST', `/v1/webhooks/${endpoint.id}/test`, { event }), {
        error: 'validation_failed',
      });
    await refused('contact.created');
    await refused('nobody.knows');
    await here.call(caller, 'PATCH', `/v1/webhooks/${endpoint.id}`, { is_active: false });
    await assert.rejects(here.call(caller, 'POST', `/v1/webhooks/${endpoint.id}/test`), (error: Error) =>
      /Enable it first: POST \/v1\/webhooks\/.*\/enable/.test(error.message),
    );
  });

  test('statistics cover the requested hours, queued deliveries and health', async () => {
    const receiver = await receive(({ body }, response) =>
      response.writeHead(body.includes('"bad"') ? 500 : 200).end(),
    );
    const endpoint = await create({ target_url: receiver.url, events: ['order.*'], retry_schedule_seconds: [86_400] });
    const stats = async (
      query = '',
    ): Promise<{ hours: Fields[]; total: Fields; pending: number; held: number; health: Fields }> =>
      dataOf(await here.call(caller, 'GET', `/v1/webhooks/${endpoint.id}/stats?${query}`)) as never;
    assert.deepEqual(await stats(), {
      hours: [],
      total: { attempts: 0, succeeded: 0, success_rate: null, p50_ms: null, p95_ms: null, p99_ms: null },
      pending: 0,
      held: 0,
      health: { consecutive_failures: 0, last_delivered_at: null, last_failed_at: null, last_error: null },
    });
    const send = async (...kinds: string[]): Promise<void> => {
      for (const kind of kinds) {
        const { id } = await publish('order.paid', { kind });
        await here.until(
          async () =>
            (await list(endpoint)).data.some(
              ({ event_id: event, attempt_count: count }) => event === id && count === 1,
            ),
          'the delivery was attempted',
        );
      }
      await here.engine.flushStats();
    };
    await send('good', 'good', 'bad');
    const firstHour = new Date(clock.now()).toISOString();
    await clock.leap(3_600_000);
    await send('bad', 'good', 'bad', 'bad');
    const { hours, total, pending, held, health } = await stats('hours=2');
    assert.deepEqual(
      hours.map((hour) => [
        hour['hour'],
        hour['attempts'],
        hour['succeeded'],
        hour['success_rate'],
        hour['last_error'],
      ]),
      [
        [firstHour, 3, 2, 0.6667, 'The receiver answered 500.'],
        [new Date(clock.now()).toISOString(), 4, 1, 0.25, 'The receiver answered 500.'],
      ],
    );
    assert.deepEqual([total['attempts'], total['succeeded'], total['success_rate']], [7, 3, 0.4286]);
    for (const figure of ['p50_ms', 'p95_ms', 'p99_ms']) assert.ok(Number(total[figure]) >= 1);
    assert.deepEqual([pending, held], [4, 0]);
    assert.deepEqual([health['consecutive_failures'], health['last_error']], [2, 'The receiver answered 500.']);
    assert.equal((await stats('hours=1')).hours.length, 1);
    await here.call(caller, 'PATCH', `/v1/webhooks/${endpoint.id}`, { is_active: false });
    await eventually(async () => (await stats()).held === 4, 'all four are held');
    for (const hoursAsked of ['0', '721', 'x', '1.5'])
      await assert.rejects(stats(`hours=${hoursAsked}`), { error: 'validation_failed' });
  });
});
