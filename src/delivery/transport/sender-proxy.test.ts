import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import type { GenerateResult } from 'selfsigned';
import { authority, certificate } from '../../../test/harness/certificates.ts';
import { startProxy } from '../../../test/harness/connect-proxy.ts';
import type { TestProxy } from '../../../test/harness/connect-proxy.ts';
import { TestClock } from '../../../test/harness/clock.ts';
import { answered, assertFailed, opened, requestTo, senderOf } from '../../../test/harness/sending.ts';
import { answerOk, httpReceiver, listening } from '../../../test/harness/sockets.ts';
import { parseCidrs } from '../../base/cidr.ts';
import { egressProxyOf } from '../../base/egress-proxy.ts';
import type { Resolve } from '../../base/egress.ts';
import { fetchChecked } from '../../base/fetch-checked.ts';
import type { SenderOptions, SendRequest } from './sender.ts';

describe('deliveries through a proxy', () => {
  let ca: GenerateResult;
  let trusted: GenerateResult;
  let proxy: TestProxy;
  before(async () => {
    ca = await authority('Test CA');
    trusted = await certificate('receiver.test', ca);
  });
  beforeEach(async () => {
    proxy = await startProxy();
  });
  afterEach(() => proxy.close());

  const resolve: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const through = (url = `http://127.0.0.1:${proxy.port}`, details: string[] = []) =>
    egressProxyOf(url, (detail) => details.push(detail));
  const policyOf = (used = through()) => ({ allow: parseCidrs('127.0.0.1'), allowHttp: true, proxy: used });
  const sender = (options: Partial<SenderOptions> = {}) =>
    senderOf({ policy: policyOf(), resolve, ca: ca.cert, ...options });
  const tlsReceiver = () =>
    opened(
      listening(
        createServer({ key: trusted.private, cert: trusted.cert, keepAliveTimeout: 60_000 }, (request, response) => {
          const { servername } = request.socket as TLSSocket & { readonly servername?: string };
          request.resume().on('end', () => response.end(`${servername} ${request.headers.host?.split(':')[0]}`));
        }),
      ),
    );
  const secureTo = (port: number, more: Partial<SendRequest> = {}): SendRequest => ({
    ...requestTo({ port }),
    url: new URL(`https://receiver.test:${port}/`),
    ...more,
  });

  test('the proxy gets the checked address, the receiver the name, over one kept connection', async () => {
    const receiver = await tlsReceiver();
    const request = secureTo(receiver.port);
    const used = sender({ policy: policyOf(through(`http://us%40er:p%3Ass@127.0.0.1:${proxy.port}`)) });
    for (let n = 0; n < 2; n++) assert.equal(answered(await used.send(request)).body, 'receiver.test receiver.test');
    assert.deepEqual(proxy.asked, [
      {
        target: `127.0.0.1:${receiver.port}`,
        authorization: `Basic ${Buffer.from('us@er:p:ss').toString('base64')}`,
      },
    ]);
  });

  test('http targets and other requests go through it, too', async () => {
    const receiver = await opened(httpReceiver(answerOk()));
    assert.equal(answered(await sender().send(requestTo(receiver))).body, 'ok');
    const url = `http://receiver.test:${receiver.port}/`;
    assert.equal((await fetchChecked(url, {}, { policy: policyOf(), resolve })).text, 'ok');
    assert.deepEqual(
      proxy.asked.map(({ target }) => target),
      [`127.0.0.1:${receiver.port}`, `127.0.0.1:${receiver.port}`],
    );
  });

  test('a proxy can itself be reached over TLS', async () => {
    const own = await certificate('localhost', ca);
    const secureProxy = await startProxy(own);
    try {
      const receiver = await tlsReceiver();
      const details: string[] = [];
      const used = sender({ policy: policyOf(through(`https://localhost:${secureProxy.port}`, details)) });
      // Its authority is private, and the proxy is the operator's: NODE_EXTRA_CA_CERTS would name it.
      assertFailed(await used.send(secureTo(receiver.port)), 'proxy', /could not be reached \([A-Z_]+\)/);
      assert.equal(secureProxy.asked.length, 0);
      const trusting = sender({
        policy: policyOf({ ...through(`https://localhost:${secureProxy.port}`), ca: ca.cert }),
      });
      assert.equal(answered(await trusting.send(secureTo(receiver.port))).statusCode, 200);
      assert.equal(secureProxy.asked.length, 1);
    } finally {
      await secureProxy.close();
    }
  });

  test('the guard decides before the proxy is asked', async () => {
    const used = sender({ resolve: async () => [{ address: '10.0.0.5', family: 4 }] });
    assertFailed(await used.send(secureTo(443)), 'egress', /not allowed/);
    assert.equal(proxy.asked.length, 0);
  });

  test('an address that the proxy cannot reach is followed by the next one', async () => {
    const receiver = await tlsReceiver();
    let first = true;
    const ordinary = proxy.answer;
    proxy.answer = (socket, request) => {
      if (!first) return;
      first = false;
      proxy.answer = ordinary;
      socket.end(`HTTP/1.1 503 No route to ${request.url}\r\n\r\n`);
    };
    const used = sender({
      resolve: async () => [
        { address: '::1', family: 6 },
        { address: '127.0.0.1', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
      policy: { ...policyOf(), allow: parseCidrs('127.0.0.1,::1') },
    });
    assert.equal(answered(await used.send(secureTo(receiver.port))).statusCode, 200);
    assert.equal(proxy.asked.length, 2);
  });

  const failures: readonly (readonly [string, string | undefined, RegExp])[] = [
    [
      '407',
      'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n',
      /proxy of the sending server requires other credentials \(407\)/,
    ],
    ['a refusal', 'HTTP/1.1 403 Forbidden\r\n\r\n', /refused the connection \(403\)/],
    ['garbage', 'SSH-2.0-OpenSSH\r\n\r\n', /not HTTP/],
    ['an endless head', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}`, /not HTTP/],
    ['an early end', '', /without an answer|closed the connection/],
  ];
  for (const [name, text, message] of failures) {
    test(`${name} from the proxy is the reason of the failure, which is counted and logged`, async () => {
      proxy.answer = (socket) => socket.end(text);
      const details: string[] = [];
      const policy = policyOf(through(undefined, details));
      assertFailed(await sender({ policy }).send(secureTo(443)), 'proxy', message);
      assert.equal(policy.proxy.failures, 1);
      assert.match(
        details[0] ?? '',
        new RegExp(`^127\\.0\\.0\\.1:${proxy.port} .+; the target was receiver\\.test:443$`),
      );
      await assert.rejects(fetchChecked('https://receiver.test/', {}, { policy, resolve }), { reason: 'connection' });
    });
  }

  test('a proxy that does not answer, or is not there, is a clear failure', async () => {
    proxy.answer = () => {};
    const clock = new TestClock();
    const sent = sender({ clock }).send(secureTo(443));
    while (proxy.asked.length === 0) await new Promise((resolveSoon) => setImmediate(resolveSoon));
    await clock.advance(5_000);
    assertFailed(
      await sent,
      'proxy',
      'The proxy of the sending server gave no connection to receiver.test within 5 s.',
    );
    const nobody = policyOf(through('http://127.0.0.1:9'));
    assertFailed(
      await sender({ policy: nobody }).send(secureTo(443)),
      'proxy',
      /could not be reached \(ECONNREFUSED\)/,
    );
  });
});
