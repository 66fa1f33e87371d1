import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';

describe('suppressions', () => {
  // Without the engine, nothing changes between requests.
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await scene.product.tenant();
  });

  const post = (body: unknown) => tenant.api('POST', '/v1/suppressions', body);
  const listed = async (query = ''): Promise<Fields[]> =>
    (await tenant.api('GET', `/v1/suppressions${query}`)).json.data as Fields[];
  const upsert = async (...emails: string[]): Promise<unknown[]> => {
    const answer = await tenant.api('POST', '/v1/contacts', {
      lawful_basis: 'consent',
      contacts: emails.map((email) => ({ email })),
    });
    return (answer.json.data as Fields[]).map(({ status }) => status);
  };
  const events = async (type = 'suppression.created'): Promise<Fields[]> =>
    (
      await scene.product.db.query(
        sql<{
          data: Buffer;
        }>`SELECT data FROM events WHERE organization_id = ${tenant.organization.id} AND type = ${type} ORDER BY id`,
      )
    ).map(({ data }) => JSON.parse(data.toString()) as Fields);

  test('an address is added once; adding it again changes nothing, not even the reason', async () => {
    const first = await post({ email: 'Ada <Ada@Lovelace.example>', reason: 'unsubscribed' });
    assert.equal(first.status, 201, first.text);
    const again = await post({ email: 'ada@lovelace.example', reason: 'complaint' });
    assert.equal(again.status, 200);
    assert.deepEqual(again.json.data, first.json.data);
    const { id, ...shown } = first.json.data as Fields;
    assert.deepEqual(shown, {
      email: 'ada@lovelace.example',
      domain: null,
      workspace_id: null,
      reason: 'unsubscribed',
      created_by: shown['created_by'],
      created_at: '2026-01-05T09:00:00.000Z',
      message_id: null,
      inbound_event_id: null,
    });
    const told = {
      suppression_id: id,
      email: 'ada@lovelace.example',
      domain: null,
      workspace_id: null,
      contact_id: null,
      reason: 'unsubscribed',
      actor: { type: 'key', id: shown['created_by'] },
    };
    assert.deepEqual(await events(), [told]);
    assert.deepEqual(await tenant.got('GET', `/v1/suppressions/${String(id)}`), first.json.data);
    const other = await tenant.withKey({});
    assert.equal((await other.api('DELETE', `/v1/suppressions/${String(id)}`)).status, 204);
    const [{ id: otherKey } = assert.fail()] = await scene.product.db.query(
      sql<{
        id: string;
      }>`SELECT id FROM api_keys WHERE organization_id = ${tenant.organization.id} ORDER BY id DESC LIMIT 1`,
    );
    assert.notEqual(otherKey, shown['created_by']);
    assert.deepEqual(await events('suppression.deleted'), [{ ...told, actor: { type: 'key', id: otherKey } }]);
    assert.deepEqual(await listed(), []);
    assert.equal((await post({ email: 'ada@lovelace.example' })).status, 201, 'and can be suppressed again');
  });

  test('a suppression takes effect immediately; a domain covers its subdomains, and no domain that merely ends like it', async () => {
    assert.deepEqual(await upsert('ada@lovelace.example', 'grace@hopper.example'), ['created', 'created']);
    assert.equal((await post({ email: 'ADA@lovelace.example' })).status, 201);
    assert.equal((await post({ domain: 'Hopper.Example.', reason: 'complaint' })).status, 201);
    assert.deepEqual(
      await upsert(
        'ada@lovelace.example',
        'grace@hopper.example',
        'alan@mail.eu.hopper.example',
        'mary@grasshopper.example',
        'adam@lovelace.example',
      ),
      ['suppressed', 'suppressed', 'suppressed', 'created', 'created'],
    );
    const [ada] = (await tenant.api('GET', '/v1/contacts?search=ada@lovelace')).json.data as Fields[];
    assert.deepEqual(
      (await events()).map(({ email, domain, contact_id: contact }) => ({ email, domain, contact })),
      [
        { email: 'ada@lovelace.example', domain: null, contact: ada?.['id'] },
        { email: null, domain: 'hopper.example', contact: null },
      ],
    );
  });

  test('www before a domain is left out, because addresses have none', async () => {
    assert.equal(
      (await tenant.got('POST', '/v1/suppressions', { domain: 'www.hopper.example' }))['domain'],
      'hopper.example',
    );
    assert.deepEqual(await upsert('grace@hopper.example'), ['suppressed']);
    assert.equal((await listed('?search=www.hopper.example')).length, 1);
    assert.equal((await tenant.got('POST', '/v1/suppressions', { domain: 'www.co.uk' }))['domain'], 'www.co.uk');
  });

  test('an internationalized domain is the same in both of its forms', async () => {
    assert.equal((await post({ domain: 'bücher.example' })).status, 201);
    assert.deepEqual(await upsert('info@xn--bcher-kva.example'), ['suppressed']);
    assert.equal((await post({ domain: 'xn--bcher-kva.example' })).status, 200);
  });

  test('a list has a result for each row in the order sent, and the valid rows are added', async () => {
    await post({ email: 'known@example.com' });
    const { status, json } = await post({
      suppressions: [
        { email: 'a@example.com', reason: 'import' },
        { email: 'no address' },
        { domain: 'b.example' },
        { email: 'KNOWN@example.com' },
        { email: 'A@example.com' },
        { domain: 'nodots' },
        { email: 'x@example.com', domain: 'y.example' },
        {},
        { email: 'reason@example.com', reason: 'erased' },
        { email: 'note@example.com', note: 'x' },
        { email: 42 },
        { email: 'nul\0@example.com' },
        { domain: 'c.example', reason: 'a\0b' },
        { email: '\ud800@example.com' },
        'text',
        null,
        { email: 'x'.repeat(2_000), domain: ['c.example'] },
        { domain: 'c.example', reason: 'complaint' },
      ],
    });
    assert.equal(status, 200);
    const rows = json.data as Fields[];
    assert.deepEqual(
      rows.map((row) => row['status']),
      [
        'created',
        'rejected',
        'created',
        'exists',
        'exists',
        ...Array.from({ length: 12 }, () => 'rejected'),
        'created',
      ],
    );
    const rejected = (reason: string, sent: Fields = {}): Fields => ({ ...sent, status: 'rejected', reason });
    assert.deepEqual(
      rows.filter((row) => row['status'] === 'rejected'),
      [
        rejected('email: is not an email address', { email: 'no address' }),
        rejected('domain: must be a domain, such as lovelace.example; its subdomains are included', {
          domain: 'nodots',
        }),
        rejected('domain: must not be given together with email', { email: 'x@example.com', domain: 'y.example' }),
        rejected('email: is required unless domain is given'),
        rejected('reason: must be "unsubscribed", "hard_bounce", "complaint", "manual" or "import"', {
          email: 'reason@example.com',
        }),
        rejected('has an unknown field: note', { email: 'note@example.com' }),
        rejected('email: must be a string'),
        rejected('email: must not contain NUL characters', { email: 'nul\0@example.com' }),
        rejected('reason: must not contain NUL characters', { domain: 'c.example' }),
        rejected('email: must be well-formed Unicode', { email: '\ufffd@example.com' }),
        rejected('must be an object'),
        rejected('must be an object'),
        rejected('email: must have at most 1000 characters; domain: must be a string', { email: 'x'.repeat(320) }),
      ],
    );
    assert.equal(rows[4]?.['id'], rows[0]?.['id']);
    assert.deepEqual(json['summary'], { created: 3, exists: 2, rejected: 13 });
    assert.equal((await events()).length, 4);
  });

  test('concurrent callers that add the same addresses result in one suppression and one event each', async () => {
    const suppressions = Array.from({ length: 200 }, (_, index) => ({ email: `${index}@example.com` }));
    const answers = await Promise.all([
      post({ suppressions }),
      post({ suppressions: suppressions.toReversed() }),
      post({ suppressions }),
    ]);
    const created = answers.flatMap(({ json }) =>
      (json.data as Fields[]).filter((row) => row['status'] === 'created').map((row) => row['id']),
    );
    assert.equal(created.length, 200);
    assert.equal(new Set(created).size, 200);
    assert.equal((await events()).length, 200);
  });

  test('suppressions are listed by page, by reason, and by an exact address or domain', async () => {
    await post({
      suppressions: [
        { email: 'a@example.com', reason: 'import' },
        { email: 'b@example.com' },
        { domain: 'example.org', reason: 'import' },
      ],
    });
    assert.deepEqual(
      (await listed()).map(({ email, domain }) => email ?? domain),
      ['example.org', 'b@example.com', 'a@example.com'],
    );
    const page = await tenant.api('GET', '/v1/suppressions?page=2&page_size=2');
    assert.deepEqual([page.json['total'], (page.json.data as Fields[]).length], [3, 1]);
    assert.deepEqual(
      (await listed('?reason=import')).map(({ email, domain }) => email ?? domain),
      ['example.org', 'a@example.com'],
    );
    assert.deepEqual(
      (await listed('?search=B@example.com')).map(({ email }) => email),
      ['b@example.com'],
    );
    assert.deepEqual(
      (await listed('?search=example.org')).map(({ domain }) => domain),
      ['example.org'],
    );
    assert.deepEqual(await listed('?search=example.com'), []);
    assert.deepEqual(await listed('?search=nonsense'), []);
    assert.deepEqual(await listed('?search=b+and@example.com'), []);
    await post({ email: 'ada+crm+x@example.com' });
    for (const typed of [
      'ada+crm+x@example.com',
      'ada%2Bcrm%2Bx@example.com',
      'Ada+CRM%20x@example.com',
      'Ada%20%3Cada%2Bcrm%2Bx@example.com%3E',
    ])
      assert.deepEqual(
        (await listed(`?search=${typed}`)).map(({ email }) => email),
        ['ada+crm+x@example.com'],
        typed,
      );
    assert.deepEqual(await listed('?search=b@example.com&reason=import'), []);
  });

  test('one search shows whether an address is suppressed: by itself, its domain or a domain above it', async () => {
    const search = async (text: string, more = '') =>
      (await listed(`?search=${encodeURIComponent(text)}${more}`)).map(({ email, domain }) => email ?? domain);
    assert.deepEqual(await search('ada@mail.lovelace.example'), []);
    await post({
      suppressions: [
        { domain: 'lovelace.example', reason: 'complaint' },
        { domain: 'mail.lovelace.example' },
        { email: 'Ada@mail.lovelace.example' },
        { email: 'bob@mail.lovelace.example' },
        { domain: 'eu.mail.lovelace.example' },
      ],
    });
    const all = await search('Ada <ADA@mail.lovelace.example>');
    assert.deepEqual(all, ['ada@mail.lovelace.example', 'mail.lovelace.example', 'lovelace.example']);
    assert.deepEqual(await search('ada@lovelace.example'), ['lovelace.example']);
    assert.deepEqual(await search('ada@mail.lovelace.example', '&reason=complaint'), ['lovelace.example']);
    assert.deepEqual(await search('ada@mail.lovelace.example', '&page=2&page_size=2'), ['lovelace.example']);
    assert.deepEqual(await search('ada@grasshopper.example'), []);
    assert.deepEqual(
      await search('mail.lovelace.example'),
      ['mail.lovelace.example'],
      'a domain is looked for as it is',
    );
    const text = 'search=ada@mail.lovelace.example&limit=2';
    const { json } = await tenant.api('GET', `/v1/suppressions?${text}`);
    const [, last] = json.data as Fields[];
    assert.equal((await tenant.api('DELETE', `/v1/suppressions/${String(last?.['id'])}`)).status, 204);
    assert.deepEqual(
      (await listed(`?${text}&cursor=${String(json['next_cursor'])}`)).map(({ domain }) => domain),
      ['lovelace.example'],
      'a cursor continues behind a suppression that was lifted in the meantime',
    );
  });

  test('an address with invisible characters is still suppressed, and an invalid domain is refused', async () => {
    assert.equal((await post({ email: '\u200bsup@s1.example\u200b' })).status, 201);
    assert.equal((await post({ domain: 's2.example.\u200b' })).status, 201);
    const stored = async (): Promise<unknown[]> => (await listed()).map(({ email, domain }) => email ?? domain);
    assert.deepEqual(await stored(), ['s2.example', 'sup@s1.example']);
    assert.deepEqual(
      await upsert(
        'su\u200bp@s1.example',
        'sup@s1.example\u200b',
        'a@s2.example.',
        'a@s2。example',
        'a@s2\u00ad.example',
        'a@s2.example?x',
      ),
      ['rejected', 'suppressed', 'suppressed', 'suppressed', 'rejected', 'rejected'],
    );
    const problems = async (body: Fields) => assertRefused(await post(body), 422, 'validation_failed').details;
    const bare = 'must be a domain, such as lovelace.example; its subdomains are included';
    for (const domain of [
      '',
      'dom5.example?x',
      'https://dom4.example/x',
      '@dom2.example',
      '*.dom3.example',
      'dom%2eexample',
      'do\u200bm.example',
    ])
      assert.deepEqual(await problems({ domain }), { domain: bare }, domain);
    for (const [email, problem] of [
      ['', 'is empty'],
      ['mailto:a@example.com', 'must be the bare address, without mailto:'],
      ['a@example.com;b@example.com', 'must be one email address'],
      ['su\u200bp@s1.example', 'contains an invisible character: U+200B'],
    ])
      assert.deepEqual(await problems({ email }), { email: problem });
    assert.equal((await stored()).length, 2);
  });

  test('the hash of an address is keyed, and differs between organizations', async () => {
    await post({ email: 'ada@lovelace.example' });
    const other = await scene.product.tenant();
    await other.got('POST', '/v1/suppressions', { email: 'ada@lovelace.example' });
    const rows = await scene.product.db.query(
      sql<{ hash: Buffer }>`SELECT hash FROM suppressions WHERE value = 'ada@lovelace.example'`,
    );
    const hashes = new Set(rows.map(({ hash }) => hash.toString('hex')));
    assert.equal(hashes.size, rows.length);
  });

  test('invalid values are refused, naming the field', async () => {
    const details = async (body: unknown): Promise<string[]> =>
      Object.keys(assertRefused(await post(body), 422, 'validation_failed').details);
    assert.deepEqual(await details({}), ['email']);
    assert.deepEqual(await details({ email: 'nobody' }), ['email']);
    assert.deepEqual(await details({ domain: 'localhost' }), ['domain']);
    assert.deepEqual(await details({ email: 'a@example.com', domain: 'example.com' }), ['email']);
    assert.deepEqual(await details({ email: 'a@example.com', reason: 'erased' }), ['reason']);
    assert.deepEqual(await details({ suppressions: [] }), ['suppressions']);
    assert.deepEqual(
      await details({ suppressions: Array.from({ length: 1_001 }, () => ({ email: 'a@example.com' })) }),
      ['suppressions'],
    );
    assert.deepEqual(await details({ email: 'a@example.com', note: 'x' }), ['note']);
    assert.deepEqual(await details({ email: 42 }), ['email']);
    assert.deepEqual(await details({ email: 'a\0@example.com' }), ['email']);
    assert.deepEqual(await details({ suppressions: [{ email: 'a@example.com' }], reason: 'a\0b' }), ['reason']);
    assert.deepEqual(await listed(), []);
  });
});
