import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import { databaseScene } from '../../test/harness/database.ts';
import { createBus, announce, type Notice } from './bus.ts';
import { connect } from './pool.ts';
import { sql } from './sql.ts';

describe('the bus', () => {
  const scene = databaseScene();

  test('the process that announces a notice hears it before the transaction returns, and not at all if it does not commit', async () => {
    const heard: (Notice | undefined)[] = [];
    // It does not run, so nothing arrives from PostgreSQL.
    const bus = createBus(scene.url, new TestClock(), (error) => assert.fail(error));
    bus.subscribe((notice) => heard.push(notice));
    const db = connect(scene.url, { max: 1 });
    scene.finally(() => db.close());
    await db.transaction(async (tx) => {
      await bus.announce(tx, { kind: 'keys' });
      assert.deepEqual(heard, []);
    });
    assert.deepEqual(heard, [{ kind: 'keys' }]);
    await assert.rejects(
      db.transaction(async (tx) => {
        await bus.announce(tx, { kind: 'endpoints' });
        throw new Error('no commit');
      }),
    );
    assert.deepEqual(heard, [{ kind: 'keys' }]);
  });

  test('an unreadable notice makes listeners check everything, and a failing listener does not stop the others', async () => {
    const errors: Error[] = [];
    const heard: (Notice | undefined)[] = [];
    const bus = createBus(scene.url, new TestClock(), (error) => errors.push(error));
    const failures = { wanted: false };
    bus.subscribe(() => {
      if (failures.wanted) throw new Error('a failing listener');
    });
    bus.subscribe((notice) => heard.push(notice));
    const stopping = new AbortController();
    const running = bus.run(stopping.signal);
    const db = connect(scene.url, { max: 1 });
    scene.finally(async () => {
      stopping.abort();
      await running;
      await db.close();
    });
    const until = async (count: number): Promise<void> => {
      while (heard.length < count) await new Promise((resolve) => setImmediate(resolve));
    };
    await until(1);
    heard.splice(0);
    const unreadable = [
      '',
      'null',
      'hello',
      '{"kind":',
      '[]',
      '5',
      '{"kind":"of a later version"}',
      '{"kind":"due"}',
      '{"kind":"due","endpoints":"all"}',
      '{"kind":"due","endpoints":[7]}',
      '{"kind":"due","endpoints":["no id"]}',
      '{"kind":"event_types"}',
      '{"kind":"event_types","organizationId":"no id"}',
    ];
    for (const payload of unreadable) await db.execute(sql`SELECT pg_notify('outrider', ${payload})`);
    await until(unreadable.length);
    assert.deepEqual(
      heard,
      unreadable.map(() => undefined),
    );
    assert.deepEqual(errors, []);

    failures.wanted = true;
    await announce(db, { kind: 'keys' });
    await until(unreadable.length + 1);
    assert.deepEqual(heard.at(-1), { kind: 'keys' });
    assert.deepEqual(
      errors.map(({ message }) => message),
      ['a failing listener'],
    );
  });
});
