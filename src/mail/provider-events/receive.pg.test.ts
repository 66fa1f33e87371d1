import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually, TestClock } from '../../../test/harness/clock.ts';
import { startCrm } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { testMasterKey } from '../../../test/harness/engine.ts';
import { makeMailbox } from '../../../test/harness/imap-scene.ts';
import { readProviderSamples, samplesSkipped } from '../../../test/harness/provider-samples.ts';
import { connect } from '../../db/pool.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import { createVault } from '../../encryption/vault.ts';
import type { ProviderEvent } from './provider.ts';
import { generic } from './providers/generic.ts';
import { providerOf } from './providers/registry.ts';
import { sendgrid } from './providers/sendgrid.ts';
import { createReceiving } from './receive.ts';

/** PostgreSQL does not resolve deadlocks here, so statements that wait for each other fail with 55P03 after the lock timeout. */
describe('storing a post with several events', () => {
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

  const receivingIn = (more: Partial<Parameters<typeof createReceiving>[0]> = {}) =>
    createReceiving({
      ...crm,
      ...crm.mail,
      clock,
      vault,
      emitAll: crm.events.emitAll,
      retentionDays: 30,
      nowOf: crm.mail.clocks.nowOf,
      ...more,
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
    const receiving = receivingIn();
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
        provider: generic,
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

  test('a post of 1,000 events takes as many statements as one of 50, whatever it reports', async () => {
    const { organizationId } = await crm.editor();
    const mailbox = await makeMailbox({ ...crm, db, vault, clock }, { organizationId, email: 'nora@sender.example' });
    const kinds = [
      'delivered',
      'bounce',
      'blocked',
      'spamreport',
      'unsubscribe',
      'open',
      'dropped',
      'processed',
      'new',
    ];
    const events = (from: number, count: number): unknown[] =>
      Array.from({ length: count }, (_, index) => {
        const kind = kinds[index % kinds.length] ?? '';
        return {
          event: kind === 'blocked' ? 'bounce' : kind,
          ...(kind === 'blocked' ? { type: 'blocked', reason: '550 5.7.1 Blocked by Spamhaus' } : {}),
          ...(kind === 'bounce' ? { type: 'bounce', reason: '550 5.1.1 User unknown' } : {}),
          email: `p${from + index}@p${from + index}.example`,
          timestamp: 1_767_603_600,
          sg_event_id: `event ${from + index}`,
          'smtp-id': `<${from + index}@sender.example>`,
        };
      });
    /** Half of the messages are ours. */
    const sent = (from: number, count: number): Promise<unknown> =>
      db.execute(sql`
        INSERT INTO messages (id, organization_id, mailbox_id, direction, status, purpose, message_id, from_address, to_address, party_key, party_domain, content, created_at, sent_at)
        SELECT gen_random_uuid(), ${organizationId}, ${mailbox.id}, 'outbound', 'sent', 'direct', '<' || n || '@sender.example>', 'nora@sender.example', 'p' || n || '@p' || n || '.example',
          'p' || n || '@p' || n || '.example', 'p' || n || '.example', 'sealed', now(), now()
        FROM generate_series(${from}::int, ${from + count - 1}::int) n WHERE n % 2 = 0`);
    let statements = 0;
    const counting = <T extends Queryable>(on: T): T => ({
      ...on,
      query(statement: Parameters<Queryable['query']>[0]) {
        statements += 1;
        return on.query(statement);
      },
      execute(statement: Parameters<Queryable['execute']>[0]) {
        statements += 1;
        return on.execute(statement);
      },
    });
    const receiving = receivingIn({
      db: { ...crm.db, transaction: (work) => crm.db.transaction((tx) => work(counting(tx))) },
    });
    const post = async (from: number, count: number): Promise<number> => {
      await sent(from, count);
      const body = events(from, count);
      statements = 0;
      await receiving.receive({
        organizationId,
        provider: sendgrid,
        sourceId: null,
        raw: Buffer.from(JSON.stringify(body)),
        events: sendgrid.read(body, Buffer.alloc(0), {}),
      });
      return statements;
    };
    // The first fills caches.
    await post(0, 50);
    const few = await post(1_000, 50);
    assert.equal(await post(2_000, 1_000), few);
    assert.ok(few < 60, String(few));
    const [counts] = await db.query(sql<{
      rows: number;
      matched: number;
      bytes: number;
      bounced: number;
      hard: number;
    }>`
      SELECT count(*) AS rows, count(*) FILTER (WHERE matched) AS matched, max(octet_length(payload)) AS bytes,
        (SELECT count(*) FROM messages WHERE organization_id = ${organizationId} AND status = 'bounced') AS bounced,
        (SELECT count(*) FROM suppressions WHERE organization_id = ${organizationId}) AS hard
      FROM inbound_events WHERE organization_id = ${organizationId}`);
    assert.deepEqual([counts?.rows, counts?.matched], [1_100, 550]);
    assert.ok((counts?.bytes ?? 0) < 300, 'each row has its own part of the body');
    const of = (...wanted: string[]): number =>
      [50, 50, 1_000]
        .flatMap((n) => Array.from({ length: n }, (_, index) => kinds[index % kinds.length] ?? ''))
        .filter((kind) => wanted.includes(kind)).length;
    assert.equal(counts?.hard, of('bounce', 'spamreport', 'unsubscribe'));
    assert.ok((counts?.bounced ?? 0) > of('bounce', 'blocked', 'dropped') / 3);
  });

  test('what a provider posts again is received and changes nothing', { skip: samplesSkipped }, async (t) => {
    const { organizationId } = await crm.editor();
    const sourceId = crm.ids.next<string>();
    const receiving = receivingIn();
    const figures = (): Promise<unknown> =>
      db.query(sql`
        SELECT (SELECT count(*) FROM inbound_events WHERE organization_id = ${organizationId}) AS stored, (SELECT count(*) FROM events WHERE organization_id = ${organizationId}) AS events,
          (SELECT count(*) FROM suppressions WHERE organization_id = ${organizationId}) AS suppressed`);
    const repeated = new Map<string, number>();
    for (const { provider: name, request, expect } of readProviderSamples()) {
      if (!expect.accept) continue;
      const provider = providerOf(name) ?? assert.fail(name);
      const raw = Buffer.from(request.body_base64, 'base64');
      const body: unknown = JSON.parse(raw.toString());
      const post = {
        organizationId,
        provider,
        sourceId,
        raw,
        events: provider.read(body, raw, request.headers),
        token: provider.tokenOf?.(body),
      };
      await receiving.receive(post);
      const before = await figures();
      // At once, and when its signature is too old.
      for (const isOld of [false, true]) await receiving.receive({ ...post, isOld });
      assert.deepEqual(await figures(), before, name);
      repeated.set(name, (repeated.get(name) ?? 0) + 1);
      if (post.token === undefined) continue;
      const forged = Buffer.from(raw.toString().replace('@', '@x'));
      await assert.rejects(receiving.receive({ ...post, raw: forged }), /does not prove/);
    }
    t.diagnostic([...repeated].map(([name, count]) => `${name} ${count}`).join(', '));
    assert.equal(repeated.size, 6);
  });
});
