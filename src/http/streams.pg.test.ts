import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { test } from 'node:test';
import { assertRefused, edgeRoutes } from '../../test/harness/edge-routes.ts';
import { edgeScene, rawExchange } from '../../test/harness/edge.ts';
import type { Answer } from '../../test/harness/edge.ts';
import { ApiError } from '../base/errors.ts';
import { route } from './route.ts';

const bytesMax = 8_000_000;
/** What the handler received of the last body, and how it ended. */
let taken: { bytes: number; chunkMax: number; ended: PromiseWithResolvers<unknown> };
/** The handler continues to read when this resolves. */
let go: PromiseWithResolvers<void>;
const reset = (): void => {
  taken = { bytes: 0, chunkMax: 0, ended: Promise.withResolvers() };
  go = Promise.withResolvers();
};

const file = route({
  method: 'PUT',
  path: '/v1/file',
  tag: 'Test',
  summary: 'A file',
  scope: 'any',
  boundKeys: 'own',
  streams: 'text/csv',
  bodyBytesMax: bytesMax,
  answers: { 200: { description: 'Done.' } },
  handle: async ({ stream }) => {
    try {
      for await (const chunk of stream) {
        await go.promise;
        taken.bytes += chunk.length;
        taken.chunkMax = Math.max(taken.chunkMax, chunk.length);
        if (chunk.includes('stop here')) throw new ApiError('conflict', 'Enough.');
      }
      taken.ended.resolve(undefined);
      return { status: 200, body: { data: taken.bytes } };
    } catch (error) {
      taken.ended.resolve(error);
      throw error;
    }
  },
});

const { edge, key } = await edgeScene([file, ...edgeRoutes(() => assert.fail('not called here'))], {
  timeouts: { requestMs: 100 },
});

const put = (body: string | Uint8Array, type = 'text/csv'): Promise<Answer> => {
  reset();
  go.resolve();
  return edge.call('PUT', '/v1/file', { key, body, headers: { 'content-type': type } });
};

test('a streamed body reaches the handler in pieces as it arrives, with backpressure while the handler does not read', async () => {
  reset();
  const request = httpRequest(`${edge.url}/v1/file`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
  });
  const answered = once(request, 'response') as Promise<[Readable & { statusCode: number }]>;
  const body = Buffer.alloc(bytesMax, 'a,b\n');
  let sent = 0;
  let heldBack = false;
  while (sent < body.length) {
    const more = request.write(body.subarray(sent, (sent += 500_000)));
    if (more) continue;
    // The socket buffers take a few pieces; then nothing proceeds until the handler reads.
    if (sent > 6_000_000 && !heldBack) {
      heldBack = true;
      assert.equal(taken.bytes, 0);
      go.resolve();
    }
    if (heldBack) await once(request, 'drain');
  }
  go.resolve();
  request.end();
  const [response] = await answered;
  assert.equal(response.statusCode, 200);
  response.resume();
  assert.equal(taken.bytes, bytesMax);
  assert.ok(taken.chunkMax <= 1_000_000, `${taken.chunkMax} bytes in one piece`);
});

test('a streamed body may take longer than other bodies', async () => {
  reset();
  go.resolve();
  const socket = connect(edge.port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString()));
  const ended = once(socket, 'close');
  socket.write(
    `PUT /v1/file HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: text/csv\r\nContent-Length: 6\r\nConnection: close\r\n\r\na,b`,
  );
  // Another body that began later times out in the meantime.
  const slow = `POST /v1/things HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name"`;
  assert.match(await rawExchange(edge.port, slow), /^HTTP\/1\.1 408 /);
  socket.write('\nc\n');
  await ended;
  assert.match(received, /^HTTP\/1\.1 200 [^]*"data":6/);
});

test('413 for a stream past its limit, by Content-Length or while it arrives; 415 for another media type or charset', async () => {
  const large = Buffer.alloc(bytesMax + 1, 'x');
  assertRefused(await put(large), 413, 'payload_too_large');
  assert.equal(taken.bytes, 0);
  const chunked = await fetch(`${edge.url}/v1/file`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
    body: new Blob([large]).stream(),
    duplex: 'half',
  } as RequestInit);
  assert.equal(chunked.status, 413);
  for (const type of ['application/json', 'text/csv; charset=utf-16', 'text/csvx'])
    assertRefused(await put('a', type), 415, 'unsupported_media_type');
  for (const type of ['text/csv; charset=utf-8', 'Text/CSV;charset="UTF-8"'])
    assert.equal((await put('a', type)).json.data, 1);
});

test('the error of a handler that stops halfway is sent, and the next request works', async () => {
  const body = Buffer.alloc(bytesMax, 'x');
  body.write('stop here', 100);
  assertRefused(await put(body), 409, 'conflict');
  assert.equal((await put('abc')).json.data, 3);
  assert.equal((await put('')).json.data, 0);
});

test('a body that ends unexpectedly ends the stream with an error', async () => {
  reset();
  go.resolve();
  const socket = connect(edge.port, '127.0.0.1');
  socket.write(
    `PUT /v1/file HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: text/csv\r\nContent-Length: 100\r\n\r\nabc`,
  );
  const reading = new Promise<void>((resolve) => {
    const look = (): void => (taken.bytes === 3 ? resolve() : void setImmediate(look));
    look();
  });
  await reading;
  socket.destroy();
  const error = await taken.ended.promise;
  assert.ok(error instanceof ApiError && error.error === 'malformed', String(error));
  assert.match(
    await rawExchange(edge.port, 'GET /v1/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    /^HTTP\/1\.1 404 /,
  );
});
