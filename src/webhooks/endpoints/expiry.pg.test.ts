import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { TestClock } from '../../../test/harness/clock.ts';
import { makeOrganization } from '../../../test/harness/engine.ts';
import { principalOf } from '../../../test/harness/calling.ts';
import { dataOf, webhookScene } from '../../../test/harness/webhooks.ts';
import type { Installation } from '../../../test/harness/installation.ts';
import type { Fields, MadeEndpoint } from '../../../test/harness/webhooks.ts';
import { createPartitions, dropPartitions } from '../../db/partitions.ts';
import { sql } from '../../db/sql.ts';
import type { Principal } from '../../http/route.ts';
import { dayMs } from '../../base/clock.ts';

const retentionDays = 30;

describe('D21: deliveries past retention', () => {
  // The product's own maintenance keeps events longer, so that only the tests drop partitions.
  const scene = webhookScene({ config: { roles: ['api'], retentionDays: 365 } });
  const { create, publish } = scene;
  let here: Installation;
  let caller: Principal;
  let clock: TestClock;
  beforeEach(() => {
    ({ here, caller, clock } = scene);
  });

  const deliveriesOf = async ({ id }: MadeEndpoint, who = caller): Promise<Fields[]> =>
    ((await here.call(who, 'GET', `/v1/webhooks/${id}/deliveries`)).body as { data: Fields[] }).data;
  const partitions = async (): Promise<string[]> =>
    (
      await here.db.query(sql<{ name: string }>`
        SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent IN ('events'::regclass, 'delivery_log'::regclass) ORDER BY 1`)
    ).map(({ name }) => name);
  const stamp = (): string => new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '');

  test('expired held and pending deliveries of every organization fail, with a log row and an event, before their day is dropped', async () => {
    const day = stamp();
    const [held, pending] = [
      await create({ is_active: false, dialect: 'standard' }),
      await create({ dialect: 'standard', events: ['order.*'] }),
    ];
    const watcher = await create({ events: ['delivery.exhausted'], dialect: 'standard' });
    const other = principalOf(await makeOrganization(here.db, here.ids, 'another'));
    const theirs = await create({}, here, other);
    await publish('order.paid', { n: 1 });
    await publish('delivery.exhausted');
    await here.events.publisher.publish({
      organizationId: other.organizationId,
      workspaceId: undefined,
      type: 'order.paid',
      data: {},
      occurredAtMs: clock.now(),
    });
    const [leased] = await deliveriesOf(pending);
    await here.db.execute(
      sql`UPDATE delivery_queue SET holder = ${here.ids.next<string>()}, due_at = ${new Date(clock.now() + 40 * dayMs)} WHERE id = ${String(leased?.['id'])}`,
    );

    clock.set(clock.now() + (retentionDays + 1) * dayMs);
    await createPartitions(here.db, clock.now());
    await publish('order.shipped');
    const dropped = await dropPartitions(here.db, clock.now(), retentionDays, (before) => here.webhooks.expire(before));
    assert.ok(dropped.includes(`events_${day}`) && !(await partitions()).includes(`events_${day}`));
    assert.ok(
      (await partitions()).includes(`delivery_log_${day}`),
      'expired deliveries remain visible for one more day',
    );

    for (const [endpoint, who, state] of [
      [held, caller, 'held'],
      [theirs, other, 'pending'],
    ] as const) {
      const ended = (await deliveriesOf(endpoint, who)).find(({ event }) => event === 'order.paid') ?? assert.fail();
      assert.deepEqual([ended['status'], ended['completed_at']], ['failed', new Date(clock.now()).toISOString()]);
      assert.match(
        String(ended['last_error']),
        new RegExp(`^Expired: it was still ${state} when its event reached the end of the retention`),
      );
      const shown = dataOf(await here.call(who, 'GET', `/v1/deliveries/${String(ended['id'])}`));
      assert.equal(shown['status'], 'failed');
      await assert.rejects(here.call(who, 'POST', `/v1/deliveries/${String(ended['id'])}/retry`), {
        error: 'conflict',
      });
    }
    assert.equal(
      (await deliveriesOf(pending)).find(({ id }) => id === leased?.['id'])?.['status'],
      'pending',
      'a delivery in flight is left to its attempt',
    );
    const emitted = await here.db.query(sql<{ data: Buffer }>`
      SELECT data FROM events WHERE organization_id = ${caller.organizationId} AND type = 'delivery.exhausted' AND id >= ${(await deliveriesOf(watcher)).at(-1)?.['event_id']}`);
    const about = emitted
      .map(({ data }) => JSON.parse(data.toString()) as Fields)
      .filter(({ reason }) => reason === 'expired');
    assert.deepEqual(
      about.map(({ endpoint_id: id, event_type: type }) => [id, type]),
      [[held.id, 'order.paid']],
      'one event per delivery, except for events about failures',
    );
    assert.ok(
      (await deliveriesOf(watcher)).some(({ status }) => status === 'pending'),
      'subscribers receive it',
    );

    clock.set(clock.now() + dayMs);
    await createPartitions(here.db, clock.now());
    await publish('order.shipped');
    await dropPartitions(here.db, clock.now(), retentionDays, (before) => here.webhooks.expire(before));
    assert.ok(!(await partitions()).includes(`delivery_log_${day}`));
  });

  test('no partition is dropped while deliveries cannot be ended', async () => {
    const day = stamp();
    await publish('order.paid');
    clock.set(clock.now() + (retentionDays + 1) * dayMs);
    await createPartitions(here.db, clock.now());
    await publish('order.shipped');
    const refuse = (): Promise<never> => Promise.reject(new Error('no'));
    await assert.rejects(dropPartitions(here.db, clock.now(), retentionDays, refuse), /no/);
    assert.ok((await partitions()).includes(`events_${day}`));
  });
});
