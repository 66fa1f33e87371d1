import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { parseCidrs } from '../../src/base/cidr.ts';
import { systemClock } from '../../src/base/clock.ts';
import type { Clock } from '../../src/base/clock.ts';
import type { EgressPolicy } from '../../src/base/egress.ts';
import { createSender } from '../../src/delivery/transport/sender.ts';
import type { Sender, SenderOptions, SendRequest, SendResult } from '../../src/delivery/transport/sender.ts';
import { atTestEnd } from './cleanups.ts';
import { tcpReceiver } from './sockets.ts';
import type { Receiver } from './sockets.ts';

export const policy: EgressPolicy = { allow: parseCidrs('127.0.0.1'), allowHttp: true };

/** Ends the rest period of connections immediately, so the next send reuses the connection. */
export const restless: Clock = { ...systemClock, setTimer: (callback) => callback() };

/** Connections rest only if `socketClock` says so. */
export function senderOf(options: Partial<SenderOptions> = {}): Sender {
  const sender = createSender({ policy, socketClock: restless, ...options });
  atTestEnd(() => sender.close());
  return sender;
}

export async function opened(receiver: Promise<Receiver>): Promise<Receiver> {
  const result = await receiver;
  atTestEnd(() => result.close());
  return result;
}

export const requestTo = (
  receiver: Pick<Receiver, 'port'>,
  overrides: Partial<SendRequest> & { readonly path?: string; readonly host?: string } = {},
): SendRequest => ({
  url: new URL(`http://${overrides.host ?? '127.0.0.1'}:${receiver.port}${overrides.path ?? '/'}`),
  organization: 'tester',
  headers: { 'content-type': 'application/json' },
  body: '{}',
  timeoutMs: 15_000,
  maxConnections: 10,
  ...overrides,
});

export function answered(result: SendResult): Extract<SendResult, { kind: 'answered' }> {
  assert.equal(result.kind, 'answered', JSON.stringify(result));
  return result;
}

export function assertFailed(result: SendResult, reason: string, message: RegExp | string): void {
  assert.equal(result.kind, 'failed', JSON.stringify(result));
  assert.equal(result.reason, reason, result.message);
  if (typeof message === 'string') assert.equal(result.message, message);
  else assert.match(result.message, message);
}

/** Calls back after each complete request with the body `{}`. */
export function onRequest(socket: Socket, callback: (count: number) => void): void {
  let count = 0;
  let received = '';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    while (received.includes('\r\n\r\n{}')) {
      received = received.slice(received.indexOf('\r\n\r\n{}') + 6);
      callback(++count);
    }
  });
}

/** Answers the first request of each connection with these bytes. */
export const writing = (...parts: readonly (string | Buffer)[]) =>
  tcpReceiver((socket) => {
    onRequest(socket, () => {
      for (const part of parts) socket.write(part);
    });
  });
