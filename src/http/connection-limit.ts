import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';

/** Where the system does not say: macOS and Windows. */
const descriptorsUnknown = 8_192;
const logEveryMs = 60_000;

/** Half of the descriptors: the engine's sockets, the database's and files have the others. */
export function connectionsMax(limits = limitsText()): number {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
  return Math.min(10_000, Math.max(100, Math.floor((soft === undefined ? descriptorsUnknown : Number(soft)) / 2)));
}

function limitsText(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}

export interface ConnectionLimitOptions {
  readonly max: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Proxies bring the connections of many callers. */
  readonly isProxy: (address: string) => boolean;
}

/**
 * Bounds the open connections, in all and by address (half of all). Past a bound the oldest one without a request in progress is closed, so
 * that a new one, such as a health check, is still answered; where there is none, the new one is closed.
 */
export function limitConnections(server: Server, { max, clock, log, isProxy }: ConnectionLimitOptions): void {
  const perAddress = Math.ceil(max / 2);
  const byAddress = new Map<string, Set<Socket>>();
  const open = new Set<Socket>();
  const busy = new Map<Socket, number>();
  let loggedMs = -Infinity;

  function makeRoom(among: ReadonlySet<Socket>, newest: Socket, address: string): void {
    for (const socket of among) {
      if (busy.has(socket) && socket !== newest) continue;
      socket.destroy();
      break;
    }
    if (clock.now() - loggedMs < logEveryMs) return;
    loggedMs = clock.now();
    log.warn(
      { address, connections: open.size, of_address: byAddress.get(address)?.size, max, per_address: perAddress },
      'too many connections: idle ones are closed',
    );
  }

  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const same = byAddress.get(address) ?? new Set();
    byAddress.set(address, same.add(socket));
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      busy.delete(socket);
      same.delete(socket);
      if (same.size === 0) byAddress.delete(address);
    });
    if (same.size > perAddress && !isProxy(address)) makeRoom(same, socket, address);
    else if (open.size > max) makeRoom(open, socket, address);
  });
  server.on('request', ({ socket }, response) => {
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (busy.get(socket) ?? 1) - 1;
      if (left > 0) busy.set(socket, left);
      else busy.delete(socket);
    });
  });
}
