import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP proxy to PostgreSQL that a test can cut. */
export interface Link {
  /** The database's URL through this proxy. */
  readonly url: string;
  /** Closes connections and refuses new ones, as when the server is down. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function startLink(databaseUrl: string): Promise<Link> {
  const target = new URL(databaseUrl);
  const host = decodeURIComponent(target.hostname);
  const port = Number(target.port || 5432);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    // A host that is a path names the folder of a Unix socket (PostgreSQL documentation, "Parameter Key Words").
    const far = connect(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      keep(from);
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  const listen = async (at: number): Promise<number> => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  const nearPort = await listen(0);
  const near = new URL(databaseUrl);
  near.host = `127.0.0.1:${nearPort}`;
  return {
    url: near.href,
    cut,
    mend: async () => {
      await listen(nearPort);
    },
    close: cut,
  };
}
