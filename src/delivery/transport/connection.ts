import type { Socket } from 'node:net';
import { Client, errors } from 'undici';
import type { Dispatcher } from 'undici';
import { ConnectError } from '../../base/connect-checked.ts';
import type { ConnectOptions, ConnectPhase } from '../../base/connect-checked.ts';
import { isPublicAddress } from '../../base/egress.ts';
import type { ResolvedAddress } from '../../base/egress.ts';
import { explain, SendFailure } from './failure.ts';
import { headerBytesMax, ResponseFilter } from './response-filter.ts';

/** Measured by one TCP connection at a time: a delay of this process would prolong all that are opened at the same moment. */
export interface RoundTrip {
  samples: number;
  fastestMs: number;
  measuring: boolean;
}

/** Scheme, host and port. */
export interface Origin {
  /** `https://host:port`, without a path. */
  readonly href: string;
  /** As in a URL: an IPv6 address in brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
  /** The number of targets. An origin without any is forgotten. */
  targets: number;
  readonly roundTrip: RoundTrip;
}

/** What an endpoint's connections present and trust instead of the defaults, as PEM. */
export interface TlsIdentity {
  /** The client certificate with its chain; set together with `key`. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The authorities that are trusted instead of the system's. */
  readonly ca?: string | undefined;
}

/** One exchange that needs a connection. */
export interface Claimant {
  /** Claims with the same object share a limit and its connections; another object with the same address has its own. */
  readonly url: URL;
  /** By which lookups are limited. */
  readonly organization: string;
  /** Of the endpoint, so the same with every claim of the same `url`. */
  readonly tls: TlsIdentity | undefined;
  /** The most exchanges with this URL at once; the number of the latest claim applies to all. */
  readonly maxConnections: number;
  /** Set by `claim`. */
  target: Target | undefined;
  onConnection(connection: Connection): void;
  onClose(): void;
}

/** One endpoint's URL with its claims and connections; exists while there are any. */
export interface Target {
  readonly url: URL;
  readonly organization: string;
  /** With the query. */
  readonly path: string;
  readonly origin: Origin;
  readonly tls: TlsIdentity | undefined;
  maxConnections: number;
  /** A lookup in flight, shared by connections that are opened at the same moment. */
  resolving: Promise<readonly ResolvedAddress[]> | undefined;
  /** Claims that have a connection. */
  inFlight: number;
  readonly waiting: Set<Claimant>;
  /** Connections in any state. */
  open: number;
  /** Rested. Last in, first out: the one used last is the least likely to have been closed by the receiver. */
  readonly ready: Connection[];
  /** Used too recently to be used again; the one that began first comes first. */
  readonly resting: Set<Connection>;
  /** Rests that passed without a byte. */
  silentRests: number;
}

export type SocketOptions = Pick<ConnectOptions, 'signal' | 'onPhase' | 'onSocket' | 'onAddress'>;

/** What a connection needs from its owner. */
export interface ConnectionOwner {
  /** Opens a socket to one of the target's checked addresses. */
  openSocket(target: Target, options: SocketOptions): Promise<Socket>;
  /** The socket is closed. If the connection is in use, undici reports that to the exchange. */
  onDisconnect(connection: Connection): void;
  /** The receiver sent bytes that belong to no exchange. */
  onStray(connection: Connection): void;
}

/** One exchange on a connection. */
export interface Exchanging extends Dispatcher.DispatchHandler {
  /** More was received than is read for one exchange; the connection reads no more. */
  onFlood(): void;
  /** The sender is closing. */
  onClose(): void;
}

/** The longest a connection stays idle. A server's own `Keep-Alive: timeout` may shorten it. */
export const idleMs = 60_000;

/** A busy machine adds less than this to at least one of so many samples. */
const delayMsMax = 10;
const samplesMin = 8;

/**
 * One connection to an origin: an undici client, which has one socket at a time. We open the socket, so that the address that was checked
 * is the address that is called, and so that sockets can be counted.
 */
