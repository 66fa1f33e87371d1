import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { AttemptView, Caller } from '../harness/caller.ts';
import { eventually } from '../harness/clock.ts';
import { installationScene } from '../harness/installation.ts';
import { tcpReceiver } from '../harness/sockets.ts';
import type { Receiver } from '../harness/sockets.ts';

const mib = 1_024 * 1_024;

describe('malicious receivers', () => {
  const scene = installationScene();

  /** Starts a receiver that answers each request with these bytes. */
  async function speaking(speak: (socket: Socket) => void): Promise<Receiver> {
    const receiver = await tcpReceiver((socket) => void socket.once('data', () => speak(socket)));
    scene.finally(() => receiver.close());
    return receiver;
  }

  /** Sends one event. @returns its attempt. */
  async function attempt(
    me: Caller,
    receiver: Receiver,
    meanwhile: () => Promise<void> = async () => {},
  ): Promise<AttemptView & { readonly state: string }> {
    const endpoint = await me.register(`http://127.0.0.1:${receiver.port}/`, { timeout_ms: 1_000 });
    await me.publish('order.paid');
    await meanwhile();
    await eventually(async () => (await me.deliveries(endpoint))[0]?.attempt_count === 1, 'the attempt is recorded');
    const { attempts, status } = await me.delivery((await me.deliveries(endpoint))[0]?.id ?? '');
    return { ...(attempts[0] ?? assert.fail()), state: status };
  }

  test('a response that trickles in or never comes ends at the timeout and delays nobody else', async () => {
    for (const [beginning, error, status] of [
      ['HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n', 'The response was not complete within 1 s.', 200],
      ['HTTP/1.1 200 OK\r\nx-slow: ', 'The response was not complete within 1 s.', 200],
      ['', 'There was no response within 1 s.', null],
    ] as const) {
      let written = 0;
      const receiver = await speaking((socket) => {
        socket.write(beginning);
        const trickle = async (): Promise<void> => {
          for (; !socket.destroyed; written += 1) {
            if (beginning !== '' && written < 1_000) socket.write('x');
            await setImmediate();
          }
        };
        void trickle();
      });
      const me = await scene.product.tenant();
      const healthy = await scene.receive();
      await me.register(healthy.url);
      const slow = await attempt(me, receiver, async () => {
        await eventually(
          () => healthy.arrivals.length === 1 && written > 100,
          'it trickles, and the other endpoint has its own',
        );
        await scene.clock.advance(1_200);
      });
      assert.deepEqual([slow.error, slow.state, slow.status_code], [error, 'pending', status]);
      assert.ok(slow.duration_ms >= 1_000 && slow.duration_ms <= 1_100, `${slow.duration_ms} ms`);
      await eventually(() => receiver.open === 0, 'the connection is closed');
    }
  });

  test('a gigabyte of gzip counts as delivered and takes no memory', async () => {
    // A gzip body may have many members (RFC 1952 §2.2), so a compressed megabyte is repeated to a gigabyte.
    const member = gzipSync(Buffer.alloc(8 * mib), { level: 9 });
    const bomb = Buffer.concat(Array.from({ length: 128 }, () => member));
    const receiver = await scene.receive((_arrival, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    const me = await scene.product.tenant();
    const endpoint = await me.register(receiver.url);
    const before = process.resourceUsage().maxRSS;
    await me.publish('order.paid');
    await eventually(async () => (await me.deliveries(endpoint))[0]?.status === 'delivered', 'it is delivered');
    const grownMib = (process.resourceUsage().maxRSS - before) / 1_024;
    assert.ok(grownMib < 64, `the process grew by ${grownMib} MiB`);
    const { attempts } = await me.delivery((await me.deliveries(endpoint))[0]?.id ?? '');
    assert.equal(attempts[0]?.response?.body, '\uFFFD'.repeat(4_096), 'its first 4 KiB; U+FFFD stands for NUL');
  });

  test('an endless body counts as delivered once its head is read; endless headers fail', async () => {
    const endless = (beginning: string, part: string): Promise<Receiver> =>
      speaking((socket) => {
        socket.write(beginning);
        const more = (): void => {
          while (!socket.destroyed && socket.write(part));
        };
        socket.on('drain', more);
        more();
      });
    const me = await scene.product.tenant();
    const body = await attempt(me, await endless('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(16_384)));
    assert.deepEqual([body.state, body.status_code, body.response?.body], ['delivered', 200, 'x'.repeat(4_096)]);
    for (const part of [`x-more: ${'y'.repeat(1_000)}\r\n`, 'y'.repeat(1_000)]) {
      const headers = await attempt(await scene.product.tenant(), await endless('HTTP/1.1 200 OK\r\nx-first: 1', part));
      assert.deepEqual([headers.state, headers.error], ['pending', 'The response headers are larger than 16 KiB.']);
    }
  });

  test('a truncated, non-HTTP or missing response is explained in plain words', async () => {
    for (const [answer, error] of [
      ['HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', /closed before the response was complete/],
      ['', /closed before the response was complete/],
      ['SSH-2.0-OpenSSH_9.9\r\n', /not valid HTTP/],
    ] as const) {
      const broken = await attempt(await scene.product.tenant(), await speaking((socket) => socket.end(answer)));
      assert.equal(broken.state, 'pending');
      assert.match(broken.error ?? '', error);
    }
    const gone = await speaking(() => {});
    await gone.close();
    const refused = await attempt(await scene.product.tenant(), gone);
    assert.equal(refused.error, `The connection was refused by 127.0.0.1:${gone.port}.`);
  });

  test('NUL and invalid UTF-8 in a response are stored as U+FFFD', async () => {
    const receiver = await speaking((socket) =>
      socket.end(Buffer.from('HTTP/1.1 500 X\r\ncontent-length: 4\r\nx-odd: \xff\r\n\r\na\0\xffb', 'latin1')),
    );
    const odd = await attempt(await scene.product.tenant(), receiver);
    assert.deepEqual([odd.status_code, odd.response?.body], [500, 'a\uFFFD\uFFFDb']);
  });
});
