/**
 * Random sequences of what happens to a campaign, some of it at the same time, against its guarantees. `OUTRIDER_TEST_INTERLEAVINGS` is the number
 * of sequences, and `OUTRIDER_TEST_SEED` the first one's seed.
 */
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { acts, makeGate, play } from '../../../test/harness/campaign-acts.ts';
import { TestClock } from '../../../test/harness/clock.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import { startInstallation } from '../../../test/harness/installation.ts';
import type { Installation } from '../../../test/harness/installation.ts';

const runs = Number(process.env['OUTRIDER_TEST_INTERLEAVINGS'] ?? 1);
const seed = Number(process.env['OUTRIDER_TEST_SEED'] ?? 1);
const timeout = 60_000 + runs * 10_000;

let stop: () => Promise<void>;
let api: Installation;
let sender: Installation;
const startSender = (databaseUrl: string, clock: TestClock): Promise<Installation> =>
  startInstallation({ databaseUrl, clock, listens: false, config: { roles: ['mail'] } });
let restart: () => Promise<void>;

before(async () => {
  const database = await createTestDatabase();
  const clock = new TestClock();
  api = await startInstallation({ databaseUrl: database.url, clock, config: { roles: ['api'] } });
  await makeGate(api.db);
  sender = await startSender(database.url, clock);
  restart = async () => {
    await sender.stop();
    assert.deepEqual(sender.errors, []);
    sender = await startSender(database.url, clock);
  };
  stop = async () => {
    await sender.stop();
    await api.stop();
    await database.drop();
  };
});
after(() => stop());

test('C1 C2 C3 C11 C16: stops hold, and no step is doubled or lost, in any order of events', { timeout }, async () => {
  // A sequence takes a second or two: a failure is reported as it is, not made shorter.
  await fc.assert(
    fc.asyncProperty(acts, (sequence) => play({ api, restart: () => restart() }, sequence)),
    { numRuns: runs, seed, endOnFailure: true },
  );
  assert.deepEqual([...api.errors, ...sender.errors], []);
});
