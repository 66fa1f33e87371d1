import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { webhookScene } from '../../../test/harness/webhooks.ts';
import type { Installation } from '../../../test/harness/installation.ts';
import type { Principal } from '../../http/route.ts';

/** In these tests one own type, `order.paid`, is registered. */
describe('event names that no type has', () => {
  const scene = webhookScene();
  let here: Installation;
  let caller: Principal;
  beforeEach(async () => {
    ({ here, caller } = scene);
    await here.call(caller, 'POST', '/v1/event-types', { name: 'order.paid' });
  });

  const warned = async (method: 'POST' | 'PATCH', path: string, fields: object): Promise<string[] | undefined> =>
    ((await here.call(caller, method, path, fields)).body as { warnings?: string[] }).warnings;
  const register = (events: string[], dialect = 'defrost') =>
    warned('POST', '/v1/webhooks', { target_url: 'http://127.0.0.1:9/hook', events, dialect });

  test('unknown names are accepted with a warning each', async () => {
    const warnings = await register(['nope.event', 'nope.*', 'email.sent']);
    assert.deepEqual(
      warnings?.map((warning) => warning.split(' ', 1)[0]),
      ['nope.event', 'nope.*'],
    );
    assert.match(warnings?.[0] ?? '', /no built-in event type .*GET \/v1\/event-types/);
  });

  test("built-in types, the dialect's names, registered types, their prefixes and * cause no warning", async () => {
    assert.equal(await register(['*', 'email.sent', 'send.bounced', 'email.*', 'order.paid', 'order.*']), undefined);
    assert.deepEqual((await register(['order.paid.twice']))?.length, 1);
  });

  test('a change warns about the names it gives', async () => {
    const { id } = await scene.create({ events: ['nope.event'] });
    assert.equal(await warned('PATCH', `/v1/webhooks/${id}`, { description: 'other' }), undefined);
    assert.equal((await warned('PATCH', `/v1/webhooks/${id}`, { events: ['slip.event'] }))?.length, 1);
    assert.equal(await warned('PATCH', `/v1/webhooks/${id}`, { events: ['email.sent'] }), undefined);
  });
});
