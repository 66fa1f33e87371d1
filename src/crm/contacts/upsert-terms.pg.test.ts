import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { crmScene, toldOf } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { sql } from '../../db/sql.ts';
import type { Editor } from '../records/index.ts';
import { readRow } from './input.ts';
import type { UpsertTerms } from './upsert.ts';

describe('options of an upsert', () => {
  const scene = crmScene();
  let crm: CrmInstallation;
  let me: Editor;
  beforeEach(() => {
    ({ crm, me } = scene);
  });

  const upsert = (rows: readonly object[], terms: UpsertTerms = {}) =>
    crm.contacts.upsertAll(me, rows.map(readRow), { lawful_basis: 'consent', ...terms });
  const shown = async () =>
    new Map(
      (await crm.contacts.list({ organizationId: me.organizationId }, {}, { limit: 100 })).map(
        (each) => [each.email, each] as const,
      ),
    );
  const types = async () => (await toldOf(crm, me.organizationId)).map(({ type }) => type);
  const total = async () =>
    (await crm.contacts.page({ organizationId: me.organizationId }, {}, { limit: 1, offset: 0 })).total;

  test("restoreDeleted restores the contact deleted last, with the row's fields, instead of creating a new one", async () => {
    const made = [];
    for (const name of ['first', 'second']) {
      const contact = await crm.contacts.create(me, { email: 'ada@lovelace.example', first_name: name, phone: name });
      await crm.contacts.remove(me, contact.id);
      await crm.db.execute(
        sql`UPDATE contacts SET deleted_at = deleted_at - interval '1 minute' WHERE deleted_at IS NOT NULL`,
      );
      made.push(contact);
    }
    const [row, other] = await upsert(
      [{ email: 'ada@lovelace.example', phone: 'new' }, { email: 'grace@hopper.example' }],
      { restoreDeleted: true },
    );
    assert.deepEqual(row, { status: 'restored', id: made[1]?.id });
    assert.equal(other?.status, 'created');
    const ada = (await shown()).get('ada@lovelace.example');
    assert.deepEqual(
      [ada?.first_name, ada?.phone, ada?.lawful_basis, ada?.deleted_at],
      ['second', 'new', 'consent', null],
    );
    assert.equal(await total(), 2);
    const told = await toldOf(crm, me.organizationId);
    assert.deepEqual(told.at(-2)?.data['id'], made[1]?.id);
    assert.deepEqual([told.at(-2)?.type, told.length], ['contact.created', 6]);
    assert.deepEqual(await upsert([{ email: 'ada@lovelace.example', phone: 'new' }], { restoreDeleted: true }), [
      { status: 'unchanged', id: made[1]?.id },
    ]);
  });

  test('restoreDeleted restores nothing after 30 days', async () => {
    const old = await crm.contacts.create(me, { email: 'ada@lovelace.example' });
    await crm.contacts.remove(me, old.id);
    await crm.db.execute(
      sql`UPDATE contacts SET deleted_at = deleted_at - interval '30 days 1 second' WHERE id = ${old.id}`,
    );
    const [row] = await upsert([{ email: 'ada@lovelace.example' }], { restoreDeleted: true });
    assert.equal(row?.status, 'created');
  });

  test('concurrent callers with restoreDeleted restore each contact once', async () => {
    const emails = Array.from({ length: 50 }, (_, index) => `${index}@example.com`);
    const made = await upsert(emails.map((email) => ({ email })));
    for (const row of made) if ('id' in row) await crm.contacts.remove(me, row.id);
    const answers = await Promise.all(
      [emails, emails.toReversed(), emails].map((each) =>
        upsert(
          each.map((email) => ({ email })),
          { restoreDeleted: true },
        ),
      ),
    );
    const statuses = answers.flat().map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 'restored').length, 50);
    assert.equal(statuses.filter((status) => status === 'unchanged').length, 100);
    assert.equal(await total(), 50);
    assert.equal((await shown()).size, 50);
  });

  test('keepExisting leaves existing contacts unchanged', async () => {
    const known = await crm.contacts.create(me, { email: 'ada@lovelace.example', first_name: 'Ada' });
    const answers = await upsert(
      [
        { email: 'ada@lovelace.example', first_name: 'X' },
        { email: 'new@example.com', first_name: 'one' },
        { email: 'new@example.com', first_name: 'two' },
      ],
      {
        keepExisting: true,
      },
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      ['unchanged', 'created', 'unchanged'],
    );
    const contacts = await shown();
    assert.deepEqual(contacts.get('ada@lovelace.example'), known);
    assert.equal(contacts.get('new@example.com')?.first_name, 'one');
    assert.deepEqual(await types(), ['contact.created', 'contact.created']);
  });

  test('addTags adds tags to those that contacts have or are given', async () => {
    await crm.contacts.create(me, { email: 'ada@lovelace.example', tags: ['vip'] });
    await upsert([{ email: 'ada@lovelace.example' }, { email: 'grace@hopper.example', tags: ['press'] }], {
      addTags: ['fair', 'vip'],
    });
    const contacts = await shown();
    assert.deepEqual(contacts.get('ada@lovelace.example')?.tags, ['vip', 'fair']);
    assert.deepEqual(contacts.get('grace@hopper.example')?.tags, ['press', 'fair', 'vip']);
    const [tags, total] = await crm.contacts.tags(
      { organizationId: me.organizationId },
      { limit: 10, sort: 'created_at' },
    );
    assert.deepEqual([tags.map(({ tag }) => tag).sort(), total], [['fair', 'press', 'vip'], 3]);
  });

  test('creating one contact is refused with 409 if the address is taken, and needs a first name without an address', async () => {
    await crm.contacts.create(me, { email: 'ada@lovelace.example' });
    await assert.rejects(crm.contacts.create(me, { email: 'ADA@lovelace.example' }), { error: 'conflict' });
    await assert.rejects(crm.contacts.create(me, { last_name: 'Nobody' }), { error: 'validation_failed' });
    await assert.rejects(crm.contacts.create(me, { email: 'nobody' }), { error: 'validation_failed' });
    const [one, two] = [
      await crm.contacts.create(me, { first_name: 'Same' }),
      await crm.contacts.create(me, { first_name: 'Same' }),
    ];
    assert.notEqual(one.id, two.id);
    const suppressed = await Promise.allSettled(
      ['x@example.com', 'x@example.com'].map((email) => crm.contacts.create(me, { email })),
    );
    assert.deepEqual(
      suppressed.map(({ status }) => status).sort((a, b) => a.localeCompare(b)),
      ['fulfilled', 'rejected'],
    );
    assert.equal(await total(), 4);
  });

  test('an upsert in a transaction that is rolled back leaves nothing', async () => {
    const rows = [{ email: 'ada@lovelace.example', tags: ['x'] }].map(readRow);
    await assert.rejects(
      crm.db.transaction(async (tx) => {
        const [row] = await crm.contacts.upsert(tx, me, rows);
        assert.equal(row?.status, 'created');
        throw new Error('the rest of it failed');
      }),
      /the rest of it failed/,
    );
    assert.deepEqual(
      [
        await total(),
        (await shown()).size,
        await types(),
        await crm.contacts.tags({ organizationId: me.organizationId }, { limit: 1, offset: 0 }),
      ],
      [0, 0, [], [[], 0]],
    );
  });

  test('a list by cursor is stable while contacts are added', async () => {
    await upsert(
      Array.from({ length: 30 }, (_, index) => ({
        email: `${index}@example.com`,
        first_name: index % 2 === 0 ? 'even' : 'odd',
        tags: ['t'],
      })),
    );
    for (const filter of [{}, { search: 'even' }, { tags: ['t'] }, { status: 'active' as const }]) {
      const seen: string[] = [];
      const wanted = new Set(
        (await crm.contacts.list({ organizationId: me.organizationId }, filter, { limit: 100 })).map(({ id }) => id),
      );
      for (let before: string | undefined; ;) {
        const page = await crm.contacts.list({ organizationId: me.organizationId }, filter, { limit: 4, before });
        seen.push(...page.map(({ id }) => id));
        before = page.at(-1)?.id;
        if (before === undefined) break;
        await upsert([
          { email: `added${seen.length}-${Object.keys(filter).join('')}@example.com`, first_name: 'even', tags: ['t'] },
        ]);
      }
      assert.deepEqual(seen.length, wanted.size);
      assert.deepEqual(new Set(seen), wanted);
    }
  });
});
