import { connect as connectTcp, isIP } from 'node:net';
import type { LookupFunction, Socket, TcpNetConnectOpts } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
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
export type ConnectPhase = 'resolving' | 'connecting' | 'handshake' | 'open';

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
  /** Called with the socket before it is connected, for listeners of its own. */
  readonly onSocket?: (socket: Socket) => void;
}

/** Why no connection was opened. Errors of the socket are thrown unchanged. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  /** `dns`: a later try may succeed. `egress`: the address must not be called. `timeout`: not within `timeoutMs`. */
  readonly reason: 'dns' | 'egress' | 'timeout';
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
    onPhase?.('connecting');
    socket = open(target, resolution.addresses, options);
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

const tooLate = ({ host }: ConnectTarget, timeoutMs: number): ConnectError =>
  new ConnectError(host, 'timeout', { ok: false, reason: `could not be reached within ${timeoutMs / 1000} s` });

function open(
  { host, port, tls }: ConnectTarget,
  addresses: readonly ResolvedAddress[],
  { onPhase, onSocket }: ConnectOptions,
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
    onSocket?.(socket);
    return socket;
  }
  const servername = name.replace(/\.$/, '');
  const socket = connectTls({
    ...tls,
    ...endpoint,
    // RFC 6066 §3: a server name is never an address.
    ...(isIP(servername) === 0 ? { servername } : {}),
  });
  // A request in two writes otherwise waits for the other side's delayed acknowledgement, 40 ms on Linux.
  socket.setNoDelay(true).once('connect', () => onPhase?.('handshake'));
  onSocket?.(socket);
  return socket;
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
