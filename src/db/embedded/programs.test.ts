import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { isRoot, needsRoot, scratchFor } from '../../../test/harness/embedded.ts';
import { systemAccount } from './account.ts';
import type { Account } from './account.ts';
import { runAs } from './cluster.ts';
import { findPackage, preparePrograms } from './programs.ts';
import type { Package } from './programs.ts';

suite('the programs of the npm package', () => {
  /** A package as npm unpacks it without install scripts, and without executable bits. */
  async function unpacked(to: string): Promise<Package> {
    const real = await findPackage();
    const native = join(to, 'native');
    await cp(real.native, native, { recursive: true, verbatimSymlinks: true });
    for (const name of await readdir(join(native, 'lib'))) {
      if ((await lstat(join(native, 'lib', name))).isSymbolicLink()) await rm(join(native, 'lib', name));
    }
    for (const program of ['initdb', 'postgres']) await chmod(join(native, 'bin', program), 0o644);
    return { ...real, native };
  }

  const runs = async (bin: string, account: Account | undefined): Promise<void> => {
    const { stdout } = await promisify(execFile)(join(bin, 'initdb'), ['--version'], runAs(account));
    assert.match(stdout, /PostgreSQL\) 18/);
  };
  const account = async (): Promise<Account | undefined> => (isRoot ? systemAccount(() => {}) : undefined);
  const nowhere = (): Promise<never> => Promise.reject(new Error('no copy was needed'));

  test('programs are completed in place', async (t) => {
    const { dir } = await scratchFor(t);
    const found = await unpacked(dir);
    const bin = await preparePrograms(found, await account(), nowhere, () => {});
    assert.equal(bin, join(found.native, 'bin'));
    await runs(bin, await account());
  });

  test('programs are copied once if the account cannot reach them', { skip: needsRoot }, async (t) => {
    const { dir } = await scratchFor(t);
    const closed = join(dir, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const found = await unpacked(closed);
    const lines: string[] = [];
    for (let start = 1; start <= 2; start += 1) {
      const bin = await preparePrograms(
        found,
        await account(),
        async () => dir,
        (line) => lines.push(line),
      );
      await runs(bin, await account());
    }
    assert.deepEqual(lines.length, 1);
    assert.deepEqual((await readdir(dir)).length, 2);
  });
});
