import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertRefused } from '../../test/harness/edge-routes.ts';
import { openEdge, openTestTenancy } from '../../test/harness/edge.ts';
import type { Answer, Edge, TestTenancy } from '../../test/harness/edge.ts';
import { createRateLimiter } from '../http/rate-limit.ts';
import { createKey } from './keys.ts';
import { organizationBySlug, setPlan } from './organizations.ts';
import { authRoutes } from './routes.ts';
import { createWorkspaceDeletions } from './workspace-deletion.ts';
import { createWorkspace } from './workspaces.ts';
import type { WorkspaceId } from '../base/ids.ts';

let tenancy: TestTenancy;
let edge: Edge;
before(async () => {
  tenancy = await openTestTenancy();
  // Without `run`, a deletion only begins.
  const deletions = createWorkspaceDeletions({
    ...tenancy,
    bus: { announce: async () => {}, connected: true, subscribe: () => {}, onSession: () => {}, run: async () => {} },
    stages: [],
    mail: {
      stop: async () => {},
      contents: async () => ({ mailboxes: 1, campaigns: 2, leads: 3, messages: 4 }),
      isUnfinished: async () => false,
    },
    onError: (error) => assert.fail(String(error)),
  });
  edge = await openEdge(
    tenancy,
    authRoutes(
      tenancy,
      async () => {},
      createRateLimiter({ db: tenancy.db, clock: tenancy.clock, processes: () => 1 }),
      deletions,
    ),
    { anonymousPerMinute: 100_000 },
  );
});
after(async () => {
  await edge.close();
  await tenancy.close();
});

interface Data {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly key: string;
}
const dataOf = (answer: Answer, status = 200): Data => {
  assert.equal(answer.status, status, answer.text);
  return answer.json.data as Data;
};
const ids = (answer: Answer): string[] => {
  assert.equal(answer.status, 200, answer.text);
  return (answer.json.data as { id: string }[]).map(({ id }) => id);
};

// Me, organization ----------------------------------------------------------------------------------

test('GET /v1/me returns organization, plan, key, scopes, workspace and limits', async () => {
  const { organization, key } = await tenancy.tenant({
    plan: 'growth',
    key: { scopes: ['events:write'], expiresAt: new Date(tenancy.clock.now() + 1_000_000) },
  });
  assert.deepEqual(dataOf(await edge.call('GET', '/v1/me', { key: key.key })), {
    organization: {
      id: organization.id,
      slug: organization.slug,
      plan: 'growth',
      tag: organization.tag,
      sandbox: false,
      live_organization_id: null,
      alert_email: null,
      created_at: organization.createdAt.toISOString(),
    },
    workspace: null,
    person: null,
    role: null,
    scopes: ['events:write'],
    organizations: [],
    key: {
      id: key.id,
      name: 'test',
      prefix: key.key.slice(0, 22),
      scopes: ['events:write'],
      created_by: null,
      workspace_id: null,
      sandbox: false,
      expires_at: key.expires_at?.toISOString(),
      last_used_at: null,
      revoked_at: null,
      created_at: key.created_at.toISOString(),
    },
    limits: { requests_per_minute: 5_000, requests_used: 1 },
  });
  const unlimited = await tenancy.tenant();
  assert.deepEqual(dataOf(await edge.call('GET', '/v1/me', { key: unlimited.key.key }))['limits'], {
    requests_per_minute: null,
    requests_used: null,
  });
});

test('GET /v1/me returns how many requests of the minute are used, as the headers of every response do', async () => {
  const { key } = await tenancy.tenant({ plan: 'growth' });
  for (const used of [1, 2]) {
    const answer = await edge.call('GET', '/v1/me', { key: key.key });
    assert.deepEqual(dataOf(answer)['limits'], { requests_per_minute: 5_000, requests_used: used });
    assert.equal(answer.headers.get('x-ratelimit-remaining'), String(5_000 - used));
  }
  await edge.call('GET', '/v1/keys', { key: key.key });
  const limits = dataOf(await edge.call('GET', '/v1/me', { key: key.key }))['limits'];
  assert.deepEqual(limits, { requests_per_minute: 5_000, requests_used: 4 });
});

