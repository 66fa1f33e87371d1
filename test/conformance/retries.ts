import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { catalogue } from '../../src/events/catalogue.ts';
import { isCanonical } from '../../src/base/event-types.ts';
import type { AttemptView } from '../harness/caller.ts';
import { eventually } from '../harness/clock.ts';
import { asTimePasses, installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { clientOf } from './client.ts';
import type { Dialect } from './dialect.ts';
import { vendorNames } from './requests.ts';

/** An attempt may be due later than its wait by this share, for jitter, and start later by this time, which passes while the test runs. */
const lateShare = 0.1;
const lateMs = 10_000;
/** Longer waits are skipped up to this rest, as on a machine that slept, because firing the timers of days would take seconds. */
const awakeMs = 3_600_000;

export function retries(dialect: Dialect): void {
  const { api, scheduleSeconds, timeoutMs, disables } = dialect;
  const type = Object.keys(dialect.events).find((each) => isCanonical(each)) ?? assert.fail();

  describe('retries', () => {
    // The longest possible wait of each retry.
    const scene = installationScene(() => ({ random: () => 0.999 }));
    const publish = (tenant: Tenant, more = {}): Promise<unknown> =>
      tenant.publish(type, { ...(isCanonical(type) ? catalogue[type].example : {}), ...more });
    /** An endpoint may be reported as failing before. */
    const alertsOf = async (tenant: Tenant): Promise<number> =>
      ((await tenant.api('GET', '/v1/alerts')).json.data as { subject: string }[]).filter(({ subject }) =>
        subject.includes('disabled'),
      ).length;

    test(`a failing delivery is retried after ${scheduleSeconds.join(', ')} s; then ${disables.alone ? 'the endpoint is disabled with an alert' : 'its failures are only counted'}`, async () => {
      const tenant = await scene.product.tenant({ alertEmail: 'people@receiver.example' });
      const receiver = await scene.receive((_arrival, response) => response.writeHead(500).end());
      const me = clientOf(dialect, scene.product.db, tenant, tenant);
      const { row } = await me.make({ url: receiver.url, events: vendorNames(dialect) });
      await publish(tenant);
      const { id } = (await tenant.deliveries(row))[0] ?? assert.fail();
      const seen = (): ReturnType<Tenant['delivery']> => tenant.delivery(id);
      await eventually(async () => (await seen()).attempt_count === 1, 'the first attempt');
      for (const [index, seconds] of scheduleSeconds.entries()) {
        const { next_attempt_at: next, attempts } = await seen();
        const dueMs = Date.parse(next ?? '');
        const waitMs = dueMs - endOf(attempts[index]);
        assert.ok(
          waitMs >= seconds * 1_000 && waitMs <= seconds * 1_000 * (1 + lateShare),
          `wait ${index + 1}: ${waitMs} ms of ${seconds} s`,
        );
        scene.clock.set(Math.max(scene.clock.now(), dueMs - awakeMs));
        await scene.clock.advance(dueMs - scene.clock.now() - 1);
        assert.equal((await seen()).attempt_count, index + 1, `attempt ${index + 2} is not early`);
        await asTimePasses(
          scene.product,
          async () => (await seen()).attempt_count === index + 2,
          `attempt ${index + 2}`,
          10,
        );
        const startedMs = Date.parse((await seen()).attempts[index + 1]?.started_at ?? '');
        assert.ok(
          startedMs >= dueMs && startedMs <= dueMs + lateMs,
          `attempt ${index + 2} was due at ${dueMs}, and started at ${startedMs}`,
        );
      }
      const attemptsMade = scheduleSeconds.length + 1;
      assert.deepEqual([(await seen()).status, receiver.arrivals.length], ['failed', attemptsMade]);
      assert.equal(
        new Set(receiver.arrivals.map(({ headers }) => headers['webhook-id'])).size,
        1,
        'all attempts have one id',
      );

      const failures = async (): Promise<number | undefined> => (await me.stored())[0]?.consecutive_failures;
      await asTimePasses(scene.product, async () => (await failures()) === attemptsMade, 'the failures are counted');
      const [after = assert.fail()] = await me.stored();
      assert.equal(after.is_active, !disables.alone);
      assert.equal(await alertsOf(tenant), disables.alone ? 1 : 0);
      await me.gets(api.list, api.listed([after], 1));
    });

    test(`an endpoint that accepted another delivery in the meantime is ${disables.recovered ? 'disabled too' : 'not disabled'}`, async () => {
      const tenant = await scene.product.tenant();
      const receiver = await scene.receive((arrival, response) =>
        response.writeHead(arrival.body.includes('poison') ? 500 : 200).end(),
      );
      const endpoint = await tenant.register(receiver.url, { dialect: dialect.name, retry_schedule_seconds: [10] });
      const isPoison = {
        campaign_id: 'poison',
        recipient: 'poison',
        id: 'poison',
        lead_id: 'poison',
        mailbox_id: 'poison',
      };
      await publish(tenant, isPoison);
      await eventually(async () => (await tenant.deliveries(endpoint))[0]?.attempt_count === 1, 'it failed once');
      await scene.clock.advance(1_000);
      await publish(tenant);
      await eventually(
        async () => (await tenant.deliveries(endpoint))[0]?.status === 'delivered',
        'another was delivered',
      );
      await asTimePasses(
        scene.product,
        async () => (await tenant.deliveries(endpoint))[1]?.status === 'failed',
        'the first failed permanently',
      );
      assert.equal((await tenant.got('GET', `/v1/webhooks/${endpoint.id}`))['is_active'], !disables.recovered);
      assert.equal(await alertsOf(tenant), disables.recovered ? 1 : 0);
    });

    test(`an attempt times out after ${timeoutMs / 1_000} s`, async () => {
      const tenant = await scene.product.tenant();
      const receiver = await scene.receive(() => {});
      const { row } = await clientOf(dialect, scene.product.db, tenant, tenant).make({
        url: receiver.url,
        events: vendorNames(dialect),
      });
      await publish(tenant);
      await eventually(() => receiver.arrivals.length === 1, 'it arrived');
      const { id } = (await tenant.deliveries(row))[0] ?? assert.fail();
      await eventually(async () => {
        if ((await tenant.delivery(id)).attempt_count === 1) return true;
        await scene.clock.advance(100);
        return false;
      }, 'the attempt timed out');
      const [{ duration_ms: durationMs, status_code: status, error } = assert.fail()] = (await tenant.delivery(id))
        .attempts;
      assert.ok(durationMs >= timeoutMs && durationMs <= timeoutMs + 200, `${durationMs} ms`);
      assert.equal(status, null);
      assert.match(error ?? '', /within|time/);
    });
  });
}

const endOf = (attempt: AttemptView | undefined): number =>
  Date.parse(attempt?.started_at ?? '') + (attempt?.duration_ms ?? 0);
