import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { driftwoodOf } from '../../../test/harness/driftwood.ts';
import type { Driftwood } from '../../../test/harness/driftwood.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { lastId } from '../../base/ids.ts';

const noSuch = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00';

describe("Driftwood's contacts and companies", () => {
  const scene = installationScene();
  let me: Tenant;
  let api: Driftwood;
  beforeEach(async () => {
    me = await scene.product.tenant();
    api = driftwoodOf(me);
  });

  const keyId = async (): Promise<unknown> => ((await me.got('GET', '/v1/me'))['key'] as Fields)['id'];
  const names = async (call: string, body: Fields): Promise<unknown[]> =>
    (await api.all(call, body)).map((each) => each['first_name'] ?? each['name']);

  test('a contact can be created, read, changed and deleted', async () => {
    const company = await api.done('companies-create', { name: 'Analytical Engines' });
    const source = await me.got('POST', '/v1/sources', { name: 'Trade fair' });
    await me.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'loyalty_tier' });
    const given = {
      last_name: 'Lovelace',
      email: 'Ada@Lovelace.example',
      phone: '+44 20 7946 0018',
      company_id: company['id'],
      job_title: 'Countess',
      address: '12 St James Square',
      city: 'London',
      state: 'England',
      zip_code: 'SW1Y 4JH',
      country: 'GB',
      notes: 'Likes numbers',
      tags: ['vip'],
      source_id: source['id'],
      custom_fields: { loyalty_tier: 'gold' },
    };
    const contact = await api.done('contacts-create', { first_name: ' Ada ', ...given });
    const at = new Date(scene.clock.now()).toISOString();
    assert.deepEqual(Object.entries(contact), [
      ['id', contact['id']],
      ['account_id', me.organization.id],
      ['created_by', await keyId()],
      ['first_name', 'Ada'],
      ['last_name', given.last_name],
      ['email', given.email],
      ['phone', given.phone],
      ['company_id', company['id']],
      ['company_name', 'Analytical Engines'],
      ['job_title', given.job_title],
      ['linkedin_url', null],
      ['website', null],
      ['address', given.address],
      ['city', given.city],
      ['state', given.state],
      ['zip_code', given.zip_code],
      ['country', given.country],
      ['timezone', null],
      ['notes', given.notes],
      ['tags', given.tags],
      ['status', 'active'],
      ['source_id', source['id']],
      ['source_name', 'Trade fair'],
      ['custom_fields', given.custom_fields],
      ['lawful_basis', null],
      ['lawful_basis_at', null],
      ['lawful_basis_source', null],
      ['verification_status', null],
      ['verified_at', null],
      ['created_at', at],
      ['updated_at', at],
    ]);
    const { id } = contact;
    assert.deepEqual(await api.done('contacts-get', { id: String(id).toUpperCase() }), contact);
    assert.deepEqual(await api.done('contacts-list'), { items: [contact], next_cursor: '' });

    await scene.clock.advance(1_000);
    const changed = await api.done('contacts-update', {
      id,
      email: 'ada@king.example',
      company_id: null,
      tags: [],
      notes: null,
      phone: '',
    });
    const after = {
      email: 'ada@king.example',
      company_id: null,
      company_name: null,
      tags: [],
      notes: null,
      phone: null,
    };
    assert.deepEqual(changed, { ...contact, ...after, updated_at: new Date(scene.clock.now()).toISOString() });
    assert.deepEqual(await api.done('contacts-update', { id }), changed, 'nothing given: nothing changed');

    assert.deepEqual(await api.done('contacts-delete', { id }), {});
    for (const verb of ['get', 'update', 'delete'])
      assert.equal(await api.refused(404, 'contacts.not_found', `contacts-${verb}`, { id }), 'Contact not found.');
    assert.deepEqual(await api.done('contacts-list', {}), { items: [], next_cursor: '' });
  });

  test('a company can be created, read, changed and deleted; its contacts remain', async () => {
    const given = {
      domain: 'lovelace.example',
      industry: 'Computing',
      notes: 'Steam',
      phone: '+44 20 7946 0010',
      website: 'https://lovelace.example',
      linkedin_url: 'https://www.linkedin.com/company/engines',
      address: '12 St James Square',
      city: 'London',
      state: 'England',
      zip_code: 'SW1Y 4JH',
      country: 'GB',
      employee_count: 42,
      annual_revenue: 750_000_000,
      tags: ['enterprise'],
      custom_fields: {},
    };
    const company = await api.done('companies-create', { name: 'Analytical Engines', ...given });
    const at = new Date(scene.clock.now()).toISOString();
    assert.deepEqual(Object.entries(company), [
      ['id', company['id']],
      ['account_id', me.organization.id],
      ['created_by', await keyId()],
      ['name', 'Analytical Engines'],
      ...Object.entries(given),
      ['created_at', at],
      ['updated_at', at],
    ]);
    const { id } = company;
    assert.deepEqual(await api.done('companies-get', { id }), company);
    assert.deepEqual(await api.done('companies-list'), { items: [company], next_cursor: '' });
    const contact = await api.done('contacts-create', { first_name: 'Ada', company_id: id });
    assert.deepEqual(await api.done('companies-update', { id, name: 'Engines', annual_revenue: null }), {
      ...company,
      name: 'Engines',
      annual_revenue: null,
    });
    assert.equal((await api.done('contacts-get', { id: contact['id'] }))['company_name'], 'Engines');
    assert.deepEqual(await api.done('companies-delete', { id }), {});
    for (const verb of ['get', 'update', 'delete'])
      assert.equal(await api.refused(404, 'companies.not_found', `companies-${verb}`, { id }), 'Company not found.');
    const left = await api.done('contacts-get', { id: contact['id'] });
    assert.deepEqual([left['company_id'], left['company_name']], [null, 'Engines']);
  });

  test('lists can be filtered by search, tags, companies and sources, and have pages', async () => {
    const [one, two] = [
      await api.done('companies-create', { name: 'One', tags: ['x', 'y'] }),
      await api.done('companies-create', { name: 'Two Ltd', tags: ['x'] }),
    ];
    const fair = (await me.got('POST', '/v1/sources', { name: 'fair' }))['id'];
    await api.done('contacts-create', { first_name: 'Ann', tags: ['a', 'b'], company_id: one['id'] });
    await api.done('contacts-create', { first_name: 'Bob', tags: ['a'], company_id: two['id'], source_id: fair });
    await api.done('contacts-create', { first_name: 'Cleo', email: 'cleo@annex.example', source_id: fair });
    for (const [filter, expected] of [
      [{}, ['Cleo', 'Bob', 'Ann']],
      [{ limit: 1 }, ['Cleo', 'Bob', 'Ann']],
      [{ limit: 2, cursor: '' }, ['Cleo', 'Bob', 'Ann']],
      [{ limit: 3 }, ['Cleo', 'Bob', 'Ann']],
      [{ search: 'aNN', limit: 1 }, ['Cleo', 'Ann']],
      [{ search: 'two' }, ['Bob']],
      [{ search: 'One', tags: ['a'] }, ['Ann']],
      [{ tags: ['a'] }, ['Bob', 'Ann']],
      [{ tags: ['a', 'b'] }, ['Ann']],
      [{ tags: [], company_ids: [], source_ids: [] }, ['Cleo', 'Bob', 'Ann']],
      [{ company_id: one['id'] }, ['Ann']],
      [{ company_ids: [one['id'], two['id']], limit: 1 }, ['Bob', 'Ann']],
      [{ company_id: one['id'], company_ids: [one['id'], two['id']] }, ['Ann']],
      [{ company_id: one['id'], company_ids: [two['id']] }, []],
      [{ source_ids: [fair], tags: ['a'] }, ['Bob']],
      [{ source_ids: [noSuch] }, []],
      [{ company_id: noSuch }, []],
    ] as const)
      assert.deepEqual(await names('contacts-list', filter), expected, JSON.stringify(filter));
    for (const [filter, expected] of [
      [{ limit: 1 }, ['Two Ltd', 'One']],
      [{ search: 'LTD' }, ['Two Ltd']],
      [{ tags: ['x', 'y'] }, ['One']],
    ] as const)
      assert.deepEqual(await names('companies-list', filter), expected, JSON.stringify(filter));
    for (let n = 0; n < 25; n += 1) await api.done('companies-create', { name: `C${n}` });
    assert.equal(((await api.done('companies-list'))['items'] as unknown[]).length, 25, '25 by default');
  });

  test('a wrong field is reported in the format of the vendor, and nothing is created or changed', async () => {
    const company = await api.done('companies-create', { name: 'Mine' });
    const contact = await api.done('contacts-create', { first_name: 'Ada', email: 'ada@lovelace.example' });
    await me.got('POST', '/v1/suppressions', { domain: 'gone.example' });
    for (const [body, message] of [
      [{}, 'first_name: is required'],
      [{ first_name: '  ' }, 'first_name: must not be empty'],
      [{ first_name: null }, 'first_name: must be a string'],
      [{ first_name: 'A', email: 'nonsense' }, 'email: is not an email address'],
      [{ first_name: 'A', email: 'a@gone.example' }, 'email: is suppressed; lift the suppression first'],
      [{ first_name: 'A', company_name: 'x' }, 'company_name: unknown field'],
      [{ first_name: 'A', id: noSuch }, 'id: unknown field'],
      [{ first_name: 'A', tags: 'vip' }, 'tags: must be an array'],
      [
        { first_name: 'A', custom_fields: { nobody: 1 } },
        /^custom_fields\.nobody: is not a custom field of a contact; define it first/,
      ],
      [{ first_name: 'A', company_id: noSuch }, 'company_id: does not exist in this organization'],
      [{ first_name: 'A', source_id: noSuch }, 'source_id: does not exist in this organization'],
      [[], 'body: must be an object'],
    ] as const) {
      const said = await api.refused(400, 'contacts.invalid_request', 'contacts-create', body);
      if (typeof message === 'string') assert.equal(said.replace(/^Invalid request: /, ''), message);
      else assert.match(said.replace(/^Invalid request: /, ''), message);
    }
    for (const value of ['x', 5, ''])
      assert.equal(
        await api.refused(400, 'contacts.invalid_id', 'contacts-create', { first_name: 'A', company_id: value }),
        'company_id must be a UUID',
      );
    for (const verb of ['get', 'update', 'delete']) {
      assert.equal(await api.refused(400, 'contacts.invalid_id', `contacts-${verb}`), 'id is required');
      assert.equal(
        await api.refused(400, 'contacts.invalid_id', `contacts-${verb}`, { id: 'cld_x' }),
        'id must be a UUID',
      );
      await api.refused(404, 'contacts.not_found', `contacts-${verb}`, { id: noSuch });
    }
    assert.equal(
      await api.refused(409, 'contacts.conflict', 'contacts-create', {
        first_name: 'B',
        email: 'ADA@lovelace.example',
      }),
      'A contact with the email ADA@lovelace.example already exists.',
    );
    assert.match(
      await api.refused(400, 'contacts.invalid_request', 'contacts-update', {
        id: contact['id'],
        email: null,
        first_name: null,
      }),
      /first_name: is required for a contact without an email/,
    );
    for (const body of ['{', 'null', '"x"', '{"first_name":"\\u0000"}'])
      await api.refused(400, 'contacts.invalid_request', 'contacts-create', body);

    for (const [body, message] of [
      [{ limit: 0 }, /^limit: /],
      [{ limit: 101 }, /^limit: /],
      [{ limit: '5' }, /^limit: /],
      [{ cursor: 'MjAyNS0wNi0wMVQx' }, 'cursor: must be the next_cursor of an earlier answer'],
      [{ cursor: 5 }, 'cursor: must be a string'],
      [{ tags: [1] }, 'tags.0: must be a string'],
      [{ search: 'x'.repeat(201) }, /^search: /],
      [{ page: 2 }, 'page: unknown field'],
    ] as const) {
      const said = (await api.refused(400, 'contacts.invalid_request', 'contacts-list', body)).replace(
        /^Invalid request: /,
        '',
      );
      if (typeof message === 'string') assert.equal(said, message);
      else assert.match(said, message);
    }
    assert.equal(
      await api.refused(400, 'contacts.invalid_id', 'contacts-list', { company_ids: [noSuch, 'x'] }),
      'company_ids.1 must be a UUID',
    );

    for (const [body, message] of [
      [{}, 'name: is required'],
      [{ name: 'x', annual_revenue: 10.5 }, /^annual_revenue: must be a whole number of cents/],
      [{ name: 'x', employee_count: -1 }, /^employee_count: /],
      [{ name: 'x', domain: 'no domain' }, /^domain: must be a domain/],
      [{ name: 'x', website: 'nonsense' }, 'website: must be an http or https URL'],
    ] as const) {
      const said = (await api.refused(400, 'companies.invalid_request', 'companies-create', body)).replace(
        /^Invalid request: /,
        '',
      );
      if (typeof message === 'string') assert.equal(said, message);
      else assert.match(said, message);
    }
    await api.refused(400, 'companies.invalid_id', 'companies-update', { name: 'x' });
    await api.refused(400, 'companies.invalid_request', 'companies-update', { id: company['id'], name: null });
    await api.refused(404, 'contacts.not_found', 'contacts-frobnicate');
    assert.deepEqual(await api.all('companies-list'), [company]);
    assert.deepEqual(await api.all('contacts-list'), [contact]);
  });

  test('a key without the scope is refused with 403, and records of another organization with 404', async () => {
    const contact = await api.done('contacts-create', { first_name: 'Ada' });
    const company = await api.done('companies-create', { name: 'Mine' });
    const reader = driftwoodOf(await me.withKey({ scopes: ['contacts:read', 'crm:read'] }));
    const writer = driftwoodOf(await me.withKey({ scopes: ['contacts:write'] }));
    for (const [resource, { id }] of [
      ['contacts', contact],
      ['companies', company],
    ] as const) {
      await reader.done(`${resource}-get`, { id });
      for (const verb of ['create', 'update', 'delete'])
        await reader.refused(403, 'auth.forbidden', `${resource}-${verb}`, { id });
      for (const verb of ['get', 'list']) await writer.refused(403, 'auth.forbidden', `${resource}-${verb}`, { id });
    }
    await writer.refused(403, 'auth.forbidden', 'companies-create', { name: 'x' });
    await driftwoodOf({
      ...me,
      api: (method, path, body) => me.api(method, path, body, { authorization: 'Bearer otr_no' }),
    }).refused(401, 'auth.unauthorized', 'contacts-list');

    const other = driftwoodOf(await scene.product.tenant());
    for (const [resource, { id }] of [
      ['contacts', contact],
      ['companies', company],
    ] as const) {
      for (const verb of ['get', 'update', 'delete'])
        await other.refused(404, `${resource}.not_found`, `${resource}-${verb}`, { id });
      assert.deepEqual(await other.all(`${resource}-list`, { cursor: lastId }), []);
    }
    assert.match(
      await other.refused(400, 'contacts.invalid_request', 'contacts-create', {
        first_name: 'A',
        company_id: company['id'],
      }),
      /company_id: does not exist in this organization/,
    );
    assert.deepEqual(await other.all('contacts-list', { company_id: company['id'] }), []);
  });
});