test('every response has the rate limit of the plan', async () => {
  const { organization, key } = await tenancy.tenant({ plan: 'growth' });
  const limits = {
    growth: '5000',
    scale: '10000',
    enterprise: '30000',
    unlimited: '2147483647',
    starter: '1000',
    free: '60',
  };
  for (const [plan, limit] of Object.entries(limits)) {
    const noticed = edge.keysChanged();
    await setPlan(tenancy, organization.slug, plan);
    await noticed;
    const answer = await edge.call('GET', '/v1/me', { key: key.key });
    assert.equal(answer.headers.get('x-ratelimit-limit'), limit);
    if (plan === 'free' || plan === 'starter')
      assert.match(assertRefused(answer, 403, 'forbidden').message, new RegExp(`growth.*${plan}`));
    else assert.equal(answer.status, 200);
  }
});

test('the alert address can be set and removed by a key with the scope', async () => {
  const { organization, key } = await tenancy.tenant();
  const patch = (body: unknown, by = key.key): Promise<Answer> =>
    edge.call('PATCH', '/v1/organization', { key: by, body });
  assert.equal(dataOf(await patch({ alert_email: 'ops@example.com' }))['alert_email'], 'ops@example.com');
  assert.equal(dataOf(await edge.call('GET', '/v1/organization', { key: key.key }))['alert_email'], 'ops@example.com');
  assert.equal((await organizationBySlug(tenancy.db, organization.slug)).alertEmail, 'ops@example.com');
  for (const wrong of [
    'ops',
    'a@b c',
    '',
    'x@y\r\nBcc: z@w',
    5,
    'ops@example.com\r\n',
    'Ops <ops@example.com>',
    'a@x.example,b@x.example',
    `${'a'.repeat(65)}@x.example`,
    'ops@localhost',
    'ops@mail.local',
    'ops@db.corp.internal',
    'ops@printer.home.arpa',
    'ops@[127.0.0.1]',
    'ops@[IPv6:::1]',
    'ops@10.0.0.1',
    'ops@LAN.Local.',
  ])
    assert.ok('alert_email' in assertRefused(await patch({ alert_email: wrong }), 422, 'validation_failed').details);
  assert.deepEqual(assertRefused(await patch({}), 422, 'validation_failed').details, { alert_email: 'is required' });
  assertRefused(
    await patch(
      { alert_email: null },
      (await createKey(tenancy, organization, { name: 'r', scopes: ['organization:read'] })).key,
    ),
    403,
    'forbidden',
  );
  assert.equal(dataOf(await patch({ alert_email: null }))['alert_email'], null);
});

test('the alert address can be changed five times an hour, counted over an organization and its sandbox', async () => {
  const { key } = await tenancy.tenant();
  const patch = (alertEmail: string | null, by = key.key): Promise<Answer> =>
    edge.call('PATCH', '/v1/organization', { key: by, body: { alert_email: alertEmail } });
  const sandbox = dataOf(
    await edge.call('POST', '/v1/keys', { key: key.key, body: { name: 'sandbox', sandbox: true } }),
    201,
  ).key;
  for (const index of [1, 2, 3]) {
    dataOf(await patch(`ops${index}@x.example`));
    // Setting the same address again or removing it does not count.
    dataOf(await patch(`ops${index}@x.example`));
    dataOf(await patch(null));
  }
  dataOf(await patch('sandbox@x.example', sandbox));
  dataOf(await patch('ops5@x.example'));
  for (const by of [key.key, sandbox]) {
    const refused = await patch('ops6@x.example', by);
    assert.match(
      assertRefused(refused, 429, 'rate_limit').message,
      /^The alert address was changed five times in the last hour\. Try again in \d+ s\.$/,
    );
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
  }
  dataOf(await patch(null));
  await tenancy.clock.leap(3_600_000);
  dataOf(await patch('ops6@x.example'));
});

