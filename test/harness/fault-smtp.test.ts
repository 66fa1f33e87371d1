import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { authority, certificate } from './certificates.ts';
import { eventually } from './clock.ts';
import type { Fault, FaultStage } from './fault-smtp-faults.ts';
import { startFaultSmtp } from './fault-smtp.ts';
import type { FaultSmtp, FaultSmtpOptions } from './fault-smtp.ts';
import { gate } from './sockets.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const message = 'Message-ID: <m1@one.test>\r\nSubject: hi\r\n\r\n..dot\r\nlast\r\n.\r\n';
const login = `AUTH PLAIN ${base64('\0me\0secret')}`;

interface Client {
  readonly socket: Socket;
  /** What the server sent so far. */
  readonly heard: string;
  /** `open` until the connection ended with FIN or RST. */
  readonly end: 'open' | 'closed' | 'reset';
  /** Sends the text and waits until the server has sent as many lines with a final code in all. */
  say(text: string, answers: number): Promise<void>;
}

describe('the fault SMTP server', () => {
  const ends: (() => unknown)[] = [];
  let ca = '';
  let credentials: { readonly key: string; readonly cert: string };
  before(async () => {
    const issuer = await authority('Test CA');
    const { private: key, cert } = await certificate('localhost', issuer);
    ca = issuer.cert;
    credentials = { key, cert };
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  after(() => assert.deepEqual(ends, []));

  async function serve(options: FaultSmtpOptions = {}): Promise<FaultSmtp> {
    const server = await startFaultSmtp(options);
    ends.push(() => server.close());
    return server;
  }

  function client(over: Socket): Client {
    let heard = '';
    let end: Client['end'] = 'open';
    over.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
    over.on('error', (error: NodeJS.ErrnoException) => (end = error.code === 'ECONNRESET' ? 'reset' : 'closed'));
    over.on('close', () => (end = end === 'open' ? 'closed' : end));
    ends.push(() => over.destroy());
    return {
      socket: over,
      get heard() {
        return heard;
      },
      get end() {
        return end;
      },
      async say(text, answers) {
        if (text !== '') over.write(`${text}\r\n`);
        await eventually(
          () => (heard.match(/^\d{3}(?: .*)?\r\n/gm) ?? []).length >= answers,
          `${answers} answers after ${text.split('\r\n')[0]}`,
        );
      },
    };
  }
  const dial = (server: FaultSmtp): Client => client(connect(server.port, '127.0.0.1'));

  /** Speaks until the stage that fails. */
  async function until(stage: FaultStage, server: FaultSmtp): Promise<Client> {
    const peer = dial(server);
    const steps: readonly (readonly [FaultStage, string])[] = [
      ['greeting', ''],
      ['ehlo', 'EHLO me'],
      ['auth', login],
      ['mail', 'MAIL FROM:<a@one.test>'],
      ['rcpt', 'RCPT TO:<b@two.test>'],
      ['data', 'DATA'],
      ['final', message.slice(0, -2)],
    ];
    for (const [index, [name, text]] of steps.entries()) {
      if (name === stage) {
        if (text !== '') peer.socket.write(`${text}\r\n`);
        return peer;
      }
      await peer.say(text, index + 1);
    }
    return peer;
  }

  test('takes messages with PLAIN, LOGIN and XOAUTH2, and records them without transparency dots', async () => {
    const logins: unknown[] = [];
    const server = await serve({ login: (given) => logins.push(given) > 0, now: () => 7 });
    const peer = dial(server);
    await peer.say(`EHLO me\r\n${login}\r\nMAIL FROM:<a@one.test>\r\nRCPT TO:<b@two.test>\r\nDATA`, 6);
    await peer.say(message.slice(0, -2), 7);
    await peer.say(`AUTH LOGIN\r\n${base64('me')}\r\n${base64('pass')}`, 10);
    await peer.say(`AUTH XOAUTH2 ${base64('user=me\x01auth=Bearer token\x01\x01')}`, 11);
    assert.deepEqual(logins, [
      { mechanism: 'PLAIN', user: 'me', secret: 'secret' },
      { mechanism: 'LOGIN', user: 'me', secret: 'pass' },
      { mechanism: 'XOAUTH2', user: 'me', secret: 'token' },
    ]);
    assert.deepEqual(
      server.messages.map(({ raw, ...rest }) => ({ ...rest, raw: raw.toString() })),
      [
        {
          connection: 0,
          user: 'me',
          from: 'a@one.test',
          to: ['b@two.test'],
          messageId: '<m1@one.test>',
          atMs: 7,
          outcome: 'accepted',
          raw: 'Message-ID: <m1@one.test>\r\nSubject: hi\r\n\r\n.dot\r\nlast\r\n',
        },
      ],
    );
    assert.equal(server.taken, 1);
  });

  test('finds the final dot wherever the chunks of the body are cut', async () => {
    const server = await serve({ authRequired: false });
    for (let cut = 1; cut < message.length; cut += 1) {
      const peer = dial(server);
      peer.socket.setNoDelay();
      await peer.say('MAIL FROM:<a@one.test>\r\nRCPT TO:<b@two.test>\r\nDATA', 4);
      peer.socket.write(message.slice(0, cut));
      await new Promise(setImmediate);
      peer.socket.write(message.slice(cut));
      await peer.say('', 5);
      peer.socket.destroy();
    }
    assert.equal(server.taken, message.length - 1);
    assert.equal(new Set(server.messages.map(({ raw }) => raw.toString())).size, 1);
  });

  test('refuses a login, and MAIL without one', async () => {
    const server = await serve({ login: ({ secret }) => secret === 'other' });
    const peer = dial(server);
    await peer.say(`${login}\r\nMAIL FROM:<a@one.test>`, 3);
    await peer.say(`AUTH XOAUTH2 ${base64('user=me\x01auth=Bearer token\x01\x01')}\r\n`, 5);
    assert.deepEqual(peer.heard.match(/^\d{3}/gm), ['220', '535', '530', '334', '535']);
  });

  for (const security of ['tls', 'starttls'] as const)
    test(`secures a connection: ${security}`, async () => {
      const server = await serve({ security, credentials });
      const plain = security === 'starttls' ? dial(server) : undefined;
      await plain?.say('MAIL FROM:<a@one.test>\r\nSTARTTLS', 3);
      assert.equal(plain?.heard.includes('530 5.7.0'), security === 'starttls' ? true : undefined);
      const options = { ca, servername: 'localhost' };
      const peer = client(
        connectTls(
          plain === undefined
            ? { ...options, port: server.port, host: '127.0.0.1' }
            : { ...options, socket: plain.socket },
        ),
      );
      const greetings = security === 'tls' ? 1 : 0;
      await peer.say(`EHLO me\r\n${login}\r\nMAIL FROM:<a@one.test>\r\nRCPT TO:<b@two.test>\r\nDATA`, 5 + greetings);
      await peer.say(message.slice(0, -2), 6 + greetings);
      assert.equal(server.messages[0]?.outcome, 'accepted');
      server.faults = { mail: { kind: 'reset' } };
      peer.socket.write('MAIL FROM:<a@one.test>\r\n');
      await eventually(() => peer.end !== 'open', 'the reset arrived');
    });

  const stages = ['greeting', 'ehlo', 'auth', 'mail', 'rcpt', 'data', 'final'] as const;
  test('fails at every stage with a code, a close, a reset and half an answer', async () => {
    const faults: readonly (readonly [Fault, (peer: Client) => boolean])[] = [
      [
        { kind: 'reply', code: 451, text: '4.3.0 one\ntwo' },
        ({ heard }) => heard.endsWith('451-4.3.0 one\r\n451 two\r\n'),
      ],
      [
        { kind: 'reply', code: 421, text: '4.3.2 bye' },
        ({ heard, end }) => heard.endsWith('421 4.3.2 bye\r\n') && end === 'closed',
      ],
      [{ kind: 'close' }, ({ end }) => end === 'closed'],
      [{ kind: 'reset' }, ({ end }) => end === 'reset'],
      [{ kind: 'partial', close: true }, ({ heard, end }) => end === 'closed' && !heard.endsWith('\n')],
      [
        { kind: 'garbage', bytes: 'HTTP/1.1 400 Bad Request\r\n\r\n' },
        ({ heard, end }) => heard.endsWith('Request\r\n\r\n') && end === 'closed',
      ],
      [{ kind: 'drip', everyMs: 1 }, ({ heard, end }) => heard.endsWith('\r\n') && end === 'open'],
    ];
    for (const stage of stages)
      for (const [fault, seen] of faults) {
        const server = await serve({ faults: { [stage]: fault } });
        const peer = await until(stage, server);
        await eventually(() => seen(peer), `${fault.kind} at ${stage}`);
        const expected = { reply: ['refused'], drip: ['accepted'] }[fault.kind as string] ?? ['lost'];
        await eventually(() => stage !== 'final' || server.messages.length === 1, 'the message is recorded');
        assert.deepEqual(
          server.messages.map(({ outcome }) => outcome),
          stage === 'final' ? expected : [],
          `${fault.kind} at ${stage}`,
        );
      }
  });

  test('a silent server never answers, and a flood goes on until it has sent everything', async () => {
    const silent = await serve({ faults: { final: { kind: 'silence' } } });
    const peer = await until('final', silent);
    await eventually(() => silent.messages[0]?.outcome === 'lost', 'the message is recorded');
    peer.socket.write('NOOP\r\n');
    const flooding = await serve({ faults: { greeting: { kind: 'flood', bytes: 3_000_000, line: '220-x\r\n' } } });
    const reader = dial(flooding);
    await eventually(() => reader.heard.length >= 3_000_000, 'everything arrived');
    assert.ok(peer.heard.endsWith('354 End data with <CR><LF>.<CR><LF>\r\n'));
    assert.deepEqual([peer.end, reader.end], ['open', 'open']);
  });

  test('answers 354 although the recipient was refused, as some servers do', async () => {
    const server = await serve({
      faults: { rcpt: { kind: 'reply', code: 550, text: '5.1.1 No such user' }, data: { kind: 'proceed' } },
    });
    const peer = dial(server);
    await peer.say(`${login}\r\nMAIL FROM:<a@one.test>\r\nRCPT TO:<b@two.test>\r\nDATA`, 5);
    assert.deepEqual(peer.heard.match(/^\d{3}/gm), ['220', '235', '250', '550', '354']);
  });

  test('a fault of the body ends the session, and nothing is recorded', async () => {
    for (const fault of [{ kind: 'close' }, { kind: 'reset' }, { kind: 'reply', code: 421, text: 'bye' }] as const) {
      const server = await serve({
        faults: ({ stage, to }) => (stage === 'body' && to[0] === 'b@two.test' ? fault : undefined),
      });
      const peer = await until('final', server);
      await eventually(() => peer.end !== 'open', 'the session ended');
      assert.deepEqual(server.messages, []);
    }
  });

  test('a message whose client has gone before a delayed answer was taken, and its answer lost', async () => {
    const { opened, open } = gate();
    const server = await serve({ faults: { final: { kind: 'delay', until: opened } } });
    const gone = await until('final', server);
    const patient = await until('final', server);
    gone.socket.destroy();
    await eventually(() => server.messages.length === 1, 'it is recorded');
    open();
    await patient.say('', 7);
    assert.deepEqual(
      server.messages.map(({ outcome }) => outcome),
      ['lost', 'accepted'],
    );
  });

  test('a TLS handshake fails as it is told', async () => {
    for (const fault of [{ kind: 'garbage', bytes: '220 hello\r\n' }, { kind: 'close' }] as const) {
      const server = await serve({ security: 'tls', credentials, faults: { tls: fault } });
      const peer = client(connectTls({ ca, port: server.port, host: '127.0.0.1', servername: 'localhost' }));
      await eventually(() => peer.end !== 'open', 'the handshake failed');
    }
  });
});
