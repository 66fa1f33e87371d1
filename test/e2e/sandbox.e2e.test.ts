import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Caller, Fields } from '../harness/caller.ts';
import { callerOf } from '../harness/caller.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';

describe('sandbox', () => {
  const scene = installationScene();

  async function sandboxOf(live: Tenant): Promise<Caller> {
    const { key, sandbox } = await live.got('POST', '/v1/keys', { name: 'trial', sandbox: true });
    assert.match(String(key), /^otr_test_[a-z2-7]{8}_[A-Za-z0-9]{43}$/);
    assert.equal(sandbox, true);
    return callerOf(live.url, String(key));
  }

  test('a sandbox is an organization linked to the live one', async () => {
    const live = await scene.product.tenant({ plan: 'growth' });
    const [trial, again] = [await sandboxOf(live), await sandboxOf(live)];
    const { organization, limits } = (await trial.got('GET', '/v1/me')) as { organization: Fields; limits: Fields };
    assert.deepEqual(
      [
        organization['sandbox'],
        organization['live_organization_id'],
        organization['slug'],
        organization['plan'],
        limits['requests_per_minute'],
      ],
      [true, live.organization.id, `${live.organization.slug}-sandbox`, 'growth', 5_000],
    );
    assert.equal(
      ((await again.got('GET', '/v1/me'))['organization'] as Fields)['id'],
      organization['id'],
      'there is one',
    );
    const keys = (await live.api('GET', '/v1/keys')).json.data as Fields[];
    assert.equal(keys.filter(({ sandbox }) => sandbox === true).length, 2, 'the live one sees its keys');
  });

  test("a sandbox's deliveries are marked and reach only its own endpoints", async () => {
    const live = await scene.product.tenant();
    const trial = await sandboxOf(live);
    for (const dialect of ['defrost', 'standard']) {
      const [here, there] = [await scene.receive(), await scene.receive()];
      await live.register(here.url, { dialect });
      const endpoint = await trial.register(there.url, { dialect });
      assert.equal(endpoint['sandbox'], true);
      const before = {
        live: (await live.publish('order.paid', { from: 'live' })).id,
        trial: (await trial.publish('order.paid', { from: 'trial' })).id,
      };
      await eventually(() => here.arrivals.length === 1 && there.arrivals.length === 1, 'each arrived');
      const [ofLive, ofTrial] = [here.arrivals[0], there.arrivals[0]].map(
        (arrival) => JSON.parse(arrival?.body ?? '{}') as Fields,
      );
      assert.deepEqual([ofLive?.['data'], ofLive?.['sandbox']], [{ from: 'live' }, undefined]);
      assert.deepEqual([ofTrial?.['data'], ofTrial?.['sandbox']], [{ from: 'trial' }, true]);
      assertRefused(await live.api('GET', `/v1/events/${before.trial}`), 404, 'not_found');
      assertRefused(await trial.api('GET', `/v1/events/${before.live}`), 404, 'not_found');
      assertRefused(await live.api('GET', `/v1/webhooks/${endpoint.id}`), 404, 'not_found');
    }
  });

  test('a sandbox shares no names, idempotency keys or event types', async () => {
    const live = await scene.product.tenant();
    const trial = await sandboxOf(live);
    const once = { 'idempotency-key': 'same' };
    const [first, second] = [
      await live.publish('order.paid', { order: 1 }, once),
      await trial.publish('order.paid', { order: 2 }, once),
    ];
    assert.notEqual(first.id, second.id);
    await live.got('POST', '/v1/workspaces', { name: 'same' });
    await trial.got('POST', '/v1/workspaces', { name: 'same' });
    await live.got('POST', '/v1/event-types', { name: 'order.paid', schema: { type: 'object', required: ['order'] } });
    assertRefused(await live.api('POST', '/v1/events', { event: 'order.paid', data: {} }), 422, 'validation_failed');
    await trial.publish('order.paid', {});
    assertRefused(await trial.api('GET', '/v1/event-types/order.paid'), 404, 'not_found');
    assert.equal((await trial.api('GET', '/v1/webhooks')).json['total'], 0);
  });
});
