import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, mock, test } from 'node:test';
import { TestClock } from '../../../test/harness/clock.ts';
import {
  answered,
  assertFailed,
  onRequest,
  opened,
  requestTo,
  restless,
  senderOf,
  writing,
} from '../../../test/harness/sending.ts';
import { answerOk, gate, httpReceiver, tcpReceiver } from '../../../test/harness/sockets.ts';
import type { Clock } from '../../base/clock.ts';
import type { Sender, SendRequest } from './sender.ts';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const forged = 'HTTP/1.1 200 Forged\r\ncontent-length: 6\r\n\r\nforged';
const error = 'HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n';

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};

describe('D20: a connection that was used', () => {
  test('is used again after 100 ms of silence; until then others are opened, up to the limit', async () => {
    const socketClock = new TestClock();
    const receiver = await opened(httpReceiver(answerOk()));
    const sender = senderOf({ socketClock });
    const request = requestTo(receiver, { maxConnections: 2 });
    for (let expected = 1; expected <= 16; expected++) {
      answered(await sender.send(request));
      assert.equal(receiver.connections, expected);
    }
    let early = true;
    const next = sender.send(request).then((result) => {
      assert.equal(early, false, 'it waits');
      return result;
    });
    await turns();
    await socketClock.advance(99);
    await turns();
    early = false;
    await socketClock.advance(1);
    answered(await next);
    assert.equal(receiver.connections, 16);
  });

  test('need not complete its rest once 1,000 rests were silent and all connections of the endpoint are open', async () => {
    const socketClock = new TestClock();
    let rests = true;
    const switched: Clock = {
      ...restless,
      setTimer: (...timer) => (rests ? socketClock : restless).setTimer(...timer),
      clearTimer: socketClock.clearTimer,
    };
    const receiver = await opened(httpReceiver(answerOk()));
    const sender = senderOf({ socketClock: switched });
    const request = requestTo(receiver, { maxConnections: 1 });
    rests = false;
    for (let count = 0; count < 999; count++) await sender.send(request);
    rests = true;
    for (let count = 0; count < 16; count++) answered(await sender.send(request));
    const waiting = sender.send(request);
    await turns();
    assert.equal(socketClock.pending, 16, '999 are not enough');
    await socketClock.advance(100);
    answered(await waiting);
    for (let count = 0; count < 40; count++) answered(await sender.send(request));
    assert.equal(receiver.connections, 16);
  });

  test('is never used for another endpoint of the same host', async () => {
    const receiver = await opened(httpReceiver(answerOk()));
    const sender = senderOf();
    for (const path of ['/a', '/b', '/a']) answered(await sender.send(requestTo(receiver, { path })));
    assert.equal(receiver.connections, 3);
  });
});

describe('D20: bytes outside an exchange', () => {
  /** Answers each request with `answer`; the test can write more at any time. */
  async function scene(answer = ok) {
    const clock = new TestClock();
    const socketClock = new TestClock();
    const sockets: Socket[] = [];
    const closing: boolean[] = [];
    const receiver = await opened(
      tcpReceiver((socket) => {
        sockets.push(socket.setNoDelay(true));
        socket.on('data', (chunk) => closing.push(/^connection: close\r$/m.test(chunk.toString('latin1'))));
        onRequest(socket, () => socket.write(answer));
      }),
    );
    const sender = senderOf({ clock, socketClock });
    return {
      clock,
      socketClock,
      sockets,
      closing,
      receiver,
      sender,
      request: requestTo(receiver, { maxConnections: 2 }),
    };
  }

  for (const stray of [
    forged,
    error,
    'OK',
    '\r\n',
    'HTTP/1.1 103 Early Hints\r\n\r\n',
    'HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n',
    '\0',
  ]) {
    test(`${JSON.stringify(stray)}: the connection is closed, and for five minutes each connection carries one exchange`, async () => {
      const { clock, socketClock, sockets, closing, receiver, sender, request } = await scene();
      answered(await sender.send(request));
      sockets[0]?.write(stray);
      while (sender.strays === 0) await new Promise(setImmediate);
      assert.equal(sender.openSockets, 0);
      for (const expected of [2, 3]) {
        assert.equal(answered(await sender.send(request)).body, '');
        assert.equal(receiver.connections, expected);
        await socketClock.advance(100);
      }
      await clock.advance(300_001);
      for (let count = 0; count < 2; count++) {
        answered(await sender.send(request));
        await socketClock.advance(100);
      }
      assert.equal(receiver.connections, 4);
      assert.deepEqual(closing, [false, true, true, false, false]);
      assert.equal(sender.strays, 1);
    });
  }

  test('in one piece with the response count as well', async () => {
    for (const stray of [forged, 'OK', '\0']) {
      const { sender, request } = await scene(ok + stray);
      assert.equal(answered(await sender.send(request)).body, '');
      while (sender.strays === 0) await new Promise(setImmediate);
      assert.equal(sender.openSockets, 0);
    }
  });

  test('end the trust in every endpoint of the host, and a send that waits for a rest gets a new connection', async () => {
    const { sockets, receiver, sender, request } = await scene();
    const other = requestTo(receiver, { path: '/other', maxConnections: 1 });
    answered(await sender.send(request));
    for (let count = 0; count < 16; count++) answered(await sender.send(other));
    const waiting = sender.send(other);
    await turns();
    assert.equal(receiver.connections, 17);
    sockets[0]?.write(forged);
    answered(await waiting);
    assert.equal(receiver.connections, 18);
    assert.equal(sender.openSockets, 0);
  });

  test('put a request in doubt that is in flight on a connection that had not rested: it is sent again', async () => {
    const sockets: Socket[] = [];
    const arrivals: (() => void)[] = [];
    const arrived = gate();
    let holding = false;
    const receiver = await opened(
      tcpReceiver((socket) => {
        sockets.push(socket);
        onRequest(socket, () => {
          if (!holding) return void socket.write(ok);
          if (arrivals.push(() => socket.write(ok)) === 1) arrived.open();
        });
      }),
    );
    const held = new TestClock();
    let rests = false;
    const socketClock: Clock = {
      ...restless,
      setTimer: (...timer) => (rests ? held : restless).setTimer(...timer),
      clearTimer: held.clearTimer,
    };
    const sender = senderOf({ socketClock });
    const request = requestTo(receiver, { maxConnections: 2 });
    for (let count = 0; count < 1_000; count++) await sender.send(request);
    rests = true;
    for (let count = 0; count < 16; count++) await sender.send(request);
    assert.equal(receiver.connections, 16);
    holding = true;
    const doubtful = sender.send(request);
    await arrived.opened;
    sockets[15]?.write(forged);
    while (sender.strays === 0) await new Promise(setImmediate);
    holding = false;
    arrivals[0]?.();
    answered(await doubtful);
    assert.equal(receiver.connections, 17);
  });
});

