import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { contact, upsert } from '../../test/contacts.ts';
import { productScene } from '../../test/product.ts';

const page = fileURLToPath(new URL('../../docs/privacy.md', import.meta.url));

function hasTools(): boolean {
  try {
    execFileSync('bash', ['-c', 'type curl jq'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('docs/privacy.md', () => {
  const scene = productScene();

  test('its commands, one after the other in a shell, do what it says', { skip: hasTools() ? false : 'needs bash, curl and jq' }, async () => {
    const who = await scene.product.tenant();
    const email = 'ada@lovelace.example';
    const { id } = await contact(who, { email, first_name: 'Ada' });
    const another = await contact(who, { email: `n${email}`, first_name: 'Nada' });
    for (let batch = 0; batch < 11; batch += 1) {
      const events = Array.from({ length: 100 }, (_, n) => ({ event: 'order.paid', data: { to: email, n: batch * 100 + n } }));
      assert.equal((await who.api('POST', '/v1/events/batch', { events })).status, 202);
    }
    const blocks = [...(await readFile(page, 'utf8')).matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) =>
      block.replaceAll('http://localhost:8080', who.url),
    );
    assert.equal(blocks.length, 6);
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', blocks.join('\necho\n')], {
      env: { PATH: process.env['PATH'], OUTRIDER_KEY: who.key },
      timeout: 30_000,
      maxBuffer: 8 * 1024 * 1024,
    });
    // The second part of the export has the oldest events.
    assert.match(stdout, /"next_events_before":"[0-9a-f-]{36}"/);
    assert.match(stdout, /"n": 0\n/);
    assert.ok(stdout.includes(`"contact_id":"${id}"`));
    assert.deepEqual(await who.got('GET', `/v1/contacts/${another.id}`), another, 'whose address contains that of the erased');
    assert.deepEqual((await who.api('GET', '/v1/suppressions')).json.data, []);
    const [row] = await upsert(who, [{ email }]);
    assert.equal(row?.status, 'created');
  });
});
