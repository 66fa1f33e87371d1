import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { canonicalTypes } from '../../src/base/event-types.ts';
import type { CanonicalType } from '../../src/base/event-types.ts';
import { sql } from '../../src/db/sql.ts';
import { catalogue, isReserved } from '../../src/events/catalogue.ts';
import type { Fields } from '../harness/caller.ts';
import type { Arrival } from '../harness/engine.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { verifies } from '../harness/verify.ts';
import { clientOf } from './client.ts';
import type { Made } from './client.ts';
import type { Dialect, Published } from './dialect.ts';
import { seconds, vendorNames } from './requests.ts';

/** Types that callers may publish. */
const publishable = canonicalTypes.filter((type) => !isReserved(type));

/** Headers that HTTP itself adds. */
const transport: ReadonlySet<string> = new Set(['host', 'connection', 'content-length', 'accept-encoding']);

export function deliveries(dialect: Dialect): void {
  const names = vendorNames(dialect);

  describe('deliveries', () => {
    const scene = installationScene();

    /** Creates an endpoint through the vendor's API. */
    const subscribed = async (tenant: Tenant, url: string, events = names): Promise<Made> =>
      clientOf(dialect, scene.product.db, tenant, tenant).make({ url, events });

    const published = (tenant: Tenant, id: string, type: string, data: Fields): Published => ({
      id,
      type,
      data,
      at: new Date(scene.clock.now()).toISOString(),
      organizationId: tenant.organization.id,
    });

    /** Asserts that the arrived request is this event's delivery, byte for byte. */
    async function assertDelivered(
      tenant: Tenant,
      { row, secret }: { row: { id: string }; secret: string },
      event: Published,
      arrival: Arrival,
    ): Promise<void> {
      const { headers, body } = arrival;
      const timestampMs = scene.clock.now();
      const [delivery = assert.fail()] = await tenant.deliveries(row);
      const deliveryId = delivery.id;
      assert.equal(body, dialect.body(event));
      assert.equal(headers['content-length'], String(Buffer.byteLength(body)));
      assert.deepEqual(Object.fromEntries(Object.entries(headers).filter(([name]) => !transport.has(name))), {
        'content-type': 'application/json',
        'user-agent': 'Outrider/0.1 (+webhooks)',
        'webhook-id': event.id,
        'webhook-timestamp': seconds(timestampMs),
        'webhook-signature': new Webhook(secret).sign(event.id, new Date(timestampMs), body),
        ...dialect.headers({ event, body, secret, deliveryId, timestampMs }),
      });
    }

    test('each event of the vendor is delivered byte for byte, and no other event is', async () => {
      const tenant = await scene.product.tenant();
      const [named, all] = [await scene.receive(), await scene.receive()];
      const byName = await subscribed(tenant, named.url);
      const everything = await tenant.register(all.url, { dialect: dialect.name, events: ['*'] });
      const seen: string[] = [];
      for (const type of publishable) {
        const data: Fields = { ...catalogue[type].example };
        const { id, deliveries: count } = await tenant.publish(type, data);
        assert.equal(count, dialect.events[type] === undefined ? 0 : 2, type);
        if (count === 0) continue;
        seen.push(type);
        await eventually(
          () => named.arrivals.length === seen.length && all.arrivals.length === seen.length,
          `${type} arrived`,
        );
        const event = published(tenant, id, type, data);
        await assertDelivered(tenant, byName, event, named.arrivals.at(-1) ?? assert.fail());
        await assertDelivered(
          tenant,
          { row: everything, secret: everything.secret },
          event,
          all.arrivals.at(-1) ?? assert.fail(),
        );
      }
      assert.deepEqual(
        seen,
        publishable.filter((type) => dialect.events[type] !== undefined),
        'all of them were seen',
      );
    });

    test('an endpoint that subscribes to a single name receives the events of that name', async () => {
      const tenant = await scene.product.tenant();
      const receivers = await Promise.all(names.map(() => scene.receive()));
      for (const [index, name] of names.entries())
        await subscribed(tenant, receivers[index]?.url ?? assert.fail(), [name]);
      for (const [index, name] of names.entries()) {
        const types = canonicalTypes.filter((type) => dialect.events[type] === name && !isReserved(type));
        for (const type of types)
          assert.equal((await tenant.publish(type, { ...catalogue[type].example })).deliveries, 1, type);
        await eventually(() => receivers[index]?.arrivals.length === types.length, `${name} arrived`);
      }
    });

    test('a test event is delivered byte for byte', async () => {
      const tenant = await scene.product.tenant();
      const receiver = await scene.receive();
      const made = await subscribed(tenant, receiver.url);
      const { event_id: id } = await tenant.got('POST', `/v1/webhooks/${made.row.id}/test`, {});
      await eventually(() => receiver.arrivals.length === 1, 'it arrived');
      const data = { ...catalogue['webhook.test'].example, endpoint_id: made.row.id };
      await assertDelivered(
        tenant,
        made,
        published(tenant, String(id), 'webhook.test', data),
        receiver.arrivals[0] ?? assert.fail(),
      );
    });

    test(`types that callers publish themselves are ${dialect.ownTypes ? 'delivered under their names' : 'not delivered'}`, async () => {
      const tenant = await scene.product.tenant();
      const receiver = await scene.receive();
      const { id: endpoint, secret } = await tenant.register(receiver.url, { dialect: dialect.name });
      const data = { order: 7, note: 'Zoë "7" \u2028' };
      const { id, deliveries: count } = await tenant.publish('order.paid', data);
      assert.equal(count, dialect.ownTypes ? 1 : 0);
      if (count === 0) return;
      await eventually(() => receiver.arrivals.length === 1, 'it arrived');
      await assertDelivered(
        tenant,
        { row: { id: endpoint }, secret },
        published(tenant, id, 'order.paid', data),
        receiver.arrivals[0] ?? assert.fail(),
      );
    });

    test("the vendor's sample and the public library accept a delivery, and reject a changed one", async () => {
      const tenant = await scene.product.tenant();
      const receiver = await scene.receive();
      const made = await subscribed(tenant, receiver.url);
      const other = await subscribed(tenant, receiver.url);
      await tenant.got('DELETE', `/v1/webhooks/${other.row.id}`);
      const [type = assert.fail()] = ownTypesOf(dialect);
      await tenant.publish(type, { ...catalogue[type].example, subject: 'Zoë \u{1f600}' });
      await eventually(() => receiver.arrivals.length === 1, 'it arrived');
      const arrival = receiver.arrivals[0] ?? assert.fail();
      const { body } = arrival;
      const headers = arrival.headers as Record<string, string>;
      const now = scene.clock.now();
      const library = (secret: string, text: string): boolean => verifies(secret, { body: text, headers }, now);
      const sample = (secret: string, text: string): boolean => dialect.accepts(secret, headers, text);
      for (const accepts of [library, sample]) {
        assert.ok(accepts(made.secret, body));
        assert.ok(!accepts(other.secret, body), 'another secret');
        for (const at of [0, Math.floor(body.length / 2), body.length - 1])
          assert.ok(!accepts(made.secret, `${body.slice(0, at)}#${body.slice(at + 1)}`), `another byte at ${at}`);
        assert.ok(
          !accepts(made.secret, `${body} `) && !accepts(made.secret, body.slice(0, -1)) && !accepts(made.secret, ''),
          'another length',
        );
      }
    });

    test("a caller's own secret gives the signature that the vendor describes", async () => {
      const tenant = await scene.product.tenant();
      const receiver = await scene.receive();
      const settings = {
        target_url: receiver.url,
        dialect: dialect.name,
        events: ['*'],
        secret: dialect.ownSecret ?? 'correct-horse-battery-staple',
      };
      const answer = await tenant.api('POST', '/v1/webhooks', settings);
      if (dialect.ownSecret === undefined) return assert.equal(answer.status, 422, 'it could not sign anything');
      const [type = assert.fail()] = ownTypesOf(dialect);
      await tenant.publish(type, { ...catalogue[type].example });
      await eventually(() => receiver.arrivals.length === 1, 'it arrived');
      const { headers, body } = receiver.arrivals[0] ?? assert.fail();
      assert.ok(dialect.accepts(dialect.ownSecret, headers as Record<string, string>, body));
      return assert.equal(headers['webhook-signature'], undefined, 'the secret is not a Standard Webhooks key');
    });

    test('during a rotation the sample still accepts the old secret, and the public library both', async () => {
      const tenant = await scene.product.tenant();
      const receiver = await scene.receive();
      const { row, secret: before } = await subscribed(tenant, receiver.url);
      const rotated = await tenant.got('POST', `/v1/webhooks/${row.id}/rotate-secret`, { overlap_seconds: 60 });
      const now = String(rotated['secret']);
      const [type = assert.fail()] = ownTypesOf(dialect);
      await tenant.publish(type, { ...catalogue[type].example });
      await eventually(() => receiver.arrivals.length === 1, 'it arrived');
      const { headers, body } = receiver.arrivals[0] ?? assert.fail();
      assert.ok(now !== before && dialect.accepts(before, headers as Record<string, string>, body));
      for (const secret of [now, before]) assert.ok(verifies(secret, { body, headers }, scene.clock.now()));
    });

    test('a delivery from a sandbox is marked', async () => {
      const sandbox = await (await scene.product.tenant()).withKey({ sandbox: true });
      const receiver = await scene.receive();
      const { id: endpoint, secret } = await sandbox.register(receiver.url, { dialect: dialect.name });
      const [type = assert.fail()] = ownTypesOf(dialect);
      const data = { ...catalogue[type].example };
      const { id } = await sandbox.publish(type, data);
      await eventually(() => receiver.arrivals.length === 1, 'it arrived');
      const { headers, body } = receiver.arrivals[0] ?? assert.fail();
      const [owner = assert.fail()] = await scene.product.db.query(
        sql<{ id: string }>`SELECT organization_id AS id FROM endpoints WHERE id = ${endpoint}`,
      );
      const event = { id, type, data, at: new Date(scene.clock.now()).toISOString(), organizationId: owner.id };
      assert.deepEqual(JSON.parse(body), { ...(JSON.parse(dialect.body(event)) as Fields), sandbox: true });
      assert.ok(dialect.accepts(secret, headers as Record<string, string>, body));
    });

    test('an event of a workspace is delivered byte for byte, from memory and from the queue', async () => {
      const tenant = await scene.product.tenant();
      const workspaceId = await tenant.workspace('of a customer');
      const receiver = await scene.receive();
      const settings = { dialect: dialect.name };
      const direct = await tenant.register(receiver.url, settings);
      // Its deliveries are read from the queue.
      const ordered = await tenant.register(receiver.url, { ...settings, ordering: 'fifo' });
      const [type = assert.fail()] = ownTypesOf(dialect);
      const data: Fields = { ...catalogue[type].example };
      const answer = await tenant.got('POST', '/v1/events', { event: type, data, workspace_id: workspaceId });
      await eventually(() => receiver.arrivals.length === 2, 'both arrived');
      const body = dialect.body({ ...published(tenant, String(answer['id']), type, data), workspaceId });
      assert.deepEqual(
        receiver.arrivals.map((arrival) => arrival.body),
        [body, body],
      );
      for (const endpoint of [direct, ordered]) {
        const [{ id } = assert.fail()] = await tenant.deliveries(endpoint);
        await eventually(async () => (await tenant.delivery(id)).attempts.length === 1, 'the attempt is stored');
        assert.equal((await tenant.delivery(id)).attempts[0]?.request.body, body);
      }
    });

    test('deliveries are listed with their status', { skip: dialect.api.listedDeliveries === undefined }, async () => {
      const { api } = dialect;
      const tenant = await scene.product.tenant();
      const receiver = await scene.receive((_arrival, response, count) =>
        response.writeHead(count === 1 ? 200 : 500).end(),
      );
      const me = clientOf(dialect, scene.product.db, tenant, tenant);
      const { id, row } = await me.make({ url: receiver.url, events: names });
      assert.ok(api.deliveries !== undefined && api.listedDeliveries !== undefined);
      await me.gets(api.deliveries(id), api.listedDeliveries([]));
      for (const [index, type] of ownTypesOf(dialect).slice(0, 2).entries()) {
        await tenant.publish(type, { ...catalogue[type].example });
        await eventually(
          async () => (await tenant.deliveries(row))[0]?.attempt_count === 1 && receiver.arrivals.length === index + 1,
          'it was attempted',
        );
      }
      const listed = await tenant.deliveries(row);
      assert.deepEqual(
        listed.map(({ status }) => status),
        ['pending', 'delivered'],
      );
      await me.gets(api.deliveries(id), api.listedDeliveries(listed));
    });
  });
}

/** Types that the vendor has and that callers may publish. */
const ownTypesOf = ({ events }: Dialect): CanonicalType[] => publishable.filter((type) => events[type] !== undefined);
