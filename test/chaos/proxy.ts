import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy on loopback, in front of a Unix socket, whose connections can be cut. */
export interface Proxy {
  readonly port: number;
  /** Carries nothing in either direction, and does not close anything: what a dead network looks like from both ends. */
  silence(): void;
  /** Closes all connections, and each new one as it comes. */
  cut(): void;
  restore(): void;
  close(): void;
}

/** @param path the Unix socket of the server. */
export async function startProxy(path: string): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let state: 'open' | 'silent' | 'cut' = 'open';
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const track = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      // A client that was killed is gone for the database too.
      other.destroy();
    });
    socket.on('data', (chunk: Buffer) => {
      if (state !== 'open') socket.pause();
      else if (!other.write(chunk)) {
        socket.pause();
        other.once('drain', () => socket.resume());
      }
    });
  };
  const server = createServer((client) => {
    if (state === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(path);
    track(client, upstream);
    track(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    silence: () => (state = 'silent'),
    cut() {
      state = 'cut';
      cut();
    },
    restore: () => (state = 'open'),
    close() {
      cut();
      server.close();
    },
  };
}
