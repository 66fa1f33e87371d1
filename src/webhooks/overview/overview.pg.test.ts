import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { assertRefused, uuid } from '../../../test/harness/edge-routes.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import { minuteMs } from '../../base/clock.ts';
import { sql } from '../../db/sql.ts';
import { searchedEndpointsMax } from '../deliveries/index.ts';

interface Overview extends Fields {
  readonly queue: { readonly pending: number; readonly held: number; readonly oldest_due_at: string | null };
  readonly attention: readonly Fields[];
}

describe('the overview', () => {
  const scene = installationScene();
  const overview = async (caller: Caller, query = ''): Promise<Overview> =>
    (await caller.got('GET', `/v1/overview${query}`)) as Overview;

  test('counts what happens now and names the endpoints that need attention, the most urgent first', async () => {
    const { product, clock } = scene;
    const receiver = await scene.receive(({ path }, response) => response.writeHead(path === '/bad' ? 500 : 200).end());
    const mine = await product.tenant();
    assert.deepEqual(await overview(mine), {
      last_5_minutes: { events: 0, deliveries: 0 },
      queue: { pending: 0, held: 0, oldest_due_at: null },
      endpoints: { total: 0, enabled: 0 },
      attention: [],
    });
    const workspace = await mine.workspace('Acme');
    const bound = await mine.withKey({ workspaceId: workspace });
    const good = await mine.register(`${receiver.url}/good`);
    const bad = await mine.register(`${receiver.url}/bad`, { retry_schedule_seconds: [3_600] });
    const paused = await bound.register(`${receiver.url}/paused`);
    await mine.publish('order.paid');
    await product.until(async () => (await mine.deliveries(good))[0]?.status === 'delivered', 'delivered');
    await product.until(async () => (await mine.deliveries(bad))[0]?.attempt_count === 1, 'attempted');
    await bound.got('PATCH', `/v1/webhooks/${paused.id}`, { is_active: false });
    await bound.publish('order.paid');
    // Failures in a row are written with the statistics, every five seconds.
    await product.until(async () => {
      await clock.advance(5_000);
      const { attention } = await overview(mine);
      return attention.length === 2 && attention[0]?.['consecutive_failures'] === 2;
    }, 'both need attention');
    const all = await overview(mine);
    const [failing, off] = all.attention;
    const due = (await mine.deliveries(bad)).find(({ next_attempt_at: at }) => at !== null)?.next_attempt_at;
    assert.deepEqual(all['endpoints'], { total: 3, enabled: 2 });
    assert.deepEqual(all['last_5_minutes'], { events: 2, deliveries: 5 });
    assert.deepEqual([failing?.['id'], failing?.['consecutive_failures']], [bad.id, 2]);
    assert.match(String(failing?.['last_error']), /500/);
    assert.deepEqual([off?.['id'], off?.['is_active'], off?.['disabled_reason']], [paused.id, false, 'manual']);
    assert.deepEqual([all.queue.pending, all.queue.held], [2, 1]);
    assert.ok(due !== undefined && due !== null && (all.queue.oldest_due_at ?? '') <= due);

    for (const inside of [await overview(bound), await overview(mine, `?workspace_id=${workspace}`)]) {
      assert.deepEqual(inside['endpoints'], { total: 1, enabled: 0 });
      assert.deepEqual(inside.queue, { pending: 0, held: 1, oldest_due_at: null });
      assert.deepEqual(inside['last_5_minutes'], { events: 1, deliveries: 1 });
    }
    const stranger = await overview(await product.tenant());
    assert.deepEqual([stranger['endpoints'], stranger.attention], [{ total: 0, enabled: 0 }, []]);
    await clock.leap(6 * minuteMs);
    assert.deepEqual((await overview(mine))['last_5_minutes'], { events: 0, deliveries: 0 });
  });

  test('more endpoints than one call reads are asked for by workspace', async () => {
    const { product } = scene;
    const mine = await product.tenant();
    const { id } = await mine.register('https://receiver.test/');
    await product.db.execute(sql`
      INSERT INTO endpoints SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'number', e.number + n))).*
      FROM endpoints e, generate_series(1, ${searchedEndpointsMax}::int) AS n WHERE e.id = ${id}`);
    const refused = await mine.api('GET', '/v1/overview');
    assertRefused(refused, 422, 'validation_failed');
    assert.match(refused.text, /more than 1,000 endpoints/);
    assert.deepEqual((await overview(mine, `?workspace_id=${uuid}`))['endpoints'], { total: 0, enabled: 0 });
  });
});
