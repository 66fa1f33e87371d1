import { connect as connectTcp, isIP } from 'node:net';
import type { LookupFunction, Socket, TcpNetConnectOpts } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions, SecureContext, TLSSocket } from 'node:tls';
import { Client, errors } from 'undici';
import type { Dispatcher } from 'undici';
import { explain, SendFailure } from './failure.ts';
import { isPublicAddress } from '../../base/egress.ts';
import type { Resolution, ResolvedAddress } from '../../base/egress.ts';

/** Measured by TCP connections one after the other: a delay of this process prolongs all those that are made at the same moment. */
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
  /** An origin without any is forgotten. */
  targets: number;
  /** What is known of the time of a round trip. */
  readonly roundTrip: RoundTrip;
}

/** What needs a connection for one exchange. */
export interface Claimant {
  /** Claims with the same object share a limit and its connections; another object of the same address has its own. */
  readonly url: URL;
  /** By which look-ups are limited. */
  readonly organization: string;
  /** The most exchanges with this URL at once; the figure of the latest claim holds for all. */
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
  maxConnections: number;
  /** A look-up in flight, shared by connections that are opened at the same moment. */
  resolving: Promise<Resolution> | undefined;
  /** Claims that have a connection. */
  inFlight: number;
  readonly waiting: Set<Claimant>;
  /** Connections, whatever they do. */
  open: number;
  /** Rested. Last in, first out: the one used last is the least likely to have been closed by the receiver. */
  readonly ready: Connection[];
  /** Used too recently to be used again; the one that began first comes first. */
  readonly resting: Set<Connection>;
  /** Rests that passed without a byte. */
  silentRests: number;
}

/** What a connection asks of its owner. */
export interface ConnectionOwner {
  readonly secureContext: SecureContext;
  /** The addresses that may be called, checked for each connection. */
  resolve(target: Target): Promise<Resolution>;
  /** The last TLS session of this origin. */
  session(origin: Origin): Buffer | undefined;
  keepSession(origin: Origin, session: Buffer): void;
  /** The socket is closed. If the connection is in use, undici reports that to the exchange. */
  onDisconnect(connection: Connection): void;
  /** The receiver sent bytes that belong to no exchange. */
  onStray(connection: Connection): void;
}

/** One exchange on a connection. */
export interface Exchanging extends Dispatcher.DispatchHandler {
  /** More than `wireBytesMax` came; the connection reads no more. */
  onFlood(): void;
  /** The sender is closing. */
  onClose(): void;
}

/** The most a connection stays idle. A server's own `Keep-Alive: timeout` makes it shorter. */
export const idleMs = 60_000;

/** The total of an answer's headers. */
const headerBytesMax = 16 * 1024;

/**
 * All that is read for one exchange: body, headers, interim answers, chunk sizes and their extensions. The last three
 * have no end of their own that a parser would enforce.
 */
const wireBytesMax = 256 * 1024;

/** Node's default of 250 ms gives up on a good address that is merely far away. */
const addressAttemptMs = 1_000;

/** What a busy machine adds to a sample is less than this, at least once in so many samples. */
const delayMsMax = 10;
const samplesMin = 8;

/** `HTTP/1.1 200` and what ends the number. */
const statusBytes = 13;

/**
 * One connection to an origin: an undici client, which has one socket at a time. Ours to make, so that the address that
 * was checked is the address that is called, and ours to count.
 */
export class Connection {
  readonly target: Target;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** The exchange that has this connection now. */
  exchange: Exchanging | undefined;
  /** An answer has been read completely on the current socket, so the next exchange reuses it. */
  used = false;
  /** It was silent long enough after its last answer. */
  rested = false;
  restTimer: unknown;
  /** From the first byte of the request to the last of the answer; every byte that comes outside is a stray. */
  #inExchange = false;
  #begunAt = 0;
  phase: 'new' | 'resolving' | 'connecting' | 'handshake' | 'open' = 'new';
  readonly #owner: ConnectionOwner;
  readonly #client: Client;
  #socket: Socket | undefined;
  /** The first error of the socket of now: undici may report what followed from it, a mere end. */
  #socketError: Error | undefined;
  #wireBytes = 0;
  /** What has been read of the answer, interim answers aside. */
  #heard: 'nothing' | 'no answer' | 'answer' = 'nothing';
  #statusCode: number | undefined;
  /** The beginning of an answer, or of an interim one whose end has not come. */
  #held: Buffer | undefined;

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
      // The deadline wheel ends what takes too long, whatever it is.
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
      // Bytes in one piece with the end of an answer reach only undici's parser, which destroys the socket.
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

