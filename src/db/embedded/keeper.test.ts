import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { patienceMs, TestClock } from '../../../test/harness/clock.ts';
import { refused } from '../../../test/harness/embedded.ts';
import { keepRunning } from './keeper.ts';
import { processMark } from './process.ts';
import type { ProcessMark } from './process.ts';

interface Scene {
  readonly kept: Promise<void>;
  readonly lines: string[];
  /** The started processes, including the first. */
  readonly started: ChildProcess[];
  readonly end: AbortController;
  /** Advances the clock until the condition is true. */
  until(condition: () => boolean): Promise<void>;
  readonly clock: TestClock;
}

/** Processes that stand in for the postmaster; `starts` decides whether a try succeeds. */
async function keeping(t: TestContext, starts: (tryNumber: number) => boolean): Promise<Scene> {
  const clock = new TestClock();
  const started: ChildProcess[] = [];
  const lines: string[] = [];
  const end = new AbortController();
  const begin = async (): Promise<ProcessMark | undefined> => {
    const child = spawn('sleep', ['1000']);
    started.push(child);
    await once(child, 'spawn');
    return processMark(child.pid ?? 0);
  };
  t.after(() => started.forEach((child) => child.kill('SIGKILL')));
  let tries = 0;
  const kept = keepRunning({
    mark: (await begin()) ?? assert.fail(),
    begin: async () => {
      tries += 1;
      if (!starts(tries)) throw new Error('the disk is gone');
      return begin();
    },
    clock,
    signal: end.signal,
    log: (line) => lines.push(line),
  });
  return {
    kept,
    lines,
    started,
    end,
    clock,
    async until(condition) {
      const deadline = performance.now() + patienceMs;
      while (!condition()) {
        assert.ok(performance.now() < deadline, lines.join('\n'));
        await clock.advance(500);
      }
    },
  };
}

const kill = async (child: ChildProcess | undefined): Promise<void> => {
  child?.kill('SIGKILL');
  if (child !== undefined) await once(child, 'exit');
};

test('a postmaster that ends is restarted, even if the first tries fail', async (t) => {
  const { until, started, lines, end, kept } = await keeping(t, (number) => number >= 3);
  await kill(started[0]);
  await until(() => started.length === 2 && lines.length === 4);
  assert.match(lines[0] ?? '', /ended unexpectedly.*Restarting it/);
  assert.match(lines[1] ?? '', /try 1 of 5.*the disk is gone/);
  assert.match(lines[2] ?? '', /try 2 of 5/);
  assert.match(lines[3] ?? '', /is running again/);
  end.abort();
  await kept;
});

test('the keeper gives up after five tries; a minute of healthy running resets the count', async (t) => {
  const { until, started, lines, kept, clock } = await keeping(t, (number) => number <= 6);
  for (let times = 1; times <= 6; times += 1) {
    await clock.advance(60_000);
    await kill(started.at(-1));
    await until(() => started.length === times + 1 && lines.at(-1)?.includes('is running again') === true);
  }
  await clock.advance(60_000);
  await kill(started.at(-1));
  const given = assert.rejects(kept, refused(/cannot be restarted\. the disk is gone/));
  await until(() => lines.at(-1)?.includes('try 5 of 5') === true);
  await clock.advance(10_000);
  await given;
});

test('nothing is started after the abort', async (t) => {
  const { started, end, kept, lines } = await keeping(t, () => true);
  end.abort();
  await kill(started[0]);
  await kept;
  assert.deepEqual([started.length, lines], [1, []]);
});
