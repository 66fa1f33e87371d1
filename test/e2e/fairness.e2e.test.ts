import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/base/config.ts';
import { startEmbeddedDatabase } from '../../src/db/embedded.ts';
import { connect } from '../../src/db/pool.ts';
import { durabilityOf } from '../../src/db/durability.ts';
import { sql } from '../../src/db/sql.ts';
import { createTestDatabase } from '../harness/database.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { testMasterKey } from '../harness/engine.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';

describe('sharing the database', () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let one: Tenant;
  let other: Tenant;
  let heldId: string;
  before(async () => {
    [one, other] = [await scene.product.tenant(), await scene.product.tenant()];
    const answer = await one.api('POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: [{ email: 'held@example.com' }],
    });
    heldId = String((answer.json.data as { id: string }[])[0]?.id);
  });
  const blocked = async (): Promise<number> =>
    (
      await scene.product.db.query(
        sql<{
          total: number;
        }>`SELECT count(*) AS total FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'outrider' AND wait_event_type = 'Lock'`,
      )
    )[0]?.total ?? 0;

  test('an organization whose statements all wait leaves connections to others', async () => {
    let settled: Promise<{ status: number }[]> = Promise.resolve([]);
    await scene.product.db.transaction(async (tx) => {
      // All its statements wait for this lock.
      await tx.execute(sql`SELECT 1 FROM contacts WHERE organization_id = ${one.organization.id} FOR UPDATE`);
      const waiting = Array.from({ length: 20 }, (_, n) =>
        one.api('PATCH', `/v1/contacts/${heldId}`, { first_name: `Ann ${n}` }),
      );
      await eventually(async () => (await blocked()) >= 1, 'a statement waits');
      for (let n = 0; n < 5; n += 1) assert.equal((await other.api('GET', '/v1/contacts')).status, 200);
      assert.ok((await blocked()) <= 3, 'at most half of the connections, rounded up');
      const metrics = await (await fetch(`${scene.product.url}/metrics`)).text();
      assert.match(metrics, /^outrider_requests_waiting [1-9]/m);
      settled = Promise.all(waiting);
    });
    assert.ok((await settled).every(({ status }) => status === 200));
  });
  test("a request's statement ends at PostgreSQL's own timeout, and the answer says so", async () => {
    await scene.product.db.transaction(async (tx) => {
      await tx.execute(sql`SELECT 1 FROM contacts WHERE organization_id = ${one.organization.id} FOR UPDATE`);
      const answer = await one.api('PATCH', `/v1/contacts/${heldId}`, { first_name: 'Late' });
      const { message } = assertRefused(answer, 503, 'unavailable');
      assert.match(message, /another request is changing the same records/);
      assert.ok(Number(answer.headers.get('retry-after')) > 0);
    });
  });

  test('a full disk answers 503, is counted and logged, and fails /readyz until writes succeed again', async () => {
    const { db, clock, logged } = scene.product;
    await db.script(`
      CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER disk_full BEFORE INSERT ON delivery_queue FOR EACH STATEMENT EXECUTE FUNCTION disk_full()`);
    assertRefused(await one.api('POST', '/v1/events', { event: 'order.paid', data: {} }), 503, 'unavailable');
    const ready = () => one.api('GET', '/readyz');
    assert.deepEqual([(await ready()).status, (await ready()).json], [503, { status: 'disk full' }]);
    assert.match(
      await (await fetch(`${scene.product.url}/metrics`)).text(),
      /^outrider_commit_failures_total\{reason="disk_full"\} [1-9]/m,
    );
    assert.ok(logged.some(({ reason }) => reason === 'disk_full'));

    // Small writes, such as heartbeats, succeed again; without requests nothing else fails.
    await db.script(`
      DROP TRIGGER disk_full ON delivery_queue;
      CREATE FUNCTION no_space() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$;
      CREATE EVENT TRIGGER no_space ON ddl_command_start WHEN TAG IN ('CREATE TABLE AS') EXECUTE FUNCTION no_space()`);
    const failures = async (): Promise<number> =>
      Number(
        /^outrider_commit_failures_total\{reason="disk_full"\} (\d+)/m.exec(
          await (await fetch(`${scene.product.url}/metrics`)).text(),
        )?.[1],
      );
    const before = await failures();
    await eventually(async () => {
      await clock.advance(1_000);
      assert.equal((await ready()).status, 503, 'it stays so until there is space');
      return (await failures()) >= before + 3;
    }, 'it has tried three times');
    await db.script('DROP EVENT TRIGGER no_space');
    await eventually(async () => {
      await clock.advance(1_000);
      return (await ready()).status === 200;
    }, 'it is ready again');
  });
});

test("commits are written to disk whatever the account's settings; stricter settings are kept", async () => {
  const database = await createTestDatabase();
  const name = new URL(database.url).pathname.slice(1);
  const admin = connect(database.url);
  const settingOf = async (): Promise<string | undefined> => {
    const db = connect(database.url);
    const [row] = await db.query(sql<{ value: string }>`SELECT current_setting('synchronous_commit') AS value`);
    await db.close();
    return row?.value;
  };
  for (const [set, expected] of [
    ['off', 'on'],
    ['local', 'on'],
    ['remote_apply', 'remote_apply'],
  ] as const) {
    await admin.script(`ALTER DATABASE "${name}" SET synchronous_commit = ${set}`);
    assert.equal(await settingOf(), expected);
  }
  await admin.script(`ALTER DATABASE "${name}" RESET synchronous_commit`);
  assert.equal((await durabilityOf(admin)).fsync, true);
  await admin.close();
  await database.drop();
});

test('a start is refused while fsync is off', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'outrider-fsync-'));
  // When run by root, PostgreSQL uses another account, which cannot access mkdtemp's folder.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedDatabase({ dataDir, settings: { fsync: 'off' } });
  try {
    const app = createApp({
      config: { ...readConfig({}), port: 0 },
      databaseUrl: server.url,
      masterKey: testMasterKey,
    });
    await assert.rejects(app, { name: 'OperatorError', message: /^fsync is off/ });
  } finally {
    await server.stop('immediate');
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
});
