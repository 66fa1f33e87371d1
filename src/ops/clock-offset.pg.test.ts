import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually, TestClock } from '../../test/harness/clock.ts';
import { installationScene } from '../../test/harness/installation.ts';
import { sql } from '../db/sql.ts';
import { dayMs } from '../base/clock.ts';

describe('a clock that differs from the database clock', () => {
  /** The machine's clock minus the database's. The product works by the database's, which is the test's clock. */
  let skewMs = 0;
  const clock = new TestClock();
  const scene = installationScene(() => ({ clock, systemClock: { now: () => clock.now() + skewMs } }));

  const status = async (): Promise<[number, unknown]> => {
    const reply = await scene.product.api('GET', '/readyz');
    return [reply.status, reply.json['status']];
  };
  const metric = async (): Promise<string | undefined> =>
    /^outrider_clock_offset_seconds (\S+)$/m.exec(await (await fetch(`${scene.product.url}/metrics`)).text())?.[1];
  const beat = (isDone: () => Promise<boolean>, what: string): Promise<void> =>
    eventually(async () => {
      await scene.clock.advance(5_000);
      return isDone();
    }, what);
  const anHourLater = (isDone: () => Promise<boolean>, what: string): Promise<void> =>
    eventually(async () => {
      await scene.clock.advance(3_600_000);
      return isDone();
    }, what);
  const partitions = async (): Promise<string[]> =>
    (
      await scene.product.db.query(sql<{ name: string }>`
        SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'public.events'::regclass ORDER BY 1`)
    ).map((row) => row.name);
  const publish = (key: string) => scene.product.api('POST', '/v1/events', { event: 'order.paid', data: { key } });
  const events = async (): Promise<number> =>
    (await scene.product.db.query(sql<{ n: number }>`SELECT count(*)::int AS n FROM events`))[0]?.n ?? -1;
  const hasLogged = (message: string): boolean =>
    scene.product.logged.some((line) => String(line['msg']).startsWith(message));

  test('past 5 s the process is not ready and reports the difference; the metric has no sign', async () => {
    scene.finally(() => {
      skewMs = 0;
    });
    assert.deepEqual(await status(), [200, 'ready']);
    skewMs = -4_000;
    await beat(async () => (await metric()) === '4', 'the offset is measured');
    assert.deepEqual(await status(), [200, 'ready']);
    skewMs = -6_000;
    await beat(async () => (await status())[0] === 503, 'not ready');
    assert.deepEqual(await status(), [503, 'clock differs from the database clock by -6.0 s']);
    assert.equal(await metric(), '6');
    assert.ok(hasLogged('the clock differs from the database clock'));
    skewMs = 0;
    await beat(async () => (await status())[0] === 200, 'ready again');
    assert.ok(hasLogged('the clock agrees with the database clock again'));
  });

  test('nothing is deleted while the database is 40 days ahead of the machine', async () => {
    const startMs = scene.clock.now();
    scene.finally(() => {
      skewMs = 0;
      scene.clock.set(startMs + 3_600_000);
    });
    await publish('before');
    const before = { events: await events(), partitions: await partitions() };
    assert.ok(before.events > 0);
    skewMs = -40 * dayMs;
    scene.clock.set(startMs + 40 * dayMs);
    await anHourLater(async () => hasLogged('retention skipped'), 'retention is skipped');
    assert.equal(await events(), before.events);
    const left = await partitions();
    for (const name of before.partitions) assert.ok(left.includes(name), `${name} is kept`);
  });

  test('when both clocks are 40 days ahead, the newest event still limits what is dropped', async () => {
    const startMs = scene.clock.now();
    scene.finally(() => scene.clock.set(startMs + 3_600_000));
    await publish('newest');
    const before = await events();
    scene.clock.set(startMs + 40 * dayMs);
    const logged = scene.product.logged.length;
    await anHourLater(
      async () =>
        (await partitions()).some((name) =>
          name.endsWith(new Date(scene.clock.now() + 7 * dayMs).toISOString().slice(0, 10).replaceAll('-', '')),
        ),
      'maintenance ran',
    );
    assert.equal(await events(), before);
    assert.ok(
      !scene.product.logged.slice(logged).some((line) => String(line['msg']).startsWith('retention: dropping')),
    );
  });

  test('partitions are logged before they are dropped', async () => {
    await publish('old');
    const [oldest = ''] = await partitions();
    scene.clock.set(scene.clock.now() + 32 * dayMs);
    await publish('new');
    await anHourLater(
      async () => !(await partitions()).includes(oldest) && (await events()) === 1,
      'all days but the newest are dropped',
    );
    const line = scene.product.logged.find((each) => each['msg'] === 'retention: dropping partitions');
    assert.ok(line !== undefined && (line['partitions'] as string[]).includes(oldest));
  });
});
