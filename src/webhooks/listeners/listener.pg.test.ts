import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { refused } from '../../../test/harness/calling.ts';
import { databaseScene } from '../../../test/harness/database.ts';
import { makeOrganization } from '../../../test/harness/engine.ts';
import {
  answered,
  fetch,
  install,
  listen,
  logged,
  only,
  publish,
  request,
  settle,
  waiting,
} from '../../../test/harness/pull.ts';
import { principalOf } from '../../../test/harness/webhooks.ts';
import type { EventId, WorkspaceId } from '../../base/ids.ts';
import { dayMs } from '../../base/clock.ts';

describe('pull', { timeout: 120_000 }, () => {
  const scene = databaseScene();

  test('a listener that nobody pulls from expires; a pull keeps it; null keeps it for ever', async () => {
    const on = await install(scene);
    const { clock } = on;
    const listener = await listen(on, { expires_in_seconds: 100 });
    const lasting = await listen(on, { expires_in_seconds: null });
    assert.deepEqual([listener.expires_at, lasting.expires_at], [new Date(clock.now() + 100_000).toISOString(), null]);
    await publish(on);
    await clock.advance(95_000);
    await fetch(on, lasting);
    assert.equal((await fetch(on, listener)).length, 1);
    await clock.advance(95_000);
    assert.equal(await on.pull.expireListeners(clock.now()), 0);
    await clock.advance(5_000);
    assert.equal(await on.pull.expireListeners(clock.now()), 1);
    assert.equal(await on.pull.expireListeners(clock.now()), 0);
    await assert.rejects(() => fetch(on, listener), refused('not_found', /Listener/));
    await clock.advance(dayMs);
    assert.equal(await on.pull.expireListeners(clock.now()), 0);
    assert.equal((await fetch(on, lasting)).length, 1);
    await on.until(
      async () => (await logged(on)).some((row) => row.last_error?.includes('deleted') === true),
      'what waited for it has ended',
    );
  });

  test('a disabled listener is told so; what was fetched before can still be settled', async () => {
    const on = await install(scene);
    const listener = await listen(on);
    await publish(on);
    const delivery = only(await fetch(on, listener));
    const waits = (await waiting(on, listener, 30)).deliveries;
    const told = assert.rejects(() => waits, refused('conflict', /Enable it first/));
    await on.webhooks.endpoints.update(principalOf(on.organizationId), listener.id, { is_active: false });
    await told;
    await assert.rejects(() => fetch(on, listener), refused('conflict', /Enable it first/));
    assert.equal(only(await settle(on, listener, answered(delivery, 200))).outcome, 'delivered');
  });

  test('removed by its owner; a push endpoint is no listener', async () => {
    const on = await install(scene);
    const listener = await listen(on);
    const waits = (await waiting(on, listener, 30)).deliveries;
    const told = assert.rejects(() => waits, refused('not_found', /Listener/), 'who waits is told at once');
    await request(on, 'DELETE', '/v1/listeners/:id', { id: listener.id });
    await told;
    await assert.rejects(() => fetch(on, listener), refused('not_found', /Listener/));
    const { endpoint } = await on.webhooks.endpoints.create(principalOf(on.organizationId), {
      target_url: 'http://127.0.0.1:1/',
      events: ['*'],
    });
    for (const path of ['/v1/listeners/:id/pull', '/v1/listeners/:id/settle'] as const) {
      const body = path.endsWith('pull')
        ? {}
        : { results: [{ delivery_id: endpoint.id, attempt: 1, duration_ms: 1, status_code: 200 }] };
      await assert.rejects(
        () => request(on, 'POST', path, { id: endpoint.id, body }),
        refused('not_found', /Listener/),
      );
    }
    await assert.rejects(
      () => request(on, 'DELETE', '/v1/listeners/:id', { id: endpoint.id }),
      refused('not_found', /Listener/),
    );
  });

  test('another organization, and a key of another workspace, find no listener and no delivery', async () => {
    const on = await install(scene);
    const listener = await listen(on);
    await publish(on);
    const delivery = only(await fetch(on, listener));
    const strangers = [
      principalOf(await makeOrganization(on.db, on.ids, 'other')),
      principalOf(on.organizationId, on.ids.next<WorkspaceId>()),
    ];
    for (const principal of strangers) {
      const call = (method: 'POST' | 'DELETE', path: string, body?: unknown) =>
        assert.rejects(
          () => request(on, method, path, { id: listener.id, body, principal }),
          refused('not_found', /Listener/),
        );
      await call('POST', '/v1/listeners/:id/pull', {});
      await call('POST', '/v1/listeners/:id/settle', { results: [answered(delivery, 200)] });
      await call('DELETE', '/v1/listeners/:id');
    }
    // A delivery of another listener, in the same organization or not, is nothing that could be settled here.
    const other = await listen(on, { events: ['nothing.here'] });
    assert.equal(only(await settle(on, other, answered(delivery, 200))).outcome, 'stale');
    assert.deepEqual(await logged(on), []);
  });

  test('refused: neither or both of status and error, a delivery twice, unknown fields, wrong patterns and numbers', async () => {
    const on = await install(scene);
    const listener = await listen(on);
    const result = { delivery_id: on.ids.next<EventId>(), attempt: 1, duration_ms: 1 };
    const wrong = (body: unknown) =>
      assert.rejects(
        () => request(on, 'POST', '/v1/listeners/:id/settle', { id: listener.id, body }),
        refused('validation_failed', /./),
      );
    await wrong({ results: [] });
    await wrong({ results: [result] });
    await wrong({ results: [{ ...result, status_code: 200, error: 'x' }] });
    await wrong({ results: [{ ...result, status_code: 200, extra: 1 }] });
    await wrong({ results: [{ ...result, status_code: 99 }] });
    await wrong({
      results: [
        { ...result, status_code: 200 },
        { ...result, status_code: 200 },
      ],
    });
    await assert.rejects(() => listen(on, { events: ['a b'] }), refused('validation_failed', /./));
    await assert.rejects(() => listen(on, { expires_in_seconds: 59 }), refused('validation_failed', /./));
    await assert.rejects(() => listen(on, { target_url: 'https://example.com' }), refused('validation_failed', /./));
    await assert.rejects(() => fetch(on, listener, { max: 101 }), refused('validation_failed', /./));
    await assert.rejects(() => fetch(on, listener, { wait_seconds: 31 }), refused('validation_failed', /./));
  });
});
