/** The check of commit messages, as the hook and `.ci/run` run it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../scripts/check-commits.mjs', import.meta.url));
const why = '\n\nThe timer fired for rows that were not due.\n';
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outrider-commits-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function problemsOf(message: string): Promise<string> {
  const file = join(folder, 'message');
  await writeFile(file, message);
  const { status, stderr } = spawnSync(process.execPath, [script, '--message', file], { encoding: 'utf8' });
  assert.equal(status, stderr === '' ? 0 : 1, stderr);
  return stderr;
}

describe('a commit message', () => {
  test('passes with an area, a summary and a reason', async () => {
    assert.equal(await problemsOf(`delivery: re-arm the claim timer from the next due row${why}`), '');
    assert.equal(await problemsOf(`crm/contacts: add \`timezone\`${why}`), '');
    assert.equal(await problemsOf(`docs: ${'x'.repeat(66)}${why}`), '');
  });

  test('passes when git wrote its subject', async () => {
    for (const subject of ['Merge branch "main"', 'Revert "http: close idle connections"', 'fixup! docs: fix a link'])
      assert.equal(await problemsOf(`${subject}\n`), '');
  });

  test('is refused for its subject', async () => {
    assert.match(await problemsOf(`Engine: claim in batches${why}`), /`area: imperative summary`/);
    assert.match(await problemsOf(`engine: Claim in batches${why}`), /`area: imperative summary`/);
    assert.match(await problemsOf(`claim in batches${why}`), /`area: imperative summary`/);
    assert.match(await problemsOf(`docs: ${'x'.repeat(67)}${why}`), /73 characters; at most 72/);
    assert.match(await problemsOf(`docs: fix a link.${why}`), /period/);
  });

  test('is refused without a blank line and a reason', async () => {
    for (const message of ['docs: fix a link\n', 'docs: fix a link\nIt was broken.\n', 'docs: fix a link\n\n \n'])
      assert.match(await problemsOf(message), /the reason for the change/);
  });

  test('does not count comments and the diff of --verbose as the reason', async () => {
    const scissors = '# ------------------------ >8 ------------------------\n';
    assert.match(await problemsOf(`docs: fix a link\n\n# Changes to be committed:\n`), /the reason/);
    assert.match(await problemsOf(`docs: fix a link\n\n${scissors}diff --git a/README.md b/README.md\n`), /the reason/);
  });
});

describe('the check of new commits', () => {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_SYSTEM: devNull,
    GIT_CEILING_DIRECTORIES: tmpdir(),
  };
  const git = (cwd: string, ...parameters: string[]): void => {
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@lovelace.example'];
    const { status, stderr } = spawnSync('git', [...identity, ...parameters], { cwd, env, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  };
  const check = (cwd: string): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [script], { cwd, env, encoding: 'utf8' });

  test('covers the commits after the one that added it, also in a shallow clone', async () => {
    const repository = join(folder, 'repository');
    await mkdir(join(repository, 'scripts'), { recursive: true });
    git(repository, 'init', '--quiet');
    git(repository, 'commit', '--quiet', '--allow-empty', '--message', 'An old message without a form');
    await cp(script, join(repository, 'scripts', 'check-commits.mjs'));
    git(repository, 'add', '.');
    git(repository, 'commit', '--quiet', '--message', 'Add the check');
    git(repository, 'commit', '--quiet', '--allow-empty', '--message', `docs: fix a link${why}`);
    assert.deepEqual([check(repository).status, check(repository).stdout], [0, 'commit messages: 1 checked\n']);

    git(repository, 'commit', '--quiet', '--allow-empty', '--message', 'Fix another link');
    const { status, stderr } = check(repository);
    assert.equal(status, 1);
    assert.match(stderr, /^[0-9a-f]+: the subject must be .*\n {4}Fix another link\n/);
    assert.ok(!stderr.includes('old message') && !stderr.includes('Add the check'));

    git(folder, 'clone', '--quiet', '--depth', '1', `file://${repository}`, 'shallow');
    assert.match(check(join(folder, 'shallow')).stdout, /^commit messages: 0 checked \(shallow clone/);
  });

  test('passes with a message where there is no git history', async () => {
    const bare = join(folder, 'unpacked');
    await mkdir(bare);
    const { status, stdout } = check(bare);
    assert.deepEqual([status, stdout], [0, 'commit messages are not checked: there is no git history\n']);
  });
});
