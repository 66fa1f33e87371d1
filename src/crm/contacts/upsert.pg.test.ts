import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { contact, contactEvents, listed, upsert } from '../../../test/harness/contacts.ts';
import { assertRefused, uuid } from '../../../test/harness/edge-routes.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';

describe('bulk upsert', () => {
  // Without the engine, nothing changes between requests.
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await scene.product.tenant();
  });

  const events = () => contactEvents(scene.product.db, tenant);
  const refused = async (body: unknown): Promise<string[]> =>
    Object.keys(assertRefused(await tenant.api('POST', '/v1/contacts', body), 422, 'validation_failed').details);

  test('rows have results in the order sent, and only the bad ones are rejected', async () => {
    await contact(tenant, { email: 'known@example.com', first_name: 'Known', phone: '1' });
    await tenant.got('POST', '/v1/suppressions', { email: 'gone@example.com' });
    const rows = [
      { email: 'new@example.com', first_name: 'New' },
      { email: 'KNOWN@example.com', first_name: null, job_title: 'Buyer' },
      { first_name: 'Nobody' },
      { email: 'not an address' },
      { email: 'a@example.com, b@example.com' },
      { email: 'gone@example.com' },
      { email: 'fields@example.com', nickname: 'x' },
      { email: 'custom@example.com', custom_fields: { unknown: 1 } },
      { email: 'company@example.com', company_id: uuid },
      { email: 'source@example.com', source_id: uuid, company_id: uuid },
      { email: 'status@example.com', status: 'gone' },
      { email: 'tags@example.com', tags: 'vip' },
      { email: 'url@example.com', website: 'javascript:alert(1)' },
      { email: 'nul@example.com', first_name: 'a\0b' },
      { email: 'half@example.com', first_name: '\ud800' },
      { email: 'half@example.com', custom_fields: { '\udc00': '\ud800' } },
      'text',
      null,
      { email: 42 },
      { email: 'x'.repeat(2_000) },
    ];
    const answers = await upsert(tenant, rows);
    assert.equal(answers.length, rows.length);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [
        'created',
        'updated',
        'rejected',
        'rejected',
        'rejected',
        'suppressed',
        ...Array.from({ length: 14 }, () => 'rejected'),
      ],
    );
    assert.deepEqual(
      answers.slice(2).map(({ email, reason }) => [email, reason]),
      [
        [null, 'email: is required'],
        ['not an address', 'email: is not an email address'],
        ['a@example.com, b@example.com', 'email: must be one email address'],
        ['gone@example.com', undefined],
        ['fields@example.com', 'has an unknown field: nickname'],
        [
          'custom@example.com',
          'custom_fields.unknown: is not a custom field of a contact; define it first: POST /v1/custom-fields',
        ],
        ['company@example.com', 'company_id: does not exist in this organization'],
        [
          'source@example.com',
          'company_id: does not exist in this organization; source_id: does not exist in this organization',
        ],
        ['status@example.com', 'status: must be "active", "bounced", "unsubscribed" or "replied"'],
        ['tags@example.com', 'tags: must be an array'],
        ['url@example.com', 'website: must be an http or https URL'],
        ['nul@example.com', 'first_name: must not contain NUL characters'],
        ['half@example.com', 'first_name: must be well-formed Unicode'],
        ['half@example.com', 'custom_fields: must be well-formed Unicode'],
        [null, 'must be an object'],
        [null, 'must be an object'],
        [null, 'email: must be a string'],
        ['x'.repeat(320), 'email: must have at most 1000 characters'],
      ],
    );
    const shown = await listed(tenant);
    assert.deepEqual(
      new Map(shown.map(({ email, first_name: name, job_title: title, phone }) => [email, [name, title, phone]])),
      new Map([
        ['known@example.com', [null, 'Buyer', '1']],
        ['new@example.com', ['New', null, null]],
      ]),
    );
    assert.deepEqual(
      (await events()).slice(1).map(({ type, data }) => [type, data['email'], data['changed']]),
      [
        ['contact.created', 'new@example.com', undefined],
        ['contact.updated', 'known@example.com', ['first_name', 'job_title']],
      ],
    );
  });

  test('a pasted address loses its invisible characters, and an address that only looks like another is rejected', async () => {
    const emails = [
      'a@x1。example',
      'a@x1.example.',
      '\u202aA@x1.example\u202c',
      'a\u200bb@x1.example',
      'a@x1.example?subject=x',
      'a@x1.example/path',
    ];
    assert.deepEqual(
      (
        await upsert(
          tenant,
          emails.map((email) => ({ email })),
        )
      ).map(({ status, reason }) => reason ?? status),
      [
        'created',
        'updated',
        'updated',
        'email: contains an invisible character: U+200B',
        'email: has no valid domain: x1.example?subject=x',
        'email: has no valid domain: x1.example/path',
      ],
    );
    assert.deepEqual(
      (await listed(tenant)).map(({ email }) => email),
      ['a@x1.example'],
    );
  });

  test('a request with a bad field outside its rows is refused, and nothing is written', async () => {
    const contacts = [{ email: 'a@example.com' }];
    assert.deepEqual(await refused({ contacts }), ['lawful_basis']);
    assert.deepEqual(await refused({ lawful_basis: 'because', contacts }), ['lawful_basis']);
    assert.deepEqual(await refused({ lawful_basis: null, contacts }), ['lawful_basis']);
    assert.deepEqual(await refused({ lawful_basis: 'consent' }), ['contacts']);
    assert.deepEqual(await refused({ lawful_basis: 'consent', contacts: [] }), ['contacts']);
    assert.deepEqual(
      await refused({
        lawful_basis: 'consent',
        contacts: Array.from({ length: 501 }, (_, index) => ({ email: `${index}@example.com` })),
      }),
      ['contacts'],
    );
    assert.deepEqual(await refused({ lawful_basis: 'consent', lawful_basis_at: '2026-02-30T00:00:00Z', contacts }), [
      'lawful_basis_at',
    ]);
    assert.deepEqual(await refused({ lawful_basis: 'consent', contacts, dry_run: true }), ['dry_run']);
    assertRefused(await tenant.api('POST', '/v1/contacts', '{"lawful_basis":'), 400, 'validation_failed');
    assert.deepEqual(await listed(tenant), []);
    assert.deepEqual(await events(), []);
  });

  test('500 rows with fields of maximum length fit into a request', async () => {
    const contacts = Array.from({ length: 500 }, (_, index) => ({
      email: `${index}@example.com`,
      notes: 'n'.repeat(10_000),
      first_name: 'x'.repeat(200),
    }));
    assert.ok((await upsert(tenant, contacts)).every(({ status }) => status === 'created'));
    assert.equal((await tenant.api('GET', '/v1/contacts')).json['total'], 500);
  });

  test('rows for the same address apply one after the other, as one change', async () => {
    await tenant.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'a' });
    await tenant.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'b' });
    const answers = await upsert(tenant, [
      { email: 'Ada@example.com', first_name: 'A', phone: '1', custom_fields: { a: '1' } },
      { email: 'ada@example.com', first_name: 'Ada', custom_fields: { b: '2' } },
      { email: 'ada@example.com', company_id: uuid, first_name: 'never' },
      { email: 'ADA@example.com', phone: null },
    ]);
    const id = answers[0]?.id;
    assert.deepEqual(
      answers.map((answer) => [answer.status, answer.id]),
      [
        ['created', id],
        ['updated', id],
        ['rejected', undefined],
        ['updated', id],
      ],
    );
    const [shown, ...others] = await listed(tenant);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [shown?.['email'], shown?.['first_name'], shown?.['phone'], shown?.['custom_fields']],
      ['Ada@example.com', 'Ada', null, { a: '1', b: '2' }],
    );
    assert.deepEqual(
      (await events()).map(({ type }) => type),
      ['contact.created'],
    );
    const again = await upsert(tenant, [
      { email: 'ada@example.com', first_name: 'Other' },
      { email: 'ada@example.com', first_name: 'Ada' },
    ]);
    assert.deepEqual(
      again.map(({ status }) => status),
      ['updated', 'updated'],
    );
    assert.equal((await events()).length, 1, 'there and back again is no change');
  });

  test('concurrent upserts of the same addresses result in one contact each, and one event per change', async () => {
    const rows = (caller: number) =>
      Array.from({ length: 300 }, (_, index) => ({
        email: `${index}@example.com`,
        job_title: `by ${caller}`,
        [`${['phone', 'city', 'state'][caller] ?? ''}`]: `${caller}`,
      }));
    const answers = await Promise.all(
      [0, 1, 2].map((caller) => upsert(tenant, caller === 1 ? rows(caller).toReversed() : rows(caller))),
    );
    const ids = answers.map((each) => new Map(each.map(({ email, id }) => [email, id])));
    for (const [email, id] of ids[0] ?? [])
      assert.ok(
        ids.every((each) => each.get(email) === id),
        String(email),
      );
    const statuses = answers.flat().map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 'created').length, 300);
    assert.equal(statuses.filter((status) => status === 'updated').length, 600);
    const { json } = await tenant.api('GET', '/v1/contacts');
    assert.equal(json['total'], 300);
    for (const shown of [...(await listed(tenant)), ...(await listed(tenant, '?page_size=100&page=3'))]) {
      assert.deepEqual([shown['phone'], shown['city'], shown['state']], ['0', '1', '2']);
    }
    const told = await events();
    assert.equal(told.filter(({ type }) => type === 'contact.created').length, 300);
    assert.equal(told.filter(({ type }) => type === 'contact.updated').length, 600);
  });

  test('link_company_by assigns contacts without a company to the only one with that name or domain, and leaves others in theirs', async () => {
    const company = async (name: string, domain?: string) =>
      String((await tenant.got('POST', '/v1/companies', { name, domain }))['id']);
    const acme = await company('Acme Córp', 'acme.example');
    const other = await company('Other');
    for (const name of ['Twice', 'TWICE']) await company(name, 'twice.example');
    const companyOf = async (email: string, fields: object, terms?: Fields): Promise<unknown[]> => {
      const { company_id: id, company_name: name } = await contact(tenant, { email, ...fields }, terms);
      return [id, name];
    };
    const byName = { link_company_by: 'name' };
    assert.deepEqual(await companyOf('a@x.example', { company_name: 'ACME Corp' }, byName), [acme, 'Acme Córp']);
    assert.deepEqual(
      await companyOf('a@x.example', { company_name: 'Elsewhere' }),
      [acme, 'Acme Córp'],
      'a name never overrides a reference',
    );
    assert.deepEqual(await companyOf('a@x.example', { company_name: 'Other' }, byName), [acme, 'Acme Córp']);
    assert.deepEqual(await companyOf('b@x.example', { company_name: 'acme corp' }), [null, 'acme corp']);
    assert.deepEqual(await companyOf('c@x.example', { company_name: 'twice' }, byName), [null, 'twice']);
    assert.deepEqual(await companyOf('c@x.example', { company_name: 'Acme' }, byName), [null, 'Acme']);
    const byDomain = { link_company_by: 'domain' };
    assert.deepEqual(await companyOf('d@ACME.example', { company_name: 'Anything' }, byDomain), [acme, 'Acme Córp']);
    assert.deepEqual(await companyOf('e@acme.example', { company_id: other }, byDomain), [other, 'Other']);
    assert.deepEqual(await companyOf('f@twice.example', {}, byDomain), [null, null]);
  });

  test('the email repeated in a result is cut between characters', async () => {
    const [row] = await upsert(tenant, [{ email: `${'x'.repeat(319)}😀@example.com` }]);
    assert.deepEqual([row?.status, row?.email], ['rejected', 'x'.repeat(319)]);
    const { json } = await tenant.api('POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: [],
      [`${'y'.repeat(99)}😀${'z'.repeat(400)}`]: 1,
    });
    assert.ok(JSON.stringify(json).isWellFormed() && !/\\ud[89a-f]/i.test(JSON.stringify(json)));
  });

  test('concurrent upserts, changes of address, deletions and restorations never fail or leave two contacts with one address', async () => {
    const emails = Array.from({ length: 12 }, (_, index) => `${index}@example.com`);
    const made = await upsert(
      tenant,
      emails.map((email) => ({ email, first_name: 'x' })),
    );
    const ids = made.map(({ id }) => String(id));
    for (let turn = 0; turn < 15; turn += 1) {
      const at = (step: number): string => ids[(turn * 5 + step * 7) % ids.length] ?? '';
      const answers = await Promise.all([
        tenant.api('POST', '/v1/contacts', {
          lawful_basis: 'consent',
          contacts: emails.map((email) => ({ email, job_title: `${turn}` })),
        }),
        tenant.api('POST', '/v1/contacts', {
          lawful_basis: 'consent',
          contacts: emails.toReversed().map((email) => ({ email, phone: `${turn}` })),
        }),
        tenant.api('PATCH', `/v1/contacts/${at(0)}`, { email: emails[(turn + 3) % emails.length] }),
        tenant.api('PATCH', `/v1/contacts/${at(1)}`, { email: `moved${turn}@example.com` }),
        tenant.api('DELETE', `/v1/contacts/${at(2)}`),
        tenant.api('POST', `/v1/contacts/${at(3)}/restore`),
      ]);
      for (const { status, text } of answers) assert.ok([200, 204, 404, 409].includes(status), text);
    }
    const twice = await scene.product.db.query(sql`
      SELECT email_key FROM contacts WHERE organization_id = ${tenant.organization.id} AND deleted_at IS NULL GROUP BY email_key HAVING count(*) > 1`);
    assert.deepEqual(twice, []);
    const { json } = await tenant.api('GET', '/v1/contacts?page_size=100');
    assert.equal(json['total'], (json.data as Fields[]).length, 'and the count holds');
    // The last event of each contact has its stored values.
    const last = new Map((await events()).map(({ type, data }) => [data['id'], { type, data }]));
    for (const { deleted_at: deleted, ...record } of json.data as Fields[]) {
      assert.equal(deleted, null);
      const { changed: _, actor: __, ...told } = last.get(record['id'])?.data ?? {};
      assert.deepEqual(told, record);
    }
  });
});