// Keys ----------------------------------------------------------------------------------------------

test('a key is shown once, works immediately, is listed without its text, and is refused once revoked', async () => {
  const { key } = await tenancy.tenant();
  const answer = await edge.call('POST', '/v1/keys', {
    key: key.key,
    body: { name: ' billing ', scopes: ['workspaces:read', 'workspaces:read'] },
  });
  const made = dataOf(answer, 201);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.match(made.key, /^otr_live_[a-z2-7]{8}_[0-9A-Za-z]{43}$/);
  assert.deepEqual(
    [made['name'], made['scopes'], made['prefix']],
    ['billing', ['workspaces:read'], made.key.slice(0, 22)],
  );
  assert.equal((await edge.call('GET', '/v1/workspaces', { key: made.key })).status, 200);
  assertRefused(await edge.call('GET', '/v1/keys', { key: made.key }), 403, 'forbidden');

  const list = await edge.call('GET', '/v1/keys?page_size=1', { key: key.key });
  assert.deepEqual(
    [ids(list), list.json['page'], list.json['page_size'], list.json['total']],
    [[made.id], 1, 1, 2],
    'newest first',
  );
  assert.deepEqual(ids(await edge.call('GET', '/v1/keys?page_size=1&page=2', { key: key.key })), [key.id]);
  const shown = await edge.call('GET', `/v1/keys/${made.id}`, { key: key.key });
  assert.equal(dataOf(shown)['name'], 'billing');
  assert.ok(!list.text.includes(made.key) && !shown.text.includes(made.key));
  const stored = await tenancy.db.query<{ whole: string }>({
    name: 'k',
    text: 'SELECT k::text AS whole FROM api_keys k WHERE id = $1',
    values: [made.id],
  });
  assert.ok(stored[0] !== undefined && !stored[0].whole.includes(made.key.slice(13)), 'nor is it in the database');

  const noticed = edge.keysChanged();
  assert.equal((await edge.call('DELETE', `/v1/keys/${made.id}`, { key: key.key })).status, 204);
  await noticed;
  assertRefused(await edge.call('GET', '/v1/workspaces', { key: made.key }), 401, 'unauthorized');
  assert.equal((await edge.call('DELETE', `/v1/keys/${made.id}`, { key: key.key })).status, 204, 'again');
  assert.match(String(dataOf(await edge.call('GET', `/v1/keys/${made.id}`, { key: key.key }))['revoked_at']), /^2026-/);
});

test('a key grants no more than it has: scopes, expiry, workspace', async () => {
  const { organization } = await tenancy.tenant();
  const until = tenancy.clock.now() + 3_600_000;
  const caller = await createKey(tenancy, organization, {
    name: 'c',
    scopes: ['keys:write', 'events:read'],
    expiresAt: new Date(until),
  });
  const make = (body: Record<string, unknown>): Promise<Answer> =>
    edge.call('POST', '/v1/keys', { key: caller.key, body: { name: 'x', ...body } });
  for (const scopes of [['*'], ['read'], ['events:write'], ['events:read', 'webhooks:read']])
    assert.match(assertRefused(await make({ scopes }), 403, 'forbidden').message, /grant scopes/);
  const same = dataOf(await make({}), 201);
  assert.deepEqual(
    [same['scopes'], same['expires_at']],
    [['keys:write', 'events:read'], new Date(until).toISOString()],
    'omitted fields are inherited',
  );
  assert.equal(
    dataOf(await make({ scopes: ['events:read'], expires_at: new Date(until - 1_000).toISOString() }), 201)[
      'expires_at'
    ],
    new Date(until - 1_000).toISOString(),
  );
  assert.ok(
    'expires_at' in
      assertRefused(await make({ expires_at: new Date(until + 1).toISOString() }), 422, 'validation_failed').details,
  );
  assert.ok(
    'expires_at' in
      assertRefused(await make({ expires_at: new Date(tenancy.clock.now()).toISOString() }), 422, 'validation_failed')
        .details,
  );
  assert.ok('scopes.0' in assertRefused(await make({ scopes: ['everything'] }), 422, 'validation_failed').details);
  assert.ok('scopes' in assertRefused(await make({ scopes: [] }), 422, 'validation_failed').details);
  assert.ok('name' in assertRefused(await make({ name: ' ' }), 422, 'validation_failed').details);
});

