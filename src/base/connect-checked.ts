import { connect as connectTcp, isIP } from 'node:net';
import type { LookupFunction, Socket, TcpNetConnectOpts } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { ProxyFailure, tunnel } from './egress-proxy.ts';
import type { EgressProxy } from './egress-proxy.ts';
import { resolveChecked, withoutBrackets } from './egress.ts';
import type { EgressPolicy, Refusal, Resolve, ResolvedAddress } from './egress.ts';

/** Where to connect to. */
export interface ConnectTarget {
  /** A name or an address, as in a URL: an IPv6 address may stand in brackets. */
  readonly host: string;
  readonly port: number;
  /** Undefined: plain TCP. Host, addresses and server name are set here. */
  readonly tls?: ConnectionOptions | undefined;
}

/** How far a connection has come. */
export type ConnectPhase = 'resolving' | 'connecting' | 'proxy' | 'handshake' | 'open';

export interface ConnectOptions {
  readonly policy: EgressPolicy;
  readonly resolve: Resolve;
  /** For lookup, TCP connection and TLS handshake together; the lookup alone gets at most 5 s. `Infinity`: `signal` ends it. */
  readonly timeoutMs: number;
  readonly clock?: Clock;
  /** The organization by which lookups are limited. */
  readonly organization?: string;
  /** Ends the attempt, and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called at the beginning of each phase. */
  readonly onPhase?: (phase: ConnectPhase) => void;
  /** Called with the socket before it is connected, for listeners of its own; with a proxy again for TLS to the target. */
  readonly onSocket?: (socket: Socket) => void;
  /** Called with the target's address that was connected to. */
  readonly onAddress?: (address: string) => void;
  /** Connects through this proxy, which gets the checked address. */
  readonly proxy?: EgressProxy | undefined;
}

/** Why no connection was opened. Errors of the socket are thrown unchanged. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  /** `dns`, `proxy`: a later try may succeed. `egress`: the address must not be called. `timeout`: not within `timeoutMs`. */
  readonly reason: 'dns' | 'egress' | 'timeout' | 'proxy';
  /** What is wrong, as a predicate that continues the host: "resolves to an address that is not allowed". */
  readonly refusal: Refusal;
  readonly host: string;

  constructor(host: string, reason: ConnectError['reason'], refusal: Refusal) {
    super(`The host ${host} ${refusal.reason}.`);
    this.host = host;
    this.reason = reason;
    this.refusal = refusal;
  }
}

const lookupMs = 5_000;
/** Each address is asked for on a connection of its own. */
const proxiedAddressesMax = 3;
/** Node's default of 250 ms gives up on a good address that is merely far away. */
const addressAttemptMs = 1_000;

/**
 * Resolves a host, checks all its addresses against the policy, and connects to one of exactly these addresses, so that a second lookup
 * cannot lead elsewhere. Each address but the last has 1 s to answer before the next one is tried.
 *
 * The caller must listen for errors of the socket it gets.
 *
 * @throws ConnectError, or the error of the socket. The socket is destroyed then.
 * @example
 * const socket = await connectChecked({ host: 'imap.example.com', port: 993, tls: {} }, { policy, resolve, timeoutMs: 10_000 });
 */
