import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { eventually, TestClock } from '../../../test/harness/clock.ts';
import { startCrm } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { parseAddress } from '../../base/email-address.ts';
import { connect } from '../../db/pool.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import { lockActivityToChange } from '../activities/queries.ts';
import { lockProjectToChange } from '../projects/queries.ts';
import type { Editor } from '../records/index.ts';
import type { ContactFields } from './contact.ts';
import type { UpsertTerms } from './upsert.ts';

/** Deadlock detection is off here: statements in a deadlock fail with 55P03 after the lock timeout. */
describe('concurrent writers of the same contacts never deadlock', () => {
  let database: TestDatabase;
  let db: Database;
  let crm: CrmInstallation;
  let me: Editor;

  before(async () => {
    database = await createTestDatabase();
    db = connect(database.url);
    await db.script(`DO $$ BEGIN
      EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''1h''', current_database());
      EXECUTE format('ALTER DATABASE %I SET lock_timeout = ''20s''', current_database());
    END $$`);
    crm = await startCrm(database.url, new TestClock());
  });
  after(async () => {
    await crm.stop();
    await db.close();
    await database.drop();
  });
  beforeEach(async () => {
    me = await crm.editor();
  });

  const addressOf = (email: string) => {
    const address = parseAddress(email);
    return 'problem' in address ? assert.fail(address.problem) : address;
  };
  const upsert = (emails: readonly string[], terms?: UpsertTerms, fields: ContactFields = { job_title: 'Countess' }) =>
    crm.contacts.upsertAll(
      me,
      emails.map((email) => ({ address: addressOf(email), fields })),
      terms,
    );
  const make = async (email: string, fields: ContactFields = {}): Promise<string> =>
    (await crm.contacts.create(me, { email, ...fields })).id;

  const waiting = async (): Promise<number> =>
    (
      await db.query(
        sql`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
    ).length;

  /** Holds rows until it is released, in a transaction of its own. */
  async function hold(statement: string): Promise<() => Promise<void>> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const done = db.transaction(async (tx) => {
      await tx.query({ name: '', text: statement, values: [] });
      held.resolve();
      await promise;
    });
    await held.promise;
    return async () => {
      resolve();
      await done;
    };
  }
  const holdContact = (id: string) => hold(`SELECT FROM contacts WHERE id = '${id}' FOR UPDATE`);

  /** Starts work that will wait for a lock. */
  async function begun<T>(start: () => Promise<T>): Promise<{ readonly work: Promise<T> }> {
    const before = await waiting();
    const work = start();
    work.catch(() => {});
    await eventually(async () => (await waiting()) > before, 'it waits for a lock');
    return { work };
  }

  test('an upsert whose contact is deleted between its two steps, and an upsert that inserts the same address', async () => {
    const a = await make('a@example.com');
    const b = await make('b@example.com');
    const release = await holdContact(a);
    const first = await begun(() => upsert(['a@example.com', 'b@example.com']));
    await crm.contacts.remove(me, b);
    const second = await begun(() => upsert(['a@example.com', 'b@example.com']));
    await release();
    for (const { work } of [first, second]) assert.equal((await work).length, 2);
  });

  test('an upsert, and contacts being added to a project', async () => {
    const z = await make('z@example.com');
    const a = await make('a@example.com');
    const project = await crm.projects.create(me, { name: 'Rollout' });
    const [releaseA, releaseZ] = [await holdContact(a), await holdContact(z)];
    const written = await begun(() => upsert(['a@example.com', 'z@example.com']));
    const added = await begun(() => crm.projects.addContacts(me, project.id, [z, a]));
    await releaseA();
    await releaseZ();
    assert.deepEqual(
      [(await written.work).map(({ status }) => status), (await added.work).added],
      [['updated', 'updated'], 2],
    );
  });

  test('an upsert that restores a contact, and a request that restores it', async () => {
    const d = await make('d@example.com');
    await crm.contacts.remove(me, d);
    const release = await holdContact(d);
    const restored = await begun(() => crm.contacts.restore(me, d));
    const written = await begun(() => upsert(['d@example.com'], { restoreDeleted: true }));
    await release();
    assert.deepEqual([(await restored.work).id, await written.work], [d, [{ status: 'updated', id: d }]]);
  });

  test('an upsert that inserts an address, and a change of another contact to that address', async () => {
    const b = await make('b@example.com');
    const release = await holdContact(b);
    const moved = await begun(() => crm.contacts.update(me, b, {}, { email: 'a@example.com' }));
    const written = await begun(() => upsert(['a@example.com', 'b@example.com']));
    await release();
    assert.equal((await moved.work).email, 'a@example.com');
    assert.deepEqual(
      (await written.work).map(({ status }) => status),
      ['updated', 'created'],
    );
  });

  test('an upsert that restores contacts, and the deletion of their company', async () => {
    const { id: company } = await crm.companies.create(me, { name: 'Engines' });
    const z = await make('z@example.com', { company_id: company });
    const a = await make('a@example.com', { company_id: company });
    for (const id of [z, a]) await crm.contacts.remove(me, id);
    const [releaseA, releaseZ] = [await holdContact(a), await holdContact(z)];
    const written = await begun(() => upsert(['a@example.com', 'z@example.com'], { restoreDeleted: true }));
    const removed = await begun(() => crm.companies.remove(me, company));
    await releaseA();
    await releaseZ();
    await Promise.all([written.work, removed.work]);
    for (const id of [a, z])
      assert.equal((await crm.contacts.get({ organizationId: me.organizationId }, id)).company_id, null);
  });

  test('a chunk of an import, and the deletion of its source', async () => {
    const { id: source } = await crm.sources.create(me, 'Trade fair');
    await db.execute(sql`
      INSERT INTO imports (id, organization_id, mapping, lawful_basis, restore_deleted, dry_run, source_id, tags, state, bytes, position, line, rows_read, created, updated,
        unchanged, restored, suppressed, rejected, faults, due_at, created_at)
      VALUES (gen_random_uuid(), ${me.organizationId}, '{}', 'consent', false, false, ${source}, '{}', 'running', 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, now(), now())`);
    const removed = await db.transaction(async (tx) => {
      await tx.query(sql`SELECT FROM imports WHERE source_id = ${source} FOR UPDATE`);
      const removal = await begun(() => crm.sources.remove(me, source));
      await crm.sources.known(tx, { organizationId: me.organizationId, workspaceId: null }, [source]);
      return removal;
    });
    await removed.work;
  });

  for (const [kind, make] of [
    [
      'contact',
      async (company_id: string) => {
        const { id } = await crm.contacts.create(me, { email: 'c@example.com', company_id });
        return (tx: Transaction) => crm.contacts.lock(tx, me, id);
      },
    ],
    [
      'project',
      async (company_id: string) => {
        const { id } = await crm.projects.create(me, { name: 'Rollout', company_id });
        return (tx: Transaction) => lockProjectToChange(tx, me, id);
      },
    ],
    [
      'activity',
      async (company_id: string) => {
        const { id } = await crm.activities.create(me, {
          activity_type: 'call',
          company_id,
          metadata: { outcome: 'connected' },
        });
        return (tx: Transaction) => lockActivityToChange(tx, me, id);
      },
    ],
  ] as const)
    test(`a conditional change of a company's ${kind} that names the company, and the deletion of the company`, async () => {
      const { id: company } = await crm.companies.create(me, { name: 'Engines' });
      const lock = await make(company);
      const removed = await db.transaction(async (tx) => {
        await lock(tx);
        const removal = await begun(() => crm.companies.remove(me, company));
        const held = await crm.companies.hold(tx, { organizationId: me.organizationId, workspaceId: null }, [company]);
        assert.equal(held.size, 1);
        return removal;
      });
      await removed.work;
    });
});