describe('D20: bytes that are not the response', () => {
  /** The second request on the first connection gets `second`; all others are answered. */
  async function reused(
    second: (socket: Socket) => void,
  ): Promise<{ sender: Sender; request: SendRequest; requests: number[]; received: () => number }> {
    const requests: number[] = [];
    const receiver = await opened(
      tcpReceiver((socket, index) => {
        onRequest(socket, (count) => {
          requests.push(index);
          if (index === 0 && count === 2) second(socket);
          else socket.write(ok);
        });
      }),
    );
    const sender = senderOf();
    const request = requestTo(receiver);
    answered(await sender.send(request));
    return { sender, request, requests, received: () => receiver.connections };
  }

  for (const [name, bytes] of [
    ['the rest of an earlier body', 'OK'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['an unsolicited 400 that closes', 'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'],
    [
      'an unsolicited 408 that closes',
      'HTTP/1.0 408 Request Time-out\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n',
    ],
  ] as const) {
    test(`${name}, on a connection that was used: the request is sent once more on a new one`, async () => {
      const { sender, request, requests, received } = await reused((socket) => socket.write(bytes));
      assert.equal(answered(await sender.send(request)).statusCode, 200);
      assert.deepEqual(requests, [0, 0, 1]);
      assert.equal(received(), 2);
    });

    test(`${name}, on a new connection: it is the result`, async () => {
      const receiver = await opened(writing(bytes));
      const result = await senderOf().send(requestTo(receiver));
      if (bytes.startsWith('HTTP')) assert.equal(answered(result).statusCode, Number(bytes.slice(9, 12)));
      else assertFailed(result, 'protocol', /^The response is not valid HTTP/);
      assert.equal(receiver.connections, 1);
    });
  }

  test('a response with invalid headers is not requested again: it belongs to this request', async () => {
    const { sender, request, requests } = await reused((socket) =>
      socket.write('HTTP/1.1 200 OK\r\nbad header\r\n\r\n'),
    );
    assertFailed(await sender.send(request), 'protocol', /^The response is not valid HTTP/);
    assert.deepEqual(requests, [0, 0]);
  });

  test('a response that begins before the request was written completely does not belong to it', async () => {
    const body = Buffer.alloc(64 * 1_024 * 1_024, ' ');
    const bodies = gate();
    const receiver = await opened(
      tcpReceiver((socket, index) => {
        if (index === 1) {
          let bytes = 0;
          socket.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes <= body.length) return;
            bodies.open();
            socket.write(error);
          });
          return;
        }
        onRequest(socket, () => {
          socket.write(ok);
          socket
            .removeAllListeners('data')
            .once('readable', () => socket.write(forged))
            .pause();
        });
      }),
    );
    const sender = senderOf();
    const request = requestTo(receiver);
    answered(await sender.send(request));
    assert.equal(answered(await sender.send({ ...request, body })).statusCode, 500);
    await bodies.opened;
  });

  test('a response that arrives in less than half a round trip does not belong to the request', async () => {
    let nowMs = 0;
    let stepMs = 30;
    mock.method(performance, 'now', () => (nowMs += stepMs));
    mock.method(performance, 'eventLoopUtilization', () => ({ idle: (nowMs += stepMs) }));
    try {
      const arrivals: number[] = [];
      const receiver = await opened(
        tcpReceiver((socket, index) => {
          onRequest(socket, () => {
            arrivals.push(index);
            socket.write(ok);
          });
        }),
      );
      const sender = senderOf();
      const requests = [1, 2, 3, 4, 5, 6, 7, 8].map((path) => requestTo(receiver, { path: `/${path}` }));
      for (const request of [...requests, ...requests]) answered(await sender.send(request));
      assert.equal(receiver.connections, 8);
      stepMs = 14;
      answered(await sender.send(requests[0] ?? assert.fail()));
      assert.deepEqual(arrivals.slice(16), [0, 8], 'sent once more, on a new connection');
      assert.equal(sender.strays, 0, 'the route may have become shorter');
    } finally {
      mock.restoreAll();
    }
  });
});

