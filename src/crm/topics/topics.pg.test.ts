import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import { contact } from '../../../test/harness/contacts.ts';
import { eventsOf } from '../../../test/harness/crm.ts';
import { installationScene } from '../../../test/harness/installation.ts';

describe('topics', () => {
  // Without the engine, nothing changes between requests.
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  const email = 'ada@lovelace.example';

  const makeTopic = async (caller: Caller, name: string, more: Fields = {}): Promise<string> =>
    String((await caller.got('POST', '/v1/topics', { name, ...more }))['id']);
  const dataOf = async (caller: Caller, path: string): Promise<Fields[]> =>
    (await caller.api('GET', path)).json.data as Fields[];

  test('an address leaves a topic once and rejoins it, with an event each', async () => {
    const me = await scene.product.tenant();
    const id = await makeTopic(me, 'News');
    const { id: contactId } = await contact(me, { email });
    const path = `/v1/topics/${id}/opt-outs`;
    const left = await me.api('POST', path, { email: 'Ada@Lovelace.example', reason: 'unsubscribed' });
    const again = await me.api('POST', path, { email });
    const optOut = left.json.data as Fields;
    assert.deepEqual([left.status, again.status, again.json.data], [201, 200, optOut]);
    assert.deepEqual(
      (await dataOf(me, `/v1/contacts/${contactId}/topics`)).map((topic) => [topic['name'], topic['left']]),
      [['News', true]],
    );
    assert.deepEqual(await dataOf(me, `${path}?search=ADA@lovelace.example`), [optOut]);
    assert.deepEqual(await dataOf(me, `${path}?search=grace@hopper.example`), []);
    assert.equal((await me.api('DELETE', `${path}/${String(optOut['id'])}`)).status, 204);
    assert.equal((await me.api('DELETE', `${path}/${String(optOut['id'])}`)).status, 404);
    const told = (await eventsOf(scene.product.db, me.organization.id)).flatMap(({ type, data }) =>
      type.startsWith('topic.') ? [[type, data['email'], data['contact_id']]] : [],
    );
    assert.deepEqual(told, [
      ['topic.created', undefined, undefined],
      ['topic.left', email, contactId],
      ['topic.rejoined', email, contactId],
    ]);
  });

  test('many addresses leave and rejoin in one call, each with a result', async () => {
    const me = await scene.product.tenant();
    const id = await makeTopic(me, 'News');
    const rows = [{ email }, { email: 'nobody' }, { email, reason: 'import' }, { email: 'grace@hopper.example' }, 7];
    const left = await me.api('POST', `/v1/topics/${id}/opt-outs`, { opt_outs: rows });
    assert.deepEqual(
      (left.json.data as Fields[]).map(({ status }) => status),
      ['created', 'rejected', 'exists', 'created', 'rejected'],
    );
    const back = await me.api('POST', `/v1/topics/${id}/rejoin`, {
      emails: [email, 'joan@clarke.example', 'no', null],
    });
    assert.deepEqual(back.json['summary'], { rejoined: 1, not_left: 1, rejected: 2 });
    assert.deepEqual(
      (await dataOf(me, `/v1/topics/${id}/opt-outs`)).map((row) => row['email']),
      ['grace@hopper.example'],
    );
  });

  test('an opt-out outlives the contact and an erasure of the person', async () => {
    const me = await scene.product.tenant();
    const id = await makeTopic(me, 'News');
    const first = await contact(me, { email });
    await me.got('POST', `/v1/topics/${id}/opt-outs`, { email });
    assert.equal((await me.api('DELETE', `/v1/contacts/${first.id}`)).status, 204);
    const second = await contact(me, { email });
    assert.equal((await dataOf(me, `/v1/contacts/${second.id}/topics`))[0]?.['left'], true);
    const exported = await me.api('POST', `/v1/contacts/${second.id}/export`);
    assert.deepEqual(
      (exported.json['data'] as { topics_left: Fields[] }).topics_left.map((row) => row['topic_id']),
      [id],
    );
    // As the erasure's job does it, which no process of this test runs.
    const { db, vault } = scene.product;
    const { eraseOptOuts } = await import('./erasure.ts');
    const chunk = { organizationId: me.organization.id, needles: { addresses: [email], contactIds: [] }, vault };
    assert.deepEqual(
      (await db.transaction((tx) => eraseOptOuts(tx, chunk as unknown as Parameters<typeof eraseOptOuts>[1]))).changed,
      1,
    );
    const [row] = await dataOf(me, `/v1/topics/${id}/opt-outs?search=${email}`);
    assert.equal(row?.['email'], null, 'found by its hash');
    assert.equal((await me.api('POST', `/v1/topics/${id}/opt-outs`, { email })).status, 200, 'it has still left');
  });

  test('segments find the contacts that left a topic', async () => {
    const me = await scene.product.tenant();
    const [id, other] = [await makeTopic(me, 'News'), await makeTopic(me, 'Events')];
    const { id: ada } = await contact(me, { email });
    await contact(me, { email: 'grace@hopper.example' });
    await me.got('POST', `/v1/topics/${id}/opt-outs`, { email });
    for (const [topic, expected] of [
      [id, [ada]],
      [other, []],
    ] as const) {
      const filter = { field: 'left_topic_id', op: 'eq', value: topic };
      const segment = await me.got('POST', '/v1/segments', { name: `left ${topic}`, entity: 'contact', filter });
      const found = await dataOf(me, `/v1/segments/${String(segment['id'])}/contacts`);
      assert.deepEqual(
        found.map((row) => row['id']),
        expected,
      );
    }
  });

  test('an address leaves for every address of its contact, now and later, but not for a contact of another workspace', async () => {
    const me = await scene.product.tenant();
    const id = await makeTopic(me, 'News');
    const emails = (...[primary, ...others]: string[]) => ({
      emails: [{ email: primary, primary: true }, ...others.map((each) => ({ email: each }))],
    });
    const { id: ada } = await contact(me, { email });
    const { id: grace } = await contact(me, { email: 'grace@hopper.example' });
    await me.got('PATCH', `/v1/contacts/${ada}`, emails(email, 'ada@byron.example'));
    const workspace = await me.workspace('apart');
    const { id: apart } = await contact(await me.withKey({ workspaceId: workspace }), { email });
    const campaignOf = (contactIds: unknown[], body: Fields = {}) =>
      me.api('POST', '/v1/campaigns', { name: 'x', topic_id: id, contact_ids: contactIds, ...body });
    const begun = (await campaignOf([ada])).json.data as Fields;
    for (const left of ['ada@byron.example', 'grace@navy.example'])
      await me.got('POST', `/v1/topics/${id}/opt-outs`, { email: left });
    await me.got('PATCH', `/v1/contacts/${grace}`, emails('grace@hopper.example', 'grace@navy.example'));
    const [lead] = await dataOf(me, `/v1/campaigns/${String(begun['id'])}/leads`);
    assert.deepEqual([lead?.['status'], lead?.['blocked_reason']], ['skipped', 'left_topic'], 'stopped at once');
    const refused = (await campaignOf([ada, grace])).json['leads'] as Fields;
    assert.deepEqual(
      (refused['skipped'] as Fields[]).map(({ contact_id: contactId, reason }) => [contactId, reason]),
      [ada, grace].map((each) => [each, 'left_topic']),
    );
    const other = (await campaignOf([apart], { workspace_id: workspace })).json['leads'] as Fields;
    assert.equal(other['added'], 1);
    const [topic] = await dataOf(me, `/v1/contacts/${grace}/topics`);
    assert.deepEqual([topic?.['left'], topic?.['email']], [true, 'grace@navy.example']);
    const filter = { field: 'left_topic_id', op: 'eq', value: id };
    const segment = await me.got('POST', '/v1/segments', { name: 'left', entity: 'contact', filter });
    const found = await dataOf(me, `/v1/segments/${String(segment['id'])}/contacts`);
    assert.deepEqual(
      found.map((row) => row['id']),
      [grace, ada],
    );
  });

  test('names are unique for each owner, and bad names, addresses and topics of others are refused', async () => {
    const me = await scene.product.tenant();
    const [workspace, other] = [await me.workspace('one'), await me.workspace('other')];
    const id = await makeTopic(me, 'News');
    const theirs = await makeTopic(me, 'News', { workspace_id: workspace });
    assertRefused(await me.api('POST', '/v1/topics', { name: ' News ' }), 409, 'conflict');
    const events = await makeTopic(me, 'Events');
    assertRefused(await me.api('PATCH', `/v1/topics/${events}`, { name: 'News' }), 409, 'conflict');
    assertRefused(await me.api('POST', '/v1/topics', { name: ' ' }), 422, 'validation_failed');
    for (const body of [{}, { email: 'no' }, { email, opt_outs: [{ email }] }, { opt_outs: [] }])
      assertRefused(await me.api('POST', `/v1/topics/${id}/opt-outs`, body), 422, 'validation_failed');
    // A campaign has a topic of its workspace or of the organization.
    const campaign = (body: Fields, caller: Caller = me) => caller.api('POST', '/v1/campaigns', { name: 'x', ...body });
    const made = await campaign({ workspace_id: workspace, topic_id: theirs });
    assert.equal(made.status, 201, made.text);
    assert.equal((await campaign({ workspace_id: workspace, topic_id: id })).status, 201);
    const bound = await me.withKey({ workspaceId: workspace });
    for (const [answer, problem] of [
      [await campaign({ workspace_id: other, topic_id: theirs }), /another workspace/],
      [await campaign({ topic_id: theirs }), /another workspace/],
      [await campaign({ topic_id: id }, bound), /does not exist in this workspace/],
    ] as const)
      assert.match(String(assertRefused(answer, 422, 'validation_failed').details['topic_id']), problem);
    assert.equal((await bound.api('GET', `/v1/topics/${id}`)).status, 404);
    // It can be deleted once no campaign needs it.
    const path = `/v1/campaigns/${String((made.json.data as Fields)['id'])}`;
    assertRefused(await me.api('DELETE', `/v1/topics/${theirs}`), 409, 'conflict');
    assert.equal((await me.api('POST', `${path}/archive`)).status, 200);
    assert.equal((await me.api('DELETE', `/v1/topics/${theirs}`)).status, 204);
    assert.equal((await me.got('GET', path))['topic_id'], null);
  });
});
