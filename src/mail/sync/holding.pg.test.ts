import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually, TestClock } from '../../../test/harness/clock.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { makeMailbox } from '../../../test/harness/imap-scene.ts';
import { startCrm } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { testMasterKey } from '../../../test/harness/engine.ts';
import { createBus } from '../../db/bus.ts';
import { createHolder } from '../../db/holder.ts';
import { sql } from '../../db/sql.ts';
import { aborted } from '../../base/sleep.ts';
import { createVault } from '../../encryption/vault.ts';
import { createHolding } from './holding.ts';

describe('mailboxes among processes', () => {
  const clock = new TestClock();
  let database: TestDatabase;
  let crm: CrmInstallation;
  before(async () => {
    database = await createTestDatabase();
    crm = await startCrm(database.url, clock);
    const { organizationId } = await crm.editor();
    const scene = { db: crm.db, ids: crm.ids, vault: createVault(testMasterKey), clock };
    for (let index = 0; index < 6; index += 1) {
      const { id } = await makeMailbox(scene, { organizationId, email: `m${index}@lovelace.example` });
      await crm.db.execute(
        sql`INSERT INTO mailbox_sync (mailbox_id, organization_id, due_at) VALUES (${id}, ${organizationId}, ${new Date(0)})`,
      );
    }
  });
  after(async () => {
    await crm.stop();
    await database.drop();
  });

  let processes = 1;
  /** A process whose readings last until they are stopped. */
  function start() {
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    const bus = createBus(database.url, clock, onError);
    const holder = createHolder({ db: crm.db, bus, clock, takes: true, onError });
    const reading = new Set<string>();
    const holding = createHolding({
      db: crm.db,
      bus,
      clock,
      holder,
      processes: () => processes,
      async read({ mailbox_id: id }, signal) {
        reading.add(id);
        await aborted(signal);
        reading.delete(id);
        return clock.now();
      },
      onError,
    });
    const stopping = new AbortController();
    const ended = new AbortController();
    const support = [bus.run(ended.signal), holder.run(ended.signal)];
    const work = holding.run(stopping.signal);
    return {
      reading,
      errors,
      /** Ends as a killed process does: its lock is gone, and its rows still name it. */
      async kill() {
        ended.abort();
        await Promise.all(support);
      },
      async stop() {
        stopping.abort();
        await work;
        ended.abort();
        await Promise.all(support);
      },
    };
  }
  const passUntil = (condition: () => boolean, what: string): Promise<void> =>
    eventually(async () => {
      if (!condition()) await clock.advance(100);
      return condition();
    }, what);

  test('are shared out evenly, taken over from a dead process, and given back', async () => {
    const first = start();
    await passUntil(() => first.reading.size === 6, 'one process reads all');
    processes = 2;
    const second = start();
    await passUntil(() => first.reading.size === 3 && second.reading.size === 3, 'each reads its half');
    assert.ok(new Set([...first.reading, ...second.reading]).size === 6, 'no mailbox is read twice');
    processes = 1;
    await second.kill();
    await passUntil(() => first.reading.size === 6, 'the mailboxes of the dead process are read');
    await first.stop();
    const held = await crm.db.query(
      sql<{ id: string }>`SELECT mailbox_id AS id FROM mailbox_sync WHERE holder IS NOT NULL`,
    );
    assert.deepEqual([held, first.errors], [[], []]);
    await second.stop();
  });
});
