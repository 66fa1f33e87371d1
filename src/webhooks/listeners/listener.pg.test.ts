import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { principalOf, refused } from '../../../test/harness/calling.ts';
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
} from '../../../test/harness/listeners.ts';
import type { EventId, WorkspaceId } from '../../base/ids.ts';
import { dayMs } from '../../base/clock.ts';

describe('listener', () => {
  const scene = databaseScene();

  test('a listener expires unless a fetch extends it; expires_in_seconds null keeps it permanently', async () => {
    const on = await install(scene);
    const { clock } = on;
    const expire = () => on.webhooks.listeners.everyMinute?.(clock.now());
    const listener = await listen(on, { expires_in_seconds: 100 });
    const lasting = await listen(on, { expires_in_seconds: null });
    assert.deepEqual([listener.expires_at, lasting.expires_at], [new Date(clock.now() + 100_000).toISOString(), null]);
    await publish(on);
    await clock.advance(95_000);
    await fetch(on, lasting);
    assert.equal((await fetch(on, listener)).length, 1);
    await clock.advance(95_000);
    await expire();
    assert.equal((await on.webhooks.endpoints.get(principalOf(on.organizationId), listener.id)).id, listener.id);
    await clock.advance(5_000);
    await expire();
    await assert.rejects(() => fetch(on, listener), refused('not_found', /Listener/));
    await clock.leap(dayMs);
    await expire();
    assert.equal((await fetch(on, lasting)).length, 1);
    await on.until(
      async () => (await logged(on)).some((row) => row.last_error?.includes('deleted') === true),
      'its pending delivery is marked as failed',
    );
  });

  test('a fetch from a disabled listener is refused with 409; a delivery fetched before can still be settled', async () => {
    const on = await install(scene);
    const listener = await listen(on);
    await publish(on);
    const delivery = only(await fetch(on, listener));
    const waits = (await waiting(on, listener, 30)).deliveries;
    const ended = assert.rejects(() => waits, refused('conflict', /Enable it first/));
    await on.webhooks.endpoints.update(principalOf(on.organizationId), listener.id, { is_active: false });
    await ended;
    await assert.rejects(() => fetch(on, listener), refused('conflict', /Enable it first/));
    assert.equal(only(await settle(on, listener, answered(delivery, 200))).outcome, 'delivered');
  });

  test('deleting a listener ends a waiting fetch with 404, and a push endpoint answers 404 on listener routes', async () => {
    const on = await install(scene);
    const listener = await listen(on);
    const waits = (await waiting(on, listener, 30)).deliveries;
    const ended = assert.rejects(() => waits, refused('not_found', /Listener/), 'the waiting fetch ends immediately');
    await request(on, 'DELETE', '/v1/listeners/:id', { id: listener.id });
    await ended;
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

  test('another organization and a key of another workspace get 404 for a listener and cannot settle its deliveries', async () => {
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
    // A delivery of another listener cannot be settled here, even within the same organization.
    const other = await listen(on, { events: ['nothing.here'] });
    assert.equal(only(await settle(on, other, answered(delivery, 200))).outcome, 'stale');
    assert.deepEqual(await logged(on), []);
  });

  test('invalid results, duplicate deliveries, unknown fields, patterns and numbers out of range are refused with 422', async () => {
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
