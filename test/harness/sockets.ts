import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A server on a loopback address that counts connections. */
export interface Receiver {
  readonly port: number;
  /** Connections opened so far. */
  readonly connections: number;
  /** Connections open now. */
  readonly open: number;
  close(): Promise<void>;
}

/** A promise that the test resolves. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

export function httpReceiver(listener: RequestListener, host = '127.0.0.1', port = 0): Promise<Receiver> {
  return listening(createHttpServer({ keepAliveTimeout: 60_000 }, listener), host, port);
}

/** Starts a TCP server; `handle` is called for each connection. */
export function tcpReceiver(
  handle: (socket: Socket, index: number) => void,
  host = '127.0.0.1',
  port = 0,
): Promise<Receiver> {
  let index = 0;
  return listening(
    createTcpServer((socket) => {
      socket.on('error', () => {});
      handle(socket, index++);
    }),
    host,
    port,
  );
}

/**
 * A port for another program, free a moment ago. Below the ports that systems choose themselves (from 32,768 on Linux): one of those could
 * be given to another socket before the program listens.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const probe = await tcpReceiver((socket) => socket.destroy(), '127.0.0.1', port).catch(() => undefined);
    await probe?.close();
    if (probe !== undefined) return port;
  }
}

/** Counts and closes the connections of any server. */
export async function listening(server: Server, host = '127.0.0.1', port = 0): Promise<Receiver> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    async close() {
      if (!server.listening) return;
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Reads the request to its end. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let body = '';
  for await (const chunk of request) body += chunk as string;
  return body;
}

/** Answers 200 with `body` once the request has been read. */
export const answerOk =
  (body = 'ok') =>
  (request: IncomingMessage, response: ServerResponse): void => {
    request.resume().on('end', () => response.end(body));
  };
