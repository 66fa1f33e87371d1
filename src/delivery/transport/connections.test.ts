import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, mock, test } from 'node:test';
import { TestClock } from '../../../test/harness/clock.ts';
import { answered, assertFailed, onRequest, opened, requestTo, senderOf } from '../../../test/harness/sending.ts';
import { answerOk, gate, httpReceiver, tcpReceiver } from '../../../test/harness/sockets.ts';

describe('connections', () => {
  /** A receiver that answers each request when the test lets it, and counts how many it had at the same time. */
  async function holding() {
    const responses: (() => void)[] = [];
    let peak = 0;
    let arrivals = 0;
    const waiting: { readonly count: number; readonly gate: ReturnType<typeof gate> }[] = [];
    const receiver = await opened(
      httpReceiver((request, response) => {
        request.resume().on('end', () => {
          arrivals++;
          responses.push(() => response.end());
          peak = Math.max(peak, responses.length);
          for (const { count, gate: reached } of waiting) if (arrivals >= count) reached.open();
        });
      }),
    );
    return {
      receiver,
      get peak() {
        return peak;
      },
      get arrivals() {
        return arrivals;
      },
      async arrived(count: number) {
        const reached = gate();
        waiting.push({ count, gate: reached });
        if (arrivals < count) await reached.opened;
      },
      answerOne: () => responses.shift()?.(),
      /** Answers held requests until `count` have arrived in total, and answers those as well. */
      async answerUntil(count: number) {
        while (arrivals < count) {
          while (responses.length > 0) responses.shift()?.();
          await this.arrived(Math.min(count, arrivals + 1));
        }
        while (responses.length > 0) responses.shift()?.();
      },
    };
  }

  test('a connection is kept alive and used again', async () => {
    const receiver = await opened(httpReceiver(answerOk()));
    const sender = senderOf();
    const request = requestTo(receiver);
    for (let count = 0; count < 20; count++) assert.equal(answered(await sender.send(request)).statusCode, 200);
    assert.equal(receiver.connections, 1);
    assert.equal(sender.openSockets, 1);
  });

  test('there are as many connections as the endpoint allows, also after a change of that number', async () => {
    const sender = senderOf();
    const held = await holding();
    const endpoint = requestTo(held.receiver);
    const rounds: readonly (readonly [number, number])[] = [
      [2, 2],
      [5, 5],
      [1, 1],
    ];
    let total = 0;
    for (const [maxConnections, expected] of rounds) {
      const sending = Array.from({ length: 8 }, () => sender.send({ ...endpoint, maxConnections }));
      await held.arrived(total + expected);
      const before = held.arrivals;
      held.answerOne();
      await held.arrived(before + 1);
      assert.equal(held.arrivals, total + expected + 1, 'one more arrives for each that is answered');
      total += 8;
      await held.answerUntil(total);
      for (const result of await Promise.all(sending)) answered(result);
    }
    assert.equal(held.peak, 5);
    assert.equal(held.receiver.connections, 5);
  });

  test('an endpoint that hangs does not delay another one with the same host or the same address', async () => {
    const held = await holding();
    const sender = senderOf();
    const hanging = requestTo(held.receiver, { path: '/hook', maxConnections: 1 });
    const sending = [sender.send(hanging), sender.send(hanging)];
    sending.push(sender.send(requestTo(held.receiver, { path: '/other', maxConnections: 1 })));
    sending.push(sender.send(requestTo(held.receiver, { path: '/hook', maxConnections: 1 })));
    await held.arrived(3);
    assert.equal(sender.openSockets, 3);
    await held.answerUntil(4);
    for (const result of await Promise.all(sending)) answered(result);
    assert.equal(held.peak, 3);
  });

  test('at the limit of sockets, the one idle longest is closed to make room', async () => {
    const receivers = [];
    for (let count = 0; count < 4; count++) receivers.push(await opened(httpReceiver(answerOk())));
    const sender = senderOf({ maxSockets: 2 });
    const requests = receivers.map((receiver) => requestTo(receiver));
    for (const request of [...requests, ...requests.slice(2)]) {
      assert.equal(answered(await sender.send(request)).statusCode, 200);
      assert.ok(sender.openSockets <= 2);
    }
    assert.deepEqual(
      receivers.map(({ connections }) => connections),
      [1, 1, 1, 1],
      'the two used last were kept',
    );
  });

  test('at the limit of sockets with all of them busy, sends to any host wait their turn', async () => {
    const first = await holding();
    const second = await holding();
    const sender = senderOf({ maxSockets: 3 });
    const sending = Array.from({ length: 12 }, (_, index) =>
      sender.send(requestTo(index % 2 === 0 ? first.receiver : second.receiver)),
    );
    await Promise.all([first.arrived(2), second.arrived(1)]);
    assert.equal(sender.openSockets, 3);
    assert.equal(first.receiver.open + second.receiver.open, 3);
    await Promise.all([first.answerUntil(6), second.answerUntil(6)]);
    for (const result of await Promise.all(sending)) answered(result);
    assert.ok(first.peak + second.peak <= 6);
    assert.ok(sender.openSockets <= 3);
  });

  test('a send that never gets a connection reports a timeout, and no longer counts', async () => {
    const clock = new TestClock();
    const held = await holding();
    const sender = senderOf({ clock, maxSockets: 1 });
    const first = sender.send(requestTo(held.receiver, { timeoutMs: 60_000, path: '/a' }));
    await held.arrived(1);
    const request = requestTo(held.receiver, { path: '/b', maxConnections: 1 });
    const waiting = [sender.send(request), sender.send(request)];
    await clock.advance(15_100);
    for (const result of await Promise.all(waiting))
      assertFailed(result, 'timeout', 'No connection to 127.0.0.1 was free within 15 s.');
    held.answerOne();
    answered(await first);
    const last = sender.send(request);
    await held.arrived(2);
    held.answerOne();
    answered(await last);
  });

  test('a send that stopped waiting does not change the limit of its URL', async () => {
    const clock = new TestClock();
    const held = await holding();
    const sender = senderOf({ clock });
    const request = requestTo(held.receiver, { timeoutMs: 60_000, maxConnections: 1 });
    const sending = [sender.send(request)];
    await held.arrived(1);
    const waiting = sender.send({ ...request, timeoutMs: 10_000 });
    await clock.advance(10_100);
    assertFailed(await waiting, 'timeout', 'No connection to 127.0.0.1 was free within 10 s.');
    sending.push(sender.send(request), sender.send(requestTo(held.receiver, { timeoutMs: 60_000 })));
    await held.arrived(2);
    assert.equal(sender.openSockets, 2, 'one per endpoint');
    held.answerOne();
    await held.arrived(3);
    await held.answerUntil(3);
    for (const result of await Promise.all(sending)) answered(result);
  });

  test('raising a limit admits waiting sends in their order', async () => {
    const held = await holding();
    const sender = senderOf();
    const request = requestTo(held.receiver);
    const sending = [1, 1, 1, 3].map((maxConnections) => sender.send({ ...request, maxConnections }));
    await held.arrived(3);
    assert.equal(sender.openSockets, 3);
    await held.answerUntil(4);
    for (const result of await Promise.all(sending)) answered(result);
    assert.equal(held.peak, 3);
  });

  test("the time spent waiting for a connection does not count as the receiver's", async () => {
    const clock = new TestClock();
    const held = await holding();
    const sender = senderOf({ clock });
    const request = requestTo(held.receiver, { maxConnections: 1 });
    const first = sender.send(request);
    await held.arrived(1);
    const second = sender.send(request);
    await clock.advance(10_000);
    await held.answerUntil(2);
    assert.deepEqual([answered(await first).durationMs, answered(await second).durationMs], [10_000, 0]);
  });

  test('a connection that the receiver closed in the meantime is replaced silently, once', async () => {
    const requests: number[] = [];
    const receiver = await opened(
      tcpReceiver((socket, index) => {
        onRequest(socket, (count) => {
          requests.push(index);
          // The second request on a connection meets its end, as when the receiver's idle timeout has just expired.
          if (count === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
          else socket.destroy();
        });
      }),
    );
    const sender = senderOf();
    const request = requestTo(receiver);
    answered(await sender.send(request));
    answered(await sender.send(request));
    assert.deepEqual(requests, [0, 0, 1]);
    assert.equal(sender.openSockets, 1);

    const dead = await opened(
      tcpReceiver((socket, index) => {
        onRequest(socket, (count) => {
          if (index === 0 && count === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
          else socket.destroy();
        });
      }),
    );
    const toDead = requestTo(dead);
    answered(await sender.send(toDead));
    assertFailed(await sender.send(toDead), 'reset', /^The connection was closed/);
    assert.equal(dead.connections, 2, 'one connection replaced the dead one, and no more');
  });

  test('a request whose response breaks off is not sent again', async () => {
    let requests = 0;
    const receiver = await opened(
      tcpReceiver((socket) => {
        onRequest(socket, (count) => {
          requests++;
          if (count === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
          else socket.end('HTTP/1.1 2');
        });
      }),
    );
    const sender = senderOf();
    const request = requestTo(receiver);
    answered(await sender.send(request));
    assertFailed(await sender.send(request), 'reset', /^The connection was closed/);
    assert.equal(requests, 2);
  });

  test('a connection that the receiver closed while idle is forgotten', async () => {
    const sockets: Socket[] = [];
    const receiver = await opened(
      tcpReceiver((socket) => {
        sockets.push(socket);
        onRequest(socket, () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
      }),
    );
    const sender = senderOf();
    answered(await sender.send(requestTo(receiver)));
    sockets[0]?.end();
    if (sockets[0] !== undefined) await once(sockets[0], 'close');
    while (sender.openSockets > 0) await new Promise(setImmediate);
    answered(await sender.send(requestTo(receiver)));
    assert.equal(receiver.connections, 2);
  });

  test('bytes sent outside an exchange are not taken for the next response', async () => {
    const receiver = await opened(
      tcpReceiver((socket, index) => {
        onRequest(socket, () => {
          const forged = index === 0 ? 'HTTP/1.1 500 Forged\r\ncontent-length: 0\r\n\r\n' : '';
          socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n${forged}`);
        });
      }),
    );
    const sender = senderOf();
    const request = requestTo(receiver, { maxConnections: 1 });
    const results = await Promise.all([1, 2, 3].map(() => sender.send(request)));
    assert.deepEqual(
      results.map((result) => answered(result).statusCode),
      [200, 200, 200],
    );
  });

  test('a receiver that sends `connection: close` gets its connection closed', async () => {
    const receiver = await opened(
      httpReceiver((_request, response) => response.setHeader('connection', 'close').end('ok')),
    );
    const sender = senderOf();
    const request = requestTo(receiver, { maxConnections: 3 });
    const results = await Promise.all(Array.from({ length: 9 }, () => sender.send(request)));
    assert.equal(results.filter((result) => answered(result).statusCode === 200).length, 9);
    assert.equal(receiver.connections, 9);
    while (sender.openSockets > 0) await new Promise(setImmediate);
  });

  test('a connection is closed after a minute without use', async () => {
    const sockets: Socket[] = [];
    const receiver = await opened(
      tcpReceiver((socket) => {
        sockets.push(socket);
        onRequest(socket, () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
      }),
    );
    const sender = senderOf();
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      answered(await sender.send(requestTo(receiver)));
      // undici sets its timer one turn after the response.
      await new Promise(setImmediate);
      mock.timers.tick(59_999);
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      assert.equal(sender.openSockets, 1);
      mock.timers.tick(1);
      if (sockets[0] !== undefined) await once(sockets[0], 'close');
      assert.equal(sender.openSockets, 0);
    } finally {
      mock.timers.reset();
    }
  });

  test('a connection is not used for longer than five minutes', async () => {
    const clock = new TestClock();
    const receiver = await opened(httpReceiver(answerOk()));
    const sender = senderOf({ clock });
    const request = requestTo(receiver);
    for (const atMs of [0, 60_000, 299_000, 301_000]) {
      await clock.advance(0);
      clock.set(Date.UTC(2026, 0, 5, 9) + atMs);
      answered(await sender.send(request));
      assert.equal(receiver.connections, 1);
    }
    assert.equal(sender.openSockets, 0);
    answered(await sender.send(request));
    assert.equal(receiver.connections, 2);
  });
});
