import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { crmScene, toldOf } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { sql } from '../../db/sql.ts';
import { newProject } from '../projects/index.ts';
import { searchPattern } from '../records/index.ts';
import type { Editor } from '../records/index.ts';
import { companyChange, newCompany } from './company.ts';
import type { Company } from './company.ts';

const patternOf = (text: string) => searchPattern(text) ?? assert.fail();

describe('companies', () => {
  const scene = crmScene();
  const { clock } = scene;
  let crm: CrmInstallation;
  let me: Editor;
  let stranger: Editor;

  beforeEach(() => {
    ({ crm, me, stranger } = scene);
  });

  const make = (given: object = {}, who = me): Promise<Company> =>
    crm.companies.create(who, newCompany.parse({ name: 'Analytical Engines', ...given }));
  const names = async (filter: Parameters<CrmInstallation['companies']['list']>[1]): Promise<string[]> =>
    (await crm.companies.list({ organizationId: me.organizationId }, filter, { limit: 100 })).map(({ name }) => name);

  test('a company is created, read, updated and deleted, and each change emits an event with the record', async () => {
    const given = {
      domain: 'Lovelace.Example',
      industry: ' Computing ',
      notes: 'n',
      phone: '1',
      website: 'https://lovelace.example',
      linkedin_url: 'https://www.linkedin.com/company/x',
      address: 'a',
      city: 'London',
      state: 's',
      zip_code: 'z',
      country: 'GB',
      employee_count: 42,
      annual_revenue: Number.MAX_SAFE_INTEGER,
      tags: ['b', 'a', 'b'],
    };
    const made = await make(given);
    assert.deepEqual(await crm.companies.get({ organizationId: me.organizationId }, made.id), made);
    const { id, ...rest } = made;
    assert.deepEqual(rest, {
      ...given,
      name: 'Analytical Engines',
      organization_id: me.organizationId,
      workspace_id: null,
      domain: 'lovelace.example',
      industry: 'Computing',
      tags: ['b', 'a'],
      owner: null,
      custom_fields: {},
      created_by: me.keyId,
      created_at: new Date(clock.now()),
      updated_at: new Date(clock.now()),
    });

    await clock.advance(1_000);
    const changed = await crm.companies.update(
      me,
      id,
      companyChange.parse({ name: 'Engines', employee_count: null, city: '', country: 'GB' }),
    );
    const expected = { ...made, name: 'Engines', employee_count: null, city: null, updated_at: new Date(clock.now()) };
    assert.deepEqual(changed, expected);
    assert.deepEqual(await crm.companies.get({ organizationId: me.organizationId }, id), expected);

    await clock.advance(1_000);
    assert.deepEqual(
      await crm.companies.update(me, id, companyChange.parse({ name: 'Engines', tags: ['b', 'a'] })),
      expected,
      'nothing changed',
    );
    assert.equal((await crm.companies.total({ organizationId: me.organizationId }, {})).total, 1);
    await crm.companies.remove(me, id);
    await assert.rejects(crm.companies.get({ organizationId: me.organizationId }, id), { error: 'not_found' });
    await assert.rejects(crm.companies.update(me, id, { name: 'x' }), { error: 'not_found' });
    await assert.rejects(crm.companies.remove(me, id), { error: 'not_found' });
    assert.deepEqual(await crm.companies.total({ organizationId: me.organizationId }, {}), { total: 0, capped: false });

    const told = await toldOf(crm, me.organizationId);
    assert.deepEqual(
      told.map(({ type, data }) => [type, data['name'], data['changed'], data['actor']]),
      [
        ['company.created', 'Analytical Engines', undefined, { type: 'key', id: me.keyId }],
        ['company.updated', 'Engines', ['name', 'city', 'employee_count'], { type: 'key', id: me.keyId }],
        ['company.deleted', 'Engines', undefined, { type: 'key', id: me.keyId }],
      ],
    );
    assert.equal(told[2]?.data['updated_at'], expected.updated_at.toISOString());
  });

  test('every nullable field can be set and cleared alone', async () => {
    const { id } = await make();
    const values: Record<string, unknown> = {
      domain: 'a.example',
      employee_count: 0,
      annual_revenue: -5,
      website: 'http://a.example/',
      linkedin_url: 'https://b.example/',
    };
    for (const [field, schema] of Object.entries(newCompany.shape).filter(([, each]) => each.safeParse(null).success)) {
      const value = values[field] ?? `some ${field}`;
      assert.ok(schema.safeParse(value).success, field);
      for (const to of [value, null]) {
        const changed = await crm.companies.update(me, id, companyChange.parse({ [field]: to }));
        assert.deepEqual(changed[field as keyof Company], to, field);
        assert.deepEqual(await crm.companies.get({ organizationId: me.organizationId }, id), changed);
      }
    }
    const updates = (await toldOf(crm, me.organizationId))
      .filter(({ type }) => type === 'company.updated')
      .map(({ data }) => data['changed']);
    assert.ok(updates.length >= 24 && updates.every((changed) => (changed as string[]).length === 1));
  });

  test('invalid values are refused, naming the field', () => {
    const cases: [object, string][] = [
      [{ name: undefined }, 'name'],
      [{ name: ' ' }, 'name'],
      [{ name: null }, 'name'],
      [{ name: '\ud800' }, 'name'],
      [{ name: 'x'.repeat(301) }, 'name'],
      [{ domain: 'no domain' }, 'domain'],
      [{ domain: 'localhost' }, 'domain'],
      [{ website: 'javascript:alert(1)' }, 'website'],
      [{ linkedin_url: 'linkedin' }, 'linkedin_url'],
      [{ employee_count: -1 }, 'employee_count'],
      [{ employee_count: 2_147_483_648 }, 'employee_count'],
      [{ annual_revenue: 12.5 }, 'annual_revenue'],
      [{ annual_revenue: '12' }, 'annual_revenue'],
      [{ annual_revenue: 2 ** 53 }, 'annual_revenue'],
      [{ tags: 'vip' }, 'tags'],
      [{ tags: [''] }, 'tags'],
      [{ tags: null }, 'tags'],
      [{ notes: 5 }, 'notes'],
      [{ custom_fields: [] }, 'custom_fields'],
    ];
    for (const [given, field] of cases) {
      const result = newCompany.safeParse({ name: 'x', ...given });
      assert.equal(result.error?.issues[0]?.path[0], field, JSON.stringify(given));
    }
    assert.equal(newCompany.safeParse({ name: 'x', id: 'y' }).success, false);
    assert.equal(
      newCompany.safeParse({ name: 'x', annual_revenue: 12.5 }).error?.issues[0]?.message,
      'must be a whole number of cents',
    );
  });

  test('custom fields are checked against their definitions and merged by their keys', async () => {
    await crm.db.transaction((tx) => crm.customFields.ensureText(tx, me, 'company', ['tier', 'region']));
    const { id } = await make({ custom_fields: { tier: 'gold', region: 'EU' } });
    const changed = await crm.companies.update(me, id, { custom_fields: { tier: null } });
    assert.deepEqual(changed.custom_fields, { region: 'EU' });
    assert.equal(
      (await crm.companies.update(me, id, { custom_fields: { region: 'EU' } })).updated_at.getTime(),
      changed.updated_at.getTime(),
    );
    for (const wrong of [{ size: 1 }, { tier: 1 }, { tier: '\ud800' }]) {
      const named = (error: { details?: object }): boolean =>
        Object.keys(error.details ?? {})[0] === `custom_fields.${Object.keys(wrong)[0]}`;
      await assert.rejects(make({ custom_fields: wrong }), named);
      await assert.rejects(crm.companies.update(me, id, { custom_fields: wrong }), named);
    }
    assert.equal((await toldOf(crm, me.organizationId)).filter(({ type }) => type.startsWith('company.')).length, 2);
  });

  test('lists are ordered newest first, filter by search, all tags and industry, and are counted', async () => {
    await make({ name: 'One 100%', industry: 'Computing', tags: ['a', 'b'] });
    await make({ name: 'Two_x', domain: 'two.example', industry: 'computing', tags: ['b'] });
    await make({ name: 'Three\\', city: 'Zürich', tags: ['a'] });
    await make({ name: 'Theirs', tags: ['a'] }, stranger);
    assert.deepEqual(await names({}), ['Three\\', 'Two_x', 'One 100%']);
    assert.deepEqual(await names({ search: ' ZÜR ' }), ['Three\\']);
    assert.deepEqual(await names({ search: 'two.ex' }), ['Two_x']);
    assert.deepEqual(await names({ search: '%' }), ['One 100%']);
    assert.deepEqual(await names({ search: '_' }), ['Two_x']);
    assert.deepEqual(await names({ search: '\\' }), ['Three\\']);
    assert.deepEqual(await names({ search: ' ' }), ['Three\\', 'Two_x', 'One 100%']);
    assert.deepEqual(await names({ tags: ['b'] }), ['Two_x', 'One 100%']);
    assert.deepEqual(await names({ tags: ['b', 'a'] }), ['One 100%']);
    assert.deepEqual(await names({ industry: 'COMPUTING' }), ['Two_x', 'One 100%']);
    assert.deepEqual(await names({ industry: 'COMPUT' }), []);
    assert.deepEqual(await names({ industry: 'computing', tags: ['b'], search: 'one' }), ['One 100%']);
    assert.deepEqual(await crm.companies.total({ organizationId: me.organizationId }, {}), { total: 3, capped: false });
    assert.deepEqual(await crm.companies.total({ organizationId: me.organizationId }, { tags: ['a'] }), {
      total: 2,
      capped: false,
    });
    assert.deepEqual(
      (await crm.companies.list({ organizationId: me.organizationId }, {}, { limit: 1, offset: 1 })).map(
        ({ name }) => name,
      ),
      ['Two_x'],
    );
  });

  test('idsByName matches the name alone and returns at most 200 companies, newest first', async () => {
    const idsByName = (text: string, among?: readonly string[]) =>
      crm.companies.idsByName({ organizationId: me.organizationId }, patternOf(text), among);
    const one = await make({ name: 'Engines One', domain: 'domain.example', city: 'London' });
    const two = await make({ name: 'ENGINES Zwölf 100%' });
    await make({ name: 'Engines' }, stranger);
    assert.deepEqual(await idsByName('engines'), { ids: [two.id, one.id], capped: false });
    assert.deepEqual(await idsByName('engines', [one.id]), { ids: [one.id], capped: false });
    assert.deepEqual(await idsByName('engines', []), { ids: [], capped: false });
    for (const text of ['ZWÖLF', 'zwolf engines', '%', 's z'])
      assert.deepEqual((await idsByName(text)).ids, [two.id], text);
    for (const text of ['domain', 'london', 'one domain', 'engines_'])
      assert.deepEqual((await idsByName(text)).ids, [], text);
    const made: string[] = [];
    for (let n = 0; n < 201; n += 1) made.unshift((await make({ name: `Fleet ${n}` })).id);
    assert.deepEqual(await idsByName('fleet'), { ids: made.slice(0, 200), capped: true });
    assert.deepEqual(await idsByName('fl'), { ids: made.slice(0, 200), capped: true });
    assert.deepEqual(await idsByName('fl', [made[200] ?? '']), { ids: made.slice(200), capped: false });
  });

  test('text without trigrams is searched in the newest 5,000 companies, and lists of contacts and projects are capped', async () => {
    const { id: oldest } = await make({ name: 'Zz' });
    await crm.contacts.create(me, { first_name: 'Ada', company_id: oldest });
    await crm.projects.create(me, newProject.parse({ name: 'Rollout', company_id: oldest }));
    const others = (count: number) =>
      crm.db.execute(sql`
        INSERT INTO companies (id, organization_id, name, tags, custom_fields, created_at, updated_at, search)
        SELECT ('ffffffff' || substr(gen_random_uuid()::text, 9))::uuid, ${me.organizationId}, 'Other', '{}', '{}', now(), now(), 'other' FROM generate_series(1, ${count}::int)`);
    const totals = async (search: string) => {
      const { ids, capped } = await crm.companies.idsByName({ organizationId: me.organizationId }, patternOf(search));
      const contacts = await crm.contacts.page(
        { organizationId: me.organizationId },
        { search },
        { limit: 1, offset: 0 },
      );
      const projects = await crm.projects.page({ organizationId: me.organizationId }, { search }, { limit: 1 });
      return [ids.length, capped, contacts.total, contacts.capped, projects.total, projects.capped];
    };
    await others(4_999);
    assert.deepEqual(await totals('zz'), [1, false, 1, false, 1, false]);
    await others(1);
    assert.deepEqual(await totals('zz'), [0, true, 0, true, 0, true]);
    assert.deepEqual(await totals('zzz'), [0, false, 0, false, 0, false], 'with trigrams all are searched');
    assert.deepEqual(await crm.companies.idsByName({ organizationId: me.organizationId }, patternOf('zz'), [oldest]), {
      ids: [oldest],
      capped: false,
    });
  });

  test('a name of several lines is found by each line, and across lines by a space', async () => {
    const { id } = await make({ name: 'Engines\nSöhne\r\nLovelace', city: 'London' });
    for (const search of ['engines', 'söhne', 'lovelace', 'engines söhne', 'söhne lovelace']) {
      assert.deepEqual(
        (await crm.companies.idsByName({ organizationId: me.organizationId }, patternOf(search))).ids,
        [id],
        search,
      );
      assert.deepEqual(await names({ search }), ['Engines\nSöhne\r\nLovelace'], search);
    }
    assert.deepEqual(
      (await crm.companies.idsByName({ organizationId: me.organizationId }, patternOf('london'))).ids,
      [],
    );
  });

  test('paging returns each existing company exactly once, in order, while others are created and deleted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.record({ add: fc.nat(2), remove: fc.boolean() }), { maxLength: 6 }),
        async (count, limit, steps) => {
          const who = await crm.editor();
          const staying: string[] = [];
          for (let index = 0; index < count; index += 1) staying.push((await make({}, who)).id);
          const going: string[] = [];
          const seen: string[] = [];
          let cursor: string | undefined;
          for (let page = 0; ; page += 1) {
            const rows = await crm.companies.list(
              { organizationId: who.organizationId },
              {},
              { limit, after: cursor === undefined ? undefined : { id: cursor } },
            );
            seen.push(...rows.map(({ id }) => id));
            if (rows.length < limit) break;
            cursor = rows.at(-1)?.id;
            const { add, remove } = steps[page] ?? { add: 0, remove: false };
            for (let index = 0; index < add; index += 1) going.push((await make({}, who)).id);
            const gone = remove ? going.pop() : undefined;
            if (gone !== undefined) await crm.companies.remove(who, gone);
          }
          assert.equal(new Set(seen).size, seen.length);
          assert.deepEqual(
            seen.filter((id) => staying.includes(id)),
            staying.toReversed(),
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  test("another organization's company is not found and cannot be changed", async () => {
    const { id } = await make();
    await assert.rejects(crm.companies.get({ organizationId: stranger.organizationId }, id), { error: 'not_found' });
    await assert.rejects(crm.companies.update(stranger, id, { name: 'x' }), { error: 'not_found' });
    await assert.rejects(crm.companies.remove(stranger, id), { error: 'not_found' });
    const { db } = crm;
    assert.deepEqual(
      [
        ...(await db.transaction((tx) =>
          crm.companies.hold(tx, { organizationId: stranger.organizationId, workspaceId: null }, [id]),
        )),
      ],
      [],
    );
    assert.deepEqual(
      [
        ...(await db.transaction((tx) =>
          crm.companies.hold(tx, { organizationId: me.organizationId, workspaceId: null }, [id]),
        )),
      ],
      [[id, 'Analytical Engines']],
    );
    assert.equal((await crm.companies.get({ organizationId: me.organizationId }, id)).name, 'Analytical Engines');
    assert.deepEqual(await toldOf(crm, stranger.organizationId), []);
  });

  test('concurrent changes all apply, and their events form a sequence', async () => {
    const { id } = await make();
    const cities = Array.from({ length: 8 }, (_, index) => `city ${index}`);
    await Promise.all(
      cities.flatMap((city, index) => [
        crm.companies.update(me, id, { city }),
        crm.companies.update(me, id, { employee_count: index }),
      ]),
    );
    const last = await crm.companies.get({ organizationId: me.organizationId }, id);
    const told = await toldOf(crm, me.organizationId);
    assert.equal(told.length, 17);
    const fields: Record<string, unknown> = {};
    for (const { data } of told) {
      for (const field of (data['changed'] ?? []) as string[]) {
        assert.notEqual(data[field], fields[field]);
        fields[field] = data[field];
      }
      assert.deepEqual(
        [data['city'], data['employee_count']],
        [fields['city'] ?? null, fields['employee_count'] ?? null],
        'the record as it was after each',
      );
    }
    assert.deepEqual([last.city, last.employee_count], [fields['city'], fields['employee_count']]);
  });

  test('of two concurrent deletions one succeeds, and the company is counted once', async () => {
    const { id } = await make();
    await make();
    const outcomes = await Promise.allSettled([crm.companies.remove(me, id), crm.companies.remove(me, id)]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.equal((await crm.companies.total({ organizationId: me.organizationId }, {})).total, 1);
    assert.equal((await toldOf(crm, me.organizationId)).filter(({ type }) => type === 'company.deleted').length, 1);
  });
});
