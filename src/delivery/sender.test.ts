import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { TestClock } from '../../test/clock.ts';
import { answerOk, bodyOf, gate, httpReceiver, tcpReceiver } from '../../test/sockets.ts';
import { answered, assertFailed, onRequest, opened, policy, requestTo, senderOf, writing } from '../../test/sending.ts';
import { parseCidrs } from './egress.ts';
import type { Resolve } from './egress.ts';
import type { SendResult } from './sender.ts';

describe('the request and the answer', () => {
  test('the receiver gets method, path, headers and body as they are; the sender gets the answer', async () => {
    let seen: unknown;
    const receiver = await opened(
      httpReceiver((request, response) => {
        void bodyOf(request).then((body) => {
          seen = { method: request.method, url: request.url, headers: request.headers, body };
          response.writeHead(503, { 'Retry-After': '120', 'X-Twice': ['a', 'b'], 'Content-Type': 'text/plain' }).end('später');
        });
      }),
    );
    const sender = senderOf();
    const body = Buffer.from('{"name":"Zoë"}');
    const result = answered(await sender.send(requestTo(receiver, { path: '/hook/1?a=b%20c', headers: { 'Webhook-Id': 'msg_1' }, body })));
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

  test('a redirect is an answer; nothing is asked of its target', async () => {
    let requests = 0;
    const target = await opened(
      httpReceiver((_request, response) => {
        requests++;
        response.end();
      }),
    );
    const receiver = await opened(httpReceiver((_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${target.port}/` }).end()));
    const result = answered(await senderOf().send(requestTo(receiver)));
    assert.equal(result.statusCode, 302);
    assert.equal(result.headers['location'], `http://127.0.0.1:${target.port}/`);
    assert.equal(requests, 0);
    assert.equal(target.connections, 0);
  });

  test('interim answers are passed over, however they are cut', async () => {
    const bytes =
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 100\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok';
    const whole = await opened(writing(bytes));
    const pieces = await opened(
      tcpReceiver((socket) => {
        socket.setNoDelay(true);
        onRequest(socket, () => {
          // One byte a turn of the event loop, so that each arrives by itself.
          const writeFrom = (index: number) => {
            if (index < bytes.length) socket.write(bytes.charAt(index), () => setImmediate(writeFrom, index + 1));
          };
          writeFrom(0);
        });
      }),
    );
    const sender = senderOf();
    for (const receiver of [whole, pieces]) {
      for (let round = 0; round < 2; round++) {
        const result = answered(await sender.send(requestTo(receiver)));
        assert.equal(result.statusCode, 201);
        assert.equal(result.body, 'ok');
      }
      assert.equal(receiver.connections, 1);
    }
  });

  test('an answer without a body, and one that ends with the connection', async () => {
    const empty = await opened(writing('HTTP/1.1 204 No Content\r\n\r\n'));
    assert.deepEqual([answered(await senderOf().send(requestTo(empty))).body], ['']);
    const closing = await opened(tcpReceiver((socket) => onRequest(socket, () => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it'))));
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
    assertFailed(await sender.send(requestTo(gone)), 'refused', `The connection was refused by 127.0.0.1:${gone.port}.`);
    assert.equal(sender.openSockets, 0);
  });

  test('reset: closed before the answer, amid the headers, amid the body', async () => {
    const endings = {
      'before any byte': '',
      'amid the headers': 'HTTP/1.1 200 OK\r\ncontent-le',
      'amid a body of known length': 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf',
      'amid a chunked body': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n',
      'amid a last body': 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\nhalf',
      'amid a last chunked body': 'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    };
    for (const [where, bytes] of Object.entries(endings)) {
      const receiver = await opened(tcpReceiver((socket) => onRequest(socket, () => socket.end(bytes))));
      assertFailed(await senderOf().send(requestTo(receiver)), 'reset', /^The connection was closed before the answer was complete/);
      assert.equal(receiver.connections, 1, `${where}: a connection that was new is not tried again`);
    }
    const rude = await opened(
      tcpReceiver((socket) => {
        onRequest(socket, () => {
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', () => socket.resetAndDestroy());
        });
      }),
    );
    assertFailed(await senderOf().send(requestTo(rude)), 'reset', /^The connection was closed before the answer was complete \(ECONNRESET\)\.$/);
  });

  test('protocol: what comes is not HTTP', async () => {
    const answers = [
      'SSH-2.0-OpenSSH_9.6\r\n',
      'HTTP/9.9 200 OK\r\n\r\n',
      '\0\0\0',
      'HTTP/1.1 200 OK\r\nbad header\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
    ];
    answers.push('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\nbad header\r\n\r\nok');
    for (const answer of [...answers, 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n']) {
      const receiver = await opened(writing(answer));
      assertFailed(await senderOf().send(requestTo(receiver)), 'protocol', /^The answer is not valid HTTP \([A-Za-z, /]+\)\.$/);
    }
  });

  test('headers_too_large: huge, endless, and interim answers without end', async () => {
    const message = "The answer's headers are larger than 16 KiB.";
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

  test('aborted: closing the sender ends what is in flight, what waits, and what comes after', async () => {
    const arrived = gate();
    const receiver = await opened(httpReceiver(() => arrived.open()));
    const sender = senderOf();
    const request = requestTo(receiver, { maxConnections: 1 });
    const sending = [1, 2, 3].map(() => sender.send(request));
    await arrived.opened;
    await sender.close();
    for (const result of await Promise.all(sending)) assertFailed(result, 'aborted', 'The sending server was shut down.');
    assertFailed(await sender.send(requestTo(receiver)), 'aborted', 'The sending server was shut down.');
    assert.equal(sender.openSockets, 0);
    assert.equal(receiver.connections, 1);
  });
});

describe('deadlines', () => {
  test('no answer, a byte a second of headers, a byte a second of body: all end at the same moment', async () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ['', '', 'There was no answer within 15 s.'],
      ['HTTP/1.1 200 OK\r\nx-slow: ', 'a', 'The answer was not complete within 15 s.'],
      ['HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n', 'b', 'The answer was not complete within 15 s.'],
    ];
    for (const [start, trickle, message] of cases) {
      const clock = new TestClock();
      const sockets: Socket[] = [];
      const arrived = gate();
      const receiver = await opened(
        tcpReceiver((socket) => {
          sockets.push(socket);
          onRequest(socket, () => socket.write(start, arrived.open));
        }),
      );
      const sender = senderOf({ clock });
      let result: SendResult | undefined;
      const sending = sender.send(requestTo(receiver)).then((value) => (result = value));
      await arrived.opened;
      for (let second = 1; second < 15; second++) {
        sockets[0]?.write(trickle);
        await clock.advance(1_000);
      }
      await clock.advance(999);
      assert.equal(result, undefined);
      await clock.advance(101);
      const ended = await sending;
      assertFailed(ended, 'timeout', message);
      assert.ok(ended.durationMs >= 15_000 && ended.durationMs <= 15_100, `${ended.durationMs}`);
      assert.equal(sender.openSockets, 0);
      assert.equal(receiver.connections, 1);
      assert.equal(clock.pending, 0, 'no timer is left');
    }
  });

  test('a correction of the wall clock is not time that passed', async () => {
    const clock = new TestClock();
    const arrived = gate();
    const answer = gate();
    const receiver = await opened(
      httpReceiver((_request, response) => {
        arrived.open();
        void answer.opened.then(() => response.end());
      }),
    );
    const sending = senderOf({ clock }).send(requestTo(receiver));
    await arrived.opened;
    clock.set(clock.now() + 3_600_000);
    await clock.advance(5_000);
    answer.open();
    const result = answered(await sending);
    assert.ok(result.durationMs <= 6_100, `${result.durationMs}`);
  });

  test('dns: a look-up that does not end in time', async () => {
    for (const [timeoutMs, endMs] of [
      [15_000, 5_000],
      [2_000, 2_000],
    ] as const) {
      const clock = new TestClock();
      const receiver = await opened(httpReceiver(answerOk()));
      const asked = gate();
      const late = gate();
      const resolve: Resolve = async () => {
        asked.open();
        await late.opened;
        return [{ address: '127.0.0.1', family: 4 }];
      };
      const sender = senderOf({ clock, resolve });
      const sending = sender.send(requestTo(receiver, { host: 'receiver.test', timeoutMs }));
      await asked.opened;
      await clock.advance(endMs + 100);
      assertFailed(await sending, 'dns', `The host receiver.test was not resolved within ${endMs / 1000} s.`);
      assert.equal(sender.openSockets, 0);
      late.open();
      answered(await sender.send(requestTo(receiver)));
      assert.equal(receiver.connections, 1, 'a look-up that ends too late connects to nothing');
    }
  });

  test('connect_timeout: the handshake counts as connecting; a shorter time-out of the endpoint counts first', async () => {
    for (const [timeoutMs, endMs] of [
      [15_000, 5_000],
      [2_000, 2_000],
    ] as const) {
      const clock = new TestClock();
      const arrived = gate();
      const closed = gate();
      const silent = await opened(tcpReceiver((socket) => socket.on('close', closed.open).once('data', arrived.open)));
      const sender = senderOf({ clock });
      let ended = false;
      const sending = sender.send({ ...requestTo(silent, { timeoutMs }), url: new URL(`https://127.0.0.1:${silent.port}/`) }).finally(() => (ended = true));
      await arrived.opened;
      await clock.advance(endMs - 1);
      assert.equal(ended, false);
      await clock.advance(101);
      assertFailed(await sending, 'connect_timeout', `The TLS handshake with 127.0.0.1 was not complete within ${endMs / 1000} s.`);
      assert.equal(sender.openSockets, 0);
      await closed.opened;
    }
  });

  test('the time to connect is not taken from the answer, and the whole time is kept', async () => {
    const clock = new TestClock();
    const arrived = gate();
    const asked = gate();
    const resolved = gate();
    const receiver = await opened(httpReceiver(() => arrived.open()));
    const resolve: Resolve = async () => {
      asked.open();
      await resolved.opened;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    let ended = false;
    const sending = senderOf({ clock, resolve })
      .send(requestTo(receiver, { host: 'receiver.test' }))
      .finally(() => (ended = true));
    await asked.opened;
    await clock.advance(4_000);
    resolved.open();
    await arrived.opened;
    await clock.advance(10_900);
    assert.equal(ended, false);
    await clock.advance(200);
    assertFailed(await sending, 'timeout', 'There was no answer within 15 s.');
  });
});

describe('egress', () => {
  test('a private address is refused, named and counted; nothing is connected', async () => {
    const receiver = await opened(httpReceiver(answerOk()));
    const resolve: Resolve = async () => [{ address: '10.0.0.5', family: 4 }];
    const sender = senderOf({ resolve });
    const message = 'The host receiver.test resolves to the private address 10.0.0.5; the sending server does not allow that.';
    assertFailed(await sender.send(requestTo(receiver, { host: 'receiver.test' })), 'egress', message);
    assertFailed(await sender.send(requestTo(receiver, { host: '[::1]' })), 'egress', /^The host \[::1\] is the loopback address ::1;/);
    assert.equal(sender.egressRefusals, 2);
    assert.equal(sender.openSockets, 0);
    assert.equal(receiver.connections, 0);
  });

  test('every spelling of an address that is not allowed is refused', async () => {
    const receiver = await opened(httpReceiver(answerOk(), '0.0.0.0'));
    const sender = senderOf({ policy: { allow: [], allowHttp: true } });
    for (const host of ['127.0.0.1', '2130706433', '0177.0.0.1', '0x7f.1', '127.1', '[::ffff:127.0.0.1]', '127.0.0.1.', '%31%32%37.0.0.1', '0']) {
      assertFailed(await sender.send(requestTo(receiver, { host })), 'egress', /the (loopback|unspecified) address/);
    }
    assert.equal(receiver.connections, 0);
  });

  test('http is refused where it is not allowed, whatever was stored', async () => {
    const receiver = await opened(httpReceiver(answerOk()));
    const sender = senderOf({ policy: { ...policy, allowHttp: false } });
    assertFailed(await sender.send(requestTo(receiver)), 'egress', /would be called without TLS/);
    assert.equal(receiver.connections, 0);
  });

  test('a DNS answer that changes after the check never reaches the private address', async () => {
    // 127.0.0.1 stands for the public address, 127.0.0.2 for the private one; both listen on the same port.
    const allowed = await opened(httpReceiver(answerOk('allowed'), '127.0.0.1'));
    const forbidden = await opened(httpReceiver(answerOk('forbidden'), '127.0.0.2', allowed.port));
    const answers = ['127.0.0.1', '127.0.0.2', '127.0.0.2'];
    const looked: string[] = [];
    const resolve: Resolve = async () => {
      const address = answers[looked.length] ?? '127.0.0.2';
      looked.push(address);
      return [{ address, family: 4 }];
    };
    const sender = senderOf({ resolve });
    const request = requestTo(allowed, { host: 'rebinding.test' });
    assert.equal(answered(await sender.send(request)).body, 'allowed');
    assert.deepEqual(looked, ['127.0.0.1'], 'one look-up, whose answer is the one that is used');
    assert.equal(answered(await sender.send(request)).body, 'allowed', 'the connection that is kept alive stays where it was');
    await allowed.close();
    assertFailed(await sender.send(request), 'egress', /resolves to the loopback address 127\.0\.0\.2/);
    assert.equal(forbidden.connections, 0);
  });

  test('a second address is tried when the first one refuses', async () => {
    const receiver = await opened(httpReceiver(answerOk(), '127.0.0.1'));
    const resolve: Resolve = async () => [
      { address: '127.0.0.3', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const sender = senderOf({ resolve, policy: { ...policy, allow: parseCidrs('127.0.0.0/8') } });
    assert.equal(answered(await sender.send(requestTo(receiver, { host: 'two.test' }))).statusCode, 200);
  });

  test('dns: a name that does not exist', async () => {
    const receiver = await opened(httpReceiver(answerOk()));
    const sender = senderOf({ resolve: () => Promise.reject(Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' })) });
    assertFailed(await sender.send(requestTo(receiver, { host: 'nobody.test' })), 'dns', 'The host nobody.test does not exist in the DNS (ENOTFOUND).');
    assert.equal(sender.egressRefusals, 0);
  });

  test('connections opened at the same moment share one look-up', async () => {
    const receiver = await opened(httpReceiver(answerOk()));
    let looked = 0;
    const resolve: Resolve = async () => {
      looked++;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const sender = senderOf({ resolve });
    const results = await Promise.all(Array.from({ length: 8 }, () => sender.send(requestTo(receiver, { host: 'receiver.test' }))));
    assert.equal(results.filter(({ kind }) => kind === 'answered').length, 8);
    assert.equal(receiver.connections, 8);
    assert.equal(looked, 1);
  });
});
