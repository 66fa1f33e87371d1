import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { principalOf, refused } from '../../../test/harness/calling.ts';
import { databaseScene } from '../../../test/harness/database.ts';
import { makeOrganization, setActive } from '../../../test/harness/engine.ts';
import { counting } from '../../../test/harness/pages-read.ts';
import {
  begin,
  call,
  fresh,
  install,
  look,
  past,
  publish,
  queueOf,
  untilState,
} from '../../../test/harness/replays.ts';
import type { Installation } from '../../../test/harness/replays.ts';
import { idAt } from '../../base/ids.ts';
import type { EndpointId, WorkspaceId } from '../../base/ids.ts';
import { sql } from '../../db/sql.ts';
import { preview } from './preview.ts';
import { countCandidates } from './queries.ts';
import type { Range } from './replay.ts';

describe('previews of replays', { timeout: 120_000 }, () => {
  const scene = databaseScene();

  const previewed = async (
    installation: Installation,
    endpoint: EndpointId,
    body: Record<string, unknown> = {},
  ): Promise<unknown> =>
    (
      (
        await call(installation, 'POST', '/v1/replays/preview', {
          body: { endpoint_id: endpoint, since: new Date(installation.clock.now() - 3_600_000).toISOString(), ...body },
        })
      ).body as { data: unknown }
    ).data;

  const rangeOf = ({ organizationId, clock }: Installation, endpoint: EndpointId, status: Range['status']): Range => ({
    organization_id: organizationId,
    endpoint_id: endpoint,
    status,
    event_types: null,
    since: new Date(clock.now() - 3_600_000),
    until: new Date(clock.now()),
    position: idAt(clock.now() - 3_600_000),
  });

  test('a preview counts what the replay then queues, and queues nothing itself', async () => {
    const installation = await install(scene, { delivers: false });
    const endpoint = await fresh(installation, { events: ['order.*', 'contact.*'] });
    await past(installation, endpoint, 7, 'failed');
    await past(installation, endpoint, 4, 'failed', 'contact.created');
    await past(installation, endpoint, 5, 'delivered');
    // Past the retention, and erased.
    await installation.db.execute(sql`DELETE FROM events WHERE id IN (SELECT id FROM events ORDER BY id LIMIT 1)`);
    await installation.db.execute(
      sql`UPDATE events SET erased_at = now() WHERE id IN (SELECT id FROM events ORDER BY id DESC LIMIT 1)`,
    );
    const requests: readonly (readonly [number, Record<string, unknown>])[] = [
      [4, { status: 'delivered' }],
      [6, { status: 'failed', event_types: ['order.*'] }],
      [4, { status: 'failed' }],
      [14, { status: 'all' }],
    ];
    installation.run();
    for (const [deliveries, request] of requests) {
      const before = (await queueOf(installation, endpoint)).length;
      assert.deepEqual(await previewed(installation, endpoint, request), { deliveries, is_complete: true });
      assert.equal((await queueOf(installation, endpoint)).length, before);
      const { id } = await begin(installation, endpoint, request);
      await untilState(installation, id, 'completed');
      assert.equal((await look(installation, id)).progress.replayed, deliveries, JSON.stringify(request));
    }
  });

  test('a preview of `all` applies the filter of the endpoint, and reads a limited number of events for it', async () => {
    const installation = await install(scene, { delivers: false });
    const endpoint = await fresh(installation, { events: ['order.*'] });
    await installation.db.execute(sql`UPDATE endpoints SET filter = '{"tier":"gold"}' WHERE id = ${endpoint}`);
    await publish(installation, 120, 'order.paid', (n) => ({ tier: n % 3 === 0 ? 'gold' : 'tin' }));
    await publish(installation, 10, 'contact.created', () => ({ tier: 'gold' }));
    await installation.clock.advance(1_000);
    assert.deepEqual(await previewed(installation, endpoint, { status: 'all' }), { deliveries: 40, is_complete: true });
    await publish(installation, 1_000, 'contact.created', () => ({ tier: 'gold' }));
    await installation.clock.advance(1_000);
    assert.deepEqual(await previewed(installation, endpoint, { status: 'all' }), {
      deliveries: 40,
      is_complete: false,
    });
  });

  test('a preview counts up to a limit; what it reads does not grow with the log', async () => {
    const installation = await install(scene, { delivers: false });
    const { db, clock, organizationId, subscriptions } = installation;
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 30, 'failed');
    const loaded = subscriptions.get(endpoint) ?? assert.fail('the endpoint is not loaded');
    for (const status of ['failed', 'all'] as const) {
      const range = rangeOf(installation, endpoint, status);
      assert.deepEqual(await preview(db, range, loaded, clock.now(), 30), { deliveries: 30, is_complete: false });
      assert.deepEqual(await preview(db, range, loaded, clock.now(), 31), { deliveries: 30, is_complete: true });
    }
    const start = clock.now() - 3_000_000;
    await db.script(`
      INSERT INTO events (organization_id, id, type, data, occurred_at, created_at)
      SELECT '${organizationId}', (lpad(to_hex(${start} + n), 12, '0') || '70008000000000000000')::uuid, 'order.paid', '{}', now(), now() FROM generate_series(1, 30000) n;
      INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at)
      SELECT '${endpoint}', (lpad(to_hex(${start} + n), 12, '0') || '70008000000000000001')::uuid, '${organizationId}', (lpad(to_hex(${start} + n), 12, '0') || '70008000000000000000')::uuid,
        'order.paid', 'event', 'failed', 1, now(), now() FROM generate_series(1, 30000) n;
      ANALYZE events, delivery_log;`);
    for (const [status, most] of [
      ['failed', 800],
      ['all', 80],
    ] as const) {
      const read = counting(db);
      await countCandidates(read.db, rangeOf(installation, endpoint, status), clock.now(), 100);
      assert.ok(read.pages() <= most, `${status}: ${read.pages()} pages`);
    }
  });

  test('a disabled endpoint is counted; an empty range, and endpoints of others are refused', async () => {
    const installation = await install(scene, { delivers: false });
    const { clock, db, ids, organizationId } = installation;
    const endpoint = await fresh(installation);
    await past(installation, endpoint, 2, 'failed');
    await setActive(db, endpoint, false);
    assert.deepEqual(await previewed(installation, endpoint), { deliveries: 2, is_complete: true });
    const now = new Date(clock.now()).toISOString();
    await assert.rejects(() => previewed(installation, endpoint, { since: now }), refused('validation_failed', /past/));
    const other = await makeOrganization(db, ids, 'other');
    for (const principal of [principalOf(other), principalOf(organizationId, ids.next<WorkspaceId>())])
      await assert.rejects(
        () =>
          call(installation, 'POST', '/v1/replays/preview', {
            body: { endpoint_id: endpoint, since: '2026-01-01T00:00:00Z' },
            principal,
          }),
        refused('not_found', /Endpoint/),
      );
  });
});
