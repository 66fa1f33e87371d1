import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { crmScene } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { sql } from '../../db/sql.ts';
import type { Editor } from '../records/index.ts';
import type { ContactFilter } from './search.ts';

/** The search by the name of a contact's company. */
describe('searching contacts by the name of their company', () => {
  const scene = crmScene();
  let crm: CrmInstallation;
  let me: Editor;
  beforeEach(() => {
    ({ crm, me } = scene);
  });

  const company = async (name: string, given: object = {}, who = me): Promise<string> =>
    (await crm.companies.create(who, { name, ...given })).id;
  const contact = async (name: string, given: object = {}, who = me): Promise<string> =>
    (await crm.contacts.create(who, { first_name: name, ...given })).id;
  const found = async (filter: ContactFilter, { limit = 25, offset = 0, who = me } = {}) => {
    const { rows, total, capped } = await crm.contacts.page({ organizationId: who.organizationId }, filter, {
      limit,
      offset,
    });
    return { names: rows.map(({ first_name: name }) => name), total, capped };
  };
  const names = async (filter: ContactFilter | string, who = me): Promise<(string | null)[]> =>
    (await found(typeof filter === 'string' ? { search: filter } : filter, { who })).names;

  test('a contact is found by any part of the company name in any case, and by no other field of the company', async () => {
    const engines = await company('Ångström & Söhne 100%', {
      domain: 'domain.example',
      city: 'Zürich',
      industry: 'Computing',
    });
    await contact('Ada', { company_id: engines });
    await contact('Bob', { company_id: await company('under_score') });
    await contact('Cleo', { company_name: 'Söhne as text' });
    await contact('Sohne');
    assert.deepEqual(await names('SÖHNE'), ['Sohne', 'Cleo', 'Ada']);
    assert.deepEqual(await names(' s & Angstrom '), ['Ada']);
    assert.deepEqual(await names('100%'), ['Ada']);
    assert.deepEqual(await names('%'), ['Ada']);
    assert.deepEqual(await names('r_s'), ['Bob']);
    assert.deepEqual(await names('ng'), ['Ada']);
    for (const elsewhere of ['domain.example', 'zürich', 'computing', 'söhne domain'])
      assert.deepEqual(await names(elsewhere), [], elsewhere);
  });

  test('a search matches some words in the contact and the others in its company name, in any order', async () => {
    const engines = await company('Ángström Engines Ltd');
    const wheels = await company('Wheels Ltd');
    await contact('Ada', { last_name: 'Byron', company_id: engines, tags: ['x'] });
    await contact('Ada', { last_name: 'King', company_id: wheels });
    await contact('Bob', { company_id: engines, job_title: 'Engines' });
    await contact('Ada Engines');
    await contact('Ada', { last_name: 'Alone' });
    await contact('Cleo', { company_id: await company('Ada Works') });
    const both = ['Ada Engines', 'Ada'];
    for (const text of ['ada engines', 'Engines ADA', 'ada engin'])
      assert.deepEqual(await found({ search: text }), { names: both, total: 2, capped: false }, text);
    for (const [text, expected] of [
      ['ada angstrom', ['Ada']],
      ['byron ltd engines', ['Ada']],
      ['ada ltd', ['Ada', 'Ada']],
      ['bob engines ltd', ['Bob']],
      ['engines bob', ['Bob']],
      ['ada wheels engines', []],
      ['bob wheels', []],
      ['ad lt', ['Ada', 'Ada']],
      ['%ltd ada', []],
    ] as const)
      assert.deepEqual(await names(text), expected, text);
    assert.deepEqual(await names({ search: 'ada engines', tags: ['x'] }), ['Ada']);
    assert.deepEqual(await names({ search: 'ada engines', companyIds: [engines] }), ['Ada']);
    assert.deepEqual(await names({ search: 'ada engines', companyIds: [wheels] }), []);
    assert.deepEqual(await names({ search: 'ada engines', status: 'bounced' }), []);
    const pages = await Promise.all([0, 1, 2].map((offset) => found({ search: 'ada engines' }, { limit: 1, offset })));
    assert.deepEqual(
      pages.map(({ names: page }) => page),
      [['Ada Engines'], ['Ada'], []],
    );
    const { organizationId: organization } = me;
    const [first] = await crm.contacts.list({ organizationId: organization }, { search: 'ada engines' }, { limit: 1 });
    const rest = await crm.contacts.list(
      { organizationId: organization },
      { search: 'ada engines' },
      { limit: 5, before: first?.id ?? assert.fail() },
    );
    assert.deepEqual(
      rest.map(({ last_name: name }) => name),
      ['Byron'],
    );
  });

  test('renaming, changing or deleting the company changes the results immediately', async () => {
    const engines = await company('Engines');
    const ada = await contact('Ada', { company_id: engines });
    await crm.companies.update(me, engines, { name: 'Motors' });
    assert.deepEqual([await names('engines'), await names('motors')], [[], ['Ada']]);
    await crm.contacts.update(me, ada, { company_id: await company('Wheels') });
    assert.deepEqual([await names('motors'), await names('wheels')], [[], ['Ada']]);
    await crm.contacts.update(me, ada, { company_id: engines });
    await crm.companies.remove(me, engines);
    assert.deepEqual(await names('motors'), ['Ada'], 'the name is its own text from then on');
  });

  test('companies and contacts of another organization are never found', async () => {
    const stranger = await crm.editor();
    await contact('Theirs', { company_id: await company('Engines', {}, stranger) }, stranger);
    await contact('Mine');
    await company('Engines');
    assert.deepEqual([await names('engines'), await names('engines', stranger)], [[], ['Theirs']]);
  });

  test('the search combines with every other filter, including deleted contacts', async () => {
    const [engines, motors] = [await company('Engines One'), await company('Engines Two')];
    const other = await company('Wheels');
    await contact('Ada', { company_id: engines, tags: ['x'] });
    await contact('Bob', { company_id: motors, tags: ['x', 'y'], status: 'bounced' });
    await contact('Engines as a name', { company_id: other });
    const gone = await contact('Gone', { company_id: engines });
    await crm.contacts.remove(me, gone);
    const search = 'engines';
    for (const [filter, expected] of [
      [{}, ['Engines as a name', 'Bob', 'Ada']],
      [{ tags: ['x'] }, ['Bob', 'Ada']],
      [{ tags: ['x', 'y'] }, ['Bob']],
      [{ status: 'bounced' }, ['Bob']],
      [{ companyIds: [engines] }, ['Ada']],
      [{ companyIds: [engines, motors] }, ['Bob', 'Ada']],
      [{ companyIds: [engines, other] }, ['Engines as a name', 'Ada']],
      [{ companyIds: [other] }, ['Engines as a name']],
      [{ companyIds: [] }, []],
      [{ companyIds: [engines], tags: ['y'] }, []],
      [{ sourceIds: [other] }, []],
      [{ deleted: true }, ['Gone']],
    ] as const) {
      assert.deepEqual(
        await found({ search, ...filter }),
        { names: expected, total: expected.length, capped: false },
        JSON.stringify(filter),
      );
    }
  });

  describe('among many', () => {
    const nameOf = (n: number): string => `n${n}`;
    /** The ids of this test's rows begin with it and end with their number. */
    const ids = (): string => `0199c9f1-${String(fills).padStart(4, '0')}-7d02-8f11-`;
    let fills = 0;
    let engines: string;
    let wheels: string;
    /** 12,000 contacts, the oldest 1,200 of them of one company; its name is also the text of one of these and of one other. */
    beforeEach(async () => {
      fills += 1;
      [engines, wheels] = [await company('Engines'), await company('Wheels')];
      await crm.db.execute(sql`
        INSERT INTO contacts (id, organization_id, first_name, company_id, tags, status, custom_fields, created_at, updated_at, search)
        SELECT (${ids()} || lpad(to_hex(n), 12, '0'))::uuid, ${me.organizationId}, 'n' || n, CASE WHEN n <= 1200 THEN ${engines}::uuid WHEN n % 10 = 0 THEN ${wheels}::uuid END,
          CASE WHEN n % 2 = 0 THEN '{even}'::text[] ELSE '{}' END, CASE WHEN n % 100 = 7 THEN 'bounced' ELSE 'active' END, '{}', now(), now(),
          'n' || n || CASE WHEN n IN (500, 1300) THEN ' engines' ELSE '' END
        FROM generate_series(1, 12000) AS n`);
    });

    const down = (from: number, to: number, by = 1): string[] =>
      Array.from({ length: Math.floor((from - to) / by) + 1 }, (_, index) => nameOf(from - index * by));
    const all = [nameOf(1300), ...down(1200, 1)];

    test('pages contain each contact once, newest first, and count no further than necessary', async () => {
      assert.deepEqual(await found({ search: 'engines' }), { names: all.slice(0, 25), total: 1_002, capped: true });
      assert.deepEqual(await found({ search: 'engines' }, { limit: 100, offset: 1_100 }), {
        names: all.slice(1_100, 1_200),
        total: 1_201,
        capped: false,
      });
      assert.deepEqual(await found({ search: 'engines' }, { limit: 100, offset: 1_200 }), {
        names: all.slice(1_200),
        total: 1_201,
        capped: false,
      });
      assert.deepEqual(await found({ search: 'engines', tags: ['even'] }, { limit: 3 }), {
        names: ['n1300', 'n1200', 'n1198'],
        total: 502,
        capped: true,
      });
      assert.deepEqual(await found({ search: 'engines', status: 'bounced' }, { limit: 3 }), {
        names: down(1107, 907, 100),
        total: 12,
        capped: false,
      });
      assert.deepEqual(await found({ search: 'engines', companyIds: [engines] }, { limit: 2 }), {
        names: ['n1200', 'n1199'],
        total: 1_200,
        capped: false,
      });
      assert.deepEqual(await found({ search: 'engines', companyIds: [engines, wheels] }, { limit: 2 }), {
        names: ['n1300', 'n1200'],
        total: 1_002,
        capped: true,
      });
      assert.deepEqual(await found({ search: 'wheels' }, { limit: 3 }), {
        names: down(12_000, 11_980, 10),
        total: 1_001,
        capped: true,
      });
      assert.deepEqual(await found({ search: 'nobody' }), { names: [], total: 0, capped: false });
    });

    test('no contact is missed on a late page when the newest contacts have the tag and those of the companies rarely do', async () => {
      const { db } = crm;
      const [large, small] = [await company('Fleet One'), await company('Fleet Two')];
      await db.execute(sql`
        UPDATE contacts SET company_id = CASE WHEN number > 200 THEN ${large}::uuid ELSE ${small}::uuid END,
          tags = CASE WHEN number IN (210, 1150) OR number <= 200 THEN '{fresh}'::text[] ELSE '{}' END
        FROM (SELECT id AS of, substr(first_name, 2)::int AS number FROM contacts WHERE organization_id = ${me.organizationId}) AS numbered
        WHERE id = of AND number <= 1200`);
      await db.execute(
        sql`UPDATE contacts SET tags = '{fresh}' WHERE organization_id = ${me.organizationId} AND substr(first_name, 2)::int > 6000`,
      );
      const filter = { search: 'fleet', tags: ['fresh'] };
      const expected = ['n1150', 'n210', ...down(200, 1)];
      assert.deepEqual(await found(filter, { limit: 1 }), { names: ['n1150'], total: 201, capped: true });
      assert.deepEqual(await found(filter, { limit: 25 }), { names: expected.slice(0, 25), total: 202, capped: false });
      assert.deepEqual(await found(filter, { limit: 25, offset: 190 }), {
        names: expected.slice(190),
        total: 202,
        capped: false,
      });
      const older = (await crm.contacts.list({ organizationId: me.organizationId }, filter, { limit: 1 })).at(0)?.id;
      assert.deepEqual(
        (await crm.contacts.list({ organizationId: me.organizationId }, filter, { limit: 2, before: older })).map(
          ({ first_name: name }) => name,
        ),
        expected.slice(1, 3),
      );
    });

    test('lists by cursor return each contact once, to the end', async () => {
      for (const [filter, expected] of [
        [{ search: 'engines' }, all],
        [{ search: 'engines', status: 'bounced' }, down(1107, 7, 100)],
        [{ search: 'wheels' }, down(12_000, 1_210, 10)],
      ] as const) {
        const seen: (string | null)[] = [];
        for (let before: string | undefined; ;) {
          const page = await crm.contacts.list({ organizationId: me.organizationId }, filter, { limit: 90, before });
          seen.push(...page.map(({ first_name: name }) => name));
          before = page.at(-1)?.id;
          if (before === undefined) break;
        }
        assert.deepEqual(seen, expected, JSON.stringify(filter));
      }
    });

    test('text without three letters in a row is found by reading contacts one by one, however old they are', async () => {
      assert.deepEqual(await found({ search: 'ee' }, { limit: 2 }), {
        names: ['n12000', 'n11990'],
        total: 200,
        capped: true,
      });
      assert.deepEqual(await found({ search: 'gi' }, { limit: 2 }), {
        names: all.slice(0, 2),
        total: all.length,
        capped: false,
      });
      assert.deepEqual(await found({ search: 'gi', tags: ['even'] }, { limit: 2 }), {
        names: ['n1300', 'n1200'],
        total: 601,
        capped: false,
      });
    });

    test('with more than 200 matching companies the newest are used, and the total is capped', async () => {
      await crm.db.execute(sql`
        INSERT INTO companies (id, organization_id, name, tags, custom_fields, created_at, updated_at, search)
        SELECT (${ids()} || lpad(to_hex(n), 12, '0'))::uuid, ${me.organizationId}, 'Fleet ' || n, '{}', '{}', now(), now(), 'fleet ' || n
        FROM generate_series(1, 201) AS n`);
      // Each of the oldest contacts belongs to the company with its number.
      await crm.db.execute(
        sql`UPDATE contacts SET company_id = id WHERE organization_id = ${me.organizationId} AND substr(first_name, 2)::int <= 201`,
      );
      assert.deepEqual(await found({ search: 'fleet' }, { limit: 2 }), {
        names: ['n201', 'n200'],
        total: 200,
        capped: true,
      });
      assert.deepEqual(await found({ search: 'fleet' }, { limit: 25, offset: 190 }), {
        names: down(11, 2),
        total: 200,
        capped: true,
      });
      const [{ id: oldest } = { id: '' }] = await crm.companies.list(
        { organizationId: me.organizationId },
        { search: 'fleet' },
        { limit: 1, offset: 200 },
      );
      assert.deepEqual(await names({ search: 'fleet', companyIds: [oldest] }), ['n1'], 'not when the company is named');
    });
  });
});
