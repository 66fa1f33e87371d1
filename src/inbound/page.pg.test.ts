import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { productScene } from '../../test/product.ts';

const page = fileURLToPath(new URL('../../docs/inbound.md', import.meta.url));

function hasTools(): boolean {
  try {
    execFileSync('bash', ['-c', 'type curl jq openssl'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('docs/inbound.md', () => {
  const scene = productScene();

  test('its commands, one after the other in a shell, do what it says', { skip: hasTools() ? false : 'needs bash, curl, jq and openssl' }, async () => {
    const who = await scene.product.tenant();
    const [variables = '', ...blocks] = [...(await readFile(page, 'utf8')).matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
    assert.match(variables, /OUTRIDER=.*OUTRIDER_KEY=/s);
    assert.ok(blocks.length >= 4);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', blocks.join('\necho\n')], {
      env: { PATH: process.env['PATH'], OUTRIDER: who.url, OUTRIDER_KEY: who.key },
      timeout: 30_000,
    });
    assert.equal(stdout.match(/\{"received":true\}/g)?.length, 2, stdout);
    const { data } = (await who.api('GET', '/v1/inbound-events')).json as unknown as { data: { type: string; source_id: string | null }[] };
    assert.deepEqual(
      data.map(({ type, source_id: by }) => [type, by === null]),
      [
        ['email.delivered', true],
        ['email.bounced', false],
      ],
    );
    assert.ok(stdout.includes('"matched": false'));
  });
});
