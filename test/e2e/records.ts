import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { dayMs } from '../../src/base/clock.ts';
import type { App } from '../../src/app.ts';
import type { Route } from '../../src/http/route.ts';
import { nextPersonId } from '../../src/base/ids.ts';
import type { OrganizationId, WorkspaceId } from '../../src/base/ids.ts';
import { sql } from '../../src/db/sql.ts';
import { campaignInput } from '../../src/mail/campaigns/index.ts';
import type { Campaign } from '../../src/mail/campaigns/index.ts';
import type { Reach } from '../../src/mail/mailboxes/index.ts';
import { captureMessage } from '../harness/captured.ts';
import { callerOf } from '../harness/caller.ts';
import type { Caller, Fields } from '../harness/caller.ts';
import type { Installation } from '../harness/installation.ts';
import { receiveReply } from '../harness/received-reply.ts';

/** The creator of records: a key of an organization or of one of its workspaces. */
export interface Owner extends Caller {
  readonly workspaceId?: WorkspaceId;
}

interface Kind {
  /** Creates a record. @returns the value of the path's parameter; with two parameters, everything from the first to the last. */
  make(owner: Owner, product: Installation): Promise<string>;
}

const nobody = 'http://127.0.0.1:9/';
let made = 0;
const unique = (what: string): string => `${what}-${(made += 1)}`;
const idOf = async (answer: Promise<Fields>): Promise<string> => String((await answer)['id']);

const makeListener = (owner: Owner): Promise<string> =>
  idOf(owner.got('POST', '/v1/listeners', { events: ['order.paid'], expires_in_seconds: null }));

const makeCompany = (owner: Owner): Promise<string> =>
  idOf(owner.got('POST', '/v1/companies', { name: unique('company') }));

const makeProject = (owner: Owner): Promise<string> =>
  idOf(owner.got('POST', '/v1/projects', { name: unique('project') }));

export async function makeContact(owner: Owner): Promise<string> {
  const answer = await owner.api('POST', '/v1/contacts', {
    lawful_basis: 'consent',
    contacts: [{ email: `${unique('contact')}@example.com`, tags: [unique('tag')] }],
  });
  const [row] = answer.json.data as { id: string }[];
  return row?.id ?? assert.fail(answer.text);
}

const makeMailbox = (owner: Owner): Promise<string> =>
  idOf(owner.got('POST', '/v1/mailboxes', { email: `${unique('mailbox')}@example.com`, provider: 'capture' }));

/** A draft of the owner that can be launched, without the call that creates one. */
async function makeCampaign(
  owner: Owner,
  product: Installation,
): Promise<{ id: string; reach: Reach; mailbox: string; email: string }> {
  const mailbox = await makeMailbox(owner);
  const [row] = await product.db.query(
    sql<
      Pick<Campaign, 'organization_id' | 'workspace_id'>
    >`SELECT organization_id, workspace_id FROM mailboxes WHERE id = ${mailbox}`,
  );
  if (row === undefined) return assert.fail('no mailbox');
  const reach = { organizationId: row.organization_id, workspaceId: row.workspace_id ?? undefined };
  const input = campaignInput({
    name: unique('campaign'),
    verification: 'off',
    mailbox_ids: [mailbox],
    sequence: [{ subject: 'Hello', body: 'Hello' }],
  });
  const { id } = await product.db.transaction((tx) => product.mail.campaigns.create(tx, reach, input));
  const email = `${unique('lead')}@example.com`;
  const contact = await product.crm.contacts.create(reach, { email });
  await product.mail.leads.records.add(reach, id, [contact.id]);
  return { id, reach, mailbox, email };
}

/** A lead to which a message was sent. */
async function makeLead(owner: Owner, product: Installation): Promise<string> {
  const { id: campaign, reach, mailbox, email } = await makeCampaign(owner, product);
  const [lead] = await product.mail.leads.records.list(reach, campaign, undefined, { limit: 1 });
  const sent = await idOf(
    owner.got('POST', '/v1/messages', { mailbox_id: mailbox, to: email, subject: 'Hello', text: 'Hello' }),
  );
  await product.db.execute(
    sql`UPDATE messages SET status = 'sent', due_at = NULL, sent_at = created_at, lead_id = ${lead?.id}, campaign_id = ${campaign} WHERE id = ${sent}`,
  );
  return lead?.id ?? assert.fail('no lead');
}

