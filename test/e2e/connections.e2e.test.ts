import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import pg from 'pg';
import { sql } from '../../src/db/sql.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';

/** Which pool a call uses: with a table locked, PostgreSQL shows the application name of the waiting connection. */
describe('connections', () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));

  async function waiterFor(table: string, call: () => Promise<unknown>): Promise<string> {
    const { db } = scene.product;
    const blocker = new pg.Client({ connectionString: db.url });
    await blocker.connect();
    try {
      await blocker.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      const answered = call();
      let name: string | undefined;
      await eventually(async () => {
        const [row] = await db.query(sql<{ name: string }>`
          SELECT application_name AS name FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid() LIMIT 1`);
        name = row?.name;
        return name !== undefined;
      }, `something waits for ${table}`);
      await blocker.query('ROLLBACK');
      await answered;
      return name ?? assert.fail();
    } finally {
      await blocker.end();
    }
  }

  test("lists, counts and metrics never take the engine's connections; a publish uses them", async () => {
    const tenant = await scene.product.tenant();
    await tenant.got('POST', '/v1/event-types', { name: 'order.paid', schema: { type: 'object' } });
    const published = await tenant.api('POST', '/v1/events', { event: 'order.paid', data: {} });
    const { id } = published.json.data as { id: string };
    const { id: endpoint } = await tenant.register('http://127.0.0.1:9/');
    const lists: readonly [table: string, path: string][] = [
      ['events', '/v1/events'],
      ['events', '/v1/events?event=order.*'],
      ['events', `/v1/events/${id}`],
      ['event_types', '/v1/event-types'],
      ['delivery_log', `/v1/webhooks/${endpoint}/deliveries`],
      ['endpoint_stats', `/v1/webhooks/${endpoint}/stats`],
      ['delivery_queue', '/metrics'],
      ['imports', '/metrics'],
      ['erasures', '/metrics'],
    ];
    for (const [table, path] of lists) {
      // A scrape belongs to no organization.
      const expected = path === '/metrics' ? 'outrider background' : 'outrider';
      assert.equal(await waiterFor(table, () => tenant.api('GET', path)), expected, `GET ${path} waits for ${table}`);
    }
    const publish = (): Promise<unknown> => tenant.api('POST', '/v1/events', { event: 'order.paid', data: {} });
    assert.equal(await waiterFor('events', publish), 'outrider engine');
  });
});
