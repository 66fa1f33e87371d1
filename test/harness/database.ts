import { randomUUID } from 'node:crypto';
import { after, afterEach, before } from 'node:test';
import { administer, databaseUrl, startTestPostgres, template, urlVariable } from './postgres.ts';
import type { TestPostgres } from './postgres.ts';

export interface TestDatabase {
  readonly url: string;
  /** Closes remaining connections. */
  drop(): Promise<void>;
}

/** The server of a test file that runs without the global setup: starts with the first database, stops with the last. */
let ownServer: Promise<TestPostgres> | undefined;
let databases = 0;

/** Creates a migrated, empty database, cloned from the template. Call `drop` in `after`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  databases += 1;
  const server = process.env[urlVariable] ?? (await (ownServer ??= startTestPostgres())).url;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  // Copied as files: a third of the processor time of a copy through the log, which is the default.
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
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
  /** Registers work for the end of the test; the last registered is done first. */
  finally(end: () => Promise<void> | void): void;
}

/** Call it inside `describe`: each test has its own database, so leftovers of one test do not become work of another. */
export function databaseScene(): DatabaseScene {
  let database: TestDatabase;
  const ends: (() => Promise<void> | void)[] = [];
  before(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    // Create the next one first: an embedded server stops with its last database.
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