test('a key bound to a workspace sees only that workspace and its keys, and creates keys only for it', async () => {
  const { organization, key } = await tenancy.tenant();
  const [mine, other] = await Promise.all([
    createWorkspace(tenancy, organization.id, { name: 'mine' }),
    createWorkspace(tenancy, organization.id, { name: 'other' }),
  ]);
  const bound = dataOf(
    await edge.call('POST', '/v1/keys', { key: key.key, body: { name: 'bound', workspace_id: mine.id } }),
    201,
  );
  const by = (method: string, path: string, body?: unknown): Promise<Answer> =>
    edge.call(method, path, { key: bound.key, body });
  assert.deepEqual((dataOf(await by('GET', '/v1/me'))['workspace'] as Data).id, mine.id);
  assert.deepEqual(ids(await by('GET', '/v1/workspaces')), [mine.id]);
  assert.equal((await by('GET', '/v1/workspaces')).json['total'], 1);
  assert.equal((await by('GET', `/v1/workspaces/${mine.id}`)).status, 200);
  assertRefused(await by('GET', `/v1/workspaces/${other.id}`), 404, 'not_found');
  assertRefused(await by('DELETE', `/v1/workspaces/${mine.id}`), 403, 'forbidden');
  assert.equal(dataOf(await by('PATCH', `/v1/workspaces/${mine.id}`, { name: 'ours' }))['name'], 'ours');
  for (const body of [{ limits: { endpoints: 5 } }, { external_id: 'mine' }])
    assertRefused(await by('PATCH', `/v1/workspaces/${mine.id}`, body), 403, 'forbidden');
  assertRefused(await by('PATCH', `/v1/workspaces/${other.id}`, { name: 'taken over' }), 404, 'not_found');
  assertRefused(await by('POST', '/v1/workspaces', { name: 'third' }), 403, 'forbidden');
  assertRefused(await by('PATCH', '/v1/organization', { alert_email: null }), 403, 'forbidden');
  assert.deepEqual(ids(await by('GET', '/v1/keys')), [bound.id]);
  assertRefused(await by('GET', `/v1/keys/${key.id}`), 404, 'not_found');
  assertRefused(await by('DELETE', `/v1/keys/${key.id}`), 404, 'not_found');
  assertRefused(await by('POST', '/v1/keys', { name: 'x', workspace_id: other.id }), 403, 'forbidden');
  assertRefused(await by('POST', '/v1/keys', { name: 'x', sandbox: true }), 403, 'forbidden');
  assert.equal(dataOf(await by('POST', '/v1/keys', { name: 'x' }), 201)['workspace_id'], mine.id);
});

