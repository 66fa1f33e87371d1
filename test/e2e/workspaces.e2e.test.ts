import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { WorkspaceId } from '../../src/base/ids.ts';
import type { Caller, Fields, MadeEndpoint } from '../harness/caller.ts';
import { assertRefused, uuid } from '../harness/edge-routes.ts';
import { eventually } from '../harness/clock.ts';
import { foxreachOf } from '../harness/foxreach.ts';
import { asTimePasses, installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';

interface Bound extends Caller {
  readonly endpoint: MadeEndpoint;
  readonly workspaceId: WorkspaceId;
}

/** Creates or changes one contact. */
async function upsert(who: Caller, contact: Fields, more: object = {}): Promise<Fields & { readonly id: string }> {
  const answer = await who.api('POST', '/v1/contacts', { lawful_basis: 'consent', contacts: [contact], ...more });
  const [row] = answer.json.data as { id: string }[];
  assert.ok(row?.id !== undefined, answer.text);
  return { ...(await who.got('GET', `/v1/contacts/${row.id}`)), id: row.id };
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
      const workspaceId = await whole.workspace(name);
      const caller = await whole.withKey({ workspaceId });
      return { ...caller, workspaceId, endpoint: await caller.register(nobody, { dialect: 'standard' }) };
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
    for (const [path, body, field] of [
      ['/v1/events', { event: 'x', data: {}, workspace: { external_id: 'x'.repeat(10_240) } }, 'workspace.external_id'],
      ['/v1/workspaces', { name: 'Long', external_id: 'x'.repeat(10_240) }, 'external_id'],
    ] as const) {
      const { details } = assertRefused(await whole.api('POST', path, body), 422, 'validation_failed');
      assert.deepEqual(Object.keys(details), [field]);
    }
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

  test('a key can be bound to a workspace that it names by its external id', async () => {
    const customer = { external_id: 'customer-with-key', name: 'With key' };
    const made = await whole.got('POST', '/v1/keys', { name: 'x', workspace: customer });
    const [row] = (await whole.api('GET', '/v1/workspaces?external_id=customer-with-key')).json.data as Fields[];
    assert.ok(row !== undefined && made['workspace_id'] === row['id']);
    assert.equal((await one.api('POST', '/v1/keys', { name: 'x', workspace: customer })).status, 403);
    const creator = await whole.withKey({ scopes: ['keys:write', 'workspaces:write'] });
    const never = { name: 'x', workspace: { external_id: 'customer-without-key' } };
    for (const [status, more] of [
      [403, { scopes: ['contacts:read'] }],
      [422, { expires_at: '2020-01-01T00:00:00Z' }],
    ] as const)
      assert.equal((await creator.api('POST', '/v1/keys', { ...never, ...more })).status, status);
    assert.equal((await whole.api('GET', '/v1/workspaces?external_id=customer-without-key')).json['total'], 0);
    const sandbox = await whole.api('POST', '/v1/keys', { name: 'x', sandbox: true, workspace: customer });
    assert.deepEqual([sandbox.status, Object.keys(sandbox.json.error?.details ?? {})], [422, ['workspace']]);
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
    const company = await bound.got('POST', '/v1/companies', { name: 'Leaving' });
    const source = await bound.got('POST', '/v1/sources', { name: 'Leaving' });
    const contact = await upsert(bound, {
      email: 'ada@leaving.example',
      company_id: company['id'],
      source_id: source['id'],
      tags: ['left'],
    });
    const project = await bound.got('POST', '/v1/projects', { name: 'Leaving', company_id: company['id'] });
    await bound.got('POST', `/v1/projects/${String(project['id'])}/contacts`, { contact_ids: [contact.id] });
    const activity = await bound.got('POST', '/v1/activities', { activity_type: 'note', contact_id: contact.id });
    const suppression = await bound.got('POST', '/v1/suppressions', { domain: 'leaving.example' });
    const topic = await bound.got('POST', '/v1/topics', { name: 'Leaving' });
    await bound.got('POST', `/v1/topics/${String(topic['id'])}/opt-outs`, { email: 'ada@leaving.example' });
    const unfinished = await bound.got('POST', '/v1/imports', { lawful_basis: 'consent' });
    const template = await bound.got('POST', '/v1/templates', { name: 'Leaving', body: 'x' });
    const filter = { field: 'email', op: 'eq', value: 'ada@leaving.example' };
    const segment = await bound.got('POST', '/v1/segments', { name: 'Leaving', entity: 'contact', filter });
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
    for (const [kind, record] of Object.entries({
      companies: company,
      sources: source,
      contacts: contact,
      projects: project,
      activities: activity,
      suppressions: suppression,
      imports: unfinished,
      templates: template,
      segments: segment,
      topics: topic,
    })) {
      const page = await whole.api('GET', `/v1/${kind}?workspace_id=${id}&page_size=100`);
      assert.deepEqual(page.json.data, [], kind);
      if (kind !== 'sources')
        assert.equal((await whole.api('GET', `/v1/${kind}/${String(record['id'])}`)).status, 404, kind);
    }
    assert.ok(!(await whole.api('GET', '/v1/tags')).text.includes('left'));
    const deleted = (await typesAt(whole, endpoint)).filter((type) => /(deleted|cancelled)$/.test(type));
    assert.deepEqual(deleted, [
      'activity.deleted',
      'company.deleted',
      'contact.deleted',
      'import.cancelled',
      'project.deleted',
      'segment.deleted',
      'source.deleted',
      'suppression.deleted',
      'topic.deleted',
    ]);
    const again = await whole.register(nobody, { dialect: 'standard', events: ['left.*'], ...customer });
    assert.notEqual(again['workspace_id'], id);
  });

  test("changes of records without a workspace reach no workspace's endpoints", async () => {
    await whole.got('POST', '/v1/companies', { name: 'Acme' });
    const [newest] = await whole.deliveries(endpoint, '?limit=1');
    assert.equal(newest?.['event'], 'company.created');
    for (const bound of [one, other])
      assert.deepEqual(await typesAt(bound, bound.endpoint, '&event=company.created'), []);
  });

  test('records belong to a workspace or to the organization, and refer only to records of the same owner', async () => {
    const email = 'ada@lovelace.example';
    const made = {
      one: await upsert(one, { email, tags: ['of one'] }),
      other: await upsert(whole, { email, tags: ['of other'] }, { workspace_id: other.workspaceId }),
      whole: await upsert(whole, { email, tags: ['of whole'] }),
    };
    assert.deepEqual(
      [made.one.workspace_id, made.other.workspace_id, made.whole.workspace_id],
      [one.workspaceId, other.workspaceId, null],
    );
    assert.equal(new Set(Object.values(made).map(({ id }) => id)).size, 3);
    assert.equal((await upsert(one, { email: 'Ada@lovelace.example', first_name: 'Ada' })).id, made.one.id);
    const found = async (who: Caller, query = ''): Promise<unknown[]> =>
      ((await who.api('GET', `/v1/contacts?search=lovelace${query}`)).json.data as Fields[]).map(({ id }) => id);
    assert.deepEqual(await found(whole), [made.whole.id, made.other.id, made.one.id]);
    assert.deepEqual(await found(whole, `&workspace_id=${one.workspaceId}`), [made.one.id]);
    assert.deepEqual(await found(one), [made.one.id]);
    assert.deepEqual(await found(one, `&workspace_id=${other.workspaceId}`), []);
    const tagsOf = async (who: Caller): Promise<string> => (await who.api('GET', '/v1/tags')).text;
    assert.ok(!(await tagsOf(one)).includes('of other') && (await tagsOf(whole)).includes('of other'));
    for (const [who, expected] of [
      [one, 1],
      [other, 1],
      // With that of the deleted workspace.
      [whole, 4],
    ] as const) {
      const at = 'endpoint' in who ? who.endpoint : endpoint;
      assert.equal((await typesAt(who, at, '&event=contact.created')).length, expected);
    }

    const [company, theirs] = [
      await one.got('POST', '/v1/companies', { name: 'Engines' }),
      await whole.got('POST', '/v1/companies', { name: 'Engines' }),
    ];
    const refused = async (answer: ReturnType<Caller['api']>): Promise<unknown> => {
      const { status, json } = await answer;
      assert.equal(status, 422);
      return json.error?.details;
    };
    const elsewhere = { company_id: 'does not exist in this workspace' };
    const path = `/v1/contacts/${made.one.id}`;
    assert.deepEqual(await refused(one.api('PATCH', path, { company_id: theirs['id'] })), elsewhere);
    assert.deepEqual(await refused(whole.api('PATCH', path, { company_id: theirs['id'] })), elsewhere);
    assert.deepEqual(
      await refused(whole.api('PATCH', `/v1/contacts/${made.whole.id}`, { company_id: company['id'] })),
      { company_id: 'does not exist in this organization' },
    );
    assert.equal((await whole.got('PATCH', path, { company_id: company['id'] }))['company_name'], 'Engines');
    assert.deepEqual(
      await refused(one.api('POST', '/v1/projects', { name: 'x', company_id: theirs['id'] })),
      elsewhere,
    );
    const project = await one.got('POST', '/v1/projects', { name: 'x', company_id: company['id'] });
    assert.deepEqual(
      await refused(
        whole.api('POST', `/v1/projects/${String(project['id'])}/contacts`, { contact_ids: [made.other.id] }),
      ),
      { 'contact_ids.0': 'does not exist in this workspace' },
    );
    assert.deepEqual(
      await refused(whole.api('POST', '/v1/activities', { activity_type: 'note', contact_id: made.one.id })),
      { contact_id: 'does not exist in this organization' },
    );

    const fox = foxreachOf(one);
    const leads = (await fox.call('GET', '/leads?search=lovelace')).json.data as Fields[];
    assert.equal(leads.length, 1);
    const foxId = (id: string): string => `cld_${id.replaceAll('-', '')}`;
    assert.equal((await fox.call('GET', `/leads/${foxId(made.one.id)}`)).status, 200);
    assert.equal((await fox.call('GET', `/leads/${foxId(made.other.id)}`)).status, 404);
    assert.equal((await fox.call('DELETE', `/leads/${foxId(made.whole.id)}`)).status, 404);
    const listed = await one.api('POST', '/api/contacts-list', { search: 'lovelace' });
    assert.deepEqual(
      (listed.json as { result?: { items: Fields[] } }).result?.items.map(({ id }) => id),
      [made.one.id],
    );
    assert.equal((await one.api('POST', '/api/contacts-get', { id: made.other.id })).status, 404);
  });

  test('suppressions of the workspace and of the whole organization apply; a bound key changes only its own', async () => {
    const { id } = await one.got('POST', '/v1/suppressions', { email: 'grace@hopper.example' });
    const all = await whole.got('POST', '/v1/suppressions', { domain: 'blocked.example' });
    assert.deepEqual(
      [(await one.got('GET', `/v1/suppressions/${String(id)}`))['workspace_id'], all['workspace_id']],
      [one.workspaceId, null],
    );
    const results = async (who: Caller): Promise<unknown[]> => {
      const contacts = ['grace@hopper.example', 'x@blocked.example'].map((email) => ({ email }));
      const answer = await who.api('POST', '/v1/contacts', { lawful_basis: 'consent', contacts });
      return (answer.json.data as Fields[]).map(({ status }) => status);
    };
    assert.deepEqual(await results(one), ['suppressed', 'suppressed']);
    assert.deepEqual(await results(other), ['created', 'suppressed']);
    assert.deepEqual(await results(whole), ['created', 'suppressed']);
    const listed = async (who: Caller): Promise<unknown[]> =>
      ((await who.api('GET', '/v1/suppressions')).json.data as Fields[]).map((row) => row['id']);
    assert.deepEqual([await listed(one), await listed(other)], [[id], []]);
    assert.ok((await listed(whole)).includes(id));
    const lift = async (who: Caller, suppression: unknown): Promise<number> =>
      (await who.api('DELETE', `/v1/suppressions/${String(suppression)}`)).status;
    assert.deepEqual([await lift(one, all['id']), await lift(other, id), await lift(one, id)], [403, 404, 204]);
    assert.deepEqual(await results(one), ['created', 'suppressed']);
  });

  test('what mail of a workspace brings about suppresses for that workspace', async () => {
    const customer = { workspace: { external_id: 'sending', name: 'Sending' } };
    const mailbox = await whole.got('POST', '/v1/mailboxes', {
      email: 'sender@sending.example',
      provider: 'capture',
      ...customer,
    });
    const workspace = String(mailbox['workspace_id']);
    const template = await whole.got('POST', '/v1/templates', { name: 'x', body: 'x', ...customer });
    const campaign = await whole.got('POST', '/v1/campaigns', { name: 'x', ...customer });
    assert.deepEqual([template['workspace_id'], campaign['workspace_id']], [workspace, workspace]);
    const to = 'reader@lovelace.example';
    const message = { mailbox_id: mailbox['id'], to, subject: 'Hello', text: 'Hello' };
    const sent = await whole.got('POST', '/v1/messages', message);
    const contact = {
      ofSender: await upsert(whole, { email: to }, customer),
      ofWhole: await upsert(whole, { email: to }),
    };
    await whole.api('POST', '/api/webhooks', {
      type: 'email.unsubscribed',
      email_id: sent['id'],
      recipient: to,
    });
    const [row] = (await whole.api('GET', `/v1/suppressions?search=${to}`)).json.data as Fields[];
    assert.deepEqual([row?.['workspace_id'], row?.['reason']], [workspace, 'unsubscribed']);
    const statusOf = async ({ id }: { id: string }): Promise<unknown> =>
      (await whole.got('GET', `/v1/contacts/${id}`))['status'];
    assert.deepEqual([await statusOf(contact.ofSender), await statusOf(contact.ofWhole)], ['unsubscribed', 'active']);
    assert.equal((await whole.api('POST', '/v1/messages', message)).status, 422);
    const elsewhere = await whole.got('POST', '/v1/mailboxes', { email: 'two@sending.example', provider: 'capture' });
    assert.equal((await whole.api('POST', '/v1/messages', { ...message, mailbox_id: elsewhere['id'] })).status, 202);
  });

  test('a listener of a workspace gets only its events', async () => {
    const { id } = await one.got('POST', '/v1/listeners', { dialect: 'standard', events: ['pulled.*'] });
    await whole.publish('pulled.whole');
    await other.publish('pulled.other');
    await one.publish('pulled.one');
    const pulled = await one.api('POST', `/v1/listeners/${String(id)}/pull`, { wait_seconds: 0 });
    assert.deepEqual(
      (pulled.json.data as { event: string; request: { body: string } }[]).map(({ event, request }) => [
        event,
        (JSON.parse(request.body) as Fields)['workspace_id'],
      ]),
      [['pulled.one', one.workspaceId]],
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

  describe('a workspace that a call names for the first time', () => {
    const existing = async (external: string): Promise<number> =>
      ((await whole.api('GET', `/v1/workspaces?external_id=${external}`)).json.data as unknown[]).length;
    const refused: readonly (readonly [string, Fields])[] = [
      ['/v1/companies', { name: 'Acme', custom_fields: { nope: 1 } }],
      ['/v1/projects', { name: 'Move', company_id: uuid }],
      ['/v1/activities', { activity_type: 'note', subject: 'x', contact_id: uuid }],
      ['/v1/suppressions', { email: 'not-an-address' }],
      ['/v1/segments', { name: 'x', entity: 'contact', filter: { nope: 1 } }],
      ['/v1/templates', { name: 'x', subject: '{{', body: 'x' }],
      ['/v1/webhooks', { target_url: nobody, events: ['*'], dialect: 'standard', body_template: '{{' }],
      ['/v1/mailboxes', { email: 'no address', provider: 'capture' }],
      ['/v1/dkim-keys', { domain: 'no domain', selector: 's' }],
      ['/v1/campaigns', { name: 'x', mailbox_ids: [uuid] }],
      ['/v1/leads/discover', { icp: {}, sources: [{ type: 'provider', provider_id: uuid }] }],
      ['/v1/keys', { name: 'x', scopes: ['nope'] }],
    ];

    for (const headers of [undefined, { 'idempotency-key': 'first' }] as const)
      test(`is not left behind by a call that fails${headers === undefined ? '' : ', with an Idempotency-Key'}`, async () => {
        for (const [path, body] of refused) {
          const external = `left-${path}`;
          const answer = await whole.api('POST', path, { ...body, workspace: { external_id: external } }, headers);
          assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status} ${answer.text}`);
          assert.equal(await existing(external), 0, path);
        }
      });

    test('is not left behind by a call whose rows are all rejected, nor by a batch of events with another that is invalid', async () => {
      const rows: readonly (readonly [string, Fields])[] = [
        [
          '/v1/contacts',
          { lawful_basis: 'consent', contacts: [{ email: 'nobody' }, { email: 'a@b.example', company_id: uuid }] },
        ],
        ['/v1/companies/upsert', { companies: [{ domain: 'nodot' }, { domain: 'nameless.example' }] }],
        ['/v1/suppressions', { suppressions: [{ email: 'nobody' }, {}] }],
      ];
      for (const headers of [undefined, { 'idempotency-key': 'rows' }] as const)
        for (const [path, body] of rows) {
          const external = `left-rows-${path}`;
          const answer = await whole.api('POST', path, { ...body, workspace: { external_id: external } }, headers);
          assert.deepEqual([answer.status, (answer.json['summary'] as Fields)['rejected']], [200, 2], answer.text);
          assert.equal(await existing(external), 0, path);
        }
      const named = { event: 'a.b', data: {}, workspace: { external_id: 'left-event' } };
      const answer = await whole.api('POST', '/v1/events/batch', {
        events: [named, { event: 'a.b', data: {}, workspace_id: uuid }],
      });
      assert.deepEqual([answer.status, await existing('left-event')], [422, 0], answer.text);
    });

    test('is created with the record, once for calls at the same time', async () => {
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          whole.api('POST', '/v1/companies', { name: `Acme ${index}`, workspace: { external_id: 'new-1' } }),
        ),
      );
      const owners = new Set(answers.map(({ json }) => (json.data as Fields)['workspace_id']));
      assert.deepEqual([answers.map(({ status }) => status).every((status) => status === 201), owners.size], [true, 1]);
      const [owner] = owners;
      const made = await whole.got('POST', '/v1/webhooks', {
        target_url: nobody,
        events: ['*'],
        workspace: { external_id: 'new-1' },
      });
      assert.equal(made['workspace_id'], owner);
      const mailbox = await whole.got('POST', '/v1/mailboxes', {
        email: 'ada@lovelace.test',
        provider: 'capture',
        workspace: { external_id: 'new-2' },
      });
      assert.equal(
        (await whole.got('GET', `/v1/workspaces/${String(mailbox['workspace_id'])}`))['external_id'],
        'new-2',
      );
    });

    test('may be another one for each of 1,000 events', async () => {
      const events = Array.from({ length: 1_000 }, (_, index) => ({
        event: 'many.named',
        data: {},
        workspace: { external_id: `many-${index}` },
      }));
      const answer = await whole.api('POST', '/v1/events/batch', { events });
      assert.equal(answer.status, 202, answer.text.slice(0, 300));
      assert.equal(await existing('many-999'), 1);
    });
  });
});
