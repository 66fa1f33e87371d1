import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import type { Fields } from '../../../test/harness/caller.ts';
import { contact, contactEvents, listed, upsert } from '../../../test/harness/contacts.ts';
import { assertRefused, uuid } from '../../../test/harness/edge-routes.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';
import type { Statement } from '../../db/sql.ts';
import { catalogue } from '../../events/catalogue.ts';
import { dayMs } from '../../base/clock.ts';
import { createLists } from './list.ts';

describe('contacts', () => {
  // Without the engine, nothing changes between requests.
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await scene.product.tenant();
  });

  const events = () => contactEvents(scene.product.db, tenant);
  const patch = (id: string, body: Fields) => tenant.api('PATCH', `/v1/contacts/${id}`, body);
  const patched = (id: string, body: Fields) => tenant.got('PATCH', `/v1/contacts/${id}`, body);

  test('an upsert creates a contact with all its fields and emits it as the API shows it and the catalogue describes it', async () => {
    const company = await tenant.got('POST', '/v1/companies', { name: 'Analytical Engines' });
    const source = await tenant.got('POST', '/v1/sources', { name: 'Trade fair' });
    await tenant.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'loyalty_tier' });
    const given = {
      email: 'Ada <Ada@Lovelace.example>',
      first_name: ' Ada ',
      last_name: 'Lovelace',
      phone: '+44 20 7946 0018',
      company_id: String(company['id']).toUpperCase(),
      job_title: 'Head of Research',
      linkedin_url: 'https://www.linkedin.com/in/ada-lovelace',
      website: '',
      city: 'London',
      timezone: ' Europe/London ',
      notes: 'Likes  numbers',
      tags: ['vip', ' press ', 'vip'],
      source_id: source['id'],
      custom_fields: { loyalty_tier: 'gold' },
    };
    const made = await contact(tenant, given, {
      lawful_basis_source: 'Form',
      lawful_basis_at: '2025-12-01T10:00:00+01:00',
    });
    const { created_by: createdBy, ...shown } = made;
    assert.deepEqual(shown, {
      id: made.id,
      workspace_id: null,
      first_name: 'Ada',
      last_name: 'Lovelace',
      email: 'Ada@Lovelace.example',
      emails: [{ email: 'Ada@Lovelace.example', primary: true }],
      phone: '+44 20 7946 0018',
      company_id: company['id'],
      company_name: 'Analytical Engines',
      job_title: 'Head of Research',
      linkedin_url: 'https://www.linkedin.com/in/ada-lovelace',
      website: null,
      address: null,
      city: 'London',
      state: null,
      zip_code: null,
      country: null,
      timezone: 'Europe/London',
      notes: 'Likes  numbers',
      tags: ['vip', 'press'],
      status: 'active',
      owner: null,
      source_id: source['id'],
      source_name: 'Trade fair',
      custom_fields: { loyalty_tier: 'gold' },
      lawful_basis: 'consent',
      lawful_basis_at: '2025-12-01T09:00:00.000Z',
      lawful_basis_source: 'Form',
      verification_status: null,
      verified_at: null,
      account_id: tenant.organization.id,
      created_at: made['created_at'],
      updated_at: made['created_at'],
      deleted_at: null,
    });
    const [created, ...others] = await events();
    assert.deepEqual(others, []);
    const { deleted_at: _, ...record } = made;
    assert.deepEqual(created, { type: 'contact.created', data: { ...record, actor: { type: 'key', id: createdBy } } });
    assert.deepEqual(
      Object.keys(created.data),
      Object.keys(catalogue['contact.created'].example),
      'in the order of the catalogue',
    );
    assert.deepEqual(catalogue['contact.created'].data.parse(created.data), created.data);
  });

  test('timezone accepts names of IANA time zones and null, and a change of it emits an event', async () => {
    const made = await contact(tenant, { email: 'ada@lovelace.example' });
    assert.equal(made['timezone'], null);
    const invalid = 'must be the name of an IANA time zone, such as Europe/Berlin';
    for (const [timezone, reason] of [
      ['Mars/Olympus', invalid],
      ['+01:00', invalid],
      [`Europe/${'x'.repeat(64)}`, 'must have at most 64 characters'],
    ])
      assert.deepEqual((await patch(made.id, { timezone })).json.error?.details, { timezone: reason });
    assert.equal((await patched(made.id, { timezone: 'Asia/Kolkata' }))['timezone'], 'Asia/Kolkata');
    assert.equal((await patched(made.id, { timezone: 'europe/berlin' }))['timezone'], 'Europe/Berlin');
    assert.equal((await patched(made.id, { timezone: '' }))['timezone'], null);
    assert.deepEqual(
      (await events()).map(({ data }) => [data['timezone'], data['changed']]),
      [
        [null, undefined],
        ['Asia/Kolkata', ['timezone']],
        ['Europe/Berlin', ['timezone']],
        [null, ['timezone']],
      ],
    );
  });

  test('an update changes only the given fields, reports them in changed, and emits nothing if nothing changed', async () => {
    await tenant.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'a' });
    await tenant.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'b' });
    const made = await contact(tenant, {
      email: 'ada@lovelace.example',
      first_name: 'Ada',
      phone: '1',
      tags: ['x'],
      custom_fields: { a: '1', b: '2' },
    });
    await scene.clock.advance(60_000);
    const after = await patched(made.id, {
      phone: null,
      job_title: 'Countess',
      tags: ['y', 'x'],
      custom_fields: { a: null, b: '3' },
    });
    assert.deepEqual(after, {
      ...made,
      phone: null,
      job_title: 'Countess',
      tags: ['y', 'x'],
      custom_fields: { b: '3' },
      updated_at: new Date(scene.clock.now()).toISOString(),
    });
    assert.deepEqual(
      await patched(made.id, {
        phone: null,
        job_title: 'Countess',
        tags: ['y', 'x'],
        custom_fields: { b: '3' },
        lawful_basis: 'consent',
      }),
      after,
    );
    assert.deepEqual(await patched(made.id, {}), after);
    assert.deepEqual(await upsert(tenant, [{ email: 'ada@lovelace.example', first_name: 'Ada' }]), [
      { email: 'ada@lovelace.example', status: 'updated', id: made.id },
    ]);
    assert.deepEqual(await tenant.got('GET', `/v1/contacts/${made.id}`), after);
    const [, updated, ...others] = await events();
    assert.deepEqual(others, []);
    assert.equal(updated?.type, 'contact.updated');
    assert.deepEqual(updated.data['changed'], ['phone', 'job_title', 'tags', 'custom_fields']);
    assert.deepEqual(Object.keys(updated.data).sort(), Object.keys(catalogue['contact.updated'].example).sort());
    assert.equal(updated.data['job_title'], 'Countess');
  });

  test('tags that many callers add and remove at the same time are all applied, each with an event, and 100 at most', async () => {
    const made = await contact(tenant, { email: 'ada@lovelace.example', tags: ['old', 'kept'] });
    const change = (body: Fields) => tenant.api('POST', `/v1/contacts/${made.id}/tags`, body);
    const names = Array.from({ length: 20 }, (_, n) => `tag ${n}`);
    const answers = await Promise.all(names.map((name) => change({ add: [` ${name} `], remove: ['old', 'absent'] })));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    const after = await tenant.got('GET', `/v1/contacts/${made.id}`);
    assert.deepEqual((after['tags'] as string[]).toSorted(), ['kept', ...names].toSorted());
    assert.equal((await events()).filter(({ type }) => type === 'contact.updated').length, 20);
    assert.deepEqual(
      (await tenant.got('POST', `/v1/contacts/${made.id}/tags`, { add: ['kept'] }))['tags'],
      after['tags'],
    );
    assert.deepEqual((await tenant.got('POST', `/v1/contacts/${made.id}/tags`, {}))['tags'], after['tags']);
    assert.equal((await events()).length, 21, 'a change without effect emits nothing');
    const more = Array.from({ length: 80 }, (_, n) => `more ${n}`);
    assert.deepEqual((await change({ add: more })).json.error?.details, {
      add: 'would leave the contact with more than 100 tags',
    });
    assert.deepEqual((await change({ add: [''] })).json.error?.details, { 'add.0': 'must not be empty' });
    assert.equal((await tenant.api('POST', `/v1/contacts/${uuid}/tags`, { add: ['a'] })).status, 404);
    const etag = (await tenant.api('GET', `/v1/contacts/${made.id}`)).headers.get('etag') ?? '';
    const once = () => tenant.api('POST', `/v1/contacts/${made.id}/tags`, { remove: ['kept'] }, { 'If-Match': etag });
    assert.deepEqual([(await once()).status, (await once()).status], [200, 412]);
  });

  test('an address that a live contact has is refused with 409, and a change of address clears the verdict', async () => {
    const [ada, grace] = [
      await contact(tenant, { email: 'ada@lovelace.example' }),
      await contact(tenant, { email: 'grace@hopper.example' }),
    ];
    await scene.product.db.execute(
      sql`UPDATE contacts SET verification_status = 'valid', verified_at = now(), verification_reasons = '{mx}' WHERE id = ${ada.id}`,
    );
    assertRefused(await patch(ada.id, { email: 'GRACE@hopper.example' }), 409, 'conflict');
    assert.equal(
      (await patched(ada.id, { email: 'Ada@lovelace.example' }))['verification_status'],
      'valid',
      'another spelling is the same address',
    );
    const moved = await patched(ada.id, { email: 'ada@king.example' });
    assert.deepEqual(
      [moved['email'], moved['verification_status'], moved['verified_at']],
      ['ada@king.example', null, null],
    );
    assert.equal((await tenant.api('DELETE', `/v1/contacts/${grace.id}`)).status, 204);
    assert.equal((await patched(ada.id, { email: 'grace@hopper.example' }))['email'], 'grace@hopper.example');
    assertRefused(await tenant.api('POST', `/v1/contacts/${grace.id}/restore`), 409, 'conflict');
    await tenant.got('POST', '/v1/suppressions', { email: 'ada@king.example' });
    assert.match(
      assertRefused(await patch(ada.id, { email: 'ada@king.example' }), 422, 'validation_failed').details['email'] ??
        '',
      /suppressed/,
    );
    assert.deepEqual(
      Object.keys(assertRefused(await patch(ada.id, { email: null }), 422, 'validation_failed').details),
      ['first_name'],
    );
    assert.equal((await patched(ada.id, { email: null, first_name: 'Ada' }))['email'], null);
  });

  test('a contact has a company by id or a company name as text, never both', async () => {
    const company = await tenant.got('POST', '/v1/companies', { name: 'Engines' });
    const made = await contact(tenant, { email: 'ada@lovelace.example', company_name: 'Elsewhere' });
    assert.deepEqual([made['company_id'], made['company_name']], [null, 'Elsewhere']);
    const pair = ({ company_id: id, company_name: name }: Fields) => [id, name];
    assert.deepEqual(pair(await patched(made.id, { company_id: company['id'], company_name: 'ignored' })), [
      company['id'],
      'Engines',
    ]);
    assert.deepEqual(
      pair(await patched(made.id, { company_name: 'Engines' })),
      [company['id'], 'Engines'],
      'its own name changes nothing',
    );
    for (const name of ['ENGINES', ' engines ', 'Elsewhere', null])
      assert.deepEqual(
        pair(await patched(made.id, { company_name: name })),
        [company['id'], 'Engines'],
        'a name never overrides a reference',
      );
    assert.deepEqual(pair(await patched(made.id, { company_id: null, company_name: 'Elsewhere' })), [
      null,
      'Elsewhere',
    ]);
    assert.deepEqual(pair(await patched(made.id, { company_name: 'Somewhere' })), [null, 'Somewhere']);
    await patched(made.id, { company_id: company['id'] });
    assert.deepEqual(pair(await patched(made.id, { company_id: null })), [null, null]);
    await patched(made.id, { company_id: company['id'] });
    assert.equal((await tenant.api('DELETE', `/v1/companies/${String(company['id'])}`)).status, 204);
    assert.deepEqual(
      pair(await tenant.got('GET', `/v1/contacts/${made.id}`)),
      [null, 'Engines'],
      'the name outlives the company',
    );
    const last = (await events()).at(-1);
    assert.deepEqual(
      [last?.type, last?.data['changed'], last?.data['company_name']],
      ['contact.updated', ['company_id'], 'Engines'],
    );
  });

  test('a different lawful basis starts a new time, the same one keeps its time', async () => {
    const made = await contact(tenant, { email: 'ada@lovelace.example' }, { lawful_basis_source: 'Form' });
    await scene.clock.advance(60_000);
    const basis = ({ lawful_basis: what, lawful_basis_at: at, lawful_basis_source: source }: Fields) => [
      what,
      at,
      source,
    ];
    assert.deepEqual(basis(await contact(tenant, { email: 'ada@lovelace.example' })), basis(made));
    const now = new Date(scene.clock.now()).toISOString();
    assert.deepEqual(basis(await contact(tenant, { email: 'ada@lovelace.example' }, { lawful_basis: 'contract' })), [
      'contract',
      now,
      null,
    ]);
    assert.deepEqual(basis(await patched(made.id, { lawful_basis: null })), [null, null, null]);
    assert.deepEqual(
      (await events()).map(({ data }) => basis(data)),
      [basis(made), ['contract', now, null], [null, null, null]],
      'the event log has what it was',
    );
  });

  test('lawful_basis_at is refused before 1900 and more than a day ahead', async () => {
    const made = await contact(tenant, { email: 'ada@lovelace.example' });
    const aheadOf = (ms: number) => new Date(scene.clock.now() + ms).toISOString();
    for (const at of [
      '0000-01-01T00:00:00Z',
      '0001-01-01T00:00:00Z',
      '1899-12-31T23:59:59.999Z',
      '2999-01-01T00:00:00Z',
      aheadOf(dayMs + 1),
    ]) {
      const terms = { lawful_basis: 'contract', lawful_basis_at: at };
      for (const answer of [
        await tenant.api('POST', '/v1/contacts', {
          ...terms,
          contacts: [{ email: 'ada@lovelace.example' }, { email: 'new@example.com' }],
        }),
        await patch(made.id, terms),
        await patch(made.id, { lawful_basis_at: at }),
      ])
        assert.deepEqual(assertRefused(answer, 422, 'validation_failed').details, {
          lawful_basis_at: 'must not be before 1900 or in the future',
        });
    }
    assert.deepEqual(await listed(tenant), [made]);
    for (const at of ['1900-01-01T00:00:00.000Z', aheadOf(dayMs)])
      assert.equal((await patched(made.id, { lawful_basis_at: at }))['lawful_basis_at'], at);
    const since = '2020-02-29T12:00:00.000Z';
    assert.equal(
      (await contact(tenant, { email: 'ada@lovelace.example' }, { lawful_basis_at: since }))['lawful_basis_at'],
      since,
    );
  });

  test('a deleted contact is not read any more, can be listed and restored for 30 days, and is then permanently deleted', async () => {
    const [ada, grace] = [
      await contact(tenant, { email: 'ada@lovelace.example' }),
      await contact(tenant, { email: 'grace@hopper.example' }),
    ];
    for (const { id } of [ada, grace]) assert.equal((await tenant.api('DELETE', `/v1/contacts/${id}`)).status, 204);
    const path = `/v1/contacts/${ada.id}`;
    for (const call of [tenant.api('GET', path), patch(ada.id, {}), tenant.api('DELETE', path)])
      assertRefused(await call, 404, 'not_found');
    assert.deepEqual([(await listed(tenant)).length, (await tenant.api('GET', '/v1/contacts')).json['total']], [0, 0]);
    assert.deepEqual(
      (await listed(tenant, '?deleted=true')).map(({ id, deleted_at: at }) => [id, at]),
      [grace, ada].map(({ id }) => [id, new Date(scene.clock.now()).toISOString()]),
    );
    await scene.product.db.execute(
      sql`UPDATE contacts SET deleted_at = deleted_at - interval '30 days' + interval '1 second' WHERE deleted_at IS NOT NULL`,
    );
    const restored = await tenant.got('POST', `${path}/restore`);
    assert.deepEqual(restored, { ...ada, updated_at: new Date(scene.clock.now()).toISOString() });
    assertRefused(await tenant.api('POST', `${path}/restore`), 404, 'not_found');
    assert.equal((await tenant.api('GET', '/v1/contacts')).json['total'], 1);
    await scene.clock.advance(1_001);
    assertRefused(await tenant.api('POST', `/v1/contacts/${grace.id}/restore`), 404, 'not_found');
    await scene.clock.advance(60_000);
    const left = async () =>
      (await scene.product.db.query(sql`SELECT FROM contacts WHERE organization_id = ${tenant.organization.id}`))
        .length;
    for (let looks = 0; looks < 1_000 && (await left()) > 1; looks += 1)
      await new Promise((resolve) => setImmediate(resolve));
    assert.equal(await left(), 1);
    assert.deepEqual(
      (await events()).map(({ type, data }) => [type, data['id']]),
      [
        ['contact.created', ada.id],
        ['contact.created', grace.id],
        ['contact.deleted', ada.id],
        ['contact.deleted', grace.id],
        ['contact.created', ada.id],
      ],
    );
  });

  test('a contact shows the current name of its company; renaming emits only company.updated, and a contact restored after its company was deleted has none', async () => {
    const company = await tenant.got('POST', '/v1/companies', { name: 'Analytical Engines' });
    const ada = await contact(tenant, { email: 'ada@lovelace.example', company_id: company['id'] });
    const projectPath = `/v1/projects/${String((await tenant.got('POST', '/v1/projects', { name: 'Rollout', company_id: company['id'] }))['id'])}`;
    await tenant.got('PATCH', `/v1/companies/${String(company['id'])}`, { name: 'Difference Engines' });
    const told = await scene.product.db.query(
      sql<{
        type: string;
        data: Buffer;
      }>`SELECT type, data FROM events WHERE organization_id = ${tenant.organization.id} ORDER BY id OFFSET 3`,
    );
    assert.deepEqual(
      told.map(({ type, data }) => [type, (JSON.parse(data.toString()) as Fields)['changed']]),
      [['company.updated', ['name']]],
    );
    const path = `/v1/contacts/${ada.id}`;
    for (const each of [path, projectPath])
      assert.equal((await tenant.got('GET', each))['company_name'], 'Difference Engines');

    assert.equal((await tenant.api('DELETE', path)).status, 204);
    assert.equal((await tenant.api('DELETE', `/v1/companies/${String(company['id'])}`)).status, 204);
    const restored = await tenant.got('POST', `${path}/restore`);
    assert.deepEqual(restored, {
      ...ada,
      company_id: null,
      company_name: null,
      updated_at: new Date(scene.clock.now()).toISOString(),
    });
    assert.deepEqual(await tenant.got('GET', path), restored);
    const { type, data } = (await events()).at(-1) ?? assert.fail();
    assert.deepEqual(
      [type, data['id'], data['company_id'], data['company_name']],
      ['contact.created', ada.id, null, null],
    );
  });

  test("an upsert of a deleted contact's address creates a new contact", async () => {
    const old = await contact(tenant, { email: 'ada@lovelace.example' });
    await tenant.api('DELETE', `/v1/contacts/${old.id}`);
    const [row] = await upsert(tenant, [{ email: 'ada@lovelace.example' }]);
    assert.equal(row?.status, 'created');
    assert.notEqual(row.id, old.id);
  });

  test('lists are paged newest first and support every filter', async () => {
    const source = await tenant.got('POST', '/v1/sources', { name: 'Fair' });
    const company = await tenant.got('POST', '/v1/companies', { name: 'Engines' });
    await upsert(tenant, [
      { email: 'a@one.example', first_name: 'Ada', last_name: 'Lovelace', tags: ['x', 'y'], source_id: source['id'] },
      { email: 'b@two.example', first_name: '100%', tags: ['x'], company_id: company['id'], status: 'bounced' },
      {
        email: 'c@two.example',
        first_name: 'under_score',
        phone: '+49 30 1',
        job_title: 'Buyer',
        company_name: 'Müller KG',
      },
    ]);
    const found = async (query: string): Promise<string[]> =>
      (await listed(tenant, `?${query}`)).map(({ email }) => String(email).slice(0, 1));
    const order = (await listed(tenant)).map(({ id }) => String(id));
    assert.deepEqual(order, order.toSorted().reverse());
    const everyone = (await found('page_size=3')).sort();
    assert.deepEqual(everyone, ['a', 'b', 'c']);
    const paged = [
      await found('page=1&page_size=2'),
      await found('page=2&page_size=2'),
      await found('page=3&page_size=2'),
    ];
    assert.deepEqual([paged.map((page) => page.length), paged.flat().sort()], [[2, 1, 0], everyone]);
    for (const [query, emails] of Object.entries({
      'tag=x': ['a', 'b'],
      'tag=x&tag=y': ['a'],
      'tag=z': [],
      [`source_id=${String(source['id'])}`]: ['a'],
      [`company_id=${String(company['id'])}`]: ['b'],
      [`company_id=${uuid}`]: [],
      'status=bounced': ['b'],
      'status=active': ['a', 'c'],
      'search=LOVELACE': ['a'],
      'search=ada%20love': ['a'],
      'search=two.example': ['b', 'c'],
      'search=two.example&status=active': ['c'],
      'search=two.example&tag=x': ['b'],
      'search=100%25': ['b'],
      'search=under_score': ['c'],
      'search=underxscore': [],
      'search=%25': ['b'],
      'search=_': ['c'],
      'search=%2B49': ['c'],
      'search=buyer': ['c'],
      'search=m%C3%9Cller': ['c'],
      'search=%20': ['a', 'b', 'c'],
      'search=@': ['a', 'b', 'c'],
      'deleted=true': [],
      'deleted=false': ['a', 'b', 'c'],
    })) {
      assert.deepEqual((await found(query)).sort(), emails, query);
      assert.equal((await tenant.api('GET', `/v1/contacts?${query}&page_size=1`)).json['total'], emails.length, query);
    }
    assert.deepEqual((await tenant.api('GET', '/v1/tags')).json, {
      data: [{ name: 'x' }, { name: 'y' }],
      page: 1,
      page_size: 25,
      total: 2,
    });
    for (const query of ['status=gone', 'company_id=1', 'deleted=maybe', 'q=x', 'page_size=101']) {
      assertRefused(await tenant.api('GET', `/v1/contacts?${query}`), 422, 'validation_failed');
    }
  });

  test('a search finds old contacts among many: among the newest, by reading further, and by the index', async () => {
    // 12,000 contacts: every tenth has "common", the three oldest have "rare".
    await scene.product.db.execute(sql`
      INSERT INTO contacts (id, organization_id, email, email_key, tags, status, custom_fields, created_at, updated_at, search)
      SELECT ('0199c9f1-7b20-7d02-8f11-' || lpad(to_hex(n), 12, '0'))::uuid, ${tenant.organization.id}, n || '@many.example', n || '@many.example', '{}', 'active', '{}', now(), now(),
        n || '@many.example' || CASE WHEN n % 10 = 0 THEN ' common' ELSE '' END || CASE WHEN n <= 3 THEN ' rare' ELSE '' END
      FROM generate_series(1, 12000) AS n`);
    const page = async (query: string) => {
      const { json } = await tenant.api('GET', `/v1/contacts?${query}`);
      return {
        emails: (json.data as Fields[]).map(({ email }) => String(email).split('@')[0]),
        total: json['total'],
        capped: json['total_capped'],
      };
    };
    const every = (from: number, count: number): string[] =>
      Array.from({ length: count }, (_, index) => String(from - 10 * index));
    assert.deepEqual(await page('search=common&page_size=5'), { emails: every(12_000, 5), total: 200, capped: true });
    assert.deepEqual(await page('search=common&page_size=100&page=11'), {
      emails: every(2_000, 100),
      total: 1_200,
      capped: undefined,
    });
    assert.deepEqual(await page('search=common&page_size=100&page=12'), {
      emails: every(1_000, 100),
      total: 1_200,
      capped: undefined,
    });
    assert.deepEqual(await page('search=common&page_size=100&page=13'), {
      emails: [],
      total: 1_200,
      capped: undefined,
    });
    assert.deepEqual(await page('search=rare'), { emails: ['3', '2', '1'], total: 3, capped: undefined });
    assert.deepEqual(await page('search=rare&page=2&page_size=2'), { emails: ['1'], total: 3, capped: undefined });
    // As after an import: all of them among the newest, more than a few but less than a page.
    await scene.product.db.execute(sql`
      UPDATE contacts SET tags = '{fresh}', search = search || ' fresh' WHERE organization_id = ${tenant.organization.id} AND split_part(email, '@', 1)::int > 11980`);
    for (const query of ['search=fresh', 'tag=fresh', 'search=fresh&tag=fresh']) {
      const emails = Array.from({ length: 20 }, (_, index) => String(12_000 - index));
      assert.deepEqual(await page(query), { emails, total: 20, capped: undefined }, query);
      assert.deepEqual(
        await page(`${query}&page=2&page_size=15`),
        { emails: emails.slice(15), total: 20, capped: undefined },
        query,
      );
    }
    assert.deepEqual(await page('search=rare&tag=none'), { emails: [], total: 0, capped: undefined });
    for (const words of ['many.example%20rare', 'le%20rare'])
      assert.deepEqual(await page(`search=${words}`), { emails: ['3', '2', '1'], total: 3, capped: undefined }, words);
    assert.deepEqual(await page('search=common%20rare'), { emails: [], total: 0, capped: undefined });
    assert.deepEqual(await page('search=3@'), { emails: every(11_993, 25), total: 200, capped: true });
    assert.deepEqual(await page('status=active&page_size=1'), { emails: ['12000'], total: 10_000, capped: true });
  });

  test('pages by cursor miss and repeat no contact that was there throughout, in every order', async () => {
    const { crm, clock } = scene.product;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('created_at', '-created_at', 'updated_at', '-updated_at'),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.tuple(fc.constantFrom('create', 'delete', 'change'), fc.nat(20)), { maxLength: 8 }),
        async (sort, count, limit, changes) => {
          const owner = await scene.product.tenant();
          const editor = { organizationId: owner.organization.id };
          const make = async () => (await crm.contacts.create(editor, { first_name: 'Ada' })).id;
          const alive: string[] = [];
          for (let index = 0; index < count; index += 1) {
            if (index % 2 === 0) await clock.advance(1_000);
            alive.push(await make());
          }
          const throughout = new Set(alive);
          const seen: string[] = [];
          const waiting = [...changes];
          for (let cursor = ''; ;) {
            const { json } = await owner.api('GET', `/v1/contacts?sort=${sort}&limit=${limit}${cursor}`);
            seen.push(...(json.data as Fields[]).map(({ id }) => String(id)));
            const next = json['next_cursor'] as string | null;
            if (next === null) break;
            cursor = `&cursor=${next}`;
            const [kind, which] = waiting.shift() ?? ['none', 0];
            const [id] = alive.slice(which % Math.max(alive.length, 1));
            if (id !== undefined && (kind === 'delete' || (kind === 'change' && sort.endsWith('updated_at'))))
              throughout.delete(id);
            await clock.advance(1_000);
            if (kind === 'create') await make();
            else if (id !== undefined && kind === 'delete')
              await crm.contacts.remove(editor, String(alive.splice(alive.indexOf(id), 1)));
            else if (id !== undefined && kind === 'change')
              await crm.contacts.update(editor, id, { city: `${waiting.length}` });
          }
          for (const id of throughout) assert.equal(seen.filter((each) => each === id).length, 1, sort);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('a contact is found by its address in any spelling, deleted ones on request, and up to 500 at once', async () => {
    const ada = await contact(tenant, { email: 'Ada@Lovelace.example', tags: ['vip'] });
    const grace = await contact(tenant, { email: 'grace@hopper.example' });
    const emails = async (query: string): Promise<unknown> =>
      ((await tenant.api('GET', `/v1/contacts?${query}`)).json.data as Fields[]).map(({ email }) => email);
    assert.deepEqual(await emails('email=ADA@lovelace.EXAMPLE'), ['Ada@Lovelace.example']);
    assert.deepEqual(await emails('email=nobody@lovelace.example'), []);
    assertRefused(await tenant.api('GET', '/v1/contacts?email=nobody'), 422, 'validation_failed');
    assert.equal((await tenant.api('DELETE', `/v1/contacts/${ada.id}`)).status, 204);
    assert.deepEqual(await emails('email=ada@lovelace.example'), []);
    assert.deepEqual(await emails('email=ada@lovelace.example&include_deleted=true'), ['Ada@Lovelace.example']);
    assert.deepEqual(await emails('include_deleted=true&sort=created_at'), [
      'Ada@Lovelace.example',
      'grace@hopper.example',
    ]);
    const found = await tenant.api('POST', '/v1/contacts/lookup', {
      emails: ['x', 'GRACE@hopper.example', 'grace@hopper.example', 'ada@lovelace.example'],
    });
    assert.deepEqual(
      (found.json.data as Fields[]).map(({ id }) => id),
      [grace.id],
    );
    assert.deepEqual(found.json['missing'], ['x', 'ada@lovelace.example']);
    const { json: log } = await tenant.api('GET', `/v1/events?contact_id=${ada.id}`);
    assert.deepEqual(
      (log.data as Fields[]).map(({ event }) => event),
      ['contact.deleted', 'contact.created'],
    );
    const since = new Date(scene.clock.now() + 1).toISOString();
    await scene.clock.advance(60_000);
    await patched(grace.id, { city: 'Arlington' });
    await contact(tenant, { email: 'new@hopper.example' });
    assert.deepEqual(await emails(`updated_since=${since}&sort=updated_at`), [
      'grace@hopper.example',
      'new@hopper.example',
    ]);
    const { json } = await tenant.api('GET', '/v1/contacts?limit=1');
    for (const query of [`cursor=${String(json['next_cursor'])}&tag=vip`, 'cursor=x', 'search=ada&sort=updated_at'])
      assertRefused(await tenant.api('GET', `/v1/contacts?${query}`), 422, 'validation_failed');
    assertRefused(
      await tenant.api('GET', `/v1/companies?cursor=${String(json['next_cursor'])}`),
      422,
      'validation_failed',
    );
    const client = await tenant.got('POST', '/v1/workspaces', { name: 'Client' });
    const ofClient = { emails: ['grace@hopper.example'], workspace_id: client['id'] };
    const elsewhere = await tenant.api('POST', '/v1/contacts/lookup', ofClient);
    assert.deepEqual([elsewhere.json.data, elsewhere.json['missing']], [[], ['grace@hopper.example']]);
    await contact(tenant, { email: 'ada+news@lovelace.example' });
    assert.deepEqual(
      await emails('email=ada+news@lovelace.example'),
      ['ada+news@lovelace.example'],
      'not written as %2B',
    );
    assert.deepEqual(await emails('email=Ada%2BNews@lovelace.example'), ['ada+news@lovelace.example']);
  });

  test('a page by number, however far, reads no more rows than it shows, in every order, of live and of deleted contacts', async () => {
    const { db, crm } = scene.product;
    let most = 0;
    const counting = {
      ...db,
      query: async <Row>(statement: Statement<Row>): Promise<Row[]> => {
        const rows = await db.query(statement);
        most = Math.max(most, rows.length);
        return rows;
      },
    };
    const lists = createLists(counting, crm.companies, crm.suppressions);
    const reach = { organizationId: tenant.organization.id, workspaceId: undefined };
    const made: string[] = [];
    for (const index of [0, 1, 2, 3, 4, 5]) made.push((await contact(tenant, { email: `c${index}@x.example` })).id);
    const changed: string[] = [];
    for (const index of [3, 0, 5, 1, 4, 2]) {
      await scene.clock.advance(1_000);
      const id = made[index] ?? '';
      changed.push(id);
      await crm.contacts.update(reach, id, { city: 'Oslo' });
      if (index % 2 === 0) await crm.contacts.remove(reach, id);
    }
    for (const sort of ['created_at', '-created_at', 'updated_at', '-updated_at'] as const) {
      const ascending = sort.endsWith('created_at') ? made : changed;
      const expected = sort.startsWith('-') ? ascending.toReversed() : ascending;
      const pageFrom = async (offset: number): Promise<string[]> =>
        (await lists.listed(reach, { withDeleted: true }, { sort, limit: 2, offset, cursor: undefined })).rows.map(
          ({ id }) => id,
        );
      for (const offset of [0, 2, 4])
        assert.deepEqual(await pageFrom(offset), expected.slice(offset, offset + 2), sort);
    }
    assert.equal(most, 2);
  });

  test('every list that takes a cursor pages by it, in every order', async () => {
    const sequence = [{ subject: 'Hi', body: 'Hello' }];
    const made: Readonly<Record<string, (index: number) => object>> = {
      '/v1/companies': (index) => ({ name: `c${index}` }),
      '/v1/projects': (index) => ({ name: `p${index}` }),
      '/v1/suppressions': (index) => ({ email: `s${index}@example.com` }),
      '/v1/segments': (index) => ({ name: `s${index}`, entity: 'company', filter: { field: 'name', op: 'exists' } }),
      '/v1/templates': (index) => ({ name: `t${index}`, body: 'Hello' }),
      '/v1/campaigns': (index) => ({ name: `c${index}`, sequence }),
      '/v1/mailboxes': (index) => ({ email: `m${index}@hopper.example`, provider: 'capture' }),
    };
    for (const [path, body] of Object.entries(made)) {
      const ids: string[] = [];
      for (const index of [0, 1, 2]) {
        await scene.clock.advance(1_000);
        ids.push(String((await tenant.got('POST', path, body(index)))['id']));
      }
      for (const sort of ['created_at', '-created_at', 'updated_at', '-updated_at']) {
        const seen: string[] = [];
        for (let cursor: string | null = ''; cursor !== null;) {
          const { json } = await tenant.api(
            'GET',
            `${path}?sort=${sort}&limit=2&updated_since=2026-01-01T00:00:00Z${cursor === '' ? '' : `&cursor=${cursor}`}`,
          );
          seen.push(...(json.data as Fields[]).map(({ id }) => String(id)));
          cursor = json['next_cursor'] as string | null;
        }
        assert.deepEqual(seen, sort.startsWith('-') ? ids.toReversed() : ids, `${path} ${sort}`);
      }
    }
  });
});
