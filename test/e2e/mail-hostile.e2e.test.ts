import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GenerateResult } from 'selfsigned';
import { authority, certificate } from '../harness/certificates.ts';
import { eventually } from '../harness/clock.ts';
import { startFaultSmtp } from '../harness/fault-smtp.ts';
import type { FaultSmtp, FaultSmtpOptions } from '../harness/fault-smtp.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { httpReceiver, tcpReceiver, answerOk } from '../harness/sockets.ts';

const password = 'correct horse battery';

interface Stage {
  readonly protocol: string;
  readonly stage: string;
  readonly ok: boolean;
  readonly message: string;
  readonly server_said?: string;
}

interface Check {
  readonly ok: boolean;
  readonly stages: readonly Stage[];
}

describe('a mailbox whose servers are wrong or hostile', () => {
  const connectedTo: string[] = [];
  let issuer: GenerateResult;
  const scene = installationScene(async () => {
    issuer = await authority('Test CA');
    return {
      ca: issuer.cert,
      resolve: (host: string) => {
        connectedTo.push(host);
        const address = { 'internal.test': '10.0.0.5', 'metadata.test': '169.254.169.254' }[host] ?? '127.0.0.1';
        return Promise.resolve([{ address, family: 4 as const }]);
      },
    };
  });

  async function smtp(options: FaultSmtpOptions = {}): Promise<FaultSmtp> {
    const server = await startFaultSmtp(options);
    scene.finally(() => server.close());
    return server;
  }

  const bodyFor = (server: Record<string, unknown>): Record<string, unknown> => ({
    email: 'grace@hopper.test',
    smtp: { host: 'mail.test', port: 1, security: 'none', username: 'grace@hopper.test', password, ...server },
  });

  const check = async (me: Tenant, server: Record<string, unknown>): Promise<Check> =>
    (await me.got('POST', '/v1/mailboxes/check', bodyFor(server))) as unknown as Check;

  /** Expects that the first failure is at a stage, with these words, and that creating the mailbox fails, too. */
  async function assertFails(server: Record<string, unknown>, stage: string, words: RegExp): Promise<Stage> {
    const me = await scene.product.tenant();
    const { ok, stages } = await check(me, server);
    const failed = stages.find((each) => !each.ok) ?? assert.fail('every stage passed');
    assert.equal(ok, false);
    assert.deepEqual([failed.protocol, failed.stage], ['smtp', stage], failed.message);
    assert.match(failed.message, words);
    const answer = await me.api('POST', '/v1/mailboxes', bodyFor(server));
    assert.equal(answer.status, 422, answer.text);
    assert.equal(answer.json.error?.code, 'validation_failed');
    assert.ok(!answer.text.includes(password));
    assert.deepEqual((await me.api('GET', '/v1/mailboxes')).json.data, []);
    return failed;
  }

  test('a host that resolves to a private address is refused, and its address is not revealed', async () => {
    for (const host of ['internal.test', 'metadata.test']) {
      const { message } = await assertFails({ host, port: 25 }, 'dns', /not allowed/);
      assert.doesNotMatch(message, /10\.0\.0\.5|169\.254/);
    }
    await assertFails({ host: '192.168.1.1', port: 25 }, 'dns', /private address/);
  });

  test('a port that speaks another protocol', async () => {
    const http = await httpReceiver(answerOk());
    const ssh = await tcpReceiver((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    scene.finally(() => Promise.all([http.close(), ssh.close()]));
    await assertFails({ port: ssh.port }, 'greeting', /./);
    await assertFails({ port: ssh.port, security: 'tls' }, 'tls', /TLS/);
    await assertFails({ port: http.port, security: 'tls' }, 'tls', /TLS/);
  });

  test('a certificate of another name, of another authority, or out of date', async () => {
    const days = [-3, -2] as const;
    for (const [pems, words] of [
      [await certificate('other.test', issuer), /other|name/],
      [await certificate('mail.test', await authority('Another CA')), /authority|trusted/],
      [await certificate('mail.test', issuer, ...days), /expired/],
    ] as const)
      for (const security of ['tls', 'starttls'] as const) {
        const server = await smtp({ security, credentials: { key: pems.private, cert: pems.cert } });
        await assertFails({ port: server.port, security }, 'tls', words);
        assert.equal(server.taken, 0);
      }
  });

  test('a server without STARTTLS gets no password', async () => {
    const logins: unknown[] = [];
    const server = await smtp({ login: (login) => logins.push(login) > 0 });
    await assertFails({ port: server.port, security: 'starttls' }, 'tls', /STARTTLS/);
    assert.deepEqual(logins, []);
  });

  test('a banner of 100 MB is read within bounds', async () => {
    for (const line of ['220-welcome\r\n', 'x']) {
      const server = await smtp({ faults: { greeting: { kind: 'flood', bytes: 100_000_000, line } } });
      await assertFails({ port: server.port }, 'greeting', /./);
      await eventually(() => server.open === 0, 'the connection is closed');
    }
  });

  test('a server that repeats the password does not make us repeat it', async () => {
    const text = `5.7.8 ${password} is wrong for ${Buffer.from(`\0grace@hopper.test\0${password}`).toString('base64')}`;
    const server = await smtp({ faults: { auth: { kind: 'reply', code: 535, text } } });
    const failed = await assertFails({ port: server.port }, 'auth', /password/);
    const everything = JSON.stringify(scene.product.logged) + JSON.stringify(failed);
    for (const secret of [password, Buffer.from(`\0grace@hopper.test\0${password}`).toString('base64')])
      assert.ok(!everything.includes(secret));
  });

  test('a server that never greets ends the check after its time', async () => {
    const me = await scene.product.tenant();
    const server = await smtp({ faults: { greeting: { kind: 'silence' } } });
    const pending = check(me, { port: server.port });
    await eventually(() => server.connections === 1, 'it is connected');
    await scene.clock.advance(30_000);
    const { stages } = await pending;
    const failed = stages.find(({ ok }) => !ok);
    assert.equal(failed?.stage, 'greeting');
    assert.match(failed.message, /said nothing/);
  });
});
