import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Fields } from '../../../test/harness/caller.ts';
import { contactEvents, listed, upsert } from '../../../test/harness/contacts.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';

const addresses = ['ada@a.example', 'bob@a.example', 'cleo@b.example', 'dan@b.example'] as const;

interface Row {
  readonly email: string;
  readonly first_name?: string | null;
  readonly phone?: string | null;
  readonly tags?: readonly string[];
}
type Step =
  | { readonly kind: 'upsert'; readonly rows: readonly Row[] }
  | { readonly kind: 'suppress'; readonly what: Readonly<Record<string, string>> };

const rowOf = fc.record(
  {
    email: fc
      .tuple(fc.constantFrom(...addresses, 'nobody'), fc.boolean())
      .map(([email, shout]) => (shout ? email.toUpperCase() : email)),
    first_name: fc.constantFrom('x', 'y', null),
    phone: fc.constantFrom('1', '2', null),
    tags: fc.constantFrom<readonly string[]>(['t'], ['u', 't'], []),
  },
  { requiredKeys: ['email'] },
);
const upsertOf: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('upsert' as const),
  rows: fc.array(rowOf, { minLength: 1, maxLength: 6 }),
});
const suppressionOf: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('suppress' as const),
  what: fc.oneof(
    fc.constantFrom(...addresses).map((email) => ({ email })),
    fc.constantFrom('a.example', 'b.example').map((domain) => ({ domain })),
  ),
});
const stepOf: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: upsertOf },
  { weight: 1, arbitrary: suppressionOf },
);

type State = ReadonlyMap<string, Omit<Row, 'email'>>;

/** The result of the steps, one after the other. */
function outcome(steps: readonly Step[]): State {
  const contacts = new Map<string, Omit<Row, 'email'>>();
  const suppressed = new Set<string>();
  for (const step of steps) {
    if (step.kind === 'suppress') {
      for (const value of Object.values(step.what)) suppressed.add(value);
      continue;
    }
    for (const { email, ...fields } of step.rows) {
      const key = email.toLowerCase();
      if (!key.includes('@') || suppressed.has(key) || suppressed.has(key.split('@')[1] ?? '')) continue;
      contacts.set(key, { ...(contacts.get(key) ?? { first_name: null, phone: null, tags: [] }), ...fields });
    }
  }
  return contacts;
}

const isSame = (one: State, other: State): boolean => {
  const sorted = (state: State) =>
    JSON.stringify(
      [...state].map(([key, { first_name: name, phone, tags }]) => JSON.stringify([key, name, phone, tags])).sort(),
    );
  return sorted(one) === sorted(other);
};

/** Every way to merge two lists that keeps the order of each. */
function* merges<T>(one: readonly T[], other: readonly T[]): Generator<T[]> {
  const [first, ...rest] = one;
  const [otherFirst, ...otherRest] = other;
  if (first === undefined || otherFirst === undefined) {
    yield [...one, ...other];
    return;
  }
  for (const merged of merges(rest, other)) yield [first, ...merged];
  for (const merged of merges(one, otherRest)) yield [otherFirst, ...merged];
}

describe('bulk upserts of generated rows', () => {
  // Without the engine, nothing changes between requests.
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));

  async function work(tenant: Tenant, steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.kind === 'upsert') await upsert(tenant, step.rows);
      else await tenant.got('POST', '/v1/suppressions', step.what);
    }
  }

  /** The stored contacts; checks that each exists once, and that its events lead to its state step by step. */
  async function stateOf(tenant: Tenant): Promise<State> {
    const shown = await listed(tenant);
    const state = new Map(
      shown.map((each) => [
        String(each['email']).toLowerCase(),
        { first_name: each['first_name'], phone: each['phone'], tags: each['tags'] } as Omit<Row, 'email'>,
      ]),
    );
    assert.equal(state.size, shown.length, 'one contact an address');
    assert.equal((await tenant.api('GET', '/v1/contacts')).json['total'], shown.length);
    const told = new Map<unknown, Fields>();
    for (const { type, data } of await contactEvents(scene.product.db, tenant)) {
      const { changed, actor: _, ...record } = data;
      const before = told.get(record['id']);
      assert.equal(type, before === undefined ? 'contact.created' : 'contact.updated');
      const differing = Object.keys(record).filter(
        (field) => field !== 'updated_at' && JSON.stringify(record[field]) !== JSON.stringify(before?.[field]),
      );
      if (before !== undefined)
        assert.deepEqual(differing.sort(), (changed as string[]).toSorted(), 'one event a change, with what changed');
      told.set(record['id'], record);
    }
    assert.deepEqual(new Set(told.keys()), new Set(shown.map(({ id }) => id)));
    for (const { deleted_at: _, ...record } of shown) assert.deepEqual(told.get(record['id']), record);
    return state;
  }

  test("one caller's rows apply in their order, except suppressed and bad rows", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stepOf, { minLength: 1, maxLength: 6 }), async (steps) => {
        const tenant = await scene.product.tenant();
        await work(tenant, steps);
        assert.ok(isSame(await stateOf(tenant), outcome(steps)));
      }),
      { numRuns: 40 },
    );
  });

  test('two concurrent callers produce the result of some sequential order of their requests', async () => {
    const steps = fc.array(stepOf, { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(steps, steps, async (one, other) => {
        const tenant = await scene.product.tenant();
        await Promise.all([work(tenant, one), work(tenant, other)]);
        const state = await stateOf(tenant);
        assert.ok(
          [...merges(one, other)].some((order) => isSame(state, outcome(order))),
          `no order of the requests leads to ${JSON.stringify([...state])}`,
        );
      }),
      { numRuns: 60 },
    );
  });
});
