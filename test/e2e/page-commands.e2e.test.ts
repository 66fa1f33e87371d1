/** Runs the commands of README.md and docs in bash, each page from top to bottom, against a server. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { settings } from '../../src/base/config.ts';
import { clientVariables } from '../../src/cli/installation.ts';
import { testMasterKey } from '../harness/engine.ts';
import { makeFolder } from '../harness/outrider.ts';
import { installationScene } from '../harness/installation.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Commands that a test cannot run, with the reason. */
const left: readonly (readonly [RegExp, string])[] = [
  [/^npm (ci|install|start|run|test)/, 'installs, or runs until it is stopped'],
  [/^npx outrider listen/, 'runs until it is stopped; listen.e2e.test.ts'],
  [/^npx outrider rotate-master-key/, 'needs every server stopped; cli.e2e.test.ts'],
  [/^(sudo|docker|systemctl|git) /, 'changes the machine'],
  [/^aws /, 'needs an account'],
];
/** Commands that are meant to return an error. */
const refused = [/"colour":"red"/, / # (404|409|412): /];

/** curl must fail on error statuses. `npx outrider` runs this checkout. */
const prelude = String.raw`
set -eu -o pipefail
curl() { case " $* " in *" -fsS "*) command curl "$@" ;; *) command curl --fail-with-body "$@" ;; esac; }
npx() { shift; "$NODE" "$MAIN" "$@"; }
`;

/** The page's shell blocks as one script. Continued lines and heredocs stay together. */
function scriptOf(page: string, url: string, key: string): string {
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  const commands = blocks
    .flatMap((block) => block.replaceAll('\\\n', '\0').split('\n'))
    .map((line) => line.replaceAll('\0', '\\\n'));
  return commands
    .filter((command) => !left.some(([pattern]) => pattern.test(command)))
    .map((command) => (refused.some((pattern) => pattern.test(command)) ? `if ${command}\nthen exit 1; fi` : command))
    .join('\n')
    .replaceAll('http://localhost:8080', url)
    .replaceAll('otr_live_…', key);
}

const pages = [
  'README.md',
  ...(await readdir(join(root, 'docs'), { recursive: true }))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].sort();
const read = (page: string): Promise<string> => readFile(join(root, page), 'utf8');

const missing = ['bash', 'curl', 'jq', 'openssl'].filter((name) => spawnSync(name, ['--version']).error !== undefined);

describe(
  'the commands on the pages',
  { skip: missing.length === 0 ? false : `without ${missing.join(' and ')}` },
  () => {
    // Nothing leaves this machine: the pages' hosts do not resolve here.
    const scene = installationScene(() => ({
      resolve: () => Promise.reject(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' })),
    }));

    for (const page of pages) {
      test(page, async () => {
        const { url, withKey } = await scene.product.tenant();
        const { key } = await withKey({});
        const folder = await makeFolder();
        scene.finally(() => folder.remove());
        const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
        const env = {
          PATH,
          ...(NODE_COMPILE_CACHE === '' ? {} : { NODE_COMPILE_CACHE }),
          HOME: folder.path,
          NODE: process.execPath,
          MAIN: join(root, 'src', 'main.ts'),
          DATABASE_URL: scene.product.db.url,
          OUTRIDER_MASTER_KEY: testMasterKey.key.toString('base64'),
          OUTRIDER_PORT: '0',
        };
        const bash = spawn('bash', ['-x'], { cwd: folder.path, env, stdio: ['pipe', 'pipe', 'pipe'] });
        bash.stdin.end(prelude + scriptOf(await read(page), url, key));
        const [stdout, stderr, [code]] = await Promise.all([
          text(bash.stdout),
          text(bash.stderr),
          once(bash, 'close') as Promise<[number | null]>,
        ]);
        assert.equal(code, 0, `${stdout}\n${stderr}`);
      });
    }

    test('the pages name only variables that the server knows', async () => {
      const known = new Set<string>([
        ...Object.values(settings).map(({ variable }) => variable),
        ...Object.values(clientVariables),
      ]);
      for (const page of [...pages, 'sdk/README.md', 'compose.yaml', 'Dockerfile', 'CONTRIBUTING.md']) {
        for (const [name] of (await read(page)).matchAll(/\bOUTRIDER_(?!TEST_)[A-Z_]+[A-Z]\b/g))
          assert.ok(known.has(name), `${page} names ${name}`);
      }
    });
  },
);
