import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { eventually, TestClock } from '../../../test/harness/clock.ts';
import { contact, contactEvents, listed, upsert } from '../../../test/harness/contacts.ts';
import { eventsOf } from '../../../test/harness/crm.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import { assertRefused, uuid } from '../../../test/harness/edge-routes.ts';
import { installationScene, startInstallation } from '../../../test/harness/installation.ts';
import type { Installation } from '../../../test/harness/installation.ts';
import { dayMs } from '../../base/clock.ts';
import { sql } from '../../db/sql.ts';

interface JobView extends Fields {
  readonly id: string;
  readonly status: string;
  readonly progress: { readonly done: number; readonly total: number; readonly failed: number };
  readonly errors: readonly { readonly id: string; readonly reason: string }[];
}

const create = async (caller: Caller, body: Fields): Promise<JobView> => {
  const { status, json, text } = await caller.api('POST', '/v1/bulk-jobs', body);
  assert.equal(status, 202, text);
  return json.data as JobView;
};
async function over(caller: Caller, { id }: { readonly id: string }): Promise<JobView> {
  const look = async (): Promise<JobView> => (await caller.got('GET', `/v1/bulk-jobs/${id}`)) as JobView;
  await eventually(async () => (await look())['finished_at'] !== null, 'the job has finished');
  return look();
}
const done = async (caller: Caller, body: Fields): Promise<JobView> => over(caller, await create(caller, body));
const figures = ({ status, progress: { done: ok, total, failed } }: JobView): unknown[] => [status, ok, total, failed];
const fileOf = (caller: Caller, { id }: JobView) => caller.api('GET', `/v1/bulk-jobs/${id}/file`);

const tagged = { field: 'tags', op: 'eq', value: 'fair' };

/** Creates contacts `p0@example.com` and so on. @returns their ids */
async function many(caller: Caller, count: number, fields: Fields = {}): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, n) => ({ email: `p${n}@example.com`, ...fields }));
  const ids: string[] = [];
  for (let from = 0; from < count; from += 500)
    ids.push(...(await upsert(caller, rows.slice(from, from + 500))).map(({ id }) => String(id)));
  return ids;
}