describe('the status of an incomplete response', () => {
  const head = 'HTTP/1.1 503 Busy\r\nretry-after: 9\r\ncontent-length: 10\r\n\r\nhalf';
  for (const [name, bytes, end, reason] of [
    ['a body that ends early', head, 'fin', 'reset'],
    ['a body cut by a reset', head, 'reset', 'reset'],
    ['a body without end', head, 'late', 'timeout'],
    [
      'a bad chunk',
      'HTTP/1.1 503 Busy\r\nretry-after: 9\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n',
      'none',
      'protocol',
    ],
  ] as const) {
    test(`${name}: status, headers and the received part of the body are kept`, async () => {
      const clock = new TestClock();
      const written = gate();
      const receiver = await opened(
        tcpReceiver((socket) => {
          onRequest(socket, () => {
            socket.write(bytes, () => {
              if (end === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
              else if (end === 'fin') socket.end();
              written.open();
            });
          });
        }),
      );
      const sending = senderOf({ clock }).send(requestTo(receiver));
      await written.opened;
      await turns();
      if (end === 'late') await clock.advance(15_100);
      const result = await sending;
      assertFailed(result, reason, /./);
      assert.ok(result.kind === 'failed');
      const { statusCode, headers, body, retryAfter } = result.answer ?? assert.fail();
      assert.deepEqual([statusCode, headers['retry-after'], body, retryAfter], [503, '9', 'half', '9']);
    });
  }

  test('a status line is enough for a status, and less is not', async () => {
    for (const [bytes, status] of [
      [`HTTP/1.1 200 OK\r\nx-huge: ${'a'.repeat(20_000)}`, 200],
      ['HTTP/1.1 201 OK\r\nbad header\r\n\r\n', 201],
      ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 OK\r\nbad header\r\n\r\n', 202],
      ['HTTP/1.1 500 ', 500],
      ['HTTP/1.1 500', undefined],
      ['HTTP/1.1 100 Continue\r\n\r\n', undefined],
      ['SSH-2.0-OpenSSH', undefined],
      ['', undefined],
    ] as const) {
      const receiver = await opened(
        tcpReceiver((socket) => {
          onRequest(socket, () => {
            socket.end(bytes);
          });
        }),
      );
      const result = await senderOf().send(requestTo(receiver));
      assert.ok(result.kind === 'failed');
      assert.equal(result.answer?.statusCode, status, bytes.slice(0, 60));
    }
  });
});

test('a connection that the receiver closes during its rest makes room for a waiting send', async () => {
  const socketClock = new TestClock();
  const sockets: Socket[] = [];
  const receiver = await opened(
    tcpReceiver((socket) => {
      sockets.push(socket);
      onRequest(socket, () => socket.write(ok));
    }),
  );
  const sender = senderOf({ socketClock });
  const request = requestTo(receiver);
  for (let count = 0; count < 16; count++) answered(await sender.send(request));
  const waiting = sender.send(request);
  await turns();
  sockets[0]?.end();
  if (sockets[0] !== undefined) await once(sockets[0], 'close');
  answered(await waiting);
  assert.equal(receiver.connections, 17);
});

test('at the limit of sockets, an endpoint waits for its own resting connection, and another one replaces the longest idle', async () => {
  const socketClock = new TestClock();
  const receivers = await Promise.all([1, 2, 3].map(() => opened(httpReceiver(answerOk()))));
  const sender = senderOf({ socketClock, maxSockets: 2 });
  const [first, second, third] = receivers.map((receiver) => requestTo(receiver));
  if (first === undefined || second === undefined || third === undefined) return assert.fail();
  answered(await sender.send(first));
  answered(await sender.send(second));
  const waiting = [sender.send(first), sender.send(second)];
  await turns();
  answered(await sender.send(third));
  assert.equal(sender.openSockets, 2);
  await turns();
  await socketClock.advance(100);
  for (const result of await Promise.all(waiting)) answered(result);
  assert.ok(sender.openSockets <= 2);
});
