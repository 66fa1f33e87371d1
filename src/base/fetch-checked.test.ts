import assert from 'node:assert/strict';
import { createServer as createHttpsServer } from 'node:https';
import type { IncomingMessage, RequestListener } from 'node:http';
import { before, describe, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { authority, certificate } from '../../test/harness/certificates.ts';
import { TestClock } from '../../test/harness/clock.ts';
import { opened } from '../../test/harness/sending.ts';
import { bodyOf, gate, httpReceiver, listening, tcpReceiver } from '../../test/harness/sockets.ts';
import type { Receiver } from '../../test/harness/sockets.ts';
import { parseCidrs } from './cidr.ts';
import type { EgressPolicy, Resolve } from './egress.ts';
import { fetchChecked, fetchOf } from './fetch-checked.ts';
import type { FetchOptions } from './fetch-checked.ts';

const policy: EgressPolicy = { allow: parseCidrs('127.0.0.0/8'), allowHttp: true };
const at =
  (address: string): Resolve =>
  async () => [{ address, family: 4 }];

describe('fetchChecked', () => {
  let ca = '';
  let key = '';
  let cert = '';
  before(async () => {
    const root = await authority('Test CA');
    const issued = await certificate('config.test', root);
    ca = root.cert;
    ({ private: key, cert } = issued);
  });
  const options = (settings: Partial<FetchOptions> = {}): FetchOptions => ({
    policy,
    resolve: at('127.0.0.1'),
    clock: new TestClock(),
    ca,
    ...settings,
  });
  const secure = (listener: RequestListener): Promise<Receiver> =>
    opened(listening(createHttpsServer({ key, cert }, listener)));
  const plain = (listener: RequestListener): Promise<Receiver> => opened(httpReceiver(listener));
  const raw = (text: string): Promise<Receiver> =>
    opened(tcpReceiver((socket) => socket.once('data', () => socket.end(text))));
  const get = (receiver: Receiver, settings: Partial<FetchOptions> = {}, scheme = 'http') =>
    fetchChecked(`${scheme}://config.test:${receiver.port}/a?b=c`, {}, options(settings));

  test('sends a request over TLS to the checked address and returns status, headers and text', async () => {
    const seen: IncomingMessage[] = [];
    let body = '';
    const receiver = await secure((request, response) => {
      seen.push(request);
      void bodyOf(request).then((text) => {
        body = text;
        response.writeHead(201, { 'x-mark': 'one', 'set-cookie': 'a=b' }).end('grüße');
      });
    });
    const answer = await fetchChecked(
      `https://config.test:${receiver.port}/path?q=1`,
      { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'hello' },
      options(),
    );
    assert.deepEqual([answer.status, answer.text], [201, 'grüße']);
    assert.equal(answer.headers.get('x-mark'), 'one');
    assert.equal(answer.headers.has('set-cookie'), false);
    const [request] = seen;
    assert.deepEqual(
      [request?.method, request?.url, request?.headers.host, body],
      ['POST', '/path?q=1', `config.test:${receiver.port}`, 'hello'],
    );
  });

  test('returns a redirect and does not follow it', async () => {
    const receiver = await plain((_request, response) => response.writeHead(302, { location: '/other' }).end());
    assert.equal((await get(receiver)).status, 302);
    assert.equal(receiver.connections, 1);
  });

  test('serves as the fetch of a library', async () => {
    const receiver = await secure((request, response) => {
      void bodyOf(request).then((body) => response.end(`${request.method} ${body}`));
    });
    const response = await fetchOf(options())(`https://config.test:${receiver.port}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ a: 'b c' }),
    });
    assert.equal(await response.text(), 'POST a=b+c');
    const empty = await plain((_request, answer) => answer.writeHead(204).end());
    assert.equal(
      (await fetchOf(options())(`http://config.test:${empty.port}/`, { method: 'GET', headers: {} })).status,
      204,
    );
  });

  test('an address that is not allowed is never connected', async () => {
    const receiver = await secure((_request, response) => response.end());
    await assert.rejects(get(receiver, { policy: { allow: [], allowHttp: false } }, 'https'), {
      reason: 'egress',
      message: 'The host config.test resolves to an address that is not allowed.',
    });
    assert.equal(receiver.connections, 0);
  });

  test('plain HTTP needs both a policy with HTTP and an allowed address', async () => {
    const receiver = await plain((_request, response) => response.end());
    await assert.rejects(get(receiver, { policy: { ...policy, allowHttp: false } }), {
      reason: 'url',
      message: 'The URL must start with https://.',
    });
    for (const url of ['ftp://config.test/', 'https://user:secret@config.test/', 'https://127.0.0.1:0/', 'nonsense'])
      await assert.rejects(fetchChecked(url, {}, options()), { reason: 'url' });
  });

  test('an untrusted certificate and one for another name are errors of TLS', async () => {
    const receiver = await secure((_request, response) => response.end('secret'));
    await assert.rejects(fetchChecked(`https://config.test:${receiver.port}/`, {}, { ...options(), ca: undefined }), {
      reason: 'tls',
      message: /^The TLS handshake with config\.test:\d+ failed \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)\.$/,
    });
    await assert.rejects(fetchChecked(`https://other.test:${receiver.port}/`, {}, options()), {
      reason: 'tls',
      message: /ERR_TLS_CERT_ALTNAME_INVALID/,
    });
  });

  test('a body over the limit ends the exchange, also when it was compressed', async () => {
    const zeros = Buffer.alloc(5_000_000);
    for (const [encoding, body] of [
      ['identity', zeros],
      ['gzip', gzipSync(zeros)],
      ['br', brotliCompressSync(zeros)],
    ] as const) {
      const receiver = await plain((_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(body),
      );
      await assert.rejects(get(receiver, { bytesMax: 1_000 }), { reason: 'too_large' }, encoding);
    }
  });

  test('decodes a compressed body, and refuses an encoding that it does not have', async () => {
    const packed = await plain((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'GZIP' }).end(gzipSync('hello')),
    );
    assert.equal((await get(packed)).text, 'hello');
    for (const [encoding, body] of [
      ['constructor', 'x'],
      ['gzip, gzip', gzipSync(gzipSync('x'))],
      ['gzip', 'not gzip'],
    ] as const) {
      const receiver = await plain((_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(body),
      );
      await assert.rejects(get(receiver), { reason: 'protocol' }, encoding);
    }
  });

  test('the deadline covers every phase and leaves neither connection nor timer', async () => {
    const silent = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf';
    for (const text of ['', 'HTTP/1.1 200 OK\r\n', silent]) {
      const clock = new TestClock();
      const arrived = gate();
      const closed = gate();
      const receiver = await opened(
        tcpReceiver((socket) =>
          socket.on('close', closed.open).once('data', () => {
            socket.write(text);
            arrived.open();
          }),
        ),
      );
      const fetching = get(receiver, { clock, timeoutMs: 5_000 });
      fetching.catch(() => {});
      await arrived.opened;
      await clock.advance(5_000);
      await assert.rejects(fetching, { reason: 'timeout', message: /^config\.test:\d+ did not answer within 5 s\.$/ });
      await closed.opened;
      assert.equal(clock.pending, 0);
    }
  });

  test('an aborted signal ends the exchange with its reason', async () => {
    const reason = new Error('no longer needed');
    await assert.rejects(
      fetchChecked('https://config.test/', {}, options({ signal: AbortSignal.abort(reason) })),
      reason,
    );
    const arrived = gate();
    const controller = new AbortController();
    const receiver = await opened(tcpReceiver((socket) => socket.once('data', arrived.open)));
    const fetching = get(receiver, { signal: controller.signal });
    fetching.catch(() => {});
    await arrived.opened;
    controller.abort(reason);
    await assert.rejects(fetching, reason);
  });

  test('a broken, cut or endless answer is an error, and the process survives', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['connection', ''],
      ['connection', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort'],
      ['protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
      ['protocol', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`],
      ['protocol', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzz\r\n'],
    ];
    for (const [reason, text] of cases) await assert.rejects(get(await raw(text)), { reason }, text.slice(0, 60));
    const gone = await raw('');
    await gone.close();
    await assert.rejects(get(gone), { reason: 'connection', message: /could not be reached \(ECONNREFUSED\)/ });
    await assert.rejects(get(await raw('HTTP/1.1 200 OK\r\n\r\n'), {}, 'https'), { reason: 'tls' });
  });

  test('a host without an address is an error of the DNS', async () => {
    const resolve: Resolve = () => Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }));
    await assert.rejects(fetchChecked('https://nobody.test/', {}, options({ resolve })), {
      reason: 'dns',
      message: 'The host nobody.test does not exist in the DNS (ENOTFOUND).',
    });
  });
});
