import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import { createTestDatabase } from '../../test/harness/database.ts';
import type { TestDatabase } from '../../test/harness/database.ts';
import { makeEndpoint, makeOrganization } from '../../test/harness/engine.ts';
import { principalOf } from '../../test/harness/calling.ts';
import { call, data, refusal, rows, startProcess } from '../../test/harness/events.ts';
import type { Process } from '../../test/harness/events.ts';
import { sql } from '../db/sql.ts';
import type { RouteRequest } from '../http/route.ts';
import type { DeliveryId, EventId, OrganizationId } from '../base/ids.ts';

describe('events over the API', () => {
  let database: TestDatabase;
  let clock: TestClock;
  let one: Process;
  let two: Process;
  let organization: OrganizationId;
  let slug = 0;

  before(async () => {
    database = await createTestDatabase();
    clock = new TestClock();
    one = await startProcess(database.url, clock);
    two = await startProcess(database.url, clock);
  });
  after(async () => {
    await one.stop();
    await two.stop();
    await database.drop();
  });
  beforeEach(async () => {
    organization = await makeOrganization(one.engine.db, one.engine.ids, `org-${(slug += 1)}`);
  });
  afterEach(() => assert.deepEqual([...one.engine.errors, ...two.engine.errors], []));

  const publish = (body: unknown, headers?: Record<string, string>, process = one) =>
    call(process, organization, 'POST /v1/events', { body, ...(headers === undefined ? {} : { headers }) });
  const batch = (events: unknown, headers?: Record<string, string>) =>
    call(one, organization, 'POST /v1/events/batch', {
      body: { events },
      ...(headers === undefined ? {} : { headers }),
    });
  const get = async (id: unknown) =>
    data(await call(one, organization, 'GET /v1/events/:id', { params: { id: String(id) } }));

  describe('publish', () => {
    test('an event of an unregistered type is stored with its time, data and deliveries', async () => {
      const endpoint = await makeEndpoint(one.engine.db, one.engine.ids, organization, 'http://127.0.0.1:9/');
      const answer = await publish({ event: 'order.paid', data: { n: 1 }, occurred_at: '2026-01-05T10:00:00+02:00' });
      assert.equal(answer.status, 202);
      const { id } = data(answer);
      assert.deepEqual(answer.body, { data: { id, event: 'order.paid', deliveries: 1 } });
      const { deliveries, ...event } = await get(id);
      assert.deepEqual(event, {
        id,
        event: 'order.paid',
        workspace_id: null,
        deliver_at: null,
        erased_at: null,
        traceparent: null,
        occurred_at: '2026-01-05T08:00:00.000Z',
        created_at: '2026-01-05T09:00:00.000Z',
        data: { n: 1 },
      });
      const [delivery] = deliveries as Record<string, unknown>[];
      assert.deepEqual(
        { ...delivery, id: '' },
        {
          id: '',
          endpoint_id: endpoint,
          kind: 'event',
          status: 'pending',
          attempt_count: 0,
          last_status_code: null,
          last_error: null,
          created_at: '2026-01-05T09:00:00.000Z',
          completed_at: null,
        },
      );
    });

    test('data is stored and returned byte for byte', async () => {
      const text = '{"amount": 12345678901234567890.10, "10":1,"2":2,"a":1,"a":2,"nul":"\\u0000"}';
      const { id } = data(await publish(`{"data":${text} , "event":"order.paid"}`));
      const [row] = await one.engine.db.query(
        sql<{ data: Buffer }>`SELECT data FROM events WHERE organization_id = ${organization} AND id = ${id}`,
      );
      assert.equal(row?.data.toString(), text);
      const found = one.events.routes.find((route) => route.path === '/v1/events/:id');
      const reply = await found?.handle(
        { params: { id } } as unknown as RouteRequest<never, never, never>,
        principalOf(organization),
      );
      assert.ok(String(reply?.body).endsWith(`,"data":${text}}}`));
    });

    test('a byte order mark before the body is ignored, and the data is stored as written', async () => {
      const text = '{"amount":12345678901234567890}';
      const { id } = data(await publish(`\ufeff{"event":"order.paid","data":${text}}`));
      const [row] = await one.engine.db.query(
        sql<{ data: Buffer }>`SELECT data FROM events WHERE organization_id = ${organization} AND id = ${id}`,
      );
      assert.equal(row?.data.toString(), text);
    });

    test('invalid names, times and data are refused', async () => {
      for (const body of [
        { event: 'order', data: [] },
        { event: 'order', data: null },
        { event: 'order', data: 'text' },
        { event: 'order' },
        { event: '', data: {} },
        { event: 'order..paid', data: {} },
        { event: '.order', data: {} },
        { event: 'order paid', data: {} },
        { event: 'order.*', data: {} },
        { event: 'a'.repeat(129), data: {} },
        { event: 'order', data: {}, occurred_at: '2026-01-05T10:00:00' },
        { event: 'order', data: {}, occurred_at: '2026-02-30T10:00:00Z' },
        { event: 'order', data: {}, occurred_at: 1_767_600_000 },
        { event: 'order', data: {}, id: 1 },
      ]) {
        await assert.rejects(publish(body), { error: 'validation_failed' }, JSON.stringify(body));
      }
      for (const event of ['order', 'Order.Paid', 'a_b-c.1.2', 'a'.repeat(128), '__proto__', 'constructor'])
        await publish({ event, data: {} });
      assert.deepEqual(await refusal(publish({ event: 'order', data: {}, occurred_at: '2037-01-05T10:00:00Z' })), {
        error: 'validation_failed',
        details: { occurred_at: 'must be within 10 years of now' },
      });
    });

    test('deliver_at is stored, at most 30 days ahead; a valid traceparent is stored, an invalid one ignored', async () => {
      const at = (days: number): string => new Date(clock.now() + days * 86_400_000).toISOString();
      const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      const body = { event: 'order.paid', data: {}, deliver_at: at(1) };
      const { id } = data(await publish(body, { traceparent: trace, 'idempotency-key': 'later' }));
      const shown = await get(id);
      assert.deepEqual([shown['deliver_at'], shown['traceparent']], [at(1), trace]);
      // A later version may have more fields, of any printable characters.
      const later = `${trace.replace('00-', 'cc-')}-a,"{b}`;
      const keyed = data(
        await publish({ event: 'order.paid', data: {} }, { traceparent: later, 'idempotency-key': 'cc' }),
      );
      assert.equal((await get(keyed['id']))['traceparent'], later);
      const now = data(await publish({ event: 'order.paid', data: {} }, { traceparent: trace.replace('00-', 'ff-') }));
      const other = await get(now['id']);
      assert.deepEqual([other['deliver_at'], other['traceparent']], [null, null]);
      assert.equal(data(await publish(body, { 'idempotency-key': 'later' }))['id'], id);
      const changed = await refusal(publish({ ...body, deliver_at: at(2) }, { 'idempotency-key': 'later' }));
      assert.equal(changed.error, 'conflict');
      const { details } = await refusal(
        batch([
          { ...body, deliver_at: at(31) },
          { ...body, deliver_at: 'soon' },
        ]),
      );
      assert.match(details?.['events.0.deliver_at'] ?? details?.['events.1.deliver_at'] ?? '', /./);
      assert.match(
        (await refusal(publish({ ...body, deliver_at: at(31) }))).details?.['deliver_at'] ?? '',
        /must be at most 29 days from now, because events are kept for no longer/,
      );
    });

    test('reserved types are refused', async () => {
      for (const event of ['webhook.test', 'endpoint.disabled', 'delivery.exhausted']) {
        assert.deepEqual(await refusal(publish({ event, data: {} })), {
          error: 'validation_failed',
          details: { event: `${event} is reserved; only Outrider can emit it` },
        });
      }
    });

    test('a built-in type accepts any of its fields with their types, and others', async () => {
      await publish({ event: 'email.sent', data: {} });
      await publish({ event: 'email.sent', data: { email_id: 'e1', campaign_id: null, further: true } });
      assert.deepEqual(await refusal(publish({ event: 'email.sent', data: { email_id: 7, step: 'one' } })), {
        error: 'validation_failed',
        details: { 'data.email_id': 'must be a string', 'data.step': 'must be a number' },
      });
    });

    test('a repeated Idempotency-Key returns the same result, and is a conflict with another body', async () => {
      const key = { 'idempotency-key': 'order 42' };
      const first = await publish({ event: 'order.paid', data: { n: 1 } }, key);
      const headers = { 'idempotency-replayed': 'true' };
      assert.deepEqual(await publish({ event: 'order.paid', data: { n: 1 } }, key, two), { ...first, headers });
      for (const other of [
        { event: 'order.paid', data: { n: 2 } },
        { event: 'order.lost', data: { n: 1 } },
        { event: 'order.paid', data: { n: 1 }, occurred_at: '2026-01-05T09:00:00Z' },
      ]) {
        assert.equal((await refusal(publish(other, key, two))).error, 'conflict');
      }
      assert.notDeepEqual(
        await publish({ event: 'order.paid', data: { n: 1 } }, { 'idempotency-key': 'order 43' }),
        first,
      );
      for (const bad of ['', 'a'.repeat(256), 'schlüssel', 'a\nb'])
        assert.deepEqual(
          Object.keys((await refusal(publish({ event: 'order.paid', data: {} }, { 'idempotency-key': bad }))).details),
          ['Idempotency-Key'],
        );
    });
  });

  describe('publish a batch', () => {
    test('results have the order of the events, which are stored in order', async () => {
      const answers = rows(
        await batch(Array.from({ length: 1_000 }, (_, n) => ({ event: `order.${n % 3}`, data: { n } }))),
      );
      assert.equal(answers.length, 1_000);
      const stored = await one.engine.db.query(
        sql<{
          id: EventId;
          data: Buffer;
        }>`SELECT id, data FROM events WHERE organization_id = ${organization} ORDER BY id`,
      );
      assert.deepEqual(
        stored.map((row) => [row.id, row.data.toString()]),
        answers.map((answer, n) => [answer['id'], `{"n":${n}}`]),
      );
      assert.equal(answers[4]?.['event'], 'order.1');
    });

    test('if one event is invalid none is stored, and every fault is reported', async () => {
      const events = [
        { event: 'order.paid', data: {} },
        { event: 'email.sent', data: { step: 'one' } },
        { event: 'webhook.test', data: {} },
        { event: 'a', data: {}, occurred_at: '1999-01-01T00:00:00Z' },
      ];
      assert.deepEqual((await refusal(batch(events))).details, {
        'events.1.data.step': 'must be a number',
        'events.2.event': 'webhook.test is reserved; only Outrider can emit it',
        'events.3.occurred_at': 'must be within 10 years of now',
      });
      await assert.rejects(
        batch([
          { event: 'order.paid', data: {} },
          { event: 'order.paid', data: [] },
        ]),
        { error: 'validation_failed' },
      );
      for (const none of [[], Array.from({ length: 1_001 }, () => ({ event: 'a', data: {} }))])
        await assert.rejects(batch(none), { error: 'validation_failed' });
      assert.deepEqual(rows(await call(one, organization, 'GET /v1/events')), []);
    });

    test('an event may have at most 256 KiB', async () => {
      const large = { event: 'a', data: { text: 'ü'.repeat(128 * 1024) } };
      assert.deepEqual(await refusal(batch([{ event: 'a', data: {} }, large])), {
        error: 'too_large',
        details: {
          'events.1': `is ${Buffer.byteLength(JSON.stringify(large))} bytes long; an event may have at most 262144`,
        },
      });
    });

    test("each event gets the header's key with its index, unless it has its own key", async () => {
      const key = { 'idempotency-key': 'import 7' };
      const events = [
        { event: 'a', data: { n: 0 } },
        { event: 'a', data: { n: 1 }, idempotency_key: 'own' },
      ];
      const first = rows(await batch(events, key));
      assert.deepEqual(rows(await batch(events, key)), first);
      const again = rows(
        await batch(
          [
            { event: 'a', data: { n: 'other' } },
            { event: 'a', data: { n: 1 }, idempotency_key: 'own' },
            { event: 'a', data: { n: 2 } },
          ],
          key,
        ),
      );
      assert.equal((again[0]?.['error'] as { code: string } | undefined)?.code, 'conflict');
      assert.equal(again[0]?.['event'], 'a');
      assert.deepEqual(again[1], first[1]);
      assert.equal(again[2]?.['event'], 'a');
      assert.deepEqual(data(await publish({ event: 'a', data: { n: 1 } }, { 'idempotency-key': 'own' })), first[1]);
      assert.deepEqual(
        data(await publish({ event: 'a', data: { n: 0 } }, { 'idempotency-key': 'import 7:0' })),
        first[0],
      );
    });
  });

  describe('list', () => {
    const all = async (query: Record<string, string>): Promise<{ pages: number; events: unknown[] }> => {
      const events: unknown[] = [];
      for (let pages = 1, cursor: string | undefined; ; pages += 1) {
        const answer = await call(one, organization, 'GET /v1/events', {
          query: { ...query, ...(cursor === undefined ? {} : { cursor }) },
        });
        events.push(...rows(answer).map((event) => event['id']));
        const next = (answer.body as { next_cursor: string | null }).next_cursor;
        if (next === null) return { pages, events };
        cursor = next;
      }
    };

    test('lists newest first, by cursor, type and time', async () => {
      const began = clock.now();
      const ids: unknown[] = [];
      for (let n = 0; n < 7; n += 1) {
        ids.unshift(data(await publish({ event: n % 2 === 0 ? 'number.even' : 'number.odd', data: { n } }))['id']);
        clock.set(clock.now() + 1_000);
      }
      assert.deepEqual(await all({}), { pages: 1, events: ids });
      assert.deepEqual(await all({ limit: '3' }), { pages: 3, events: ids });
      assert.deepEqual(await all({ limit: '7' }), { pages: 1, events: ids });
      assert.deepEqual(await all({ event: 'number.odd', limit: '2' }), { pages: 2, events: [ids[1], ids[3], ids[5]] });
      assert.deepEqual(await all({ event: 'none' }), { pages: 1, events: [] });
      assert.deepEqual(await all({ event: 'number.odd.*' }), { pages: 1, events: [] });
      assert.deepEqual(await all({ event: 'number.*', limit: '3' }), { pages: 3, events: ids });
      assert.deepEqual(await all({ event: '*' }), { pages: 1, events: ids });
      assert.deepEqual(await all({ event: 'number.odd,none.*,number.even', limit: '3' }), { pages: 3, events: ids });
      assert.deepEqual(await all({ event: 'none,number.od.*' }), { pages: 1, events: [] });
      const at = (second: number): string => new Date(began + second * 1_000).toISOString();
      assert.deepEqual(await all({ since: at(2), until: at(4) }), { pages: 1, events: [ids[3], ids[4]] });
      assert.deepEqual(await all({ since: at(2), until: at(6), limit: '1' }), { pages: 4, events: ids.slice(1, 5) });
      await assert.rejects(call(one, organization, 'GET /v1/events', { query: { cursor: 'x' } }), /cursor/);
    });

    test('with a rare type among many events, each page scans a bounded number and the cursor reaches the end', async () => {
      const first = data(await publish({ event: 'rare', data: {} }))['id'];
      const ids = Array.from({ length: 45_000 }, () => one.engine.ids.next<EventId>());
      await one.engine.db.execute(sql`
        INSERT INTO events (organization_id, id, type, data, occurred_at, created_at) SELECT ${organization}, id, 'common', '{}', now(), now() FROM unnest(${ids}::uuid[]) AS e (id)`);
      const last = data(await publish({ event: 'rare', data: {} }))['id'];
      assert.deepEqual(await all({ event: 'rare' }), { pages: 3, events: [last, first] });
    });

    test('a search for a contact reads a bounded amount of data for each page', async () => {
      const contact = '01890a5d-ac96-774b-bcce-b302099a8057';
      const first = data(await publish({ event: 'lead.found', data: { contact_id: contact } }))['id'];
      const ids = Array.from({ length: 200 }, () => one.engine.ids.next<EventId>());
      await one.engine.db.execute(sql`
        INSERT INTO events (organization_id, id, type, data, occurred_at, created_at)
        SELECT ${organization}, id, 'common', convert_to('{"a":"' || repeat('a', 250000) || '"}', 'UTF8'), now(), now() FROM unnest(${ids}::uuid[]) AS e (id)`);
      const last = data(await publish({ event: 'lead.found', data: { contact_id: contact } }))['id'];
      assert.deepEqual(await all({ contact_id: contact }), { pages: 3, events: [last, first] });
    });
  });

  describe('get', () => {
    test("another organization's event and a nonexistent one are not found", async () => {
      const { id } = data(await publish({ event: 'a', data: {} }));
      const other = await makeOrganization(one.engine.db, one.engine.ids, `other-${slug}`);
      for (const [organizationId, event] of [
        [other, String(id)],
        [organization, one.engine.ids.next()],
      ] as const) {
        assert.equal(
          (await refusal(call(one, organizationId, 'GET /v1/events/:id', { params: { id: event } }))).error,
          'not_found',
        );
      }
      assert.deepEqual(rows(await call(one, other, 'GET /v1/events')), []);
    });

    test('returns deliveries in the queue and in the log, also of a deleted endpoint', async () => {
      const endpoints = [];
      for (let n = 0; n < 3; n += 1)
        endpoints.push(await makeEndpoint(one.engine.db, one.engine.ids, organization, 'http://127.0.0.1:9/'));
      const { id, deliveries } = data(await publish({ event: 'a', data: {} }));
      await publish({ event: 'a', data: {} });
      assert.equal(deliveries, 3);
      const [done] = await one.engine.db.query(sql<{ id: DeliveryId }>`
        WITH gone AS (DELETE FROM delivery_queue WHERE endpoint_id = ${endpoints[1]} AND event_id = ${id} RETURNING *)
        INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at, last_status_code)
        SELECT endpoint_id, id, organization_id, event_id, event_type, kind, 'delivered', 1, created_at, created_at, 200 FROM gone RETURNING id`);
      await one.engine.db.execute(sql`UPDATE endpoints SET deleted_at = now() WHERE id = ${endpoints[1]}`);
      const shown = (await get(id))['deliveries'] as Record<string, unknown>[];
      assert.deepEqual(new Set(shown.map((delivery) => delivery['endpoint_id'])), new Set(endpoints));
      assert.deepEqual(
        shown.filter((delivery) => delivery['status'] === 'delivered').map((delivery) => delivery['id']),
        [done?.id],
      );
    });
  });
});
