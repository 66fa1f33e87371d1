import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inviteOwner, setupToken } from '../../src/accounts/index.ts';
import { grants } from '../../src/auth/index.ts';
import { minuteMs } from '../../src/base/clock.ts';
import { sql } from '../../src/db/sql.ts';
import { scopesOf } from '../../src/http/route.ts';
import { callerOf } from '../harness/caller.ts';
import type { Fields } from '../harness/caller.ts';
import { eventually } from '../harness/clock.ts';
import type { Answer } from '../harness/edge.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { installationScene, startInstallation } from '../harness/installation.ts';
import type { Installation, Tenant } from '../harness/installation.ts';
import { passwordAt } from '../harness/totp.ts';
import { nativeRoutes, operationsOn } from './records.ts';

const password = 'correct horse battery staple';
const roles = ['owner', 'admin', 'member', 'viewer'] as const;

/** A browser in which a person is signed in. */
interface Browser {
  readonly cookie: string;
  readonly session: string;
  readonly person: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

describe('people', () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let second: Installation;
  let tenant: Tenant;
  before(async () => {
    tenant = await scene.product.tenant();
    second = await startInstallation({
      databaseUrl: scene.product.db.url,
      clock: scene.clock,
      config: { roles: ['api'] },
    });
  });
  after(() => second.stop());

  const anyone = () => callerOf(scene.product.url, '');
  const sameOrigin = { 'sec-fetch-site': 'same-origin' };

  function browserOf(answer: Answer, url = scene.product.url): Browser {
    assert.equal(answer.status, 201, answer.text);
    const set = answer.headers.get('set-cookie') ?? '';
    assert.match(set, /^outrider_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/);
    const cookie = set.split(';')[0] ?? '';
    const data = answer.json.data as { session: { id: string }; person: { id: string } };
    return {
      cookie,
      session: data.session.id,
      person: data.person.id,
      call: (method, path, body, headers = sameOrigin) =>
        callerOf(url, '').api(method, path, body, { cookie, ...headers }),
    };
  }
  /** The account's browser, signed in anew. The clock moves, because an address may try 20 times a minute. */
  async function signIn(email: string, headers: Record<string, string> = {}): Promise<Browser> {
    await scene.clock.leap(minuteMs);
    return browserOf(await anyone().api('POST', '/v1/sessions', { email, password }, headers));
  }
  /** A new person with a role in the organization of `of`. */
  async function person(of: Tenant, role: (typeof roles)[number], email: string): Promise<Browser> {
    await scene.clock.leap(minuteMs);
    const { token } = await of.got('POST', '/v1/invitations', { email, role });
    const body = { token, name: role, password };
    return browserOf(await anyone().api('POST', '/v1/invitations/accept', body));
  }

  test("the operator's link makes one owner, who may do everything and is named as the actor", async () => {
    const organization = tenant.organization.id;
    // While no person exists, every process prints the same link.
    const [printed = '', again] = [await setupToken(scene.product.tenancy), await setupToken(scene.product.tenancy)];
    assert.equal(printed, again);
    await scene.clock.leap(23 * 60 * minuteMs + 1);
    const renewed = await setupToken(scene.product.tenancy);
    assert.notEqual(renewed, printed);
    assert.equal(await setupToken(scene.product.tenancy), renewed);
    const token = await inviteOwner(scene.product.tenancy, organization);
    const accept = (email?: string) =>
      anyone().api('POST', '/v1/invitations/accept', {
        token,
        name: 'Ada',
        password,
        ...(email === undefined ? {} : { email }),
      });
    assert.ok(assertRefused(await accept(), 422, 'validation_failed').details['email']);
    const answers = await Promise.all([
      accept('ada@example.com'),
      accept('ada@example.com'),
      accept('eve@example.com'),
    ]);
    const [first, ...others] = answers.toSorted((a, b) => a.status - b.status);
    for (const other of others) assert.ok(other.status === 401 || other.status === 409, other.text);
    const [people] = await scene.product.db.query(
      sql<{ count: number }>`SELECT count(*) AS count FROM account_persons`,
    );
    assert.equal(people?.count, 1);
    assertRefused(await accept('eve@example.com'), 401, 'unauthorized');
    // The printed link has ended with the first person.
    assert.equal(await setupToken(scene.product.tenancy), undefined);
    const late = { token: renewed, email: 'eve@example.com', name: 'Eve', password };
    assertRefused(await anyone().api('POST', '/v1/invitations/accept', late), 401, 'unauthorized');

    const owner = browserOf(first ?? assert.fail());
    const me = (await owner.call('GET', '/v1/me')).json.data as Record<string, unknown>;
    assert.deepEqual([me['key'], me['role'], me['scopes']], [null, 'owner', ['*']]);
    assert.deepEqual(me['organizations'], [
      { id: organization, slug: tenant.organization.slug, sandbox: false, live_organization_id: null, role: 'owner' },
    ]);
    const company = (await owner.call('POST', '/v1/companies', { name: 'Engines' })).json.data as {
      created_by: string;
    };
    assert.equal(company.created_by, owner.person);
    const [event] = (await tenant.api('GET', '/v1/events?event=company.created')).json.data as { id: string }[];
    const { data } = await tenant.got('GET', `/v1/events/${event?.id}`);
    assert.deepEqual((data as { actor: unknown }).actor, { type: 'user', id: owner.person });
    const key = (await owner.call('POST', '/v1/keys', { name: 'by a person' })).json.data as { created_by: string };
    assert.equal(key.created_by, owner.person);
    const [member] = (await owner.call('GET', '/v1/members')).json.data as { id: string }[];
    assertRefused(await owner.call('PATCH', `/v1/members/${member?.id}`, { role: 'viewer' }), 409, 'conflict');
    assertRefused(await owner.call('DELETE', `/v1/members/${member?.id}`), 409, 'conflict');
  });

  test('every role is admitted to exactly the routes of its scopes, in its own organization and its sandbox only', async () => {
    const stranger = await scene.product.tenant();
    await stranger.got('POST', '/v1/keys', { name: 'x', sandbox: true });
    const never = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22';
    const routes = nativeRoutes(scene.product.app).filter(({ scope }) => scope !== null);
    const guarded = routes.filter((route) => scopesOf(route).length > 0);
    for (const role of roles) {
      const browser = await person(stranger, role, `${role}@example.com`);
      const { scopes } = (await browser.call('GET', '/v1/me')).json.data as { scopes: string[] };
      const refused = new Set<string>();
      for (const route of guarded) {
        const named = `${role}: ${route.method} ${route.path}`;
        const path = route.path.replaceAll(/:\w+/g, never);
        // An unknown query parameter: an admitted call does nothing.
        const answer = await browser.call(route.method, `${path}?unknown=1`);
        const admitted = scopesOf(route).every((scope) => grants(scopes, scope));
        if (admitted) assert.ok(answer.status !== 403 && answer.status !== 401, `${named} ${answer.text}`);
        else {
          refused.add(`${route.method} ${route.path}`);
          assert.match(
            assertRefused(answer, 403, 'forbidden').message,
            new RegExp(`; your role is ${role}\\.$`),
            named,
          );
        }
        // What a viewer is admitted to reads only.
        if (role === 'viewer' && admitted)
          assert.ok(
            scopesOf(route).every((scope) => scope.endsWith(':read')),
            named,
          );
      }
      if (role === 'owner' || role === 'admin') assert.equal(refused.size, 0);
      else
        for (const call of ['GET /v1/keys', 'POST /v1/invitations', 'POST /v1/webhooks']) assert.ok(refused.has(call));
      assert.equal(refused.has('POST /v1/contacts'), role === 'viewer');

      const elsewhere = [
        tenant.organization.id,
        tenant.organization.slug,
        `${tenant.organization.slug}-sandbox`,
        'nowhere',
      ];
      for (const [index, route] of routes.entries()) {
        const path = route.path.replaceAll(/:\w+/g, never);
        const headers = { ...sameOrigin, 'outrider-organization': elsewhere[index % elsewhere.length] ?? '' };
        assertRefused(await browser.call(route.method, path, undefined, headers), 403, 'forbidden');
      }
      const sandbox = { ...sameOrigin, 'outrider-organization': `${stranger.organization.slug}-sandbox` };
      const there = (await browser.call('GET', '/v1/me', undefined, sandbox)).json.data as {
        organization: { sandbox: boolean };
      };
      assert.equal(there.organization.sandbox, true);
      if (role === 'admin') {
        const wide = await browser.call('POST', '/v1/keys', { name: 'x', scopes: ['*'] });
        assertRefused(wide, 403, 'forbidden');
        const invite = (to: string, headers = sameOrigin) =>
          browser.call('POST', '/v1/invitations', { email: 'new@example.com', role: to }, headers);
        assertRefused(await invite('owner'), 403, 'forbidden');
        assertRefused(await invite('viewer', sandbox), 403, 'forbidden');
        assert.equal((await invite('viewer')).status, 201);
        const all = (await browser.call('GET', '/v1/members')).json.data as { id: string; role: string }[];
        const owner = all.find((each) => each.role === 'owner');
        assertRefused(await browser.call('DELETE', `/v1/members/${owner?.id}`), 403, 'forbidden');
      }
      // A vendor's API is for programs.
      const asNobody = await anyone().api('GET', '/api/v1/leads');
      assert.equal((await browser.call('GET', '/api/v1/leads')).text, asNobody.text);
    }
  });

  test('a person enters a sandbox that was created after the sign-in', async () => {
    const own = await scene.product.tenant();
    const owner = await person(own, 'owner', 'sandbox@example.com');
    const sandbox = { ...sameOrigin, 'outrider-organization': `${own.organization.slug}-sandbox` };
    assertRefused(await owner.call('GET', '/v1/me', undefined, sandbox), 403, 'forbidden');
    assert.equal((await owner.call('POST', '/v1/keys', { name: 'x', sandbox: true })).status, 201);
    assert.equal((await owner.call('GET', '/v1/me', undefined, sandbox)).status, 200);
  });

  test('what a person administers is an event, and nothing that a key does or that fails', async () => {
    const own = await scene.product.tenant();
    const owner = await person(own, 'owner', 'audited@example.com');
    const done = async (method: string, path: string, body?: unknown): Promise<Fields> => {
      const answer = await owner.call(method, path, body, { ...sameOrigin, 'idempotency-key': `${method} ${path}` });
      assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`);
      return (answer.json.data ?? {}) as Fields;
    };
    const target = 'http://127.0.0.1:9/hook';
    const { id } = await done('POST', '/v1/webhooks', { target_url: target, events: ['order.*'], dialect: 'standard' });
    // The same call again changes nothing.
    await done('POST', '/v1/webhooks', { target_url: target, events: ['order.*'], dialect: 'standard' });
    const path = `/v1/webhooks/${String(id)}`;
    await done('PATCH', path, { description: 'CRM', is_active: false });
    await done('POST', `${path}/enable`);
    await done('POST', `${path}/rotate-secret`);
    await done('DELETE', path);
    const { id: workspace } = await done('POST', '/v1/workspaces', { name: 'Acme' });
    await done('POST', `/v1/workspaces/${String(workspace)}/portal-links`, {});
    await done('PATCH', '/v1/organization', { alert_email: 'ops@example.com' });
    await done('PUT', '/v1/portal-brand', { name: 'Acme', color: '#3b5bdb', logo: null });
    const { id: mailbox } = await done('POST', '/v1/mailboxes', {
      email: 'grace@hopper.example',
      provider: 'capture',
      workspace: { external_id: 'new' },
    });
    await done('POST', `/v1/mailboxes/${String(mailbox)}/pause`);
    assertRefused(await owner.call('PATCH', path, { description: 'x' }), 404, 'not_found');
    assertRefused(await owner.call('POST', '/v1/webhooks', { target_url: 'no', events: [] }), 422, 'validation_failed');
    await own.register(target);

    const page = await own.api('GET', '/v1/events?event=setting.changed&limit=100');
    const told = await Promise.all(
      (page.json.data as { id: string }[]).map((event) => own.got('GET', `/v1/events/${event.id}`)),
    );
    const data = told.map((event) => event['data'] as Fields).toReversed();
    assert.deepEqual(
      data.map(({ kind, action, record_id: of }) => [kind, action, of]),
      [
        ['endpoint', 'created', id],
        ['endpoint', 'changed', id],
        ['endpoint', 'enable', id],
        ['endpoint', 'rotate-secret', id],
        ['endpoint', 'deleted', id],
        ['workspace', 'created', workspace],
        ['workspace', 'portal-links', workspace],
        ['organization', 'changed', own.organization.id],
        ['portal_brand', 'changed', null],
        ['mailbox', 'created', mailbox],
        ['mailbox', 'pause', mailbox],
      ],
    );
    assert.deepEqual([data[0]?.['name'], data[1]?.['fields']], [target, ['description', 'is_active']]);
    for (const { actor } of data) assert.deepEqual(actor, { type: 'user', id: owner.person });
    assert.ok(!JSON.stringify(told).includes('whsec'));
  });

  test('a person may do everything that is administered, with and without headers for safe changes', async () => {
    const own = await scene.product.tenant();
    const owner = await person(own, 'owner', 'administers@example.com');
    const routes = nativeRoutes(scene.product.app).filter(
      ({ audited, path }) => audited === true || path.startsWith('/v1/webhooks/'),
    );
    for (const headers of [{}, { 'if-match': '*', 'idempotency-key': 'once' }])
      for (const { route, path, body } of await operationsOn(scene.product, routes, own)) {
        const { status, text } = await owner.call(route.method, path, body, { ...sameOrigin, ...headers });
        assert.ok(status < 300 || status === 409, `${route.method} ${route.path}: ${status} ${text}`);
      }
    assert.deepEqual(scene.product.errors, []);
  });

  test('a change needs proof that it comes from a page of the same origin, and so does signing in', async () => {
    const browser = await person(tenant, 'admin', 'csrf@example.com');
    const create = (headers: Record<string, string>) => browser.call('POST', '/v1/companies', { name: 'X' }, headers);
    const { origin } = new URL(scene.product.app.url);
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `${origin}.evil.example` },
      { 'sec-fetch-site': 'cross-site', origin },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
    ])
      assertRefused(await create(headers), 403, 'forbidden');
    for (const headers of [{ origin }, { 'sec-fetch-site': 'same-origin' }])
      assert.equal((await create(headers)).status, 201);
    assert.equal((await browser.call('GET', '/v1/companies', undefined, {})).status, 200);
    const signingIn = { email: 'csrf@example.com', password };
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
      assertRefused(await anyone().api('POST', '/v1/sessions', signingIn, headers), 403, 'forbidden');
  });

  test('signing in does not tell which accounts exist, and attempts are limited alike', async () => {
    await person(tenant, 'viewer', 'known@example.com');
    const attempts = async (email: string): Promise<unknown[]> => {
      const seen: unknown[] = [];
      await scene.clock.leap(15 * minuteMs);
      for (let count = 0; count <= 10; count += 1) {
        const answer = await anyone().api('POST', '/v1/sessions', { email, password: 'wrong' });
        const { request_id: _, ...error } = (answer.json as unknown as { error: Record<string, unknown> }).error;
        seen.push([answer.status, error]);
      }
      return seen;
    };
    const [unknown, known] = [await attempts('unknown@example.com'), await attempts('known@example.com')];
    const statuses = (seen: unknown[]): unknown[] => seen.map((each) => (each as unknown[])[0]);
    assert.deepEqual(statuses(known), [...Array.from({ length: 10 }, () => 401), 429]);
    assert.deepEqual(known, unknown);
    // The right password does not help then, in any case of the address.
    const again = { email: 'KNOWN@example.com', password };
    assertRefused(await anyone().api('POST', '/v1/sessions', again), 429, 'rate_limit');
    await scene.clock.leap(15 * minuteMs);
    assert.equal((await anyone().api('POST', '/v1/sessions', again)).status, 201);
  });

  test('an account with one-time passwords needs one after the right password, and no code works twice', async () => {
    const ada = await person(tenant, 'member', 'totp@example.com');
    const enrolled = (await ada.call('POST', '/v1/me/totp', { password })).json.data as { secret: string };
    const code = (): string => passwordAt(enrolled.secret, scene.clock.now());
    // Not confirmed: not in use.
    await signIn('totp@example.com');
    assertRefused(await ada.call('POST', '/v1/me/totp/confirm', { code: '000000' }), 422, 'validation_failed');
    const confirmed = (await ada.call('POST', '/v1/me/totp/confirm', { code: code() })).json.data as {
      recovery_codes: string[];
    };
    assert.equal(confirmed.recovery_codes.length, 10);
    assertRefused(await ada.call('POST', '/v1/me/totp', { password }), 409, 'conflict');

    const attempt = async (given?: string, secret = password) => {
      await scene.clock.leap(15 * minuteMs);
      return given === undefined
        ? anyone().api('POST', '/v1/sessions', { email: 'totp@example.com', password: secret })
        : anyone().api('POST', '/v1/sessions', { email: 'totp@example.com', password: secret, code: given });
    };
    assertRefused(await attempt(undefined, 'wrong'), 401, 'unauthorized');
    assertRefused(await attempt(), 401, 'second_factor_required');
    assertRefused(await attempt('12345678'), 401, 'unauthorized');
    await scene.clock.leap(15 * minuteMs);
    const both = await Promise.all(
      [1, 2].map(() => anyone().api('POST', '/v1/sessions', { email: 'totp@example.com', password, code: code() })),
    );
    assert.deepEqual(
      both.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 401],
    );
    const [recovery = ''] = confirmed.recovery_codes;
    assert.equal((await attempt(recovery.toUpperCase())).status, 201);
    assertRefused(await attempt(recovery), 401, 'unauthorized');
    const state = (await ada.call('GET', '/v1/me/second-factor')).json.data;
    assert.deepEqual(state, { totp: true, recovery_codes_left: 9 });
    // Another invitation is no way around it.
    const link = await inviteOwner(scene.product.tenancy, tenant.organization.id);
    const accept = { token: link, email: 'totp@example.com', name: 'Ada', password };
    assertRefused(await anyone().api('POST', '/v1/invitations/accept', accept), 401, 'second_factor_required');
    assertRefused(await ada.call('POST', '/v1/me/totp/disable', { password: 'wrong' }), 422, 'validation_failed');
    assert.equal((await ada.call('POST', '/v1/me/totp/disable', { password })).status, 204);
    assert.equal((await attempt()).status, 201);
  });

  test('a link opens the portal of its workspace once, and the session does nothing else', async () => {
    const [mine, other] = [await tenant.workspace('portal of mine'), await tenant.workspace('portal of another')];
    await tenant.got('PUT', '/v1/portal-brand', { name: 'Acme', color: '#3b5bdb', logo: null });
    const theirs = (await tenant.got('POST', '/v1/webhooks', {
      target_url: 'http://127.0.0.1:9/',
      events: ['*'],
      workspace_id: other,
    })) as { id: string };
    const link = async () => {
      const { url } = (await tenant.got('POST', `/v1/workspaces/${mine}/portal-links`, {})) as { url: string };
      const [page, token] = url.split('#token=');
      assert.equal(page, `${scene.product.app.url}/portal`);
      return token;
    };
    const token = await link();
    const opened = await Promise.all([1, 2].map(() => anyone().api('POST', '/v1/portal-sessions', { token })));
    assert.deepEqual(
      opened.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 401],
    );
    const data = opened.find(({ status }) => status === 201)?.json.data as { token: string };
    const customer = callerOf(scene.product.url, data.token);
    const shown = (await customer.got('GET', '/v1/portal')) as Record<string, unknown>;
    assert.deepEqual([shown['name'], shown['color'], shown['workspace']], ['Acme', '#3b5bdb', 'portal of mine']);
    const own = (await customer.got('POST', '/v1/webhooks', { target_url: 'http://127.0.0.1:9/', events: ['*'] })) as {
      id: string;
      workspace_id: string;
    };
    assert.equal(own.workspace_id, mine);
    assertRefused(await customer.api('GET', `/v1/webhooks/${theirs.id}`), 404, 'not_found');
    const allowed = new Set(['webhooks:read', 'webhooks:write', 'events:read']);
    for (const route of nativeRoutes(scene.product.app)) {
      if (scopesOf(route).every((scope) => allowed.has(scope))) continue;
      const answer = await customer.api(route.method, route.path.replaceAll(/:\w+/g, own.id));
      assertRefused(answer, 403, 'forbidden');
    }
    const keys = await tenant.api('GET', '/v1/keys?page_size=100');
    assert.ok(!keys.text.includes('Customer portal'));
    const last = (await anyone().api('POST', '/v1/portal-sessions', { token: await link() })).json.data;
    const again = callerOf(scene.product.url, (last as { token: string }).token);
    const unopened = await link();
    assert.equal((await tenant.api('DELETE', `/v1/workspaces/${mine}/portal-sessions`)).status, 204);
    assertRefused(await again.api('GET', '/v1/webhooks'), 401, 'unauthorized');
    assertRefused(await anyone().api('POST', '/v1/portal-sessions', { token: unopened }), 401, 'unauthorized');
  });

  test('a session has a token of its own, and ends on every process', async () => {
    const planted = 'a'.repeat(43);
    const first = await person(tenant, 'viewer', 'sessions@example.com');
    const fixed = await signIn('sessions@example.com', { cookie: `outrider_session=${planted}` });
    assert.notEqual(fixed.cookie, `outrider_session=${planted}`);
    const other = { cookie: `outrider_session=${planted}` };
    assertRefused(await anyone().api('GET', '/v1/me', undefined, other), 401, 'unauthorized');
    const there = (cookie: string) => callerOf(second.url, '').api('GET', '/v1/me', undefined, { cookie });
    const hasEnded = async (cookie: string): Promise<void> => {
      for (const process of [scene.product, second])
        await eventually(async () => {
          const { status } = await callerOf(process.url, '').api('GET', '/v1/me', undefined, { cookie });
          return status === 401;
        }, 'the session has ended on each process');
    };
    // Signing in again in the same browser ends its session.
    const renewed = await signIn('sessions@example.com', { cookie: fixed.cookie });
    await hasEnded(fixed.cookie);

    assert.equal((await there(first.cookie)).status, 200);
    const listed = (await renewed.call('GET', '/v1/sessions')).json.data as { id: string; current: boolean }[];
    assert.deepEqual(
      listed.map(({ id, current }) => [id, current]),
      [
        [renewed.session, true],
        [first.session, false],
      ],
    );
    assert.equal((await renewed.call('DELETE', `/v1/sessions/${first.session}`)).status, 204);
    await hasEnded(first.cookie);
    const out = await renewed.call('DELETE', `/v1/sessions/${renewed.session}`);
    assert.match(out.headers.get('set-cookie') ?? '', /^outrider_session=; .*Max-Age=0/);
    await hasEnded(renewed.cookie);

    const [kept, ended] = [await signIn('sessions@example.com'), await signIn('sessions@example.com')];
    const change = (current: string) =>
      kept.call('PUT', '/v1/me/password', { current_password: current, new_password: 'seven lean herons at dusk' });
    assertRefused(await change('wrong'), 422, 'validation_failed');
    assert.equal((await change(password)).status, 204);
    assert.equal((await kept.call('GET', '/v1/me')).status, 200);
    await hasEnded(ended.cookie);
    await scene.clock.leap(minuteMs);
    const old = await anyone().api('POST', '/v1/sessions', { email: 'sessions@example.com', password });
    assertRefused(old, 401, 'unauthorized');

    // At its expiry; and when the person was removed.
    const brief = await person(tenant, 'viewer', 'brief@example.com');
    await scene.product.db.execute(sql`UPDATE account_sessions SET expires_at = ${new Date(scene.clock.now())}`);
    assertRefused(await brief.call('GET', '/v1/me'), 401, 'unauthorized');
    const removed = await signIn('brief@example.com');
    const all = (await tenant.api('GET', '/v1/members?page_size=100')).json.data as { id: string; email: string }[];
    const { id } = all.find(({ email }) => email === 'brief@example.com') ?? assert.fail();
    assert.equal((await tenant.api('DELETE', `/v1/members/${id}`)).status, 204);
    await hasEnded(removed.cookie);
  });
});
