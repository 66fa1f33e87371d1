import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { sql } from '../../src/db/sql.ts';
import type { OrganizationId } from '../../src/base/ids.ts';
import { patienceMs, TestClock } from './clock.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startEngine, startReceiver, type TestEngine, type TestEngineOptions } from './engine.ts';

/** In clock time: longer than any shutdown deadline of the tests, shorter than a lease. */
const stoppingMs = 10_000;

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;

/** Any number of processes on one database, and their receivers. */
export interface Engines {
  readonly url: string;
  readonly clock: TestClock;
  start(options?: TestEngineOptions): Promise<TestEngine>;
  receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver>;
  /** Stops an engine, advancing the clock for its shutdown deadline. */
  stopped(engine: TestEngine): Promise<void>;
}

/** Call it inside `describe`: each test has its own database and clock, so leftovers of one test do not become work of another. */
export function engines(): Engines {
  let database: TestDatabase;
  let clock: TestClock;
  const closers: (() => Promise<void> | void)[] = [];
  // Kept to the end: an embedded server stops with its last database.
  let first: TestDatabase;
  before(async () => {
    first = await createTestDatabase();
  });
  after(() => first.drop());
  beforeEach(async () => {
    clock = new TestClock();
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
    await database.drop();
  });
  async function stopped(engine: Pick<TestEngine, 'stop'>): Promise<void> {
    let ended = false;
    const stopping = engine.stop().finally(() => (ended = true));
    const began = clock.now();
    // Advance no further than the deadline: the leases left behind must not expire.
    for (const deadline = performance.now() + patienceMs; !ended && performance.now() < deadline;) {
      if (clock.now() - began < stoppingMs) await clock.advance(100);
      else await setImmediate();
    }
    if (!ended) throw new Error('the engine did not stop');
    await stopping;
  }

  return {
    get url() {
      return database.url;
    },
    get clock() {
      return clock;
    },
    async start(options = {}) {
      const engine = await startEngine(database.url, clock, options);
      let ended = false;
      const once = (end: () => Promise<void>) => async (): Promise<void> => {
        if (ended) return;
        ended = true;
        await end();
      };
      const started = Object.assign(engine, { stop: once(engine.stop), crash: once(engine.crash) });
      closers.unshift(() => stopped(started));
      return started;
    },
    async receiver(...args) {
      const receiver = await startReceiver(...args);
      closers.push(receiver.close);
      return receiver;
    },
    stopped,
  };
}

/** Publishes an event of the type `order.paid` with the number `n`. */
export const publish = (engine: TestEngine, clock: TestClock, organizationId: OrganizationId, n: number) =>
  engine.publisher.publish({ organizationId, type: 'order.paid', data: { n }, occurredAtMs: clock.now() });

export const publishMany = (engine: TestEngine, clock: TestClock, organizationId: OrganizationId, count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => publish(engine, clock, organizationId, n)));

/** The number `n` of an event from `publish` that arrived. */
export const numberOf = ({ body }: { readonly body: string }): number =>
  (JSON.parse(body) as { data: { n: number } }).data.n;

export async function counts(
  engine: TestEngine,
): Promise<{ pending: number; held: number; delivered: number; failed: number; attempts: number }> {
  const [row] = await engine.db.query(sql<{
    pending: number;
    held: number;
    delivered: number;
    failed: number;
    attempts: number;
  }>`
    SELECT count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'held') AS held, count(*) FILTER (WHERE state = 'delivered') AS delivered,
      count(*) FILTER (WHERE state = 'failed') AS failed, (SELECT count(*) FROM attempts) AS attempts
    FROM deliveries`);
  assert.ok(row);
  return row;
}
