import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertRefused } from '../harness/edge-routes.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';

const inherited = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];

describe('names that every JavaScript object inherits', () => {
  const scene = installationScene();

  test('inherited names work as event types: published, matched, filtered and delivered', async () => {
    const me = await scene.product.tenant();
    for (const dialect of ['defrost', 'standard']) {
      const receiver = await scene.receive();
      const { id } = await me.register(receiver.url, { dialect, events: inherited });
      for (const [index, type] of inherited.entries()) {
        assert.ok((await me.publish(type, { n: index })).deliveries >= 1, type);
        await eventually(() => receiver.arrivals.length === index + 1, `${dialect} ${type}`);
        const body = JSON.parse(receiver.arrivals[index]?.body ?? '') as { data: unknown };
        assert.deepEqual(body.data, { n: index }, `${dialect} ${type}`);
        assert.equal((await me.api('GET', `/v1/events?event=${type}`)).status, 200);
        assert.ok((await me.api('POST', `/v1/webhooks/${id}/test`, { event: type })).status < 500);
      }
      assert.equal((await me.api('DELETE', `/v1/webhooks/${id}`)).status, 204);
    }
    for (const name of inherited) assert.ok((await me.api('GET', `/v1/event-types/${name}`)).status < 500, name);
    const type = await me.api(
      'POST',
      '/v1/event-types',
      '{"name":"constructor","schema":{"type":"object","required":["constructor"],"properties":{"constructor":{"type":"number"}}}}',
    );
    assert.equal(type.status, 201, type.text);
    assertRefused(await me.api('POST', '/v1/events', { event: 'constructor', data: {} }), 422, 'validation_failed');
    assert.equal((await me.api('POST', '/v1/events', '{"event":"constructor","data":{"constructor":1}}')).status, 202);
  });

  test("inherited names work as an endpoint's headers; a mask needs a stored value", async () => {
    const me = await scene.product.tenant();
    const receiver = await scene.receive();
    for (const name of ['constructor', 'toString', 'valueOf'])
      assert.match(
        assertRefused(
          await me.api('POST', '/v1/webhooks', { target_url: receiver.url, events: ['*'], headers: { [name]: '***' } }),
          422,
          'validation_failed',
        ).details[`headers.${name}`] ?? '',
        /no stored value/,
      );
    await me.register(receiver.url, { headers: { constructor: 'mine' } });
    await me.publish('order.paid');
    await eventually(() => receiver.arrivals.length === 1, 'it arrived');
    assert.equal(
      Object.entries(receiver.arrivals[0]?.headers ?? {}).find(([name]) => name === 'constructor')?.[1],
      'mine',
    );
  });

  test("a filter reads only the data's own members", async () => {
    const me = await scene.product.tenant();
    await me.register('http://127.0.0.1:9/', { dialect: 'standard', filter: { 'constructor.name': ['Object', 'x'] } });
    assert.equal((await me.publish('order.paid', {})).deliveries, 0);
    assert.equal((await me.publish('order.paid', { constructor: { name: 'x' } })).deliveries, 1);
  });

  test('inherited names in bodies, paths and queries of every API are refused or kept, never an internal error', async () => {
    const me = await scene.product.tenant();
    const routes = scene.product.app.routes.filter(({ method }) => method !== 'GET');
    for (const { method, path } of routes) {
      const at = path.replaceAll(/:\w+/g, 'constructor');
      for (const name of inherited) {
        const body = `{"${name}":1,"url":"x","events":["${name}"],"email":"${name}","custom_fields":{"${name}":1},"customFields":{"${name}":1}}`;
        for (const headers of [{}, { authorization: '', 'x-api-key': me.key }]) {
          const { status, text } = await me.api(method, `${at}?${name}=1`, body, headers);
          assert.ok(status < 500, `${method} ${at}: ${status} ${text}`);
          assert.ok(!/native code|\[object /.test(text), text);
        }
      }
    }
  });
});
