import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { GenerateResult } from 'selfsigned';
import { parseCidrs } from '../../base/cidr.ts';
import { authority, certificate } from '../../../test/harness/certificates.ts';
import { eventually, TestClock } from '../../../test/harness/clock.ts';
import { startScripted, startSmtpScript } from '../../../test/harness/scripted-server.ts';
import type { SmtpScript, SmtpServer, Step } from '../../../test/harness/scripted-server.ts';
import { createSmtpSubmitter } from './smtp.ts';
import type { SmtpOptions } from './smtp.ts';
import { trusting } from './connection.ts';
import type { Failure, Login, Security, ServerSettings, Submission, Submitter } from './transport.ts';

const raw = Buffer.from('Subject: hello\r\n\r\nFirst line\r\n.second line\r\n');
const envelope = { from: 'ada@lovelace.test', to: 'grace@hopper.test' };
const password = 'correct horse battery staple';
const never = new AbortController().signal;

describe('SMTP submission', () => {
  let ca: GenerateResult;
  let tls: { key: string; cert: string };
  const closing: (() => Promise<unknown>)[] = [];

  before(async () => {
    ca = await authority('Test CA');
    const { private: key, cert } = await certificate('mail.test', ca);
    tls = { key, cert };
  });
  after(async () => {
    for (const close of closing) await close();
  });

  const serve = async (script: SmtpScript = {}): Promise<SmtpServer> => {
    const server = await startSmtpScript({ tls, ...script });
    closing.push(() => server.close());
    return server;
  };

  interface To {
    readonly security?: Security;
    readonly host?: string;
    readonly clock?: TestClock;
    readonly login?: Login | (() => Promise<Login | Failure>);
    readonly options?: Partial<SmtpOptions>;
  }

  const submitterTo = (
    { port }: { readonly port: number },
    { security = 'starttls', host = 'mail.test', clock = new TestClock(), login = { password }, options }: To = {},
  ): Submitter => {
    const settings: ServerSettings = { host, port, security, username: 'ada@lovelace.test' };
    const submitter = createSmtpSubmitter(settings, login, {
      policy: { allow: parseCidrs('127.0.0.1'), allowHttp: false },
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      clock,
      secureContext: trusting(ca.cert),
      ...options,
    });
    closing.push(() => submitter.close());
    return submitter;
  };

  const outcomeOf = (submission: Submission): string =>
    'cause' in submission ? `${submission.outcome} ${submission.cause}` : submission.outcome;

  test('over STARTTLS, a message arrives byte for byte and the connection is kept for the next one', async () => {
    const server = await serve();
    const submitter = submitterTo(server);
    for (let count = 0; count < 3; count++) {
      const submission = await submitter.submit(raw, envelope, never);
      assert.equal(submission.outcome, 'accepted');
      assert.deepEqual(submission.answer, {
        stage: 'body',
        code: 250,
        enhanced: '2.0.0',
        error: null,
        text: '250 2.0.0 queued',
      });
    }
    await submitter.close();
    assert.equal(server.connections, 1);
    const stuffed = raw.toString().replace('\n.', '\n..');
    assert.deepEqual(server.messages, [stuffed, stuffed, stuffed]);
    assert.ok(server.lines.includes('EHLO lovelace.test'), 'the client calls itself by the domain of the user');
    assert.equal(server.lines.at(-1), 'QUIT');
  });

  test('a reconnect within a submission asks for the login again, and reports why there is none', async () => {
    let close = (): void => {};
    const server = await serve({
      steps: {
        '.': (peer) => {
          peer.send('250 ok\r\n');
          close = () => peer.end();
        },
      },
    });
    const failure: Failure = {
      cause: 'auth_temporary',
      answer: { stage: 'auth', code: null, enhanced: null, error: null, text: 'The token could not be renewed.' },
    };
    const logins: (Login | Failure)[] = [{ password }, { password }, failure];
    const submitter = submitterTo(server, { login: async () => logins.shift() ?? failure });
    for (const left of [2, 1]) {
      assert.equal(outcomeOf(await submitter.submit(raw, envelope, never)), 'accepted');
      assert.equal(logins.length, left);
      close();
    }
    assert.equal(outcomeOf(await submitter.submit(raw, envelope, never)), 'deferred auth_temporary');
    assert.equal(server.connections, 2);
  });

  test('over implicit TLS, and with the login LOGIN', async () => {
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const steps: Record<string, Step> = {
      AUTH: '334 VXNlcm5hbWU6',
      [base64('ada@lovelace.test').toUpperCase()]: '334 UGFzc3dvcmQ6',
      [base64(password).toUpperCase()]: '235 ok',
    };
    const server = await serve({ implicit: true, extensions: ['AUTH LOGIN'], steps });
    assert.equal(await submitterTo(server, { security: 'tls' }).ready(never), undefined);
  });

  test('plaintext goes to addresses that the operator allows, and to no others', async () => {
    const open = await startSmtpScript();
    closing.push(() => open.close());
    assert.equal(outcomeOf(await submitterTo(open, { security: 'none' }).submit(raw, envelope, never)), 'accepted');

    const failure = await submitterTo(open, {
      security: 'none',
      options: { resolve: async () => [{ address: '8.8.8.8', family: 4 }] },
    }).ready(never);
    assert.equal(failure?.cause, 'misconfigured');
    assert.equal(failure.answer.error, 'PLAINTEXT');
  });

  test('a host that resolves to a private address is not called, and the address is not named', async () => {
    const server = await serve();
    const failure = await submitterTo(server, {
      options: { resolve: async () => [{ address: '10.0.0.5', family: 4 }] },
    }).ready(never);
    assert.equal(failure?.cause, 'misconfigured');
    assert.equal(failure.answer.text, 'The host mail.test resolves to an address that is not allowed.');
    assert.equal(server.connections, 0);
  });

  test('without STARTTLS, nothing is sent that is secret', async () => {
    for (const steps of [{ STARTTLS: '454 4.7.0 not now' }, { EHLO: '250 mail.test', STARTTLS: '502 no' }]) {
      const server = await serve({ steps });
      const failure = await submitterTo(server).ready(never);
      assert.equal(failure?.cause, 'host');
      assert.equal(failure.answer.stage, 'tls');
      assert.ok(!server.lines.some((line) => line.startsWith('AUTH')));
    }
  });

  const ends: readonly { readonly title: string; readonly step: Step }[] = [
    { title: 'closes the connection', step: (peer) => peer.end() },
    { title: 'resets the connection', step: (peer) => peer.reset() },
    {
      title: 'sends half a reply and closes',
      step: (peer) => {
        peer.send('25');
        peer.end();
      },
    },
  ];
  for (const { title, step } of ends) {
    for (const verb of ['MAIL', 'RCPT', 'DATA'])
      for (const extensions of [['AUTH PLAIN'], ['AUTH PLAIN', 'PIPELINING']]) {
        test(`a server that ${title} at ${verb} with ${extensions.join(', ')}: the message was not sent`, async () => {
          const server = await serve({ extensions, steps: { [verb]: step } });
          const submission = await submitterTo(server).submit(raw, envelope, never);
          assert.equal(outcomeOf(submission), 'deferred transient');
          assert.deepEqual(server.messages, []);
        });
      }
    test(`a server that ${title} after the final dot: the message may have been sent`, async () => {
      const server = await serve({ steps: { '.': step } });
      assert.equal(outcomeOf(await submitterTo(server).submit(raw, envelope, never)), 'unknown');
      assert.equal(server.messages.length, 1);
    });
  }

  for (const first of ['451 4.3.0 later', '550 5.1.1 no such user', '250 2.0.0 queued'])
    test(`a server that answers the final dot twice, first with ${first}: the message may have been sent`, async () => {
      const server = await serve({ steps: { '.': (peer) => peer.send(`${first}\r\n250 2.0.0 queued\r\n`) } });
      assert.equal(outcomeOf(await submitterTo(server).submit(raw, envelope, never)), 'unknown');
    });

  for (const { verb, waitMs, outcome } of [
    { verb: 'MAIL', waitMs: 60_000, outcome: 'deferred transient' },
    { verb: 'RCPT', waitMs: 60_000, outcome: 'deferred transient' },
    { verb: 'DATA', waitMs: 60_000, outcome: 'deferred transient' },
    { verb: '.', waitMs: 600_000, outcome: 'unknown' },
  ]) {
    test(`silence at ${verb} ends after ${waitMs / 1000} s: ${outcome}`, async () => {
      const clock = new TestClock();
      let isSilent = false;
      const server = await serve({ extensions: ['AUTH PLAIN'], steps: { [verb]: () => void (isSilent = true) } });
      let submission: Submission | undefined;
      const submitted = submitterTo(server, { clock })
        .submit(raw, envelope, never)
        .then((result) => (submission = result));
      await eventually(() => isSilent, 'silent');
      await clock.advance(waitMs - 1);
      assert.equal(submission, undefined);
      await clock.advance(1);
      assert.equal(outcomeOf(await submitted), outcome);
      assert.equal(clock.pending, 0);
    });
  }

  test('a server that stops reading in the middle of the body: the message may have been sent', async () => {
    const clock = new TestClock();
    let isStuck = false;
    const server = await serve({
      steps: {
        DATA: async (peer) => {
          peer.send('354 go on\r\n');
          await peer.line();
          peer.pause();
          isStuck = true;
          await new Promise(() => {});
        },
      },
    });
    const submitted = submitterTo(server, { clock }).submit(Buffer.alloc(30_000_000, 'x\r\n'), envelope, never);
    await eventually(() => isStuck, 'stuck');
    await clock.advance(600_000);
    assert.equal(outcomeOf(await submitted), 'unknown');
  });

  test('an aborted attempt ends: before the body it is certain that nothing was sent', async () => {
    for (const [verb, outcome] of [
      ['RCPT', 'deferred transient'],
      ['.', 'unknown'],
    ] as const) {
      const aborting = new AbortController();
      const server = await serve({ extensions: ['AUTH PLAIN'], steps: { [verb]: () => aborting.abort() } });
      assert.equal(outcomeOf(await submitterTo(server).submit(raw, envelope, aborting.signal)), outcome);
    }
  });

  test('after a refused recipient the same connection sends the next message', async () => {
    for (const extensions of [['AUTH PLAIN'], ['AUTH PLAIN', 'PIPELINING']]) {
      let count = 0;
      const server = await serve({
        extensions,
        steps: {
          RCPT: (peer) => peer.send(count++ === 0 ? '550 5.1.1 no such user\r\n' : '250 ok\r\n'),
          DATA: (peer) => peer.send('554 5.5.1 no valid recipients\r\n'),
        },
      });
      const submitter = submitterTo(server);
      assert.equal(outcomeOf(await submitter.submit(raw, envelope, never)), 'rejected hard');
      await submitter.submit(raw, envelope, never);
      assert.ok(server.lines.includes('RSET'));
      assert.equal(server.connections, 1);
    }
  });

  test('a server that takes the body although it refused the recipient gets an empty message', async () => {
    const server = await serve({ steps: { RCPT: '550 5.1.1 no such user' } });
    assert.equal(outcomeOf(await submitterTo(server).submit(raw, envelope, never)), 'rejected hard');
    assert.deepEqual(server.messages, ['']);
  });

  test('a connection that the server closed while it was idle is replaced', async () => {
    let close = (): void => {};
    const server = await serve({
      steps: {
        '.': (peer) => {
          peer.send('250 ok\r\n');
          close = () => peer.end();
        },
      },
    });
    const submitter = submitterTo(server);
    assert.equal(outcomeOf(await submitter.submit(raw, envelope, never)), 'accepted');
    close();
    assert.equal(outcomeOf(await submitter.submit(raw, envelope, never)), 'accepted');
    assert.equal(server.connections, 2);
    assert.equal(server.messages.length, 2);
  });

  test('a reply before the end of the body is not an acceptance', async () => {
    const server = await serve({ steps: { DATA: '354 go on\r\n250 ok' } });
    const submission = await submitterTo(server).submit(Buffer.alloc(30_000_000, 'x'), envelope, never);
    assert.equal(outcomeOf(submission), 'unknown');
  });

  test('a local part that is not ASCII is refused before MAIL, and before connecting once that is known', async () => {
    const server = await serve();
    const submitter = submitterTo(server);
    const international = { ...envelope, to: 'jörg@hopper.test' };
    assert.equal(outcomeOf(await submitter.submit(raw, international, never)), 'rejected needs_smtputf8');
    assert.ok(!server.lines.some((line) => line.startsWith('MAIL')));

    const known = submitterTo(server, { options: { smtputf8: false } });
    const { connections } = server;
    assert.equal(outcomeOf(await known.submit(raw, international, never)), 'rejected needs_smtputf8');
    assert.equal(server.connections, connections);

    const able = await serve({ extensions: ['AUTH PLAIN', 'SMTPUTF8', '8BITMIME'] });
    assert.equal(outcomeOf(await submitterTo(able).submit(raw, international, never)), 'accepted');
    assert.ok(able.lines.includes('MAIL FROM:<ada@lovelace.test> SMTPUTF8 BODY=8BITMIME'));
  });

  test('domains are sent in A-labels', async () => {
    const server = await serve();
    await submitterTo(server).submit(raw, { from: 'ada@exämple.test', to: 'grace@例え.test' }, never);
    assert.ok(server.lines.includes('MAIL FROM:<ada@xn--exmple-cua.test>'));
    assert.ok(server.lines.includes('RCPT TO:<grace@xn--r8jz45g.test>'));
  });

  for (const address of ['a@b.test>\r\nRCPT TO:<x@y.test', 'a\0@b.test', 'a b@c.test', 'nobody', '@b.test', 'a@'])
    test(`the address ${JSON.stringify(address)} is refused without connecting`, async () => {
      const server = await serve();
      const submitter = submitterTo(server);
      assert.equal(outcomeOf(await submitter.submit(raw, { ...envelope, to: address }, never)), 'rejected content');
      assert.equal(
        outcomeOf(await submitter.submit(raw, { ...envelope, from: address }, never)),
        'rejected misconfigured',
      );
      assert.equal(server.connections, 0);
    });

  test('XOAUTH2 sends the token once and reports the reason of the server', async () => {
    const good = await serve();
    assert.equal(await submitterTo(good, { login: { accessToken: 'ya29.token' } }).ready(never), undefined);
    const sent = good.lines.find((line) => line.startsWith('AUTH'))?.split(' ') ?? [];
    assert.deepEqual(sent.slice(0, 2), ['AUTH', 'XOAUTH2']);
    assert.equal(
      Buffer.from(sent[2] ?? '', 'base64').toString(),
      'user=ada@lovelace.test\u0001auth=Bearer ya29.token\u0001\u0001',
    );

    const bad = await serve({
      steps: { AUTH: '334 eyJzdGF0dXMiOiI0MDAifQ==', '': '535 5.7.8 Username and Password not accepted' },
    });
    const failure = await submitterTo(bad, { login: { accessToken: 'ya29.token' } }).ready(never);
    assert.deepEqual(failure, {
      cause: 'auth',
      answer: {
        stage: 'auth',
        code: 535,
        enhanced: '5.7.8',
        error: null,
        text: '535 5.7.8 Username and Password not accepted',
      },
    });
    assert.equal(bad.lines.filter((line) => line.startsWith('AUTH')).length, 1);
  });

  test('a temporary failure of the login is not a wrong password', async () => {
    const server = await serve({ steps: { AUTH: '454 4.7.0 Temporary authentication failure' } });
    assert.equal((await submitterTo(server).ready(never))?.cause, 'auth_temporary');
    assert.equal(outcomeOf(await submitterTo(server).submit(raw, envelope, never)), 'deferred auth_temporary');
  });

  test('a Message-ID that the server replaced is read from its reply', async () => {
    const outlook = await serve({
      steps: { '.': '250 2.0.0 OK <AM0PR01MB1@AM0PR01MB1.eurprd01.prod.outlook.com> [Hostname=AM0PR01MB1]' },
    });
    const submission = await submitterTo(outlook).submit(raw, envelope, never);
    assert.equal(
      submission.outcome === 'accepted' && submission.messageId,
      '<AM0PR01MB1@AM0PR01MB1.eurprd01.prod.outlook.com>',
    );

    const host = 'email-smtp.eu-west-1.amazonaws.com';
    const { private: key, cert } = await certificate(host, ca);
    const ses = await serve({ tls: { key, cert }, steps: { '.': '250 Ok 010001-abc-000000' } });
    const sent = await submitterTo(ses, { host }).submit(raw, envelope, never);
    assert.equal(sent.outcome === 'accepted' && sent.messageId, '<010001-abc-000000@eu-west-1.amazonses.com>');
  });

  test('what the server repeats of the login is not shown', async () => {
    for (const echo of [password, Buffer.from(`\0ada@lovelace.test\0${password}`).toString('base64')]) {
      const server = await serve({ steps: { AUTH: `535 5.7.8 wrong: ${echo}` } });
      const failure = await submitterTo(server).ready(never);
      assert.equal(failure?.cause, 'auth');
      assert.equal(failure.answer.text, '(The server repeated credentials; its text is not shown.)');
    }
  });

  test('control characters of a server are removed, and its text is bounded', async () => {
    const server = await serve({ steps: { AUTH: `535-5.7.8 a\u001B[31m\u0000b\r\n535 5.7.8 ${'c'.repeat(5_000)}` } });
    const { answer } = (await submitterTo(server).ready(never)) ?? {};
    assert.match(answer?.text ?? '', /^535 5\.7\.8 a \[31m b 5\.7\.8 c+$/);
    assert.equal(answer?.text.length, 1_000);
  });

  const floods: readonly { readonly title: string; readonly text: string }[] = [
    { title: 'without a line end', text: 'x'.repeat(65_536) },
    { title: 'of continuation lines', text: '220-hello\r\n'.repeat(6_000) },
    { title: 'of lines', text: 'hello\r\n'.repeat(9_000) },
  ];
  for (const { title, text } of floods)
    test(`a banner ${title} is read up to a limit`, async () => {
      const server = await startScripted(async (peer) => {
        for (let sent = 0; sent < 100_000_000; sent += text.length) peer.send(text);
        await peer.line();
      });
      closing.push(() => server.close());
      const failure = await submitterTo(server).ready(never);
      assert.equal(failure?.cause, 'host');
      assert.equal(failure.answer.stage, 'greeting');
      assert.ok(failure.answer.text.length <= 1_000);
    });

  test('a server that never greets, or only one byte at a time, is given up after 30 s', async () => {
    for (const first of ['', '220-']) {
      const clock = new TestClock();
      const server = await startScripted(async (peer) => {
        peer.send(first);
        await peer.line();
      });
      closing.push(() => server.close());
      const failed = submitterTo(server, { clock }).ready(never);
      await eventually(() => clock.isSet(30_000), 'waiting for the greeting');
      await clock.advance(30_000);
      const failure = await failed;
      assert.equal(failure?.cause, 'host');
      assert.equal(failure.answer.text, 'The server did not answer within 30 s.');
      assert.equal(clock.pending, 0);
    }
  });

  test('a port that speaks another protocol gives a clear answer', async () => {
    for (const [banner, text] of [
      ['SSH-2.0-OpenSSH_9.2\r\n', 'SSH-2.0-OpenSSH_9.2'],
      ['* OK IMAP4rev1 ready\r\n', '* OK IMAP4rev1 ready'],
    ]) {
      const server = await startScripted(async (peer) => {
        peer.send(banner ?? '');
        await peer.line();
      });
      closing.push(() => server.close());
      const failure = await submitterTo(server).ready(never);
      assert.deepEqual(failure, {
        cause: 'host',
        answer: { stage: 'greeting', code: null, enhanced: null, error: 'EPROTOCOL', text },
      });
    }
  });
});
