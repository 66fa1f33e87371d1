import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { eventually, TestClock } from '../../../test/harness/clock.ts';
import { upsert } from '../../../test/harness/contacts.ts';
import { eventsOf } from '../../../test/harness/crm.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import { startInstallation } from '../../../test/harness/installation.ts';
import type { Installation } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';

/** Creates contacts. @returns their ids */
async function many(caller: Caller, count: number): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, n) => ({ email: `p${n}@example.com` }));
  const ids: string[] = [];
  for (let from = 0; from < count; from += 500)
    ids.push(...(await upsert(caller, rows.slice(from, from + 500))).map(({ id }) => String(id)));
  return ids;
}

const deletion = (ids: readonly string[]) => ({ entity: 'contact', action: 'delete', select: { ids } });
const progressOf = ({ status, progress }: Fields): unknown[] => [status, progress];
const over = (caller: Caller, path: string): Promise<void> =>
  eventually(async () => (await caller.got('GET', path))['finished_at'] !== null, 'the job has finished');

describe('bulk jobs of several processes and organizations', () => {
  /** The API alone until `work` starts a process that works on jobs, after stopping the one before. */
  async function installation(run: (api: Installation, work: () => Promise<Installation>) => Promise<void>) {
    const database = await createTestDatabase();
    const shared = { databaseUrl: database.url, clock: new TestClock() };
    const api = await startInstallation({ ...shared, config: { roles: ['api'] } });
    let worker: Installation | undefined;
    try {
      await run(api, async () => {
        await worker?.stop();
        worker = undefined;
        worker = await startInstallation(shared);
        return worker;
      });
    } finally {
      await worker?.stop();
      await api.stop();
      await database.drop();
    }
  }

  test('a job goes on after a failure and a restart: nothing is done twice, and each record has one event', () =>
    installation(async (api, work) => {
      const tenant = await api.tenant();
      const ids = (await many(tenant, 700)).sort();
      const path = `/v1/bulk-jobs/${String((await tenant.got('POST', '/v1/bulk-jobs', deletion(ids)))['id'])}`;
      await api.db.script(`
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''refused''; END';
        CREATE TRIGGER refuse BEFORE UPDATE ON contacts FOR EACH ROW WHEN (NEW.id = '${ids.at(-1) ?? ''}') EXECUTE FUNCTION refuse();`);
      const first = await work();
      await eventually(() => first.errors.length > 0, 'the last piece failed');
      const half = (await tenant.got('GET', path))['progress'] as { readonly done: number };
      assert.ok(half.done > 0 && half.done < 700, JSON.stringify(half));
      await api.db.script('DROP TRIGGER refuse ON contacts; DROP FUNCTION refuse()');
      await api.clock.leap(600_000);
      await work();
      await over(tenant, path);
      const finished = progressOf(await tenant.got('GET', path));
      assert.deepEqual(finished, ['completed', { done: 700, total: 700, failed: 0 }]);
      const deleted = (await eventsOf(api.db, tenant.organization.id)).filter(({ type }) => type === 'contact.deleted');
      const named = deleted.map(({ data }) => String((data as Fields)['id'])).toSorted((a, b) => (a < b ? -1 : 1));
      assert.deepEqual(named, ids);
    }));

  test('a small job does not wait for the large one of another organization', () =>
    installation(async (api, work) => {
      const [large, small] = [await api.tenant(), await api.tenant()];
      await large.got('POST', '/v1/bulk-jobs', deletion(await many(large, 2_000)));
      await api.clock.leap(1_000);
      const { id } = await small.got('POST', '/v1/bulk-jobs', deletion(await many(small, 1)));
      await api.clock.leap(1_000);
      await work();
      await over(small, `/v1/bulk-jobs/${String(id)}`);
      // The clock stands still, so only the first turn of each job tells them apart.
      const [row] = await api.db.query(sql<{ before: number; own: number }>`
        SELECT count(*) FILTER (WHERE type = 'contact.deleted') AS before, (SELECT count(*) FROM events WHERE organization_id = ${small.organization.id} AND type = 'contact.deleted') AS own
        FROM events WHERE organization_id = ${large.organization.id}
          AND id < (SELECT id FROM events WHERE organization_id = ${small.organization.id} AND type = 'contact.deleted')`);
      assert.equal(row?.own, 1);
      assert.ok(row.before <= 800, `${row.before} of 2,000 were deleted first`);
    }));
});