/** A reply of a lead. */
async function makeReply(owner: Owner, product: Installation): Promise<string> {
  const lead = await makeLead(owner, product);
  const [sent] = await product.db.query(
    sql<{ id: string; organizationId: OrganizationId; answers: string; from: string }>`
      SELECT mailbox_id AS id, organization_id AS "organizationId", message_id AS answers, to_address AS from FROM messages WHERE lead_id = ${lead}`,
  );
  return sent === undefined ? assert.fail() : receiveReply(product, sent, { ...sent, text: 'I am interested.' });
}

/** A meeting that a lead booked. */
async function makeMeeting(owner: Owner, product: Installation): Promise<string> {
  const lead = await makeLead(owner, product);
  const [of] = await product.db.query(
    sql<{
      organizationId: OrganizationId;
    }>`SELECT organization_id AS "organizationId" FROM campaign_leads WHERE id = ${lead}`,
  );
  if (of === undefined) return assert.fail();
  const startsAtMs = product.clock.now() + dayMs;
  await product.mail.meetings.onBookings({ ...of, provider: 'generic', sourceId: null }, [
    {
      fact: 'booked',
      ids: [unique('meeting')],
      replaces: null,
      attendees: [],
      leadToken: lead,
      startsAtMs,
      endsAtMs: null,
      timezone: null,
      title: null,
      location: null,
      reportedAtMs: undefined,
    },
  ]);
  const [row] = await product.db.query(sql<{ id: string }>`SELECT id FROM meetings WHERE lead_id = ${lead}`);
  return row?.id ?? assert.fail('no meeting');
}

/** A key bound to a workspace cannot create another one. */
const makeWorkspace = async (owner: Owner): Promise<string> =>
  owner.workspaceId ?? (await idOf(owner.got('POST', '/v1/workspaces', { name: unique('workspace') })));

/** A person with a role in the owner's organization, and with a session. */
async function makeMember(owner: Owner, product: Installation): Promise<{ member: string; session: string }> {
  const { id: organization } = (await owner.got('GET', '/v1/me'))['organization'] as { id: string };
  const [person, member, session] = [nextPersonId(product.ids), product.ids.next<string>(), product.ids.next<string>()];
  const email = `${unique('person')}@example.com`;
  await product.db.transaction(async (tx) => {
    await tx.execute(sql`
      INSERT INTO account_persons (id, email, name, password_hash, created_at, updated_at) VALUES (${person}, ${email}, 'Person', 'none', now(), now())`);
    await tx.execute(sql`
      INSERT INTO account_memberships (id, organization_id, person_id, role, created_at, updated_at) VALUES (${member}, ${organization}, ${person}, 'admin', now(), now())`);
    await tx.execute(sql`
      INSERT INTO account_sessions (id, person_id, token_hash, address, created_at, last_used_at, expires_at) VALUES (${session}, ${person}, ${Buffer.from(session)}, '', now(), now(), now())`);
  });
  return { member, session };
}

const makeSegment = (owner: Owner, entity: 'contact' | 'company'): Promise<string> =>
  idOf(
    owner.got('POST', '/v1/segments', {
      name: unique('segment'),
      entity,
      filter: { field: 'tags', op: 'eq', value: 'vip' },
    }),
  );

const makeTopic = (owner: Owner): Promise<string> => idOf(owner.got('POST', '/v1/topics', { name: unique('topic') }));

const launch = (owner: Owner, campaign: string): Promise<Fields> =>
  owner.got('POST', `/v1/campaigns/${campaign}/launch`);

/** A message that waits. */
const messageOf = async (owner: Owner) => ({
  mailbox_id: await makeMailbox(owner),
  to: 'reader@example.com',
  subject: 'Hello',
  text: 'Hello',
});

