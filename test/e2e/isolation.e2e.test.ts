import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { z } from 'zod';
import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import { scopesOf } from '../../src/http/route.ts';
import type { Route } from '../../src/http/route.ts';
import { callerOf } from '../harness/caller.ts';
import type { Caller, Fields } from '../harness/caller.ts';
import { captureMessage } from '../harness/captured.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { idFieldsOf } from './foreign-ids.ts';
import type { IdField } from './foreign-ids.ts';
import {
  bodyOf,
  makeContact,
  makeIn,
  namesRecord,
  nativeRoutes,
  operationOn,
  operationsOn,
  perform,
  recordFields,
} from './records.ts';
import type { Operation, Owner } from './records.ts';

/** Tables that change by themselves or with any call. */
const restless: ReadonlySet<string> = new Set(['processes', 'rate_limit_windows', 'endpoint_stats', 'endpoint_health']);

/** Every row of every table. */
async function everything(db: Database): Promise<Record<string, unknown>> {
  const tables = await db.query(sql<{ name: string }>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname`);
  const rows: Record<string, unknown> = {};
  for (const { name } of tables.filter((table) => !restless.has(table.name))) {
    rows[name] = await db.query({
      name: `rows of ${name}`,
      text: `SELECT to_jsonb(t) - 'last_used_at' AS row FROM ${name} t ORDER BY 1`,
      values: [],
    });
  }
  return rows;
}

/** A message that waits cannot be sent again; a capture mailbox is not read. */
const conflicting: ReadonlySet<string> = new Set(['POST /v1/messages/:id/resend', 'POST /v1/mailboxes/:id/self-test']);

/** They show times and figures, but no record; a key has no sessions. */
const unnamed: ReadonlySet<string> = new Set([
  '/v1/sandbox/clock',
  '/v1/analytics',
  '/v1/organization/sending-limits',
  '/v1/event-retention',
  '/v1/sessions',
  '/v1/me/second-factor',
  '/v1/me/passkeys',
  '/v1/portal',
  '/v1/overview',
  '/v1/deliveries/stream',
]);

/** Lists of records that have a workspace. */
const filteredByWorkspace = [
  '/v1/webhooks',
  '/v1/deliveries',
  '/v1/replays',
  '/v1/events',
  '/v1/keys',
  '/v1/inbound-sources',
  '/v1/inbound-events',
  '/v1/mailboxes',
  '/v1/messages',
  '/v1/replies',
  '/v1/captured-messages',
  '/v1/campaigns',
  '/v1/templates',
  '/v1/dkim-keys',
  '/v1/tracking-domains',
  '/v1/meetings',
  '/v1/contacts',
  '/v1/companies',
  '/v1/projects',
  '/v1/activities',
  '/v1/imports',
  '/v1/bulk-jobs',
  '/v1/merges',
  '/v1/discovery-jobs',
  '/v1/discovery-providers',
  '/v1/sources',
  '/v1/tags',
  '/v1/suppressions',
  '/v1/topics',
  '/v1/segments',
];

/** Paths at which records of the CRM are created, with a body. */
const creatingInCrm: readonly (readonly [string, object])[] = [
  ['/v1/contacts', { lawful_basis: 'consent', contacts: [{ email: 'new@example.com', tags: ['new'] }] }],
  ['/v1/companies', { name: 'New' }],
  ['/v1/companies/upsert', { companies: [{ domain: 'new.example', name: 'New' }] }],
  ['/v1/projects', { name: 'New' }],
  ['/v1/imports', { lawful_basis: 'consent' }],
  ['/v1/sources', { name: 'New' }],
  ['/v1/topics', { name: 'New' }],
  ['/v1/suppressions', { email: 'new@example.com' }],
  ['/v1/segments', { name: 'New', entity: 'contact', filter: { field: 'tags', op: 'eq', value: 'x' } }],
];

/** The kinds of records that fields of bodies name: by the field, or by the route and the path of the field. */
const idFieldKinds: Readonly<Record<string, string>> = {
  contact_id: '/v1/contacts/:id',
  contact_ids: '/v1/contacts/:id',
  company_id: '/v1/companies/:id',
  project_id: '/v1/projects/:id',
  source_id: '/v1/sources/:id',
  import_id: '/v1/imports/:id',
  mailbox_id: '/v1/mailboxes/:id',
  mailbox_ids: '/v1/mailboxes/:id',
  campaign_id: '/v1/campaigns/:id',
  lead_id: '/v1/leads/:id',
  segment_id: '/v1/segments/:id',
  topic_id: '/v1/topics/:id',
  template_id: '/v1/templates/:id',
  reply_to_message_id: '/v1/messages/:id',
  endpoint_id: '/v1/webhooks/:id',
  delivery_id: '/v1/deliveries/:id',
  provider_id: '/v1/discovery-providers/:id',
  '/v1/contacts/:id/merge from_id': '/v1/contacts/:id',
  '/v1/companies/:id/merge from_id': '/v1/companies/:id',
  '/v1/bulk-jobs select.ids': '/v1/contacts/:id',
  // Of their steps.
  '/v1/campaigns sequence[].id': '/v1/campaigns/:id',
  '/v1/campaigns sequence[].variants[].id': '/v1/campaigns/:id',
  '/v1/campaigns/:id sequence[].id': '/v1/campaigns/:id',
  '/v1/campaigns/:id sequence[].variants[].id': '/v1/campaigns/:id',
};
/** Calls that answer for each record, or select nobody by a filter. */
const acceptedAsNobody: ReadonlySet<string> = new Set([
  'POST /v1/bulk-jobs select.ids',
  'POST /v1/campaigns contact_filter.company_id',
  'POST /v1/campaigns contact_filter.import_id',
  'POST /v1/campaigns contact_filter.source_id',
  'POST /v1/campaigns contact_ids',
  'POST /v1/campaigns/:id/leads contact_filter.company_id',
  'POST /v1/campaigns/:id/leads contact_filter.import_id',
  'POST /v1/campaigns/:id/leads contact_filter.source_id',
  'POST /v1/campaigns/:id/leads contact_ids',
  'POST /v1/listeners/:id/settle results[].delivery_id',
]);
/** Jobs keep the ids that they were given. */
const namesOnly: ReadonlySet<string> = new Set(['bulk_jobs', 'bulk_job_pieces', 'lead_additions']);

/** Of the whole organization, although their scope is that of records which a workspace can have. */
const ofOrganization = /^\/v1\/(custom-fields|erasures|contacts\/:id\/(erase|export)|organization|sandbox)/;

const named = ({ route }: Operation): string => `${route.method} ${route.path}`;
const rowsOf = (answer: Awaited<ReturnType<Owner['api']>>): Fields[] => answer.json.data as Fields[];

/** Creates a company and a source, with a contact that belongs to both. */
async function referredBy(owner: Owner): Promise<{ company_id: string; source_id: string }> {
  const ids = {
    company_id: String((await owner.got('POST', '/v1/companies', { name: 'Theirs' }))['id']),
    source_id: String((await owner.got('POST', '/v1/sources', { name: 'Theirs' }))['id']),
  };
  const answer = await owner.api('POST', '/v1/contacts', {
    lawful_basis: 'consent',
    contacts: [{ email: 'referring@example.com', ...ids }],
  });
  assert.equal(rowsOf(answer)[0]?.['status'], 'created');
  return ids;
}

// Without the engine only calls change data.
describe('tenancy', () => {
  const scene = installationScene(() => ({
    config: { roles: ['api'] },
    // Nothing answers for tracking domains.
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
  }));
  let routes: readonly Route[];
  let mine: Tenant;
  let stranger: Tenant;
  before(async () => {
    routes = nativeRoutes(scene.product.app);
    mine = await scene.product.tenant();
    stranger = await scene.product.tenant();
  });

  /** A caller with the session of a person who owns an organization. */
  async function ownerOf(tenant: Tenant): Promise<Caller> {
    const { token } = await tenant.got('POST', '/v1/invitations', { email: 'owner@example.com', role: 'owner' });
    const body = { token, name: 'Owner', password: 'correct horse battery staple' };
    const anyone = callerOf(tenant.url, '');
    const accepted = await anyone.api('POST', '/v1/invitations/accept', body);
    const cookie = accepted.headers.get('set-cookie')?.split(';')[0] ?? '';
    const own = { cookie, 'sec-fetch-site': 'same-origin' };
    return { ...anyone, api: (method, path, sent, headers) => anyone.api(method, path, sent, { ...own, ...headers }) };
  }

  test('another organization finds and changes nothing through any route', async () => {
    const operations = await operationsOn(scene.product, routes, mine);
    assert.ok(operations.length >= 24, `${operations.length} operations`);
    const theirOwner = await ownerOf(stranger);
    const rows = await everything(scene.product.db);
    assert.ok(JSON.stringify(rows['endpoints']).includes(mine.organization.id));
    for (const who of [stranger, theirOwner])
      for (const operation of operations) assertRefused(await perform(who, operation), 404, 'not_found');
    assert.deepEqual(await everything(scene.product.db), rows);
    for (const operation of operations) {
      const { status, text } = await perform(mine, operation);
      const conflicts = conflicting.has(named(operation));
      assert.ok(
        conflicts ? status === 409 : status < 300,
        `its owner is answered: ${named(operation)} ${status} ${text}`,
      );
    }
  });

  test('a deleted or nonexistent record gets the same 404', async () => {
    const never = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22';
    for (const operation of await operationsOn(scene.product, routes, mine)) {
      const unknown = {
        ...operation,
        path: operation.route.path.replace(/:\w+/, operation.path.includes('/event-types/') ? 'never.was' : never),
      };
      const odd = { ...operation, path: operation.route.path.replace(/:\w+/, 'a%20b') };
      for (const each of [unknown, odd]) assertRefused(await perform(mine, each), 404, 'not_found');
    }
    const { id } = await mine.register('http://127.0.0.1:9/');
    assert.equal((await mine.api('DELETE', `/v1/webhooks/${id}`)).status, 204);
    for (const path of ['', '/deliveries', '/stats'])
      assertRefused(await mine.api('GET', `/v1/webhooks/${id}${path}`), 404, 'not_found');
  });

  test("no list shows another organization's records", async () => {
    // Written only by failures.
    await scene.product.db.execute(sql`
      INSERT INTO alerts (id, organization_id, subject, body, created_at, due_at, attempt_count)
      VALUES (${scene.product.tenancy.ids.next()}, ${mine.organization.id}, 'theirs alone', '', now(), now(), 0)`);
    await scene.product.db.execute(
      sql`INSERT INTO contact_tags (organization_id, tag) VALUES (${mine.organization.id}, 'theirs alone')`,
    );
    for (const [who, name] of [
      [mine, 'theirs alone'],
      [stranger, 'of the stranger'],
    ] as const) {
      await who.got('PUT', '/v1/verifier', {
        url: 'http://127.0.0.1:9/{email}',
        answer: { field: name, deliverable: ['yes'], undeliverable: ['no'] },
      });
      await who.got('PUT', '/v1/assistant', { url: 'http://127.0.0.1:9/v1', model: name });
    }
    const operations = [
      ...(await operationsOn(scene.product, routes, mine)),
      ...(await operationsOn(scene.product, routes, stranger)),
    ];
    const names = operations.map(({ path }) => path.split('/')[3] ?? '');
    const [ofMine, ofStranger] = [names.slice(0, names.length / 2), names.slice(names.length / 2)];
    const lists = routes.filter(
      ({ method, path, scope }) => method === 'GET' && scope !== null && !path.includes(':') && !unnamed.has(path),
    );
    assert.ok(lists.length >= 9);
    const takes = ({ query }: Route, name: string): boolean =>
      query !== undefined && JSON.stringify(z.toJSONSchema(query, { io: 'input' })).includes(`"${name}"`);
    for (const route of lists) {
      const { path } = route;
      // The log has more than a page.
      const event = path === '/v1/events' ? '&event=order.*' : '';
      const limit = takes(route, 'limit') ? `?limit=100${event}` : takes(route, 'page_size') ? '?page_size=100' : '';
      const [seenByMe, seenByStranger] = await Promise.all(
        [mine, stranger].map(async (who) => (await who.api('GET', `${path}${limit}`)).text),
      );
      const secrets = [mine.organization.id, mine.organization.slug, 'theirs alone', ...ofMine];
      assert.ok(
        secrets.some((secret) => seenByMe?.includes(secret)),
        `${path} shows its owner something`,
      );
      for (const secret of secrets) assert.ok(!seenByStranger?.includes(secret), `${path} shows ${secret}`);
      for (const secret of ofStranger) assert.ok(!seenByMe?.includes(secret), `${path} shows ${secret}`);
    }
  });

  test("a body or query cannot refer to another organization's record", async () => {
    const known = [
      'POST /v1/keys workspace_id',
      ...['POST /v1/webhooks', 'POST /v1/listeners', ...filteredByWorkspace.map((path) => `GET ${path}`)].map(
        (operation) => `${operation} workspace_id`,
      ),
      ...['POST /v1/events', 'POST /v1/events/batch'].map((operation) => `${operation} workspace_id`),
      'POST /v1/inbound-sources workspace_id',
      'POST /v1/mailboxes workspace_id',
      'POST /v1/mailboxes/check workspace_id',
      'POST /v1/dkim-keys workspace_id',
      'POST /v1/tracking-domains workspace_id',
      'POST /v1/templates workspace_id',
      ...[...creatingInCrm.map(([path]) => path), '/v1/activities'].map((path) => `POST ${path} workspace_id`),
      'POST /v1/discovery-providers workspace_id',
      'POST /v1/leads/discover workspace_id',
      'POST /v1/leads/discover campaign_id',
      'POST /v1/leads/discover provider_id',
      'POST /v1/campaigns provider_id',
      'GET /v1/discovery-jobs campaign_id',
      'POST /v1/bulk-jobs workspace_id',
      'POST /v1/bulk-jobs segment_id',
      'GET /v1/merges record_id',
      'POST /v1/contacts/:id/merge from_id',
      'POST /v1/contacts/lookup workspace_id',
      'POST /v1/companies/:id/merge from_id',
      'GET /v1/oauth/:provider/start mailbox_id',
      'GET /v1/oauth/:provider/start workspace_id',
      'POST /v1/messages mailbox_id',
      'POST /v1/messages reply_to_message_id',
      ...['campaign_id', 'lead_id', 'contact_id', 'mailbox_id'].flatMap((field) => [
        `GET /v1/messages ${field}`,
        `GET /v1/replies ${field}`,
      ]),
      ...['campaign_id', 'lead_id', 'contact_id'].map((field) => `GET /v1/meetings ${field}`),
      'GET /v1/captured-messages mailbox_id',
      'POST /v1/campaigns workspace_id',
      ...['POST /v1/campaigns', 'POST /v1/campaigns/:id/leads'].flatMap((operation) =>
        ['company_id', 'source_id', 'import_id', 'segment_id'].map((field) => `${operation} ${field}`),
      ),
      ...['POST /v1/campaigns', 'PATCH /v1/campaigns/:id'].map((operation) => `${operation} topic_id`),
      // Of a step, and of a variant.
      'POST /v1/campaigns id',
      'POST /v1/campaigns id',
      'PATCH /v1/campaigns/:id id',
      'PATCH /v1/campaigns/:id id',
      'POST /v1/campaigns/:id/preview lead_id',
      // `member-workspaces.e2e.test.ts`.
      'POST /v1/invitations workspace_id',
      'PATCH /v1/members/:id workspace_id',
      // Of a credential: `passkeys.e2e.test.ts`.
      'POST /v1/me/passkeys id',
      'POST /v1/sessions/passkey id',
      'POST /v1/replays endpoint_id',
      'POST /v1/replays/preview endpoint_id',
      'GET /v1/replays endpoint_id',
      ...['endpoint_id', 'event_id'].map((field) => `GET /v1/deliveries ${field}`),
      ...['endpoint_id', 'workspace_id'].map((field) => `GET /v1/deliveries/stream ${field}`),
      'GET /v1/overview workspace_id',
      'POST /v1/listeners/:id/settle delivery_id',
      'GET /v1/projects company_id',
      'POST /v1/projects company_id',
      'PATCH /v1/projects/:id company_id',
      ...['GET /v1/activities', 'POST /v1/activities', 'PATCH /v1/activities/:id'].flatMap((operation) =>
        ['contact_id', 'company_id', 'project_id'].map((field) => `${operation} ${field}`),
      ),
      'GET /v1/events contact_id',
      'GET /v1/contacts company_id',
      'GET /v1/contacts source_id',
      ...['company_id', 'source_id'].map((field) => `GET /v1/segments/:id/contacts ${field}`),
      'PATCH /v1/contacts/:id company_id',
      'PATCH /v1/contacts/:id source_id',
    ];
    assert.deepEqual(recordFields(routes).sort(), [...known].sort(), 'each is tried below');
    const theirs = await stranger.register('http://127.0.0.1:9/', { events: ['order.paid'] });
    await stranger.got('POST', '/v1/replays', { endpoint_id: theirs.id, since: '2026-01-01T00:00:00Z' });
    const { delivery_id: theirDelivery } = await stranger.got('POST', `/v1/webhooks/${theirs.id}/test`, {});
    const theirWorkspace = await stranger.workspace('theirs');
    const theirMailbox = String(
      (await stranger.got('POST', '/v1/mailboxes', { email: 'their@hopper.example', provider: 'capture' }))['id'],
    );
    const listener = await mine.got('POST', '/v1/listeners', {});
    const { id: theirCompany } = await stranger.got('POST', '/v1/companies', { name: 'theirs' });
    const { id: theirProject } = await stranger.got('POST', '/v1/projects', {
      name: 'theirs',
      company_id: theirCompany,
    });
    const theirContact = await makeContact(stranger);
    await stranger.got('POST', '/v1/activities', {
      activity_type: 'note',
      contact_id: theirContact,
      company_id: theirCompany,
      project_id: theirProject,
    });
    const { id: myProject } = await mine.got('POST', '/v1/projects', { name: 'mine' });
    const { id: myActivity } = await mine.got('POST', '/v1/activities', {
      activity_type: 'note',
      project_id: myProject,
    });
    const theirRecords = await referredBy(stranger);
    const [contact] = rowsOf(
      await mine.api('POST', '/v1/contacts', {
        lawful_basis: 'consent',
        contacts: [{ email: 'referring@example.com' }],
      }),
    );
    const message = { to: 'ada@lovelace.example', subject: 'x', text: 'x' };
    const { id: myMailbox } = await mine.got('POST', '/v1/mailboxes', {
      email: 'm@hopper.example',
      provider: 'capture',
    });
    const theirMessage = await stranger.got('POST', '/v1/messages', { ...message, mailbox_id: theirMailbox });
    assertRefused(await mine.api('POST', '/v1/messages', { ...message, mailbox_id: theirMailbox }), 404, 'not_found');
    const threaded = { ...message, mailbox_id: myMailbox, reply_to_message_id: theirMessage['id'] };
    const { details: unknown } = assertRefused(
      await mine.api('POST', '/v1/messages', threaded),
      422,
      'validation_failed',
    );
    assert.deepEqual(Object.keys(unknown), ['reply_to_message_id']);
    for (const filter of [
      `mailbox_id=${theirMailbox}`,
      `contact_id=${theirContact}`,
      `campaign_id=${theirContact}`,
      `lead_id=${theirContact}`,
    ])
      for (const path of ['/v1/messages', '/v1/replies'])
        assert.deepEqual(rowsOf(await mine.api('GET', `${path}?${filter}`)), []);
    assert.deepEqual(rowsOf(await mine.api('GET', `/v1/events?contact_id=${theirContact}`)), []);
    for (const filter of ['contact_id', 'campaign_id', 'lead_id'])
      assert.deepEqual(rowsOf(await mine.api('GET', `/v1/meetings?${filter}=${theirContact}`)), []);
    await captureMessage(scene.product, String(theirMailbox));
    assert.deepEqual(rowsOf(await mine.api('GET', `/v1/captured-messages?mailbox_id=${String(theirMailbox)}`)), []);
    const sequence = [{ subject: 'x', body: 'x' }];
    const theirCampaign = await stranger.got('POST', '/v1/campaigns', {
      name: 'theirs',
      sequence,
      contact_ids: [theirContact],
    });
    const [theirStep] = theirCampaign['sequence'] as Fields[];
    const [theirLead] = rowsOf(await stranger.api('GET', `/v1/campaigns/${String(theirCampaign['id'])}/leads`));
    assert.ok(theirStep !== undefined && theirLead !== undefined);
    const { id: myCampaign } = await mine.got('POST', '/v1/campaigns', { name: 'mine', sequence });
    const { id: everybody } = await mine.got('POST', '/v1/segments', {
      name: 'Everybody',
      entity: 'contact',
      filter: { field: 'created_at', op: 'exists' },
    });
    const { id: theirSegment } = await stranger.got('POST', '/v1/segments', {
      name: 'theirs',
      entity: 'contact',
      filter: { field: 'tags', op: 'eq', value: 'vip' },
    });
    const { id: theirTopic } = await stranger.got('POST', '/v1/topics', { name: 'theirs' });
    const provider = { name: 'theirs', url: 'http://127.0.0.1:9/', fields: { email: 'email' } };
    const { id: theirProvider } = await stranger.got('POST', '/v1/discovery-providers', provider);
    const theirSource = { type: 'provider', provider_id: theirProvider };
    const rows = await everything(scene.product.db);

    assertRefused(
      await mine.api('POST', `/v1/campaigns/${String(myCampaign)}/preview`, { lead_id: theirLead['id'] }),
      404,
      'not_found',
    );
    for (const [method, path, body] of [
      ['PATCH', `/v1/campaigns/${String(myCampaign)}`, { sequence: [{ ...sequence[0], id: theirStep['id'] }] }],
      ['PATCH', `/v1/campaigns/${String(myCampaign)}`, { mailbox_ids: [theirMailbox] }],
      ['POST', '/v1/campaigns', { name: 'x', mailbox_ids: [theirMailbox] }],
      ['POST', '/v1/campaigns', { name: 'x', segment_id: theirSegment }],
      ['POST', '/v1/campaigns', { name: 'x', topic_id: theirTopic }],
      ['PATCH', `/v1/campaigns/${String(myCampaign)}`, { topic_id: theirTopic }],
      ['POST', '/v1/bulk-jobs', { entity: 'contact', action: 'delete', select: { segment_id: theirSegment } }],
      ['POST', '/v1/bulk-jobs', { entity: 'contact', action: 'export', workspace_id: theirWorkspace }],
      ['POST', `/v1/campaigns/${String(myCampaign)}/leads`, { segment_id: theirSegment }],
      ['POST', '/v1/contacts/lookup', { emails: ['ada@lovelace.example'], workspace_id: theirWorkspace }],
      ['POST', '/v1/leads/discover', { icp: {}, workspace_id: theirWorkspace }],
      ['POST', '/v1/leads/discover', { icp: {}, campaign_id: theirCampaign['id'] }],
      ['POST', '/v1/leads/discover', { icp: {}, sources: [theirSource] }],
      ['POST', '/v1/campaigns', { name: 'x', icp: { keywords: ['x'] }, discover: { sources: [theirSource] } }],
      ['POST', '/v1/discovery-providers', { ...provider, workspace_id: theirWorkspace }],
    ] as const)
      assertRefused(await mine.api(method, path, body), 422, 'validation_failed');
    for (const [path, body] of [
      ['/v1/keys', { name: 'x' }],
      ['/v1/webhooks', { target_url: 'http://127.0.0.1:9/', events: ['*'] }],
      ['/v1/listeners', {}],
      ['/v1/inbound-sources', { provider: 'generic', name: 'x' }],
      ['/v1/events', { event: 'order.paid', data: {} }],
      ['/v1/mailboxes', { email: 'new@hopper.example', provider: 'capture' }],
      ['/v1/mailboxes/check', { email: 'new@hopper.example', provider: 'capture' }],
      ['/v1/dkim-keys', { domain: 'hopper.example' }],
      ['/v1/tracking-domains', { host: 'links.hopper.example' }],
      ['/v1/templates', { name: 'x', body: 'x' }],
      ...creatingInCrm,
      ['/v1/activities', { activity_type: 'note', project_id: myProject }],
    ] as const) {
      const { details } = assertRefused(
        await mine.api('POST', path, { ...body, workspace_id: theirWorkspace }),
        422,
        'validation_failed',
      );
      assert.match(details['workspace_id'] ?? '', /does not exist/);
    }
    assertRefused(
      await mine.api('POST', '/v1/events/batch', {
        events: [{ event: 'order.paid', data: {}, workspace_id: theirWorkspace }],
      }),
      422,
      'validation_failed',
    );
    for (const path of filteredByWorkspace)
      assert.deepEqual(rowsOf(await mine.api('GET', `${path}?workspace_id=${theirWorkspace}`)), [], path);
    assertRefused(
      await mine.api('GET', `/v1/oauth/google/start?email=new@hopper.example&workspace_id=${theirWorkspace}`),
      422,
      'validation_failed',
    );
    assertRefused(await mine.api('GET', `/v1/oauth/google/start?mailbox_id=${theirMailbox}`), 404, 'not_found');
    for (const path of ['/v1/replays', '/v1/replays/preview'])
      assertRefused(
        await mine.api('POST', path, { endpoint_id: theirs.id, since: '2026-01-01T00:00:00Z' }),
        404,
        'not_found',
      );
    assert.deepEqual(rowsOf(await mine.api('GET', `/v1/replays?endpoint_id=${theirs.id}`)), []);
    assertRefused(await mine.api('GET', `/v1/deliveries?endpoint_id=${theirs.id}`), 404, 'not_found');
    assertRefused(await mine.api('GET', `/v1/deliveries/stream?endpoint_id=${theirs.id}`), 404, 'not_found');
    assert.match((await mine.api('GET', `/v1/deliveries/stream?workspace_id=${theirWorkspace}`)).text, /event: open/);
    const overview = await mine.got('GET', `/v1/overview?workspace_id=${theirWorkspace}`);
    assert.deepEqual(overview['endpoints'], { total: 0, enabled: 0 });
    const theirEvent = rowsOf(await stranger.api('GET', '/v1/deliveries?limit=1'))[0]?.['event_id'] as string;
    assert.deepEqual(rowsOf(await mine.api('GET', `/v1/deliveries?event_id=${theirEvent}`)), []);
    for (const [field, id] of Object.entries(theirRecords)) {
      assert.deepEqual(rowsOf(await mine.api('GET', `/v1/contacts?${field}=${id}`)), []);
      assert.deepEqual(rowsOf(await mine.api('GET', `/v1/segments/${String(everybody)}/contacts?${field}=${id}`)), []);
      assert.equal(rowsOf(await stranger.api('GET', `/v1/contacts?${field}=${id}`)).length, 1);
      const { details } = assertRefused(
        await mine.api('PATCH', `/v1/contacts/${String(contact?.['id'])}`, { [field]: id }),
        422,
        'validation_failed',
      );
      assert.deepEqual(Object.keys(details), [field]);
      const row = { email: 'new@example.com', [field]: id };
      const [upserted] = rowsOf(await mine.api('POST', '/v1/contacts', { lawful_basis: 'consent', contacts: [row] }));
      assert.equal(upserted?.['status'], 'rejected');
      assert.match(String(upserted['reason']), new RegExp(`^${field}: does not exist `));
    }
    for (const [method, path, body] of [
      ['POST', '/v1/projects', { name: 'x' }],
      ['PATCH', `/v1/projects/${String(myProject)}`, {}],
    ] as const) {
      const { details } = assertRefused(
        await mine.api(method, path, { ...body, company_id: theirCompany }),
        422,
        'validation_failed',
      );
      assert.deepEqual(details, { company_id: 'does not exist in this organization' });
    }
    assert.deepEqual(rowsOf(await mine.api('GET', `/v1/projects?company_id=${String(theirCompany)}`)), []);
    for (const [kind, theirId] of Object.entries({
      contact: theirContact,
      company: theirCompany,
      project: theirProject,
    })) {
      for (const [method, path, body] of [
        ['POST', '/v1/activities', { activity_type: 'note' }],
        ['PATCH', `/v1/activities/${String(myActivity)}`, {}],
      ] as const) {
        const { details } = assertRefused(
          await mine.api(method, path, { ...body, [`${kind}_id`]: theirId }),
          422,
          'validation_failed',
        );
        assert.deepEqual(details, { [`${kind}_id`]: 'does not exist in this organization' });
      }
      assert.deepEqual(rowsOf(await mine.api('GET', `/v1/activities?${kind}_id=${String(theirId)}`)), []);
    }
    const { details } = assertRefused(
      await mine.api('POST', `/v1/projects/${String(myProject)}/contacts`, { contact_ids: [theirContact] }),
      422,
      'validation_failed',
    );
    assert.deepEqual(details, { 'contact_ids.0': 'does not exist in this organization' });
    const settled = await mine.api('POST', `/v1/listeners/${String(listener['id'])}/settle`, {
      results: [{ delivery_id: theirDelivery, attempt: 1, status_code: 200, duration_ms: 1 }],
    });
    assert.deepEqual(rowsOf(settled), [{ delivery_id: theirDelivery, outcome: 'stale', next_attempt_at: null }]);
    assert.deepEqual(await everything(scene.product.db), rows);
  });

  describe('of workspaces', () => {
    let one: Owner;
    let other: Owner;
    before(async () => {
      const bound = async (name: string): Promise<Owner> => {
        const workspaceId = await mine.workspace(name);
        return { ...(await mine.withKey({ workspaceId })), workspaceId };
      };
      [one, other] = [await bound('one'), await bound('other')];
    });

    const isOwn = ({ boundKeys }: Route): boolean => boundKeys === 'own';
    const isRefused = ({ boundKeys }: Route): boolean => boundKeys === 'refused' || boundKeys === 'people';

    test('every route declares what a bound key may do; records of the whole organization are refused', () => {
      const guarded = scene.product.app.routes.filter(({ scope }) => scope !== null);
      assert.ok(guarded.length >= 120);
      for (const route of guarded) {
        const name = `${route.surface?.name ?? ''} ${route.method} ${route.path}`;
        assert.ok(isOwn(route) || isRefused(route), `${name} declares boundKeys`);
        if (ofOrganization.test(route.path) || scopesOf(route).some((scope) => scope.startsWith('organization:')))
          assert.ok(isRefused(route), name);
        // Deleting a workspace needs the scopes of all that it deletes.
        else if (
          route.operationId !== 'deleteWorkspace' &&
          scopesOf(route).some((scope) => /^(contacts|crm|suppressions):/.test(scope))
        )
          assert.ok(isOwn(route), name);
      }
    });

    test('a key of another workspace finds nothing through any route', async () => {
      const operations = await operationsOn(scene.product, routes.filter(isOwn), one);
      assert.ok(operations.length >= 20);
      const rows = await everything(scene.product.db);
      for (const operation of operations) assertRefused(await perform(other, operation), 404, 'not_found');
      assert.deepEqual(await everything(scene.product.db), rows);
      for (const operation of operations) {
        const { status, text } = await perform(one, operation);
        const conflicts = conflicting.has(named(operation));
        assert.ok(
          conflicts ? status === 409 : status < 300,
          `its owner is answered: ${named(operation)} ${status} ${text}`,
        );
      }
    });

    test('a bound key neither reads nor changes records of the whole organization', async () => {
      const refused = routes.filter(isRefused);
      const others = await Promise.all(
        refused
          .filter((route) => !namesRecord(route) && route.identify === undefined)
          .map(async (route) => ({ route, path: route.path, body: await bodyOf(route, mine) })),
      );
      const operations = [...(await operationsOn(scene.product, refused, mine)), ...others];
      assert.equal(operations.length, refused.filter(({ identify }) => identify === undefined).length);
      const rows = await everything(scene.product.db);
      for (const operation of operations) assertRefused(await perform(one, operation), 403, 'forbidden');
      assert.deepEqual(await everything(scene.product.db), rows);
    });

    test("a bound key that names another workspace's record in a body is refused, and changes nothing of it", async () => {
      const { product } = scene;
      const theirs = new Map<string, Promise<string>>();
      const recordAt = (path: string): Promise<string> => {
        let id = theirs.get(path);
        if (id === undefined) theirs.set(path, (id = makeIn(product, other, path) ?? assert.fail(path)));
        return id;
      };
      const idFor = async (route: Route, { name, path }: IdField): Promise<string> => {
        if (name === 'workspace_id') return String(other.workspaceId);
        const kind = idFieldKinds[name] ?? idFieldKinds[`${route.path} ${path}`];
        const id = await recordAt(kind ?? assert.fail(`idFieldKinds has no kind for ${route.path} ${path}`));
        if (name !== 'id') return id;
        const campaign = await other.got('GET', `/v1/campaigns/${id}`);
        return String((campaign['sequence'] as Fields[])[0]?.['id']);
      };
      const tried: { name: string; field: IdField; call: () => ReturnType<Owner['api']> }[] = [];
      for (const route of routes.filter(isOwn)) {
        if (idFieldsOf(route, undefined).length === 0) continue;
        const { path, body } = await operationOn(product, route, one);
        for (const field of idFieldsOf(route, body)) {
          const foreign = field.with(await idFor(route, field));
          tried.push({
            name: `${route.method} ${route.path} ${field.path}`,
            field,
            call: () => one.api(route.method, path, foreign),
          });
        }
      }
      assert.ok(tried.length >= 60, `${tried.length} fields`);
      const ids = [String(other.workspaceId), ...(await Promise.all(theirs.values()))];
      const rowsOfTheirs = (all: Readonly<Record<string, unknown>>): string[] =>
        Object.entries(all).flatMap(([table, rows]) =>
          namesOnly.has(table)
            ? []
            : (rows as unknown[])
                .map((row) => `${table} ${JSON.stringify(row)}`)
                .filter((row) => ids.some((id) => row.includes(id))),
        );
      const before = await everything(product.db);
      for (const { name, field, call } of tried.filter((each) => !acceptedAsNobody.has(each.name))) {
        const { status, text, json } = await call();
        assert.ok([403, 404, 422].includes(status), `${name}: ${status} ${text}`);
        const at = field.path.replaceAll('[]', '.0');
        const named = Object.keys(json.error?.details ?? {});
        assert.ok(status !== 422 || named.some((each) => each.startsWith(at)), `${name}: ${text}`);
      }
      assert.deepEqual(await everything(product.db), before);
      const accepted = tried.filter(({ name }) => acceptedAsNobody.has(name));
      assert.equal(accepted.length, acceptedAsNobody.size);
      for (const { name, call } of accepted) assert.ok((await call()).status < 300, name);
      assert.deepEqual(rowsOfTheirs(await everything(product.db)), rowsOfTheirs(before));
    });

    test('a bound key sees and creates only records of its workspace', async () => {
      const [ours, theirs] = [
        await one.register('http://127.0.0.1:9/one'),
        await other.register('http://127.0.0.1:9/other'),
      ];
      assert.equal(ours['workspace_id'], one.workspaceId);
      await one.got('POST', '/v1/replays', { endpoint_id: ours.id, since: '2026-01-01T00:00:00Z' });
      await other.got('POST', '/v1/replays', { endpoint_id: theirs.id, since: '2026-01-01T00:00:00Z' });
      for (const who of [one, other]) await who.got('POST', '/v1/dkim-keys', { domain: 'hopper.example' });
      for (const path of ['/v1/webhooks', '/v1/replays', '/v1/dkim-keys', '/v1/keys', '/v1/workspaces']) {
        const idsOf = async (who: Owner): Promise<unknown[]> => {
          const page = await who.api('GET', `${path}?page_size=100`);
          const ids = rowsOf(page).map(({ id }) => id);
          assert.ok(ids.length > 0 && ids.length === page.json['total'], path);
          return ids;
        };
        const [seen, others] = [await idsOf(one), new Set(await idsOf(other))];
        assert.ok(!seen.some((id) => others.has(id)), path);
      }
      for (const path of filteredByWorkspace) {
        const filtered = async (workspace: unknown): Promise<number> =>
          rowsOf(await one.api('GET', `${path}?workspace_id=${String(workspace)}`)).length;
        assert.equal(await filtered(one.workspaceId), rowsOf(await one.api('GET', path)).length, path);
        assert.equal(await filtered(other.workspaceId), 0, path);
      }
      const elsewhere = { workspace_id: other.workspaceId };
      assertRefused(
        await one.api('POST', '/v1/webhooks', { target_url: 'http://127.0.0.1:9/', events: ['*'], ...elsewhere }),
        403,
        'forbidden',
      );
      assertRefused(await one.api('POST', '/v1/keys', { name: 'x', ...elsewhere }), 403, 'forbidden');
      assertRefused(await one.api('POST', '/v1/keys', { name: 'x', sandbox: true }), 403, 'forbidden');
      assert.equal((await one.got('POST', '/v1/keys', { name: 'x' }))['workspace_id'], one.workspaceId);
    });
  });
});
