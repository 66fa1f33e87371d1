import { randomUUID } from 'node:crypto';
import { after, afterEach, before } from 'node:test';
import { administer, databaseUrl, startTestPostgres, template, urlVariable } from './postgres.ts';
import type { TestPostgres } from './postgres.ts';

export interface TestDatabase {
  readonly url: string;
  /** Cuts whoever is still connected. */
  drop(): Promise<void>;
}

/** Of a test file that runs alone, without the run's global setup: started with the first database, stopped with the last. */
let ownServer: Promise<TestPostgres> | undefined;
let databases = 0;

/** A migrated, empty database of its own, cloned from the template. Call `drop` in `after`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  databases += 1;
  const server = process.env[urlVariable] ?? (await (ownServer ??= startTestPostgres())).url;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  return {
    url: databaseUrl(server, name),
    drop: async () => {
      await administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      databases -= 1;
      if (databases > 0 || ownServer === undefined) return;
      const stopped = ownServer;
      ownServer = undefined;
      await (await stopped).stop();
    },
  };
}

export interface DatabaseScene {
  readonly url: string;
  /** To be done after this test, the last first. */
  finally(end: () => Promise<void> | void): void;
}

/** To be called within `describe`: each test has its own database, so that what one leaves behind is not another's work. */
export function databaseScene(): DatabaseScene {
  let database: TestDatabase;
  const ends: (() => Promise<void> | void)[] = [];
  before(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    // The next one first: with the last one an embedded server would stop.
    const used = database;
    database = await createTestDatabase();
    await used.drop();
  });
  after(() => database.drop());
  return {
    get url() {
      return database.url;
    },
    finally: (end) => void ends.push(end),
  };
}
