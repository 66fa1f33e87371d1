import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contact } from '../../test/harness/contacts.ts';
import { testMasterKey } from '../../test/harness/engine.ts';
import { eventually } from '../../test/harness/clock.ts';
import { installationScene } from '../../test/harness/installation.ts';
import type { Installation, Tenant } from '../../test/harness/installation.ts';
import { email, erase, finished, look, person, tablesWith } from '../../test/harness/erasures.ts';
import { createContacts } from '../crm/contacts/index.ts';
import { createBus } from '../db/bus.ts';
import type { Database } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { createCustomFields } from '../crm/custom-fields/index.ts';
import { createSources } from '../crm/sources/index.ts';
import { createSuppressions } from '../crm/suppressions/index.ts';
import { createVault } from '../encryption/vault.ts';
import { createRunner, roundPauseMs } from './runner.ts';

describe('the erasure job', () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));

  /** A process that runs erasures on a database that may fail. */
  function worker(
    product: Installation,
    database: Database,
  ): { errors: unknown[]; run(signal: AbortSignal): Promise<void> } {
    const { clock, tenancy } = product;
    const { ids } = tenancy;
    const errors: unknown[] = [];
    const vault = createVault(testMasterKey);
    const bus = createBus(product.db.url, clock, (error) => errors.push(error));
    const emitAll = (): never => assert.fail('no event is left to emit');
    const customFields = createCustomFields({ db: database, clock, ids, emitAll });
    const workspaces = { of: () => null };
    const sources = createSources({ db: database, clock, ids, emitAll, workspaces });
    const suppressions = createSuppressions({
      db: database,
      clock,
      ids,
      vault,
      emitAll,
      workspaces,
      contactIds: () => assert.fail(),
    });
    const companies = {
      idsByName: () => assert.fail('nobody searches'),
      idsByPartOfName: () => assert.fail('nobody searches'),
      found: () => assert.fail('nobody searches'),
      hold: () => Promise.resolve(new Map<string, string>()),
    };
    const contacts = createContacts({
      mergedInto: async () => ({}),
      db: database,
      clock,
      ids,
      emitAll,
      customFields,
      sources,
      suppressions,
      companies,
      workspaces,
    });
    const runner = createRunner({
      db: database,
      bus,
      clock,
      vault,
      emitAll,
      contacts,
      suppressions,
      onError: (error) => errors.push(error),
    });
    return { errors, run: runner.run };
  }

  const due = async (product: Installation, id: string): Promise<Date | undefined> =>
    (
      await product.db.query(sql<{ due_at: Date }>`SELECT due_at FROM erasures WHERE id = ${id} AND state = 'running'`)
    )[0]?.due_at;

  async function bigLog(me: Tenant): Promise<{ id: string; speaking: number }> {
    const { id } = await contact(me, person);
    for (let batch = 0; batch < 14; batch += 1) {
      const events = Array.from({ length: 100 }, (_, n) => ({
        event: 'own.order',
        data: n % 10 === 0 ? { to: email, called: 'Zephyrine' } : { to: 'bob@quiet.example', n },
      }));
      assert.equal((await me.api('POST', '/v1/events/batch', { events })).status, 202);
    }
    // The published events and contact.created.
    return { id, speaking: 141 };
  }

  test('if a process dies after any chunk or within the next one, another process continues the job exactly', async () => {
    const { product } = scene;
    const me = await product.tenant();
    const { id: contactId, speaking } = await bigLog(me);
    const { id } = await erase(me, contactId);
    let deaths = 0;
    while ((await look(me, id)).state === 'running') {
      assert.ok((deaths += 1) < 60, 'the job ends');
      const dueAt = await due(product, id);
      if (dueAt !== undefined && dueAt.getTime() > product.clock.now())
        await product.clock.advance(dueAt.getTime() - product.clock.now());
      const dead = new AbortController();
      let transactions = 0;
      // One chunk commits; the next one is done and then lost.
      const { errors, run } = worker(product, {
        ...product.db,
        transaction: (work) =>
          product.db.transaction(async (tx) => {
            const result = await work(tx);
            transactions += 1;
            if (transactions < 2) return result;
            dead.abort();
            throw new Error('Connection terminated');
          }),
      });
      await run(dead.signal);
      assert.equal(errors.length, 1);
    }
    assert.ok(deaths > 15, `${deaths} processes died`);
    const done = await look(me, id);
    assert.deepEqual([done['events_redacted'], done['attempts_redacted'], done['others_redacted']], [speaking, 0, 0]);
    assert.deepEqual(await tablesWith(product.db), []);
    const kept = await product.db.query(
      sql<{
        count: number;
      }>`SELECT count(*) AS count FROM events WHERE organization_id = ${me.organization.id} AND position('bob@quiet.example'::bytea IN data) > 0`,
    );
    assert.deepEqual(kept, [{ count: 1_260 }]);
  });

  test('two processes share the jobs and redact nothing twice', async () => {
    const { product } = scene;
    const me = await product.tenant();
    const people = [await bigLog(me)];
    const other = await contact(me, { email: 'second@quux-mail.example', first_name: 'Zephyrine' });
    await me.publish('own.order', { to: 'second@quux-mail.example', cc: email });
    const ids = [(await erase(me, people[0]?.id ?? '')).id, (await erase(me, other.id)).id];
    const stopping = new AbortController();
    const workers = [worker(product, product.db), worker(product, product.db)];
    const running = workers.map(({ run }) => run(stopping.signal));
    const done = await Promise.all(ids.map((id) => finished(product, me, id)));
    stopping.abort();
    await Promise.all(running);
    assert.deepEqual(
      workers.flatMap(({ errors }) => errors),
      [],
    );
    // The event about both people counts once, for the erasure that came first.
    assert.equal(
      done.reduce((sum, each) => sum + Number(each['events_redacted']), 0),
      141 + 1 + 1,
    );
    assert.deepEqual(await tablesWith(product.db), []);
  });

  test('the second round waits for deliveries in flight and for imports in progress', async () => {
    const { product } = scene;
    const me = await product.tenant();
    const { id: contactId } = await contact(me, person);
    // The first import has part of its file; the second has none, so nothing waits for it.
    const [read] = [
      await me.got('POST', '/v1/imports', { lawful_basis: 'consent' }),
      await me.got('POST', '/v1/imports', { lawful_basis: 'consent' }),
    ];
    await product.db.execute(
      sql`INSERT INTO import_chunks (import_id, position, bytes) VALUES (${String(read['id'])}, 0, ${Buffer.from('email\n')})`,
    );
    const { id } = await erase(me, contactId);
    const stopping = new AbortController();
    const { errors, run } = worker(product, product.db);
    const running = run(stopping.signal);
    const round = async (): Promise<{ round: number; stage: string } | undefined> =>
      (
        await product.db.query(
          sql<{ round: number; stage: string }>`SELECT round, stage FROM erasures WHERE id = ${id}`,
        )
      )[0];
    await eventually(async () => (await round())?.round === 2, 'the first round has finished');
    const dueAt = await due(product, id);
    assert.equal(dueAt?.getTime(), product.clock.now() + roundPauseMs);
    // Written now, as by a process that had it in memory during the first round.
    await product.db.execute(sql`
      INSERT INTO import_errors (import_id, line, email, reason, blanked) VALUES (${String(read['id'])}, 7, ${email}, 'suppressed', NULL),
        (${String(read['id'])}, 8, 'other@example.com', 'website: must be a URL', ${JSON.stringify([{ column: 'Website', value: email, reason: 'website: must be a URL' }])}::jsonb)`);
    await product.clock.advance(roundPauseMs + 60_000);
    await eventually(
      async () => ((await due(product, id))?.getTime() ?? 0) > product.clock.now(),
      'it waits for the file',
    );
    assert.deepEqual(await round(), { round: 2, stage: 'contacts' });
    await me.got('POST', `/v1/imports/${String(read['id'])}/cancel`);
    const done = await finished(product, me, id);
    assert.equal(done['others_redacted'], 2);
    stopping.abort();
    await running;
    assert.deepEqual(errors, []);
    assert.deepEqual(await tablesWith(product.db), []);
  });
});
