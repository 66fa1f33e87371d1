import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Fields } from '../../../test/harness/caller.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { listed, upsert } from '../../../test/harness/contacts.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';

const unit = fc.constantFrom('a', 'é', ' ', "'", '"', '=', '+', '-', '@', ',', ';', '|', '\t', '\r', '\n', '7');
const text = fc.string({ unit, minLength: 1, maxLength: 12 });
const filled = text.filter((value) => value.trim() !== '');
const row = fc.record(
  {
    first_name: text,
    phone: fc.oneof(text, fc.constantFrom('+44 20 7946 0018', '-1', '@work', "'=1")),
    website: fc.constantFrom('https://a.example/?q=,', 'HTTP://b.example', 'http:c.example'),
    notes: text,
    tags: fc.array(filled, { maxLength: 4 }),
    custom_fields: fc.record(
      { note: filled, ab: filled, a_b: filled, seats: fc.integer(), on: fc.boolean() },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const rows = fc.array(fc.tuple(fc.constantFrom('', '+', '-', '=', "'", "'+"), row), { minLength: 1, maxLength: 40 });

describe('export and import', () => {
  const scene = installationScene();

  async function tenant(): Promise<Tenant> {
    const me = await scene.product.tenant();
    for (const [key, type] of Object.entries({ note: 'text', ab: 'text', a_b: 'text', seats: 'number', on: 'boolean' }))
      await me.got('POST', '/v1/custom-fields', { entity: 'contact', key, type });
    return me;
  }
  const finished = (me: Tenant, path: string): Promise<unknown> =>
    eventually(async () => (await me.got('GET', path))['finished_at'] !== null, `${path} has finished`);

  async function exported(me: Tenant): Promise<string> {
    const job = `/v1/bulk-jobs/${String((await me.got('POST', '/v1/bulk-jobs', { entity: 'contact', action: 'export' }))['id'])}`;
    await finished(me, job);
    return (await me.api('GET', `${job}/file`)).text;
  }

  async function imported(me: Tenant, file: string): Promise<void> {
    const path = `/v1/imports/${String((await me.got('POST', '/v1/imports', { lawful_basis: 'consent' }))['id'])}`;
    assert.equal((await me.api('PUT', `${path}/file`, file, { 'content-type': 'text/csv' })).status, 202);
    await finished(me, path);
    assert.deepEqual((await me.api('GET', `${path}/errors`)).json.data, []);
  }

  const names = ['email', 'first_name', 'phone', 'website', 'notes', 'tags', 'custom_fields'] as const;
  const contactsOf = async (me: Tenant): Promise<Fields[]> =>
    (await listed(me, '?page_size=100&sort=created_at'))
      .map((each) => Object.fromEntries(names.map((name) => [name, each[name]])))
      .toSorted((a, b) => String(a['email']).localeCompare(String(b['email'])));

  test('importing the file of an export changes nothing, and creates equal contacts elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        const [me, other] = [await tenant(), await tenant()];
        await upsert(
          me,
          given.map(([start, fields], n) => ({ ...fields, email: `${start}p${n}@example.com` })),
        );
        const before = await contactsOf(me);
        assert.equal(before.length, given.length);
        const file = await exported(me);
        for (const to of [me, other]) {
          await imported(to, file);
          assert.deepEqual(await contactsOf(to), before);
        }
      }),
      { numRuns: 5 },
    );
  });
});
