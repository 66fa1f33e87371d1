import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import { createTestDatabase } from '../../test/harness/database.ts';
import type { TestDatabase } from '../../test/harness/database.ts';
import { makeOrganization } from '../../test/harness/engine.ts';
import { call, data, refusal, rows, startProcess } from '../../test/harness/events.ts';
import type { Process } from '../../test/harness/events.ts';
import { sql } from '../db/sql.ts';
import { canonicalTypes } from '../base/event-types.ts';
import type { OrganizationId } from '../base/ids.ts';

describe('event types over the API', () => {
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
  const create = (body: Record<string, unknown>, process = one) =>
    call(process, organization, 'POST /v1/event-types', { body });

  const schema = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };

  test('the list contains built-in types, then own ones by name, page by page', async () => {
    await create({ name: 'z.last' });
    await create({ name: 'a.first', description: 'Mine.', schema, example: { n: 1 } });
    const total = canonicalTypes.length + 2;
    const names: unknown[] = [];
    for (let page = 1; (page - 1) * 20 < total; page += 1) {
      const answer = await call(one, organization, 'GET /v1/event-types', {
        query: { page: String(page), page_size: '20' },
      });
      assert.equal((answer.body as { total: number }).total, total);
      names.push(...rows(answer).map((type) => type['name']));
    }
    assert.equal(names.length, total);
    assert.equal(new Set(names).size, total);
    assert.deepEqual(names.slice(-2), ['a.first', 'z.last']);
    const bounced = data(
      await call(one, organization, 'GET /v1/event-types/:name', { params: { name: 'email.bounced' } }),
    );
    assert.deepEqual(bounced['dialects'], {
      defrost: 'send.bounced',
      standard: 'email.bounced',
      foxreach: 'email.bounced',
      mailpanda: 'email.bounce',
      warmysender: 'email.bounced',
      driftwood: null,
    });
    const own = data(await call(one, organization, 'GET /v1/event-types/:name', { params: { name: 'a.first' } }));
    assert.deepEqual(
      { ...own, created_at: 0, updated_at: 0 },
      {
        name: 'a.first',
        description: 'Mine.',
        built_in: false,
        dialects: {
          defrost: 'a.first',
          standard: 'a.first',
          foxreach: null,
          mailpanda: null,
          warmysender: null,
          driftwood: null,
        },
        schema,
        example: { n: 1 },
        created_at: 0,
        updated_at: 0,
      },
    );
  });

  test('duplicate member names are refused for a type with a schema and kept as written for one without', async () => {
    const twice = String.raw`{"n":"x","list":[{"id":1,"i\u0064":2}],"n":1}`;
    const nested = '{"n":1,"list":[{"id":1, "id":2}]}';
    const publicationOf = (event: string, text: string): string => `{"event":"${event}","data":${text}}`;
    await create({ name: 'order.paid', schema });
    const reason = 'is a duplicate member name; an event whose type has a schema must contain each name only once';
    for (const [text, field] of [
      [twice, 'data.list.0.id'],
      [nested, 'data.list.0.id'],
      ['{"n":"x","n":1}', 'data.n'],
    ] as const) {
      assert.deepEqual(await refusal(publish(publicationOf('order.paid', text))), {
        error: 'validation_failed',
        details: { [field]: reason },
      });
      const events = `{"events":[${publicationOf('order.paid', '{"n": 1}')},${publicationOf('order.paid', text)}]}`;
      assert.deepEqual(await refusal(call(one, organization, 'POST /v1/events/batch', { body: events })), {
        error: 'validation_failed',
        details: { [`events.1.${field}`]: reason },
      });
    }
    assert.deepEqual(await refusal(publish(publicationOf('email.sent', '{"to":"a@x.example","to":"b@x.example"}'))), {
      error: 'validation_failed',
      details: { 'data.to': reason },
    });
    assert.equal((await publish(publicationOf('order.unknown', twice))).status, 202);
  });

  test('a schema applies to the next publish on this process, and on others after its notice', async () => {
    const valid = { event: 'order.paid', data: { n: 1 } };
    const broken = { event: 'order.paid', data: { n: 'x' } };
    await publish(broken);
    await publish(broken, {}, two);
    await create({ name: 'order.paid', schema });
    await publish(valid);
    assert.deepEqual(await refusal(publish(broken)), {
      error: 'validation_failed',
      details: { 'data.n': 'must be integer' },
    });
    assert.deepEqual(await refusal(batch([valid, broken])), {
      error: 'validation_failed',
      details: { 'events.1.data.n': 'must be integer' },
    });
    const refusedByTwo = (): Promise<boolean> =>
      publish(broken, {}, two).then(
        () => false,
        () => true,
      );
    await two.engine.until(refusedByTwo, 'the other process received the notice');

    await call(two, organization, 'PATCH /v1/event-types/:name', {
      params: { name: 'order.paid' },
      body: { schema: { properties: { n: { type: 'string' } } } },
    });
    await publish(broken, {}, two);
    await one.engine.until(
      () =>
        publish(broken).then(
          () => true,
          () => false,
        ),
      'the other process received the change',
    );

    await call(one, organization, 'DELETE /v1/event-types/:name', { params: { name: 'order.paid' } });
    await publish(valid);
    await two.engine.until(
      () =>
        publish(valid, {}, two).then(
          () => true,
          () => false,
        ),
      'the other process received the deletion',
    );
  });

  test('publishing queries the types once, even if there are none', async () => {
    const reads = async (): Promise<number> =>
      (
        await one.engine.db.query(
          sql<{
            reads: number;
          }>`SELECT coalesce(sum(seq_scan + idx_scan), 0)::int8 AS reads FROM pg_stat_all_tables WHERE relname = 'event_types'`,
        )
      )[0]?.reads ?? 0;
    await publish({ event: 'a', data: {} });
    await one.engine.db.query(sql`SELECT pg_stat_force_next_flush()`);
    const before = await reads();
    for (let n = 0; n < 50; n += 1) await publish({ event: `a.${n}`, data: {} });
    for (let connection = 0; connection < 20; connection += 1)
      await one.engine.db.query(sql`SELECT pg_stat_force_next_flush()`);
    assert.equal(await reads(), before);
  });

  test('invalid names and schemas are refused', async () => {
    await create({ name: 'taken' });
    for (const name of ['taken', 'email.sent', 'webhook.test'])
      assert.equal((await refusal(create({ name }))).error, 'conflict', name);
    assert.deepEqual(
      (await refusal(create({ name: 'a', schema: { type: 'objec' } }))).details['schema.type']?.slice(0, 16),
      'must be one of "',
    );
    assert.deepEqual((await refusal(create({ name: 'a', schema, example: { n: 'x' } }))).details, {
      'example.n': 'must be integer',
    });
    assert.deepEqual(Object.keys((await refusal(create({ name: 'a', example: { text: '\ud800' } }))).details), [
      'example',
    ]);
    for (const [field, body] of [
      ['schema', { name: 'a', schema: true }],
      ['name', { name: 'a b' }],
    ] as const)
      assert.deepEqual(Object.keys((await refusal(create(body))).details), [field]);
  });

  test('a change keeps other fields, and the example must satisfy the schema', async () => {
    await create({ name: 'a', description: 'First.', schema, example: { n: 1 } });
    const change = (body: Record<string, unknown>) =>
      call(one, organization, 'PATCH /v1/event-types/:name', { params: { name: 'a' }, body });
    assert.deepEqual(data(await change({ description: 'Second.' }))['schema'], schema);
    assert.deepEqual((await refusal(change({ schema: { required: ['m'] } }))).details, { 'example.m': 'is required' });
    assert.deepEqual((await refusal(change({ example: {} }))).details, { 'example.n': 'is required' });
    const changed = data(await change({ schema: null, example: { m: 1 } }));
    assert.deepEqual([changed['schema'], changed['example'], changed['description']], [null, { m: 1 }, 'Second.']);
  });

  test('built-in types cannot be changed, and types of other organizations answer 404', async () => {
    await create({ name: 'mine' });
    const other = await makeOrganization(one.engine.db, one.engine.ids, `stranger-${slug}`);
    for (const [operation, body] of [
      ['PATCH /v1/event-types/:name', { description: 'x' }],
      ['DELETE /v1/event-types/:name', undefined],
    ] as const) {
      assert.equal(
        (await refusal(call(one, organization, operation, { params: { name: 'email.sent' }, body }))).error,
        'conflict',
      );
      assert.equal((await refusal(call(one, other, operation, { params: { name: 'mine' }, body }))).error, 'not_found');
    }
    assert.equal(
      (await refusal(call(one, other, 'GET /v1/event-types/:name', { params: { name: 'mine' } }))).error,
      'not_found',
    );
    assert.equal(
      (await call(one, organization, 'GET /v1/event-types/:name', { params: { name: 'mine' } })).status,
      200,
    );
  });

  test('test events use the examples', async () => {
    await create({ name: 'mine', example: { n: 1 } });
    assert.equal((await one.events.exampleOf('email.bounced', organization))?.['bounce_type'], 'hard');
    assert.deepEqual(await one.events.exampleOf('mine', organization), { n: 1 });
    assert.equal(await one.events.exampleOf('other', organization), undefined);
  });
});
