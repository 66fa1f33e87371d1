import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { IncomingMessage, RequestListener } from 'node:http';
import { connect } from 'node:net';
import { before, describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { GenerateResult } from 'selfsigned';
import { authority, certificate } from '../../../test/harness/certificates.ts';
import { answered, assertFailed, opened, requestTo, senderOf } from '../../../test/harness/sending.ts';
import { answerOk, httpReceiver, listening, tcpReceiver } from '../../../test/harness/sockets.ts';
import type { Receiver } from '../../../test/harness/sockets.ts';
import { parseCidrs } from '../../base/cidr.ts';
import type { SendRequest } from './sender.ts';

const httpsReceiver = (pems: GenerateResult, listener: RequestListener = answerOk()): Promise<Receiver> =>
  opened(listening(createServer({ key: pems.private, cert: pems.cert, keepAliveTimeout: 60_000 }, listener)));

const over = (receiver: Receiver, host = 'receiver.test'): SendRequest => ({
  ...requestTo(receiver),
  url: new URL(`https://${host}:${receiver.port}/`),
});

/** The server name that the sender sent in the handshake. */
const serverNameOf = (request: IncomingMessage): string =>
  (request.socket as TLSSocket & { readonly servername?: string | false }).servername || 'none';

describe('TLS', () => {
  let ca: GenerateResult;
  let trusted: GenerateResult;

  before(async () => {
    ca = await authority('Test CA');
    trusted = await certificate('receiver.test', ca);
  });

  /** A sender that resolves any name to this machine; http is not allowed. */
  const tlsSender = (authorities: string | undefined = ca.cert) =>
    senderOf({
      policy: { allow: parseCidrs('127.0.0.1'), allowHttp: false },
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      ...(authorities === undefined ? {} : { ca: authorities }),
    });

  test('with a trusted certificate, HTTP/1.1 is used, the server name is sent and the connection is kept', async () => {
    const seen: unknown[] = [];
    const receiver = await httpsReceiver(trusted, (request, response) => {
      seen.push([request.httpVersion, serverNameOf(request), (request.socket as TLSSocket).alpnProtocol]);
      response.end('ok');
    });
    const sender = tlsSender();
    const request = over(receiver);
    for (let count = 0; count < 3; count++) assert.equal(answered(await sender.send(request)).body, 'ok');
    assert.deepEqual(
      seen,
      Array.from({ length: 3 }, () => ['1.1', 'receiver.test', 'http/1.1']),
    );
    assert.equal(receiver.connections, 1);
  });

  test('a name with a trailing dot is the same name', async () => {
    const receiver = await httpsReceiver(trusted, (request, response) => response.end(serverNameOf(request)));
    assert.equal(answered(await tlsSender().send(over(receiver, 'receiver.test.'))).body, 'receiver.test');
  });

  test('with an address as host, no server name is sent and the certificate must be for the address', async () => {
    const receiver = await httpsReceiver(await certificate('localhost', ca), (request, response) =>
      response.end(serverNameOf(request)),
    );
    assert.equal(answered(await tlsSender().send(over(receiver, '127.0.0.1'))).body, 'none');
    const other = await httpsReceiver(trusted);
    assertFailed(await tlsSender().send(over(other, '127.0.0.1')), 'tls', /for another host name/);
  });

  test('the next connection resumes the TLS session', async () => {
    const reused: boolean[] = [];
    const receiver = await httpsReceiver(trusted, (request, response) => {
      reused.push((request.socket as TLSSocket).isSessionReused());
      response.setHeader('connection', 'close').end();
    });
    const sender = tlsSender();
    for (let count = 0; count < 3; count++) {
      answered(await sender.send(over(receiver)));
      while (sender.openSockets > 0) await new Promise(setImmediate);
    }
    assert.deepEqual(reused, [false, true, true]);
  });

  test('an invalid certificate is explained in plain words, and nothing is sent', async () => {
    const otherCa = await authority('Unknown CA');
    const cases: readonly (readonly [GenerateResult, string])[] = [
      [await certificate('receiver.test', ca, -10, -1), 'The TLS certificate has expired (CERT_HAS_EXPIRED).'],
      [await certificate('receiver.test', ca, 1, 10), 'The TLS certificate is not valid yet (CERT_NOT_YET_VALID).'],
      [
        await certificate('other.test', ca),
        'The TLS certificate is for another host name (ERR_TLS_CERT_ALTNAME_INVALID).',
      ],
      [await certificate('receiver.test'), 'The TLS certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT).'],
      [
        await certificate('receiver.test', otherCa),
        'The TLS certificate was issued by an unknown authority, or the intermediate certificate is missing (UNABLE_TO_VERIFY_LEAF_SIGNATURE).',
      ],
    ];
    for (const [pems, message] of cases) {
      let requests = 0;
      const receiver = await httpsReceiver(pems, () => requests++);
      const sender = tlsSender();
      assertFailed(await sender.send(over(receiver)), 'tls', message);
      assert.equal(requests, 0);
      assert.equal(sender.openSockets, 0);
    }
  });

  test('an authority is trusted only by the sender that was given it', async () => {
    const receiver = await httpsReceiver(trusted);
    const sender = senderOf({
      policy: { allow: parseCidrs('127.0.0.1'), allowHttp: false },
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    assertFailed(await sender.send(over(receiver)), 'tls', /unknown authority/);
  });

  test('a receiver without TLS, with an old version of it, or that hangs up, is a TLS failure', async () => {
    const plain = await opened(httpReceiver(answerOk()));
    assertFailed(await tlsSender().send(over(plain)), 'tls', /^receiver\.test:\d+ does not speak TLS \(/);

    const old = createServer({
      key: trusted.private,
      cert: trusted.cert,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    assertFailed(
      await tlsSender().send(over(await opened(listening(old)))),
      'tls',
      /^The TLS handshake failed \(ERR_SSL_[A-Z0-9_]+\)\.$/,
    );

    const rude = await opened(tcpReceiver((socket) => socket.once('data', () => socket.destroy())));
    assertFailed(
      await tlsSender().send(over(rude)),
      'tls',
      /^The connection was closed during the TLS handshake \(ECONNRESET\)\.$/,
    );
  });

  test('a connection that is tampered with is a TLS failure', async () => {
    let tamper = () => {};
    const receiver = await httpsReceiver(trusted, () => tamper());
    const proxy = await opened(
      tcpReceiver((socket) => {
        const upstream = connect(receiver.port, '127.0.0.1');
        socket.pipe(upstream).pipe(socket);
        // A valid record that was not encrypted with the key.
        tamper = () => socket.write(Buffer.from([0x17, 0x03, 0x03, 0x00, 0x20, ...Buffer.alloc(0x20, 0xaa)]));
      }),
    );
    assertFailed(await tlsSender().send(over(proxy)), 'tls', /^The TLS connection broke \(ERR_SSL_[A-Z_]+\)\.$/);
  });
});