describe('bulk jobs', () => {
  const scene = installationScene();
  const me = () => scene.product.tenant();

  test('an update changes each record as PATCH does, with its event, and counts those that cannot be changed', async () => {
    const tenant = await me();
    const ids = await many(tenant, 600, { tags: ['fair'] });
    await contact(tenant, { email: 'other@example.com', tags: ['other'] });
    const change = { job_title: 'Countess', tags: { add: [' vip '], remove: ['fair'] } };
    const updated = await done(tenant, { entity: 'contact', action: 'update', select: { filter: tagged }, change });
    assert.deepEqual(figures(updated), ['completed', 600, 600, 0]);
    assert.deepEqual(updated['change'], change);
    const changes = (await contactEvents(scene.product.db, tenant)).filter(({ type }) => type === 'contact.updated');
    assert.deepEqual(new Set(changes.map(({ data }) => data['id'])), new Set(ids));
    assert.equal(changes.length, 600);
    assert.deepEqual(changes[0]?.data['changed'], ['job_title', 'tags']);
    assert.equal((await listed(tenant, '?tag=vip&page_size=1'))[0]?.['job_title'], 'Countess');
    const ends = (await eventsOf(scene.product.db, tenant.organization.id)).filter(({ type }) =>
      type.startsWith('bulk_job.'),
    );
    assert.deepEqual(
      ends.map(({ type, data }) => [type, data['id'], data['done']]),
      [['bulk_job.completed', updated.id, 600]],
    );

    const other = await scene.product.tenant();
    const theirs = (await contact(other, { email: 'theirs@example.com' })).id;
    const select = { ids: [ids[0], ids[0]?.toUpperCase(), theirs, uuid] };
    const again = await done(tenant, { entity: 'contact', action: 'update', select, change });
    assert.deepEqual(figures(again), ['completed', 1, 3, 2]);
    assert.deepEqual(
      new Set(again.errors.map(({ id, reason }) => `${id} ${reason}`)),
      new Set([`${theirs} Contact not found.`, `${uuid} Contact not found.`]),
    );
    assert.equal((await contactEvents(scene.product.db, tenant)).length, 601 + 600, 'nothing changed');
  });

  test('a deletion by segment deletes its records, also those of a company with thousands of contacts', async () => {
    const tenant = await me();
    const company = String((await tenant.got('POST', '/v1/companies', { name: 'Looms' }))['id']);
    const ids = await many(tenant, 1_200, { company_id: company });
    assertRefused(await tenant.api('DELETE', `/v1/companies/${company}`), 409, 'conflict');
    const removed = await done(tenant, { entity: 'company', action: 'delete', select: { ids: [company] } });
    assert.deepEqual(figures(removed), ['completed', 1, 1, 0]);
    assert.equal((await tenant.api('GET', `/v1/companies/${company}`)).status, 404);
    const events = await eventsOf(scene.product.db, tenant.organization.id);
    const left = events.filter(({ type }) => type === 'contact.updated');
    assert.equal(left.length, ids.length);
    assert.deepEqual([left[0]?.data['company_id'], left[0]?.data['company_name']], [null, 'Looms']);
    assert.equal(events.filter(({ type }) => type === 'company.deleted').length, 1);

    const filter = { field: 'email', op: 'starts_with', value: 'p1' };
    const segment = (await tenant.got('POST', '/v1/segments', { name: 'Some', entity: 'contact', filter }))['id'];
    const deleted = await done(tenant, { entity: 'contact', action: 'delete', select: { segment_id: segment } });
    const expected = Array.from({ length: 1_200 }, (_, n) => `p${n}`).filter((name) => name.startsWith('p1')).length;
    assert.deepEqual(figures(deleted), ['completed', expected, expected, 0]);
    assert.equal((await tenant.api('GET', '/v1/contacts')).json['total'], 1_200 - expected);
  });

  test('a job changes only records of the workspace of its key', async () => {
    const tenant = await me();
    const workspace = await tenant.workspace('Acme');
    const bound = await tenant.withKey({ workspaceId: workspace });
    const outside = (await contact(tenant, { email: 'ada@lovelace.example', tags: ['fair'] })).id;
    const inside = (await contact(bound, { email: 'ada@lovelace.example', tags: ['fair'] })).id;
    const change = { city: 'London' };
    for (const [caller, body] of [
      [bound, { select: { filter: tagged } }],
      [tenant, { select: { filter: tagged }, workspace_id: workspace }],
      [bound, { select: { ids: [inside, outside] } }],
    ] as const) {
      const job = await done(caller, { entity: 'contact', action: 'update', change, ...body });
      assert.deepEqual([job.progress.done, job['workspace_id']], [1, workspace]);
    }
    assert.equal((await tenant.got('GET', `/v1/contacts/${outside}`))['city'], null);
    const wide = await done(tenant, { entity: 'contact', action: 'delete', select: { filter: tagged } });
    assert.equal(wide.progress.done, 2);
    assert.equal((await bound.api('GET', `/v1/bulk-jobs/${wide.id}`)).status, 404);
    assert.equal((await rowsOf(bound)).length, 3);
    assert.equal((await rowsOf(tenant)).length, 4);
  });
  const rowsOf = async (caller: Caller): Promise<JobView[]> =>
    (await caller.api('GET', '/v1/bulk-jobs')).json.data as JobView[];

  test('suppressions are lifted and exported; an export leaves out what was erased, and its file expires', async () => {
    const tenant = await me();
    const ada = (await contact(tenant, { email: 'ada@lovelace.example', first_name: '=cmd|x', tags: ['a', 'b'] })).id;
    await tenant.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'tier' });
    await contact(tenant, { email: 'grace@hopper.example', notes: 'Says "hi"', custom_fields: { tier: 'gold' } });
    const suppressions: string[] = [];
    for (const email of ['ada@lovelace.example', 'x@example.com'])
      suppressions.push(
        String((await tenant.got('POST', '/v1/suppressions', { email, reason: 'unsubscribed' }))['id']),
      );
    const rows = await done(tenant, { entity: 'suppression', action: 'export' });
    assert.deepEqual(figures(rows), ['completed', 2, 2, 0]);
    assert.match((await fileOf(tenant, rows)).text, /^id,email,domain,reason,.*\r\n[^,]+,ada@lovelace.example,,unsub/);
    const lifted = await done(tenant, { entity: 'suppression', action: 'delete', select: { ids: suppressions } });
    assert.deepEqual(figures(lifted), ['completed', 2, 2, 0]);
    assert.equal((await tenant.got('GET', `/v1/contacts/${ada}`))['status'], 'active');

    const exported = await done(tenant, { entity: 'contact', action: 'export' });
    assert.deepEqual(figures(exported), ['completed', 2, 2, 0]);
    const { text, headers } = await fileOf(tenant, exported);
    assert.equal(headers.get('content-type'), 'text/csv; charset=utf-8');
    const lines = text.split('\r\n');
    assert.match(lines[0] ?? '', /^id,first_name,.*,custom_fields\.tier$/);
    assert.match(lines[1] ?? '', /,'=cmd\|x,.*"a, b"/);
    assert.match(lines[2] ?? '', /"Says ""hi""".*,gold$/);
    assert.equal(lines.length, 4);

    await tenant.got('POST', `/v1/contacts/${ada}/erase`);
    assert.doesNotMatch((await fileOf(tenant, exported)).text, /lovelace/);
    const now = new Date(scene.product.clock.now() - 8 * dayMs);
    await scene.product.db.execute(sql`UPDATE bulk_jobs SET finished_at = ${now} WHERE id = ${exported.id}`);
    assertRefused(await fileOf(tenant, exported), 409, 'conflict');
    assertRefused(await fileOf(tenant, lifted), 409, 'conflict');
  });

  test('a filter that matches nothing changes nothing, and one that matches everything all records', async () => {
    const tenant = await me();
    const ids = await many(tenant, 3, { owner: '42' });
    const everything = { field: 'created_at', op: 'exists', value: true };
    const run = (filter: Fields) =>
      done(tenant, { entity: 'contact', action: 'update', select: { filter }, change: { owner: 'grace' } });
    assert.deepEqual(figures(await run({ not: everything })), ['completed', 0, 0, 0]);
    assert.deepEqual(figures(await run(everything)), ['completed', 3, 3, 0]);
    assert.deepEqual(
      (await listed(tenant, '?owner=grace')).map(({ id }) => id),
      ids.toReversed(),
    );
  });

  test('what no record can become is refused when the job is created, with the field', async () => {
    const tenant = await me();
    const refused = async (body: Fields): Promise<unknown> => {
      const answer = await tenant.api('POST', '/v1/bulk-jobs', { entity: 'contact', action: 'update', ...body });
      assert.equal(answer.status, 422, answer.text);
      return Object.keys(answer.json.error?.details ?? {});
    };
    const select = { ids: [uuid] };
    assert.deepEqual(await refused({ select, change: { email: 'a@b.example' } }), ['change.email']);
    assert.deepEqual(await refused({ select, change: {} }), ['change']);
    assert.deepEqual(await refused({ select, change: { company_id: uuid } }), ['change.company_id']);
    assert.deepEqual(await refused({ select, change: { source_id: uuid } }), ['change.source_id']);
    assert.deepEqual(await refused({ select, change: { tags: { add: [''] } } }), ['change.tags.add.0']);
    assert.deepEqual(await refused({ select, change: { custom_fields: { no: 1 } } }), ['change.custom_fields.no']);
    assert.deepEqual(await refused({ change: { city: 'Oslo' } }), ['select']);
    assert.deepEqual(await refused({ select: {}, change: { city: 'Oslo' } }), ['select']);
    assert.deepEqual(await refused({ select }), ['change']);
    assert.deepEqual(await refused({ select: { segment_id: uuid }, change: { city: 'Oslo' } }), ['select.segment_id']);
    const bad = { and: [{ field: 'nothing', op: 'eq', value: 1 }] };
    assert.deepEqual(await refused({ select: { filter: bad }, change: { city: 'Oslo' } }), [
      'select.filter.and.0.field',
    ]);
    for (const length of [10_001, 100_000])
      assert.deepEqual(await refused({ select: { ids: Array.from({ length }, () => uuid) } }), ['select.ids']);
    assert.deepEqual(await refused({ entity: 'suppression', select, change: { reason: 'manual' } }), ['action']);
    const reader = await tenant.withKey({ scopes: ['contacts:read', 'crm:read'] });
    assertRefused(
      await reader.api('POST', '/v1/bulk-jobs', { entity: 'contact', action: 'delete', select }),
      403,
      'forbidden',
    );
    assert.equal((await done(reader, { entity: 'contact', action: 'export', select })).status, 'completed');
    const sender = await tenant.withKey({ scopes: ['suppressions:read'] });
    assert.equal((await rowsOf(sender)).length, 0, 'jobs of contacts are for those who read contacts');
  });
});

