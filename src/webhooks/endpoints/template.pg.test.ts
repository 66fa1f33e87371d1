import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { dataOf, webhookScene } from '../../../test/harness/webhooks.ts';
import type { Fields } from '../../../test/harness/webhooks.ts';

describe('D24: body templates', () => {
  const scene = webhookScene();
  const { create, publish, receive } = scene;
  const slack = '{"text": {{ data.name | append: " paid " | append: data.amount | json }}}';
  const patch = (id: string, body: Fields) => scene.here.call(scene.caller, 'PATCH', `/v1/webhooks/${id}`, body);
  const deliveriesOf = async (id: string): Promise<Fields[]> => {
    const reply = await scene.here.call(scene.caller, 'GET', `/v1/webhooks/${id}/deliveries`);
    return (reply.body as { data: Fields[] }).data;
  };
  const attemptsOf = async (delivery: unknown): Promise<{ error: string | null; request: { body: string | null } }[]> =>
    dataOf(await scene.here.call(scene.caller, 'GET', `/v1/deliveries/${String(delivery)}`))['attempts'] as never;

  test('the rendered body is sent, signed, and shown with each attempt, also after the template was changed', async () => {
    const receiver = await receive();
    const { id, secret } = await create({
      target_url: receiver.url,
      dialect: 'standard',
      events: ['order.paid'],
      filter: { amount: { $gt: 10 } },
      body_template: slack,
    });
    await publish('order.paid', { name: 'Zoë "Z"', amount: 42 });
    await publish('order.paid', { name: 'filtered', amount: 1 });
    await scene.here.until(() => receiver.arrivals.length === 1, 'it arrives');
    const { body, headers } = receiver.arrivals[0] ?? assert.fail();
    assert.equal(body, '{"text": "Zoë \\"Z\\" paid 42"}');
    assert.equal(headers['content-type'], 'application/json');
    const systemNow = Date.now;
    Date.now = () => scene.clock.now();
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>);
    } finally {
      Date.now = systemNow;
    }
    await patch(id, { body_template: 'total {{ data.amount }}', content_type: 'text/plain; charset=utf-8' });
    await publish('order.paid', { name: 'b', amount: 43 });
    await scene.here.until(() => receiver.arrivals.length === 2, 'the second arrives');
    assert.deepEqual(
      [receiver.arrivals[1]?.body, receiver.arrivals[1]?.headers['content-type']],
      ['total 43', 'text/plain; charset=utf-8'],
    );
    await scene.here.until(
      async () => (await deliveriesOf(id)).every(({ status }) => status === 'delivered'),
      'written',
    );
    const bodies: (string | null | undefined)[] = [];
    for (const delivery of await deliveriesOf(id)) bodies.push((await attemptsOf(delivery['id']))[0]?.request.body);
    assert.deepEqual(bodies, ['total 43', body]);
    await patch(id, { body_template: null, content_type: null });
    await publish('order.paid', { name: 'c', amount: 44 });
    await scene.here.until(() => receiver.arrivals.length === 3, 'the third arrives');
    assert.match(receiver.arrivals[2]?.body ?? '', /^\{"type":"order\.paid"/);
  });

  test('a template that fails with an event is a failed attempt with the reason, and is retried', async () => {
    const receiver = await receive();
    const { id } = await create({
      target_url: receiver.url,
      dialect: 'standard',
      events: ['order.paid'],
      body_template: '{"n": {{ data.n }}}'.replace('}}}', ' | default: 0 }}}'),
      retry_schedule_seconds: [60],
    });
    await publish('order.paid', { n: 'two' });
    await scene.here.until(async () => (await deliveriesOf(id))[0]?.['attempt_count'] === 1, 'it failed');
    const [failed] = await deliveriesOf(id);
    assert.match(String(failed?.['last_error']), /^No body was made from the template: the body is not JSON/);
    assert.equal(failed?.['status'], 'pending');
    await publish('order.paid', { n: 3 });
    await scene.here.until(() => receiver.arrivals.length === 1, 'the next one arrives');
    await patch(id, { body_template: '{"n": {{ data.n | json }}}' });
    // Once it is in memory, the clock stands still: rendering has a deadline, and takes real time.
    await scene.eventually(
      () => scene.here.engine.figures.queued > 0 || receiver.arrivals.length === 2,
      'the retry is claimed',
    );
    await scene.here.until(() => receiver.arrivals.length === 2, 'the retry arrives');
    assert.deepEqual(
      receiver.arrivals.map(({ body }) => body),
      ['{"n": 3}', '{"n": "two"}'],
    );
  });

  test('a test delivery is rendered with the example of its type', async () => {
    const receiver = await receive();
    const { id } = await create({
      target_url: receiver.url,
      dialect: 'standard',
      body_template: '{"text": {{ type | json }}}',
    });
    await scene.here.call(scene.caller, 'POST', `/v1/webhooks/${id}/test`, { event: 'reply.received' });
    await scene.here.until(() => receiver.arrivals.length === 1, 'it arrives');
    assert.equal(receiver.arrivals[0]?.body, '{"text": "reply.received"}');
  });

  test('what cannot be rendered is refused by its field, with the line', async () => {
    const refused = async (body: Fields, field: string, reason: RegExp): Promise<void> => {
      await assert.rejects(create({ dialect: 'standard', ...body }), (error: { details?: Record<string, string> }) => {
        assert.match(error.details?.[field] ?? JSON.stringify(error.details), reason);
        return true;
      });
    };
    await refused(
      { body_template: 'a\n{{ x | nonsense }}' },
      'body_template',
      /^line 2, column \d+: .+ \(with the example of/,
    );
    await refused({ body_template: 'not json' }, 'body_template', /not JSON/);
    await refused({ body_template: '{% include "x" %}', content_type: 'text/plain' }, 'body_template', /tag "include"/);
    await refused(
      { body_template: '{% for i in (1..100000000) %}x{% endfor %}', content_type: 'text/plain' },
      'body_template',
      /limit|too much/,
    );
    await refused({ body_template: '{}', dialect: 'defrost' }, 'body_template', /use dialect standard/);
    await refused({ content_type: 'text/plain' }, 'content_type', /needs a body_template/);
    await refused({ body_template: '{}', content_type: 'text/plain\r\nx: y' }, 'content_type', /media type/);
    await refused({ body_template: 'x'.repeat(40_000) }, 'body_template', /32768|32,768|characters/);
  });
});
