import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.ts';
import {
  deleteEndpoint,
  makeEndpoint,
  makeOrganization,
  setActive,
  setOrdering,
  testMasterKey,
  testSecret,
} from '../../test/harness/engine.ts';
import { makeWorkspace } from '../../test/harness/webhooks.ts';
import { connect, type Database } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { wires } from '../vendors/wires.ts';
import { createIds, type EndpointId, type OrganizationId, type WorkspaceId } from '../base/ids.ts';
import { createVault } from '../encryption/vault.ts';
import type { EndpointOpener } from './endpoint-rows.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';

describe('subscriptions', () => {
  let database: TestDatabase;
  let db: Database;
  let organization: OrganizationId;
  let subscriptions: Subscriptions;
  let changes: (readonly EndpointId[])[];
  const ids = createIds({ now: () => Date.now() });
  const vault = createVault(testMasterKey);
  const { privateKey } = generateKeyPairSync('ed25519');
  const opener: EndpointOpener = {
    wires,
    openSecret: (on, organizationId, sealed, context) => vault.open(on, organizationId, sealed, context),
    signingKeyOf: () => Promise.resolve(privateKey),
    onUnreadable: (id) => unreadable.push(id),
  };
  let unreadable: EndpointId[] = [];

  before(async () => {
    database = await createTestDatabase();
    db = connect(database.url);
  });
  after(async () => {
    await db.close();
    await database.drop();
  });
  beforeEach(async () => {
    organization = await makeOrganization(db, ids, `o${ids.next().slice(-12)}`);
    subscriptions = createSubscriptions(db, opener);
    await subscriptions.refresh();
    await subscriptions.loadFor([{ organizationId: organization }]);
    changes = [];
    unreadable = [];
    subscriptions.onChange((changed) => changes.push(changed));
  });

  const make = (settings: Parameters<typeof makeEndpoint>[4] = {}) =>
    makeEndpoint(db, ids, organization, 'https://receiver.example/hook', settings);
  const heard = (type: string): readonly EndpointId[] =>
    (subscriptions.subscribers({ organizationId: organization }, type) ?? []).map(({ id }) => id);

  test('a refresh finds created, changed and deleted endpoints, and reports which', async () => {
    const one = await make({ events: ['order.*'] });
    const two = await make({
      events: ['order.paid'],
      ordering: 'fifo',
      maxInFlight: 3,
      rate: 5,
      timeoutMs: 9_000,
      schedule: [1, 2],
    });
    await subscriptions.refresh();
    assert.deepEqual(heard('order.paid'), [one, two]);
    assert.deepEqual(heard('order.lost'), [one]);
    const { fifo, maxInFlight, ratePerSecond, timeoutMs, retry, secret } = subscriptions.get(two) ?? assert.fail();
    assert.deepEqual(
      { fifo, maxInFlight, ratePerSecond, timeoutMs, retry },
      {
        fifo: true,
        maxInFlight: 3,
        ratePerSecond: 5,
        timeoutMs: 9_000,
        retry: { scheduleSeconds: [1, 2], exact: true },
      },
    );
    assert.equal(secret.text, testSecret);
    await setActive(db, one, false);
    await setOrdering(db, two, 'none');
    await subscriptions.refresh();
    assert.deepEqual(
      heard('order.paid'),
      [one, two],
      'a disabled endpoint is still a subscriber: its new deliveries are held',
    );
    assert.deepEqual([subscriptions.get(one)?.isActive, subscriptions.get(two)?.fifo], [false, false]);
    await deleteEndpoint(db, one);
    await subscriptions.refresh();
    assert.deepEqual([heard('order.paid'), subscriptions.get(one)], [[two], undefined]);
    assert.deepEqual(changes, [[one, two], [one, two], [one]]);
  });

  test('a process that starts later has the same endpoints, without the deleted ones', async () => {
    const one = await make();
    const two = await make();
    await deleteEndpoint(db, one);
    await subscriptions.refresh();
    const later = createSubscriptions(db, opener);
    await later.refresh();
    assert.equal(later.epoch, subscriptions.epoch);
    assert.deepEqual([later.get(one), later.get(two)], [undefined, undefined], 'nothing is read before it is needed');
    await later.load([one, two]);
    assert.deepEqual([later.get(one), later.get(two)?.id], [undefined, two]);
  });

  test('D3: a refresh sees every change committed before its call, with any number of concurrent calls', async () => {
    let seen = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let n = 0; n < 15; n += 1) {
          const id = await make();
          await subscriptions.refresh();
          assert.ok(subscriptions.get(id), 'its own change');
          seen += 1;
          // Calls of others in between must not make it forget.
          for (let turn = 0; turn < n % 4; turn += 1) await setImmediate();
          assert.ok(subscriptions.get(id));
        }
      }),
    );
    assert.equal(seen, 120);
    assert.equal(heard('anything').length, 120);
    const [row] = await db.query(sql<{ value: number }>`SELECT value FROM subscription_epoch`);
    assert.equal(subscriptions.epoch, row?.value);
  });

  test('calls during a read share the next read', async () => {
    let reads = 0;
    const counting: Database = {
      ...db,
      query: (statement) => {
        if (statement.text.includes('FROM subscription_epoch')) reads += 1;
        return db.query(statement);
      },
    };
    const counted = createSubscriptions(counting, opener);
    await Promise.all(Array.from({ length: 50 }, () => counted.refresh()));
    assert.equal(reads, 2);
  });

  test('a failed refresh changes nothing and rejects its callers, and the next one catches up', async () => {
    let broken = true;
    const failing = createSubscriptions(db, {
      ...opener,
      openSecret: (...args) =>
        broken ? Promise.reject(new Error('Connection terminated')) : opener.openSecret(...args),
    });
    await failing.refresh();
    const { epoch } = failing;
    const id = await make();
    await assert.rejects(failing.refresh(), /terminated/);
    assert.deepEqual([failing.epoch, failing.get(id)], [epoch, undefined]);
    const both = [failing.refresh(), failing.refresh()];
    broken = false;
    await Promise.allSettled(both);
    await failing.refresh();
    assert.equal(failing.get(id)?.id, id);
  });

  for (const [what, broken] of [
    ['a dialect of a newer version', "UPDATE endpoints SET dialect = 'of a later version'"],
    ['a secret that does not open', "UPDATE endpoints SET secret_sealed = 'x'"],
    ['headers that do not open', "UPDATE endpoints SET headers_sealed = 'x'"],
    ['a filter of another form', 'UPDATE endpoints SET filter = \'"x"\''],
    ['a URL that is none', "UPDATE endpoints SET target_url = 'x'"],
  ] as const) {
    test(`D12a: ${what} affects no other endpoint, and its own events still get deliveries`, async () => {
      const one = await make({ events: ['order.*'] });
      const two = await make({ events: ['order.paid'] });
      await db.script(`${broken} WHERE id = '${one}'`);
      await subscriptions.refresh();
      assert.deepEqual(new Set(heard('order.paid')), new Set([one, two]));
      assert.deepEqual([subscriptions.get(one)?.transport, subscriptions.get(two)?.transport], ['none', 'push']);
      assert.deepEqual([unreadable, subscriptions.unreadable], [[one], 1]);

      // It is read again with a change of any endpoint, and its log line is not repeated.
      await make();
      await subscriptions.refresh();
      assert.deepEqual([unreadable, subscriptions.unreadable], [[one], 1]);
      await deleteEndpoint(db, one);
      await subscriptions.refresh();
      assert.deepEqual([subscriptions.get(one), subscriptions.unreadable], [undefined, 0]);
    });
  }

  test('a change that is rolled back is not seen', async () => {
    const before = subscriptions.epoch;
    const id = await make();
    await subscriptions.refresh();
    const after = subscriptions.epoch;
    await assert.rejects(
      db.transaction(async (tx) => {
        const [epoch] = await tx.query(
          sql<{ value: number }>`UPDATE subscription_epoch SET value = value + 1 RETURNING value`,
        );
        await tx.execute(sql`UPDATE endpoints SET is_active = false, epoch = ${epoch?.value} WHERE id = ${id}`);
        throw new Error('changed my mind');
      }),
    );
    await subscriptions.refresh();
    assert.deepEqual([subscriptions.epoch, subscriptions.get(id)?.isActive], [after, true]);
    assert.ok(after > before);
  });

  test('headers, the secret before a rotation and the ed25519 key are opened', async () => {
    const id = await make({ signing: 'ed25519', secret: 'correct horse' });
    const headers = await vault.seal(
      db,
      organization,
      JSON.stringify({ authorization: 'Bearer x' }),
      'endpoint headers',
    );
    const previous = await vault.seal(db, organization, testSecret, 'endpoint secret');
    await db.execute(
      sql`UPDATE endpoints SET headers_sealed = ${headers}, previous_secret_sealed = ${previous}, previous_secret_expires_at = to_timestamp(2000000000) WHERE id = ${id}`,
    );
    await subscriptions.refresh();
    const endpoint = subscriptions.get(id);
    assert.deepEqual(endpoint?.headers, { authorization: 'Bearer x' });
    assert.deepEqual([endpoint.secret.text, endpoint.secret.key], ['correct horse', null]);
    assert.deepEqual(
      [endpoint.previousSecret?.secret.text, endpoint.previousSecret?.expiresAtMs],
      [testSecret, 2_000_000_000_000],
    );
    assert.equal(endpoint.signingKey, privateKey);
  });

  test('any number of custom types takes limited memory, and each still finds its subscribers', async () => {
    const made = [];
    for (let n = 0; n < 8; n += 1) made.push(await make({ events: ['own.*'] }));
    await subscriptions.refresh();
    for (let n = 0; n < 2_500; n += 1) assert.deepEqual(heard(`own.${n}`), made);
    assert.deepEqual(heard('own.0'), made);
    assert.equal(
      subscriptions.subscribers({ organizationId: organization }, 'own.7'),
      subscriptions.subscribers({ organizationId: organization }, 'own.7'),
      'worked out once',
    );
  });

  test('an organization gets no events of another', async () => {
    const one = await make();
    const other = await makeOrganization(db, ids, `other${ids.next().slice(-12)}`);
    await makeEndpoint(db, ids, other, 'https://receiver.example/hook');
    await subscriptions.refresh();
    assert.deepEqual(heard('order.paid'), [one]);
  });

  describe('of workspaces', () => {
    const owners = (workspaces: readonly WorkspaceId[]) =>
      workspaces.map((workspaceId) => ({ organizationId: organization, workspaceId }));
    const makeIn = (workspace: WorkspaceId): Promise<EndpointId> => make({ workspace });

    test('an event of a workspace finds the endpoints of the workspace and of the organization, and no others', async () => {
      const shared = await make();
      const [one, two] = [
        await makeWorkspace(db, ids, organization, 'one'),
        await makeWorkspace(db, ids, organization, 'two'),
      ];
      const [ofOne, ofTwo] = [await makeIn(one), await makeIn(two)];
      let reads = 0;
      const counting: Database = {
        ...db,
        query: (statement) => {
          if (statement.text.includes('FROM endpoints')) reads += 1;
          return db.query(statement);
        },
      };
      const process = createSubscriptions(counting, opener);
      await process.refresh();
      assert.equal(process.subscribers({ organizationId: organization, workspaceId: one }, 'x'), undefined);
      reads = 0;
      await process.loadFor(owners([one, two]));
      assert.equal(reads, 1, 'one read for all owners');
      const found = (workspaceId?: WorkspaceId) =>
        process.subscribers({ organizationId: organization, workspaceId }, 'x')?.map(({ id }) => id);
      assert.deepEqual([found(), found(one), found(two)], [[shared], [shared, ofOne], [shared, ofTwo]]);
      await setActive(db, ofOne, false);
      const another = await makeIn(two);
      await deleteEndpoint(db, ofTwo);
      await process.refresh();
      assert.deepEqual([found(), found(one), found(two)], [[shared], [shared, ofOne], [shared, another]]);
      assert.equal(process.get(ofOne)?.isActive, false);
    });

    test('memory is limited: owners that are not used leave it, and are read again', async () => {
      const workspaces = await Promise.all(
        Array.from({ length: 40 }, (_, index) => makeWorkspace(db, ids, organization, `w${index}`)),
      );
      const made = new Map<WorkspaceId, EndpointId>();
      for (const workspace of workspaces) made.set(workspace, await makeIn(workspace));
      const small = createSubscriptions(db, opener, 20);
      await small.refresh();
      const [kept] = workspaces;
      for (const workspaceId of workspaces) {
        for (const owner of owners(kept === undefined ? [] : [kept])) await small.loadFor([owner]);
        for (let loading; (loading = small.loadFor([{ organizationId: organization, workspaceId }])) !== undefined;)
          await loading;
        const heard = small.subscribers({ organizationId: organization, workspaceId }, 'x');
        assert.deepEqual(
          heard?.map(({ id }) => id),
          [made.get(workspaceId)],
        );
      }
      const inMemory = workspaces.filter(
        (workspaceId) => small.subscribers({ organizationId: organization, workspaceId }, 'x') !== undefined,
      );
      assert.ok(inMemory.length < 20, `${inMemory.length} of 40 owners are in memory`);
      assert.ok(kept !== undefined && inMemory.includes(kept), 'what is used stays');
    });

    test('D3: a change while its owner is being read is not lost', async () => {
      const workspace = await makeWorkspace(db, ids, organization, 'busy');
      const [owner] = owners([workspace]);
      assert.ok(owner);
      for (let n = 1; n <= 20; n += 1) {
        const process = createSubscriptions(db, opener);
        await process.refresh();
        const making = makeIn(workspace);
        await Promise.all([process.loadFor([owner]), making, process.refresh()]);
        await process.refresh();
        await process.loadFor([owner]);
        assert.equal(process.subscribers(owner, 'x')?.length, n);
      }
    });
  });
});