export async function connectChecked(target: ConnectTarget, options: ConnectOptions): Promise<Socket> {
  const { policy, resolve, timeoutMs, clock = systemClock, organization = '', signal, onPhase } = options;
  const ended = Promise.withResolvers<never>();
  // It may be rejected when nothing awaits it any more.
  ended.promise.catch(() => {});
  const abort = (): void => ended.reject(signal?.reason);
  const timer =
    timeoutMs === Infinity ? undefined : clock.setTimer(() => ended.reject(tooLate(target, timeoutMs)), timeoutMs);
  if (signal?.aborted === true) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  let socket: Socket | undefined;
  try {
    onPhase?.('resolving');
    const lookup = { timeoutMs: Math.min(timeoutMs, lookupMs), clock, organization };
    const resolution = await Promise.race([resolveChecked(target.host, policy, resolve, lookup), ended.promise]);
    if (!resolution.ok) throw new ConnectError(target.host, resolution.cause, resolution);
    const opening = (each: Socket): void => {
      socket = each;
      options.onSocket?.(each);
    };
    if (options.proxy === undefined) {
      onPhase?.('connecting');
      socket = open(target, resolution.addresses, options);
    } else {
      onPhase?.('proxy');
      const through = throughProxy(target, resolution.addresses, options.proxy, options, opening);
      // It fails after the deadline, too, because its socket is destroyed.
      through.catch(() => {});
      socket = await Promise.race([through, ended.promise]);
    }
    // Without TLS, a connection through a proxy is complete.
    if (options.proxy === undefined || target.tls !== undefined)
      await Promise.race([connected(socket, target.tls !== undefined), ended.promise]);
    onPhase?.('open');
    return socket;
  } catch (error) {
    socket?.destroy();
    throw error;
  } finally {
    clock.clearTimer(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** IPv4 first, because a proxy need not have IPv6. */
const byFamily = (addresses: readonly ResolvedAddress[]): readonly ResolvedAddress[] =>
  [...addresses].sort((a, b) => a.family - b.family).slice(0, proxiedAddressesMax);

async function throughProxy(
  target: ConnectTarget,
  addresses: readonly ResolvedAddress[],
  proxy: EgressProxy,
  { onPhase, onAddress }: ConnectOptions,
  onSocket: (socket: Socket) => void,
): Promise<Socket> {
  let failure: unknown;
  for (const each of byFamily(addresses)) {
    try {
      const raw = await tunnel(proxy, each, target.port, onSocket);
      onAddress?.(each.address);
      if (target.tls === undefined) return raw;
      onPhase?.('handshake');
      raw.on('error', () => {});
      const name = withoutBrackets(target.host);
      const secured = connectTls({ ...target.tls, socket: raw, host: name, ...serverNameOf(name) });
      onSocket(secured);
      return secured;
    } catch (error) {
      failure = error;
      if (!(error instanceof ProxyFailure) || !error.ofTarget) break;
    }
  }
  proxy.failures++;
  const reason = failure instanceof ProxyFailure ? failure.message : String(failure);
  proxy.onFailure(`${proxy.host}:${proxy.port} ${reason}; the target was ${target.host}:${target.port}`);
  throw new ConnectError(target.host, 'proxy', {
    ok: false,
    reason: `could not be reached, because the proxy of the sending server ${reason}`,
  });
}

const tooLate = ({ host }: ConnectTarget, timeoutMs: number): ConnectError =>
  new ConnectError(host, 'timeout', { ok: false, reason: `could not be reached within ${timeoutMs / 1000} s` });

function open(
  { host, port, tls }: ConnectTarget,
  addresses: readonly ResolvedAddress[],
  { onPhase, onSocket, onAddress }: ConnectOptions,
): Socket {
  const name = withoutBrackets(host);
  const endpoint: TcpNetConnectOpts = {
    host: name,
    port,
    lookup: pinned(addresses),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: addressAttemptMs,
  };
  if (tls === undefined) {
    const socket = connectTcp(endpoint).setNoDelay(true);
    socket.once('connect', () => onAddress?.(socket.remoteAddress ?? ''));
    onSocket?.(socket);
    return socket;
  }
  const socket = connectTls({ ...tls, ...endpoint, ...serverNameOf(name) });
  // A request in two writes otherwise waits for the other side's delayed acknowledgement, 40 ms on Linux.
  socket.setNoDelay(true).once('connect', () => {
    onAddress?.(socket.remoteAddress ?? '');
    onPhase?.('handshake');
  });
  onSocket?.(socket);
  return socket;
}

/** RFC 6066 §3: a server name is never an address. */
function serverNameOf(name: string): { servername?: string } {
  const servername = name.replace(/\.$/, '');
  return isIP(servername) === 0 ? { servername } : {};
}

const connected = (socket: Socket, secure: boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const closed = (): void => reject(new Error('The connection was closed.'));
    socket
      .on('error', reject)
      .on('close', closed)
      .once(secure ? 'secureConnect' : 'connect', () => {
        socket.off('error', reject).off('close', closed);
        resolve();
      });
  });

/**
 * Answers the lookup that Node makes for a connection with addresses that were checked. Not synchronously: Node's `tls.connect` would use the
 * handle of a connection that failed in the meantime, as one to an unreachable network does, and the error would end the process.
 */
function pinned(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const [first] = addresses;
    process.nextTick(() => {
      if (options.all === true) callback(null, [...addresses]);
      else if (first === undefined) callback(new Error('no address'), '');
      else callback(null, first.address, first.family);
    });
  };
}
