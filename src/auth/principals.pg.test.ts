import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openTestTenancy } from '../../test/harness/edge.ts';
import type { TestTenancy } from '../../test/harness/edge.ts';
import { announce, createBus } from '../db/bus.ts';
import type { Bus, Notice } from '../db/bus.ts';
import type { Queryable } from '../db/pool.ts';
import { ApiError } from '../base/errors.ts';
import type { Principal } from '../http/route.ts';
import { bootstrap, createKey, keyById, mintKey, revokeKey } from './keys.ts';
import { createOrganization, organizationBySlug, setPlan } from './organizations.ts';
import { createPrincipals } from './principals.ts';
import type { Principals } from './principals.ts';

let tenancy: TestTenancy;
let bus: Bus;
before(async () => {
  tenancy = await openTestTenancy();
  bus = await tenancy.connectBus();
});
after(() => tenancy.close());

/** The database, counting its queries. */
let asked = 0;
const counting: Queryable = {
  query: (statement) => {
    asked += 1;
    return tenancy.db.query(statement);
  },
  execute: (statement) => tenancy.db.execute(statement),
};
beforeEach(() => {
  asked = 0;
});

const unauthorized = (error: unknown): boolean => error instanceof ApiError && error.error === 'unauthorized';
const authenticated = async (principals: Principals, key: string): Promise<Principal> => principals.authenticate(key);

/** The next notice of the kind `keys` on a bus. Listeners run in the order they subscribed, so earlier subscribers have seen it too. */
const nextKeysNotice = (on: Bus): Promise<void> =>
  new Promise((resolve) => on.subscribe((notice: Notice | undefined) => notice?.kind === 'keys' && resolve()));

test('a key is queried once and then answered from memory', async () => {
  const principals = createPrincipals({ db: counting, clock: tenancy.clock, bus });
  const { organization, key } = await tenancy.tenant({ plan: 'growth', key: { scopes: ['events:write'] } });
  const first = principals.authenticate(key.key);
  assert.ok(first instanceof Promise);
  const expected = {
    organizationId: organization.id,
    organizationSlug: organization.slug,
    plan: 'growth',
    sandbox: false,
    workspaceId: undefined,
    keyId: key.id,
    scopes: ['events:write'],
    keyExpiresAt: undefined,
  };
  assert.deepEqual(await first, expected);
  assert.deepEqual(principals.authenticate(key.key), expected, 'no promise, so no query');
  assert.equal(asked, 1);
});

test('concurrent calls share one query, also with different keys', async () => {
  const principals = createPrincipals({ db: counting, clock: tenancy.clock, bus });
  const { key } = await tenancy.tenant();
  const other = await tenancy.tenant();
  const answers = await Promise.allSettled([
    ...Array.from({ length: 20 }, () => authenticated(principals, key.key)),
    ...Array.from({ length: 20 }, () => authenticated(principals, other.key.key)),
    ...Array.from({ length: 20 }, () => authenticated(principals, mintKey(false, 'abcdef27'))),
  ]);
  assert.deepEqual(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.keyId : 'refused')),
    [
      ...Array.from({ length: 20 }, () => key.id),
      ...Array.from({ length: 20 }, () => other.key.id),
      ...Array.from({ length: 20 }, () => 'refused'),
    ],
  );
  assert.equal(asked, 2, 'one for the first key, one for all others');
});

test('malformed and unknown keys are refused; an unknown key is queried at most once in 5 s', async () => {
  const principals = createPrincipals({ db: counting, clock: tenancy.clock, bus });
  assert.throws(() => principals.authenticate('otr_short'), unauthorized);
  assert.equal(asked, 0);
  const unknown = mintKey(false, 'abcdef27');
  await assert.rejects(authenticated(principals, unknown), unauthorized);
  assert.throws(() => principals.authenticate(unknown), unauthorized);
  assert.equal(asked, 1);
  await tenancy.clock.advance(5_001);
  await assert.rejects(authenticated(principals, unknown), unauthorized);
  assert.equal(asked, 2);
});

test('a key that was used before it existed works as soon as it is created', async () => {
  const fresh = await openTestTenancy();
  try {
    const freshBus = await fresh.connectBus();
    const principals = createPrincipals({ db: fresh.db, clock: fresh.clock, bus: freshBus });
    const chosen = `otr_${'bootstrap-key-of-the-operator_'.repeat(2)}`;
    await assert.rejects(authenticated(principals, chosen), unauthorized);
    const noticed = nextKeysNotice(freshBus);
    await bootstrap(fresh, chosen);
    await noticed;
    const principal = await authenticated(principals, chosen);
    assert.equal(principal.organizationSlug, 'default');
    assert.equal(principal.plan, 'unlimited');
  } finally {
    await fresh.close();
  }
});

