import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { Writable } from 'node:stream';
import { after } from 'node:test';
import pino from 'pino';
import { createGate, createOrganization, createPrincipals } from '../../src/auth/index.ts';
import type { Principals, Tenancy } from '../../src/auth/index.ts';
import { createKey } from '../../src/auth/keys.ts';
import type { CreatedKey, KeyRequest } from '../../src/auth/keys.ts';
import type { Organization } from '../../src/auth/organizations.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createBus } from '../../src/db/bus.ts';
import type { Bus } from '../../src/db/bus.ts';
import { connect } from '../../src/db/pool.ts';
import { createRateLimiter } from '../../src/http/rate-limit.ts';
import type { Route } from '../../src/http/route.ts';
import { createServer } from '../../src/http/server.ts';
import type { Server, ServerOptions } from '../../src/http/server.ts';
import { createIds } from '../../src/base/ids.ts';
import { createVault } from '../../src/encryption/vault.ts';
import { masterKeyOf } from '../../src/encryption/cipher.ts';
import { TestClock } from './clock.ts';
import { createTestDatabase } from './database.ts';

/** A database with the functions of organizations, keys and plans, on a clock that the test moves. */
export interface TestTenancy extends Tenancy {
  readonly clock: TestClock;
  /** Creates a connected bus; each call creates another, as each process has its own. */
  connectBus(): Promise<Bus>;
  /** Creates an organization, on the plan `unlimited` by default, and a key. */
  tenant(options?: {
    slug?: string;
    plan?: string;
    key?: Partial<KeyRequest>;
  }): Promise<{ organization: Organization; key: CreatedKey }>;
  close(): Promise<void>;
}

export async function openTestTenancy(): Promise<TestTenancy> {
  const database = await createTestDatabase();
  const db = connect(database.url);
  const clock = new TestClock();
  const tenancy: Tenancy = {
    db,
    clock,
    ids: createIds(clock),
    vault: createVault(masterKeyOf(Buffer.alloc(32, 7).toString('base64'))),
  };
  const stop = new AbortController();
  const runs: Promise<void>[] = [];
  let organizations = 0;
  return {
    ...tenancy,
    clock,
    async connectBus() {
      const bus = createBus(database.url, systemClock, () => {});
      const connected = new Promise<void>((resolve) => bus.subscribe(() => resolve()));
      runs.push(bus.run(stop.signal));
      await connected;
      return bus;
    },
    async tenant({ slug = `tenant-${(organizations += 1)}`, plan = 'unlimited', key } = {}) {
      const organization = await createOrganization(tenancy, { slug, plan });
      return { organization, key: await createKey(tenancy, organization, { name: 'test', scopes: ['*'], ...key }) };
    },
    async close() {
      stop.abort();
      await Promise.all(runs);
      await db.close();
      await database.drop();
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  readonly json: {
    readonly data?: unknown;
    readonly error?: { code: string; message: string; details: Record<string, string> };
    readonly [field: string]: unknown;
  };
}

/** The HTTP edge on a real socket. */
export interface Edge {
  readonly server: Server;
  readonly url: string;
  readonly port: number;
  readonly principals: Principals;
  /** Resolves once this edge is notified that a key or a plan changed. Call it before the change. */
  keysChanged(): Promise<void>;
  /** Log lines, parsed. */
  readonly logged: Record<string, unknown>[];
  call(
    method: string,
    path: string,
    options?: { key?: string | undefined; body?: unknown; headers?: Record<string, string> },
  ): Promise<Answer>;
  close(): Promise<void>;
}

export async function openEdge(
  tenancy: TestTenancy,
  routes: readonly Route[],
  options: Partial<ServerOptions> = {},
): Promise<Edge> {
  const logged: Record<string, unknown>[] = [];
  const sink = new Writable({
    write: (line: Buffer, _encoding, done) => {
      logged.push(JSON.parse(line.toString()) as Record<string, unknown>);
      done();
    },
  });
  const bus = await tenancy.connectBus();
  const principals = createPrincipals({ db: tenancy.db, clock: tenancy.clock, bus });
  const server = createServer({
    routes,
    gate: createGate(principals),
    rateLimiter: createRateLimiter({ db: tenancy.db, clock: tenancy.clock, processes: () => 1 }),
    clock: tenancy.clock,
    log: pino({ level: 'debug' }, sink),
    ...options,
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  return {
    server,
    url,
    port,
    principals,
    // Subscribers are notified in the order of subscription, so the principals' cache is already invalidated.
    keysChanged: () => new Promise<void>((resolve) => bus.subscribe((notice) => notice?.kind === 'keys' && resolve())),
    logged,
    async call(method, path, { key, body, headers } = {}) {
      const answer = await fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body) }),
      });
      const text = await textOf(answer);
      const json = (
        answer.headers.get('content-type')?.startsWith('application/json') === true && text !== ''
          ? JSON.parse(text)
          : {}
      ) as Answer['json'];
      return { status: answer.status, headers: answer.headers, text, json };
    },
    close: () => server.close(0),
  };
}

/** Call it in a test file: opens an edge and closes it after the tests. Calls use the key of one organization. */
export async function edgeScene(routes: readonly Route[], options: Partial<ServerOptions> = {}) {
  const tenancy = await openTestTenancy();
  const edge = await openEdge(tenancy, routes, options);
  const { key } = (await tenancy.tenant()).key;
  after(async () => {
    await edge.close();
    await tenancy.close();
  });
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    edge.call(method, path, { key, body, headers });
  return { tenancy, edge, key, call };
}

/** Writes raw bytes to a port. @returns everything received until the other side closes. */
export async function rawExchange(port: number, ...writes: readonly (string | Uint8Array)[]): Promise<string> {
  const socket = connectSocket(port, '127.0.0.1');
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  // A reset ends the exchange like a close; bytes received before it count.
  socket.on('error', () => {});
  await once(socket, 'connect');
  for (const each of writes) socket.write(each);
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return Buffer.concat(received).toString();
}

/** The body of an answer; of a stream without an end, what comes first. */
export async function textOf(answer: Response): Promise<string> {
  if (answer.headers.get('content-type') !== 'text/event-stream') return answer.text();
  for await (const part of answer.body ?? []) return new TextDecoder().decode(part as Uint8Array);
  return '';
}
