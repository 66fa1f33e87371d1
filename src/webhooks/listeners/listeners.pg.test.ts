import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { databaseScene } from '../../../test/harness/database.ts';
import {
  answered,
  attempts,
  fetch,
  install,
  listen,
  logged,
  only,
  publish,
  settle,
  waiting,
} from '../../../test/harness/listeners.ts';
import { principalOf } from '../../../test/harness/calling.ts';
import { sql } from '../../db/sql.ts';
import type { DeliveryId } from '../../base/ids.ts';

describe('listeners', () => {
  const scene = databaseScene();

  test('a fetched delivery is signed like a sent one, and settling it with 2xx marks it as delivered', async () => {
    const on = await install(scene);
    const { clock } = on;
    const listener = await listen(on, { events: ['order.*'] });
    assert.equal(listener.transport, 'pull');
    const published = await publish(on, 7);
    await publish(on, 8, 'invoice.sent');
    assert.equal(published.deliveries, 1);
    await clock.advance(5_000);
    const delivery = only(await fetch(on, listener));
    assert.deepEqual([delivery.event_id, delivery.event, delivery.attempt], [published.id, 'order.paid', 1]);
    assert.deepEqual(JSON.parse(delivery.request.body), {
      event: 'order.paid',
      occurred_at: new Date(clock.now() - 5_000).toISOString(),
      organization_id: on.organizationId,
      data: { n: 7 },
    });
    assert.equal(delivery.request.headers['webhook-id'], delivery.event_id);
    assert.equal(delivery.request.headers['webhook-timestamp'], String(clock.now() / 1_000), 'the time of the fetch');
    // The library's verification reads the machine's clock, so compare the signature only.
    const signature = new Webhook(listener.secret).sign(
      delivery.event_id,
      new Date(clock.now()),
      delivery.request.body,
    );
    assert.equal(delivery.request.headers['webhook-signature'], signature);
    assert.match(delivery.request.headers['x-defrost-signature'] ?? '', /^sha256=[0-9a-f]{64}$/);

    const fetchedAt = clock.now();
    await clock.advance(2_000);
    const report = { ...answered(delivery, 201), response: { headers: { server: 'local' }, body: 'ok\u0000' } };
    assert.deepEqual(await settle(on, listener, report), [
      { delivery_id: delivery.delivery_id, outcome: 'delivered', next_attempt_at: null },
    ]);
    assert.deepEqual(await logged(on), [
      { state: 'delivered', attempt_count: 1, last_status_code: 201, last_error: null },
    ]);
    const attempt = only(await attempts(on));
    assert.deepEqual(JSON.parse(attempt.request_headers), delivery.request.headers, 'recorded as fetched');
    assert.deepEqual(
      [
        attempt.started_at.getTime(),
        attempt.duration_ms,
        attempt.response_headers,
        attempt.response_body,
        attempt.target_url,
      ],
      [fetchedAt, 12, '{"server":"local"}', 'ok\ufffd', 'pull://listener?expires_in_seconds=600'],
    );
    assert.deepEqual(await fetch(on, listener), []);
  });

  test('a fetch waits for the next event, for at most wait_seconds', async () => {
    const on = await install(scene);
    const { clock } = on;
    const listener = await listen(on);
    const first = await waiting(on, listener, 30);
    await publish(on);
    assert.equal((await first.deliveries).length, 1, 'the clock did not advance');
    const second = await waiting(on, listener, 20);
    let ended = false;
    void second.deliveries.then(() => (ended = true));
    await clock.advance(19_999);
    assert.equal(ended, false);
    await clock.advance(1);
    assert.deepEqual(await second.deliveries, []);
  });

  test('a fetch whose caller disconnects gives its rows back, and endWaiting answers waiting fetches with an empty list', async () => {
    const on = await install(scene);
    const listener = await listen(on);
    const hangingUp = new AbortController();
    const first = await waiting(on, listener, 30, hangingUp.signal);
    hangingUp.abort();
    assert.deepEqual(await first.deliveries, []);
    await publish(on);
    assert.deepEqual(
      await fetch(on, listener, { wait_seconds: 30 }, AbortSignal.abort()),
      [],
      'claimed and given back',
    );
    assert.equal((await fetch(on, listener)).length, 1);
    const last = await waiting(on, listener, 30);
    on.webhooks.listeners.endWaiting?.();
    assert.deepEqual(await last.deliveries, []);
  });

  test('a delivery that is not settled is fetched again when its lease of a minute ends, also by a waiting fetch', async () => {
    const on = await install(scene);
    const { clock } = on;
    const listener = await listen(on);
    await publish(on);
    const first = only(await fetch(on, listener));
    assert.equal(first.lease_expires_at, new Date(clock.now() + 60_000).toISOString());
    await clock.advance(45_000);
    const again = await waiting(on, listener, 30);
    await clock.advance(14_999);
    assert.deepEqual(await fetch(on, listener), []);
    await clock.advance(1);
    const second = only(await again.deliveries);
    assert.deepEqual([second.delivery_id, second.attempt], [first.delivery_id, 1]);
    // The first consumer lost its lease, but nobody has settled the delivery yet: the first result counts, the second is stale.
    assert.equal(only(await settle(on, listener, answered(first, 200))).outcome, 'delivered');
    assert.equal(only(await settle(on, listener, answered(second, 500))).outcome, 'stale');
    assert.deepEqual(
      (await logged(on)).map((row) => row.state),
      ['delivered'],
    );
    assert.equal((await attempts(on)).length, 1);
  });

  test('a failed attempt is retried by the schedule, and a waiting fetch returns the retry when it is due', async () => {
    const on = await install(scene);
    const { clock } = on;
    const listener = await listen(on);
    await publish(on);
    const first = only(await fetch(on, listener));
    const { delivery_id, attempt } = first;
    const before = await waiting(on, listener, 30);
    const settled = only(
      await settle(on, listener, { delivery_id, attempt, duration_ms: 3, error: 'Nothing listens at localhost:3000' }),
    );
    assert.deepEqual(settled, {
      delivery_id,
      outcome: 'retry',
      next_attempt_at: new Date(clock.now() + 60_000).toISOString(),
    });
    await clock.advance(29_999);
    assert.deepEqual(await fetch(on, listener), []);
    await clock.advance(1);
    assert.deepEqual(await before.deliveries, []);
    const then = await waiting(on, listener, 30);
    await clock.advance(30_000);
    const second = only(await then.deliveries);
    assert.deepEqual([second.delivery_id, second.attempt], [delivery_id, 2]);
    assert.equal(
      only(await settle(on, listener, answered(first, 200))).outcome,
      'stale',
      'the first attempt already has a result',
    );
    const late = only(
      await settle(on, listener, { ...answered(second, 503), response: { headers: { 'Retry-After': '360' } } }),
    );
    assert.equal(late.next_attempt_at, new Date(clock.now() + 360_000).toISOString(), 'Retry-After is honoured');
    assert.deepEqual(
      (await attempts(on)).map((one) => [one.number, one.status_code, one.error]),
      [
        [1, null, 'Nothing listens at localhost:3000'],
        [2, 503, 'The receiver answered 503.'],
      ],
    );
  });

  test('a manual retry leaves a fetched delivery to its consumer and makes a waiting one due immediately', async () => {
    const on = await install(scene);
    const listener = await listen(on);
    await publish(on);
    const delivery = only(await fetch(on, listener));
    const retry = async () =>
      on.webhooks.deliveries.retry(principalOf(on.organizationId), delivery.delivery_id as DeliveryId);
    assert.notEqual((await retry()).holder, null);
    assert.deepEqual(await fetch(on, listener), []);
    assert.equal(only(await settle(on, listener, answered(delivery, 500))).outcome, 'retry');
    assert.deepEqual(await fetch(on, listener), []);
    await retry();
    assert.equal(only(await fetch(on, listener)).attempt, 2);
  });

  test('410 and an exhausted schedule fail the delivery but never disable the listener', async () => {
    const on = await install(scene);
    const { clock } = on;
    const listener = await listen(on);
    await on.webhooks.endpoints.update(principalOf(on.organizationId), listener.id, { retry_schedule_seconds: [1] });
    await publish(on);
    assert.equal(only(await settle(on, listener, answered(only(await fetch(on, listener)), 410))).outcome, 'failed');
    await publish(on);
    assert.equal(only(await settle(on, listener, answered(only(await fetch(on, listener)), 500))).outcome, 'retry');
    await clock.advance(1_000);
    assert.equal(only(await settle(on, listener, answered(only(await fetch(on, listener)), 500))).outcome, 'failed');
    assert.deepEqual(
      (await logged(on)).map((row) => [row.state, row.attempt_count, row.last_status_code]),
      [
        ['failed', 1, 410],
        ['failed', 2, 500],
      ],
    );
    assert.equal((await on.webhooks.endpoints.get(principalOf(on.organizationId), listener.id)).is_active, true);
  });

  test('concurrent fetches share the due deliveries without repeating any', async () => {
    const on = await install(scene);
    const listener = await listen(on);
    for (let n = 0; n < 60; n += 1) await publish(on, n);
    const both = await Promise.all([1, 2, 3].map(() => fetch(on, listener, { max: 20, wait_seconds: 0 })));
    assert.deepEqual(
      both.map((some) => some.length),
      [20, 20, 20],
    );
    const ids = both.flat().map((delivery) => delivery.delivery_id);
    assert.equal(new Set(ids).size, 60);
    const settled = await settle(on, listener, ...both.flat().map((delivery) => answered(delivery, 200)));
    assert.ok(settled.every((one, index) => one.outcome === 'delivered' && one.delivery_id === ids[index]));
    assert.equal((await logged(on)).length, 60);
  });

  test('fifo: deliveries are fetched one at a time, in order, and a failed one blocks later ones', async () => {
    const on = await install(scene);
    const { clock } = on;
    const listener = await listen(on, { ordering: 'fifo' });
    const events: string[] = [];
    for (let n = 0; n < 3; n += 1) events.push((await publish(on, n)).id);
    const both = await Promise.all([
      fetch(on, listener, { max: 10, wait_seconds: 0 }),
      fetch(on, listener, { max: 10, wait_seconds: 0 }),
    ]);
    const first = only(both.flat());
    assert.equal(first.event_id, events[0]);
    const blocked = await waiting(on, listener, 30);
    await settle(on, listener, answered(first, 500));
    await clock.advance(30_000);
    assert.deepEqual(await blocked.deliveries, []);
    await clock.advance(30_000);
    const again = only(await fetch(on, listener));
    assert.deepEqual([again.event_id, again.attempt], [events[0], 2]);
    const next = await waiting(on, listener, 30);
    await settle(on, listener, answered(again, 200));
    assert.equal(only(await next.deliveries).event_id, events[1], 'fetched as soon as the head is settled');
  });

  test('fifo: a held delivery blocks later ones', async () => {
    const on = await install(scene);
    const listener = await listen(on, { ordering: 'fifo' });
    const first = await publish(on, 1);
    await on.db.execute(sql`UPDATE delivery_queue SET state = 'held'`);
    await publish(on, 2);
    assert.deepEqual(await fetch(on, listener, { wait_seconds: 0 }), []);
    await on.db.execute(sql`UPDATE delivery_queue SET state = 'pending'`);
    assert.equal(only(await fetch(on, listener)).event_id, first.id);
  });

  test('a delivery whose event was deleted is fetched with null data', async () => {
    const on = await install(scene);
    const listener = await listen(on);
    const { id } = await publish(on);
    await on.db.execute(sql`DELETE FROM events WHERE id = ${id}`);
    const delivery = only(await fetch(on, listener));
    assert.equal(delivery.event_id, id);
    assert.equal((JSON.parse(delivery.request.body) as { data: unknown }).data, null);
    assert.equal(only(await settle(on, listener, answered(delivery, 200))).outcome, 'delivered');
  });
});
