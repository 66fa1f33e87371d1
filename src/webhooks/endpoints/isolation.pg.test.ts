import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { makeOrganization } from '../../../test/harness/engine.ts';
import { principalOf } from '../../../test/harness/calling.ts';
import { makeWorkspace, webhookScene } from '../../../test/harness/webhooks.ts';
import type { Installation } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';
import type { Principal, Route } from '../../http/route.ts';

/** A valid body for each route that has one. */
const bodies: Readonly<Record<string, unknown>> = { 'PATCH /v1/webhooks/:id': { description: 'theirs' } };

describe('isolation of organizations and workspaces', () => {
  const scene = webhookScene({ config: { roles: ['api'] } });
  const { create } = scene;
  let here: Installation;
  let caller: Principal;
  beforeEach(() => {
    ({ here, caller } = scene);
  });

  /** Routes with a record's id in their path, and that record of the owner. */
  async function ours(owner: Principal): Promise<{ route: Route; path: string }[]> {
    const endpoint = await create({ events: ['order.paid'] }, here, owner);
    await here.events.publisher.publish({ ...owner, type: 'order.paid', data: {}, occurredAtMs: scene.clock.now() });
    const [delivery] = await here.db.query(
      sql<{ id: string }>`SELECT id FROM deliveries WHERE endpoint_id = ${endpoint.id}`,
    );
    return here.webhooks.routes
      .filter(({ path }) => path.includes(':id'))
      .map((route) => ({
        route,
        path: route.path.replace(':id', route.path.startsWith('/v1/deliveries') ? String(delivery?.id) : endpoint.id),
      }));
  }

  const call = (who: Principal, { route, path }: { route: Route; path: string }) =>
    here.call(who, route.method, path, bodies[`${route.method} ${route.path}`]);

  test('a key of another organization gets 404 on every route and changes nothing', async () => {
    const records = await ours(caller);
    assert.equal(records.length, 10);
    const stranger = principalOf(await makeOrganization(here.db, here.ids, 'stranger'));
    const before = await here.db.query(sql`SELECT * FROM endpoints`);
    for (const record of records)
      await assert.rejects(call(stranger, record), { error: 'not_found' }, `${record.route.method} ${record.path}`);
    assert.deepEqual(await here.db.query(sql`SELECT * FROM endpoints`), before);
    assert.equal(((await here.call(stranger, 'GET', '/v1/webhooks')).body as { total: number }).total, 0);
    // Each route answers the owner, deletion last, so the check above can fail.
    for (const record of records.sort(
      (a, b) => Number(a.route.method === 'DELETE') - Number(b.route.method === 'DELETE'),
    )) {
      assert.ok((await call(caller, record)).status < 300, `${record.route.method} ${record.path}`);
    }
  });

  test('a key bound to another workspace gets 404 on every route and changes nothing', async () => {
    const [mine, other] = [
      await makeWorkspace(here.db, here.ids, caller.organizationId, 'mine'),
      await makeWorkspace(here.db, here.ids, caller.organizationId, 'other'),
    ];
    const records = await ours(principalOf(caller.organizationId, mine));
    for (const record of records)
      await assert.rejects(
        call(principalOf(caller.organizationId, other), record),
        { error: 'not_found' },
        `${record.route.method} ${record.path}`,
      );
    for (const record of records.sort(
      (a, b) => Number(a.route.method === 'DELETE') - Number(b.route.method === 'DELETE'),
    )) {
      assert.ok(
        (await call(principalOf(caller.organizationId, mine), record)).status < 300,
        `${record.route.method} ${record.path}`,
      );
    }
  });

  test('a malformed id answers 404', async () => {
    for (const { route } of await ours(caller))
      await assert.rejects(call(caller, { route, path: route.path.replace(':id', 'not-an-id') }), {
        error: 'not_found',
      });
  });
});
