import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy on loopback for a Unix socket, whose connections can be cut. */
export interface Proxy {
  readonly port: number;
  /** Forwards nothing in either direction and closes nothing, as a dead network does. */
  silence(): void;
  /** Closes all connections, and each new one immediately. */
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
      // The database must notice that a killed client is gone.
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
