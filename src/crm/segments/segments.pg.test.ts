import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { crmScene, toldOf } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import type { WorkspaceId } from '../../base/ids.ts';
import { own } from '../../base/own.ts';
import { sorts } from '../../db/in-order.ts';
import type { Position, Sort } from '../../db/in-order.ts';
import { sql } from '../../db/sql.ts';
import type { Editor } from '../records/index.ts';
import type { Filter } from './selecting.ts';

type Held = string | number | boolean | null | string[];
type Row = Readonly<Record<string, Held>>;

/** Evaluates a filter on a record as the API shows it, plus what filters derive: an oracle apart from the SQL. */
function matches(row: Row, filter: Filter): boolean {
  if ('and' in filter) return (filter['and'] as Filter[]).every((each) => matches(row, each));
  if ('or' in filter) return (filter['or'] as Filter[]).some((each) => matches(row, each));
  if ('not' in filter) return !matches(row, filter['not'] as Filter);
  const { field, op, value } = filter as { field: string; op: string; value?: unknown };
  const held = own(row, field) ?? null;
  const lower = (text: unknown): string => (typeof text === 'string' ? text.toLowerCase() : '');
  const equal = (wanted: unknown): boolean => (Array.isArray(held) ? held.includes(wanted as string) : held === wanted);
  switch (op) {
    case 'eq':
      return equal(value);
    case 'ne':
      return !equal(value);
    case 'in':
      return (value as unknown[]).some(equal);
    case 'not_in':
      return !(value as unknown[]).some(equal);
    case 'exists':
      return (Array.isArray(held) ? held.length > 0 : held !== null) === value;
    case 'contains':
      return Array.isArray(held) ? held.includes(value as string) : held !== null && lower(held).includes(lower(value));
    case 'starts_with':
      return Array.isArray(held)
        ? held.some((each) => lower(each).startsWith(lower(value)))
        : held !== null && lower(held).startsWith(lower(value));
    default: {
      if (held === null) return false;
      const [a, b] = [held as string, value as string];
      return op === 'gt' ? a > b : op === 'gte' ? a >= b : op === 'lt' ? a < b : a <= b;
    }
  }
}

const texts = ['', 'a', 'A', 'ab', 'x%y', "O'B", 'Æ'];
const tags = ['vip', 'press', 'VIP'];
const days = ['2025-01-01T00:00:00.000Z', '2025-02-01T00:00:00.000Z', '2025-03-01T12:30:00.000Z'];
const numbers = [0, 1, 2.5, 40];

/** Fields that the model compares: its values and operators. */
const modelled: readonly (readonly [
  field: string,
  values: readonly (string | number | boolean)[],
  ops: readonly string[],
])[] = [
  ...['city', 'company.industry', 'custom.code', 'company_name'].map(
    (field) => [field, texts.slice(1), ['contains', 'starts_with']] as const,
  ),
  ['status', ['active', 'replied'], []],
  ...['tags', 'company.tags'].map((field) => [field, tags, ['contains', 'starts_with']] as const),
  ['lawful_basis_at', days, ['gt', 'gte', 'lt', 'lte']],
  ['last_activity_at', days, ['gt', 'gte', 'lt', 'lte']],
  ['custom.score', numbers, ['gt', 'gte', 'lt', 'lte']],
  ['custom.day', days.map((day) => day.slice(0, 10)), ['gt', 'gte', 'lt', 'lte']],
  ['company.employee_count', [0, 1, 40], ['gt', 'gte', 'lt', 'lte']],
  ['custom.flag', [true, false], []],
  ['suppressed', [true, false], []],
];

const leafOf = fc.constantFrom(...modelled).chain(([field, values, ops]) => {
  const value = fc.constantFrom(...values);
  const flag = typeof values[0] === 'boolean';
  const plain = fc.record({ field: fc.constant(field), op: fc.constantFrom('eq', 'ne', ...ops), value });
  const list = fc.record({
    field: fc.constant(field),
    op: fc.constantFrom('in', 'not_in'),
    value: fc.array(value, { minLength: 1, maxLength: 3 }),
  });
  const exists = fc.record({ field: fc.constant(field), op: fc.constant('exists'), value: fc.boolean() });
  return flag ? fc.oneof(plain, exists) : fc.oneof(plain, list, exists);
});
const filterOf: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    leafOf,
    fc.record({ not: tie('filter') }),
    fc.record({ and: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
  ),
})).filter;

