import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { inviteOwner } from '../../src/accounts/index.ts';
import { minuteMs } from '../../src/base/clock.ts';
import type { WorkspaceId } from '../../src/base/ids.ts';
import { sql } from '../../src/db/sql.ts';
import { scopesOf } from '../../src/http/route.ts';
import { grants } from '../../src/auth/index.ts';
import { callerOf } from '../harness/caller.ts';
import type { Caller } from '../harness/caller.ts';
import { eventually } from '../harness/clock.ts';
import type { Answer } from '../harness/edge.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { bodyOf, namesRecord, nativeRoutes, operationsOn, perform } from './records.ts';
import type { Owner } from './records.ts';

const password = 'correct horse battery staple';

describe('members limited to a workspace', () => {
  const scene = installationScene();
  let tenant: Tenant;
  let mine: WorkspaceId;
  let theirs: WorkspaceId;
  let other: Owner;
  before(async () => {
    tenant = await scene.product.tenant();
    await tenant.got('POST', '/v1/keys', { name: 'x', sandbox: true });
    [mine, theirs] = [await tenant.workspace('mine'), await tenant.workspace('theirs')];
    other = { ...(await tenant.withKey({ workspaceId: theirs })), workspaceId: theirs };
  });

  let people = 0;
  const accept = (body: object): Promise<Answer> =>
    callerOf(scene.product.url, '').api('POST', '/v1/invitations/accept', { name: 'Ada', password, ...body });
  /** As a caller, it uses a session. */
  function sessionOf(answer: Answer): Caller {
    assert.equal(answer.status, 201, answer.text);
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const nobody = callerOf(scene.product.url, '');
    const api: Caller['api'] = (method, path, body, headers) =>
      nobody.api(method, path, body, { cookie, 'sec-fetch-site': 'same-origin', ...headers });
    const got: Caller['got'] = async (...call) => {
      const { status, text, json } = await api(...call);
      assert.ok(status < 300, text);
      return json.data as Record<string, unknown>;
    };
    return { ...nobody, api, got };
  }
  async function person(role: string, workspace: WorkspaceId | null) {
    people += 1;
    // An address may try 20 times a minute.
    await scene.clock.leap(minuteMs);
    const email = `limited-${people}@example.com`;
    const invited = await tenant.got('POST', '/v1/invitations', { email, role, workspace_id: workspace });
    assert.equal(invited['workspace_id'], workspace);
    const session = sessionOf(await accept({ token: invited['token'] }));
    const members = (await tenant.api('GET', '/v1/members?page_size=100')).json.data as { id: string; email: string }[];
    const { id } = members.find((each) => each.email === email) ?? assert.fail();
    return { ...session, email, member: id };
  }
  const member = (id: string) => tenant.got('GET', `/v1/members/${id}`);

  test('a session of theirs is like a key bound to the workspace, on every route', async () => {
    const ada = await person('member', mine);
    const me = await ada.got('GET', '/v1/me');
    const { scopes, workspace, organizations } = me as {
      scopes: string[];
      workspace: { id: string };
      organizations: { slug: string }[];
    };
    assert.equal(workspace.id, mine);
    // Its sandbox has other workspaces.
    assert.deepEqual(
      organizations.map(({ slug }) => slug),
      [tenant.organization.slug],
    );
    const sandbox = { 'outrider-organization': `${tenant.organization.slug}-sandbox` };
    assertRefused(await ada.api('GET', '/v1/me', undefined, sandbox), 403, 'forbidden');

    const routes = nativeRoutes(scene.product.app).filter(
      (route) => route.scope !== null && scopesOf(route).every((scope) => grants(scopes, scope)),
    );
    const own = await operationsOn(
      scene.product,
      routes.filter(({ boundKeys }) => boundKeys === 'own'),
      other,
    );
    assert.ok(own.length >= 60, String(own.length));
    for (const operation of own) assertRefused(await perform(ada, operation), 404, 'not_found');
    const refused = routes.filter(({ boundKeys }) => boundKeys === 'refused');
    assert.ok(refused.length >= 10, String(refused.length));
    for (const route of refused) {
      const path = route.path.replaceAll(/:\w+/g, theirs);
      const body = namesRecord(route) ? undefined : await bodyOf(route, other);
      assertRefused(await ada.api(route.method, path, body), 403, 'forbidden');
    }

    const made = await ada.got('POST', '/v1/companies', { name: 'Engines' });
    assert.equal(made['workspace_id'], mine);
    const elsewhere = await ada.api('POST', '/v1/companies', { name: 'Engines', workspace_id: theirs });
    assertRefused(elsewhere, 403, 'forbidden');
    await tenant.got('POST', '/v1/companies', { name: 'Of the organization' });
    const { data, total } = (await ada.api('GET', '/v1/companies')).json as unknown as {
      data: { id: string }[];
      total: number;
    };
    assert.deepEqual([data.map(({ id }) => id), total], [[made['id']], 1]);
    // The own account is theirs.
    const sessions = (await ada.api('GET', '/v1/sessions')).json.data as { id: string }[];
    assert.equal(sessions.length, 1);
    assert.equal((await ada.api('GET', '/v1/me/passkeys')).status, 200);
    const change = { current_password: password, new_password: 'seven lean herons at dusk' };
    assert.equal((await ada.api('PUT', '/v1/me/password', change)).status, 204);
    const stranger = await person('viewer', null);
    const [foreign] = (await stranger.api('GET', '/v1/sessions')).json.data as { id: string }[];
    assertRefused(await ada.api('DELETE', `/v1/sessions/${foreign?.id}`), 404, 'not_found');
    assert.equal((await ada.api('DELETE', `/v1/sessions/${sessions[0]?.id}`)).status, 204);
  });

  test('only members and viewers are limited, to a workspace of the organization, and at once', async () => {
    const invite = (role: string, workspace: unknown) =>
      tenant.api('POST', '/v1/invitations', { email: 'x@example.com', role, workspace_id: workspace });
    for (const role of ['owner', 'admin'])
      assert.ok(assertRefused(await invite(role, mine), 422, 'validation_failed').details['role']);
    const foreign = await (await scene.product.tenant()).workspace('foreign');
    for (const workspace of [foreign, tenant.organization.id, 'x'])
      assert.ok(assertRefused(await invite('viewer', workspace), 422, 'validation_failed').details['workspace_id']);

    const bob = await person('member', null);
    const patch = (body: object) => tenant.api('PATCH', `/v1/members/${bob.member}`, body);
    assert.ok(assertRefused(await patch({ workspace_id: foreign }), 422, 'validation_failed').details['workspace_id']);
    assert.equal((await bob.api('GET', '/v1/members')).status, 200);
    assert.equal((await patch({ workspace_id: mine })).status, 200);
    await eventually(async () => (await bob.api('GET', '/v1/members')).status === 403, 'bob is limited');
    assert.ok(assertRefused(await patch({ role: 'admin' }), 422, 'validation_failed').details['role']);
    assert.equal((await patch({ role: 'viewer' })).status, 200);
    assert.deepEqual(
      [(await member(bob.member))['role'], (await member(bob.member))['workspace_id']],
      ['viewer', mine],
    );
    const [event] = (await tenant.api('GET', '/v1/events?event=member.role_changed')).json.data as { id: string }[];
    const { data } = await tenant.got('GET', `/v1/events/${event?.id}`);
    const { role, previous_role: previous, workspace_id: workspace } = data as Record<string, unknown>;
    assert.deepEqual([role, previous, workspace], ['viewer', 'member', mine]);
    assert.equal((await patch({ role: 'admin', workspace_id: null })).status, 200);
    await eventually(async () => (await bob.api('GET', '/v1/members')).status === 200, 'bob is not limited any more');

    // The operator's link frees a person.
    const eve = await person('viewer', mine);
    const token = await inviteOwner(scene.product.tenancy, tenant.organization.id);
    const owner = sessionOf(await accept({ token, email: eve.email }));
    assert.equal((await owner.got('GET', '/v1/me'))['workspace'], null);
    assert.equal((await owner.api('GET', '/v1/members')).status, 200);
    const last = await tenant.api('PATCH', `/v1/members/${eve.member}`, { workspace_id: mine });
    assert.ok(assertRefused(last, 422, 'validation_failed').details['role']);
  });

  test('a deleted workspace takes the role of its members along, and open invitations', async () => {
    const gone = await tenant.workspace('gone');
    const cleo = await person('member', gone);
    const invited = await tenant.got('POST', '/v1/invitations', {
      email: 'late@example.com',
      role: 'viewer',
      workspace_id: gone,
    });
    assert.equal((await tenant.api('DELETE', `/v1/workspaces/${gone}`)).status, 202);
    await eventually(async () => (await cleo.api('GET', '/v1/companies')).status === 403, 'cleo sees nothing');
    const patched = await tenant.api('PATCH', `/v1/members/${cleo.member}`, { role: 'viewer' });
    assert.equal(patched.status, 200, 'the limit stays');
    assert.equal((await cleo.api('GET', '/v1/companies')).status, 403);
    assertRefused(await accept({ token: invited['token'] }), 401, 'unauthorized');
    await scene.clock.leap(minuteMs);
    await eventually(
      async () =>
        (await scene.product.db.query(sql`SELECT FROM account_persons WHERE email = ${cleo.email}`)).length === 0,
      'the account is deleted',
    );
    assertRefused(await tenant.api('GET', `/v1/members/${cleo.member}`), 404, 'not_found');
    const events = (await tenant.api('GET', '/v1/events?event=member.removed')).json.data as { id: string }[];
    assert.equal(events.length, 1);
    const { data } = await tenant.got('GET', `/v1/events/${events[0]?.id}`);
    const { member_id, email, workspace_id, actor } = data as Record<string, unknown>;
    assert.deepEqual(
      { member_id, email, workspace_id, actor },
      { member_id: cleo.member, email: cleo.email, workspace_id: gone, actor: { type: 'system', id: null } },
    );
  });
});
