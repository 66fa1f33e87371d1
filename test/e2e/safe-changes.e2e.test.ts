import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { hourMs } from '../../src/base/clock.ts';
import { createIds } from '../../src/base/ids.ts';
import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import type { Principal, Route } from '../../src/http/route.ts';
import { eventually } from '../harness/clock.ts';
import { callerOf } from '../harness/caller.ts';
import type { Caller, Fields } from '../harness/caller.ts';
import type { Answer } from '../harness/edge.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { installationScene, startInstallation } from '../harness/installation.ts';
import type { Installation } from '../harness/installation.ts';
import { bodyOf, namesRecord, nativeRoutes, operationsOn } from './records.ts';
import type { Operation } from './records.ts';

/** Tables that change by themselves or with any call, and counters that are spread over rows by chance. */
const restless: ReadonlySet<string> = new Set([
  'processes',
  'rate_limit_windows',
  'endpoint_stats',
  'endpoint_health',
  'record_counts',
]);

/** POSTs that need no key: to do them again changes nothing more, or they read only. */
const harmless: ReadonlySet<string> = new Set([
  // It sends the same delivery again, whose id the receiver knows; one that is pending or in flight is not sent twice.
  '/v1/deliveries/:id/retry',
  '/v1/webhooks/:id/enable',
  // They replace what they made before.
  '/v1/me/totp',
  '/v1/me/totp/confirm',
  '/v1/me/totp/disable',
  '/v1/me/recovery-codes',
  '/v1/me/passkeys/options',
  // Its challenge works once.
  '/v1/me/passkeys',
  '/v1/replays/preview',
  '/v1/replays/:id/cancel',
  '/v1/imports/:id/cancel',
  '/v1/bulk-jobs/:id/cancel',
  '/v1/discovery-providers/:id/test',
  '/v1/discovery-jobs/:id/cancel',
  '/v1/discovery-jobs/:id/resume',
  '/v1/workspaces/:id/icp',
  // A delivery is fetched again until it is settled.
  '/v1/listeners/:id/pull',
  '/v1/listeners/:id/settle',
  ...['pause', 'resume', 'archive', 'launch', 'send', 'validate', 'preview'].map((act) => `/v1/campaigns/:id/${act}`),
  ...['pause', 'resume', 'remove'].map((act) => `/v1/leads/:id/${act}`),
  '/v1/contacts/lookup',
  '/v1/mailboxes/check',
  '/v1/mailboxes/autoconfig',
  '/v1/assistant/check',
  '/v1/verifier/check',
  ...['check', 'pause', 'resume', 'warmup/pause', 'warmup/resume'].map((act) => `/v1/mailboxes/:id/${act}`),
  '/v1/tracking-domains/:id/verify',
  '/v1/dkim-keys/:id/verify',
  '/v1/contacts/:id/tags',
  '/v1/topics/:id/rejoin',
  '/v1/contacts/:id/verify',
  '/v1/contacts/:id/export',
]);
/** Its key is in the row of the event: src/events. */
const ofEvents: ReadonlySet<string> = new Set(['/v1/events', '/v1/events/batch', '/v1/webhooks/:id/test']);

/** A message that waits cannot be sent again; a capture mailbox is not read; only a sandbox has a clock. */
const conflicting: ReadonlySet<string> = new Set([
  '/v1/messages/:id/resend',
  '/v1/mailboxes/:id/self-test',
  '/v1/sandbox/clock',
]);

/** Bodies for routes whose documented example does not fit. */
const bodies: Readonly<Record<string, (caller: Caller) => Promise<Fields>>> = {
  '/v1/replays': async (caller) => ({
    endpoint_id: (await caller.register('http://127.0.0.1:9/', { events: ['order.paid'] })).id,
    since: '2026-01-01T00:00:00Z',
  }),
  '/v1/mailboxes': async () => ({ email: 'once@example.com', provider: 'capture' }),
  // The example of /v1/suppressions suppresses the address of the one of /v1/contacts, which would then store nothing.
  '/v1/suppressions': async () => ({ email: 'once@lovelace.example' }),
};

/** What has no state of its own that a caller reads: a file, a password, a place in a list, a job, what is erased once. */
const unconditional: ReadonlySet<string> = new Set([
  '/v1/imports/:id/file',
  '/v1/me/password',
  '/v1/portal-brand',
  '/v1/workspaces/:id/portal-sessions',
  '/v1/sessions/:id',
  '/v1/me/passkeys/:id',
  '/v1/invitations/:id',
  '/v1/events/:id/data',
  '/v1/projects/:id/contacts/:contact_id',
  '/v1/campaigns/:id/leads/additions/:addition_id',
]);

/** A record is deleted after it was set. */
const rank = ({ method }: Route): number => (method === 'DELETE' ? 1 : 0);

