import type { Socket } from 'node:net';
import { createSecureContext, getCACertificates } from 'node:tls';
import type { SecureContext } from 'node:tls';
import type { Clock } from '../../base/clock.ts';
import { Connection } from './connection.ts';
import type { Claimant, ConnectionOwner, Origin, SocketOptions, Target, TlsIdentity } from './connection.ts';
import { connectChecked, ConnectError } from '../../base/connect-checked.ts';
import type { EgressPolicy, Refusal, Resolve } from '../../base/egress.ts';

export interface ConnectionsOptions {
  readonly policy: EgressPolicy;
  readonly resolve: Resolve;
  readonly clock: Clock;
  readonly socketClock: Clock;
  /** PEM certificates, trusted in addition to the system's authorities. */
  readonly ca: string | undefined;
  readonly maxSockets: number;
  readonly onRefused: (host: string, refusal: Refusal) => void;
}

/** A connection older than this is not used again, so that changes in the DNS take effect. */
const connectionAgeMaxMs = 5 * 60_000;

/**
 * A connection is used again only after this much silence. HTTP/1.1 does not say which request a response is for, so a byte that the
 * receiver sends late (a second response, the rest of a body longer than its content-length) would be taken for the response to the next
 * request, and a failed delivery would be recorded as delivered. During the rest such a byte is recognized. What buggy servers and proxies
 * send late, they send within milliseconds.
 */
const restMs = 100;

/** An endpoint with a lower concurrency limit may still have this many connections, because most of them rest. */
const connectionsMin = 16;

/** The rest once a receiver is trusted. It may then be cut short when all the endpoint's connections are open. */
const trustedRestMs = 10;

/** A receiver is trusted after this many silent rests. One that sends stray bytes with 1 % of its responses gets there once in 20,000 times. */
const trustedAfter = 1_000;

/** For this long after a stray byte, each connection to the origin carries a single exchange. */
const suspicionMs = 5 * 60_000;

const sessionsMax = 1_000;
const identitiesMax = 1_000;
const suspectsMax = 1_000;

/**
 * All connections: kept alive per endpoint, limited per endpoint and in total.
 *
 * Endpoints never share a connection, so a faulty receiver cannot change the outcome of another endpoint's delivery, and no delivery is sent
 * with another endpoint's client certificate. When `maxSockets`
 * are open, the one idle longest is closed to make room; when all of them are busy, endpoints wait their turn.
 */