/** Creators of records, by the path up to its parameter. */
const kinds: Readonly<Record<string, Kind>> = {
  '/v1/webhooks/:id': { make: async (owner) => (await owner.register(nobody, { events: ['order.paid'] })).id },
  '/v1/deliveries/:id': {
    make: async (owner) => {
      const endpoint = await owner.register(nobody, { events: ['order.paid'] });
      return String((await owner.got('POST', `/v1/webhooks/${endpoint.id}/test`, {}))['delivery_id']);
    },
  },
  '/v1/listeners/:id': { make: makeListener },
  '/v1/replays/:id': {
    make: async (owner) => {
      const { id } = await owner.register(nobody, { events: ['order.paid'] });
      return idOf(owner.got('POST', '/v1/replays', { endpoint_id: id, since: '2026-01-01T00:00:00Z' }));
    },
  },
  '/v1/inbound-sources/:id': {
    // It has posted an event, which is listed under its id.
    make: async (owner) => {
      const source = await owner.got('POST', '/v1/inbound-sources', { provider: 'generic', name: unique('source') });
      const post = JSON.stringify({ type: 'email.delivered', email_id: unique('email') });
      const signature = createHmac('sha256', String(source['secret'])).update(post).digest('hex');
      const answer = await callerOf(owner.url, '').api('POST', String(source['path']), post, {
        'x-webhook-signature': signature,
      });
      assert.equal(answer.status, 200, answer.text);
      return String(source['id']);
    },
  },
  '/v1/inbound-events/:id': {
    make: async (owner) => {
      const post = { type: 'email.delivered', email_id: unique('email') };
      assert.equal((await owner.api('POST', '/api/webhooks', post)).status, 200);
      const listed = (await owner.api('GET', '/v1/inbound-events?limit=1')).json.data as { id: string }[];
      return String(listed[0]?.id);
    },
  },
  '/v1/keys/:id': {
    make: (owner) => idOf(owner.got('POST', '/v1/keys', { name: unique('key'), scopes: ['keys:write'] })),
  },
  '/v1/members/:id': { make: async (owner, product) => (await makeMember(owner, product)).member },
  '/v1/sessions/:id': { make: async (owner, product) => (await makeMember(owner, product)).session },
  '/v1/invitations/:id': {
    make: (owner) =>
      idOf(owner.got('POST', '/v1/invitations', { email: `${unique('invited')}@example.com`, role: 'viewer' })),
  },
  '/v1/workspaces/:id': {
    make: makeWorkspace,
  },
  '/v1/custom-fields/:id': {
    make: (owner) =>
      idOf(owner.got('POST', '/v1/custom-fields', { entity: 'contact', key: unique('field').replace('-', '_') })),
  },
  '/v1/campaigns/:id/leads/additions/:addition_id': {
    make: async (owner, product) => {
      const { id } = await makeCampaign(owner, product);
      const addition = product.ids.next<string>();
      // A key of a workspace cannot begin one.
      await product.db.execute(sql`
        INSERT INTO lead_additions (id, organization_id, campaign_id, filter, after, due_at, created_at)
        SELECT ${addition}, organization_id, id, '{}', id, now(), now() FROM campaigns WHERE id = ${id}`);
      return `${id}/leads/additions/${addition}`;
    },
  },
  '/v1/segments/:id': { make: (owner) => makeSegment(owner, 'contact') },
  '/v1/segments/:id/companies': { make: (owner) => makeSegment(owner, 'company') },
  '/v1/sources/:id': { make: (owner) => idOf(owner.got('POST', '/v1/sources', { name: unique('source') })) },
  '/v1/companies/:id': { make: makeCompany },
  '/v1/suppressions/:id': {
    make: (owner) => idOf(owner.got('POST', '/v1/suppressions', { email: `${unique('suppressed')}@example.com` })),
  },
  '/v1/topics/:id': { make: makeTopic },
  '/v1/topics/:id/opt-outs/:opt_out_id': {
    make: async (owner) => {
      const id = await makeTopic(owner);
      const email = `${unique('left')}@example.com`;
      return `${id}/opt-outs/${await idOf(owner.got('POST', `/v1/topics/${id}/opt-outs`, { email }))}`;
    },
  },
  '/v1/imports/:id': { make: (owner) => idOf(owner.got('POST', '/v1/imports', { lawful_basis: 'consent' })) },
  '/v1/merges/:id': {
    make: async (owner) => {
      const [into, from] = [await makeCompany(owner), await makeCompany(owner)];
      const { merge_id: id } = await owner.got('POST', `/v1/companies/${into}/merge`, { from_id: from });
      return String(id);
    },
  },
  '/v1/bulk-jobs/:id': {
    make: async (owner) =>
      idOf(
        owner.got('POST', '/v1/bulk-jobs', {
          entity: 'contact',
          action: 'delete',
          select: { ids: [await makeContact(owner)] },
        }),
      ),
  },
  '/v1/bulk-jobs/:id/file': {
    make: async (owner, product) => {
      const id = await idOf(owner.got('POST', '/v1/bulk-jobs', { entity: 'contact', action: 'export' }));
      // No process of these tests runs jobs.
      await product.db.execute(sql`UPDATE bulk_jobs SET status = 'completed', finished_at = now() WHERE id = ${id}`);
      return id;
    },
  },
  '/v1/workspaces/:id/icp': {
    make: async (owner) => {
      const id = await makeWorkspace(owner);
      await owner.got('POST', `/v1/workspaces/${id}/icp`, { titles: [unique('title')] });
      return id;
    },
  },
  '/v1/discovery-providers/:id': {
    make: (owner) =>
      idOf(
        owner.got('POST', '/v1/discovery-providers', {
          name: unique('provider'),
          url: 'http://127.0.0.1:9/people',
          fields: { email: 'email' },
        }),
      ),
  },
  '/v1/discovery-jobs/:id': { make: (owner) => idOf(owner.got('POST', '/v1/leads/discover', { icp: {} })) },
  '/v1/erasures/:id': {
    make: async (owner) => idOf(owner.got('POST', `/v1/contacts/${await makeContact(owner)}/erase`)),
  },
  '/v1/mailboxes/:id': { make: makeMailbox },
  '/v1/mailboxes/:id/warmup': { make: makeMailbox },
  '/v1/campaigns/:id': { make: async (owner, product) => (await makeCampaign(owner, product)).id },
  '/v1/leads/:id': { make: makeLead },
  '/v1/replies/:id': { make: makeReply },
  '/v1/meetings/:id': { make: makeMeeting },
  '/v1/templates/:id': {
    make: (owner) => idOf(owner.got('POST', '/v1/templates', { name: unique('template'), body: 'Hello' })),
  },
  '/v1/messages/:id': {
    make: async (owner) => idOf(owner.got('POST', '/v1/messages', await messageOf(owner))),
  },
  // Its mailbox would send it only in a process with the role `mail`.
  '/v1/captured-messages/:id': { make: async (owner, product) => captureMessage(product, await makeMailbox(owner)) },
  '/v1/dkim-keys/:id': { make: (owner) => idOf(owner.got('POST', '/v1/dkim-keys', { domain: 'example.com' })) },
  '/v1/tracking-domains/:id': {
    make: (owner) => idOf(owner.got('POST', '/v1/tracking-domains', { host: `${unique('links')}.example.com` })),
  },
  '/v1/contacts/:id': { make: makeContact },
  '/v1/projects/:id': { make: makeProject },
  '/v1/projects/:id/contacts/:contact_id': {
    make: async (owner) => {
      const [project, contact] = [await makeProject(owner), await makeContact(owner)];
      await owner.got('POST', `/v1/projects/${project}/contacts`, { contact_ids: [contact] });
      return `${project}/contacts/${contact}`;
    },
  },
  '/v1/activities/:id': {
    make: async (owner) =>
      idOf(owner.got('POST', '/v1/activities', { activity_type: 'note', contact_id: await makeContact(owner) })),
  },
  '/v1/events/:id': { make: async (owner) => (await owner.publish('order.paid')).id },
  '/v1/event-types/:name': {
    make: async (owner) => String((await owner.got('POST', '/v1/event-types', { name: unique('own.type') }))['name']),
  },
};