type Growth = Readonly<Record<string, number>>;

const named = ({ route, path }: Operation): string => `POST ${route.path} (${path})`;

describe('safe changes', () => {
  const scene = installationScene(() => ({
    // Without the engine only calls change data.
    config: { roles: ['api'] },
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
  }));
  let db: Database;
  let many: Caller;
  /** Another process of the same installation. */
  let second: Installation;
  let all: readonly Route[];
  let routes: readonly Route[];
  before(async () => {
    ({ db } = scene.product);
    second = await startInstallation({ databaseUrl: db.url, clock: scene.clock, config: { roles: ['api'] } });
    all = nativeRoutes(scene.product.app);
    routes = all.filter(({ method }) => method === 'POST');
  });

  after(() => second.stop());

  /** By how many rows each table grows. */
  async function growthOf(work: () => Promise<unknown>): Promise<Growth> {
    const tables = await db.query(sql<{ name: string }>`
      SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`);
    const names = tables.map(({ name }) => name).filter((name) => !restless.has(name));
    const text = names.map((name) => `SELECT '${name}' AS name, count(*) AS rows FROM ${name}`).join(' UNION ALL ');
    const counts = () => db.query<{ name: string; rows: number }>({ name: '', text, values: [] });
    const sizes = new Map((await counts()).map(({ name, rows }) => [name, rows]));
    await work();
    return Object.fromEntries(
      (await counts()).flatMap(({ name, rows }) => {
        const more = rows - (sizes.get(name) ?? 0);
        return more === 0 ? [] : [[name, more]];
      }),
    );
  }

  const keyed = (caller: Caller, operation: Operation, key = named(operation)) =>
    caller.api('POST', operation.path, operation.body, { 'Idempotency-Key': key });

  /** Every call that creates, with records of the caller. */
  async function creations(caller: Caller): Promise<Operation[]> {
    const creating = routes.filter(({ creates, path }) => creates === true && !conflicting.has(path));
    const below = await operationsOn(scene.product, creating.filter(namesRecord), caller);
    const others = await Promise.all(
      creating
        .filter((route) => !namesRecord(route))
        .map(async (route) => {
          const body = await (bodies[route.path]?.(caller) ?? bodyOf(route, caller));
          return { route, path: route.path, body };
        }),
    );
    return [...below, ...others];
  }

  /** The answer to a creation has the ETag that GET has. */
  async function assertTagged({ route, path }: Operation, answer: Answer | undefined): Promise<void> {
    if (route.record === undefined || answer === undefined || namesRecord(route)) return;
    const { id, name } = answer.json.data as Fields;
    const readAt = (route.record.readAt ?? path).replace(/\/listeners$/, '/webhooks');
    const read = await many.api('GET', `${readAt}/${String(id ?? name)}`);
    assert.equal(answer.headers.get('etag'), read.headers.get('etag'), route.path);
    assert.ok(answer.headers.get('etag'), route.path);
  }

  test('an Idempotency-Key is possible for every POST that would create something again', () => {
    for (const { path, creates } of routes)
      assert.equal(
        creates === true,
        !harmless.has(path) &&
          !ofEvents.has(path) &&
          routes.some((route) => route.path === path && route.scope !== null),
        `${path}: give the route \`creates: true\`, or say here why a repetition is harmless`,
      );
  });

  test('a request with an Idempotency-Key is carried out once by parallel calls of two processes, and answered the same each time, for every route', async () => {
    const single = await scene.product.tenant();
    many = await scene.product.tenant();
    const elsewhere = callerOf(second.url, many.key);
    const alone = await creations(single);
    const together = await creations(many);
    assert.ok(together.length >= 28, `${together.length} routes`);
    const expected = await growthOf(async () => {
      for (const operation of alone) {
        const { status, text } = await single.api('POST', operation.path, operation.body);
        assert.ok(status < 300, `${named(operation)}: ${status} ${text}`);
      }
    });
    const growth = await growthOf(async () => {
      for (const operation of together) {
        const length = operation.path === '/v1/companies' ? 20 : 4;
        const callers = Array.from({ length }, (_, index) => (index % 2 === 0 ? many : elsewhere));
        const answers = await Promise.all(callers.map((caller) => keyed(caller, operation)));
        const [first] = answers;
        assert.ok((first?.status ?? 0) < 300, `${named(operation)}: ${first?.text}`);
        for (const { status, text } of answers)
          assert.deepEqual([status, text], [first?.status, first?.text], named(operation));
        await assertTagged(operation, first);
        const carriedOut = answers.filter(({ headers }) => headers.get('idempotency-replayed') === null);
        assert.equal(carriedOut.length, 1, `${named(operation)} was carried out once`);
      }
      for (const operation of together) {
        const again = await keyed(many, operation);
        assert.equal(again.headers.get('idempotency-replayed'), 'true', named(operation));
        const other = keyed(many, { ...operation, path: `${operation.path}?` }, named(operation));
        assertRefused(await other, 409, 'conflict');
      }
    });
    assert.deepEqual(growth, { ...expected, answered_requests: together.length });
  });

  test('a request with an Idempotency-Key leaves nothing behind when it fails, so that a corrected one may have the same key', async () => {
    const tenant = await scene.product.tenant();
    const create = (body: Fields, key = 'k', caller: Caller = tenant) =>
      caller.api('POST', '/v1/companies', body, { 'Idempotency-Key': key });
    assertRefused(await create({}), 422, 'validation_failed');
    assert.equal((await create({ name: 'Engines' })).status, 201);
    assertRefused(await create({ name: 'Other' }), 409, 'conflict');
    assert.ok(
      assertRefused(await create({ name: 'Other' }, 'k'.repeat(256)), 422, 'validation_failed').details[
        'Idempotency-Key'
      ],
    );
    // A field that only the database can refuse.
    const project = (company: string) =>
      tenant.api('POST', '/v1/projects', { name: 'Rollout', company_id: company }, { 'Idempotency-Key': 'p' });
    const { id } = await tenant.got('POST', '/v1/companies', { name: 'Looms' });
    assertRefused(await project(createIds(scene.clock).next()), 422, 'validation_failed');
    assert.equal((await project(String(id))).status, 201);
  });

  test('an Idempotency-Key belongs to its workspace, ends after 72 hours, and returns a secret only to the key that made the request', async () => {
    const tenant = await scene.product.tenant();
    const bound = await tenant.withKey({ workspaceId: await tenant.workspace('one') });
    const other = await tenant.withKey({});
    const register = async (caller: Caller): Promise<string> =>
      String(
        (await caller.got('POST', '/v1/listeners', { events: ['order.*'] }, { 'Idempotency-Key': 'listener' }))['id'],
      );
    const ids = [await register(tenant), await register(bound)];
    assert.equal(new Set(ids).size, 2);
    assert.equal(await register(tenant), ids[0]);
    assertRefused(
      await other.api('POST', '/v1/listeners', { events: ['order.*'] }, { 'Idempotency-Key': 'listener' }),
      409,
      'conflict',
    );
    const source = (caller: Caller) =>
      caller.api('POST', '/v1/templates', { name: 'Hi', body: 'Hi' }, { 'Idempotency-Key': 'template' });
    const first = (await source(tenant)).text;
    assert.equal((await source(other)).text, first);
    await scene.clock.leap(71 * hourMs);
    assert.equal((await source(tenant)).text, first);
    await scene.clock.leap(hourMs);
    assert.notEqual((await source(tenant)).text, first);
  });

  test('a request with an Idempotency-Key is carried out once, even if its connections to the database break at any moment', async () => {
    const tenant = await scene.product.tenant();
    const rounds = 8;
    for (let round = 0; round < rounds; round += 1) {
      const name = `Company ${round}`;
      let over = false;
      const breaking = (async () => {
        for (let after = round % 6; !over; after += 1) {
          await pause(after);
          await db.query(sql<{ ended: boolean }>`
            SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'outrider' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()`);
          if (after > 12) return;
        }
      })();
      for (;;) {
        const { status } = await tenant.api('POST', '/v1/companies', { name }, { 'Idempotency-Key': name });
        if (status === 201) break;
        assert.ok(status >= 500, String(status));
      }
      over = true;
      await breaking;
      const [count] = await db.query(
        sql<{
          count: number;
        }>`SELECT count(*) AS count FROM companies WHERE name = ${name} AND organization_id = ${tenant.organization.id}`,
      );
      assert.equal(count?.count, 1, name);
    }
    const events = (await tenant.api('GET', '/v1/events?event=company.created&limit=100')).json.data as Fields[];
    assert.equal(events.length, rounds);
  });

  const changing = (route: Route): boolean => ['PATCH', 'PUT', 'DELETE'].includes(route.method);

  test('every PATCH, PUT and DELETE reads If-Match, and what it changes has an ETag', () => {
    for (const route of all.filter(changing)) {
      const { method, path, record } = route;
      assert.equal(
        record !== undefined,
        !unconditional.has(path),
        `${method} ${path} has a \`record\`, or is named here`,
      );
      const reader = all.find((each) => each.method === 'GET' && each.path === (record?.readAt ?? path));
      assert.ok(unconditional.has(path) || reader?.record !== undefined, `GET ${path} answers with an ETag`);
      // POST /v1/contacts answers with the results of rows only.
      const creator = routes.find((each) => each.creates === true && path.replace(/\/:\w+$/, '') === each.path);
      if (record !== undefined && creator !== undefined && creator.path !== '/v1/contacts')
        assert.ok(creator.record, `POST ${creator.path} answers with an ETag`);
    }
  });

  test('a change is carried out only if the record is as If-Match says, on every route', async () => {
    const tenant = await scene.product.tenant();
    const operations = [
      ...(await operationsOn(
        scene.product,
        all.filter((route) => changing(route) && namesRecord(route) && route.record !== undefined),
        tenant,
      )),
      ...(await Promise.all(
        all
          .filter((route) => changing(route) && !namesRecord(route) && route.record !== undefined)
          .map(async (route) => ({ route, path: route.path, body: await bodyOf(route, tenant) })),
      )),
    ];
    assert.ok(operations.length >= 36, `${operations.length} operations`);
    for (const { route, path, body } of operations.toSorted((a, b) => rank(a.route) - rank(b.route))) {
      const change = (tag: string) => tenant.api(route.method, path, body, { 'If-Match': tag });
      const readAt = path.replace('/v1/listeners/', '/v1/webhooks/');
      const read = async (): Promise<string> => (await tenant.api('GET', readAt)).headers.get('etag') ?? '';
      const what = `${route.method} ${route.path}`;
      const absent = (await tenant.api('GET', readAt)).status === 404;
      if (absent) {
        assert.equal((await change('*')).status, 412, what);
        assert.ok((await tenant.api(route.method, path, body)).status < 300, what);
      }
      const etag = await read();
      assert.match(etag, /^"[\w-]+"$/, what);
      assertRefused(await change('unquoted'), 422, 'validation_failed');
      for (const other of ['"of-another-record"', `W/${etag}`, '"a", W/"b"'])
        assertRefused(await change(other), 412, 'precondition_failed');
      assert.equal(await read(), etag, `${what} changed nothing`);
      const answers = await Promise.all([change(`"a", ${etag}`), change(etag)]);
      const [done, ...others] = answers.toSorted((a, b) => a.status - b.status);
      assert.ok((done?.status ?? 0) < 300, `${what}: ${done?.text}`);
      if (route.method === 'DELETE') continue;
      const now = await read();
      assert.equal(done?.headers.get('etag'), now, `${what} answers with the ETag that GET has`);
      // The example changes nothing: neither is refused.
      if (now === etag) continue;
      for (const { status } of others) assert.equal(status, 412, `${what}: one of two changes`);
      assert.equal((await change('*')).status, done?.status, what);
    }
  });

  test('a change without If-Match waits while one with If-Match has locked the record, on every route', async () => {
    const tenant = await scene.product.tenant();
    const locking = all.filter((route) => changing(route) && route.record?.lock !== undefined);
    const operations = [
      ...(await operationsOn(scene.product, locking.filter(namesRecord), tenant)),
      ...(await Promise.all(
        locking
          .filter((route) => !namesRecord(route))
          .map(async (route) => ({ route, path: route.path, body: await bodyOf(route, tenant) })),
      )),
    ];
    const principal = { organizationId: tenant.organization.id, workspaceId: undefined } as Principal;
    for (const { route, path, body } of operations.toSorted((a, b) => rank(a.route) - rank(b.route))) {
      const change = () => tenant.api(route.method, path, body);
      if ((await tenant.api('GET', path.replace('/v1/listeners/', '/v1/webhooks/'))).status === 404) await change();
      const names = route.path.split('/');
      const params: Record<string, string> = Object.fromEntries(
        path.split('/').map((part, index) => [names[index]?.replace(':', '') ?? '', part]),
      );
      const changed = await db.transaction(async (tx) => {
        await route.record?.lock?.(tx, principal, params);
        const answer = change();
        await eventually(
          async () =>
            (
              await db.query(
                sql`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
              )
            ).length > 0,
          `${route.method} ${route.path} waits`,
        );
        return { answer };
      });
      const { status, text } = await changed.answer;
      assert.ok(status < 300, `${route.method} ${route.path}: ${text}`);
    }
  });

  test('clients that each add one word with GET and PATCH lose none', async () => {
    const tenant = await scene.product.tenant();
    const { id } = await tenant.got('POST', '/v1/templates', { name: 'Tags', body: '-' });
    const path = `/v1/templates/${String(id)}`;
    const add = async (tag: string): Promise<void> => {
      for (;;) {
        const { json, headers } = await tenant.api('GET', path);
        const body = `${String((json.data as Fields)['body'])} ${tag}`;
        const { status } = await tenant.api('PATCH', path, { body }, { 'If-Match': headers.get('etag') ?? '' });
        if (status === 200) return;
        assert.equal(status, 412);
      }
    };
    await Promise.all(Array.from({ length: 10 }, (_, index) => add(`w${index}`)));
    assert.equal(String((await tenant.got('GET', path))['body']).split(' ').length, 11);
  });
});
