import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { GenerateResult } from 'selfsigned';
import { parseCidrs } from '../../base/cidr.ts';
import { authority, certificate } from '../../../test/harness/certificates.ts';
import { eventually, TestClock } from '../../../test/harness/clock.ts';
import { startImapScript, startScripted } from '../../../test/harness/scripted-server.ts';
import type { ImapScript, ScriptedServer, Step } from '../../../test/harness/scripted-server.ts';
import { openImap } from './imap.ts';
import type { ImapOptions } from './imap.ts';
import { trusting } from './connection.ts';
import type { Failure, Login, Security } from './transport.ts';

const password = 'correct horse battery staple';
const never = new AbortController().signal;

describe('IMAP connections', () => {
  let ca: GenerateResult;
  let tls: { key: string; cert: string };
  const closing: (() => unknown)[] = [];

  before(async () => {
    ca = await authority('Test CA');
    const { private: key, cert } = await certificate('mail.test', ca);
    tls = { key, cert };
  });
  after(async () => {
    for (const close of closing) await close();
  });

  const serve = async (script: ImapScript = {}): Promise<ScriptedServer> => {
    const server = await startImapScript({ tls, ...script });
    closing.push(() => server.close());
    return server;
  };

  interface To {
    readonly security?: Security;
    readonly login?: Login;
    readonly options?: Partial<ImapOptions>;
    readonly signal?: AbortSignal;
  }

  const open = async (
    { port }: { readonly port: number },
    { security = 'starttls', login = { password }, options, signal = never }: To = {},
  ) => {
    const opened = await openImap(
      { host: 'mail.test', port, security, username: 'ada@lovelace.test' },
      login,
      {
        policy: { allow: parseCidrs('127.0.0.1'), allowHttp: false },
        resolve: async () => [{ address: '127.0.0.1', family: 4 }],
        clock: new TestClock(),
        secureContext: trusting(ca.cert),
        ...options,
      },
      signal,
    );
    if (opened.ok) closing.push(() => opened.client.close());
    return opened;
  };

  const failureOf = async (server: { readonly port: number }, to: To = {}): Promise<Failure> => {
    const opened = await open(server, to);
    assert.ok(!opened.ok, 'the connection was opened');
    return opened.failure;
  };

  for (const security of ['starttls', 'tls'] as const)
    test(`with ${security}, a client is logged in and lists folders`, async () => {
      const server = await serve({ implicit: security === 'tls' });
      const opened = await open(server, { security });
      assert.ok(opened.ok);
      assert.deepEqual(
        (await opened.client.list()).map(({ path }) => path),
        ['INBOX'],
      );
      await opened.client.logout();
      const plain = Buffer.from(`\0ada@lovelace.test\0${password}`).toString('base64');
      assert.ok(server.lines.includes(plain));
    });

  test('an access token is sent with XOAUTH2', async () => {
    const server = await serve();
    assert.ok((await open(server, { login: { accessToken: 'ya29.token' } })).ok);
    const line = server.lines.find((sent) => sent.includes('AUTHENTICATE')) ?? '';
    assert.equal(
      Buffer.from(line.split(' ')[3] ?? '', 'base64').toString(),
      'user=ada@lovelace.test\u0001auth=Bearer ya29.token\u0001\u0001',
    );
  });

  test('without STARTTLS, and after a greeting that skips the login, nothing is sent that is secret', async () => {
    for (const script of [
      { steps: { CAPABILITY: 'OK done' } },
      { steps: { STARTTLS: 'NO not now' } },
      { greeting: '* PREAUTH welcome' },
    ]) {
      const server = await serve(script);
      assert.equal((await failureOf(server)).cause, 'host');
      assert.ok(!server.lines.some((line) => /LOGIN|AUTHENTICATE/.test(line)));
    }
  });

  test('plaintext goes to addresses that the operator allows, and to no others', async () => {
    const server = await startImapScript();
    closing.push(() => server.close());
    assert.ok((await open(server, { security: 'none' })).ok);
    const failure = await failureOf(server, {
      security: 'none',
      options: { resolve: async () => [{ address: '8.8.8.8', family: 4 }] },
    });
    assert.equal(failure.answer.error, 'PLAINTEXT');
    assert.equal(failure.cause, 'misconfigured');
  });

  const refusals: readonly (readonly [string, Failure['cause']])[] = [
    ['NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)', 'auth'],
    ['NO [ALERT] Application-specific password required', 'auth'],
    ['NO LOGIN failed.', 'auth'],
    ['BAD User is authenticated but not connected.', 'auth'],
    ['NO [UNAVAILABLE] Temporary authentication failure', 'auth_temporary'],
    ['NO [ALERT] Too many simultaneous connections. (Failure)', 'rate'],
  ];
  for (const [reply, cause] of refusals)
    test(`a login that is answered with "${reply}": ${cause}`, async () => {
      const failure = await failureOf(await serve({ steps: { AUTHENTICATE: reply } }));
      assert.deepEqual(failure, {
        cause,
        answer: { stage: 'auth', code: null, enhanced: null, error: null, text: reply },
      });
    });

  test('a server that offers no way to log in', async () => {
    const failure = await failureOf(await serve({ capabilities: ['LOGINDISABLED'] }));
    assert.equal(failure.cause, 'misconfigured');
    assert.equal(failure.answer.error, 'NOLOGIN');
  });

  test('a server that repeats credentials: its text is not shown', async () => {
    const failure = await failureOf(await serve({ steps: { AUTHENTICATE: `NO wrong: ${password}` } }));
    assert.equal(failure.answer.text, '(The server repeated credentials; its text is not shown.)');
  });

  test('BYE as a greeting is reported with its reason', async () => {
    const failure = await failureOf(await serve({ greeting: '* BYE Too many connections from your address' }));
    assert.equal(failure.cause, 'rate');
    assert.equal(failure.answer.text, 'BYE Too many connections from your address');
  });

  test('a server that never greets is given up after 30 s', async () => {
    const clock = new TestClock();
    const server = await serve({ implicit: true, greeting: () => {} });
    const failed = failureOf(server, { security: 'tls', options: { clock } });
    await eventually(() => clock.isSet(30_000), 'waiting for the greeting');
    await clock.advance(30_000);
    const { cause, answer } = await failed;
    assert.deepEqual(
      [cause, answer.stage, answer.text],
      ['host', 'greeting', 'The server did not answer within 30 s.'],
    );
    assert.equal(clock.pending, 0);
    await eventually(() => server.open === 0, 'closed');
  });

  test('a login that is never answered is given up after 60 s', async () => {
    const clock = new TestClock();
    let isSilent = false;
    const server = await serve({ steps: { AUTHENTICATE: () => void (isSilent = true) } });
    const failed = failureOf(server, { options: { clock } });
    await eventually(() => isSilent, 'silent');
    await clock.advance(60_000);
    assert.equal((await failed).cause, 'host');
  });

  test('an aborted attempt ends', async () => {
    const aborting = new AbortController();
    const server = await serve({ steps: { AUTHENTICATE: () => aborting.abort() } });
    assert.equal((await failureOf(server, { signal: aborting.signal })).answer.error, 'ABORTED');
  });

  for (const [title, banner] of [
    ['SMTP', '220 mail.test ESMTP\r\n'],
    ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['a flood without a line end', 'x'.repeat(20_000_000)],
    ['a flood of lines', 'hello\r\n'.repeat(3_000_000)],
  ])
    test(`a port that speaks another protocol gives a clear answer: ${title}`, async () => {
      const server = await startScripted(async (peer) => {
        peer.send(banner ?? '');
        await peer.line();
        peer.end();
      });
      closing.push(() => server.close());
      const { cause, answer } = await failureOf(server);
      assert.deepEqual([cause, answer.stage, answer.error], ['host', 'greeting', 'EPROTOCOL']);
      assert.equal(answer.text, (banner ?? '').slice(0, 1_000).replaceAll('\r\n', ' ').trim());
    });

  test('a greeting without an end is read up to a limit', async () => {
    const server = await startScripted(async (peer) => {
      peer.send(`* OK ${'x'.repeat(20_000_000)}`);
      await peer.line();
    });
    closing.push(() => server.close());
    assert.equal((await failureOf(server)).answer.text, 'The server sent more than 64 KB before the login.');
  });

  test('a connection whose server has fallen silent is closed', async () => {
    const clock = new TestClock();
    const server = await serve();
    const opened = await open(server, { options: { clock, silenceMs: 60_000 } });
    assert.ok(opened.ok);
    let isClosed = false;
    opened.client.on('close', () => (isClosed = true));
    await opened.client.noop();
    await clock.advance(60_000);
    assert.ok(!isClosed, 'there was an answer in the last minute');
    await clock.advance(60_000);
    await eventually(() => isClosed, 'closed');
    assert.equal(clock.pending, 0);
  });

  const faults: readonly (readonly [string, Step])[] = [
    ['closes', (peer) => peer.end()],
    ['resets', (peer) => peer.reset()],
    ['says nothing', () => {}],
    ['answers half a line and closes', (peer) => [peer.send('* O'), peer.end()]],
    ['answers garbage', (peer) => [peer.send('\u0000\u00ff{(((\r\n* OK ((((\r\n+ \r\n9999 OK done\r\n'), peer.end()]],
    ['announces a literal of 9 GB', (peer) => peer.send('* X {9000000000}\r\n')],
    ['floods', (peer) => peer.send('* OK more\r\n'.repeat(20_000))],
    ['nests lists', (peer) => peer.send(`* LIST ${'('.repeat(100_000)}\r\n`)],
    ['says goodbye', '* BYE'],
  ];
  for (const [title, step] of faults)
    test(`a server that ${title}, at whatever command, gives a failure and not an exception`, async () => {
      for (const command of ['greeting', 'CAPABILITY', 'STARTTLS', 'AUTHENTICATE', 'NAMESPACE']) {
        const server = await serve({
          capabilities: ['AUTH=PLAIN', 'NAMESPACE'],
          ...(command === 'greeting' ? { greeting: step } : { steps: { [command]: step } }),
        });
        const clock = new TestClock();
        let opened: Awaited<ReturnType<typeof open>> | undefined;
        void open(server, { options: { clock } }).then((result) => (opened = result));
        let aheadMs = 200;
        await eventually(async () => {
          await clock.advance((aheadMs *= 2));
          return opened !== undefined;
        }, `${title} at ${command}`);
        if (opened?.ok === true) opened.client.close();
        await eventually(() => clock.pending === 0, 'no timers are left');
      }
    });

  test('a connection that is reset, or answers garbage, does not end the process', async () => {
    for (const step of ['reset', 'garbage'] as const) {
      const server = await serve({
        steps: {
          NOOP: (peer) => {
            if (step === 'reset') peer.reset();
            else {
              peer.send(`* 1 FETCH (((((\r\n* ${'('.repeat(10_000)}\r\n`);
              peer.end();
            }
          },
        },
      });
      const opened = await open(server);
      assert.ok(opened.ok);
      await Promise.race([
        opened.client.noop().catch(() => {}),
        new Promise<void>((resolve) => opened.client.on('close', resolve)),
      ]);
    }
  });
});