export class Connections implements ConnectionOwner {
  egressRefusals = 0;
  /** How often a receiver sent bytes outside an exchange. */
  strays = 0;
  readonly #options: ConnectionsOptions;
  readonly #ca: string[] | undefined;
  readonly #secureContext;
  readonly #origins = new Map<string, Origin>();
  readonly #targets = new Map<URL, Target>();
  readonly #open = new Set<Connection>();
  /** Idle connections of all targets, rested or not, the longest idle first. */
  readonly #idle = new Set<Connection>();
  /** Targets with a claim that only lacks a socket. Not empty only while `#idle` is empty. */
  readonly #blocked = new Set<Target>();
  /** Origins that sent bytes outside an exchange, and until when they are suspect. */
  readonly #suspects = new Map<string, number>();
  readonly #sessions = new Map<string, Buffer>();
  readonly #ownTls = new Map<TlsIdentity, OwnTls>();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    // Created once: reading the authorities takes milliseconds, too long for each connection.
    this.#ca = options.ca === undefined ? undefined : [...getCACertificates('default'), options.ca];
    this.#secureContext = createSecureContext({ ca: this.#ca });
  }

  get size(): number {
    return this.#open.size;
  }

  /** Calls `onConnection` immediately or when it is the claimant's turn. Always end a claim with `leave`. */
  claim(claimant: Claimant): void {
    const target = this.#targetOf(claimant);
    claimant.target = target;
    target.maxConnections = claimant.maxConnections;
    target.waiting.add(claimant);
    this.#admitWaiting(target);
  }

  /** Ends a claim. Its connection, if it had one, must have been given back or dropped before. */
  leave(claimant: Claimant): void {
    const { target } = claimant;
    if (target === undefined) return;
    if (!target.waiting.delete(claimant)) target.inFlight--;
    this.#admitWaiting(target);
    this.#retire(target);
  }

  /** Call when the response was read to its end. */
  giveBack(connection: Connection): void {
    const { target } = connection;
    connection.endExchange();
    const tooOld = this.#options.clock.now() - connection.createdAt > connectionAgeMaxMs;
    if (tooOld || !connection.flushed || this.isSuspect(connection.origin)) return this.drop(connection);
    connection.rested = false;
    target.resting.add(connection);
    this.#idle.add(connection);
    connection.restTimer = this.#options.socketClock.setTimer(
      () => this.#onRested(connection),
      this.#isTrusted(target) ? trustedRestMs : restMs,
    );
    this.#serveBlocked();
  }

  drop(connection: Connection): void {
    this.#remove(connection);
    this.#serveBlocked();
  }

  /** Replaces a dead or doubtful connection by a new one, ahead of the claims that wait. */
  replace(connection: Connection): Connection {
    this.#remove(connection);
    return this.#connect(connection.target);
  }

  /** This origin sent bytes outside an exchange within the last minutes: only the first response on each connection can be trusted. */
  isSuspect(origin: Origin): boolean {
    const until = this.#suspects.get(origin.href);
    if (until === undefined) return false;
    if (this.#options.clock.now() < until) return true;
    this.#suspects.delete(origin.href);
    return false;
  }

  async close(): Promise<void> {
    const waiting = [...this.#targets.values()].flatMap((target) => [...target.waiting]);
    this.#blocked.clear();
    for (const claimant of waiting) claimant.onClose();
    const open = [...this.#open];
    for (const connection of this.#idle) this.#options.socketClock.clearTimer(connection.restTimer);
    for (const connection of open) connection.exchange?.onClose();
    await Promise.all(open.map((connection) => connection.destroy()));
    this.#open.clear();
  }

  async openSocket(target: Target, options: SocketOptions): Promise<Socket> {
    const { policy, clock } = this.#options;
    const { organization, origin } = target;
    const { hostname: host, port, href, secure } = origin;
    const ownTls = target.tls === undefined ? undefined : this.#ownTlsOf(target.tls);
    const session = ownTls === undefined ? this.#sessions.get(href) : ownTls.session;
    const tls = {
      secureContext: ownTls?.secureContext ?? this.#secureContext,
      ALPNProtocols: ['http/1.1'],
      ...(session === undefined ? {} : { session }),
    };
    try {
      if (!secure && !policy.allowHttp)
        throw new ConnectError(host, 'egress', { ok: false, reason: 'would be called without TLS' });
      return await connectChecked(
        { host, port, tls: secure ? tls : undefined },
        {
          ...options,
          policy,
          clock,
          organization,
          proxy: policy.proxy,
          resolve: (name) => this.#resolve(target, name),
          // The exchange's deadline ends it.
          timeoutMs: Infinity,
          onSocket: (socket) => {
            options.onSocket?.(socket);
            socket.on('session', (fresh: Buffer) => {
              if (ownTls === undefined) remember(this.#sessions, href, fresh, sessionsMax);
              else ownTls.session = fresh;
            });
          },
        },
      );
    } catch (error) {
      if (error instanceof ConnectError && error.reason === 'egress') {
        this.egressRefusals++;
        this.#options.onRefused(host, error.refusal);
      }
      throw error;
    }
  }

  #ownTlsOf(identity: TlsIdentity): OwnTls {
    const { cert, key, ca } = identity;
    const found = this.#ownTls.get(identity) ?? {
      secureContext: createSecureContext({ cert, key, ca: ca ?? this.#ca }),
      session: undefined,
    };
    remember(this.#ownTls, identity, found, identitiesMax);
    return found;
  }

  #resolve(target: Target, host: string): ReturnType<Resolve> {
    target.resolving ??= this.#options.resolve(host, target.organization).finally(() => {
      target.resolving = undefined;
    });
    return target.resolving;
  }

  onDisconnect(connection: Connection): void {
    if (!this.#idle.has(connection)) return;
    this.drop(connection);
    this.#admitWaiting(connection.target);
    this.#retire(connection.target);
  }

  onStray(connection: Connection): void {
    const { origin } = connection;
    this.strays++;
    remember(this.#suspects, origin.href, this.#options.clock.now() + suspicionMs, suspectsMax);
    for (const target of this.#targets.values()) if (target.origin === origin) target.silentRests = 0;
    for (const idle of this.#idle) if (idle.origin === origin) this.onDisconnect(idle);
  }

  #targetOf({ url, organization, tls }: Claimant): Target {
    const found = this.#targets.get(url);
    if (found !== undefined) return found;
    const origin = this.#originOf(url);
    origin.targets++;
    const target: Target = {
      url,
      organization,
      path: url.pathname + url.search,
      origin,
      tls,
      resolving: undefined,
      maxConnections: 0,
      inFlight: 0,
      waiting: new Set(),
      open: 0,
      ready: [],
      resting: new Set(),
      silentRests: 0,
    };
    this.#targets.set(url, target);
    return target;
  }

  #originOf(url: URL): Origin {
    const href = url.origin;
    const found = this.#origins.get(href);
    if (found !== undefined) return found;
    const secure = url.protocol === 'https:';
    const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
    const origin: Origin = {
      href,
      hostname: url.hostname,
      port,
      secure,
      targets: 0,
      roundTrip: { samples: 0, fastestMs: Infinity, measuring: false },
    };
    this.#origins.set(href, origin);
    return origin;
  }

  #retire(target: Target): void {
    if (target.inFlight > 0 || target.open > 0 || target.waiting.size > 0 || !this.#targets.delete(target.url)) return;
    this.#blocked.delete(target);
    if (--target.origin.targets === 0) this.#origins.delete(target.origin.href);
  }

  #isTrusted(target: Target): boolean {
    return target.silentRests >= trustedAfter;
  }

  #onRested(connection: Connection): void {
    const { target } = connection;
    target.silentRests++;
    target.resting.delete(connection);
    connection.rested = true;
    target.ready.push(connection);
    this.#admitWaiting(target);
  }

  #admitWaiting(target: Target): void {
    for (const next of target.waiting) {
      if (target.inFlight >= target.maxConnections) return;
      const connection = this.#obtain(target);
      if (connection === undefined) return;
      target.waiting.delete(next);
      target.inFlight++;
      next.onConnection(connection);
    }
  }

  /** @returns undefined when a connection of the target must rest first, or one of any target must become free. */
  #obtain(target: Target): Connection | undefined {
    const ready = target.ready.pop();
    if (ready !== undefined) {
      this.#idle.delete(ready);
      return ready;
    }
    const [resting] = target.resting;
    if (
      target.open < Math.max(target.maxConnections, connectionsMin) &&
      (resting === undefined || this.#open.size < this.#options.maxSockets)
    ) {
      if (this.#open.size >= this.#options.maxSockets && !this.#evict()) {
        this.#blocked.add(target);
        return undefined;
      }
      return this.#connect(target);
    }
    if (resting === undefined || !this.#isTrusted(target)) return undefined;
    this.#options.socketClock.clearTimer(resting.restTimer);
    target.resting.delete(resting);
    this.#idle.delete(resting);
    return resting;
  }

  #evict(): boolean {
    const [longestIdle] = this.#idle;
    if (longestIdle === undefined) return false;
    this.#remove(longestIdle);
    // Its claims may have waited for this connection's rest to end.
    if (longestIdle.target.waiting.size > 0) this.#blocked.add(longestIdle.target);
    else this.#retire(longestIdle.target);
    return true;
  }

  #serveBlocked(): void {
    for (const target of this.#blocked) {
      if (this.#open.size >= this.#options.maxSockets && this.#idle.size === 0) return;
      this.#blocked.delete(target);
      this.#admitWaiting(target);
    }
  }

  #connect(target: Target): Connection {
    const connection = new Connection(target, this, this.#options.clock.now());
    this.#open.add(connection);
    target.open++;
    return connection;
  }

  #remove(connection: Connection): void {
    if (!this.#open.delete(connection)) return;
    const { target } = connection;
    target.open--;
    if (this.#idle.delete(connection)) {
      this.#options.socketClock.clearTimer(connection.restTimer);
      if (!target.resting.delete(connection)) target.ready.splice(target.ready.indexOf(connection), 1);
    }
    void connection.destroy();
  }
}

/** Of an endpoint with an identity. A session carries the identity with which it began, so no other endpoint resumes it. */
interface OwnTls {
  readonly secureContext: SecureContext;
  session: Buffer | undefined;
}

/** Forgets the oldest entry past `max`. */
function remember<K, T>(map: Map<K, T>, key: K, value: T, max: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= max) return;
    map.delete(oldest);
  }
}
