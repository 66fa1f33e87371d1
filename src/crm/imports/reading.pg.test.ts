import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fields } from '../../../test/harness/caller.ts';
import { contact, listed } from '../../../test/harness/contacts.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';

describe('rows of an import', () => {
  const scene = installationScene();

  async function imported(
    me: Tenant,
    file: string | Buffer,
    asked: object = {},
  ): Promise<{ it: Fields; errors: unknown }> {
    const path = `/v1/imports/${String((await me.got('POST', '/v1/imports', { lawful_basis: 'consent', ...asked }))['id'])}`;
    const answer = await fetch(`${me.url}${path}/file`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${me.key}`, 'content-type': 'text/csv' },
      body: new Uint8Array(Buffer.from(file)),
    });
    assert.equal(answer.status, 202, await answer.text());
    await eventually(async () => (await me.got('GET', path))['finished_at'] !== null, 'the import has finished');
    return { it: await me.got('GET', path), errors: (await me.api('GET', `${path}/errors`)).json.data };
  }

  test('an import keeps contacts in their company and links others by company name if requested', async () => {
    const me = await scene.product.tenant();
    const { id: acme } = await me.got('POST', '/v1/companies', { name: 'Acme Corp' });
    await contact(me, { email: 'ada@x.example', company_id: acme });
    const companies = async () =>
      Object.fromEntries<unknown>((await listed(me)).map(({ email, company_id: id }) => [String(email), id] as const));
    const file = 'email,company\nada@x.example,ACME Corp\nbob@x.example,acme corp\n';
    await imported(me, file);
    assert.deepEqual(await companies(), { 'ada@x.example': acme, 'bob@x.example': null });
    await imported(me, 'email,company\nada@x.example,Elsewhere\n');
    const { it } = await imported(me, file, { link_company_by: 'name' });
    assert.equal(it['link_company_by'], 'name');
    assert.deepEqual(await companies(), { 'ada@x.example': acme, 'bob@x.example': acme });
    await imported(me, 'email,owner\nada@x.example,grace@engines.example\n');
    assert.equal((await listed(me, '?owner=grace@engines.example'))[0]?.['email'], 'ada@x.example');
  });

  test('on_bad_value: blank writes a row without its invalid values; unmapped columns are listed', async () => {
    const me = await scene.product.tenant();
    await me.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'seats', type: 'number' });
    await me.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'born', type: 'date' });
    const file = `email;First name;Website;Seats;Born;Phone;Shoe size;Fax\nada@x.example;Ada;javascript:x;many;31.2.2026;4,42E+11;38;1\nbob@x.example;${'x'.repeat(201)};;1,5;1.2.2026;;;\nnobody;;;;;;;\n`;
    const asked = { date_order: 'dmy', decimal_separator: ',', mapping: { Fax: null } };
    const rejecting = await imported(me, file, { ...asked, dry_run: true });
    assert.deepEqual(
      (rejecting.errors as { line: number }[]).map(({ line }) => line),
      [2, 3, 4],
    );
    const { it, errors } = await imported(me, file, { ...asked, on_bad_value: 'blank' });
    const [ada, bob, nobody] = errors as {
      line: number;
      email: string;
      blanked: { column: string; value: string; reason: string }[];
    }[];
    assert.deepEqual(nobody, { line: 4, email: 'nobody', reason: 'email: is not an email address', blanked: null });
    assert.deepEqual(
      [ada, bob].map((row) => [row?.line, row?.email, row?.blanked.map(({ column, value }) => [column, value])]),
      [
        [
          2,
          'ada@x.example',
          [
            ['Website', 'javascript:x'],
            ['Seats', 'many'],
            ['Born', '31.2.2026'],
            ['Phone', '4,42E+11'],
          ],
        ],
        [3, 'bob@x.example', [['First name', 'x'.repeat(201)]]],
      ],
    );
    for (const { reason } of [ada, bob].flatMap((row) => row?.blanked ?? [])) assert.match(reason, /^[\w.]+: /);
    assert.deepEqual(
      [(it['progress'] as Fields)['blanked'], (it['progress'] as Fields)['rejected'], it['errors_kept']],
      [2, 1, 3],
    );
    const csv = (await me.api('GET', `/v1/imports/${String(it['id'])}/errors?format=csv`)).text.split('\r\n');
    assert.equal(csv[0], 'line,email,reason,column,value');
    assert.match(csv[2] ?? '', /^2,ada@x\.example,.*,Seats,many$/);
    assert.equal(csv.length, 8);
    assert.deepEqual(it['unmapped_columns'], ['Shoe size']);
    const rows = (await listed(me)).map(({ email, first_name: name, website, phone, custom_fields: own }) => [
      email,
      name,
      website,
      phone,
      own,
    ]);
    rows.sort(([a], [b]) => String(a).localeCompare(String(b)));
    assert.deepEqual(rows, [
      ['ada@x.example', 'Ada', null, null, {}],
      ['bob@x.example', null, null, null, { seats: 1.5, born: '2026-02-01' }],
    ]);
  });

  test('a row that is not UTF-8 is rejected with its address if that is readable; numbers of 20 digits are not rounded', async () => {
    const me = await scene.product.tenant();
    await me.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'number', type: 'number' });
    await me.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'text', type: 'text' });
    const digits = '12345678901234567890';
    const file = Buffer.from(
      `email,first_name,phone,number,text\nada@x.example,Ren\xe9,,,\nb\xe9@x.example,Bob,,,\ncleo@x.example,,${digits},,${digits}\ndora@x.example,,,${digits},\neve@x.example,,4.42079E+11,,\n`,
      'latin1',
    );
    const { errors } = await imported(me, file);
    assert.deepEqual(
      (errors as { line: number; email: string | null; reason: string }[]).map(({ line, email, reason }) => [
        line,
        email,
        reason.split(':')[0],
      ]),
      [
        [2, 'ada@x.example', 'is not in UTF-8'],
        [3, null, 'is not in UTF-8'],
        [5, 'dora@x.example', 'custom_fields.number'],
        [6, 'eve@x.example', 'phone'],
      ],
    );
    const [cleo] = await listed(me);
    assert.deepEqual([cleo?.['phone'], cleo?.['custom_fields']], [digits, { text: digits }]);
  });
});