  /** To be called when the request is about to be written. */
  begin(): void {
    this.#inExchange = true;
    this.#begunAt = performance.now();
    this.#wireBytes = 0;
    this.#heard = 'nothing';
    this.#statusCode = undefined;
    this.#held = undefined;
  }

  endExchange(): void {
    this.exchange = undefined;
    this.#inExchange = false;
    this.used = true;
  }

  /** The first bytes of an answer were read. */
  get answerBegan(): boolean {
    return this.#heard === 'answer';
  }

  /** Of the answer, once its status line was read, valid or not in what follows. */
  get statusCode(): number | undefined {
    return this.#statusCode;
  }

  /** The whole request was handed to the operating system. */
  get flushed(): boolean {
    return this.#socket?.writableLength === 0;
  }

  /** The failure behind an error that undici reported; `inBody`: the answer's headers had been read. */
  explain(error: unknown, inBody: boolean): SendFailure {
    const address = this.#socket?.remoteAddress;
    // An address inside the operator's network is nothing for the customer who reads the attempt.
    const host =
      address === undefined || !isPublicAddress(address)
        ? this.origin.hostname
        : address.includes(':')
          ? `[${address}]`
          : address;
    return explain(this.#socketError ?? error, {
      peer: `${host}:${this.origin.port}`,
      inHandshake: this.phase === 'handshake',
      inBody,
    });
  }

  /** Ends the socket, or the attempt to make one. The exchange, if there is one, is told by undici. */
  destroy(): Promise<void> {
    this.#socket?.destroy();
    return this.#client.destroy();
  }

  /** undici calls this again when the socket it had is gone before the request was written. */
  async #open(): Promise<Socket> {
    this.used = false;
    this.#socket = undefined;
    this.#socketError = undefined;
    this.phase = 'resolving';
    const resolution = await this.#owner.resolve(this.target);
    if (!resolution.ok) {
      const end = resolution.cause === 'egress' ? '; the sending server does not allow that.' : '.';
      throw new SendFailure(resolution.cause, `The host ${this.origin.hostname} ${resolution.reason}${end}`);
    }
    if (this.#client.destroyed) throw new SendFailure('aborted', 'The connection was given up.');
    this.phase = 'connecting';
    const socket = this.origin.secure
      ? this.#connectTls(resolution.addresses)
      : connectTcp(this.#target(resolution.addresses));
    this.#socket = socket;
    socket.setNoDelay(true).setKeepAlive(true, idleMs);
    measure(this.origin.roundTrip, socket);
    await new Promise<void>((resolve, reject) => {
      socket.once(this.origin.secure ? 'secureConnect' : 'connect', resolve).on('error', (error: Error) => {
        this.#socketError ??= error;
        reject(error);
      });
    });
    this.phase = 'open';
    this.#watch(socket);
    return socket;
  }

  #target(addresses: readonly ResolvedAddress[]): TcpNetConnectOpts & { readonly host: string } {
    const { hostname, port } = this.origin;
    return {
      host: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
      port,
      // The socket goes to an address that was checked, never to what a second look-up might say.
      lookup: pinned(addresses),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: addressAttemptMs,
    };
  }

  #connectTls(addresses: readonly ResolvedAddress[]): TLSSocket {
    const target = this.#target(addresses);
    const session = this.#owner.session(this.origin);
    const name = target.host.replace(/\.$/, '');
    const options: ConnectionOptions & TcpNetConnectOpts = {
      ...target,
      secureContext: this.#owner.secureContext,
      ALPNProtocols: ['http/1.1'],
      // RFC 6066 §3: a server name is never an address.
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(session === undefined ? {} : { session }),
    };
    const socket = connectTls(options);
    socket.once('connect', () => {
      this.phase = 'handshake';
    });
    socket.on('session', (fresh) => this.#owner.keepSession(this.origin, fresh));
    return socket;
  }

  /**
   * Stands between the socket and undici's parser, which has three gaps: it takes `100 Continue` for an error, though a
   * client must accept interim answers it did not ask for (RFC 9110 §15.2), and some servers send it to any POST; it
   * does not bound what it skips; and it takes whatever comes after a request was written for the answer to it.
   */
  #watch(socket: Socket): void {
    const read = socket.read.bind(socket);
    socket.read = (size?: number): Buffer | null => {
      const chunk = read(size) as Buffer | null;
      if (chunk === null) return null;
      if (this.exchange !== undefined && this.#inExchange) return this.#received(chunk, socket, this.exchange);
      this.#owner.onStray(this);
      socket.destroy();
      return null;
    };
  }

  #received(chunk: Buffer, socket: Socket, exchange: Exchanging): Buffer | null {
    this.#wireBytes += chunk.length;
    if (this.#wireBytes > wireBytesMax) {
      exchange.onFlood();
      return null;
    }
    if (this.#statusCode !== undefined || this.#heard === 'no answer') return chunk;
    if (this.#heard === 'nothing' && this.used && this.#isTooSoon(socket)) {
      socket.destroy(new SendFailure('protocol', 'The answer began before the receiver can have read the request.'));
      return null;
    }
    let bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = undefined;
    while (looksLikeAnswer(bytes)) {
      this.#heard = 'answer';
      if (bytes.length >= statusBytes && !isInterim(bytes)) {
        this.#statusCode = Number(bytes.toString('latin1', 9, 12));
        return bytes;
      }
      const end = bytes.indexOf('\r\n\r\n');
      if (end === -1) {
        // Bounded more tightly than the whole, because each piece that comes is a copy of all before it.
        if (bytes.length > headerBytesMax) exchange.onFlood();
        else this.#held = bytes;
        return null;
      }
      bytes = bytes.subarray(end + 4);
      if (bytes.length === 0) return null;
    }
    if (this.#heard === 'nothing') {
      this.#heard = 'no answer';
      if (this.used) this.#owner.onStray(this);
    }
    return bytes;
  }

  /** True for what cannot be the answer to the request just written: it must be a late one to an earlier request. */
  #isTooSoon(socket: Socket): boolean {
    if (socket.writableLength > 0) return true;
    const { samples, fastestMs } = this.origin.roundTrip;
    // Half a round trip, so that a route that became shorter does not count.
    return samples >= samplesMin && fastestMs > delayMsMax && performance.now() - this.#begunAt < fastestMs / 2;
  }
}

const answerStart = Buffer.from('HTTP/1.0 000');
const zero = 0x30;

/** True for `HTTP/1.`, a digit and a status of three digits, as far as the bytes go. */
function looksLikeAnswer(bytes: Buffer): boolean {
  for (let index = 0; index < answerStart.length && index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (answerStart[index] === zero ? byte < zero || byte > zero + 9 : byte !== answerStart[index]) return false;
  }
  return bytes.length < statusBytes || ' \r\n'.includes(String.fromCharCode(bytes[statusBytes - 1] ?? 0));
}

/** Only the time that the event loop waited counts: while it worked, the connection may have been ready already. */
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

/** A status of 100 to 199; 101 is left to the parser, which refuses it. */
function isInterim(bytes: Buffer): boolean {
  return bytes[9] === 0x31 && bytes.toString('latin1', 9, 12) !== '101';
}

function isParserError(error: Error): boolean {
  return (
    error instanceof errors.HTTPParserError || (error instanceof errors.SocketError && error.message.startsWith('bad '))
  );
}

function pinned(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all === true) return callback(null, [...addresses]);
    const [first] = addresses;
    if (first === undefined) return callback(new Error('no address'), '');
    return callback(null, first.address, first.family);
  };
}