test('a key revoked on one process is refused on every other once the notice arrives', async () => {
  const otherBus = await tenancy.connectBus();
  const here = createPrincipals({ db: counting, clock: tenancy.clock, bus });
  const there = createPrincipals({ db: counting, clock: tenancy.clock, bus: otherBus });
  const { key } = await tenancy.tenant();
  await authenticated(here, key.key);
  await authenticated(there, key.key);
  assert.equal(here.authenticate(key.key) instanceof Promise, false);
  const noticed = Promise.all([nextKeysNotice(bus), nextKeysNotice(otherBus)]);
  assert.equal(await revokeKey(tenancy, key.id), true);
  await noticed;
  await assert.rejects(authenticated(here, key.key), unauthorized);
  await assert.rejects(authenticated(there, key.key), unauthorized);
  assert.equal(await revokeKey(tenancy, key.id), false, 'revoking again changes nothing');
});

test('a key is refused by the process that revoked it when the call returns, even if the notice is late', async () => {
  const late: Pick<Bus, 'announce' | 'connected' | 'subscribe'> = {
    ...createBus(tenancy.db.url, tenancy.clock, (error) => assert.fail(error)),
    connected: true,
  };
  const principals = createPrincipals({ db: counting, clock: tenancy.clock, bus: late });
  const { key } = await tenancy.tenant();
  await authenticated(principals, key.key);
  assert.equal(principals.authenticate(key.key) instanceof Promise, false, 'from memory');
  await revokeKey({ ...tenancy, bus: late }, key.id);
  await assert.rejects(authenticated(principals, key.key), unauthorized);
});

test('while the bus is down nothing is answered from memory, so a revocation takes effect immediately', async () => {
  let connected = true;
  const listeners: ((notice: Notice | undefined) => void)[] = [];
  const broken = {
    get connected() {
      return connected;
    },
    subscribe: (listener: (notice: Notice | undefined) => void) => listeners.push(listener),
  };
  const principals = createPrincipals({ db: counting, clock: tenancy.clock, bus: broken });
  const { key } = await tenancy.tenant();
  await authenticated(principals, key.key);
  connected = false;
  await authenticated(principals, key.key);
  await authenticated(principals, key.key);
  assert.equal(asked, 3, 'queried every time');
  await revokeKey(tenancy, key.id);
  await assert.rejects(authenticated(principals, key.key), unauthorized);
  connected = true;
  for (const listener of listeners) listener(undefined);
  await assert.rejects(authenticated(principals, key.key), unauthorized, 'entries cached before the gap are gone');
});

test('the answer of a query during which a key was revoked is not cached', async () => {
  const { key } = await tenancy.tenant();
  const otherBus = await tenancy.connectBus();
  const read = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const slow: Queryable = {
    query: async (statement) => {
      const rows = await tenancy.db.query(statement);
      read.resolve();
      await release.promise;
      return rows;
    },
    execute: (statement) => tenancy.db.execute(statement),
  };
  const principals = createPrincipals({ db: slow, clock: tenancy.clock, bus: otherBus });
  const early = authenticated(principals, key.key);
  await read.promise;
  const noticed = nextKeysNotice(otherBus);
  await revokeKey(tenancy, key.id);
  await noticed;
  release.resolve();
  assert.equal((await early).keyId, key.id, 'it was queried before the revocation');
  await assert.rejects(authenticated(principals, key.key), unauthorized);
});

test('expiry is checked on every use', async () => {
  const principals = createPrincipals({ db: counting, clock: tenancy.clock, bus });
  const { key } = await tenancy.tenant({ key: { expiresAt: new Date(tenancy.clock.now() + 60_000) } });
  assert.equal((await authenticated(principals, key.key)).keyExpiresAt, tenancy.clock.now() + 60_000);
  await tenancy.clock.advance(59_999);
  assert.equal(principals.authenticate(key.key) instanceof Promise, false);
  await tenancy.clock.advance(1);
  assert.throws(() => principals.authenticate(key.key), unauthorized);
  assert.equal(asked, 1);
});

