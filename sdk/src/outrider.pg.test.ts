import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../../test/harness/clock.ts';
import { installationScene } from '../../test/harness/installation.ts';
import type { Tenant } from '../../test/harness/installation.ts';
import { dialectNames, dialects } from '../../src/vendors/wires.ts';
import { canonicalTypes } from '../../src/base/event-types.ts';
import { catalogue } from '../../src/events/catalogue.ts';
import { Outrider } from './outrider.ts';
import { OutriderError } from './outrider-error.ts';
import { verify, WebhookVerificationError } from './webhooks/index.ts';
import type { PublishEventBody } from './api-types.ts';

const clientOf = ({ url, key }: Pick<Tenant, 'url' | 'key'>) => new Outrider({ baseUrl: url, apiKey: key });

describe('the client against a running Outrider', () => {
  const scene = installationScene();

  test('an endpoint is created, read, updated and deleted', async () => {
    const outrider = clientOf(await scene.product.tenant());
    const made = await outrider.webhooks.create({
      target_url: 'https://receiver.example/hook',
      events: ['reply.*'],
      dialect: 'standard',
    });
    assert.match(made.secret, /^whsec_/);
    assert.deepEqual((await outrider.webhooks.get(made.id)).events, ['reply.*']);
    assert.equal((await outrider.webhooks.update(made.id, { description: 'CRM' })).description, 'CRM');
    assert.notEqual((await outrider.webhooks.rotateSecret(made.id)).secret, made.secret);
    const enabled = await outrider.webhooks.enable(made.id, { release_held: true });
    assert.deepEqual([enabled.id, enabled.is_active, enabled.released], [made.id, true, 0]);
    assert.equal(await outrider.webhooks.delete(made.id), undefined);
    await assert.rejects(outrider.webhooks.get(made.id), { name: 'OutriderError', status: 404, code: 'not_found' });
  });

  test('iterating over a list loads all pages, with numbered pages and with cursors', async () => {
    const outrider = clientOf(await scene.product.tenant());
    const made: string[] = [];
    for (let number = 0; number < 7; number += 1)
      made.unshift((await outrider.workspaces.create({ name: `w${number}` })).id);
    const workspaces: string[] = [];
    for await (const workspace of outrider.workspaces.list({ page_size: 3 })) workspaces.push(workspace.id);
    assert.deepEqual(workspaces, made);
    assert.equal((await outrider.workspaces.list({ page_size: 3 }).page()).total, 7);

    const published: string[] = [];
    for (let number = 0; number < 7; number += 1)
      published.unshift((await outrider.events.publish({ event: 'order.paid', data: { number } })).id);
    const events: string[] = [];
    for await (const event of outrider.events.list({ limit: 3 })) events.push(event.id);
    assert.deepEqual(events, published);
  });

  test('two calls with the same idempotency key publish one event', async () => {
    const outrider = clientOf(await scene.product.tenant());
    const event: PublishEventBody = { event: 'order.paid', data: { id: 1 } };
    const ids = new Set<string>();
    for (const idempotencyKey of ['k1', 'k1', undefined, undefined])
      ids.add((await outrider.events.publish(event, { idempotencyKey })).id);
    assert.equal(ids.size, 3);
    await assert.rejects(outrider.events.publish({ ...event, data: { id: 2 } }, { idempotencyKey: 'k1' }), {
      status: 409,
      code: 'conflict',
    });
    const [first, second] = await outrider.events.publishBatch({ events: [event, event] });
    assert.ok(first !== undefined && second !== undefined && 'id' in first && 'id' in second);
    assert.notEqual(first.id, second.id);
  });

  test('a file is uploaded as text, bytes or a stream', async () => {
    const outrider = clientOf(await scene.product.tenant());
    const csv = 'email,first_name\nada@lovelace.example,Ada\ngrace@hopper.example,Grace\n';
    const half = csv.length / 2;
    const stream = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        start(controller) {
          for (const part of [csv.slice(0, half), csv.slice(half)]) controller.enqueue(new TextEncoder().encode(part));
          controller.close();
        },
      });
    for (const file of [csv, new TextEncoder().encode(csv), new Blob([csv]), stream()]) {
      const { id } = await outrider.imports.create({ lawful_basis: 'consent' });
      const { progress } = await outrider.imports.uploadFile(id, file);
      assert.equal(progress.bytes, csv.length);
      await eventually(async () => (await outrider.imports.get(id)).state === 'completed', 'the import completed');
    }
    const { id } = await outrider.imports.create({ lawful_basis: 'consent' });
    await outrider.imports.uploadFile(id, 'email\nnobody\n');
    await eventually(async () => (await outrider.imports.get(id)).state === 'completed', 'the import completed');
    assert.match(await outrider.imports.listErrorsCsv(id), /^line,email,reason,column,value\r\n2,nobody,/);
    const names: (string | null)[] = [];
    for await (const { first_name: name } of outrider.contacts.list()) names.push(name);
    assert.deepEqual(names, ['Grace', 'Ada']);
  });

  test('errors carry the status, code, details and request id of the API', async () => {
    const tenant = await scene.product.tenant();
    const bad = await clientOf(tenant)
      .webhooks.create({ target_url: 'ftp://receiver.example', events: ['*'] })
      .catch((error: unknown) => error);
    assert.ok(bad instanceof OutriderError);
    assert.deepEqual([bad.status, bad.code, Object.keys(bad.details)], [422, 'validation_failed', ['target_url']]);
    assert.match(bad.requestId ?? '', /./);
    await assert.rejects(clientOf({ ...tenant, key: 'otr_live_wrong' }).webhooks.get('x'), {
      status: 401,
      code: 'unauthorized',
    });
    const reader = await tenant.withKey({ scopes: ['webhooks:read'] });
    await assert.rejects(clientOf(reader).events.publish({ event: 'order.paid', data: {} }), {
      status: 403,
      code: 'forbidden',
    });
  });

  test('health, readiness and metrics need no valid API key', async () => {
    const outrider = clientOf({ url: scene.product.url, key: 'none' });
    assert.deepEqual(await outrider.operations.health(), { status: 'ok' });
    assert.equal((await outrider.operations.ready()).status, 'ready');
    assert.match(await outrider.operations.metrics(), /^outrider_in_flight /m);
  });

  for (const dialect of dialectNames) {
    test(`${dialect}: verify accepts a real delivery and rejects a changed body or another secret`, async () => {
      const outrider = clientOf(await scene.product.tenant());
      const receiver = await scene.receive();
      const type =
        canonicalTypes.find((each) => each !== 'webhook.test' && dialects[dialect].eventName(each) !== undefined) ??
        assert.fail();
      const { id, secret } = await outrider.webhooks.create({
        target_url: receiver.url,
        events: [dialects[dialect].eventName(type) ?? ''],
        dialect,
      });
      await outrider.events.publish({ event: type, data: catalogue[type].example });
      await eventually(() => receiver.arrivals.length === 1, 'the delivery arrived');
      const [arrival] = receiver.arrivals;
      assert.ok(arrival !== undefined);
      const options = { headers: arrival.headers, rawBody: arrival.body, secret, nowMs: scene.clock.now() };
      const event = verify(dialect, options);
      const [delivery] = (await outrider.deliveries.list(id).page()).data;
      assert.deepEqual(
        [event.type, event.id, event.sandbox],
        [dialects[dialect].eventName(type), delivery?.event_id, false],
      );
      if ('deliveryId' in event) assert.equal(event.deliveryId, delivery?.id);
      const isMismatch = (error: unknown) =>
        error instanceof WebhookVerificationError && error.code === 'signature_mismatch';
      assert.throws(() => verify(dialect, { ...options, rawBody: arrival.body.replace('"', '" ') }), isMismatch);
      assert.throws(() => verify(dialect, { ...options, secret: dialects[dialect].newSecret() }), isMismatch);

      // After a rotation, a header with a single signature no longer verifies with the old secret; passing both secrets bridges the change.
      const { secret: next } = await outrider.webhooks.rotateSecret(id);
      const first = delivery?.id ?? assert.fail();
      await eventually(
        async () => (await outrider.deliveries.get(first)).status === 'delivered',
        'the outcome is written',
      );
      await outrider.deliveries.retry(first);
      await eventually(() => receiver.arrivals.length === 2, 'the delivery arrived again');
      const again = receiver.arrivals[1] ?? assert.fail();
      assert.equal(verify(dialect, { ...options, headers: again.headers, secret: [secret, next] }).id, event.id);
    });
  }

  test('standard: an ed25519 signature is verified with the public key that the API lists', async () => {
    const outrider = clientOf(await scene.product.tenant());
    const receiver = await scene.receive();
    const endpoint = await outrider.webhooks.create({
      target_url: receiver.url,
      events: ['*'],
      dialect: 'standard',
      signing: 'ed25519',
    });
    await outrider.webhooks.test(endpoint.id);
    await eventually(() => receiver.arrivals.length === 1, 'the test arrived');
    const { headers, body } = receiver.arrivals[0] ?? assert.fail();
    const { keys } = await outrider.webhooks.signingKeys();
    const own = keys.find((key) => key.public_key === endpoint.public_key) ?? assert.fail();
    const event = verify('standard', { headers, rawBody: body, secret: own.public_key, nowMs: scene.clock.now() });
    assert.ok(event.type === 'webhook.test');
    assert.equal(event.data.endpoint_id, endpoint.id);
  });
});
