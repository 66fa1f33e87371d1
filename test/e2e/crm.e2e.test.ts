import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Fields } from '../harness/caller.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { makeContact } from './records.ts';

describe('companies, projects and activities over HTTP', () => {
  const scene = installationScene();
  let me: Tenant;
  before(async () => {
    me = await scene.product.tenant();
  });

  const listed = async (path: string): Promise<[unknown[], unknown]> => {
    const { json } = await me.api('GET', path);
    return [(json.data as Fields[]).map(({ id }) => id), json['total']];
  };

  test("a company's events, from creation to deletion, reach a receiver", async () => {
    const receiver = await scene.receive();
    await me.register(receiver.url, {
      dialect: 'driftwood',
      events: ['company.created', 'company.updated', 'company.deleted'],
      ordering: 'fifo',
    });
    const created = await me.api('POST', '/v1/companies', { name: 'Engines', tags: ['a', 'b'], annual_revenue: 5 });
    assert.equal(created.status, 201);
    const company = created.json.data as Fields;
    assert.equal(company['account_id'], me.organization.id);
    const changed = await me.got('PATCH', `/v1/companies/${String(company['id'])}`, { annual_revenue: null });
    assert.equal(changed['annual_revenue'], null);
    assert.deepEqual(await me.got('GET', `/v1/companies/${String(company['id'])}`), changed);
    assert.equal((await me.api('DELETE', `/v1/companies/${String(company['id'])}`)).status, 204);
    assertRefused(await me.api('GET', `/v1/companies/${String(company['id'])}`), 404, 'not_found');
    await eventually(() => receiver.arrivals.length === 3, 'three events arrive');
    const arrived = receiver.arrivals.map(({ body }) => JSON.parse(body) as { event: string; data: Fields });
    assert.deepEqual(
      arrived.map(({ event }) => event),
      ['company.created', 'company.updated', 'company.deleted'],
    );
    // Driftwood's companies have neither a workspace nor an owner.
    for (const [index, { workspace_id: workspace, owner, ...shown }] of [company, changed, changed].entries()) {
      assert.deepEqual([workspace, owner], [null, null]);
      for (const [field, value] of Object.entries(shown)) assert.deepEqual(arrived[index]?.data[field], value, field);
    }
  });

  test('lists have numbered pages and filter by one or more tags', async () => {
    const ids: unknown[] = [];
    for (const tags of [['x', 'y'], ['x'], ['y']])
      ids.push((await me.got('POST', '/v1/companies', { name: 'Tagged', tags }))['id']);
    assert.deepEqual(await listed('/v1/companies?tag=x'), [[ids[1], ids[0]], 2]);
    assert.deepEqual(await listed('/v1/companies?tag=x&tag=y'), [[ids[0]], 1]);
    assert.deepEqual(await listed('/v1/companies?search=TAGG&page=2&page_size=2'), [[ids[0]], 3]);
    assertRefused(await me.api('GET', '/v1/companies?tags=x'), 422, 'validation_failed');
    assertRefused(await me.api('GET', '/v1/projects?stage=won'), 422, 'validation_failed');
    assertRefused(await me.api('GET', '/v1/activities?occurred_after=yesterday'), 422, 'validation_failed');
    assert.equal(
      (
        await me.api(
          'GET',
          '/v1/activities?occurred_after=0000-01-01T00:00:00Z&occurred_before=9999-12-31T23:59:59%2B14:00',
        )
      ).status,
      200,
    );
  });

  test('errors name the invalid field', async () => {
    const cases: [string, object, Record<string, string>][] = [
      ['/v1/companies', { name: 'x', annual_revenue: 12.5 }, { annual_revenue: 'must be a whole number of cents' }],
      [
        '/v1/companies',
        { name: 'x', custom_fields: { tier: 1 } },
        { 'custom_fields.tier': 'is not a custom field of a company; define it first: POST /v1/custom-fields' },
      ],
      [
        '/v1/projects',
        { name: 'x', value: 0.1, start_date: '2026-02-30' },
        { value: 'must be a whole number of cents', start_date: 'must be an existing date, formatted as YYYY-MM-DD' },
      ],
      [
        '/v1/projects',
        { name: 'x', start_date: '2026-02-02', end_date: '2026-02-01' },
        { end_date: 'must not be before start_date' },
      ],
      [
        '/v1/activities',
        { activity_type: 'note' },
        { contact_id: 'is required unless company_id or project_id is given' },
      ],
      [
        '/v1/activities',
        { activity_type: 'call', contact_id: me.organization.id, metadata: { body: 'x' } },
        { 'metadata.body': 'is not a field of a call' },
      ],
    ];
    for (const [path, body, details] of cases)
      assert.deepEqual(assertRefused(await me.api('POST', path, body), 422, 'validation_failed').details, details);
  });

  test('contacts are added to a project, listed and removed', async () => {
    const { id } = await me.got('POST', '/v1/projects', { name: 'Rollout' });
    const path = `/v1/projects/${String(id)}/contacts`;
    const contacts = [await makeContact(me), await makeContact(me)];
    const added = await me.api('POST', path, { contact_ids: contacts });
    assert.deepEqual([added.status, added.json['added']], [200, 2]);
    assert.deepEqual(await listed(path), [contacts.toReversed(), 2]);
    assert.equal((await me.api('DELETE', `${path}/${String(contacts[0])}`)).status, 204);
    assertRefused(await me.api('DELETE', `${path}/${String(contacts[0])}`), 404, 'not_found');
    assert.deepEqual(await listed(path), [[contacts[1]], 1]);
    for (const contact_ids of [[], ['x'], Array.from({ length: 501 }, () => contacts[0])])
      assertRefused(await me.api('POST', path, { contact_ids }), 422, 'validation_failed');
  });
});
