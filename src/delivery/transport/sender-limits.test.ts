import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { TestClock } from '../../../test/harness/clock.ts';
import { answerOk, gate, httpReceiver, tcpReceiver } from '../../../test/harness/sockets.ts';
import {
  answered,
  assertFailed,
  onRequest,
  opened,
  policy,
  requestTo,
  senderOf,
} from '../../../test/harness/sending.ts';
import { parseCidrs } from '../../base/cidr.ts';
import type { Resolve } from '../../base/egress.ts';
import type { SendResult } from './sender.ts';

describe('deadlines', () => {
  test('no response, a byte a second of headers, and a byte a second of body all end at the same moment', async () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ['', '', 'There was no response within 15 s.'],
      ['HTTP/1.1 200 OK\r\nx-slow: ', 'a', 'The response was not complete within 15 s.'],
      ['HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n', 'b', 'The response was not complete within 15 s.'],
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

  test('a correction of the wall clock does not count as time that passed', async () => {
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

  test('dns: a lookup does not end in time', async () => {
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
      assert.equal(receiver.connections, 1, 'a lookup that ends too late connects to nothing');
    }
  });

  test('connect_timeout: the handshake counts as connecting, and a shorter timeout of the endpoint applies first', async () => {
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
      const sending = sender
        .send({ ...requestTo(silent, { timeoutMs }), url: new URL(`https://127.0.0.1:${silent.port}/`) })
        .finally(() => (ended = true));
      await arrived.opened;
      await clock.advance(endMs - 1);
      assert.equal(ended, false);
      await clock.advance(101);
      assertFailed(
        await sending,
        'connect_timeout',
        `The TLS handshake with 127.0.0.1 was not complete within ${endMs / 1000} s.`,
      );
      assert.equal(sender.openSockets, 0);
      await closed.opened;
    }
  });

  test('the time to connect does not shorten the time for the response, and the whole timeout is kept', async () => {
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
    assertFailed(await sending, 'timeout', 'There was no response within 15 s.');
  });
});

describe('egress', () => {
  test('a private address is refused and counted, only the operator learns it, and nothing is connected', async () => {
    const receiver = await opened(httpReceiver(answerOk()));
    const resolve: Resolve = async () => [{ address: '10.0.0.5', family: 4 }];
    const refused: (string | undefined)[] = [];
    const sender = senderOf({ resolve, onRefused: (host, { detail }) => refused.push(host, detail) });
    const message =
      'The host receiver.test resolves to an address that is not allowed; the sending server does not allow that.';
    assertFailed(await sender.send(requestTo(receiver, { host: 'receiver.test' })), 'egress', message);
    assertFailed(
      await sender.send(requestTo(receiver, { host: '[::1]' })),
      'egress',
      /^The host \[::1\] is the loopback address ::1;/,
    );
    assert.deepEqual(refused, [
      'receiver.test',
      'resolves to the private address 10.0.0.5 (allowed by OUTRIDER_EGRESS_ALLOW=10.0.0.5)',
      '[::1]',
      undefined,
    ]);
    assert.equal(sender.egressRefusals, 2);
    assert.equal(sender.openSockets, 0);
    assert.equal(receiver.connections, 0);
  });

  test('every spelling of an address that is not allowed is refused', async () => {
    const receiver = await opened(httpReceiver(answerOk(), '0.0.0.0'));
    const sender = senderOf({ policy: { allow: [], allowHttp: true } });
    for (const host of [
      '127.0.0.1',
      '2130706433',
      '0177.0.0.1',
      '0x7f.1',
      '127.1',
      '[::ffff:127.0.0.1]',
      '127.0.0.1.',
      '%31%32%37.0.0.1',
      '0',
    ]) {
      assertFailed(await sender.send(requestTo(receiver, { host })), 'egress', /the (loopback|unspecified) address/);
    }
    assert.equal(receiver.connections, 0);
  });

  test('http is refused where it is not allowed, even for a stored URL', async () => {
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
    assert.deepEqual(looked, ['127.0.0.1'], 'one lookup, whose result is used');
    assert.equal(
      answered(await sender.send(request)).body,
      'allowed',
      'the connection that is kept alive stays where it was',
    );
    await allowed.close();
    assertFailed(await sender.send(request), 'egress', /resolves to an address that is not allowed/);
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

  test('dns: a name does not exist', async () => {
    const receiver = await opened(httpReceiver(answerOk()));
    const sender = senderOf({
      resolve: () => Promise.reject(Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' })),
    });
    assertFailed(
      await sender.send(requestTo(receiver, { host: 'nobody.test' })),
      'dns',
      'The host nobody.test does not exist in the DNS (ENOTFOUND).',
    );
    assert.equal(sender.egressRefusals, 0);
  });

  test('connections opened at the same moment share one lookup', async () => {
    const receiver = await opened(httpReceiver(answerOk()));
    let looked = 0;
    const resolve: Resolve = async () => {
      looked++;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const sender = senderOf({ resolve });
    const request = requestTo(receiver, { host: 'receiver.test' });
    const results = await Promise.all(Array.from({ length: 8 }, () => sender.send(request)));
    assert.equal(results.filter(({ kind }) => kind === 'answered').length, 8);
    assert.equal(receiver.connections, 8);
    assert.equal(looked, 1);
  });
});
