import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import type { AttemptView, Caller, MadeEndpoint } from '../harness/caller.ts';
import { eventually } from '../harness/clock.ts';
import { asTimePasses, installationScene } from '../harness/installation.ts';
import { verifies } from '../harness/verify.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const endOf = (attempt: AttemptView): number => Date.parse(attempt.started_at) + attempt.duration_ms;
const orderOf = ({ body }: { readonly body: string }): unknown =>
  (JSON.parse(body) as { data: { order: unknown } }).data.order;

describe('outcomes of responses', () => {
  const scene = installationScene();

  /** The endpoint's only delivery, once this many attempts are recorded. */
  async function attempted(me: Caller, endpoint: MadeEndpoint, count: number): ReturnType<Caller['delivery']> {
    await eventually(
      async () => (await me.deliveries(endpoint))[0]?.attempt_count === count,
      `attempt ${count} is recorded`,
    );
    const [only] = await me.deliveries(endpoint);
    return me.delivery(only?.id ?? '');
  }

  test('after a rotation both secrets verify until the overlap ends, then only the new one', async () => {
    for (const dialect of ['standard', 'defrost']) {
      const receiver = await scene.receive();
      const me = await scene.product.tenant();
      const endpoint = await me.register(receiver.url, { dialect });
      const verifying = async (...secrets: string[]): Promise<boolean[]> => {
        const count = receiver.arrivals.length;
        await me.publish('order.paid');
        // The outcome must be written before the clock advances: past its lease the delivery would be sent again.
        await eventually(
          async () => (await me.deliveries(endpoint, '?status=delivered')).length > count,
          'it is delivered',
        );
        const arrival = receiver.arrivals.at(-1) ?? assert.fail();
        return secrets.map((secret) => verifies(secret, arrival, scene.clock.now()));
      };
      const old = endpoint.secret;
      const rotated = await me.got('POST', `/v1/webhooks/${endpoint.id}/rotate-secret`, { overlap_seconds: 3_600 });
      const fresh = String(rotated['secret']);
      assert.notEqual(fresh, old);
      assert.equal(rotated['previous_secret_expires_at'], iso(scene.clock.now() + 3_600_000));
      assert.deepEqual(await verifying(old, fresh), [true, true]);
      await scene.clock.advance(3_599_999);
      assert.deepEqual(await verifying(old, fresh), [true, true]);
      await scene.clock.advance(1);
      assert.deepEqual(await verifying(old, fresh), [false, true]);

      const last = String(
        (await me.got('POST', `/v1/webhooks/${endpoint.id}/rotate-secret`, { overlap_seconds: 0 }))['secret'],
      );
      assert.deepEqual(await verifying(old, fresh, last), [false, false, true]);
    }
  });

  test('after a rotation the caller chooses which secret signs single-signature headers; the old one by default', async () => {
    const lone: Readonly<Record<string, string>> = {
      defrost: 'x-defrost-signature',
      foxreach: 'x-webhook-signature',
      mailpanda: 'x-webhook-signature',
      warmysender: 'x-warmysender-signature',
      driftwood: 'x-driftwood-signature',
    };
    for (const [dialect, header] of Object.entries(lone)) {
      const receiver = await scene.receive();
      const me = await scene.product.tenant();
      const { id, secret: old } = await me.register(receiver.url, { dialect });
      const signedBy = async (secrets: Readonly<Record<string, string>>): Promise<string | undefined> => {
        const count = receiver.arrivals.length;
        await me.api('POST', `/v1/webhooks/${id}/test`, {});
        await eventually(
          async () => (await me.deliveries({ id }, '?status=delivered')).length > count,
          'it is delivered',
        );
        const { headers, body } = receiver.arrivals.at(-1) ?? assert.fail();
        const given = String(headers[header]).replace(/^sha256=/, '');
        return Object.keys(secrets).find(
          (name) =>
            createHmac('sha256', secrets[name] ?? '')
              .update(body)
              .digest('hex') === given,
        );
      };
      const rotate = async (terms: object): Promise<string> =>
        String((await me.got('POST', `/v1/webhooks/${id}/rotate-secret`, terms))['secret']);
      const first = await rotate({ overlap_seconds: 60 });
      assert.equal(await signedBy({ old, first }), 'old', dialect);
      await scene.clock.advance(60_000);
      assert.equal(await signedBy({ old, first }), 'first', `${dialect}: the overlap is over`);
      const second = await rotate({ overlap_seconds: 60, sign_with: 'new' });
      assert.equal(await signedBy({ first, second }), 'second', dialect);
      const third = await rotate({ overlap_seconds: 0 });
      assert.equal(await signedBy({ second, third }), 'third', `${dialect}: no overlap`);
    }
  });

  test('a failing FIFO delivery blocks the deliveries after it, and order is kept', async () => {
    const receiver = await scene.receive((arrival, response) => {
      const tries = receiver.arrivals.filter(({ id }) => id === arrival.id).length;
      response.writeHead(orderOf(arrival) === 2 && tries < 4 ? 500 : 200).end();
    });
    const [me, other] = [await scene.product.tenant(), await scene.receive()];
    const endpoint = await me.register(receiver.url, { ordering: 'fifo', retry_schedule_seconds: [5, 30, 60] });
    await me.register(other.url);
    for (const order of [1, 2, 3, 4, 5]) await me.publish('order.paid', { order });
    await eventually(() => other.arrivals.length === 5, 'an endpoint without order does not wait');
    await asTimePasses(scene.product, () => receiver.arrivals.length === 8, 'all arrived');
    assert.deepEqual(receiver.arrivals.map(orderOf), [1, 2, 2, 2, 2, 3, 4, 5]);
    await eventually(
      async () => (await me.deliveries(endpoint)).every(({ status }) => status === 'delivered'),
      'all are delivered',
    );
    const second = (await me.deliveries(endpoint)).find(({ attempt_count: count }) => count === 4);
    const { attempts } = await me.delivery(second?.id ?? '');
    for (const [index, seconds] of [5, 30, 60].entries()) {
      const [earlier, later] = attempts.slice(index);
      assert.ok(
        earlier !== undefined &&
          later !== undefined &&
          Date.parse(later.started_at) >= endOf(earlier) + seconds * 1_000,
        `wait ${index + 1}`,
      );
    }
  });

  test("Retry-After, in seconds or as a date, extends a wait up to the schedule's next step and never shortens it", async () => {
    for (const [retryAfter, waitSeconds] of [
      ['120', 120],
      [() => new Date(scene.clock.now() + 200_000).toUTCString(), 200],
      ['86400', 300],
      ['5', 60],
      [() => new Date(scene.clock.now() - 60_000).toUTCString(), 60],
      ['soon', 60],
    ] as const) {
      const receiver = await scene.receive((_arrival, response, count) => {
        if (count > 1) return void response.end();
        response.writeHead(503, { 'retry-after': typeof retryAfter === 'string' ? retryAfter : retryAfter() }).end();
      });
      const me = await scene.product.tenant();
      const endpoint = await me.register(receiver.url);
      // HTTP dates have whole seconds.
      await scene.clock.advance(1_000 - (scene.clock.now() % 1_000));
      await me.publish('order.paid');
      const { attempts, next_attempt_at: next } = await attempted(me, endpoint, 1);
      assert.equal(next, iso(endOf(attempts[0] ?? assert.fail()) + waitSeconds * 1_000), String(retryAfter));
      await scene.clock.advance(waitSeconds * 1_000);
      await asTimePasses(scene.product, () => receiver.arrivals.length === 2, 'it is retried');
      assert.equal((await attempted(me, endpoint, 2)).status, 'delivered');
    }
  });

  test('a redirect is not followed but retried, and the attempt says so', async () => {
    const elsewhere = await scene.receive();
    for (const status of [301, 302, 307, 308]) {
      const receiver = await scene.receive((_arrival, response, count) => {
        if (count === 1) response.writeHead(status, { location: elsewhere.url }).end();
        else response.end();
      });
      const me = await scene.product.tenant();
      const endpoint = await me.register(receiver.url);
      await me.publish('order.paid');
      const { attempts, status: state } = await attempted(me, endpoint, 1);
      assert.equal(state, 'pending');
      assert.equal(
        attempts[0]?.error,
        `The receiver answered ${status}; redirects are not followed. Register the final address.`,
      );
      assert.equal(attempts[0].response?.headers['location'], elsewhere.url);
      await scene.clock.advance(60_000);
      await asTimePasses(scene.product, () => receiver.arrivals.length === 2, 'it is retried');
    }
    assert.equal(elsewhere.arrivals.length, 0);
  });

  test('a failed, pending or delivered delivery can be sent again under the same id', async () => {
    let works = false;
    const receiver = await scene.receive((_arrival, response) => response.writeHead(works ? 200 : 500).end());
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url, { dialect: 'standard', retry_schedule_seconds: [3_600] });
    const { id: event } = await me.publish('order.paid');
    const { id } = await attempted(me, endpoint, 1);
    const again = async (count: number): Promise<string> => {
      assert.equal((await me.api('POST', `/v1/deliveries/${id}/retry`)).status, 202);
      return (await attempted(me, endpoint, count)).status;
    };
    assert.equal(await again(2), 'pending', 'with its schedule from the start');
    works = true;
    assert.equal(await again(3), 'delivered');
    assert.equal(await again(4), 'delivered');
    assert.deepEqual(new Set(receiver.arrivals.map((arrival) => arrival.id)), new Set([event]));
    assert.equal(receiver.arrivals.length, 4);

    await me.got('PATCH', `/v1/webhooks/${endpoint.id}`, { is_active: false });
    assert.match((await me.api('POST', `/v1/deliveries/${id}/retry`)).json.error?.message ?? '', /disabled/);
    await me.api('DELETE', `/v1/webhooks/${endpoint.id}`);
    assert.match((await me.api('POST', `/v1/deliveries/${id}/retry`)).json.error?.message ?? '', /deleted/);
  });
});
