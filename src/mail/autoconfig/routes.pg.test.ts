import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { createDnsRecords } from '../../base/dns-records.ts';
import { principalOf, refused } from '../../../test/harness/calling.ts';
import { startNameServer } from '../../../test/harness/dns.ts';
import type { NameServer } from '../../../test/harness/dns.ts';
import { installationScene } from '../../../test/harness/installation.ts';

describe('POST /v1/mailboxes/autoconfig', () => {
  let server: NameServer;
  after(() => server.close());
  const scene = installationScene(async () => {
    server = await startNameServer({ 'acme.test': { mx: [[1, 'aspmx.l.google.com']] } });
    return {
      listens: false,
      config: { roles: ['api'] },
      dns: createDnsRecords([server.address]),
      resolve: () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' })),
    };
  });

  test('returns settings with their source and a hint, or what was tried', async () => {
    const { organization } = await scene.product.tenant();
    const principal = principalOf(organization.id);
    const find = async (email: string) => {
      const { body } = await scene.product.call(principal, 'POST', '/v1/mailboxes/autoconfig', { email });
      return (body as { data: Record<string, unknown> }).data;
    };
    assert.deepEqual(await find('Ada <Ada@Acme.test>'), {
      email: 'Ada@Acme.test',
      source: 'mx',
      provider: 'google',
      auth_hint: 'oauth',
      smtp: { host: 'smtp.gmail.com', port: 465, security: 'tls', username: 'Ada@Acme.test' },
      imap: { host: 'imap.gmail.com', port: 993, security: 'tls', username: 'Ada@Acme.test' },
      message: null,
      tried: [
        { source: 'provider', target: 'acme.test', outcome: 'nothing' },
        { source: 'mx', target: 'acme.test', outcome: 'found' },
      ],
    });
    const nothing = await find('ada@nobody.test');
    assert.deepEqual([nothing['source'], nothing['smtp'], nothing['auth_hint']], [null, null, null]);
    assert.match(String(nothing['message']), /^No settings were found for nobody\.test\./);
  });

  test('a bad address is refused by its field, and a key has 20 calls a minute', async () => {
    const { organization } = await scene.product.tenant();
    const principal = principalOf(organization.id);
    const find = (email: string): Promise<unknown> =>
      scene.product.call(principal, 'POST', '/v1/mailboxes/autoconfig', { email });
    for (const email of ['ada', 'a@b, c@d', 'ada@acme.test\r\nx'])
      await assert.rejects(find(email), refused('validation_failed', /^Invalid request: email: /));
    let calls = 0;
    await assert.rejects(
      async () => {
        for (; calls <= 20; calls += 1) await find('ada@gmail.com');
      },
      refused('rate_limit', /20 addresses a minute\. Try again in \d+ s\./),
    );
    assert.ok(calls <= 20);
  });
});