/** Bodies for operations whose documented example does not fit, and their preparations. */
const bodies: Readonly<Record<string, (owner: Owner, param: string) => Promise<unknown>>> = {
  'PATCH /v1/webhooks/:id': async () => ({ description: 'changed' }),
  'POST /v1/webhooks/:id/test': async () => ({}),
  'POST /v1/listeners/:id/pull': async () => ({ wait_seconds: 0 }),
  'POST /v1/listeners/:id/settle': async (owner, id) => {
    await owner.publish('order.paid');
    const answer = await owner.api('POST', `/v1/listeners/${id}/pull`, { max: 1, wait_seconds: 0 });
    const [fetched] = answer.json.data as { delivery_id: string }[];
    return { results: [{ delivery_id: fetched?.delivery_id, attempt: 1, status_code: 200, duration_ms: 1 }] };
  },
  'POST /v1/imports': async () => ({ lawful_basis: 'consent' }),
  'PUT /v1/imports/:id/file': async () => 'email\n',
  // The example's scopes may exceed those that the caller can grant.
  'POST /v1/keys': async () => ({ name: unique('key') }),
  'POST /v1/contacts/:id/restore': async (owner, id) => {
    assert.equal((await owner.api('DELETE', `/v1/contacts/${id}`)).status, 204);
  },
  'POST /v1/contacts/:id/merge': async (owner) => ({ from_id: await makeContact(owner) }),
  'POST /v1/companies/:id/merge': async (owner) => ({ from_id: await makeCompany(owner) }),
  'POST /v1/projects/:id/contacts': async (owner) => ({ contact_ids: [await makeContact(owner)] }),
  'POST /v1/activities': async (owner) => ({ activity_type: 'note', contact_id: await makeContact(owner) }),
  'POST /v1/campaigns/:id/pause': launch,
  'POST /v1/campaigns/:id/resume': launch,
  'POST /v1/campaigns/:id/send': launch,
  'POST /v1/campaigns/:id/preview': async (owner, id) => {
    const answer = await owner.api('GET', `/v1/campaigns/${id}/leads`);
    const [lead] = answer.json.data as { id: string }[];
    return { lead_id: lead?.id };
  },
  'POST /v1/messages': messageOf,
  'PATCH /v1/workspaces/:id': async () => ({ name: unique('renamed') }),
};

