import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, test } from 'node:test';
import { brotliCompressSync, createGzip, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { answered, assertFailed, opened, requestTo, senderOf } from '../../../test/harness/sending.ts';
import { httpReceiver } from '../../../test/harness/sockets.ts';
import type { Receiver } from '../../../test/harness/sockets.ts';
import type { SendResult } from './sender.ts';

const kib = 1024;
const mib = 1024 * kib;

const answering = (body: string | Buffer, headers: Record<string, string> = {}): Promise<Receiver> =>
  opened(httpReceiver((_request, response) => response.writeHead(200, headers).end(body)));

async function resultOf(body: string | Buffer, headers: Record<string, string> = {}) {
  const receiver = await answering(body, headers);
  const sender = senderOf();
  const result = answered(await sender.send(requestTo(receiver)));
  return { ...result, keptAlive: sender.openSockets === 1 };
}

describe('what is kept', () => {
  test('4 KiB are kept, and whether that is all', async () => {
    const all = await resultOf('a'.repeat(4 * kib));
    assert.deepEqual([all.body.length, all.bodyTruncated, all.keptAlive], [4 * kib, false, true]);
    const more = await resultOf('a'.repeat(4 * kib + 1));
    assert.deepEqual([more.body.length, more.bodyTruncated, more.keptAlive], [4 * kib, true, true]);
  });

  test('a character split at the end is left out', async () => {
    const cut = await resultOf(`a${'é'.repeat(3 * kib)}`);
    assert.equal(cut.body, `a${'é'.repeat(2 * kib - 1)}`);
    assert.equal(cut.bodyTruncated, true);
  });

  test('bytes that are not UTF-8, and NUL, are replaced', async () => {
    const { body } = await resultOf(Buffer.from([0x61, 0xff, 0x00, 0x62, 0xc3]));
    assert.equal(body, 'a\uFFFD\uFFFDb\uFFFD');
  });

  test('a body in many small parts is joined', async () => {
    const receiver = await opened(
      httpReceiver((_request, response) => {
        void pipeline(Readable.from(Array.from({ length: 50 }, (_, index) => `part ${index};`)), response);
      }),
    );
    const { body, bodyTruncated } = answered(await senderOf().send(requestTo(receiver)));
    assert.equal(body, Array.from({ length: 50 }, (_, index) => `part ${index};`).join(''));
    assert.equal(bodyTruncated, false);
  });
});

describe('what is read', () => {
  test('after 64 KiB the connection is kept, after one more byte it is dropped', async () => {
    const most = await resultOf('a'.repeat(64 * kib));
    assert.deepEqual(
      [most.statusCode, most.body.length, most.bodyTruncated, most.keptAlive],
      [200, 4 * kib, true, true],
    );
    const over = await resultOf('a'.repeat(64 * kib + 1));
    assert.deepEqual(
      [over.statusCode, over.body.length, over.bodyTruncated, over.keptAlive],
      [200, 4 * kib, true, false],
    );
  });

  /** Writes blocks until the sender drops the connection. @returns the number of bytes that it read. */
  async function endless(
    write: (response: ServerResponse, blocks: Readable) => Promise<void>,
    block: Buffer,
    bytesMax: number,
  ) {
    let bytes = 0;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const receiver = await opened(
      httpReceiver((_request, response) => {
        const blocks = Readable.from(
          (function* () {
            for (; bytes < bytesMax; bytes += block.length) yield block;
          })(),
        );
        write(response, blocks).then(resolve, () => resolve());
      }),
    );
    const sender = senderOf();
    const result = answered(await sender.send(requestTo(receiver)));
    await ended;
    return { result, bytes, openSockets: sender.openSockets };
  }

  test('an endless plain body ends early and counts as answered', async () => {
    const { result, bytes, openSockets } = await endless(
      (response, blocks) => pipeline(blocks, response),
      Buffer.alloc(64 * kib, 'x'),
      1024 * mib,
    );
    assert.deepEqual(
      [result.statusCode, result.body, result.bodyTruncated, openSockets],
      [200, 'x'.repeat(4 * kib), true, 0],
    );
    assert.ok(bytes < 64 * mib, `${bytes} bytes were written`);
  });

  test('a gigabyte compressed to a megabyte of gzip costs neither memory nor time', async () => {
    const rssBefore = process.resourceUsage().maxRSS;
    const { result, bytes, openSockets } = await endless(
      (response, blocks) => {
        response.setHeader('content-encoding', 'gzip');
        return pipeline(blocks, createGzip(), response);
      },
      Buffer.alloc(mib),
      1024 * mib,
    );
    assert.deepEqual([result.statusCode, result.bodyTruncated, openSockets], [200, true, 0]);
    // NUL becomes U+FFFD.
    assert.equal(result.body, '\uFFFD'.repeat(4 * kib));
    assert.ok(bytes < 512 * mib, `the receiver had made ${bytes / mib} MiB of it when it was cut off`);
    const grownKib = process.resourceUsage().maxRSS - rssBefore;
    assert.ok(grownKib < 128 * kib, `the process grew by ${grownKib} KiB`);
  });

  test('a compressed bomb that arrives in one piece is stopped as well', async () => {
    // A gzip body may have many members, so creating it does not need the memory that is measured.
    const member = gzipSync(Buffer.alloc(8 * mib), { level: 9 });
    const bomb = Buffer.concat(Array.from({ length: 128 }, () => member));
    const cpuBefore = process.cpuUsage();
    const rssBefore = process.resourceUsage().maxRSS;
    const result = await resultOf(bomb, { 'content-encoding': 'gzip' });
    const { user, system } = process.cpuUsage(cpuBefore);
    assert.deepEqual([result.statusCode, result.bodyTruncated, result.keptAlive], [200, true, false]);
    // Decoding all of it takes more than a second, keeping it a gigabyte.
    assert.ok((user + system) / 1_000 < 300, `${(user + system) / 1_000} ms of CPU`);
    assert.ok(process.resourceUsage().maxRSS - rssBefore < 64 * kib);
  });

  test('an endless compressed body without content is limited by its bytes on the wire', async () => {
    // An empty stored block of deflate, 5 bytes that decode to nothing.
    const block = Buffer.alloc(10 * kib, Buffer.from([0, 0, 0, 0xff, 0xff]));
    const { result, bytes } = await endless(
      (response, blocks) => {
        response.setHeader('content-encoding', 'deflate');
        response.write(Buffer.from([0x78, 0x9c]));
        return pipeline(blocks, response);
      },
      block,
      1024 * mib,
    );
    assert.deepEqual([result.statusCode, result.body, result.bodyTruncated], [200, '', true]);
    assert.ok(bytes < 64 * mib, `${bytes} bytes were written`);
  });

  test('endless chunk extensions are limited, too', async () => {
    const receiver = await opened(
      httpReceiver((_request, response) => {
        const { socket } = response;
        socket?.on('error', () => {}).write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n1;');
        const more = 'extension'.repeat(1_000);
        const flood = () => {
          if (socket !== null && !socket.destroyed) socket.write(more, flood);
        };
        flood();
      }),
    );
    const result = answered(await senderOf().send(requestTo(receiver)));
    assert.deepEqual([result.statusCode, result.body, result.bodyTruncated], [200, 'ok', true]);
  });
});

describe('what is decoded', () => {
  const text = 'Grüße, '.repeat(100);
  const encoded: readonly (readonly [string, Buffer])[] = [
    ['gzip', gzipSync(text)],
    ['X-GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['identity', Buffer.from(text)],
    ['', Buffer.from(text)],
  ];
  for (const [encoding, body] of encoded) {
    test(`${encoding || 'no encoding'} (${body.length} bytes)`, async () => {
      const result = await resultOf(body, { 'content-encoding': encoding });
      assert.deepEqual([result.body, result.bodyTruncated, result.keptAlive], [text, false, true]);
    });
  }

  test('a body that cannot be decoded is empty, and status and connection are kept', async () => {
    const undecodable: readonly (readonly [string, Buffer])[] = [
      ['gzip', Buffer.from('this is no gzip')],
      ['br', Buffer.alloc(2_000, 0xff)],
      ['gzip', Buffer.concat([gzipSync(text).subarray(0, 60), Buffer.alloc(500, 0xaa)])],
      ['zstd', Buffer.from('whatever')],
      ['gzip, br', Buffer.from('whatever')],
      ['constructor', Buffer.from('whatever')],
      ['__proto__', Buffer.from('whatever')],
    ];
    for (const [encoding, body] of undecodable) {
      const result = await resultOf(body, { 'content-encoding': encoding });
      assert.deepEqual([result.statusCode, result.body, result.keptAlive], [200, '', true], encoding);
    }
  });

  test('a truncated compressed body is decoded as far as it goes', async () => {
    const whole = gzipSync(Array.from({ length: 500 }, (_, index) => `line ${index}\n`).join(''));
    const { body } = await resultOf(whole.subarray(0, whole.length - 100), { 'content-encoding': 'gzip' });
    assert.match(body, /^line 0\nline 1\n/);
  });

  test('an empty body is accepted in any encoding', async () => {
    for (const encoding of ['gzip', 'br', 'zstd'])
      assert.equal((await resultOf('', { 'content-encoding': encoding })).body, '');
  });

  test('a connection that breaks in the middle of a compressed body is one failure', async () => {
    const receiver = await opened(
      httpReceiver((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': '1000' });
        response.write(gzipSync(text).subarray(0, 50), () => response.socket?.destroy());
      }),
    );
    const result: SendResult = await senderOf().send(requestTo(receiver));
    assertFailed(result, 'reset', /^The connection was closed before the response was complete/);
  });
});
