/** A server with a wrong clock and a database with a right one. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect, type Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import { createTestDatabase, type TestDatabase } from '../harness/database.ts';
import { makeFolder, start, urlOf } from '../harness/outrider.ts';

const key = 'otr_live_chosen_by_the_operator_000000';
const skewedClock = new URL('../chaos/skewed-clock.ts', import.meta.url).href;

describe('a server whose clock is an hour wrong', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let database: TestDatabase;
  let db: Database;

  before(async () => {
    folder = await makeFolder();
    database = await createTestDatabase();
    db = connect(database.url, { max: 1 });
  });
  after(async () => {
    await db.close();
    await database.drop();
    await folder.remove();
  });

  for (const skewMs of [3_600_000, -3_600_000]) {
    for (const processes of ['1', '2']) {
      test(`D7a: timestamps follow the database's clock from the start (${skewMs} ms, processes: ${processes})`, async () => {
        const server = start(
          {
            OUTRIDER_DATA_DIR: join(folder.path, 'data'),
            DATABASE_URL: database.url,
            OUTRIDER_PORT: '0',
            OUTRIDER_BOOTSTRAP_KEY: key,
            NODE_OPTIONS: `--import=${skewedClock}`,
            CHAOS_SKEW_MS: String(skewMs),
          },
          'serve',
          '--processes',
          processes,
        );
        try {
          const url = await urlOf(server);
          const response = await fetch(`${url}/v1/events`, {
            method: 'POST',
            headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
            body: JSON.stringify({ event: 'order.paid', data: {} }),
          });
          assert.equal(response.status, 202);
          const [event] = await db.query(sql<{ off: number }>`
            SELECT abs(extract(epoch FROM created_at - clock_timestamp()))::float8 AS off FROM events WHERE type = 'order.paid' ORDER BY id DESC LIMIT 1`);
          assert.ok(event !== undefined && event.off < 1_800, `${event?.off} s`);
        } finally {
          await server.kill('SIGKILL');
        }
      });
    }
  }
});
