import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { listed } from '../../test/contacts.ts';
import { productScene } from '../../test/product.ts';

const page = new URL('../../docs/imports.md', import.meta.url);

function hasTools(): boolean {
  try {
    execFileSync('bash', ['-c', 'type curl jq'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('docs/imports.md', () => {
  // Nothing leaves this machine: the page's host has no address here.
  const scene = productScene(() => ({ resolve: () => Promise.reject(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' })) }));

  test('its commands, one after the other in a shell, do what it says', { skip: hasTools() ? false : 'needs bash, curl and jq' }, async () => {
    const who = await scene.product.tenant();
    const [variables = '', ...blocks] = [...(await readFile(page, 'utf8')).matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
    assert.match(variables, /OUTRIDER=.*OUTRIDER_KEY=/s);
    assert.equal(blocks.length, 4);
    const folder = await mkdtemp(join(tmpdir(), 'outrider-page-'));
    scene.finally(() => rm(folder, { recursive: true }));
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', blocks.join('\n')], {
      cwd: folder,
      env: { PATH: process.env['PATH'], OUTRIDER: who.url, OUTRIDER_KEY: who.key },
      timeout: 30_000,
    });
    assert.ok(stdout.includes('"field": "company_name"'), stdout);
    assert.match(stdout, /"completed"\n\{[^}]*"rows_read":2,"created":1,[^}]*"rejected":1\}/);
    assert.match(stdout, /3,nobody,email: is not an e-mail address/);
    assert.deepEqual(
      (await listed(who)).map(({ email, company_name: company, tags }) => [email, company, tags]),
      [['ada@lovelace.example', 'Analytical Engines', ['fair']]],
    );
  });
});
