import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Caller, Fields } from '../harness/caller.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { asTimePasses, installationScene, startInstallation } from '../harness/installation.ts';
import { verifies } from '../harness/verify.ts';

interface Fetched {
  readonly delivery_id: string;
  readonly event: string;
  readonly attempt: number;
  readonly lease_expires_at: string;
  readonly request: { readonly headers: Record<string, string>; readonly body: string };
}

describe('listeners', () => {
  const scene = installationScene();

  const listen = (me: Caller, settings: Fields = {}): Promise<Fields> => me.got('POST', '/v1/listeners', settings);
  const pull = async (me: Caller, listener: Fields, waitSeconds = 0, max = 100): Promise<Fetched[]> =>
    (await me.api('POST', `/v1/listeners/${String(listener['id'])}/pull`, { max, wait_seconds: waitSeconds })).json
      .data as Fetched[];
  const settle = async (
    me: Caller,
    listener: Fields,
    { delivery_id, attempt }: Fetched,
    statusCode: number,
  ): Promise<Fields> => {
    const result = {
      delivery_id,
      attempt,
      status_code: statusCode,
      duration_ms: 7,
      response: { headers: { server: 'mine' }, body: 'thanks' },
    };
    const { data } = (await me.api('POST', `/v1/listeners/${String(listener['id'])}/settle`, { results: [result] }))
      .json;
    return (data as Fields[])[0] ?? assert.fail();
  };
  const only = (fetched: readonly Fetched[]): Fetched => {
    assert.equal(fetched.length, 1);
    return fetched[0] ?? assert.fail();
  };

  test('a delivery can be fetched, verified, settled and viewed like any other', async () => {
    const me = await scene.product.tenant();
    const listener = await listen(me, { events: ['order.*'], filter: { country: 'NO' } });
    assert.deepEqual(await pull(me, listener), []);
    await me.publish('order.paid', { country: 'SE' });
    await me.publish('invoice.paid', { country: 'NO' });
    await me.publish('order.paid', { country: 'NO' });
    const fetched = only(await pull(me, listener));
    assert.deepEqual(
      [fetched.event, fetched.attempt, JSON.parse(fetched.request.body).data],
      ['order.paid', 1, { country: 'NO' }],
    );
    assert.ok(verifies(String(listener['secret']), fetched.request, scene.clock.now()));
    assert.deepEqual(await pull(me, listener), [], 'it is in hand');

    assert.deepEqual(await settle(me, listener, fetched, 200), {
      delivery_id: fetched.delivery_id,
      outcome: 'delivered',
      next_attempt_at: null,
    });
    const { status, attempts } = await me.delivery(fetched.delivery_id);
    assert.equal(status, 'delivered');
    assert.deepEqual(
      [attempts[0]?.request.headers, attempts[0]?.request.body],
      [fetched.request.headers, fetched.request.body],
    );
    assert.deepEqual(attempts[0]?.response, { headers: { server: 'mine' }, body: 'thanks' });
    assert.equal((await settle(me, listener, fetched, 500))['outcome'], 'stale');
  });

  test('a failure is retried by the schedule; an unsettled delivery returns after its lease', async () => {
    const me = await scene.product.tenant();
    const listener = await listen(me);
    await me.publish('order.paid');
    const first = only(await pull(me, listener));
    const { outcome, next_attempt_at: next } = await settle(me, listener, first, 500);
    assert.deepEqual([outcome, next], ['retry', new Date(scene.clock.now() + 60_000).toISOString()]);
    await scene.clock.advance(59_999);
    assert.deepEqual(await pull(me, listener), []);
    await scene.clock.advance(1);
    const second = only(await pull(me, listener));
    assert.deepEqual([second.delivery_id, second.attempt], [first.delivery_id, 2]);

    assert.equal(Date.parse(second.lease_expires_at), scene.clock.now() + 60_000);
    await scene.clock.advance(60_000);
    const third = only(await pull(me, listener));
    assert.deepEqual(
      [third.delivery_id, third.attempt],
      [first.delivery_id, 2],
      'the same attempt: of the other nobody told',
    );
    assert.equal((await settle(me, listener, third, 204))['outcome'], 'delivered');
  });

  test('a waiting fetch is answered as soon as a delivery is due or its time ends', async () => {
    const me = await scene.product.tenant();
    const listener = await listen(me);
    const waiting = pull(me, listener, 30);
    await me.got('GET', '/v1/me');
    await me.publish('order.paid');
    const fetched = only(await waiting);
    await settle(me, listener, fetched, 200);

    let answered = false;
    const late = pull(me, listener, 5).finally(() => (answered = true));
    await me.got('GET', '/v1/me');
    assert.equal(answered, false);
    await asTimePasses(scene.product, () => answered, 'its time is over');
    assert.deepEqual(await late, []);
  });

  test('consumers that share a listener each get different deliveries', async () => {
    const me = await scene.product.tenant();
    const listener = await listen(me);
    await me.api('POST', '/v1/events/batch', {
      events: Array.from({ length: 50 }, (_, order) => ({ event: 'order.paid', data: { order } })),
    });
    const fetched = (await Promise.all(Array.from({ length: 5 }, () => pull(me, listener, 0, 20)))).flat();
    const rest = await pull(me, listener);
    assert.equal(fetched.length + rest.length, 50);
    assert.equal(new Set([...fetched, ...rest].map(({ delivery_id: id }) => id)).size, 50);
  });

  test('a FIFO listener returns one delivery at a time, in order', async () => {
    const me = await scene.product.tenant();
    const listener = await listen(me, { ordering: 'fifo' });
    for (const order of [1, 2, 3]) await me.publish('order.paid', { order });
    const had: unknown[] = [];
    for (const status of [500, 200, 200, 200]) {
      const fetched = only(await pull(me, listener));
      had.push((JSON.parse(fetched.request.body) as { data: { order: number } }).data.order);
      assert.deepEqual(await pull(me, listener), []);
      await settle(me, listener, fetched, status);
      if (status === 500) await scene.clock.advance(60_000);
    }
    assert.deepEqual(had, [1, 1, 2, 3]);
  });

  test('a listener that nobody fetches from expires', async () => {
    const me = await scene.product.tenant();
    const listener = await listen(me, { expires_in_seconds: 600 });
    const path = `/v1/webhooks/${String(listener['id'])}`;
    await scene.clock.advance(590_000);
    await pull(me, listener);
    await scene.clock.advance(590_000);
    assert.equal((await me.api('GET', path)).status, 200, 'a pull keeps it');
    await asTimePasses(scene.product, async () => (await me.api('GET', path)).status === 404, 'it is gone');
    assertRefused(await me.api('POST', `/v1/listeners/${String(listener['id'])}/pull`, {}), 404, 'not_found');
  });

  test('a stopping process answers waiting fetches', async () => {
    const product = await startInstallation();
    const me = await product.tenant();
    const waiting = pull(me, await listen(me), 30);
    await me.got('GET', '/v1/me');
    await product.stop();
    assert.deepEqual(await waiting, []);
  });
});
