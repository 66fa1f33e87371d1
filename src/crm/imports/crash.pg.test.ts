import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TestClock } from '../../../test/harness/clock.ts';
import { eventsOf } from '../../../test/harness/crm.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import {
  asTimePasses,
  makeEndpoint,
  makeOrganization,
  startEngine,
  startReceiver,
  testMasterKey,
} from '../../../test/harness/engine.ts';
import type { TestEngine } from '../../../test/harness/engine.ts';
import { createContacts } from '../contacts/index.ts';
import type { Contacts } from '../contacts/index.ts';
import { createWorkspaceDirectory } from '../../auth/index.ts';
import { createBus } from '../../db/bus.ts';
import { sql } from '../../db/sql.ts';
import { wires } from '../../vendors/wires.ts';
import { createEvents } from '../../events/index.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { createCustomFields } from '../custom-fields/index.ts';
import { createSources } from '../sources/index.ts';
import { createSuppressions } from '../suppressions/index.ts';
import { createVault } from '../../encryption/vault.ts';
import { createImports } from './index.ts';
import type { Imports } from './index.ts';

const rows = 1_200;

/** One process of an installation. */
interface Process extends TestEngine {
  readonly imports: Imports;
  /** Number of started chunks. */
  chunks: number;
  /** Rows reported as written. */
  written: number;
  /** The chunk with this number never ends. */
  stuckAt: number;
  run(): void;
  end(): Promise<void>;
}

