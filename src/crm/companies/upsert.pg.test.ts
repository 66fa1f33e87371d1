import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { eventsOf } from '../../../test/harness/crm.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';

interface Row {
  readonly domain: string | null;
  readonly status: string;
  readonly id?: string;
  readonly reason?: string;
}

describe('an upsert of companies', () => {
  // Without the engine, nothing changes between requests.
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let tenant: Tenant;
  beforeEach(async () => {
    tenant = await scene.product.tenant();
  });

  const upsert = async (companies: readonly unknown[], more: Fields = {}): Promise<Row[]> => {
    const { status, json, text } = await tenant.api('POST', '/v1/companies/upsert', { companies, ...more });
    assert.equal(status, 200, text);
    return json.data as Row[];
  };
  const list = async (query = ''): Promise<Fields[]> =>
    (await tenant.api('GET', `/v1/companies${query}`)).json.data as Fields[];
  const events = async () =>
    (await eventsOf(scene.product.db, tenant.organization.id)).filter(({ type }) => type.startsWith('company.'));

  test('www before a domain is left out, and a company that was stored with it is still found', async () => {
    const shown = async (query: string): Promise<unknown[]> =>
      (await list(query)).map(({ id, domain }) => [id, domain]);
    const { id } = await tenant.got('POST', '/v1/companies', { name: 'Looms', domain: 'www.Looms.example' });
    for (const domain of ['looms.example', 'www.looms.example']) {
      assert.deepEqual(await shown(`?domain=${domain}`), [[id, 'looms.example']]);
      assert.equal((await upsert([{ domain, employee_count: 7 }]))[0]?.id, id);
    }
    for (const empty of ['', '%20']) {
      const { status, json } = await tenant.api('GET', `/v1/companies?domain=${empty}`);
      assert.deepEqual([status, (json.error as Fields)['details']], [422, { domain: 'is empty' }]);
    }
    await scene.product.db.execute(sql`UPDATE companies SET domain = 'www.looms.example' WHERE id = ${String(id)}`);
    assert.deepEqual(await shown('?domain=looms.example'), [[id, 'www.looms.example']]);
    assert.equal((await tenant.api('GET', '/v1/companies?domain=www.looms.example')).json['total'], 1);
    assert.equal((await upsert([{ domain: 'www.looms.example', name: 'Looms' }]))[0]?.id, id);
    assert.deepEqual(await shown('?domain=looms.example'), [[id, 'looms.example']]);
    const [suffix] = await upsert([{ domain: 'www.co.uk', name: 'Suffix' }]);
    assert.equal((await upsert([{ domain: 'www.co.uk', city: 'Leeds' }]))[0]?.id, suffix?.id);
  });

  test('creates and changes by domain, in any spelling, with one event for each company; bad rows are rejected alone', async () => {
    const known = await tenant.got('POST', '/v1/companies', { name: 'Looms', domain: 'looms.example', tags: ['old'] });
    for (const name of ['Twin A', 'Twin B'])
      await tenant.got('POST', '/v1/companies', { name, domain: 'twin.example' });
    const before = (await events()).length;
    const rows = await upsert([
      { domain: 'Bücher.example', name: 'Books', owner: 'grace@engines.example' },
      { domain: 'LOOMS.example', employee_count: 7, tags: ['new'] },
      { domain: 'xn--bcher-kva.example', industry: 'Trade' },
      { domain: 'nameless.example' },
      { domain: 'twin.example', name: 'Twin' },
      { domain: 'not a domain', name: 'None' },
      { name: 'None' },
      { domain: 'fields.example', name: 'None', color: 'red' },
      { domain: 'custom.example', name: 'None', custom_fields: { unknown: 1 } },
      { domain: 'nul.example', name: 'a\0b' },
      'text',
      { domain: 'looms.example', employee_count: 7 },
    ]);
    const [books] = rows;
    assert.deepEqual(
      rows.map(({ status }) => status),
      ['created', 'updated', 'updated', ...Array.from({ length: 8 }, () => 'rejected'), 'updated'],
    );
    assert.deepEqual(
      rows.slice(3, 7).map(({ reason }) => reason),
      [
        'name: is required for a new company',
        'domain: several companies have it',
        'domain: must be a domain, such as lovelace.example',
        'domain: is required',
      ],
    );
    assert.deepEqual([rows[2]?.id, rows[1]?.id, rows[11]?.id], [books?.id, known['id'], known['id']]);
    assert.deepEqual(
      (await events()).slice(before).map(({ type, data }) => [type, data['id'], data['changed'], data['industry']]),
      [
        ['company.created', books?.id, undefined, 'Trade'],
        ['company.updated', known['id'], ['employee_count', 'tags'], null],
      ],
    );
    assert.equal((await list('?domain=bücher.example')).length, 1);
    const unchanged = (await events()).length;
    assert.deepEqual((await upsert([{ domain: 'looms.example', employee_count: 7 }]))[0]?.status, 'updated');
    assert.equal((await events()).length, unchanged);
    assert.equal((await tenant.api('GET', '/v1/companies')).json['total'], 4);
  });

  test('of several callers at the same time creates each company once', async () => {
    const domains = Array.from({ length: 20 }, (_, n) => `c${n}.example`);
    const calls = await Promise.all(
      Array.from({ length: 8 }, (_, caller) =>
        upsert((caller % 2 === 0 ? domains : domains.toReversed()).map((domain) => ({ domain, name: `Of ${caller}` }))),
      ),
    );
    const ids = new Set(calls.flat().map(({ id }) => id));
    assert.deepEqual([ids.size, calls.flat().filter(({ status }) => status === 'created').length], [20, 20]);
    assert.equal((await tenant.api('GET', '/v1/companies')).json['total'], 20);
  });

  test('is of the workspace that is named', async () => {
    const [own] = await upsert([{ domain: 'looms.example', name: 'Looms' }]);
    const workspace = { external_id: 'client-1' };
    const [theirs] = await upsert([{ domain: 'looms.example', name: 'Looms' }], { workspace });
    const [again] = await upsert([{ domain: 'looms.example', city: 'Lyon' }], { workspace });
    assert.notEqual(own?.id, theirs?.id);
    assert.deepEqual([again?.status, again?.id], ['updated', theirs?.id]);
  });
});