export interface Operation {
  readonly route: Route;
  /** The route's path with a record of the owner as its parameter. */
  readonly path: string;
  readonly body: unknown;
}

/** Calls an operation. */
export const perform = (who: Caller, { route, path, body }: Operation): ReturnType<Caller['api']> =>
  who.api(route.method, path, body, route.streams === undefined ? {} : { 'content-type': route.streams });

/** Vendors' routes are covered by the conformance suite. */
export const nativeRoutes = (app: Pick<App, 'routes'>): Route[] =>
  app.routes.filter(({ surface }) => surface === undefined);

/** Whether the path names a record. A provider is none, and a key has none of a person's own (`passkeys.e2e.test.ts`). */
export const namesRecord = ({ path }: Route): boolean =>
  path.includes('/:') && path.startsWith('/v1/') && !path.startsWith('/v1/me/') && !path.includes('/:provider');

function kindOf({ path }: Route): Kind {
  const upToParameter = path
    .split('/')
    .slice(0, path.split('/').findIndex((part) => part.startsWith(':')) + 1)
    .join('/');
  const kind = kinds[path] ?? kinds[upToParameter];
  assert.ok(
    kind !== undefined && (path in kinds || path.split('/:').length === 2),
    `test/e2e/records.ts has to be told how to make a record for ${path}`,
  );
  return kind;
}

/** Creates a record for a path that `kinds` has. @returns the value of its parameter; undefined for another path */
export const makeIn = (product: Installation, owner: Owner, path: string): Promise<string> | undefined =>
  kinds[path]?.make(owner, product);

const pathWith = (path: string, param: string): string => path.replace(/:.*:\w+$|:\w+/, param);

/** An operation of a route, with a record of the owner if its path names one. */
export async function operationOn(product: Installation, route: Route, owner: Owner): Promise<Operation> {
  const param = namesRecord(route) ? await kindOf(route).make(owner, product) : '';
  return { route, path: pathWith(route.path, param), body: await bodyOf(route, owner, param) };
}

/** Every operation with a record in its path, each with its own record. */
export async function operationsOn(
  product: Installation,
  routes: readonly Route[],
  owner: Owner,
): Promise<Operation[]> {
  const operations: Operation[] = [];
  for (const route of routes.filter(namesRecord)) operations.push(await operationOn(product, route, owner));
  return operations;
}

export async function bodyOf(route: Route, owner: Owner, param = ''): Promise<unknown> {
  const body = await bodies[`${route.method} ${route.path}`]?.(owner, param);
  return route.method === 'GET' || (route.body ?? route.streams) === undefined
    ? undefined
    : (body ?? route.bodyExample);
}

/** Fields of bodies and queries that refer to a record, such as `POST /v1/replays endpoint_id`. An external id is the caller's own, and a client id an authorization server's. */
export function recordFields(routes: readonly Route[]): string[] {
  return routes.flatMap((route) =>
    [route.query, route.body].flatMap((schema) =>
      schema === undefined
        ? []
        : idFields(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).map(
            (field) => `${route.method} ${route.path} ${field}`,
          ),
    ),
  );
}

function idFields(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const properties = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [
    ...properties.filter((name) => /(^|(?<!external|client)_)id$/.test(name)),
    ...Object.values(schema).flatMap(idFields),
  ];
}
