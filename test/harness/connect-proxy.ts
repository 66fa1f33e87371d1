import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { GenerateResult } from 'selfsigned';
import { listening } from './sockets.ts';

/** One CONNECT request. */
export interface Asked {
  readonly target: string;
  readonly authorization: string | undefined;
}

export interface TestProxy {
  readonly port: number;
  readonly asked: Asked[];
  /** Replaces the answer; undefined: it connects. */
  answer: ((socket: Duplex, request: IncomingMessage) => void) | undefined;
  close(): Promise<void>;
}

/** A proxy on a loopback port that connects by CONNECT and counts. @param pems TLS to the proxy itself */
export async function startProxy(pems?: GenerateResult): Promise<TestProxy> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const refuse = (_request: IncomingMessage, response: { writeHead(status: number): { end(): void } }): void =>
    response.writeHead(405).end();
  const server =
    pems === undefined ? createServer(refuse) : createTlsServer({ key: pems.private, cert: pems.cert }, refuse);
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    client.on('error', () => {});
    if (proxy.answer !== undefined) return proxy.answer(client, request);
    const { hostname, port } = new URL(`tcp://${request.url}`);
    const upstream = connect(Number(port), hostname.replace(/^\[(.*)\]$/, '$1'));
    sockets.add(upstream);
    upstream
      .on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
      .on('close', () => client.destroy())
      .once('connect', () => {
        client.write('HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n');
        client.pipe(upstream).pipe(client);
      });
    client.on('close', () => upstream.destroy());
  });
  const receiver = await listening(server);
  const proxy: TestProxy = {
    port: receiver.port,
    asked,
    answer: undefined,
    async close() {
      for (const socket of sockets) socket.destroy();
      await receiver.close();
    },
  };
  return proxy;
}
