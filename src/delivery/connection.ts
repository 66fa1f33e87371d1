import { connect as connectTcp, isIP } from 'node:net';
import type { LookupFunction, Socket, TcpNetConnectOpts } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions, SecureContext, TLSSocket } from 'node:tls';
import { Client } from 'undici';
import type { Dispatcher } from 'undici';
import { explain, SendFailure } from './failure.ts';
import type { Resolution, ResolvedAddress } from './egress.ts';

/** Scheme, host and port, and the connections to them. */
export interface Origin {
  /** `https://host:port`, without a path. */
  readonly href: string;
  /** As in a URL: an IPv6 address in brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
  /** Last in, first out: the one used last is the least likely to have been closed by the receiver. */
  readonly idle: Connection[];
  /** A look-up under way, shared by connections that are opened at the same moment. */
  resolving: Promise<Resolution> | undefined;
  /** Connections and targets; an origin without any is forgotten. */
  references: number;
}

/** What a connection asks of those who own it. */
export interface ConnectionOwner {
  readonly secureContext: SecureContext;
  /** The addresses that may be called, looked up afresh for each connection. */
  resolve(origin: Origin): Promise<Resolution>;
  /** The last TLS session of this origin. */
  session(origin: Origin): Buffer | undefined;
  keepSession(origin: Origin, session: Buffer): void;
  /** The socket is gone: idle, it is no use any more; in use, its exchange is told by undici. */
  onDisconnect(connection: Connection): void;
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

/**
 * One connection to an origin: an undici client, which has one socket at a time. Ours to make, so that the address that
 * was checked is the address that is called, and ours to count.
 */
export class Connection {
  readonly origin: Origin;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** The exchange that has this connection now. */
  exchange: Exchanging | undefined;
  /** An answer has been read completely on the socket of now, so the next exchange reuses it. */
  used = false;
  phase: 'new' | 'resolving' | 'connecting' | 'handshake' | 'open' = 'new';
  readonly #owner: ConnectionOwner;
  readonly #client: Client;
  #socket: Socket | undefined;
  /** The first error of the socket of now: undici may report what followed from it, a mere end. */
  #socketError: Error | undefined;
  #wireBytes = 0;
  /** No byte of the answer proper has been read yet. */
  #awaitsAnswer = false;
  /** The beginning of an interim answer whose end has not come. */
  #interim: Buffer | undefined;

  constructor(origin: Origin, owner: ConnectionOwner, createdAt: number) {
    this.origin = origin;
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
    this.#client.on('disconnect', () => owner.onDisconnect(this));
  }

  dispatch(options: Dispatcher.DispatchOptions, exchange: Exchanging): void {
    this.exchange = exchange;
    this.#client.dispatch(options, exchange);
  }

  /** To be called when the request is about to be written. */
  begin(): void {
    this.#wireBytes = 0;
    this.#awaitsAnswer = true;
    this.#interim = undefined;
  }

  /** The failure behind an error that undici reported; `inBody`: the answer's headers had been read. */
  explain(error: unknown, inBody: boolean): SendFailure {
    const address = this.#socket?.remoteAddress;
    const host = address === undefined ? this.origin.hostname : address.includes(':') ? `[${address}]` : address;
    return explain(this.#socketError ?? error, { peer: `${host}:${this.origin.port}`, inHandshake: this.phase === 'handshake', inBody });
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
    const resolution = await this.#owner.resolve(this.origin);
    if (!resolution.ok) {
      const end = resolution.cause === 'egress' ? '; the sending server does not allow that.' : '.';
      throw new SendFailure(resolution.cause, `The host ${this.origin.hostname} ${resolution.reason}${end}`);
    }
    if (this.#client.destroyed) throw new SendFailure('aborted', 'The connection was given up.');
    this.phase = 'connecting';
    const socket = this.origin.secure ? this.#connectTls(resolution.addresses) : connectTcp(this.#target(resolution.addresses));
    this.#socket = socket;
    socket.setNoDelay(true).setKeepAlive(true, idleMs);
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
   * Stands between the socket and undici's parser, which has two gaps: it takes `100 Continue` for an error, though a
   * client must accept interim answers it did not ask for (RFC 9110 §15.2), and some servers send it to any POST; and it
   * does not bound what it skips.
   */
  #watch(socket: Socket): void {
    const read = socket.read.bind(socket);
    socket.read = (size?: number): Buffer | null => {
      const chunk = read(size) as Buffer | null;
      return chunk === null || this.exchange === undefined ? chunk : this.#received(chunk, this.exchange);
    };
  }

  #received(chunk: Buffer, exchange: Exchanging): Buffer | null {
    this.#wireBytes += chunk.length;
    if (this.#wireBytes > wireBytesMax) {
      exchange.onFlood();
      return null;
    }
    if (!this.#awaitsAnswer) return chunk;
    let bytes = this.#interim === undefined ? chunk : Buffer.concat([this.#interim, chunk]);
    while (mayBeInterim(bytes)) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end === -1) {
        // Bounded more tightly than the whole, because each piece that comes is a copy of all before it.
        if (bytes.length > headerBytesMax) exchange.onFlood();
        else this.#interim = bytes;
        return null;
      }
      bytes = bytes.subarray(end + 4);
      if (bytes.length === 0) {
        this.#interim = undefined;
        return null;
      }
    }
    this.#interim = undefined;
    this.#awaitsAnswer = false;
    return bytes;
  }
}

const interimStart = Buffer.from('HTTP/1.1 1');

/** True for the beginning of an answer with a status of 100 to 199; 101 is left to the parser, which refuses it. */
function mayBeInterim(bytes: Buffer): boolean {
  if (bytes.length > 9 && bytes[9] !== 0x31) return false;
  const start = bytes.subarray(0, interimStart.length);
  return start.equals(interimStart.subarray(0, start.length)) && bytes.toString('latin1', 9, 12) !== '101';
}

function pinned(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    if (options.all === true) return callback(null, [...addresses]);
    const [first] = addresses;
    if (first === undefined) return callback(new Error('no address'), '');
    return callback(null, first.address, first.family);
  };
}
