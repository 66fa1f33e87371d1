import { createSecureContext, getCACertificates } from 'node:tls';
import type { Clock } from '../clock.ts';
import { Connection } from './connection.ts';
import type { ConnectionOwner, Origin } from './connection.ts';
import { resolveChecked } from './egress.ts';
import type { EgressPolicy, Resolution, Resolve } from './egress.ts';

/** What needs a connection for one exchange. */
export interface Claimant {
  /** Claims with the same object share a limit; another object of the same address has its own. */
  readonly url: URL;
  /** The most exchanges with this URL at once; the figure of the latest claim holds for all. */
  readonly maxConnections: number;
  /** Set by `claim`. */
  target: Target | undefined;
  onConnection(connection: Connection): void;
  onClose(): void;
}

/** The claims with one URL; exists while there are any. */
export interface Target {
  readonly url: URL;
  /** With the query. */
  readonly path: string;
  readonly origin: Origin;
  maxConnections: number;
  inFlight: number;
  readonly waiting: Set<Claimant>;
}

export interface ConnectionsOptions {
  readonly policy: EgressPolicy;
  readonly resolve: Resolve;
  readonly clock: Clock;
  /** PEM, trusted beside the system's authorities. */
  readonly ca: string | undefined;
  readonly maxSockets: number;
  readonly connectTimeoutMs: number;
}

/** A connection older than this is not used again, so that a receiver that moved is followed to where the DNS says. */
const connectionAgeMaxMs = 5 * 60_000;

const sessionsMax = 1_000;

/**
 * All connections: kept alive per origin, limited per URL and in total.
 *
 * The limit is the endpoint's, not the host's, so the endpoints of one host do not wait for each other. When `maxSockets` are open, the
 * one idle longest makes room; when all of them are busy, a claim waits its turn, first come first served.
 */