describe('segments', () => {
  const scene = crmScene();
  let crm: CrmInstallation;
  let me: Editor;
  beforeEach(() => {
    ({ crm, me } = scene);
  });

  const reachOf = ({ organizationId }: Editor) => ({ organizationId, workspaceId: undefined });
  const make = async (filter: Filter, entity: 'contact' | 'company' = 'contact', who = me) =>
    crm.segments.create(who, { name: 'Some', entity, filter });

  /** All records of a segment, by pages. */
  async function all(
    id: string,
    entity: 'contact' | 'company' = 'contact',
    limit = 100,
    who = me,
    sort: Sort = '-created_at',
  ): Promise<string[]> {
    const found: string[] = [];
    for (let after: Position | undefined; ;) {
      const { ids, next } = await crm.segments.page(reachOf(who), id, entity, { after, limit, sort });
      assert.ok(ids.length <= limit);
      found.push(...ids);
      if (next === null) return found;
      after = next;
    }
  }

  test('a segment selects the records that an evaluation of its filter one by one finds', async () => {
    for (const [key, type] of [
      ['code', 'text'],
      ['score', 'number'],
      ['day', 'date'],
      ['flag', 'boolean'],
    ] as const)
      await crm.customFields.create(me, { entity: 'contact', key, label: key, type, options: null });
    const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
    const companies = await Promise.all(
      [0, 1, 2].map((index) =>
        crm.companies.create(me, {
          name: at(['ab', 'x%yz', 'Æther'], index),
          industry: at(texts, index + 1),
          employee_count: at([0, 40, null], index),
          tags: index === 0 ? ['vip'] : [],
        }),
      ),
    );
    const rows: Row[] = [];
    for (let index = 0; index < 48; index += 1) {
      const company = index % 4 === 3 ? undefined : at(companies, index);
      const domain = at(['free.example', 'sub.blocked.example', 'blocked.example'], index);
      const score = at([...numbers, null], index);
      const made = await crm.contacts.create(me, {
        ...(index % 5 === 4 ? { first_name: 'X' } : { email: `p${index}@${domain}` }),
        city: at(texts, index) === '' ? null : at(texts, index),
        company_id: company?.id ?? null,
        ...(company === undefined && index % 8 === 3 ? { company_name: 'abc' } : {}),
        status: at(['active', 'replied'], index),
        tags: tags.filter((_, place) => ((index >> place) & 1) === 1),
        lawful_basis: 'consent',
        lawful_basis_at: index % 6 === 0 ? null : new Date(at(days, index)),
        custom_fields: {
          ...(index % 3 === 0 ? { code: at(texts.slice(1), index) } : {}),
          ...(score === null ? {} : { score }),
          ...(index % 4 === 0 ? { day: at(days, index).slice(0, 10) } : {}),
          ...(index % 7 === 0 ? { flag: index % 2 === 0 } : {}),
        },
      });
      const acted = index % 5 === 0 ? at(days, index) : null;
      if (acted !== null)
        await crm.activities.create(me, { activity_type: 'note', contact_id: made.id, occurred_at: new Date(acted) });
      rows.push({
        id: made.id,
        city: made.city,
        company_name: made.company_name,
        'company.industry': company?.industry ?? null,
        'company.tags': company?.tags ?? [],
        'company.employee_count': company?.employee_count ?? null,
        status: made.status,
        tags: made.tags,
        lawful_basis_at: made.lawful_basis_at?.toISOString() ?? null,
        last_activity_at: acted,
        ...Object.fromEntries(
          ['code', 'score', 'day', 'flag'].map((key) => [`custom.${key}`, (made.custom_fields[key] ?? null) as Held]),
        ),
        suppressed: index % 5 !== 4 && (domain !== 'free.example' || index === 6),
      });
    }
    await crm.suppressions.add(me, [
      { kind: 'domain', value: 'blocked.example', reason: 'manual' },
      { kind: 'email', value: 'p6@free.example', reason: 'manual' },
    ]);
    const { id } = await make({ field: 'city', op: 'exists' });
    await fc.assert(
      fc.asyncProperty(filterOf, async (filter) => {
        await crm.segments.update({ ...me, workspaceId: undefined }, id, { filter });
        const wanted = rows.filter((row) => matches(row, filter)).map((row) => row['id']);
        assert.deepEqual(await all(id, 'contact', 20), wanted.toReversed());
        assert.deepEqual((await crm.segments.count(reachOf(me), id)).count, wanted.length);
      }),
      { numRuns: 80 },
    );
  });

  test('no statement reads more than its bound: rare records are found by an index or further pages, and counted in the background', async () => {
    const { db } = crm;
    await db.execute(sql`
      INSERT INTO contacts (id, organization_id, email, email_key, first_name, city, tags, status, custom_fields, created_at, updated_at, search)
      SELECT ('01990000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${me.organizationId}, n || '@bulk.example', n || '@bulk.example', 'Zoe', CASE WHEN n % 6000 = 5 THEN 'Rare' ELSE 'Common' END,
        CASE WHEN n % 5000 = 7 THEN ARRAY['rare'] ELSE ARRAY[]::text[] END, 'active', '{}', now(), date_trunc('milliseconds', now()), 'zoe' || chr(31)
      FROM generate_series(1, 13000) AS n`);
    await db.execute(
      sql`INSERT INTO record_counts (organization_id, entity, shard, count) VALUES (${me.organizationId}, 'contact', 0, 13000)`,
    );
    const id = (n: number): string => `01990000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
    const city = await make({ field: 'city', op: 'eq', value: 'Rare' });
    const first = await crm.segments.page(reachOf(me), city.id, 'contact', { limit: 25 });
    assert.deepEqual(first.ids, [id(12_005), id(6_005)]);
    assert.notEqual(first.next, null);
    for (const sort of sorts) {
      const found = [id(5), id(6_005), id(12_005)];
      const inOrder = sort.startsWith('-') ? found.toReversed() : found;
      assert.deepEqual(await all(city.id, 'contact', 100, me, sort), inOrder, sort);
    }
    const tagged = await make({
      and: [
        { field: 'tags', op: 'eq', value: 'rare' },
        { field: 'city', op: 'ne', value: 'x' },
      ],
    });
    assert.deepEqual(await crm.segments.page(reachOf(me), tagged.id, 'contact', { limit: 25 }), {
      ids: [id(10_007), id(5_007), id(7)],
      next: null,
    });
    assert.deepEqual(
      await crm.segments.page(reachOf(me), city.id, 'contact', { limit: 25 }, [
        ['tags', 'rare'],
        ['status', 'active'],
      ]),
      { ids: [], next: null },
      'a filter beside the segment is found by its index, too',
    );
    assert.equal((await crm.segments.count(reachOf(me), tagged.id)).exact, true);
    const common = await make({ field: 'city', op: 'eq', value: 'Common' });
    const estimate = await crm.segments.count(reachOf(me), common.id);
    assert.equal(estimate.exact, false);
    assert.ok(Math.abs(estimate.count - 13_000) < 200, String(estimate.count));
    const stop = new AbortController();
    const running = crm.segments.run(stop.signal);
    await crm.until(async () => (await crm.segments.count(reachOf(me), common.id)).exact);
    stop.abort();
    await running;
    assert.equal((await crm.segments.count(reachOf(me), common.id)).count, 12_997);
    // A walk finds everything once.
    const selection = await crm.segments.selectionOf(reachOf(me), 'contact', { segment_id: common.id });
    const walked: string[] = [];
    for (let after: string | undefined; ;) {
      const { ids, next } = await selection.chunk(db, after);
      walked.push(...ids);
      if (next === null) break;
      after = next;
    }
    assert.equal(new Set(walked).size, 12_997);
    assert.equal(walked.length, 12_997);
  });

  test('changes emit events, and another organization has no part in it', async () => {
    const mine = await make({ field: 'tags', op: 'eq', value: 'vip' });
    const caller = { ...me, workspaceId: undefined };
    await crm.segments.update(caller, mine.id, { name: 'Some' });
    await crm.segments.update(caller, mine.id, { name: 'VIPs' });
    const theirs = { ...scene.stranger, workspaceId: undefined };
    const contact = await crm.contacts.create(scene.stranger, { first_name: 'Ada', tags: ['vip'] });
    assert.deepEqual(await all(mine.id), []);
    await assert.rejects(crm.segments.get(theirs, mine.id), { error: 'not_found' });
    await assert.rejects(crm.segments.update(theirs, mine.id, { name: 'x' }), { error: 'not_found' });
    await assert.rejects(crm.segments.remove(theirs, mine.id), { error: 'not_found' });
    await assert.rejects(crm.segments.selectionOf(theirs, 'contact', { segment_id: mine.id }), {
      error: 'validation_failed',
      details: { segment_id: 'does not exist in this organization' },
    });
    const bound = { ...caller, workspaceId: crm.ids.next<WorkspaceId>() };
    await assert.rejects(crm.segments.selectionOf(bound, 'contact', { segment_id: mine.id }), {
      details: { segment_id: 'does not exist in this workspace' },
    });
    const selection = await crm.segments.selectionOf(caller, 'contact', { ids: [contact.id] });
    assert.deepEqual((await selection.chunk(crm.db)).ids, []);
    await assert.rejects(crm.segments.page(caller, mine.id, 'company', { limit: 25 }), { error: 'conflict' });
    await crm.segments.remove(caller, mine.id);
    assert.deepEqual(
      (await toldOf(crm, me.organizationId)).map(({ type, data }) => [type, data['changed']]),
      [
        ['segment.created', undefined],
        ['segment.updated', ['name']],
        ['segment.deleted', undefined],
      ],
    );
  });
});
