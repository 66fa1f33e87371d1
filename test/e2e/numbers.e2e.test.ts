import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertRefused } from '../harness/edge-routes.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';

/** One more than the largest safe integer of a double. */
const big = '9007199254740993';
const rounded = 'has too many digits and would be rounded; send it as a string';
const unsafe = 'must be a whole number from -9007199254740991 to 9007199254740991, or text';

describe('numbers that JSON can express and a double cannot', () => {
  const scene = installationScene();

  test('such numbers are delivered, shown and replayed as written', async () => {
    const me = await scene.product.tenant();
    const receiver = await scene.receive();
    const endpoint = await me.register(receiver.url);
    const data = `{"campaign_id":"c","id":${big},"n":[1.0,-0,1e2],"reason":"budget","b":1,"a":2}`;
    const { status, json } = await me.api('POST', '/v1/events', `{"event":"campaign.paused","data":${data}}`);
    assert.equal(status, 202);
    const { id } = json.data as { id: string };
    await eventually(() => receiver.arrivals.length === 1, 'it arrived');
    assert.ok(receiver.arrivals[0]?.body.endsWith(`"data":${data}}`), receiver.arrivals[0]?.body);
    assert.ok((await me.api('GET', `/v1/events/${id}`)).text.includes(data));
    await eventually(
      async () => (await me.deliveries(endpoint))[0]?.status === 'delivered',
      'it is known as delivered',
    );
    await scene.clock.advance(1_000);
    await me.got('POST', '/v1/replays', {
      endpoint_id: endpoint.id,
      since: '2026-01-01T00:00:00Z',
      status: 'delivered',
    });
    await eventually(() => receiver.arrivals.length === 2, 'it arrived again');
    assert.equal(receiver.arrivals[1]?.body, receiver.arrivals[0]?.body);
    assert.equal(receiver.arrivals[1]?.id, id);
  });

  test('a filter that could not distinguish two numbers is refused, naming its field', async () => {
    const me = await scene.product.tenant();
    const register = (filter: string) =>
      me.api('POST', '/v1/webhooks', `{"target_url":"http://127.0.0.1:9/","events":["*"],"filter":${filter}}`);
    const { id } = await me.register('http://127.0.0.1:9/');
    for (const [filter, field, reason] of [
      [`{"id":${big}}`, 'filter.id', rounded],
      [`{"a.b":[1,${big}]}`, 'filter.a.b.1', rounded],
      ['{"id":9007199254740992}', 'filter.id', unsafe],
      ['{"id":[1,-1e20]}', 'filter.id.1', unsafe],
    ] as const) {
      assert.deepEqual(assertRefused(await register(filter), 422, 'validation_failed').details, { [field]: reason });
      assert.deepEqual(
        assertRefused(await me.api('PATCH', `/v1/webhooks/${id}`, `{"filter":${filter}}`), 422, 'validation_failed')
          .details,
        {
          [field]: reason,
        },
      );
    }
    assert.equal((await register('{"id":9007199254740991,"share":0.1,"text":"9007199254740993"}')).status, 201);
  });

  test('a custom field stores the exact number or refuses it', async () => {
    const me = await scene.product.tenant();
    await me.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'account', type: 'number' });
    const upsert = (account: string) =>
      me.api(
        'POST',
        '/v1/contacts',
        `{"lawful_basis":"consent","contacts":[{"email":"ada@lovelace.example","custom_fields":{"account":${account}}}]}`,
      );
    for (const account of ['12345678901234567890', big, '0.12345678901234567890'])
      assert.deepEqual(assertRefused(await upsert(account), 422, 'validation_failed').details, {
        'contacts.0.custom_fields.account': rounded,
      });
    const [row] = (await upsert('9007199254740992')).json.data as {
      status: string;
      error?: { details: Record<string, string> };
    }[];
    assert.equal(row?.status, 'rejected');
    assert.match(JSON.stringify(row), /for more digits, use a custom field of the type text/);
    const [kept] = (await upsert('-9007199254740991')).json.data as { status: string }[];
    assert.equal(kept?.status, 'created');
  });

  test('a byte order mark before the JSON is ignored in every API', async () => {
    const me = await scene.product.tenant();
    assert.equal((await me.api('POST', '/v1/events', `\ufeff{"event":"order.paid","data":{"n":${big}}}`)).status, 202);
    assert.equal(
      (await me.api('POST', '/v1/events/batch', '\ufeff{"events":[{"event":"order.paid","data":{}}]}')).status,
      202,
    );
    assert.equal(
      (await me.api('POST', '/api/webhooks', '\ufeff{"type":"email.bounced","email_id":"m-2"}')).status,
      200,
    );
    assert.equal(
      (await me.api('POST', '/v1/webhooks', '\ufeff{"target_url":"http://127.0.0.1:9/","events":["*"]}')).status,
      201,
    );
  });

  test("a provider's post may contain any number and is stored unchanged", async () => {
    const me = await scene.product.tenant();
    const post = await me.api(
      'POST',
      '/api/webhooks',
      `{"type":"email.bounced","email_id":"m-1","recipient":"ada@lovelace.example","sg_id":${big}}`,
    );
    assert.equal(post.status, 200, post.text);
  });
});
