import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contact } from '../../test/harness/contacts.ts';
import { eventually } from '../../test/harness/clock.ts';
import { installationScene } from '../../test/harness/installation.ts';
import type { Tenant } from '../../test/harness/installation.ts';
import { email, erase, finished, person, tablesWith } from '../../test/harness/erasures.ts';
import { sql } from '../db/sql.ts';
import { addressExpression } from './spellings.ts';

/** Ways to write the person's address in text. */
const spellings = [
  'zephyrine.quux%40quux-mail.example',
  'Zephyrine%2EQuux@Quux-Mail.example',
  'zephyrine.quux%2540quux-mail.example',
  String.raw`zephyrine.quux\u0040quux-mail.example`,
  String.raw`{\"to\":\"\\u007aephyrine.quux@quux-mail.example\"}`,
  'zephyrine.quux&#64;quux-mail.example',
  'zephyrine.quux@quux-mail。example',
];

interface Report extends Record<string, unknown> {
  readonly email_id: string;
  readonly recipient: string | null;
  readonly payload: { readonly email_id: string };
}

describe('an address in other spellings', () => {
  const scene = installationScene();

  const report = async (me: Tenant, emailId: string, recipient?: string): Promise<void> => {
    const timestamp = new Date(scene.clock.now()).toISOString();
    assert.equal(
      (await me.api('POST', '/api/webhooks', { type: 'email.delivered', email_id: emailId, recipient, timestamp }))
        .status,
      200,
    );
  };
  const reports = async (me: Tenant): Promise<Report[]> =>
    (await me.api('GET', '/v1/inbound-events?limit=100')).json.data as unknown as Report[];

  async function imported(me: Tenant, asked: object, file: string): Promise<string> {
    const path = `/v1/imports/${String((await me.got('POST', '/v1/imports', { lawful_basis: 'consent', ...asked }))['id'])}`;
    const { status, text } = await me.api('PUT', `${path}/file`, file, { 'content-type': 'text/csv' });
    assert.equal(status, 202, text);
    await eventually(async () => (await me.got('GET', path))['finished_at'] !== null, 'the import has finished');
    return path;
  }

  test('events and answers of receivers are found in every spelling of the address', async () => {
    const { product } = scene;
    const me = await product.tenant();
    const answers = [...spellings, 'nobody@quiet.example'];
    const receiver = await scene.receive((_arrival, response) => response.end(answers.pop()));
    const endpoint = await me.register(receiver.url, { dialect: 'standard', events: ['own.ping'] });
    const { id } = await contact(me, person);
    for (const spelling of spellings) await me.publish('own.order', { raw: spelling });
    for (let ping = 0; ping <= spellings.length; ping += 1) await me.publish('own.ping');
    await eventually(
      async () => (await me.deliveries(endpoint, '?status=delivered')).length === spellings.length + 1,
      'deliveries have arrived',
    );
    const done = await finished(product, me, (await erase(me, id)).id);
    assert.equal(done['attempts_redacted'], spellings.length);
    const logged = await product.db.query(
      sql<{
        data: Buffer;
      }>`SELECT data FROM events WHERE organization_id = ${me.organization.id} AND type = 'own.order'`,
    );
    assert.deepEqual([...new Set(logged.map(({ data }) => data.toString()))], ['{"raw":"[erased]"}']);
    assert.deepEqual(await tablesWith(product.db), []);
  });

  test("a message id that contains the address is redacted with the report; another person's report is not", async () => {
    const { product } = scene;
    const me = await product.tenant();
    const { id } = await contact(me, person);
    const key = email.toLowerCase();
    const verp = `bounce+${key.replace('@', '=')}@mail.example`;
    await report(me, `m-${key}`, key);
    await report(me, verp, key);
    await report(me, verp);
    await report(me, `m-${key}`);
    await report(me, 'msg_1', key);
    await report(me, 'msg_2', 'bob@quiet.example');
    assert.equal(((await me.got('POST', `/v1/contacts/${id}/export`))['inbound_events'] as unknown[]).length, 5);
    await finished(product, me, (await erase(me, id)).id);
    assert.deepEqual(
      (await reports(me)).map(({ email_id: emailId, recipient }) => [emailId, recipient]),
      [['msg_2', 'bob@quiet.example'], ['msg_1', null], ...Array.from({ length: 4 }, () => ['[erased]', null])],
    );
    assert.deepEqual(await tablesWith(product.db), []);
  });

  test('descriptions of an import are redacted, and its columns if they are the first person of the file', async () => {
    const { product } = scene;
    const me = await product.tenant();
    const headless = {
      mapping: { [email]: 'email', Zephyrine: null, Zither: 'first_name' },
      file_name: `of ${email}.csv`,
    };
    const first = await imported(me, headless, `${email},Zephyrine,Zither\nbob@quiet.example,Bob,Bob\n`);
    const second = await imported(
      me,
      { lawful_basis_source: `told by ${email}`, file_name: 'fair.csv', dry_run: true },
      'email,first_name\neve@quiet.example,Eve\n',
    );
    const third = await imported(me, { mapping: { Fax: null } }, 'email,Fax\neve@quiet.example,1\n');
    const untouched = await me.got('GET', third);
    const { id } = await contact(me, person);
    await finished(product, me, (await erase(me, id)).id);
    const { file_name: name, mapping, columns } = await me.got('GET', first);
    assert.deepEqual([name, mapping], ['[erased]', {}]);
    assert.deepEqual(columns, [
      { column: '[erased]', field: 'email' },
      { column: '[erased]', field: null },
      { column: '[erased]', field: 'first_name' },
    ]);
    const { file_name: kept, lawful_basis_source: source, columns: fields } = await me.got('GET', second);
    assert.deepEqual([kept, source, (fields as unknown[]).length], ['fair.csv', '[erased]', 2]);
    assert.deepEqual(await me.got('GET', third), untouched);
    assert.deepEqual(await tablesWith(product.db), []);
  });

  test('file names and idempotency keys that contain the address are erased, also in the event log', async () => {
    const { product } = scene;
    const me = await product.tenant();
    const receiver = await scene.receive();
    await me.register(receiver.url, { dialect: 'standard', events: ['*'] });
    const names = [`${email}-2026.csv`, `${email}.backup.of.january`, `list-${email}-final`, `x${email}x`];
    for (const name of names) await imported(me, { file_name: name }, 'email\neve@quiet.example\n');
    const keys = [`${email}-welcome`, `${email}.welcome`, `welcome${email}`, 'welcome-bob@quiet.example'];
    for (const key of keys) await me.publish('own.order', { name: 'x' }, { 'idempotency-key': key });
    await me.publish('own.order', { idempotency_key: `${email}.welcome`, text: 'Hello' });
    const { id } = await contact(me, person);
    await finished(product, me, (await erase(me, id)).id);
    const left = await product.db.query(
      sql<{ key: string }>`SELECT key FROM idempotency_keys WHERE organization_id = ${me.organization.id}`,
    );
    assert.deepEqual(left, [{ key: 'welcome-bob@quiet.example' }]);
    assert.deepEqual(await tablesWith(product.db), []);
  });

  test('PostgreSQL finds the same spellings as JavaScript, even of the longest address', async () => {
    const longest = `${'a'.repeat(60)}+b@${'abcdefgh.'.repeat(20)}example`;
    const expression = addressExpression(longest);
    for (const [text, found] of [
      [longest.toUpperCase(), true],
      [`x-${encodeURIComponent(encodeURIComponent(longest))}`, true],
      [longest.replace('@', String.raw`\\\u0040`), true],
      [longest.replace('b@', '@'), false],
    ] as const)
      assert.deepEqual(await scene.product.db.query(sql`SELECT ${text}::text ~* ${expression} AS found`), [{ found }]);
  });
});