export class Connection {
  readonly target: Target;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** The exchange that has this connection now. */
  exchange: Exchanging | undefined;
  /** A response was read completely on the current socket, so the next exchange reuses it. */
  used = false;
  /** It was silent long enough after its last response. */
  rested = false;
  restTimer: unknown;
  /** From the first byte of the request to the last of the response; every byte that comes outside is a stray. */
  #inExchange = false;
  #begunAt = 0;
  phase: 'new' | ConnectPhase = 'new';
  readonly #owner: ConnectionOwner;
  readonly #client: Client;
  readonly #ended = new AbortController();
  #socket: Socket | undefined;
  /** The target's, not a proxy's. */
  #address: string | undefined;
  /** The current socket's first error: undici may report what followed from it, a mere end. */
  #socketError: Error | undefined;
  readonly #response = new ResponseFilter({
    onFlood: () => this.exchange?.onFlood(),
    onForeignBytes: () => {
      if (this.used) this.#owner.onStray(this);
    },
  });

  constructor(target: Target, owner: ConnectionOwner, createdAt: number) {
    const { origin } = target;
    this.target = target;
    this.createdAt = createdAt;
    this.#owner = owner;
    this.#client = new Client(origin.href, {
      allowH2: false,
      pipelining: 1,
      maxHeaderSize: headerBytesMax,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: idleMs,
      // The deadline wheel ends whatever takes too long.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, callback) => {
        this.#open().then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(this.explain(error, false), null),
        );
      },
    });
    this.#client.on('disconnect', (_origin, _targets, error) => {
      // Bytes in one piece with the end of a response reach only undici's parser, which destroys the socket.
      if (!this.#inExchange && isParserError(error)) owner.onStray(this);
      owner.onDisconnect(this);
    });
  }

  get origin(): Origin {
    return this.target.origin;
  }

  dispatch(options: Dispatcher.DispatchOptions, exchange: Exchanging): void {
    this.exchange = exchange;
    this.#client.dispatch(options, exchange);
  }

  /** Call when the request is about to be written. */
  begin(): void {
    this.#inExchange = true;
    this.#begunAt = performance.now();
    this.#response.reset();
  }

  endExchange(): void {
    this.exchange = undefined;
    this.#inExchange = false;
    this.used = true;
  }

  /** The first bytes of a response were read. */
  get responseBegan(): boolean {
    return this.#response.responseBegan;
  }

  /** The response's status, once its status line was read, whether or not the rest is valid. */
  get statusCode(): number | undefined {
    return this.#response.statusCode;
  }

  /** The whole request was passed to the operating system. */
  get flushed(): boolean {
    return this.#socket?.writableLength === 0;
  }

  /** Returns the failure behind an error that undici reported. @param inBody the response's headers had been read. */
  explain(error: unknown, inBody: boolean): SendFailure {
    const address = this.#address;
    // The attempt's reader is a customer, who must not learn addresses inside the operator's network.
    const host =
      address === undefined || !isPublicAddress(address)
        ? this.origin.hostname
        : address.includes(':')
          ? `[${address}]`
          : address;
    // What is explained already, or was done by a proxy, says more than the error of the socket.
    const isClear = error instanceof SendFailure || error instanceof ConnectError;
    return explain(isClear ? error : (this.#socketError ?? error), {
      peer: `${host}:${this.origin.port}`,
      inHandshake: this.phase === 'handshake',
      inBody,
    });
  }

  /** Destroys the socket, or ends the attempt to open one. undici reports that to the exchange, if there is one. */
  destroy(): Promise<void> {
    this.#ended.abort(new SendFailure('aborted', 'The connection was given up.'));
    this.#socket?.destroy();
    return this.#client.destroy();
  }

  /** undici calls this again if the socket closes before the request was written. */
  async #open(): Promise<Socket> {
    this.used = false;
    this.#socket = undefined;
    this.#address = undefined;
    this.#socketError = undefined;
    const socket = await this.#owner.openSocket(this.target, {
      signal: this.#ended.signal,
      onPhase: (phase) => {
        this.phase = phase;
      },
      onAddress: (address) => {
        this.#address = address;
      },
      onSocket: (opening) => {
        this.#socket = opening;
        opening.setKeepAlive(true, idleMs);
        measure(this.origin.roundTrip, opening);
        opening.on('error', (error: Error) => {
          this.#socketError ??= error;
        });
      },
    });
    this.#watch(socket);
    return socket;
  }

  #watch(socket: Socket): void {
    const read = socket.read.bind(socket);
    socket.read = (size?: number): Buffer | null => {
      const chunk = read(size) as Buffer | null;
      if (chunk === null) return null;
      if (this.exchange !== undefined && this.#inExchange) return this.#received(chunk, socket);
      this.#owner.onStray(this);
      socket.destroy();
      return null;
    };
  }

  #received(chunk: Buffer, socket: Socket): Buffer | null {
    if (this.used && this.#response.isSilent && this.#isTooSoon(socket)) {
      socket.destroy(new SendFailure('protocol', 'The response began before the receiver can have read the request.'));
      return null;
    }
    return this.#response.accept(chunk);
  }

  /** True for what cannot be the response to the request just written, so it must be a late one to an earlier request. */
  #isTooSoon(socket: Socket): boolean {
    if (socket.writableLength > 0) return true;
    const { samples, fastestMs } = this.origin.roundTrip;
    // Half a round trip, to allow for a route that became shorter.
    return samples >= samplesMin && fastestMs > delayMsMax && performance.now() - this.#begunAt < fastestMs / 2;
  }
}

/** Counts only the time that the event loop waited: while it worked, the connection may have been ready already. */
function measure(roundTrip: RoundTrip, socket: Socket): void {
  if (roundTrip.measuring) return;
  roundTrip.measuring = true;
  const idleBefore = performance.eventLoopUtilization().idle;
  socket.once('connect', () => {
    roundTrip.samples++;
    roundTrip.fastestMs = Math.min(roundTrip.fastestMs, performance.eventLoopUtilization().idle - idleBefore);
  });
  const ended = (): void => void (roundTrip.measuring = false);
  socket.once('connect', ended).once('close', ended);
}

function isParserError(error: Error): boolean {
  return (
    error instanceof errors.HTTPParserError || (error instanceof errors.SocketError && error.message.startsWith('bad '))
  );
}
