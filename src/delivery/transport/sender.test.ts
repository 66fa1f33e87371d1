import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerOk, bodyOf, gate, httpReceiver, tcpReceiver } from '../../../test/harness/sockets.ts';
import {
  answered,
  assertFailed,
  onRequest,
  opened,
  requestTo,
  senderOf,
  writing,
} from '../../../test/harness/sending.ts';

describe('the request and the response', () => {
  test('the receiver gets method, path, headers and body unchanged, and the sender gets the response', async () => {
    let seen: unknown;
    const receiver = await opened(
      httpReceiver((request, response) => {
        void bodyOf(request).then((body) => {
          seen = { method: request.method, url: request.url, headers: request.headers, body };
          response
            .writeHead(503, { 'Retry-After': '120', 'X-Twice': ['a', 'b'], 'Content-Type': 'text/plain' })
            .end('später');
        });
      }),
    );
    const sender = senderOf();
    const body = Buffer.from('{"name":"Zoë"}');
    const result = answered(
      await sender.send(requestTo(receiver, { path: '/hook/1?a=b%20c', headers: { 'Webhook-Id': 'msg_1' }, body })),
    );
    assert.deepEqual(seen, {
      method: 'POST',
      url: '/hook/1?a=b%20c',
      headers: {
        host: `127.0.0.1:${receiver.port}`,
        connection: 'keep-alive',
        'accept-encoding': 'identity',
        'webhook-id': 'msg_1',
        'content-length': '15',
      },
      body: '{"name":"Zoë"}',
    });
    assert.equal(result.statusCode, 503);
    assert.equal(result.retryAfter, '120');
    assert.equal(result.body, 'später');
    assert.equal(result.bodyTruncated, false);
    assert.equal(result.headers['x-twice'], 'a, b');
    assert.equal(result.headers['content-type'], 'text/plain');
    assert.ok(result.durationMs >= 0 && result.durationMs < 5_000);
  });

  test('a redirect is a response, and its target gets no request', async () => {
    let requests = 0;
    const target = await opened(
      httpReceiver((_request, response) => {
        requests++;
        response.end();
      }),
    );
    const receiver = await opened(
      httpReceiver((_request, response) =>
        response.writeHead(302, { location: `http://127.0.0.1:${target.port}/` }).end(),
      ),
    );
    const result = answered(await senderOf().send(requestTo(receiver)));
    assert.equal(result.statusCode, 302);
    assert.equal(result.headers['location'], `http://127.0.0.1:${target.port}/`);
    assert.equal(requests, 0);
    assert.equal(target.connections, 0);
  });

  test('interim responses are skipped, however they are split', async () => {
    const bytes =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 100\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok';
    const whole = await opened(writing(bytes));
    const pieces = await opened(
      tcpReceiver((socket) => {
        socket.setNoDelay(true);
        onRequest(socket, () => {
          // One byte per turn of the event loop, so that each arrives separately.
          const writeFrom = (index: number) => {
            if (index < bytes.length) socket.write(bytes.charAt(index), () => setImmediate(writeFrom, index + 1));
          };
          writeFrom(0);
        });
      }),
    );
    const sender = senderOf();
    for (const receiver of [whole, pieces]) {
      const request = requestTo(receiver);
      for (let round = 0; round < 2; round++) {
        const result = answered(await sender.send(request));
        assert.equal(result.statusCode, 201);
        assert.equal(result.body, 'ok');
      }
      assert.equal(receiver.connections, 1);
    }
  });

  test('a response without a body, and one that ends with the connection, are complete', async () => {
    const empty = await opened(writing('HTTP/1.1 204 No Content\r\n\r\n'));
    assert.deepEqual([answered(await senderOf().send(requestTo(empty))).body], ['']);
    const closing = await opened(
      tcpReceiver((socket) => onRequest(socket, () => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it'))),
    );
    assert.equal(answered(await senderOf().send(requestTo(closing))).body, 'all of it');
  });

  test('a header that cannot be sent is a failure, not a crash', async () => {
    const receiver = await opened(httpReceiver(answerOk()));
    const sender = senderOf();
    assertFailed(
      await sender.send(requestTo(receiver, { headers: { 'x-bad': 'a\nb' } })),
      'protocol',
      /^The request could not be sent: invalid x-bad header\.$/,
    );
    assert.equal(sender.openSockets, 0);
    assert.equal(answered(await sender.send(requestTo(receiver))).statusCode, 200);
  });
});

describe('failures', () => {
  test('refused', async () => {
    const gone = await httpReceiver(answerOk());
    await gone.close();
    const sender = senderOf();
    assertFailed(
      await sender.send(requestTo(gone)),
      'refused',
      `The connection was refused by 127.0.0.1:${gone.port}.`,
    );
    assert.equal(sender.openSockets, 0);
  });

  test('reset: closed before the response, in the middle of the headers, in the middle of the body', async () => {
    const endings = {
      'before any byte': '',
      'amid the headers': 'HTTP/1.1 200 OK\r\ncontent-le',
      'amid a body of known length': 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf',
      'amid a chunked body': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n',
      'amid a last body': 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\nhalf',
      'amid a last chunked body':
        'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    };
    for (const [where, bytes] of Object.entries(endings)) {
      const receiver = await opened(tcpReceiver((socket) => onRequest(socket, () => socket.end(bytes))));
      assertFailed(
        await senderOf().send(requestTo(receiver)),
        'reset',
        /^The connection was closed before the response was complete/,
      );
      assert.equal(receiver.connections, 1, `${where}: a connection that was new is not tried again`);
    }
    const rude = await opened(
      tcpReceiver((socket) => {
        onRequest(socket, () => {
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', () => socket.resetAndDestroy());
        });
      }),
    );
    assertFailed(
      await senderOf().send(requestTo(rude)),
      'reset',
      /^The connection was closed before the response was complete \(ECONNRESET\)\.$/,
    );
  });

  test('protocol: the response is not HTTP', async () => {
    const answers = [
      'SSH-2.0-OpenSSH_9.6\r\n',
      'HTTP/9.9 200 OK\r\n\r\n',
      '\0\0\0',
      'HTTP/1.1 200 OK\r\nbad header\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
    ];
    answers.push(
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nbad header\r\n\r\nok',
    );
    for (const answer of [...answers, 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n']) {
      const receiver = await opened(writing(answer));
      assertFailed(
        await senderOf().send(requestTo(receiver)),
        'protocol',
        /^The response is not valid HTTP \([A-Za-z, /]+\)\.$/,
      );
    }
  });

  test('headers_too_large: huge or endless headers, and endless interim responses', async () => {
    const message = 'The response headers are larger than 16 KiB.';
    const huge = await opened(writing(`HTTP/1.1 200 OK\r\nx-huge: ${'a'.repeat(20_000)}\r\ncontent-length: 0\r\n\r\n`));
    assertFailed(await senderOf().send(requestTo(huge)), 'headers_too_large', message);
    const endless: readonly (readonly [string, string])[] = [
      ['HTTP/1.1 200 OK\r\n', 'x-more: and more\r\n'],
      ['HTTP/1.1 200 OK\r\n', 'a'],
      ['HTTP/1.1 200 ', 'OK '],
      ['', '\r\n'],
      ['HTTP/1.1 103 Early Hints\r\n', 'link: </a>\r\n'],
      ['', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ];
    for (const [start, more] of endless) {
      const block = more.repeat(1_000);
      const receiver = await opened(
        tcpReceiver((socket) => {
          onRequest(socket, () => {
            socket.write(start);
            const flood = () => {
              if (!socket.destroyed) socket.write(block, flood);
            };
            flood();
          });
        }),
      );
      assertFailed(await senderOf().send(requestTo(receiver)), 'headers_too_large', message);
    }
  });

  test('aborted: closing the sender ends sends in flight, waiting ones and later ones', async () => {
    const arrived = gate();
    const receiver = await opened(httpReceiver(() => arrived.open()));
    const sender = senderOf();
    const request = requestTo(receiver, { maxConnections: 1 });
    const sending = [1, 2, 3].map(() => sender.send(request));
    await arrived.opened;
    await sender.close();
    for (const result of await Promise.all(sending))
      assertFailed(result, 'aborted', 'The sending server was shut down.');
    assertFailed(await sender.send(requestTo(receiver)), 'aborted', 'The sending server was shut down.');
    assert.equal(sender.openSockets, 0);
    assert.equal(receiver.connections, 1);
  });
});
