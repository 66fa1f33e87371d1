import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { beforeEach, describe, test } from 'node:test';
import type { TestClock } from '../../../test/harness/clock.ts';
import { dataOf, webhookScene } from '../../../test/harness/webhooks.ts';
import type { Installation } from '../../../test/harness/installation.ts';
import type { Fields, MadeEndpoint } from '../../../test/harness/webhooks.ts';
import { sql } from '../../db/sql.ts';
import { ApiError } from '../../base/errors.ts';
import type { Principal, Reply } from '../../http/route.ts';

describe('retrying a delivery', () => {
  const scene = webhookScene();
  const { create, eventually, publish, receive } = scene;
  let here: Installation;
  let caller: Principal;
  let clock: TestClock;
  beforeEach(() => {
    ({ here, caller, clock } = scene);
  });

  const only = async ({ id }: MadeEndpoint): Promise<Fields & { id: string }> => {
    const { data } = (await here.call(caller, 'GET', `/v1/webhooks/${id}/deliveries`)).body as {
      data: (Fields & { id: string })[];
    };
    assert.equal(data.length, 1);
    return data[0] ?? assert.fail();
  };
  const isAt = async (endpoint: MadeEndpoint, wanted: Fields): Promise<boolean> => {
    const delivery = await only(endpoint);
    return Object.entries(wanted).every(([field, value]) => delivery[field] === value);
  };
  const reaches = (endpoint: MadeEndpoint, wanted: Fields): Promise<void> =>
    eventually(() => isAt(endpoint, wanted), JSON.stringify(wanted));
  const retry = (id: string): Promise<Reply> => here.call(caller, 'POST', `/v1/deliveries/${id}/retry`);
  const conflict = (id: string, message: RegExp): Promise<void> =>
    assert.rejects(
      retry(id),
      (error: unknown) => error instanceof ApiError && error.error === 'conflict' && message.test(error.message),
    );
  /** Answers with the given status codes in order, and repeats the last. */
  const answering =
    (...codes: number[]): Parameters<typeof receive>[0] =>
    (_arrival, response, count) =>
      response.writeHead(codes[Math.min(count, codes.length) - 1] ?? 200).end();

  test('a retry of a failed delivery is sent immediately under its id, with attempts counted on and the schedule restarted', async () => {
    const receiver = await receive(answering(500, 500, 500, 200));
    const endpoint = await create({
      target_url: receiver.url,
      events: ['order.paid'],
      dialect: 'standard',
      retry_schedule_seconds: [5],
    });
    await publish('order.paid');
    await reaches(endpoint, { attempt_count: 1 });
    await reaches(endpoint, { status: 'failed', attempt_count: 2 });
    await here.call(caller, 'POST', `/v1/webhooks/${endpoint.id}/enable`);

    const { id, event_id: eventId } = await only(endpoint);
    const reply = await retry(id);
    assert.equal(reply.status, 202);
    assert.deepEqual(
      [dataOf(reply)['id'], dataOf(reply)['status'], dataOf(reply)['completed_at']],
      [id, 'pending', null],
    );
    // The third failure is not final, because the schedule started again.
    await reaches(endpoint, { status: 'pending', attempt_count: 3 });
    await reaches(endpoint, { status: 'delivered', attempt_count: 4 });
    assert.deepEqual(new Set(receiver.arrivals.map((arrival) => arrival.id)), new Set([eventId]));
    const { attempts } = dataOf(await here.call(caller, 'GET', `/v1/deliveries/${id}`)) as {
      attempts: { number: number }[];
    };
    assert.deepEqual(
      attempts.map(({ number }) => number),
      [1, 2, 3, 4],
    );
  });

  test('a retry of a delivered delivery sends it once more', async () => {
    const receiver = await receive();
    const endpoint = await create({ target_url: receiver.url, events: ['order.paid'] });
    await publish('order.paid');
    await reaches(endpoint, { status: 'delivered' });
    await retry((await only(endpoint)).id);
    await reaches(endpoint, { status: 'delivered', attempt_count: 2 });
    assert.equal(receiver.arrivals.length, 2);
  });

  test('two concurrent retries cause one more attempt', async () => {
    const answered = Promise.withResolvers<void>();
    const receiver = await receive(
      (_arrival, response, count) =>
        void (count === 1 ? Promise.resolve() : answered.promise).then(() => response.end()),
    );
    const endpoint = await create({ target_url: receiver.url, events: ['order.paid'] });
    await publish('order.paid');
    await reaches(endpoint, { status: 'delivered' });
    const { id } = await only(endpoint);
    const replies = await Promise.all([retry(id), retry(id), retry(id)]);
    assert.deepEqual(
      replies.map(({ status }) => status),
      [202, 202, 202],
    );
    answered.resolve();
    await reaches(endpoint, { status: 'delivered', attempt_count: 2 });
    assert.equal(receiver.arrivals.length, 2);
  });

  for (const seconds of [1, 30, 89, 3_600]) {
    for (const ordering of ['none', 'fifo']) {
      test(`waiting ${seconds} s for its next attempt (ordering ${ordering}): attempted now, its schedule from the start`, async () => {
        const receiver = await receive(answering(500));
        const endpoint = await create({
          target_url: receiver.url,
          events: ['order.paid'],
          retry_schedule_seconds: [seconds],
          ordering,
        });
        await publish('order.paid');
        await here.until(async () => isAt(endpoint, { attempt_count: 1 }), 'attempted once');
        await retry((await only(endpoint)).id);
        // The clock does not advance, so only the retry makes it due.
        await here.until(async () => isAt(endpoint, { status: 'pending', attempt_count: 2 }), 'attempted again');
        assert.equal(receiver.arrivals.length, 2);
      });
    }
  }

  test('a retry of a delivery in flight leaves it alone, and it is sent once', async () => {
    const waiting: ServerResponse[] = [];
    const receiver = await receive((_arrival, response) => void waiting.push(response));
    const endpoint = await create({ target_url: receiver.url, events: ['order.paid'], retry_schedule_seconds: [10] });
    await publish('order.paid');
    await here.until(() => waiting.length === 1, 'the first attempt is in flight');
    const { id } = await only(endpoint);
    const reply = await retry(id);
    assert.equal(reply.status, 202);
    assert.equal(dataOf(reply)['next_attempt_at'], null);
    await clock.advance(1_000);
    waiting[0]?.writeHead(500).end();
    await reaches(endpoint, { attempt_count: 1 });
    assert.equal(waiting.length, 1);

    await eventually(() => waiting.length === 2, 'the second attempt is in flight');
    assert.equal((await retry(id)).status, 202);
    await clock.advance(1_000);
    waiting[1]?.writeHead(200).end();
    await reaches(endpoint, { status: 'delivered', attempt_count: 2 });
    assert.equal(waiting.length, 2);
  });

  test('a retry of a held delivery, or of a disabled or deleted endpoint, is refused with 409 and instructions', async () => {
    const endpoint = await create({ events: ['order.paid'], is_active: false });
    await publish('order.paid');
    const { id } = await only(endpoint);
    await conflict(
      id,
      new RegExp(`disabled \\(by a person\\)\\. Enable it first: POST /v1/webhooks/${endpoint.id}/enable`),
    );
    await here.call(caller, 'POST', `/v1/webhooks/${endpoint.id}/enable`);
    await conflict(id, /held\. Release it: POST .*\/enable with \{"release_held": true\}/);
    await here.call(caller, 'DELETE', `/v1/webhooks/${endpoint.id}`);
    await conflict(id, /deleted/);
  });

  test('a retry of a delivery past retention is refused, and the delivery stays in the log', async () => {
    const receiver = await receive();
    const endpoint = await create({ target_url: receiver.url, events: ['order.paid'] });
    const { id: event } = await publish('order.paid');
    await reaches(endpoint, { status: 'delivered' });
    await here.db.execute(sql`DELETE FROM events WHERE id = ${event}`);
    const { id } = await only(endpoint);
    await conflict(id, /past retention/);
    assert.equal((await only(endpoint))['status'], 'delivered');
  });
});
