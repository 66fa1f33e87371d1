import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { crmScene, toldOf } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { dayMs } from '../../base/clock.ts';
import { ApiError } from '../../base/errors.ts';
import type { WorkspaceId } from '../../base/ids.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { Company } from '../companies/index.ts';
import { newCompany } from '../companies/index.ts';
import type { Editor } from '../records/index.ts';
import { createMerges } from './index.ts';

type State = Readonly<Record<string, unknown>>;

describe('merges of companies', () => {
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
  const merge = async (into: { id: string }, from: { id: string }, who = me) =>
    (await crm.merges.merge('company', who, into.id, from.id)).mergeId;

  /** Companies, and what belongs to them, without the times of changes. */
  async function stateOf({ organizationId }: Editor): Promise<State> {
    const [row] = await crm.db.query(sql<State>`
      SELECT (SELECT jsonb_agg(to_jsonb(c) - 'updated_at' ORDER BY id) FROM companies c WHERE organization_id = ${organizationId}) AS companies,
        (SELECT jsonb_agg(to_jsonb(c) - 'updated_at' ORDER BY id) FROM contacts c WHERE organization_id = ${organizationId}) AS contacts,
        (SELECT jsonb_agg(to_jsonb(p) - 'updated_at' ORDER BY id) FROM projects p WHERE organization_id = ${organizationId}) AS projects,
        (SELECT jsonb_agg(to_jsonb(a) - 'updated_at' ORDER BY id) FROM activities a WHERE organization_id = ${organizationId}) AS activities,
        (SELECT sum(count)::int FROM record_counts WHERE organization_id = ${organizationId} AND entity = 'company') AS count,
        (SELECT count(*) FROM merge_pieces p JOIN merges m ON m.id = p.merge_id WHERE m.organization_id = ${organizationId}) AS pieces`);
    return row ?? assert.fail();
  }

  test('the surviving company takes what it lacks and what belonged to the other, and one event says so', async () => {
    const into = await make({ name: 'Engines', tags: ['b'], custom_fields: {}, city: 'London' });
    const from = await make({ domain: 'lovelace.example', phone: '1', city: 'Paris', tags: ['a', 'b'] });
    const ada = await crm.contacts.create(me, { email: 'ada@lovelace.example', company_id: from.id });
    const gone = await crm.contacts.create(me, { email: 'gone@lovelace.example', company_id: from.id });
    await crm.contacts.remove(me, gone.id);
    const project = await crm.projects.create(me, { name: 'Rollout', company_id: from.id });
    const call = await crm.activities.create(me, { activity_type: 'note', company_id: from.id, metadata: {} });
    await clock.advance(1_000);

    const before = (await toldOf(crm, me.organizationId)).length;
    const mergeId = await merge(into, from);
    const told = (await toldOf(crm, me.organizationId)).slice(before);
    const merged = await crm.companies.get(me, into.id);
    assert.deepEqual(
      [merged.name, merged.domain, merged.phone, merged.city, merged.tags],
      ['Engines', 'lovelace.example', '1', 'London', ['b', 'a']],
    );
    const moved = { contacts: 2, projects: 1, activities: 1, leads: 0 };
    assert.deepEqual(
      told.map(({ type, data }) => [
        type,
        data['id'],
        data['from_id'],
        data['merge_id'],
        data['changed'],
        data['moved'],
      ]),
      [['company.merged', into.id, from.id, mergeId, ['domain', 'phone', 'tags'], moved]],
    );
    await assert.rejects(crm.companies.get(me, from.id), {
      error: 'not_found',
      data: { resource: 'Company', members: { merged_into: into.id } },
    });
    const contact = await crm.contacts.get(me, ada.id);
    assert.deepEqual([contact.company_id, contact.company_name], [into.id, 'Engines']);
    assert.equal(contact.updated_at.getTime(), clock.now(), 'a sync by updated_since sees it');
    assert.equal((await crm.contacts.restore(me, gone.id)).company_id, into.id);
    assert.equal((await crm.projects.get(me, project.id)).company_id, into.id);
    assert.equal((await crm.activities.get(me, call.id)).company_id, into.id);
    assert.equal((await crm.companies.total({ organizationId: me.organizationId }, {})).total, 1);
    const shown = await crm.merges.get(me, mergeId);
    assert.equal((shown.from as Company).name, 'Analytical Engines');
  });

  test('an undo gives back what still belongs to it, and keeps what was changed since', async () => {
    const into = await make({ name: 'Engines' });
    const from = await make({ phone: '1', city: 'Paris', tags: ['a', 'b'] });
    const stays = await crm.contacts.create(me, { email: 'stays@lovelace.example', company_id: from.id });
    const leaves = await crm.contacts.create(me, { email: 'leaves@lovelace.example', company_id: from.id });
    const mergeId = await merge(into, from);
    await crm.companies.update(me, into.id, { phone: '2', name: 'Engines & Co', tags: ['b', 'c'] });
    await crm.contacts.update(me, leaves.id, { company_id: null });
    const since = await crm.contacts.create(me, { email: 'since@lovelace.example', company_id: into.id });
    const before = (await toldOf(crm, me.organizationId)).length;
    await clock.advance(1_000);
    await crm.merges.undo(me, mergeId);

    const survivor = await crm.companies.get(me, into.id);
    assert.deepEqual([survivor.name, survivor.phone, survivor.city, survivor.tags], ['Engines & Co', '2', null, ['c']]);
    const back = await crm.companies.get(me, from.id);
    assert.deepEqual({ ...back, updated_at: from.updated_at }, from);
    assert.equal((await crm.contacts.get(me, stays.id)).company_id, from.id);
    assert.equal((await crm.contacts.get(me, leaves.id)).company_id, null);
    assert.equal((await crm.contacts.get(me, since.id)).company_id, into.id);
    const told = (await toldOf(crm, me.organizationId)).slice(before);
    assert.deepEqual(
      told.map(({ type, data }) => [type, data['id'], data['from_id'], data['changed']]),
      [['company.unmerged', into.id, from.id, ['city', 'tags']]],
    );
    const [{ data } = assert.fail()] = told;
    assert.equal((data['from'] as Company).city, 'Paris');
    assert.deepEqual((await stateOf(me))['pieces'], 0, 'what the undo needed is forgotten');
    await assert.rejects(crm.merges.undo(me, mergeId), { error: 'conflict', message: /already undone/ });
  });

  test('a merge that cannot be made or undone is refused, and changes nothing', async () => {
    const [a, b, c] = [await make({ name: 'A' }), await make({ name: 'B' }), await make({ name: 'C' })];
    const theirs = await make({}, stranger);
    const workspaceId = crm.ids.next<WorkspaceId>();
    await crm.db.execute(
      sql`INSERT INTO workspaces (id, organization_id, name, created_at, updated_at) VALUES (${workspaceId}, ${me.organizationId}, 'Client', now(), now())`,
    );
    const inWorkspace = { ...me, workspaceId };
    const elsewhere = await make({}, inWorkspace);
    const tagged = await make({ tags: Array.from({ length: 60 }, (_, at) => `one-${at}`) });
    const more = await make({ tags: Array.from({ length: 60 }, (_, at) => `two-${at}`) });
    const before = await stateOf(me);
    const refused = (into: string, from: string, reason: RegExp, who = me) =>
      assert.rejects(
        crm.merges.merge('company', who, into, from),
        (error) => error instanceof ApiError && reason.test(`${error.error} ${error.message}`),
        `${reason}`,
      );
    const never = crm.ids.next<string>();
    await refused(a.id, a.id, /validation_failed .*from_id: must be another company/);
    await refused(a.id, never, /from_id: does not exist in this organization/);
    await refused(never, a.id, /not_found/);
    await refused(a.id, theirs.id, /from_id: does not exist/);
    await refused(theirs.id, a.id, /not_found/);
    await refused(a.id, elsewhere.id, /from_id: belongs to another workspace/);
    await refused(elsewhere.id, a.id, /from_id: does not exist in this workspace/, inWorkspace);
    await refused(a.id, elsewhere.id, /not_found/, inWorkspace);
    await refused(tagged.id, more.id, /more than 100 tags/);
    assert.deepEqual(await stateOf(me), before);

    const first = await merge(a, b);
    await refused(a.id, b.id, new RegExp(`from_id: was merged into ${a.id}`));
    await refused(b.id, c.id, /not_found/);
    await assert.rejects(crm.merges.undo(stranger, first), { error: 'not_found' });
    await assert.rejects(crm.merges.undo(inWorkspace, first), { error: 'not_found' });
    const second = await merge(a, c);
    await assert.rejects(crm.merges.undo(me, first), {
      error: 'conflict',
      message: new RegExp(`merge ${second} first`),
    });
    const third = await merge(tagged, a);
    await assert.rejects(crm.merges.undo(me, second), {
      error: 'conflict',
      message: new RegExp(`merge ${third} first`),
    });
    await assert.rejects(crm.companies.get(me, b.id), {
      data: { resource: 'Company', members: { merged_into: tagged.id } },
    });
    for (const id of [third, second, first]) await crm.merges.undo(me, id);
    assert.deepEqual(await stateOf(me), before);

    const last = await merge(a, b);
    await crm.companies.remove(me, a.id);
    await assert.rejects(crm.merges.undo(me, last), {
      error: 'conflict',
      message: /was deleted\. It cannot be restored/,
    });
  });

  test('merging and undoing gives back the same state, for any companies with anything that belongs to them', async () => {
    const text = fc.option(fc.constantFrom('x', 'y'), { nil: null });
    const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
    const company = fc.record({ phone: text, city: text, notes: text, industry: text, tags });
    const belonging = fc.array(
      fc.record({ kind: fc.constantFrom('contact', 'deleted', 'project', 'activity'), of: fc.nat(2) }),
      { maxLength: 6 },
    );
    let addresses = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(company, { minLength: 3, maxLength: 3 }), belonging, async (given, records) => {
        const who = await crm.editor();
        const companies: Company[] = [];
        for (const each of given) companies.push(await make(each, who));
        for (const { kind, of } of records) {
          const link = { company_id: companies[of]?.id ?? null };
          addresses += 1;
          if (kind === 'project') await crm.projects.create(who, { name: 'P', ...link });
          else if (kind === 'activity')
            await crm.activities.create(who, { activity_type: 'note', metadata: {}, ...link });
          else {
            const contact = await crm.contacts.create(who, { email: `p${addresses}@lovelace.example`, ...link });
            if (kind === 'deleted') await crm.contacts.remove(who, contact.id);
          }
        }
        const [a, b, c] = companies;
        assert.ok(a && b && c);
        const before = await stateOf(who);
        const first = await merge(a, b, who);
        const second = await merge(c, a, who);
        assert.equal((await crm.companies.total({ organizationId: who.organizationId }, {})).total, 1);
        await crm.merges.undo(who, second);
        await crm.merges.undo(who, first);
        assert.deepEqual(await stateOf(who), before);
      }),
      { numRuns: 10 },
    );
  });

  test('concurrent merges of overlapping pairs lose no record and do not fail for an internal reason', async () => {
    const pair = fc.tuple(fc.nat(3), fc.nat(3));
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 2, maxLength: 6 }), async (pairs) => {
        const who = await crm.editor();
        const companies = await Promise.all(['A', 'B', 'C', 'D'].map((name) => make({ name, tags: [name] }, who)));
        const contacts = await Promise.all(
          companies.map(({ id }, at) => crm.contacts.create(who, { email: `c${at}@lovelace.example`, company_id: id })),
        );
        const before = await stateOf(who);
        const done = await Promise.allSettled(
          pairs.map(([into, from]) => merge(companies[into] ?? assert.fail(), companies[from] ?? assert.fail(), who)),
        );
        const failures = done.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
        for (const failure of failures)
          assert.ok(
            failure instanceof ApiError && ['not_found', 'validation_failed'].includes(failure.error),
            `${String(failure)}`,
          );
        const merged = done.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
        const left = await crm.companies.byIds(
          crm.db,
          who,
          companies.map(({ id }) => id),
        );
        assert.equal(left.length, companies.length - merged.length);
        assert.deepEqual(left.flatMap(({ tags }) => tags).sort(), ['A', 'B', 'C', 'D'], 'each tag is on one survivor');
        const now = await crm.contacts.byIds(
          crm.db,
          who,
          contacts.map(({ id }) => id),
        );
        assert.ok(now.every(({ company_id: id }) => left.some((company) => company.id === id)));
        for (const { id } of await crm.merges.list(who, { entities: ['company'], undone: false }, { limit: 100 }))
          await crm.merges.undo(who, id);
        assert.deepEqual(await stateOf(who), before);
      }),
      { numRuns: 8 },
    );
  });

  test('a merge and its undo need as many statements for many contacts as for one', async () => {
    async function statementsFor(count: number): Promise<number[]> {
      const [into, from] = [await make(), await make()];
      await crm.db.execute(sql`
        INSERT INTO contacts (id, organization_id, email, email_key, company_id, tags, status, custom_fields, created_at, updated_at, search)
        SELECT gen_random_uuid(), ${me.organizationId}, e, e, ${from.id}, '{}', 'active', '{}', now(), now(), chr(31)
        FROM (SELECT 'many' || n || ${`-${count}@lovelace.example`} AS e FROM generate_series(1, ${count}::int) AS n) AS emails`);
      let statements = 0;
      const counting = (tx: Transaction): Transaction => ({
        ...tx,
        query(statement) {
          statements += 1;
          return tx.query(statement);
        },
        execute(statement) {
          statements += 1;
          return tx.execute(statement);
        },
      });
      const merges = createMerges({
        ...crm,
        clock,
        emitAll: crm.events.emitAll,
        db: Object.assign(Object.create(crm.db) as Database, {
          transaction: <T>(work: (tx: Transaction) => Promise<T>) => crm.db.transaction((tx) => work(counting(tx))),
        }),
      });
      const { mergeId } = await merges.merge('company', me, into.id, from.id);
      const merging = statements;
      assert.equal((await merges.get(me, mergeId)).moved['contacts'], count);
      await merges.undo(me, mergeId);
      return [merging, statements - merging];
    }
    const one = await statementsFor(1);
    assert.ok(
      one.every((count) => count > 0),
      'statements are counted',
    );
    assert.deepEqual(await statementsFor(3_000), one);
  });

  test('a merge can be undone for 30 days; then only ids and times are left', async () => {
    const [a, b] = [await make({ name: 'A' }), await make({ name: 'B', notes: 'secret' })];
    await crm.contacts.create(me, { email: 'ada@lovelace.example', company_id: b.id });
    const id = await merge(a, b);
    await clock.leap(30 * dayMs);
    await assert.rejects(crm.merges.undo(me, id), { error: 'conflict', message: /can no longer be undone/ });
    await crm.merges.expire(clock.now());
    await assert.rejects(crm.merges.undo(me, id), { error: 'conflict', message: /can no longer be undone/ });
    const [row] = await crm.db.query(sql<State>`SELECT to_jsonb(m) AS row FROM merges m WHERE id = ${id}`);
    assert.doesNotMatch(JSON.stringify(row), /secret/);
    assert.equal((await stateOf(me))['pieces'], 0);
    assert.equal((await crm.merges.get(me, id)).from, null);
    await assert.rejects(crm.companies.get(me, b.id), {
      data: { resource: 'Company', members: { merged_into: a.id } },
    });
  });
});