describe('a crash during an import', () => {
  let database: TestDatabase;
  let clock: TestClock;
  before(async () => {
    database = await createTestDatabase();
    clock = new TestClock();
  });
  after(() => database.drop());

  async function start(): Promise<Process> {
    const engine = await startEngine(database.url, clock);
    const { db, ids } = engine;
    const listening = new AbortController();
    const running = new AbortController();
    const bus = createBus(database.url, clock, () => {});
    const heard = bus.run(listening.signal);
    await engine.until(() => bus.connected);
    const workspaces = createWorkspaceDirectory({ db, bus, ids, clock });
    const { emit, emitAll } = createEvents({
      apiDb: db,
      publishDb: db,
      bus,
      engine: engine.engine,
      clock,
      wires,
      workspaces,
      retentionDays: 30,
    });
    const customFields = createCustomFields({ db, clock, ids, emitAll });
    const sources = createSources({ db, clock, ids, emitAll, workspaces });
    const suppressions = createSuppressions({
      db,
      clock,
      ids,
      vault: createVault(testMasterKey),
      emitAll,
      workspaces,
      contactIds: () => Promise.resolve(new Map()),
    });
    const companies = {
      idsByName: () => assert.fail('nobody searches'),
      idsByPartOfName: () => assert.fail('nobody searches'),
      found: () => assert.fail('nobody searches'),
      hold: () => Promise.resolve(new Map<string, string>()),
    };
    const contacts = createContacts({
      mergedInto: async () => ({}),
      db,
      clock,
      ids,
      emitAll,
      customFields,
      sources,
      suppressions,
      companies,
      workspaces,
    });
    let ended: Promise<void> = Promise.resolve();
    const process: Process = {
      ...engine,
      chunks: 0,
      written: 0,
      stuckAt: Infinity,
      imports: createImports({
        db,
        bus,
        clock,
        ids,
        emit,
        customFields,
        sources,
        workspaces,
        contacts: {
          upsert: async (...given: Parameters<Contacts['upsert']>) => {
            process.chunks += 1;
            const results = await contacts.upsert(...given);
            // Everything is written but not committed.
            if (process.chunks === process.stuckAt) await new Promise(() => {});
            return results;
          },
        },
        onRows: ({ rows_read: read }) => (process.written += read),
        retentionDays: 30,
        onError: () => {},
      }),
      run: () => void (ended = process.imports.run(running.signal)),
      end: async () => {
        running.abort();
        await ended;
        listening.abort();
        await heard;
      },
    };
    return process;
  }

  /** The emitted ends of imports: type, import, contacts created, error. */
  const endsOf = async ({ db }: Process, organization: OrganizationId): Promise<unknown[][]> =>
    (await eventsOf(db, organization)).flatMap(({ type, data }) =>
      type.startsWith('import.') ? [[type, data['id'], data['created'], data['error']]] : [],
    );

  test('a crash in the middle of a chunk neither loses nor repeats a row: another process continues from the last commit', async () => {
    const [first, second] = [await start(), await start()];
    const receiver = await startReceiver();
    const organizationId = await makeOrganization(first.db, first.ids);
    await makeEndpoint(first.db, first.ids, organizationId, receiver.url, { events: ['contact.created'] });
    const options = { mapping: {}, lawfulBasis: 'consent', restoreDeleted: false, dryRun: false, tags: [] } as const;
    const { id } = await first.imports.create({ organizationId }, options);
    const lines = Array.from({ length: rows }, (_, n) => (n === 700 ? 'nobody' : `person${n}@b.example`));
    first.stuckAt = 3;
    first.run();
    async function* file(): AsyncGenerator<Buffer> {
      yield Buffer.from(['email', ...lines].join('\n'));
    }
    await first.imports.upload({ organizationId }, id, file());
    await first.until(() => first.chunks === 3, 'it is in its third chunk');
    const reached = await second.imports.get({ organizationId }, id);
    assert.deepEqual([reached.state, reached.created], ['running', 500]);
    await first.crash();

    second.run();
    await asTimePasses(
      clock,
      [second],
      1_000,
      async () => (await second.imports.get({ organizationId }, id)).state === 'completed',
      'the other has ended it',
    );
    const done = await second.imports.get({ organizationId }, id);
    assert.deepEqual(
      [done.rows_read, done.created, done.updated, done.unchanged, done.rejected],
      [rows, rows - 1, 0, 0, 1],
    );
    assert.deepEqual(
      (await second.imports.errors({ organizationId }, id, { limit: 10 })).map(({ line }) => line),
      [702],
    );
    const [told] = await second.db.query(
      sql<{ contacts: number; events: number; chunks: number }>`
        SELECT (SELECT count(*) FROM contacts) AS contacts, (SELECT count(*) FROM events WHERE type = 'contact.created') AS events, (SELECT count(*) FROM import_chunks) AS chunks`,
    );
    assert.deepEqual(told, { contacts: rows - 1, events: rows - 1, chunks: 0 });
    assert.deepEqual(await endsOf(second, organizationId), [['import.completed', id, rows - 1, null]]);
    assert.equal(first.written + second.written, rows);
    const arrived = (): number =>
      new Set(receiver.arrivals.map(({ body }) => (JSON.parse(body) as { data: { email: string } }).data.email)).size;
    await second.until(async () => {
      // In small steps, and not during an attempt: leases and timeouts must not end while real sockets are in use.
      if (second.engine.figures.inFlight + second.engine.figures.unsettled === 0) await clock.advance(50);
      return arrived() === rows - 1;
    }, 'every event has arrived');
    await second.end();
    await second.stop();
    assert.equal(second.statements(), 0, 'no statement is left running');
    receiver.close();
  });

  test('an import cancelled while it runs keeps the contacts it has written and writes no more', async () => {
    const [worker, caller] = [await start(), await start()];
    const organizationId = await makeOrganization(worker.db, worker.ids, 'cancelling');
    const { id } = await caller.imports.create(
      { organizationId },
      { mapping: {}, lawfulBasis: 'consent', restoreDeleted: false, dryRun: false, tags: [] },
    );
    async function* file(): AsyncGenerator<Buffer> {
      yield Buffer.from(['email', ...Array.from({ length: rows }, (_, n) => `person${n}@c.example`)].join('\n'));
    }
    await caller.imports.upload({ organizationId }, id, file());
    worker.stuckAt = 2;
    worker.run();
    await worker.until(() => worker.chunks === 2, 'it is in its second chunk');
    // Cancelling waits for the chunk in progress, which here ends with its process.
    const cancelled = caller.imports.cancel({ organizationId }, id);
    await worker.crash();
    assert.deepEqual([(await cancelled).state, (await cancelled).created], ['cancelled', 250]);
    caller.run();
    await clock.advance(60_000);
    const [told] = await caller.db.query(sql<{ contacts: number; chunks: number }>`
      SELECT (SELECT count(*) FROM contacts WHERE organization_id = ${organizationId}) AS contacts, (SELECT count(*) FROM import_chunks) AS chunks`);
    assert.deepEqual(told, { contacts: 250, chunks: 0 });
    assert.deepEqual(await endsOf(caller, organizationId), [['import.cancelled', id, 250, null]]);
    await caller.end();
    await caller.stop();
  });

  test('an import waits after an internal error and finally fails; imports without a file for a day are cancelled, and old ones deleted', async () => {
    const faulty = await start();
    const organizationId = await makeOrganization(faulty.db, faulty.ids, 'faults');
    const editor = { organizationId };
    const options = { mapping: {}, lawfulBasis: 'consent', restoreDeleted: false, dryRun: false, tags: [] } as const;
    const { id } = await faulty.imports.create(editor, options);
    async function* file(): AsyncGenerator<Buffer> {
      yield Buffer.from('email\na@d.example\n');
    }
    await faulty.imports.upload(editor, id, file());
    await faulty.db.script('ALTER TABLE contacts RENAME TO contacts_away');
    faulty.run();
    await faulty.until(async () => {
      await clock.advance(10_000);
      return (await faulty.imports.get({ organizationId }, id)).state === 'failed';
    }, 'the import has failed');
    await faulty.db.script('ALTER TABLE contacts_away RENAME TO contacts');
    assert.match((await faulty.imports.get({ organizationId }, id)).error ?? '', /internal error occurred at line 2/);
    assert.equal(faulty.chunks, 5);
    const failed = ['import.failed', id, 0, (await faulty.imports.get({ organizationId }, id)).error];
    assert.deepEqual(await endsOf(faulty, organizationId), [failed]);

    const waiting = await faulty.imports.create(editor, options);
    await faulty.imports.expire(clock.now());
    assert.equal((await faulty.imports.get({ organizationId }, waiting.id)).state, 'uploading');
    // Advancing through all timers of a day would exceed the timeout of the test.
    await faulty.db.execute(
      sql`UPDATE imports SET created_at = created_at - interval '1 day 1 second' WHERE id = ${waiting.id}`,
    );
    await faulty.imports.expire(clock.now());
    assert.equal((await faulty.imports.get({ organizationId }, waiting.id)).state, 'cancelled');
    assert.deepEqual(await endsOf(faulty, organizationId), [
      failed,
      ['import.cancelled', waiting.id, 0, 'The file was not uploaded within a day.'],
    ]);
    await faulty.db.execute(
      sql`UPDATE imports SET finished_at = finished_at - interval '30 days 1 second' WHERE id = ${id}`,
    );
    await faulty.imports.expire(clock.now());
    await assert.rejects(faulty.imports.get({ organizationId }, id), /not found/);
    await faulty.end();
    await faulty.stop();
  });
});
