import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setPlan } from '../../src/auth/index.ts';
import type { Plan } from '../../src/auth/index.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { clientOf } from './client.ts';
import type { Client } from './client.ts';
import type { Dialect } from './dialect.ts';
import { concurrentRequests } from './requests.ts';

/** Requests a minute on the plan `free`, which does not include the API: each is counted and refused. */
const freePerMinute = 60;
const noCeiling = 2_147_483_647;

export function quotas(dialect: Dialect): void {
  const { api } = dialect;

  describe('quotas', () => {
    const scene = installationScene();

    /** Creates an organization and clients for two of its keys. */
    async function twoKeys(plan: Plan): Promise<{ tenant: Tenant; clients: readonly [Client, Client] }> {
      const tenant = await scene.product.tenant({ plan });
      const clients = await Promise.all(
        [tenant.withKey({}), tenant.withKey({})].map(async (key) =>
          clientOf(dialect, scene.product.db, tenant, await key),
        ),
      );
      return { tenant, clients: [clients[0] ?? assert.fail(), clients[1] ?? assert.fail()] };
    }

    /** Sends `count` requests. Returns the number of answers by status. */
    async function spend(clients: readonly Client[], count: number): Promise<Record<number, number>> {
      const statuses: Record<number, number> = {};
      for (let made = 0; made < count; made += concurrentRequests) {
        const callers = Array.from(
          { length: Math.min(concurrentRequests, count - made) },
          (_, index) => clients[(made + index) % clients.length] ?? assert.fail(),
        );
        for (const { status } of await Promise.all(callers.map((client) => client.call(api.list))))
          statuses[status] = (statuses[status] ?? 0) + 1;
      }
      return statuses;
    }

    async function assertRefused(client: Client, limit: number, windowMs: number): Promise<void> {
      await client.refused(api.list, 'too many requests', 'over the quota');
      const { headers } = await client.call(api.list);
      const resetAt = Number(headers.get('x-ratelimit-reset')) * 1_000;
      assert.deepEqual([headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')], [String(limit), '0']);
      assert.equal(resetAt % windowMs, 0);
      assert.ok(resetAt > scene.clock.now() && resetAt <= scene.clock.now() + windowMs);
      assert.equal(headers.get('retry-after'), String(Math.ceil((resetAt - scene.clock.now()) / 1_000)));
      await scene.clock.advance(resetAt - scene.clock.now());
      assert.notEqual((await client.call(api.list)).status, 429, 'the quota is restored in the next window');
    }

    const { limit = noCeiling, windowMs = 60_000 } = api.quota ?? {};

    test('every answer shows the quota and what remains of it', async () => {
      const { clients } = await twoKeys('unlimited');
      const left: number[] = [];
      for (const request of [api.list, api.create({}), api.remove(api.unknownId), api.list]) {
        const { headers } = await clients[0].call(request);
        assert.equal(headers.get('x-ratelimit-limit'), String(limit));
        left.push(Number(headers.get('x-ratelimit-remaining')));
      }
      assert.deepEqual(
        left,
        api.quota === undefined ? left.map(() => noCeiling) : left.map((_, index) => limit - index - 1),
      );
    });

    test('each key has its own quota', { skip: api.quota === undefined }, async () => {
      const { clients } = await twoKeys('unlimited');
      assert.deepEqual(await spend([clients[0]], limit), { 200: limit });
      assert.equal((await clients[1].call(api.list)).status, 200, 'the other key has a quota of its own');
      await assertRefused(clients[0], limit, windowMs);
    });

    test("the plan's quota applies to all keys together", async () => {
      const { tenant, clients } = await twoKeys('growth');
      await setPlan(scene.product.tenancy, tenant.organization.slug, 'free');
      await eventually(async () => (await clients[0].call(api.list)).status !== 200, 'the plan is known');
      // The next window, with the whole quota.
      await scene.clock.advance(60_000 - (scene.clock.now() % 60_000));
      const { status } = api.refusals['no plan'];
      assert.deepEqual(await spend(clients, freePerMinute), { [status]: freePerMinute });
      await clients[1].refused(api.list, 'too many requests', 'the other key');
      await assertRefused(clients[0], freePerMinute, 60_000);
    });
  });
}
