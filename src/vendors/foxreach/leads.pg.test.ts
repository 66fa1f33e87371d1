import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { driftwoodOf } from '../../../test/harness/driftwood.ts';
import { foxreachOf } from '../../../test/harness/foxreach.ts';
import type { FoxReach } from '../../../test/harness/foxreach.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';

const noSuch = 'cld_0199c9f05f4e7c1e9a330a6f2f9f1d00';

describe("FoxReach's leads", () => {
  const scene = installationScene();
  let me: Tenant;
  beforeEach(async () => {
    me = await scene.product.tenant();
  });

  const call: FoxReach['call'] = (...request) => foxreachOf(me).call(...request);
  const got: FoxReach['got'] = (...request) => foxreachOf(me).got(...request);
  const make = (lead: Fields): Promise<Fields> => got('POST', '/leads', lead);
  const pathOf = ({ id }: Fields): string => `/leads/${String(id)}`;
  const uuidOf = ({ id }: Fields): string =>
    String(id).replace(/^cld_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

  const refusal = (
    status: number,
    method: string,
    path: string,
    body?: unknown,
    caller: Caller = me,
  ): Promise<string> => foxreachOf(caller).refusal(status, method, path, body);

  const emails = async (query: string): Promise<unknown[]> =>
    ((await call('GET', `/leads${query}`)).json.data as unknown as Fields[]).map(
      (lead) => String(lead['email']).split('@')[0],
    );

  const given = {
    email: 'Ada@Lovelace.example',
    firstName: 'Ada',
    lastName: 'Lovelace',
    company: 'Analytical Engines',
    title: 'Countess',
    phone: '+44 20 7946 0018',
    linkedinUrl: 'https://www.linkedin.com/in/ada',
    website: 'https://lovelace.example',
    tags: ['vip', 'press'],
    customFields: { industry: 'FinTech', Employees: 50, vip: true },
    notes: 'Likes numbers',
    source: 'Trade fair',
    status: 'replied',
  };

  test('a lead can be created, read, changed and deleted', async () => {
    const lead = await make(given);
    assert.match(String(lead['id']), /^cld_[0-9a-f]{32}$/);
    const at = new Date(scene.clock.now()).toISOString();
    const customFields = { industry: 'FinTech', Employees: '50', vip: 'true' };
    assert.deepEqual(Object.entries(lead), [
      ['id', lead['id']],
      ...Object.entries({ ...given, customFields, lastContactedAt: null, createdAt: at, updatedAt: at }),
    ]);
    assert.deepEqual(await got('GET', pathOf(lead)), lead);
    const native = await me.got('GET', `/v1/contacts/${uuidOf(lead)}`);
    assert.deepEqual(
      [native['company_name'], native['job_title'], native['source_name'], native['lawful_basis']],
      [given.company, given.title, given.source, null],
    );

    const bare = await make({ email: 'grace@hopper.example' });
    const none = {
      ...Object.fromEntries(Object.keys(given).map((field) => [field, null])),
      source: 'api',
      lastContactedAt: null,
    };
    assert.deepEqual(bare, {
      ...none,
      id: bare['id'],
      email: 'grace@hopper.example',
      tags: [],
      customFields: {},
      status: 'active',
      createdAt: at,
      updatedAt: at,
    });

    await scene.clock.advance(1_000);
    const change = {
      company: null,
      title: 'Analyst',
      customFields: { vip: null, industry: 'Computing', unheardOf: null },
      tags: [],
      source: 'api',
    };
    const changed = await got('PATCH', pathOf(lead), change);
    assert.deepEqual(changed, {
      ...lead,
      ...change,
      customFields: { industry: 'Computing', Employees: '50' },
      updatedAt: new Date(scene.clock.now()).toISOString(),
    });
    await scene.clock.advance(1_000);
    assert.deepEqual(await got('PATCH', pathOf(lead), {}), changed, 'nothing given: nothing changed');
    assert.equal((await got('PATCH', pathOf(lead), { email: 'ada@king.example' }))['email'], 'ada@king.example');

    const deleted = await call('DELETE', pathOf(lead));
    assert.deepEqual([deleted.status, deleted.text], [204, '']);
    for (const method of ['GET', 'PATCH', 'DELETE'])
      assert.equal(await refusal(404, method, pathOf(lead), method === 'PATCH' ? {} : undefined), 'Lead not found.');
    await refusal(404, 'GET', `${pathOf(lead)}/activity`);
    assert.deepEqual(await emails(''), ['grace']);
    assert.equal((await me.api('GET', '/v1/contacts?deleted=true')).json['total'], 1, 'it can be restored');
  });

  test('leads are listed in pages and can be filtered', async () => {
    assert.deepEqual((await call('GET', '/leads')).json, {
      data: [],
      meta: { page: 1, pageSize: 50, total: 0, totalPages: 0 },
    });
    const leads = [
      { email: 'a@x.example', tags: ['vip', 'q1'], firstName: 'Zoë' },
      { email: 'b@x.example', tags: ['vip'], status: 'bounced' },
      { email: 'c@x.example', company: 'Zoë & Sons' },
    ];
    assert.equal((await got('POST', '/leads/import', { leads }))['created'], 3);
    const page = async (query: string) => {
      const { data, meta } = (await call('GET', `/leads?${query}`)).json;
      return [(data as unknown as Fields[]).map((lead) => lead['email']), meta];
    };
    assert.deepEqual(await page('pageSize=2'), [
      ['c@x.example', 'b@x.example'],
      { page: 1, pageSize: 2, total: 3, totalPages: 2 },
    ]);
    assert.deepEqual(await page('page=2&pageSize=2'), [
      ['a@x.example'],
      { page: 2, pageSize: 2, total: 3, totalPages: 2 },
    ]);
    assert.deepEqual(await page('page=3&pageSize=2'), [[], { page: 3, pageSize: 2, total: 3, totalPages: 2 }]);
    for (const [query, expected] of [
      ['?tags=vip', ['b', 'a']],
      ['?tags=vip,%20q1', ['a']],
      ['?tags=q1,q2', []],
      ['?tags=', ['c', 'b', 'a']],
      ['?status=bounced', ['b']],
      ['?search=ZO%C3%8B', ['c', 'a']],
      ['?search=x.example&status=active&tags=vip', ['a']],
    ] as const)
      assert.deepEqual(await emails(query), expected, query);
    const company = await me.got('POST', '/v1/companies', { name: 'Analytical Engines' });
    await me.got('POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: [{ email: 'd@x.example', company_id: company['id'], tags: ['vip'] }],
    });
    for (const query of ['?search=analytical', '?search=analytical&tags=vip&status=active'])
      assert.deepEqual(await emails(query), ['d'], query);
    for (const [query, field] of [
      ['page=0', 'page'],
      ['pageSize=101', 'pageSize'],
      ['page_size=2', 'page_size'],
      ['status=gone', 'status'],
      ['tags=a&tags=b', 'tags'],
      [`search=${'x'.repeat(201)}`, 'search'],
    ])
      assert.ok((await refusal(422, 'GET', `/leads?${query}`)).startsWith(`${field}: `), query);
  });

  test('only one live lead has an email address; deleting it frees the address', async () => {
    const ada = await make({ email: 'ada@lovelace.example' });
    assert.equal(
      await refusal(409, 'POST', '/leads', { email: ' ADA@lovelace.example ', source: 'new' }),
      'A lead with the email ADA@lovelace.example already exists.',
    );
    const grace = await make({ email: 'grace@hopper.example' });
    await refusal(409, 'PATCH', pathOf(grace), { email: 'ada@lovelace.example', customFields: { fresh: 'x' } });
    assert.equal(
      (await me.api('GET', '/v1/sources')).json['total'],
      1,
      'only the source of the first lead: a refused call creates nothing',
    );
    assert.deepEqual(await me.got('GET', '/v1/custom-fields'), []);
    assert.equal((await call('DELETE', pathOf(ada))).status, 204);
    assert.notEqual((await make({ email: 'ada@lovelace.example' }))['id'], ada['id']);
  });

  test('a custom field in camelCase matches the one defined in snake_case', async () => {
    const me = await scene.product.tenant();
    await me.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'employee_count', type: 'number' });
    const { got } = foxreachOf(me);
    const lead = await got('POST', '/leads', {
      email: 'camel@x.example',
      customFields: { employeeCount: 5, newField: 'a', new_field: 'b' },
    });
    assert.deepEqual(lead['customFields'], { employee_count: 5, newField: 'b' });
    const keys = ((await me.api('GET', '/v1/custom-fields')).json.data as { key: string }[]).map(({ key }) => key);
    assert.deepEqual(keys, ['employee_count', 'newField']);
  });

  test('a suppressed address and a custom value of the wrong type are refused', async () => {
    await me.got('POST', '/v1/suppressions', { domain: 'gone.example' });
    assert.equal(
      await refusal(422, 'POST', '/leads', { email: 'ada@gone.example' }),
      'email: is suppressed; lift the suppression first',
    );
    const lead = await make({ email: 'ada@lovelace.example' });
    assert.match(await refusal(422, 'PATCH', pathOf(lead), { email: 'ada@gone.example' }), /^email: is suppressed/);
    await me.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'employees', type: 'number' });
    assert.deepEqual((await got('PATCH', pathOf(lead), { customFields: { employees: 42 } }))['customFields'], {
      employees: 42,
    });
    assert.equal(
      await refusal(422, 'PATCH', pathOf(lead), { customFields: { employees: 'many' } }),
      'customFields.employees: must be a number from -9007199254740991 to 9007199254740991; for more digits, use a custom field of the type text',
    );
    assert.match(
      await refusal(422, 'PATCH', pathOf(lead), { customFields: { industry: { deep: 1 } } }),
      /^customFields\.industry: must be well-formed text/,
    );
  });

  test('a wrong field is reported by its name in this API, and nothing is created', async () => {
    for (const [body, detail] of [
      [{}, 'email: is required'],
      [{ email: '  ' }, 'email: must not be empty'],
      [{ email: null }, 'email: must be a string'],
      [{ email: 'nonsense' }, 'email: is not an email address'],
      [{ email: 'a@x.example, b@x.example' }, 'email: must be one email address'],
      [{ email: 'a@x.example', firstName: 7 }, 'firstName: must be a string'],
      [{ email: 'a@x.example', first_name: 'Ada', id: noSuch }, 'first_name: unknown field; id: unknown field'],
      [{ email: 'a@x.example', website: 'ftp://x.example' }, 'website: must be an http or https URL'],
      [{ email: 'a@x.example', tags: 'vip' }, 'tags: must be an array'],
      [{ email: 'a@x.example', tags: [''] }, 'tags.0: must not be empty'],
      [{ email: 'a@x.example', status: 'gone' }, /^status: must be "active"/],
      [{ email: 'a@x.example', customFields: ['x'] }, 'customFields: must be an object'],
      [{ email: 'a@x.example', customFields: { '': 'x' } }, /^customFields/],
      [
        {
          email: 'a@x.example',
          customFields: Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`f${n}`, 'x'])),
        },
        'customFields: would exceed 200 custom fields',
      ],
      [[], 'body: must be an object'],
    ] as const) {
      const said = await refusal(422, 'POST', '/leads', body);
      if (typeof detail === 'string') assert.equal(said, detail);
      else assert.match(said, detail);
    }
    assert.match(await refusal(400, 'POST', '/leads', '{"email": '), /^The body is not valid JSON: /);
    await refusal(422, 'POST', '/leads', '{"email":"a@x.example","notes":"\\u0000"}');
    await refusal(422, 'POST', '/leads', '{"email":"a@x.example","customFields":{"\\ud800":"x"}}');
    for (const id of [
      'x',
      noSuch,
      uuidOf({ id: noSuch }),
      noSuch.toUpperCase(),
      'cwh_0199c9f05f4e7c1e9a330a6f2f9f1d00',
    ])
      for (const [method, path, body] of [
        ['GET', '', undefined],
        ['PATCH', '', { title: 'x' }],
        ['DELETE', '', undefined],
        ['GET', '/activity', undefined],
      ] as const)
        assert.equal(await refusal(404, method, `/leads/${id}${path}`, body), 'Lead not found.');
    assert.deepEqual(await emails(''), []);
    assert.deepEqual(await me.got('GET', '/v1/custom-fields'), []);
  });

  test('a key without the scope is refused with 403, and leads of another organization with 404', async () => {
    const lead = await make({ email: 'ada@lovelace.example' });
    const reader = await me.withKey({ scopes: ['contacts:read'] });
    assert.equal((await foxreachOf(reader).call('GET', pathOf(lead))).status, 200);
    assert.equal(
      await refusal(403, 'POST', '/leads', { email: 'b@x.example' }, reader),
      'This needs the scope contacts:write; the key has contacts:read.',
    );
    for (const [method, path, body] of [
      ['PATCH', pathOf(lead), {}],
      ['DELETE', pathOf(lead)],
      ['POST', '/leads/import', { leads: [{ email: 'b@x.example' }] }],
    ] as const)
      await refusal(403, method, path, body, reader);
    const writer = await me.withKey({ scopes: ['contacts:write'] });
    for (const path of ['/leads', pathOf(lead), `${pathOf(lead)}/activity`])
      await refusal(403, 'GET', path, undefined, writer);

    const other = await scene.product.tenant();
    for (const [method, path, body] of [
      ['GET', ''],
      ['GET', '/activity'],
      ['PATCH', '', { firstName: 'Mine', source: 'theirs', customFields: { theirs: 'x' } }],
      ['DELETE', ''],
    ] as const)
      assert.equal(await refusal(404, method, `${pathOf(lead)}${path}`, body, other), 'Lead not found.');
    assert.deepEqual((await foxreachOf(other).call('GET', '/leads')).json.data, []);
    assert.equal(
      (await foxreachOf(other).call('POST', '/leads', { email: 'ada@lovelace.example' })).status,
      201,
      'addresses are of an organization',
    );
    assert.deepEqual(await got('GET', pathOf(lead)), lead);
  });

  test('fields that are text in this API are text even for records without a value', async () => {
    const nameless = await driftwoodOf(me).done('contacts-create', { first_name: 'Ada' });
    const path = `/leads/cld_${String(nameless['id']).replaceAll('-', '')}`;
    assert.equal((await got('GET', path))['email'], '');
    const receiver = await scene.receive();
    const { endpoint } = (await driftwoodOf(me).done('webhooks-create', {
      url: receiver.url,
      events: ['contact.created'],
    })) as { endpoint: Fields };
    assert.equal(endpoint['description'], '');
    const warmy = await me.got('POST', '/api/v1/webhooks', { url: receiver.url, events: ['email.sent'] });
    assert.equal(warmy['description'], '');
  });

  test('an import sets the source of new leads to api and keeps the source of restored leads', async () => {
    const fair = await make({ email: 'fair@x.example', source: 'Trade fair' });
    const plain = await got('PATCH', pathOf(await make({ email: 'none@x.example' })), { source: null });
    for (const lead of [fair, plain]) await call('DELETE', pathOf(lead));
    await got('POST', '/leads/import', {
      leads: ['new@x.example', 'fair@x.example', 'none@x.example'].map((email) => ({ email })),
    });
    const leads = (await call('GET', '/leads')).json.data as unknown as Fields[];
    assert.deepEqual(
      new Map(leads.map(({ email, source }) => [email, source])),
      new Map<unknown, unknown>([
        ['new@x.example', 'api'],
        ['fair@x.example', 'Trade fair'],
        ['none@x.example', null],
      ]),
    );
  });

  test('a webhook receives a new lead as the API shows it, and of a changed lead only what changed', async () => {
    const receiver = await scene.receive();
    await got('GET', '/webhooks/events');
    assert.equal(
      (await call('POST', '/webhooks', { url: receiver.url, events: ['lead.created', 'lead.updated'] })).status,
      201,
    );
    const lead = await make(given);
    await got('PATCH', pathOf(lead), { title: 'Analyst', tags: ['x'], customFields: { vip: null } });
    await got('PATCH', pathOf(lead), { title: 'Analyst' });
    await got('PATCH', pathOf(lead), { source: null });
    await call('DELETE', pathOf(lead));
    await eventually(() => receiver.arrivals.length >= 3, 'three arrived');
    const bodies = receiver.arrivals.map(({ body }) => JSON.parse(body) as { event: string; data: Fields });
    const dataOf = (event: string) => bodies.filter((body) => body.event === event).map(({ data }) => data);
    const { id, lastContactedAt: _, ...shown } = lead;
    assert.deepEqual(dataOf('lead.created'), [{ leadId: id, ...shown }]);
    const about = { leadId: id, email: given.email };
    const updates = dataOf('lead.updated').sort((a, b) => Object.keys(b).length - Object.keys(a).length);
    assert.deepEqual(updates, [
      { ...about, title: 'Analyst', tags: ['x'], customFields: { industry: 'FinTech', Employees: '50' } },
      { ...about, source: null },
    ]);
    assert.equal(bodies.length, 3);
  });
});
