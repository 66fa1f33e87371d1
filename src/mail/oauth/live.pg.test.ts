import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { clientId, clientSecret, startAuthorizationServer } from '../../../test/harness/authorization-server.ts';
import type { TestAuthorizationServer } from '../../../test/harness/authorization-server.ts';
import { callerOf } from '../../../test/harness/caller.ts';
import type { Fields } from '../../../test/harness/caller.ts';
import { authority, certificate } from '../../../test/harness/certificates.ts';
import { TestClock } from '../../../test/harness/clock.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import { startImapScript, startSmtpScript } from '../../../test/harness/scripted-server.ts';
import type { ScriptedServer } from '../../../test/harness/scripted-server.ts';
import type { Server } from '../autoconfig/index.ts';

/** SASL XOAUTH2, as the provider's servers get it (developers.google.com/workspace/gmail/imap/xoauth2-protocol). */
const bearer = (token = ''): string =>
  Buffer.from(`user=ada@acme.test\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64');

/** An empty folder. */
const opened = ['FLAGS ()', '0 EXISTS', 'OK [UIDVALIDITY 1] ok', 'OK [UIDNEXT 1] ok']
  .map((text) => `* ${text}\r\n`)
  .join('');

describe('the test of an authorized mailbox', () => {
  const clock = new TestClock();
  let server: TestAuthorizationServer;
  let smtp: ScriptedServer;
  let imap: ScriptedServer;
  /** What the SMTP server answers to a token; undefined: it accepts it. */
  let refusal: string | undefined;
  after(async () => {
    await Promise.all([smtp.close(), imap.close(), server.close()]);
  });
  const scene = installationScene(async () => {
    server = await startAuthorizationServer(clock);
    const root = await authority('Mail CA');
    const { private: key, cert } = await certificate('localhost', root);
    const secure = { tls: { key, cert }, implicit: true };
    smtp = await startSmtpScript({
      ...secure,
      steps: { AUTH: (peer) => peer.send(`${refusal ?? '235 2.7.0 ok'}\r\n`) },
    });
    imap = await startImapScript({
      ...secure,
      steps: { EXAMINE: (peer, line) => peer.send(`${opened}${line.split(' ', 1)[0]} OK [READ-ONLY] done\r\n`) },
    });
    const at = (port: number): Server => ({ host: 'localhost', port, security: 'tls', username: 'address' });
    return {
      clock,
      ca: `${server.ca}\n${root.cert}`,
      oauthEndpoints: { google: { ...server, servers: { smtp: at(smtp.port), imap: at(imap.port) } } },
      config: { roles: ['api'], googleClientId: clientId, googleClientSecret: clientSecret },
    };
  });
  beforeEach(() => {
    server.claims = { email: 'ada@acme.test' };
    refusal = undefined;
  });

  test('logs in to both servers with the access token before the mailbox is stored', async () => {
    const tenant = await scene.product.tenant();
    const authorize = async () => {
      const { url } = await tenant.got('GET', '/v1/oauth/google/start?email=ada@acme.test');
      const { pathname, search } = server.agree(String(url));
      return callerOf(scene.product.url, '').api('GET', `${pathname}${search}`);
    };
    const stored = async (): Promise<readonly Fields[]> =>
      (await tenant.api('GET', '/v1/mailboxes')).json.data as readonly Fields[];

    refusal = '535 5.7.8 Username and Password not accepted';
    const refused = await authorize();
    assert.equal(refused.status, 400);
    assert.match(refused.text, /The mailbox was tested and not stored: smtp\./);
    assert.deepEqual(await stored(), []);

    refusal = undefined;
    const page = await authorize();
    assert.equal(page.status, 200, page.text);
    assert.deepEqual(
      (await stored()).map(({ email, status }) => [email, status]),
      [['ada@acme.test', 'connected']],
    );
    const login = bearer(server.accessTokens.at(-1));
    for (const { lines } of [smtp, imap]) assert.ok(lines.some((line) => line.includes(login)));
  });
});
