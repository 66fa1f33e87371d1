import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually, TestClock } from '../../../test/harness/clock.ts';
import { startCrm } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { testMasterKey } from '../../../test/harness/engine.ts';
import { connect } from '../../db/pool.ts';
import type { Database } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import { createVault } from '../../encryption/vault.ts';
import type { ProviderEvent } from './provider.ts';
import { createReceiving } from './receive.ts';

/** PostgreSQL does not resolve deadlocks here, so statements that wait for each other fail with 55P03 after the lock timeout. */
describe('storing a post with several events', { timeout: 120_000 }, () => {
  const clock = new TestClock();
  const vault = createVault(testMasterKey);
  let database: TestDatabase;
  let db: Database;
  let crm: CrmInstallation;

  before(async () => {
    database = await createTestDatabase();
    db = connect(database.url);
    await db.script(`DO $$ BEGIN
      EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''1h''', current_database());
      EXECUTE format('ALTER DATABASE %I SET lock_timeout = ''20s''', current_database());
    END $$`);
    crm = await startCrm(database.url, clock);
  });
  after(async () => {
    await crm.stop();
    await db.close();
    await database.drop();
  });

  const eventOf = (name: string): ProviderEvent => ({
    type: 'email.sent',
    emailId: name,
    recipient: null,
    occurredAtMs: undefined,
    dedupeKey: Buffer.from(name),
    details: {},
  });
  const waiting = async (): Promise<number> =>
    (
      await db.query(
        sql`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
    ).length;

  test('concurrent posts of the same events in different orders do not deadlock; each event is stored and emitted once, in the order of one post', async () => {
    const { organizationId: organization } = await crm.editor();
    const { ids } = crm;
    const receiving = createReceiving({
      db: crm.db,
      clock,
      ids,
      vault,
      emitAll: crm.events.emitAll,
      retentionDays: 30,
    });
    const given = ['a', 'b', 'c'];
    const keys = await vault.mac(
      db,
      organization,
      given.map((name) => Buffer.from(name).toString('hex')),
      'inbound event',
    );
    const keyed = given
      .map((name, index) => ({ name, key: keys[index] ?? assert.fail() }))
      .sort((a, b) => a.key.compare(b.key));
    const names = keyed.map(({ name }) => name);
    // A transaction stores the event with the middle key and rolls back once both posts wait for it; by then each has stored its first event.
    const release = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const holding = db
      .transaction(async (tx) => {
        await tx.execute(sql`
          INSERT INTO inbound_events (organization_id, id, provider, dedupe_key, type, email_id, occurred_at, received_at, payload, matched)
          VALUES (${organization}, ${ids.next<string>()}, 'generic', ${keyed[1]?.key ?? assert.fail()}::bytea, 'email.sent', 'x', now(), now(), '', false)`);
        held.resolve();
        await release.promise;
        throw new Error('rolled back');
      })
      .catch(() => {});
    await held.promise;

    const orders = [names, names.toReversed()];
    const posts: Promise<void>[] = [];
    for (const order of orders) {
      const post = receiving.receive({
        organizationId: organization,
        provider: 'generic',
        sourceId: null,
        raw: Buffer.from('{}'),
        events: order.map(eventOf),
      });
      post.catch(() => {});
      posts.push(post);
      await eventually(async () => (await waiting()) === posts.length, 'the post waits');
    }
    release.resolve();
    await Promise.all([holding, ...posts]);

    const stored = await db.query(sql<{ email_id: string; said: string }>`
      SELECT i.email_id, convert_from(e.data, 'UTF8')::json ->> 'email_id' AS said FROM inbound_events i JOIN events e ON e.id = i.event_id
      WHERE i.organization_id = ${organization} ORDER BY e.id`);
    assert.ok(stored.every(({ email_id: id, said }) => id === said));
    const order = stored.map(({ email_id: id }) => id);
    assert.ok(
      orders.some((each) => each.join() === order.join()),
      order.join(),
    );
  });
});