test('the sandbox is a separate organization on the plan of the live one, created with its first key', async () => {
  const { organization, key } = await tenancy.tenant({ slug: 'acme', plan: 'growth' });
  const made = await Promise.all(
    Array.from({ length: 4 }, () =>
      edge.call('POST', '/v1/keys', { key: key.key, body: { name: 'test', sandbox: true } }),
    ),
  );
  const sandboxKeys = made.map((answer) => dataOf(answer, 201));
  for (const each of sandboxKeys) assert.match(each.key, /^otr_test_/);
  const sandbox = await organizationBySlug(tenancy.db, 'acme-sandbox');
  assert.equal(sandbox.liveOrganizationId, organization.id);
  const [first] = sandboxKeys;
  assert.ok(first);
  const me = dataOf(await edge.call('GET', '/v1/me', { key: first.key }));
  assert.deepEqual(me['organization'], {
    id: sandbox.id,
    slug: 'acme-sandbox',
    plan: 'growth',
    tag: sandbox.tag,
    sandbox: true,
    live_organization_id: organization.id,
    alert_email: null,
    created_at: sandbox.createdAt.toISOString(),
  });

  assert.equal(
    (await edge.call('GET', '/v1/keys', { key: key.key })).json['total'],
    5,
    'the live organization manages the keys of both',
  );
  assert.equal((await edge.call('GET', '/v1/keys', { key: first.key })).json['total'], 4);
  assertRefused(await edge.call('DELETE', `/v1/keys/${key.id}`, { key: first.key }), 404, 'not_found');
  assert.equal((await edge.call('DELETE', `/v1/keys/${first.id}`, { key: key.key })).status, 204);
  const next = sandboxKeys[1];
  assert.ok(next);
  assert.match(
    dataOf(await edge.call('POST', '/v1/keys', { key: next.key, body: { name: 'more' } }), 201).key,
    /^otr_test_/,
    'a sandbox key creates sandbox keys',
  );
  const workspace = await createWorkspace(tenancy, organization.id, { name: 'live only' });
  assert.ok(
    'workspace_id' in
      assertRefused(
        await edge.call('POST', '/v1/keys', {
          key: key.key,
          body: { name: 'x', sandbox: true, workspace_id: workspace.id },
        }),
        422,
        'validation_failed',
      ).details,
  );
});

// Workspaces ----------------------------------------------------------------------------------------

test('workspaces are created, listed, renamed and deleted; names are unique', async () => {
  const { key } = await tenancy.tenant();
  const by = (method: string, path: string, body?: unknown): Promise<Answer> =>
    edge.call(method, path, { key: key.key, body });
  const first = dataOf(await by('POST', '/v1/workspaces', { name: 'first' }), 201);
  const second = dataOf(await by('POST', '/v1/workspaces', { name: 'second' }), 201);
  assert.deepEqual(ids(await by('GET', '/v1/workspaces')), [second.id, first.id]);
  assertRefused(await by('POST', '/v1/workspaces', { name: 'first' }), 409, 'conflict');
  assertRefused(await by('PATCH', `/v1/workspaces/${second.id}`, { name: 'first' }), 409, 'conflict');
  await tenancy.clock.advance(1_000);
  const renamed = dataOf(await by('PATCH', `/v1/workspaces/${second.id}`, { name: 'zweite' }));
  assert.equal(renamed['name'], 'zweite');
  assert.notEqual(renamed['updated_at'], renamed['created_at']);
  assert.deepEqual(
    assertRefused(await by('POST', '/v1/workspaces', { title: 'x' }), 422, 'validation_failed').details,
    {
      name: 'is required',
      title: 'unknown field',
    },
  );
});

test('a workspace has an external id, by which it is found, and limits', async () => {
  const { key } = await tenancy.tenant();
  const by = (method: string, path: string, body?: unknown): Promise<Answer> =>
    edge.call(method, path, { key: key.key, body });
  const made = dataOf(await by('POST', '/v1/workspaces', { name: 'Acme', external_id: 'c%42' }), 201);
  assert.deepEqual([made['external_id'], made['limits'], made['status']], ['c%42', { endpoints: null }, 'active']);
  const namesake = dataOf(await by('POST', '/v1/workspaces', { name: 'Acme', external_id: 'C-43' }), 201);
  const plain = dataOf(await by('POST', '/v1/workspaces', { name: 'Acme' }), 201);
  const found = async (query: string): Promise<string[]> => ids(await by('GET', `/v1/workspaces?${query}`));
  assert.deepEqual(await found('external_id=c%2542'), [made.id]);
  assert.deepEqual(await found('search=c-4'), [namesake.id]);
  assert.deepEqual(await found('search=cme'), [plain.id, namesake.id, made.id]);
  assert.deepEqual(await found('search=%25'), [made.id], 'a percent sign stands for itself');
  assertRefused(await by('POST', '/v1/workspaces', { name: 'x', external_id: 'c%42' }), 409, 'conflict');
  const path = `/v1/workspaces/${plain.id}`;
  assertRefused(await by('PATCH', path, { external_id: 'C-43' }), 409, 'conflict');
  const changed = dataOf(await by('PATCH', path, { external_id: 'c-44', limits: { endpoints: 2 } }));
  assert.deepEqual([changed['external_id'], changed['limits'], changed['name']], ['c-44', { endpoints: 2 }, 'Acme']);
  assertRefused(await by('PATCH', path, { external_id: 'c-45' }), 409, 'conflict');
  assert.deepEqual(dataOf(await by('PATCH', path, { limits: { endpoints: null } }))['limits'], { endpoints: null });
  for (const text of ['x'.repeat(10_240), '', 'a\nb', '\ud800'])
    assert.ok(
      'external_id' in
        assertRefused(await by('POST', '/v1/workspaces', { name: 'x', external_id: text }), 422, 'validation_failed')
          .details,
    );
});

