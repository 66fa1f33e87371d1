import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contact } from '../../../test/harness/contacts.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';

describe('sources', () => {
  // Without the engine, nothing changes between requests.
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));

  test('deleting an unused source locks its deleted contacts in the order of upserts, so the two never deadlock', async () => {
    const { db } = scene.product;
    const me = await scene.product.tenant();
    const { id: source } = await me.got('POST', '/v1/sources', { name: 'Trade fair' });
    // The contact that is first by address is the newer one.
    const last = await contact(me, { email: 'z@example.com', source_id: source });
    const first = await contact(me, { email: 'a@example.com', source_id: source });
    const refused = await me.api('DELETE', `/v1/sources/${String(source)}`);
    assert.deepEqual([refused.status, refused.json.error?.code], [409, 'conflict'], 'contacts have it');
    for (const { id } of [last, first]) assert.equal((await me.api('DELETE', `/v1/contacts/${id}`)).status, 204);
    const lock = (id: string) => sql`SELECT FROM contacts WHERE id = ${id} FOR UPDATE`;
    const deleted = await db.transaction(async (tx) => {
      await tx.query(lock(first.id));
      const deletion = me.api('DELETE', `/v1/sources/${String(source)}`);
      await eventually(
        async () =>
          (
            await db.query(
              sql`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
            )
          ).length === 1,
        'the deletion waits',
      );
      await tx.query(lock(last.id));
      return { deletion };
    });
    assert.equal((await deleted.deletion).status, 204);
    assert.equal((await me.got('POST', `/v1/contacts/${first.id}/restore`))['source_id'], null);
  });
});