test('jobs wait while no process works, can be cancelled, and are worked on by the next', async () => {
  const database = await createTestDatabase();
  const clock = new TestClock();
  const api = await startInstallation({ databaseUrl: database.url, clock, config: { roles: ['api'] } });
  let worker: Installation | undefined;
  try {
    const tenant = await api.tenant();
    const body = { entity: 'contact', action: 'delete', select: { ids: await many(tenant, 300) } };
    const waiting = await create(tenant, body);
    const cancelled = await create(tenant, body);
    for (let times = 0; times < 2; times += 1)
      assert.equal((await tenant.got('POST', `/v1/bulk-jobs/${cancelled.id}/cancel`))['status'], 'cancelled');
    assert.deepEqual(figures((await tenant.got('GET', `/v1/bulk-jobs/${waiting.id}`)) as JobView), [
      'queued',
      0,
      300,
      0,
    ]);
    worker = await startInstallation({ databaseUrl: database.url, clock });
    assert.deepEqual(figures(await over(tenant, waiting)), ['completed', 300, 300, 0]);
    assertRefused(await tenant.api('POST', `/v1/bulk-jobs/${waiting.id}/cancel`), 409, 'conflict');
    const [left] = await api.db.query(sql<{ count: number }>`SELECT count(*) AS count FROM bulk_job_pieces`);
    assert.equal(left?.count, 0);
  } finally {
    await worker?.stop();
    await api.stop();
    await database.drop();
  }
});
