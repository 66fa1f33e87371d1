import { readFileSync } from 'node:fs';
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';

/** Assumed where the system does not tell: macOS and Windows. */
const descriptorsUnknown = 8_192;
const logEveryMs = 60_000;
/** Connections past `max`, on which only probes are answered. */
const reserveMax = 32;

/** Half of the file descriptors: the others are for the engine's sockets, the database's and files. */
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
  /** A proxy's connections carry the requests of many clients, so its address is not limited. */
  readonly isProxy: (address: string) => boolean;
}

export interface ConnectionLimit {
  /** Starts to limit the connections of a server. */
  watch(server: Server): void;
  /** True for a connection opened while all others had a request in progress: it carries one request, and only probes are answered on it. */
  isReserve(socket: Socket): boolean;
}

/** Connections of one address. */
interface Origin {
  readonly address: string;
  open: number;
  /** Without a request in progress, longest idle first. */
  readonly idle: Set<Socket>;
}

/**
 * Limits the open connections, in all and by address (half of all). Past a limit, the connection that has been idle longest is closed to
 * make room for the new one. While all others have a request in progress, the new one joins a small reserve, so that health checks are
 * answered even then; past the size of the reserve its oldest connection is closed.
 */
export function createConnectionLimit({ max, clock, log, isProxy }: ConnectionLimitOptions): ConnectionLimit {
  const perAddress = Math.ceil(max / 2);
  const origins = new Map<string, Origin>();
  const originOf = new Map<Socket, Origin>();
  const idle = new Set<Socket>();
  const busy = new Map<Socket, number>();
  const reserve = new Set<Socket>();
  let loggedMs = -Infinity;

  function forget(socket: Socket): void {
    reserve.delete(socket);
    idle.delete(socket);
    busy.delete(socket);
    const origin = originOf.get(socket);
    if (origin === undefined) return;
    originOf.delete(socket);
    origin.idle.delete(socket);
    origin.open -= 1;
    if (origin.open === 0) origins.delete(origin.address);
  }

  /** Forgets the socket before its `close` event, so that it is not chosen again in between. */
  function cut(socket: Socket): void {
    forget(socket);
    socket.destroy();
  }

  function makeRoom(among: ReadonlySet<Socket>, newest: Socket): void {
    const [oldest = newest] = among;
    if (oldest !== newest) return cut(oldest);
    forget(newest);
    const [first] = reserve;
    if (first !== undefined && reserve.size >= reserveMax) cut(first);
    reserve.add(newest);
  }

  function warn({ address, open }: Origin): void {
    if (clock.now() - loggedMs < logEveryMs) return;
    loggedMs = clock.now();
    log.warn(
      { address, connections: originOf.size, of_address: open, in_progress: busy.size, max, per_address: perAddress },
      'too many connections: idle ones are closed; while none is idle, new ones are refused',
    );
  }

  function opened(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const origin = origins.get(address) ?? { address, open: 0, idle: new Set() };
    origins.set(address, origin);
    origin.open += 1;
    originOf.set(socket, origin);
    origin.idle.add(socket);
    idle.add(socket);
    socket.once('close', () => forget(socket));
    const full = origin.open > perAddress && !isProxy(address) ? origin.idle : originOf.size > max ? idle : undefined;
    if (full === undefined) return;
    warn(origin);
    makeRoom(full, socket);
  }

  function requested(socket: Socket, response: ServerResponse): void {
    const origin = originOf.get(socket);
    if (origin === undefined) return;
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    idle.delete(socket);
    origin.idle.delete(socket);
    response.once('close', () => {
      const left = (busy.get(socket) ?? 0) - 1;
      if (left > 0) busy.set(socket, left);
      else if (busy.delete(socket)) {
        idle.add(socket);
        origin.idle.add(socket);
      }
    });
  }

  return {
    watch(server) {
      server.on('connection', opened);
      server.on('request', ({ socket }, response) => requested(socket, response));
    },
    isReserve: (socket) => reserve.has(socket),
  };
}
