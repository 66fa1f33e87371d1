import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { killed, otherProcess, refused, scratchFor } from '../../../test/harness/embedded.ts';
import { lockDataDir } from '../embedded.ts';

suite('the lock of a data folder', () => {
  test('the lock is refused while another process holds it, and taken over after that process was killed', async (t) => {
    const { dir } = await scratchFor(t);
    const server = await otherProcess(`await lockDataDir(${JSON.stringify(dir)})`);
    t.after(() => server.kill('SIGKILL'));
    await assert.rejects(
      lockDataDir(dir),
      refused(new RegExp(`process ${server.pid}\\) is using the data folder ${dir}`)),
    );
    await killed(server);
    await (await lockDataDir(dir)).release();
    assert.deepEqual(await readdir(dir), []);
  });

  test('exactly one of many starts takes over a stale lock, even if its pid is reused or it is unreadable', async (t) => {
    const { dir } = await scratchFor(t);
    for (const stale of [
      JSON.stringify({ pid: process.pid, start: 'another' }),
      JSON.stringify({ pid: 2 ** 30, start: '1' }),
      '{"pid":',
      '',
    ]) {
      for (let round = 0; round < 25; round += 1) {
        await writeFile(join(dir, 'server.pid'), stale);
        const results = await Promise.allSettled(Array.from({ length: 10 }, () => lockDataDir(dir)));
        const [won, ...others] = results.filter((result) => result.status === 'fulfilled');
        assert.equal(others.length, 0);
        await won?.value.release();
        assert.deepEqual(await readdir(dir), []);
      }
    }
  });

  test('a lock is taken over even if the process that was taking it over was killed too', async (t) => {
    const { dir } = await scratchFor(t);
    const stale = JSON.stringify({ pid: 2 ** 30, start: '1' });
    await writeFile(join(dir, 'server.pid'), stale);
    await writeFile(
      join(dir, `server.pid.claim-${createHash('sha256').update(stale).digest('hex').slice(0, 16)}`),
      JSON.stringify({ pid: 2 ** 30, start: '2' }),
    );
    const lock = await lockDataDir(dir);
    assert.deepEqual(await readdir(dir), ['server.pid']);
    await assert.rejects(lockDataDir(dir), refused(new RegExp(`process ${process.pid}\\)`)));
    await lock.release();
    assert.deepEqual(await readdir(dir), []);
  });
});
