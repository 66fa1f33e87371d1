import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { before, describe, test } from 'node:test';
import { createServer, type TLSSocket } from 'node:tls';
import type { GenerateResult } from 'selfsigned';
import { authority, certificate } from '../../test/harness/certificates.ts';
import { TestClock } from '../../test/harness/clock.ts';
import { opened } from '../../test/harness/sending.ts';
import { gate, listening, tcpReceiver } from '../../test/harness/sockets.ts';
import type { Receiver } from '../../test/harness/sockets.ts';
import { parseCidrs } from './cidr.ts';
import { connectChecked, ConnectError } from './connect-checked.ts';
import type { ConnectOptions, ConnectPhase } from './connect-checked.ts';
import type { EgressPolicy, Resolve } from './egress.ts';

const policy: EgressPolicy = { allow: parseCidrs('127.0.0.0/8'), allowHttp: false };
const at =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: 4 }));
const options = (settings: Partial<ConnectOptions> = {}): ConnectOptions => ({
  policy,
  resolve: at('127.0.0.1'),
  timeoutMs: 10_000,
  clock: new TestClock(),
  ...settings,
});
const greeting = (text = 'hello'): Promise<Receiver> => opened(tcpReceiver((socket) => socket.end(text)));

async function textOf(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += String(chunk);
  return text;
}

describe('connectChecked', () => {
  let ca: GenerateResult;
  let trusted: GenerateResult;
  before(async () => {
    ca = await authority('Test CA');
    trusted = await certificate('mail.test', ca);
  });

  const tlsGreeting = (): Promise<Receiver> =>
    opened(
      listening(
        createServer({ key: trusted.private, cert: trusted.cert }, (socket) =>
          socket.end(String((socket as TLSSocket & { servername?: string | false }).servername)),
        ),
      ),
    );

  test('an unreachable network is an error of the attempt, with and without TLS', async () => {
    // The connection to a multicast address fails in the system call that begins it.
    const unreachable = options({
      policy: { allow: parseCidrs('224.0.0.1'), allowHttp: false },
      resolve: at('224.0.0.1'),
    });
    for (const target of [{ tls: {} }, {}])
      await assert.rejects(connectChecked({ host: 'mail.test', port: 465, ...target }, unreachable), {
        code: 'ENETUNREACH',
      });
  });

  test('connects over TCP to the address that was checked, by name or address', async () => {
    const { port } = await greeting();
    const looked: string[] = [];
    const resolve: Resolve = async (host) => {
      looked.push(host);
      return [{ address: '127.0.0.1', family: 4 }];
    };
    for (const host of ['mail.test', '127.0.0.1'])
      assert.equal(await textOf(await connectChecked({ host, port }, options({ resolve }))), 'hello');
    assert.deepEqual(looked, ['mail.test'], 'a name is looked up once, an address never');
  });

  test('connects over TLS with the name as server name, and reports each phase', async () => {
    const { port } = await tlsGreeting();
    const phases: ConnectPhase[] = [];
    const target = { host: 'mail.test.', port, tls: { ca: ca.cert } };
    const socket = await connectChecked(target, options({ onPhase: (phase) => phases.push(phase) }));
    assert.equal(await textOf(socket), 'mail.test');
    assert.deepEqual(phases, ['resolving', 'connecting', 'handshake', 'open']);
  });

  test('an untrusted certificate is the error of the socket, which is destroyed', async () => {
    const { port } = await tlsGreeting();
    let socket: Socket | undefined;
    await assert.rejects(
      connectChecked({ host: 'mail.test', port, tls: {} }, options({ onSocket: (opening) => (socket = opening) })),
      { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    );
    assert.equal(socket?.destroyed, true);
  });

  test('the next address is tried when one refuses', async () => {
    const { port } = await greeting();
    const socket = await connectChecked(
      { host: 'mail.test', port },
      options({ resolve: at('127.0.0.3', '127.0.0.1') }),
    );
    assert.equal(await textOf(socket), 'hello');
  });

  test('one address that is not allowed refuses the host, and nothing is connected', async () => {
    const receiver = await greeting();
    await assert.rejects(
      connectChecked({ host: 'mail.test', port: receiver.port }, options({ resolve: at('127.0.0.1', '10.0.0.5') })),
      (error) => {
        assert.ok(error instanceof ConnectError);
        assert.equal(error.reason, 'egress');
        assert.equal(error.message, 'The host mail.test resolves to an address that is not allowed.');
        assert.match(error.refusal.detail ?? '', /private address 10\.0\.0\.5/);
        return true;
      },
    );
    assert.equal(receiver.connections, 0);
  });

  test('a name that does not exist is reported as dns', async () => {
    const resolve: Resolve = () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }));
    await assert.rejects(connectChecked({ host: 'nobody.test', port: 25 }, options({ resolve })), {
      reason: 'dns',
      message: 'The host nobody.test does not exist in the DNS (ENOTFOUND).',
    });
  });

  test('the deadline covers lookup, connection and handshake, and leaves neither socket nor timer', async () => {
    const clock = new TestClock();
    const arrived = gate();
    const closed = gate();
    const silent = await opened(tcpReceiver((socket) => socket.on('close', closed.open).once('data', arrived.open)));
    const connecting = connectChecked({ host: 'mail.test', port: silent.port, tls: {} }, options({ clock }));
    await arrived.opened;
    assert.equal(clock.pending, 1);
    await Promise.all([
      assert.rejects(connecting, {
        reason: 'timeout',
        message: 'The host mail.test could not be reached within 10 s.',
      }),
      clock.advance(10_000),
    ]);
    await closed.opened;
    assert.equal(clock.pending, 0);
  });

  test('a lookup gets at most 5 s of a longer deadline', async () => {
    const clock = new TestClock();
    const connecting = connectChecked(
      { host: 'mail.test', port: 25 },
      options({ clock, resolve: () => new Promise(() => {}) }),
    );
    await Promise.all([
      assert.rejects(connecting, { reason: 'dns', message: 'The host mail.test was not resolved within 5 s.' }),
      clock.advance(5_000),
    ]);
    assert.equal(clock.pending, 0);
  });

  test('an aborted signal ends the attempt in any phase', async () => {
    const clock = new TestClock();
    const reason = new Error('no longer needed');
    await assert.rejects(
      connectChecked({ host: 'mail.test', port: 25 }, options({ clock, signal: AbortSignal.abort(reason) })),
      reason,
    );
    const silent = await opened(tcpReceiver(() => {}));
    const controller = new AbortController();
    const handshaking = gate();
    let socket: Socket | undefined;
    const connecting = connectChecked(
      { host: 'mail.test', port: silent.port, tls: {} },
      options({
        clock,
        signal: controller.signal,
        onSocket: (opening) => (socket = opening),
        onPhase: (phase) => void (phase === 'handshake' && handshaking.open()),
      }),
    );
    await handshaking.opened;
    controller.abort(reason);
    await assert.rejects(connecting, reason);
    assert.equal(socket?.destroyed, true);
  });
});
