import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { contactEvents } from '../../../test/harness/contacts.ts';
import { foxreachOf } from '../../../test/harness/foxreach.ts';
import type { FoxReach } from '../../../test/harness/foxreach.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';

describe("FoxReach's imports and concurrent calls", () => {
  const scene = installationScene();
  let me: Tenant;
  let api: FoxReach;
  beforeEach(async () => {
    me = await scene.product.tenant();
    api = foxreachOf(me);
  });

  const call: FoxReach['call'] = (...request) => api.call(...request);
  const got: FoxReach['got'] = (...request) => api.got(...request);
  const refusal: FoxReach['refusal'] = (...request) => api.refusal(...request);
  const make = (lead: Fields): Promise<Fields> => got('POST', '/leads', lead);
  const pathOf = ({ id }: Fields): string => `/leads/${String(id)}`;
  const uuidOf = ({ id }: Fields): string =>
    String(id).replace(/^cld_(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const emails = async (query: string): Promise<unknown[]> =>
    ((await call('GET', `/leads${query}`)).json.data as unknown as Fields[]).map(
      (lead) => String(lead['email']).split('@')[0],
    );

  test('an import creates new leads, leaves existing ones, restores deleted ones and reports the rest', async () => {
    await me.got('POST', '/v1/suppressions', { email: 'no@x.example' });
    const there = await make({ email: 'there@x.example', firstName: 'There' });
    const gone = await make({ email: 'gone@x.example', firstName: 'Gone', phone: '1', customFields: { a: '1' } });
    await call('DELETE', pathOf(gone));
    const leads = [
      { email: 'NEW@x.example', tags: ['vip'], customFields: { a: 2, b: 'x' }, source: 'list' },
      { email: 'new@x.example', firstName: 'Second' },
      { email: 'There@x.example', firstName: 'Other' },
      { email: 'gone@x.example', firstName: 'Back', customFields: { b: 'y' } },
      { email: 'no@x.example' },
      { email: '' },
      { email: 'bad@@x', nickname: 'x' },
      { email: 'deep@x.example', customFields: { a: {} } },
      'nonsense',
      { firstName: 'Nobody' },
    ];
    const answer = await got('POST', '/leads/import', { leads, restoreSoftDeleted: true });
    assert.deepEqual(Object.entries(answer), [
      ['created', 1],
      ['restored', 1],
      ['duplicates', 2],
      ['errors', 6],
      ['duplicateEmails', ['new@x.example', 'There@x.example']],
      [
        'errorDetails',
        [
          { email: 'no@x.example', reason: 'email: is suppressed' },
          { email: '', reason: 'email: must not be empty' },
          { email: 'bad@@x', reason: 'nickname: unknown field' },
          { email: 'deep@x.example', reason: 'customFields.a: must be well-formed text of at most 10000 characters' },
          { email: '', reason: 'lead: must be an object' },
          { email: '', reason: 'email: is required' },
        ],
      ],
    ]);
    assert.deepEqual(await got('GET', pathOf(there)), there);
    const back = await got('GET', pathOf(gone));
    assert.deepEqual(back, {
      ...gone,
      firstName: 'Back',
      customFields: { a: '1', b: 'y' },
      updatedAt: back['updatedAt'],
    });
    const [made] = (await call('GET', '/leads?search=NEW@x')).json.data as unknown as Fields[];
    assert.deepEqual(
      [made?.['email'], made?.['firstName'], made?.['tags'], made?.['customFields'], made?.['source']],
      ['NEW@x.example', null, ['vip'], { a: '2', b: 'x' }, 'list'],
    );
    const told = (await contactEvents(scene.product.db, me)).slice(3);
    assert.deepEqual(
      new Map(told.map(({ type, data }) => [data['email'], type])),
      new Map([
        ['gone@x.example', 'contact.created'],
        ['NEW@x.example', 'contact.created'],
      ]),
    );
    const again = await got('POST', '/leads/import', { leads });
    assert.deepEqual([again['created'], again['restored'], again['duplicates'], again['errors']], [0, 0, 4, 6]);
  });

  test('without restoring, a deleted lead counts as a duplicate for as long as it could be restored', async () => {
    const gone = await make({ email: 'gone@x.example' });
    await call('DELETE', pathOf(gone));
    const leads = [{ email: 'Gone@x.example' }, { email: 'new@x.example' }];
    const kept = await got('POST', '/leads/import', { leads, restoreSoftDeleted: false });
    assert.deepEqual([kept['created'], kept['duplicateEmails']], [1, ['Gone@x.example']]);
    assert.deepEqual(await emails(''), ['new']);
    assert.equal((await got('POST', '/leads/import', { leads }))['restored'], 1, 'by default it comes back');
    assert.deepEqual(await emails(''), ['new', 'gone']);
    await call('DELETE', pathOf(gone));
    await scene.product.db.execute(
      sql`UPDATE contacts SET deleted_at = deleted_at - interval '31 days' WHERE id = ${uuidOf(gone)}`,
    );
    assert.equal((await got('POST', '/leads/import', { leads, restoreSoftDeleted: false }))['created'], 1);
  });

  test('a lead with text that cannot be stored is reported, and the others are created', async () => {
    const leads = [
      { email: 'nul\0@x.example' },
      { email: 'name@x.example', firstName: 'a\0b' },
      { email: 'tag@x.example', tags: ['vip', 'a\0b'] },
      { email: 'key@x.example', customFields: { 'a\0b': 'x' } },
      { email: 'field@x.example', 'a\0b': 'x' },
      { email: 'half@x.example', notes: '\ud800' },
      'a\0b',
      { email: 'good@x.example', firstName: 'Good' },
    ];
    const answer = await got('POST', '/leads/import', { leads });
    assert.deepEqual([answer['created'], answer['duplicates'], answer['errors']], [1, 0, 7]);
    const nul = 'must not contain NUL characters';
    assert.deepEqual(answer['errorDetails'], [
      { email: 'nul\0@x.example', reason: `email: ${nul}` },
      { email: 'name@x.example', reason: `firstName: ${nul}` },
      { email: 'tag@x.example', reason: `tags.1: ${nul}` },
      { email: 'key@x.example', reason: `customFields: ${nul}` },
      { email: 'field@x.example', reason: `lead: ${nul}` },
      { email: 'half@x.example', reason: 'notes: must be well-formed Unicode' },
      { email: '', reason: `lead: ${nul}` },
    ]);
    assert.deepEqual(await emails(''), ['good']);
    assert.equal(
      await refusal(422, 'POST', '/leads', { email: 'one@x.example', firstName: 'a\0b' }),
      `firstName: ${nul}`,
    );
  });

  test('an import takes 1,000 leads and refuses 1,001', async () => {
    const leads = Array.from({ length: 1_001 }, (_, n) => ({
      email: n < 150 ? 'same@x.example' : n < 300 ? `bad ${n}` : `${n}@x.example`,
      notes: 'n'.repeat(1_000),
    }));
    assert.match(await refusal(422, 'POST', '/leads/import', { leads }), /^leads: must have at most 1000 items$/);
    assert.match(await refusal(422, 'POST', '/leads/import', { leads: [] }), /^leads: must have at least 1 item$/);
    assert.equal(
      await refusal(422, 'POST', '/leads/import', { leads: leads.slice(0, 1), restore: true }),
      'restore: unknown field',
    );
    assert.equal(await refusal(422, 'POST', '/leads/import', {}), 'leads: is required');
    const answer = await got('POST', '/leads/import', { leads: leads.slice(0, 1_000) });
    assert.deepEqual([answer['created'], answer['duplicates'], answer['errors']], [701, 149, 150]);
    assert.deepEqual(
      [(answer['duplicateEmails'] as unknown[]).length, (answer['errorDetails'] as unknown[]).length],
      [100, 100],
    );
    assert.deepEqual((await call('GET', '/leads?pageSize=1')).json['meta'], {
      page: 1,
      pageSize: 1,
      total: 701,
      totalPages: 701,
    });
  });

  test('a client that reads all pages reaches the last lead, although the count is capped', async () => {
    const count = 5_250;
    for (let first = 0; first < count; first += 1_000) {
      const leads = Array.from({ length: Math.min(1_000, count - first) }, (_, n) => ({
        email: `${first + n}@common.example`,
        firstName: 'Common',
      }));
      assert.equal((await got('POST', '/leads/import', { leads }))['created'], leads.length);
    }
    const seen = new Set<unknown>();
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      const { data, meta } = (await call('GET', `/leads?search=common&pageSize=100&page=${page}`)).json;
      for (const { id } of data as unknown as Fields[]) seen.add(id);
      const { totalPages, total } = meta as { totalPages: number; total: number };
      assert.ok(total <= count && totalPages === Math.ceil(total / 100));
      pages = totalPages;
    }
    assert.equal(seen.size, count);
  });

  test('of several concurrent calls that create the same lead one succeeds; shared sources and fields are created once', async () => {
    const body = (n: number) => ({
      email: 'ada@lovelace.example',
      firstName: `${n}`,
      source: 'fair',
      customFields: { [`own${n % 3}`]: 1, shared: 'x' },
    });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => call('POST', '/leads', body(n))));
    assert.deepEqual(
      answers.map(({ status }) => status).sort((a, b) => a - b),
      [201, ...Array.from({ length: 11 }, () => 409)],
    );
    const leads = Array.from({ length: 60 }, (_, n) => ({
      email: `${n}@x.example`,
      source: `s${n % 4}`,
      customFields: { [`f${n % 5}`]: n },
    }));
    const imports = await Promise.all(
      [leads, leads.toReversed(), leads].map((some) => got('POST', '/leads/import', { leads: some })),
    );
    assert.equal(
      imports.reduce((sum, { created }) => sum + Number(created), 0),
      60,
    );
    assert.ok(
      imports.every(({ created, duplicates, errors }) => Number(created) + Number(duplicates) === 60 && errors === 0),
    );
    assert.equal((await me.api('GET', '/v1/sources')).json['total'], 5);
    const fields = (await me.got('GET', '/v1/custom-fields')) as unknown as Fields[];
    assert.deepEqual(new Set(fields.map(({ type }) => type)), new Set(['text']));
    assert.equal(fields.length, 7, 'shared, one of the three, and five');
  });
});