export class Connections implements ConnectionOwner {
  readonly secureContext;
  egressRefusals = 0;
  readonly #options: ConnectionsOptions;
  readonly #origins = new Map<string, Origin>();
  readonly #targets = new Map<URL, Target>();
  readonly #open = new Set<Connection>();
  /** Of all origins, the longest idle first. */
  readonly #idle = new Set<Connection>();
  /** Claims within their URL's limit that wait for a socket. Never empty and `#idle` not. */
  readonly #waiting = new Map<Claimant, Target>();
  readonly #sessions = new Map<string, Buffer>();

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    // Made once: reading the authorities takes milliseconds, too long for each connection.
    this.secureContext = createSecureContext(options.ca === undefined ? {} : { ca: [...getCACertificates('default'), options.ca] });
  }

  get size(): number {
    return this.#open.size;
  }

  /** Calls `onConnection` at once or when it is the claimant's turn. To be ended by `leave`, whatever happens. */
  claim(claimant: Claimant): void {
    const target = this.#targetOf(claimant.url);
    claimant.target = target;
    target.maxConnections = claimant.maxConnections;
    if (target.waiting.size === 0 && target.inFlight < target.maxConnections) return this.#admit(target, claimant);
    target.waiting.add(claimant);
    this.#admitWaiting(target);
  }

  /** The connection, if the claimant had one, must have been given back or dropped. */
  leave(claimant: Claimant): void {
    const { target } = claimant;
    if (target === undefined) return;
    if (!target.waiting.delete(claimant)) {
      this.#waiting.delete(claimant);
      target.inFlight--;
    }
    this.#admitWaiting(target);
    if (target.inFlight === 0 && this.#targets.delete(target.url)) this.#release(target.origin);
  }

  giveBack(connection: Connection): void {
    connection.exchange = undefined;
    connection.used = true;
    if (this.#options.clock.now() - connection.createdAt > connectionAgeMaxMs) return this.drop(connection);
    for (const [claimant, { origin }] of this.#waiting) {
      if (origin !== connection.origin) return this.drop(connection);
      this.#waiting.delete(claimant);
      return claimant.onConnection(connection);
    }
    connection.origin.idle.push(connection);
    this.#idle.add(connection);
  }

  drop(connection: Connection): void {
    this.#remove(connection);
    for (const [claimant, { origin }] of this.#waiting) {
      this.#waiting.delete(claimant);
      return claimant.onConnection(this.#connect(origin));
    }
  }

  /** A new connection in the place of a dead one, ahead of those who wait. */
  replace(connection: Connection): Connection {
    this.#remove(connection);
    return this.#connect(connection.origin);
  }

  async close(): Promise<void> {
    const waiting = [...this.#waiting.keys(), ...[...this.#targets.values()].flatMap((target) => [...target.waiting])];
    this.#waiting.clear();
    for (const claimant of waiting) claimant.onClose();
    const open = [...this.#open];
    for (const connection of open) connection.exchange?.onClose();
    await Promise.all(open.map((connection) => connection.destroy()));
    this.#open.clear();
  }

  async resolve(origin: Origin): Promise<Resolution> {
    const resolution = await this.#resolve(origin);
    if (!resolution.ok && resolution.cause === 'egress') this.egressRefusals++;
    return resolution;
  }

  #resolve(origin: Origin): Resolution | Promise<Resolution> {
    const { policy, resolve, clock, connectTimeoutMs } = this.#options;
    if (!origin.secure && !policy.allowHttp) return { ok: false, cause: 'egress', reason: 'would be called without TLS' };
    origin.resolving ??= resolveChecked(origin.hostname, policy, resolve, { timeoutMs: connectTimeoutMs, clock }).finally(() => {
      origin.resolving = undefined;
    });
    return origin.resolving;
  }

  session(origin: Origin): Buffer | undefined {
    return this.#sessions.get(origin.href);
  }

  keepSession(origin: Origin, session: Buffer): void {
    this.#sessions.delete(origin.href);
    this.#sessions.set(origin.href, session);
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= sessionsMax) return;
      this.#sessions.delete(oldest);
    }
  }

  onDisconnect(connection: Connection): void {
    if (this.#idle.has(connection)) this.drop(connection);
  }

  #targetOf(url: URL): Target {
    const found = this.#targets.get(url);
    if (found !== undefined) return found;
    const origin = this.#originOf(url);
    origin.references++;
    const target: Target = { url, path: url.pathname + url.search, origin, maxConnections: 0, inFlight: 0, waiting: new Set() };
    this.#targets.set(url, target);
    return target;
  }

  #originOf(url: URL): Origin {
    const href = url.origin;
    const found = this.#origins.get(href);
    if (found !== undefined) return found;
    const secure = url.protocol === 'https:';
    const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
    const origin: Origin = { href, hostname: url.hostname, port, secure, idle: [], resolving: undefined, references: 0 };
    this.#origins.set(href, origin);
    return origin;
  }

  #release(origin: Origin): void {
    if (--origin.references === 0) this.#origins.delete(origin.href);
  }

  #admitWaiting(target: Target): void {
    for (const next of target.waiting) {
      if (target.inFlight >= target.maxConnections) return;
      target.waiting.delete(next);
      this.#admit(target, next);
    }
  }

  #admit(target: Target, claimant: Claimant): void {
    target.inFlight++;
    const idle = target.origin.idle.pop();
    if (idle !== undefined) {
      this.#idle.delete(idle);
      return claimant.onConnection(idle);
    }
    if (this.#open.size >= this.#options.maxSockets) {
      const [longestIdle] = this.#idle;
      if (longestIdle === undefined) {
        this.#waiting.set(claimant, target);
        return;
      }
      this.#remove(longestIdle);
    }
    claimant.onConnection(this.#connect(target.origin));
  }

  #connect(origin: Origin): Connection {
    const connection = new Connection(origin, this, this.#options.clock.now());
    this.#open.add(connection);
    origin.references++;
    return connection;
  }

  #remove(connection: Connection): void {
    if (!this.#open.delete(connection)) return;
    if (this.#idle.delete(connection)) connection.origin.idle.splice(connection.origin.idle.indexOf(connection), 1);
    void connection.destroy();
    this.#release(connection.origin);
  }
}