test('deleting a workspace revokes its keys and frees its names immediately', async () => {
  const { organization, key } = await tenancy.tenant();
  const by = (method: string, path: string, body?: unknown): Promise<Answer> =>
    edge.call(method, path, { key: key.key, body });
  const workspace = await createWorkspace(tenancy, organization.id, { name: 'used', externalId: 'c-1' });
  const bound = await createKey(tenancy, organization, { name: 'bound', scopes: ['read'], workspaceId: workspace.id });
  const path = `/v1/workspaces/${workspace.id}`;
  const begun = dataOf(await by('DELETE', path), 202);
  assert.equal(begun['status'], 'deleting');
  assert.deepEqual(begun['deletes'], { mailboxes: 1, campaigns: 2, leads: 3, messages: 4 });
  assert.equal(dataOf(await by('GET', path))['status'], 'deleting');
  assert.notEqual(dataOf(await by('GET', `/v1/keys/${bound.id}`))['revoked_at'], null);
  assert.deepEqual(ids(await by('GET', '/v1/workspaces')), []);
  assertRefused(await by('DELETE', path), 404, 'not_found');
  assertRefused(await by('PATCH', path, { name: 'again' }), 404, 'not_found');
  const { details } = assertRefused(
    await by('POST', '/v1/keys', { name: 'x', workspace_id: workspace.id }),
    422,
    'validation_failed',
  );
  assert.ok('workspace_id' in details);
  dataOf(await by('POST', '/v1/workspaces', { name: 'used', external_id: 'c-1' }), 201);
});

test('records of another organization answer 404', async () => {
  const [one, two] = [await tenancy.tenant(), await tenancy.tenant()];
  const workspace = await createWorkspace(tenancy, two.organization.id, { name: 'theirs' });
  for (const path of [`/v1/keys/${two.key.id}`, `/v1/workspaces/${workspace.id}`]) {
    for (const method of ['GET', 'DELETE'])
      assertRefused(await edge.call(method, path, { key: one.key.key }), 404, 'not_found');
  }
  assertRefused(
    await edge.call('PATCH', `/v1/workspaces/${workspace.id}`, { key: one.key.key, body: { name: 'mine now' } }),
    404,
    'not_found',
  );
  assert.ok(
    'workspace_id' in
      assertRefused(
        await edge.call('POST', '/v1/keys', { key: one.key.key, body: { name: 'x', workspace_id: workspace.id } }),
        422,
        'validation_failed',
      ).details,
  );
  assert.deepEqual(ids(await edge.call('GET', '/v1/keys', { key: one.key.key })), [one.key.id]);
  assert.deepEqual(ids(await edge.call('GET', '/v1/workspaces', { key: one.key.key })), []);
  assert.equal(
    (await edge.call('GET', `/v1/keys/${two.key.id}`, { key: two.key.key })).status,
    200,
    'its own organization still finds it',
  );
  await assert.rejects(
    createKey(tenancy, one.organization, { name: 'x', scopes: ['*'], workspaceId: workspace.id as WorkspaceId }),
    /workspace/,
  );
});
