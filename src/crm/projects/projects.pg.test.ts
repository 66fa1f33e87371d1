import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { crmScene, toldOf } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { sql } from '../../db/sql.ts';
import type { Editor } from '../records/index.ts';
import { newProject, projectChange, stages } from './project.ts';
import type { Project } from './project.ts';

const never = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22';

describe('projects', () => {
  const scene = crmScene();
  const { clock } = scene;
  let crm: CrmInstallation;
  let me: Editor;
  let stranger: Editor;

  beforeEach(() => {
    ({ crm, me, stranger } = scene);
  });

  const make = (given: object = {}, who = me): Promise<Project> =>
    crm.projects.create(who, newProject.parse({ name: 'Rollout', ...given }));
  const change = (id: string, given: object, who = me): Promise<Project> =>
    crm.projects.update(who, id, projectChange.parse(given));
  const makeCompany = async (name = 'Engines', who = me): Promise<string> =>
    (await crm.companies.create(who, { name })).id;
  const makeContact = async (who = me): Promise<string> => (await crm.contacts.create(who, { first_name: 'Ada' })).id;
  const names = async (filter: Parameters<CrmInstallation['projects']['list']>[1]): Promise<string[]> =>
    (await crm.projects.list({ organizationId: me.organizationId }, filter, { limit: 100 })).map(({ name }) => name);
  const found = async (
    filter: Parameters<CrmInstallation['projects']['page']>[1],
    { limit = 100, offset = 0 } = {},
  ) => {
    const { rows, total, capped } = await crm.projects.page({ organizationId: me.organizationId }, filter, {
      limit,
      offset,
    });
    return { names: rows.map(({ name }) => name), total, capped };
  };
  const detailsOf = async (refused: Promise<unknown>): Promise<object | undefined> =>
    refused.then(
      () => assert.fail('was not refused'),
      (error: unknown) => (error as { details?: object }).details,
    );

  test('a project is created, read, updated and deleted, and each change emits an event with the record', async () => {
    const company = await makeCompany();
    const given = {
      description: 'd',
      stage: 'active',
      company_id: company,
      assigned_to: never,
      assigned_name: 'Grace',
      value: 2_400_000,
      start_date: '2024-02-29',
      end_date: '2024-02-29',
      is_retainer: true,
      renewal_date: '9999-12-31',
      notes: 'n',
      tags: ['b', 'a', 'b'],
    };
    const made = await make({ ...given, company_id: company.toUpperCase() });
    const { id, ...rest } = made;
    assert.deepEqual(rest, {
      ...given,
      name: 'Rollout',
      company_name: 'Engines',
      tags: ['b', 'a'],
      custom_fields: {},
      organization_id: me.organizationId,
      workspace_id: null,
      created_by: me.keyId,
      created_at: new Date(clock.now()),
      updated_at: new Date(clock.now()),
    });
    assert.deepEqual(await crm.projects.get({ organizationId: me.organizationId }, id), made);

    await clock.advance(1_000);
    const changed = await change(id, { stage: 'review', value: null, company_id: company, tags: ['b', 'a'] });
    const expected = { ...made, stage: 'review', value: null, updated_at: new Date(clock.now()) };
    assert.deepEqual(changed, expected);
    assert.deepEqual(await crm.projects.get({ organizationId: me.organizationId }, id), expected);
    await clock.advance(1_000);
    assert.deepEqual(await change(id, { stage: 'review' }), expected, 'nothing changed');
    const other = await makeCompany('Other');
    assert.equal((await change(id, { company_id: other })).company_name, 'Other');
    assert.equal((await change(id, { company_id: null })).company_name, null);

    assert.equal((await found({})).total, 1);
    await crm.projects.remove(me, id);
    await assert.rejects(crm.projects.get({ organizationId: me.organizationId }, id), { error: 'not_found' });
    await assert.rejects(change(id, { name: 'x' }), { error: 'not_found' });
    await assert.rejects(crm.projects.remove(me, id), { error: 'not_found' });
    assert.equal((await found({})).total, 0);

    const told = (await toldOf(crm, me.organizationId)).filter(({ type }) => type.startsWith('project.'));
    assert.deepEqual(
      told.map(({ type, data }) => [type, data['stage'], data['company_name'], data['changed']]),
      [
        ['project.created', 'active', 'Engines', undefined],
        ['project.updated', 'review', 'Engines', ['stage', 'value']],
        ['project.updated', 'review', 'Other', ['company_id', 'company_name']],
        ['project.updated', 'review', null, ['company_id', 'company_name']],
        ['project.deleted', 'review', null, undefined],
      ],
    );
    assert.ok(told.every(({ data }) => (data['actor'] as { id: string }).id === me.keyId));
  });

  test('a new project is by default a proposal and not a retainer', async () => {
    const { stage, is_retainer: isRetainer, tags } = await make();
    assert.deepEqual([stage, isRetainer, tags], ['proposal', false, []]);
  });

  test('invalid values are refused, naming the field', () => {
    const cases: [object, string][] = [
      [{ name: '' }, 'name'],
      [{ stage: 'won' }, 'stage'],
      [{ stage: null }, 'stage'],
      [{ company_id: 'x' }, 'company_id'],
      [{ assigned_to: 'Grace' }, 'assigned_to'],
      [{ value: 12.5 }, 'value'],
      [{ value: '12' }, 'value'],
      [{ start_date: '2025-02-29' }, 'start_date'],
      [{ end_date: '2026-13-01' }, 'end_date'],
      [{ end_date: '2026-01-05T00:00:00Z' }, 'end_date'],
      [{ renewal_date: '0000-01-01' }, 'renewal_date'],
      [{ renewal_date: 'infinity' }, 'renewal_date'],
      [{ is_retainer: 'yes' }, 'is_retainer'],
      [{ is_retainer: null }, 'is_retainer'],
      [{ company_name: 'x' }, 'company_name'],
    ];
    for (const [given, field] of cases) {
      const [issue] = newProject.safeParse({ name: 'x', ...given }).error?.issues ?? [];
      assert.equal(issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0], field, JSON.stringify(given));
    }
  });

  test('end_date is never before start_date, whichever of the two a change gives', async () => {
    assert.deepEqual(await detailsOf(make({ start_date: '2026-02-01', end_date: '2026-01-31' })), {
      end_date: 'must not be before start_date',
    });
    const { id } = await make({ start_date: '2026-02-01', end_date: '2026-02-28' });
    assert.deepEqual(await detailsOf(change(id, { end_date: '2026-01-31' })), {
      end_date: 'must not be before start_date',
    });
    assert.deepEqual(await detailsOf(change(id, { start_date: '2026-03-01' })), {
      start_date: 'must not be after end_date',
    });
    assert.equal((await change(id, { start_date: '2026-03-01', end_date: null })).end_date, null);
    assert.equal((await toldOf(crm, me.organizationId)).length, 2);
  });

  test('custom fields are checked against the definitions for projects', async () => {
    await crm.db.transaction((tx) => crm.customFields.ensureText(tx, me, 'project', ['region']));
    const { id } = await make({ custom_fields: { region: 'EU' } });
    assert.deepEqual((await change(id, { custom_fields: { region: null } })).custom_fields, {});
    assert.deepEqual(Object.keys((await detailsOf(make({ custom_fields: { tier: 'x' } }))) ?? {}), [
      'custom_fields.tier',
    ]);
    assert.deepEqual(Object.keys((await detailsOf(change(id, { custom_fields: { region: 5 } }))) ?? {}), [
      'custom_fields.region',
    ]);
  });

  test('lists are ordered newest first, filter by search, all tags, stage and companies, and are counted', async () => {
    const [one, two] = [await makeCompany('One'), await makeCompany('Two')];
    await make({ name: 'A', company_id: one, tags: ['x', 'y'], stage: 'active' });
    await make({ name: 'B', company_id: two, tags: ['y'], notes: 'Zürich' });
    await make({ name: 'C', stage: 'active', assigned_name: 'Grace' });
    await make({ name: 'Theirs' }, stranger);
    assert.deepEqual(await names({}), ['C', 'B', 'A']);
    assert.deepEqual(await names({ search: 'zürich' }), ['B']);
    assert.deepEqual(await names({ search: 'grace' }), ['C']);
    assert.deepEqual(await names({ tags: ['y'] }), ['B', 'A']);
    assert.deepEqual(await names({ tags: ['y', 'x'] }), ['A']);
    assert.deepEqual(await names({ stage: 'active' }), ['C', 'A']);
    assert.deepEqual(await names({ companyIds: [one] }), ['A']);
    assert.deepEqual(await names({ companyIds: [one, two] }), ['B', 'A']);
    assert.deepEqual(await names({ companyIds: [] }), []);
    assert.deepEqual(await names({ companyIds: [one, two], stage: 'active', tags: ['x'], search: 'a' }), ['A']);
    assert.deepEqual(await found({}, { limit: 1, offset: 1 }), { names: ['B'], total: 3, capped: false });
    assert.deepEqual(await found({ companyIds: [one, two] }), { names: ['B', 'A'], total: 2, capped: false });
    assert.deepEqual(
      (await crm.projects.list({ organizationId: me.organizationId }, {}, { limit: 2 })).map(
        ({ company_name: company }) => company,
      ),
      [null, 'Two'],
    );
  });

  test('projects are found by the current name of their company', async () => {
    const [engines, wheels] = [await makeCompany('Engines & Söhne'), await makeCompany('Wheels')];
    await make({ name: 'A', company_id: engines, stage: 'active' });
    await make({ name: 'B', company_id: engines, tags: ['x'] });
    await make({ name: 'Engines for all', company_id: wheels });
    await make({ name: 'Theirs', company_id: await makeCompany('Engines', stranger) }, stranger);
    await makeCompany('Nobody');
    for (const [filter, expected] of [
      [{ search: 'ENGINES' }, ['Engines for all', 'B', 'A']],
      [{ search: 's & s' }, ['B', 'A']],
      [{ search: 'b engines' }, ['B']],
      [{ search: 'engines all' }, ['Engines for all']],
      [{ search: 'theirs engines' }, []],
      [{ search: 'nobody' }, []],
      [{ search: 'engines', stage: 'active' }, ['A']],
      [{ search: 'engines', tags: ['x'] }, ['B']],
      [{ search: 'engines', companyIds: [engines] }, ['B', 'A']],
      [{ search: 'engines', companyIds: [wheels] }, ['Engines for all']],
    ] as const) {
      assert.deepEqual(await names(filter), expected, JSON.stringify(filter));
      assert.deepEqual(
        await found(filter),
        { names: expected, total: expected.length, capped: false },
        JSON.stringify(filter),
      );
    }
    await crm.companies.update(me, engines, { name: 'Motors' });
    assert.deepEqual(
      [await names({ search: 'engines' }), await names({ search: 'motors' })],
      [['Engines for all'], ['B', 'A']],
    );
    for (let n = 0; n < 201; n += 1) await makeCompany('Fleet');
    assert.deepEqual(await found({ search: 'fleet' }), { names: [], total: 0, capped: true });
  });

  test('paging returns each existing project exactly once, in order, while others are created', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 10 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(2), { maxLength: 6 }),
        async (count, limit, added) => {
          const who = await crm.editor();
          const staying: string[] = [];
          for (let index = 0; index < count; index += 1) staying.push((await make({}, who)).id);
          const seen: string[] = [];
          let cursor: string | undefined;
          for (let page = 0; ; page += 1) {
            const coming = Promise.all(Array.from({ length: added[page] ?? 0 }, () => make({}, who)));
            const rows = await crm.projects.list(
              { organizationId: who.organizationId },
              { stage: 'proposal' },
              { limit, after: cursor === undefined ? undefined : { id: cursor } },
            );
            await coming;
            seen.push(...rows.map(({ id }) => id));
            if (rows.length < limit) break;
            cursor = rows.at(-1)?.id;
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

  test("another organization's project is not found, and its company and contacts cannot be named", async () => {
    const { id } = await make();
    const [theirCompany, theirContact] = [await makeCompany('Theirs', stranger), await makeContact(stranger)];
    await assert.rejects(crm.projects.get({ organizationId: stranger.organizationId }, id), { error: 'not_found' });
    await assert.rejects(change(id, { company_id: theirCompany }, stranger), { error: 'not_found' });
    await assert.rejects(crm.projects.remove(stranger, id), { error: 'not_found' });
    await assert.rejects(crm.projects.addContacts(stranger, id, [theirContact]), { error: 'not_found' });
    await assert.rejects(crm.projects.contacts({ organizationId: stranger.organizationId }, id, { limit: 1 }), {
      error: 'not_found',
    });
    for (const company_id of [theirCompany, never]) {
      assert.deepEqual(await detailsOf(make({ company_id })), { company_id: 'does not exist in this organization' });
      assert.deepEqual(await detailsOf(change(id, { company_id })), {
        company_id: 'does not exist in this organization',
      });
    }
    for (const contact of [theirContact, never]) {
      const mine = await makeContact();
      assert.deepEqual(await detailsOf(crm.projects.addContacts(me, id, [mine, contact])), {
        'contact_ids.1': 'does not exist in this organization',
      });
    }
    assert.deepEqual(await crm.projects.totalContacts(id), { total: 0, capped: false });
    assert.equal((await toldOf(crm, me.organizationId)).filter(({ type }) => type.startsWith('project.')).length, 1);
  });

  test('contacts are added once, listed newest first unless deleted, and removed', async () => {
    const { id } = await make();
    const [a, b, c] = [await makeContact(), await makeContact(), await makeContact()];
    const idsOf = async (): Promise<string[]> =>
      (await crm.projects.contacts({ organizationId: me.organizationId }, id, { limit: 10 })).map(
        (contact) => contact.id,
      );
    await clock.advance(1_000);
    assert.equal((await crm.projects.addContacts(me, id, [b, a, b])).added, 2);
    const { project, added } = await crm.projects.addContacts(me, id, [a, b]);
    assert.deepEqual([added, project.updated_at], [0, new Date(clock.now())]);
    assert.equal((await crm.projects.addContacts(me, id, [c.toUpperCase(), a])).added, 1);
    assert.deepEqual(await idsOf(), [c, b, a]);
    assert.deepEqual(
      (await crm.projects.contacts({ organizationId: me.organizationId }, id, { limit: 1, after: { id: c } })).map(
        (contact) => contact.id,
      ),
      [b],
    );
    await crm.contacts.remove(me, b);
    assert.deepEqual(await idsOf(), [c, a]);
    assert.deepEqual(await crm.projects.totalContacts(id), { total: 2, capped: false });
    assert.deepEqual(await detailsOf(crm.projects.addContacts(me, id, [b])), {
      'contact_ids.0': 'does not exist in this organization',
    });
    await crm.contacts.restore(me, b);
    assert.deepEqual(await idsOf(), [c, b, a]);
    await crm.projects.removeContact(me, id, c);
    await assert.rejects(crm.projects.removeContact(me, id, c), { error: 'not_found' });
    await assert.rejects(crm.projects.removeContact(stranger, id, a), { error: 'not_found' });
    assert.deepEqual(await idsOf(), [b, a]);
    const updates = (await toldOf(crm, me.organizationId))
      .filter(({ type }) => type === 'project.updated')
      .map(({ data }) => data);
    assert.deepEqual(
      updates.map(({ changed, contacts_added, contacts_removed }) => ({
        changed,
        contacts_added: [...(contacts_added as string[])].sort(),
        contacts_removed,
      })),
      [
        { changed: ['contacts'], contacts_added: [a, b], contacts_removed: [] },
        { changed: ['contacts'], contacts_added: [c], contacts_removed: [] },
        { changed: ['contacts'], contacts_added: [], contacts_removed: [c] },
      ],
    );
    await crm.projects.remove(me, id);
    assert.equal((await crm.contacts.get({ organizationId: me.organizationId }, a)).id, a);
  });

  test('concurrent changes all apply, and their events form a sequence', async () => {
    const { id } = await make();
    const companies = await Promise.all(Array.from({ length: 4 }, (_, index) => makeCompany(`Company ${index}`)));
    const contacts = await Promise.all(Array.from({ length: 4 }, () => makeContact()));
    await Promise.all([
      ...companies.map((company_id) => change(id, { company_id })),
      ...companies.map((_, value) => change(id, { value })),
      ...contacts.map((contact, index) =>
        crm.projects.addContacts(me, id, [contact, contacts[(index + 1) % 4] ?? contact]),
      ),
    ]);
    const told = (await toldOf(crm, me.organizationId)).filter(({ type }) => type.startsWith('project.'));
    let before = told[0]?.data ?? assert.fail();
    for (const { data } of told.slice(1)) {
      const changed = data['changed'] as string[];
      for (const field of ['company_id', 'company_name', 'value'])
        assert.equal(JSON.stringify(data[field]) !== JSON.stringify(before[field]), changed.includes(field), field);
      before = data;
    }
    const last = await crm.projects.get({ organizationId: me.organizationId }, id);
    assert.deepEqual(
      [last.company_id, last.company_name, last.value],
      [before['company_id'], before['company_name'], before['value']],
    );
    assert.equal((await crm.projects.contacts({ organizationId: me.organizationId }, id, { limit: 10 })).length, 4);
  });

  describe('deleting a company', () => {
    test('removes its contacts and projects from it, each with an event before company.deleted', async () => {
      const [company, other] = [await makeCompany(), await makeCompany('Other')];
      const [p, q] = [await make({ company_id: company }), await make({ company_id: other })];
      const contact = await crm.contacts.create(me, { first_name: 'Ada', company_id: company });
      await clock.advance(1_000);
      await crm.companies.remove(me, company);
      assert.deepEqual(await crm.projects.get({ organizationId: me.organizationId }, p.id), {
        ...p,
        company_id: null,
        company_name: null,
        updated_at: new Date(clock.now()),
      });
      assert.deepEqual(await crm.projects.get({ organizationId: me.organizationId }, q.id), q);
      assert.equal((await crm.contacts.get({ organizationId: me.organizationId }, contact.id)).company_id, null);
      const told = (await toldOf(crm, me.organizationId)).slice(-3);
      assert.deepEqual(
        told.map(({ type, data }) => [type, data['id'], data['company_id']]),
        [
          ['contact.updated', contact.id, null],
          ['project.updated', p.id, null],
          ['company.deleted', company, undefined],
        ],
      );
    });

    test('succeeds with 1,000 contacts and projects, and with more is refused without a change', async () => {
      const company = await makeCompany();
      await make({ company_id: company });
      await crm.db.execute(sql`
        INSERT INTO projects (id, organization_id, name, stage, company_id, is_retainer, tags, custom_fields, created_at, updated_at, search)
        SELECT gen_random_uuid(), ${me.organizationId}, 'x', 'active', ${company}, false, '{}', '{}', now(), now(), '' FROM generate_series(1, 999)`);
      const contact = await crm.contacts.create(me, { first_name: 'Ada', company_id: company });
      await assert.rejects(crm.companies.remove(me, company), {
        error: 'conflict',
        message: /1,000 contacts and projects/,
      });
      assert.equal((await crm.companies.get({ organizationId: me.organizationId }, company)).id, company);
      assert.equal((await crm.contacts.get({ organizationId: me.organizationId }, contact.id)).company_id, company);
      const before = (await toldOf(crm, me.organizationId)).length;
      await crm.contacts.update(me, contact.id, { company_id: null });
      await crm.companies.remove(me, company);
      assert.equal((await toldOf(crm, me.organizationId)).length, before + 1 + 1_000 + 1);
    });

    test('leaves no record with its id while records are being assigned to it, and never deadlocks', async () => {
      for (let round = 0; round < 10; round += 1) {
        const [company, other] = [await makeCompany(), await makeCompany('Other')];
        const projects = await Promise.all([make({ company_id: company }), make(), make({ company_id: other })]);
        const contacts = await Promise.all(
          [undefined, company].map((company_id) => crm.contacts.create(me, { first_name: 'Ada', company_id })),
        );
        const outcomes = await Promise.allSettled([
          ...projects.map(({ id }) => change(id, { company_id: company })),
          crm.companies.remove(me, company),
          make({ company_id: company }),
          ...contacts.map(({ id }) => crm.contacts.update(me, id, { company_id: company })),
          change(projects[0].id, { company_id: other }),
        ]);
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected')
            assert.deepEqual((outcome.reason as { details?: object }).details, {
              company_id: 'does not exist in this organization',
            });
        }
        assert.deepEqual(await names({ companyIds: [company] }), []);
        await assert.rejects(crm.companies.get({ organizationId: me.organizationId }, company), { error: 'not_found' });
      }
      await toldOf(crm, me.organizationId);
    });
  });

  test('every stage is accepted', async () => {
    for (const stage of stages) assert.equal((await make({ stage })).stage, stage);
  });
});
