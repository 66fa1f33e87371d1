import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { TestClock } from '../harness/clock.ts';
import { closingMs, runUntilStopped } from '../../src/lifecycle.ts';

const shutdownMs = 20_000;

/** Stages that record what happens to them and stop when the test lets them. */
function installation() {
  const happened: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gate = (name: string): Promise<void> => {
    const entry = Promise.withResolvers<void>();
    gates.set(name, entry);
    return entry.promise;
  };
  const part = (name: string) => async (signal: AbortSignal) => {
    happened.push(`${name} runs`);
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    happened.push(`${name} stops`);
    await gate(name);
  };
  const clock = new TestClock();
  const stop = new AbortController();
  const log = (message: unknown): void => void happened.push(String(message));
  const start = (): Promise<void> =>
    runUntilStopped(
      {
        closeServer: () => {
          happened.push('server closes');
          return gate('server');
        },
        work: [part('engine'), part('jobs')],
        support: [part('bus')],
        closeConnections: async () => void happened.push('connections close'),
      },
      { clock, log: { info: log, warn: log }, shutdownMs },
      stop.signal,
    );
  return {
    happened,
    clock,
    stop,
    start,
    /** Lets a part finish, and waits for what follows. */
    async finish(name: string) {
      gates.get(name)?.resolve();
      await setImmediate();
    },
  };
}

test('each stage stops when the stage before it has finished: the server, the work, its support, the connections', async () => {
  const { happened, stop, start, finish } = installation();
  const running = start();
  assert.deepEqual(happened.splice(0), ['bus runs', 'engine runs', 'jobs runs']);
  stop.abort();
  await setImmediate();
  assert.deepEqual(happened.splice(0), ['stopping: finishing the work in progress', 'server closes']);
  await finish('server');
  assert.deepEqual(happened.splice(0), ['engine stops', 'jobs stops']);
  await finish('jobs');
  assert.deepEqual(happened.splice(0), [], 'the engine has not finished');
  await finish('engine');
  assert.deepEqual(happened.splice(0), ['bus stops']);
  await finish('bus');
  await running;
  assert.deepEqual(happened, ['connections close', 'stopped']);
});

test('a process that is stopped before it runs stops immediately, in the same order', async () => {
  const { happened, stop, start, finish } = installation();
  stop.abort();
  const running = start();
  await setImmediate();
  for (const name of ['server', 'engine', 'jobs', 'bus']) await finish(name);
  await running;
  assert.deepEqual(happened.slice(-4), ['jobs stops', 'bus stops', 'connections close', 'stopped']);
});

test('work that does not finish within the shutdown time is left to other processes', async () => {
  const { happened, clock, stop, start, finish } = installation();
  const running = start();
  stop.abort();
  await setImmediate();
  await finish('server');
  await finish('jobs');
  await clock.advance(shutdownMs + closingMs - 1);
  assert.ok(!happened.some((line) => line.startsWith('stopped')));
  await clock.advance(1);
  await running;
  assert.equal(happened.at(-1), 'stopped before all work was finished; other processes take over the rest');
  assert.ok(!happened.includes('connections close'), 'what still uses the database keeps its connections');
});