test('a change of plan takes effect on every process, also for the sandbox', async () => {
  const { organization, key } = await tenancy.tenant({ plan: 'growth' });
  const sandboxKey = await createKey(tenancy, organization, { name: 'sandbox', scopes: ['*'], sandbox: true });
  const principals = createPrincipals({ db: counting, clock: tenancy.clock, bus });
  assert.equal((await authenticated(principals, key.key)).plan, 'growth');
  assert.equal((await authenticated(principals, sandboxKey.key)).plan, 'growth');
  const noticed = nextKeysNotice(bus);
  await setPlan(tenancy, organization.slug, 'scale');
  await noticed;
  assert.equal((await authenticated(principals, key.key)).plan, 'scale');
  const sandbox = await authenticated(principals, sandboxKey.key);
  assert.equal(sandbox.plan, 'scale');
  assert.equal(sandbox.sandbox, true);
});

test('other notices do not clear the cache', async () => {
  const principals = createPrincipals({ db: counting, clock: tenancy.clock, bus });
  const { key } = await tenancy.tenant();
  await authenticated(principals, key.key);
  const noticed = new Promise<void>((resolve) => bus.subscribe((notice) => notice?.kind === 'endpoints' && resolve()));
  await announce(tenancy.db, { kind: 'endpoints' });
  await noticed;
  assert.equal(principals.authenticate(key.key) instanceof Promise, false);
});

test('the time of last use is written every 30 s and at the end, and never moves backwards', async () => {
  const { organization, key } = await tenancy.tenant();
  const view = { organizationId: organization.id, workspaceId: undefined };
  const lastUsed = async (): Promise<number | undefined> =>
    (await keyById(tenancy.db, view, key.id)).last_used_at?.getTime();
  let written = Promise.withResolvers<void>();
  const db: Queryable = {
    query: (statement) => tenancy.db.query(statement),
    execute: async (statement) => {
      const count = await tenancy.db.execute(statement);
      written.resolve();
      return count;
    },
  };
  const principals = createPrincipals({ db, clock: tenancy.clock, bus });
  const stop = new AbortController();
  const running = principals.run(stop.signal);
  await authenticated(principals, key.key);
  const firstUse = tenancy.clock.now();
  assert.equal(await lastUsed(), undefined);
  await tenancy.clock.advance(30_000);
  await written.promise;
  assert.equal(await lastUsed(), firstUse);
  await authenticated(principals, key.key);
  const lastUse = tenancy.clock.now();
  written = Promise.withResolvers<void>();
  stop.abort();
  await running;
  assert.equal(await lastUsed(), lastUse);

  const late = createPrincipals({
    db: tenancy.db,
    clock: { now: () => firstUse, setTimer: tenancy.clock.setTimer, clearTimer: tenancy.clock.clearTimer },
    bus,
  });
  const ended = new AbortController();
  const run = late.run(ended.signal);
  await authenticated(late, key.key);
  ended.abort();
  await run;
  assert.equal(await lastUsed(), lastUse, 'an earlier time does not overwrite a later one');
});

test('concurrent bootstraps create one organization and one key', async () => {
  const fresh = await openTestTenancy();
  try {
    const made = await Promise.all(Array.from({ length: 5 }, () => bootstrap(fresh, undefined)));
    const shown = made.flatMap(({ firstKey }) => firstKey ?? []);
    assert.equal(shown.length, 1);
    assert.equal((await organizationBySlug(fresh.db, 'default')).plan, 'unlimited');
    assert.deepEqual(await bootstrap(fresh, undefined), { firstKey: undefined });
    const chosen = `otr_${'c'.repeat(40)}`;
    await Promise.all(Array.from({ length: 5 }, () => bootstrap(fresh, chosen)));
    const principals = createPrincipals({ db: fresh.db, clock: fresh.clock, bus: await fresh.connectBus() });
    const { keyId } = await authenticated(principals, chosen);
    await revokeKey(fresh, keyId);
    await bootstrap(fresh, chosen);
    const again = createPrincipals({ db: fresh.db, clock: fresh.clock, bus: await fresh.connectBus() });
    await assert.rejects(authenticated(again, chosen), unauthorized, 'a revoked bootstrap key stays revoked');
  } finally {
    await fresh.close();
  }
});

test('bootstrap creates no default organization where organizations already exist', async () => {
  const fresh = await openTestTenancy();
  try {
    await createOrganization(fresh, { slug: 'acme', plan: 'growth' });
    assert.deepEqual(await bootstrap(fresh, undefined), { firstKey: undefined });
    await assert.rejects(
      organizationBySlug(fresh.db, 'default'),
      (error) => error instanceof ApiError && error.error === 'not_found',
    );
  } finally {
    await fresh.close();
  }
});
