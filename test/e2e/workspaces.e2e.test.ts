import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { WorkspaceId } from '../../src/base/ids.ts';
import type { Caller, MadeEndpoint } from '../harness/caller.ts';
import { eventually } from '../harness/clock.ts';
import { asTimePasses, installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';

interface Bound extends Caller {
  readonly endpoint: MadeEndpoint;
}

const nobody = 'http://127.0.0.1:9/';

describe("a workspace's endpoints get the events of its own keys only", () => {
  const scene = installationScene();
  let whole: Tenant;
  let endpoint: MadeEndpoint;
  let one: Bound;
  let other: Bound;
  before(async () => {
    whole = await scene.product.tenant();
    const bound = async (name: string): Promise<Bound> => {
      const caller = await whole.withKey({ workspaceId: await whole.workspace(name) });
      return { ...caller, endpoint: await caller.register(nobody, { dialect: 'standard' }) };
    };
    endpoint = await whole.register(nobody, { dialect: 'standard' });
    [one, other] = [await bound('one'), await bound('other')];
  });

  const typesAt = async (who: Caller, at: { readonly id: string }, query = ''): Promise<string[]> =>
    (await who.deliveries(at, `?limit=100${query}`))
      .map(({ event }) => String(event))
      .toSorted((a, b) => a.localeCompare(b));

  test("events published one by one and in a batch reach only the workspace's endpoints", async () => {
    assert.equal((await whole.publish('of.whole')).deliveries, 1);
    assert.equal((await one.publish('of.one')).deliveries, 2);
    const batch = await other.api('POST', '/v1/events/batch', { events: [{ event: 'of.other', data: {} }] });
    assert.equal((batch.json.data as { deliveries: number }[])[0]?.deliveries, 2);
    assert.deepEqual(await typesAt(whole, endpoint), ['of.one', 'of.other', 'of.whole']);
    assert.deepEqual(await typesAt(one, one.endpoint), ['of.one']);
    assert.deepEqual(await typesAt(other, other.endpoint), ['of.other']);
  });

  test('an event names its workspace by id or by external id, which creates the workspace', async () => {
    const customer = { external_id: 'customer-1', name: 'Customer' };
    const there = await whole.register(nobody, { dialect: 'standard', events: ['named.*'], workspace: customer });
    const [made] = (await whole.api('GET', '/v1/workspaces?external_id=customer-1')).json.data as { id: string }[];
    assert.equal(there['workspace_id'], made?.id);
    const named = (workspace: object) =>
      whole.api('POST', '/v1/events', { event: 'named.one', data: {}, ...workspace });
    const deliveriesOf = async (workspace: object): Promise<unknown> =>
      ((await named(workspace)).json.data as { deliveries: number }).deliveries;
    assert.equal(await deliveriesOf({ workspace: { external_id: 'customer-1' } }), 2);
    assert.equal(await deliveriesOf({ workspace_id: made?.id }), 2);
    assert.equal(
      await deliveriesOf({ workspace: { external_id: 'customer-2' } }),
      1,
      'a new workspace has no endpoints',
    );
    assert.equal(await deliveriesOf({}), 1);
    // The name of a new workspace is as much of its external id as fits, and no half of a character.
    assert.equal(await deliveriesOf({ workspace: { external_id: `${'x'.repeat(99)}🦊` } }), 1);
    const [newest] = (await whole.api('GET', '/v1/workspaces')).json.data as { name: string }[];
    assert.equal(newest?.name, 'x'.repeat(99));
    const batch = await whole.api('POST', '/v1/events/batch', {
      events: [
        { event: 'named.two', data: {}, workspace: { external_id: 'customer-2' } },
        { event: 'named.two', data: {}, workspace_id: made?.id },
      ],
    });
    assert.deepEqual(
      (batch.json.data as { deliveries: number }[]).map(({ deliveries }) => deliveries),
      [1, 2],
    );
    assert.deepEqual(await typesAt(whole, there), ['named.one', 'named.one', 'named.two']);
    const refusedAs = async (answer: ReturnType<Caller['api']>): Promise<unknown> => (await answer).json.error?.details;
    const unknown = { workspace_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22' };
    assert.deepEqual(await refusedAs(named(unknown)), { workspace_id: 'does not exist in this organization' });
    assert.deepEqual(
      await refusedAs(whole.api('POST', '/v1/events/batch', { events: [{ event: 'x', data: {}, ...unknown }] })),
      { 'events.0.workspace_id': 'does not exist in this organization' },
    );
    assert.deepEqual(await refusedAs(named({ workspace_id: made?.id, workspace: customer })), {
      workspace: 'cannot be combined with workspace_id',
    });
    const publisher = await whole.withKey({ scopes: ['events:write'] });
    const byPublisher = async (external: string): Promise<number> =>
      (await publisher.api('POST', '/v1/events', { event: 'x', data: {}, workspace: { external_id: external } }))
        .status;
    assert.deepEqual([await byPublisher('customer-1'), await byPublisher('customer-3')], [202, 403]);
    for (const elsewhere of [{ workspace_id: made?.id }, { workspace: customer }, { workspace: { external_id: 'x' } }])
      assert.equal((await one.api('POST', '/v1/events', { event: 'x', data: {}, ...elsewhere })).status, 403);
  });

  test('a workspace has at most as many endpoints as its limit allows', async () => {
    const { id } = await whole.got('POST', '/v1/workspaces', { name: 'limited', limits: { endpoints: 1 } });
    const body = { target_url: nobody, events: ['x'], workspace_id: id };
    await whole.got('POST', '/v1/webhooks', body);
    const refused = await whole.api('POST', '/v1/webhooks', body);
    assert.equal(refused.status, 409, refused.text);
    const listed = await whole.api('GET', `/v1/webhooks?workspace_id=${String(id)}`);
    assert.equal(listed.json['total'], 1);
    assert.equal((await one.api('GET', `/v1/webhooks?workspace_id=${String(id)}`)).json['total'], 0);
  });

  test('a deleted workspace can no longer be used, and its endpoints are deleted as a job', async () => {
    const customer = { workspace: { external_id: 'leaving' } };
    const left = await whole.register(nobody, { dialect: 'standard', events: ['left.*'], ...customer });
    const id = String(left['workspace_id']);
    const bound = await whole.withKey({ workspaceId: id as WorkspaceId });
    assert.equal((await bound.publish('left.early')).deliveries, 2);
    assert.equal((await whole.api('DELETE', `/v1/workspaces/${id}`)).status, 202);
    await eventually(
      async () => (await whole.api('GET', `/v1/webhooks/${left.id}`)).status === 404,
      'the endpoint is deleted',
    );
    await eventually(async () => (await bound.api('GET', '/v1/me')).status === 401, 'the key is revoked');
    await eventually(
      async () => (await whole.api('POST', '/v1/events', { event: 'x', data: {}, workspace_id: id })).status === 422,
      'the process has heard of it',
    );
    await asTimePasses(
      scene.product,
      async () => (await whole.api('GET', `/v1/workspaces/${id}`)).status === 404,
      'the job is finished',
      10_000,
    );
    const again = await whole.register(nobody, { dialect: 'standard', events: ['left.*'], ...customer });
    assert.notEqual(again['workspace_id'], id);
  });

  test("changes of records reach no workspace's endpoints", async () => {
    await whole.got('POST', '/v1/companies', { name: 'Acme' });
    assert.deepEqual(await typesAt(whole, endpoint, '&event=company.created'), ['company.created']);
    for (const bound of [one, other])
      assert.deepEqual(await typesAt(bound, bound.endpoint, '&event=company.created'), []);
  });

  test('a listener of a workspace gets only its events', async () => {
    const { id } = await one.got('POST', '/v1/listeners', { events: ['pulled.*'] });
    await whole.publish('pulled.whole');
    await other.publish('pulled.other');
    await one.publish('pulled.one');
    const pulled = await one.api('POST', `/v1/listeners/${String(id)}/pull`, { wait_seconds: 0 });
    assert.deepEqual(
      (pulled.json.data as { event: string }[]).map(({ event }) => event),
      ['pulled.one'],
    );
  });

  test('a test event and its retry reach the endpoint of a workspace', async () => {
    const receiver = await scene.receive();
    const tried = await one.register(receiver.url, { dialect: 'standard', events: ['to.nobody'] });
    const { delivery_id: id } = await one.got('POST', `/v1/webhooks/${tried.id}/test`, {});
    await eventually(async () => (await one.delivery(String(id))).status === 'delivered', 'the test is delivered');
    assert.equal((await one.api('POST', `/v1/deliveries/${String(id)}/retry`)).status, 202);
    await eventually(() => receiver.arrivals.length === 2, 'the retry arrived');
    assert.deepEqual(await typesAt(other, other.endpoint, '&event=webhook.test'), []);
  });

  test('a replay of all events stays within its workspace', async () => {
    const late = await one.register('http://127.0.0.1:9/late', {
      dialect: 'standard',
      events: ['replayed.*'],
      is_active: false,
    });
    await whole.publish('replayed.whole');
    await other.publish('replayed.other');
    await one.publish('replayed.one');
    await scene.clock.advance(1_000);
    await one.got('PATCH', `/v1/webhooks/${late.id}`, { is_active: true });
    const { id } = await one.got('POST', '/v1/replays', {
      endpoint_id: late.id,
      since: '2026-01-01T00:00:00Z',
      status: 'all',
      event_types: ['replayed.*'],
    });
    await asTimePasses(
      scene.product,
      async () => (await one.got('GET', `/v1/replays/${String(id)}`))['state'] === 'completed',
      'the replay is complete',
    );
    assert.deepEqual(
      await typesAt(one, late),
      ['replayed.one', 'replayed.one'],
      'the one that was held, and the one of the replay',
    );
  });

  test('a disabled endpoint of a workspace is reported to that workspace and to the organization', async () => {
    const gone = await scene.receive((_arrival, response) => response.writeHead(410).end());
    await one.register(gone.url, { dialect: 'standard', events: ['to.nobody'] });
    await one.publish('to.nobody');
    const reported = async (who: Caller, at: MadeEndpoint): Promise<number> =>
      (await typesAt(who, at, '&event=endpoint.disabled')).length;
    await eventually(async () => (await reported(one, one.endpoint)) === 1, 'the workspace gets endpoint.disabled');
    assert.equal(await reported(whole, endpoint), 1);
    assert.equal(await reported(other, other.endpoint), 0);
  });

  test('workspaces may use the same idempotency keys', async () => {
    const keyed = { 'idempotency-key': 'welcome-1' };
    const ids = [];
    for (const who of [whole, one, other]) ids.push((await who.publish('keyed', {}, keyed)).id);
    assert.equal(new Set(ids).size, 3);
    assert.equal((await one.publish('keyed', {}, keyed)).id, ids[1]);
  });

  test('GET /v1/me does not show the alert address to a key of a workspace', async () => {
    await whole.got('PATCH', '/v1/organization', { alert_email: 'ops@example.com' });
    const addressTo = async (who: Caller): Promise<unknown> =>
      ((await who.got('GET', '/v1/me'))['organization'] as { alert_email: unknown }).alert_email;
    assert.equal(await addressTo(whole), 'ops@example.com');
    assert.equal(await addressTo(one), null);
  });
});
