/**
 * `npm run test:chaos [-- --kills N] [--seed S]`: two server processes and a PostgreSQL of their own under a publishing load. Random
 * servers are killed with `kill -9` at random moments, sometimes PostgreSQL is stopped immediately, and everything is restarted. Then
 * three faults happen at once: a process is paused for longer than a lease, another is cut from its database, and the clock of the third
 * is wrong by a minute. After each part every acknowledged event must have arrived at every endpoint. At the end each idempotency key must exist
 * once, no more deliveries may be accepted twice than were in flight at the kills and faults, and deliveries that killed processes held must
 * have been attempted again soon.
 */
import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import { startEmbeddedDatabase } from '../../src/db/embedded.ts';
import { connect } from '../../src/db/pool.ts';
import { freePort } from '../harness/sockets.ts';
import { createLedger } from './ledger.ts';
import { key, product, type Product, type StartOptions } from './product.ts';
import { startProxy } from './proxy.ts';
import { randomOf } from './random.ts';
import { startReceivers } from './receivers.ts';
import { createRecovery, quantile } from './recovery.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '10' }, seed: { type: 'string' } } });
const kills = Number(values.kills);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const endpoints = ['/a', '/b', '/c', '/fifo'];
const publishers = 8;
/** During the faults one process does all the work, and afterwards the FIFO queue has to catch up. */
const publishersOfFaults = 2;
/** Between two publishes of one publisher: a light load, so that the test measures recovery. */
const publishPauseMs = 20;
const databaseShare = 0.15;
/** For leases to expire, due rows to be found, retries to succeed and the FIFO queue to catch up. */
const drainMs = 240_000 + kills * 4_000;
/** Of every endpoint. */
const timeoutMs = 5_000;
/** A lease lasts 30 s longer than the timeout. */
const pausedMs = timeoutMs + 31_000;
const cutMs = 30_000;
const skewMs = 60_000;
/**
 * From a kill to the next attempt of what the process held. On an idle machine another process takes over within 2 s; the bounds are for
 * two busy cores. Without another process a server has to start first.
 */
const recoveryMaxMs = { survivor: 10_000, none: 30_000 } as const;

const random = randomOf(seed);
const folder = await mkdtemp(join(tmpdir(), 'outrider-chaos-'));
await chmod(folder, 0o755);
let database = await startEmbeddedDatabase({ dataDir: folder });
const { url: databaseUrl } = database;
let db = connect(databaseUrl, { max: 2 });
const recovery = createRecovery();
const receivers = await startReceivers(random, recovery.attempted);
const ledger = createLedger(() => db, receivers);
const [, user = '', socketFolder = '', port = '', name = ''] =
  /^postgres:\/\/([^@]+)@([^:]+):(\d+)\/([^?]+)/.exec(databaseUrl) ?? [];
const proxy = await startProxy(join(decodeURIComponent(socketFolder), `.s.PGSQL.${port}`));

interface Server extends Product {
  readonly account: string;
}

/** A server that connects with its own account, which identifies its lock. */
async function serverOf(account: string, url = databaseUrl): Promise<Server> {
  await db.script(`CREATE ROLE ${account} LOGIN SUPERUSER`);
  return { ...product(url.replace(user, account), folder, await freePort()), account };
}
const servers = [await serverOf('chaos_0'), await serverOf('chaos_1')] as const;
/** Joins the servers for the faults. */
const isolated = await serverOf('chaos_2', `postgres://${user}@127.0.0.1:${proxy.port}/${name}?sslmode=disable`);
const agent = new Agent({ connections: 4, headersTimeout: 10_000, bodyTimeout: 10_000, connectTimeout: 2_000 });
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
console.log(`chaos: ${kills} kills, seed ${seed}`);

/** Servers that a load balancer would take out because their health checks fail. */
const unreachable = new Set<Server>();
/** Posts to any server until one acknowledges. @returns the number of tries. */
async function insist(path: string, body: unknown, extra: Record<string, string> = {}): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const chosen = servers[random() < 0.5 ? 0 : 1];
    const server = unreachable.has(chosen) ? (servers.find((each) => !unreachable.has(each)) ?? chosen) : chosen;
    const answer = await request(`${server.url}${path}`, {
      dispatcher: agent,
      method: 'POST',
      headers: { ...headers, ...extra },
      body: JSON.stringify(body),
    }).catch(() => undefined);
    const text = await answer?.body.text().catch(() => undefined);
    if (answer !== undefined && text !== undefined && answer.statusCode < 300) return tries;
    // A 4xx is a bug of this test or of the product.
    if (answer !== undefined && answer.statusCode >= 400 && answer.statusCode < 500)
      throw new Error(`${path}: ${answer.statusCode} ${text}`);
    await sleep(100);
  }
}

let acknowledged = 0;
let repeated = 0;
let next = 0;
let inFlight = 0;
let serverKills = 0;
let databaseStops = 0;

/** Runs `work` under a publishing load, then waits until every acknowledged event has arrived. @throws Error when one is missing. */
async function underLoad(what: string, count: number, work: () => Promise<void>): Promise<void> {
  const began = performance.now();
  let publishing = true;
  const publisher = async (): Promise<void> => {
    while (publishing) {
      const seq = next++;
      const tries = await insist(
        '/v1/events',
        { event: 'chaos.event', data: { seq } },
        { 'idempotency-key': `chaos-${seq}` },
      );
      acknowledged += 1;
      repeated += tries - 1;
      await sleep(publishPauseMs);
    }
  };
  const load = Promise.all(Array.from({ length: count }, publisher));
  try {
    await Promise.race([work(), load]);
  } finally {
    publishing = false;
    await load;
  }
  const worked = performance.now();
  const missing = await ledger.drained(acknowledged * endpoints.length, drainMs);
  const seconds = (from: number, to: number): string => `${((to - from) / 1_000).toFixed(1)} s`;
  console.log(
    `${what}: ${missing} missing; ${seconds(began, worked)}, then ${seconds(worked, performance.now())} until all had arrived`,
  );
  if (missing > 0) throw new Error(`${what}: ${missing} deliveries are missing`);
}

async function kill(server: Server, survivor: Server): Promise<void> {
  const holder = await ledger.holderOf(server.account);
  const isReady = await survivor.ready(0);
  const atMs = performance.now();
  await server.kill();
  recovery.killed(holder === undefined ? [] : await ledger.heldBy(holder), atMs, isReady);
  inFlight += await ledger.unsettled();
}

async function killAtRandom(): Promise<void> {
  for (let count = 1; count <= kills; count += 1) {
    await sleep(200 + random() * 800);
    if (random() < databaseShare) {
      await database.stop('immediate');
      databaseStops += 1;
      recovery.forget();
      await db.close();
      await sleep(random() * 1_500);
      database = await startEmbeddedDatabase({ dataDir: folder });
      if (database.url !== databaseUrl) throw new Error('PostgreSQL restarted with another address.');
      db = connect(databaseUrl, { max: 2 });
      inFlight += await ledger.unsettled();
      // A server that was just starting found no database and exited; a supervisor would restart it.
      for (const server of servers) server.start();
    } else {
      const [server, survivor] = random() < 0.5 ? servers : ([servers[1], servers[0]] as const);
      await kill(server, survivor);
      serverKills += 1;
      server.start();
      await server.ready(random() * 6_000);
    }
    process.stdout.write(
      `\r  ${count}/${kills} kills, ${acknowledged} acknowledged, ${receivers.seen.size} accepted   `,
    );
  }
  process.stdout.write('\n');
}

/** Kills a server and starts it again. With a wrong clock it works but reports that it is not ready. */
async function restart(server: Server, survivor: Server, options: StartOptions): Promise<void> {
  await kill(server, survivor);
  server.start(options);
  const skewed = options.skewMs !== undefined;
  if (!(await server.ready(30_000, skewed ? '/healthz' : '/readyz')))
    throw new Error(`A server did not start with ${JSON.stringify(options)}.`);
  if (skewed && (await server.ready(0))) throw new Error('A server with a wrong clock reports that it is ready.');
}

/** One process is paused, one is cut from its database, and the third has a wrong clock. */
async function faults(): Promise<void> {
  const [paused, skewed] = servers;
  const beganMs = performance.now();
  const at = (ms: number): Promise<void> => sleep(beganMs + ms - performance.now());
  unreachable.add(paused);
  paused.pause();
  inFlight += await ledger.unsettled();
  await restart(skewed, isolated, { skewMs });
  await at(5_000);
  // First the network is dead; in the second half connections are closed.
  unreachable.add(isolated);
  proxy.silence();
  await at(5_000 + cutMs / 2);
  proxy.cut();
  inFlight += await ledger.unsettled();
  await restart(skewed, isolated, { skewMs: -skewMs });
  await at(5_000 + cutMs);
  proxy.restore();
  await at(pausedMs);
  inFlight += await ledger.unsettled();
  paused.resume();
  unreachable.clear();
  if (!(await isolated.ready(30_000))) throw new Error('A server did not recover after its database did.');
  if (!(await paused.ready(30_000))) throw new Error('A server did not recover after its pause.');
  await restart(skewed, paused, {});
}

let failure: string | undefined;
const began = performance.now();
try {
  for (const server of servers) server.start();
  for (const server of servers) if (!(await server.ready(30_000))) throw new Error('A server did not start.');
  for (const path of endpoints) {
    // Many short waits: a delivery refused one time in ten must not exhaust its schedule.
    await insist('/v1/webhooks', {
      target_url: `${receivers.url}${path}`,
      events: ['*'],
      timeout_ms: timeoutMs,
      retry_schedule_seconds: Array.from({ length: 20 }, () => 1),
      ordering: path === '/fifo' ? 'fifo' : 'none',
    });
  }
  await underLoad('killed', publishers, killAtRandom);
  for (const server of [...servers, isolated]) server.start();
  for (const server of [...servers, isolated])
    if (!(await server.ready(30_000))) throw new Error('A server did not start again.');
  await underLoad(
    'paused for longer than a lease, clock wrong by ±60 s, cut from the database for 30 s',
    publishersOfFaults,
    faults,
  );

  const expected = acknowledged * endpoints.length;
  const figures = await ledger.figures();
  const twice = [...receivers.taken.values()].reduce((sum, count) => sum + count - 1, 0);
  console.table({
    'servers killed': serverKills,
    'database stopped immediately': databaseStops,
    'events acknowledged': acknowledged,
    'publishes repeated': repeated,
    'events stored': figures?.events,
    'idempotency keys': figures?.keys,
    'deliveries expected': expected,
    'deliveries accepted': receivers.seen.size,
    'deliveries missing': expected - receivers.seen.size,
    'attempts received': receivers.attempts,
    'attempts refused': receivers.refused,
    'accepted twice': twice,
    'in flight at the kills and faults': inFlight,
    seconds: Math.round((performance.now() - began) / 1_000),
  });
  const { survivor, none } = recovery.times;
  const row = (times: readonly number[]) => ({
    deliveries: times.length,
    median: Math.round(quantile(times, 0.5)),
    p99: Math.round(quantile(times, 0.99)),
    max: Math.round(times.at(-1) ?? 0),
  });
  console.log('ms from a kill to the next attempt of what the process held:');
  console.table({ 'another process takes over': row(survivor), 'no other process was ready': row(none) });
  const problems = [
    figures?.events !== acknowledged && 'events stored differ from events acknowledged',
    figures?.keys !== acknowledged && 'idempotency keys differ from events acknowledged',
    figures?.delivered !== expected && 'the log does not show every delivery as delivered',
    figures?.other !== 0 && 'some deliveries ended in another state than delivered',
    twice > inFlight && 'more deliveries were accepted twice than were in flight at the kills and faults',
    quantile(survivor, 0.99) > recoveryMaxMs.survivor &&
      `another process took over only after ${recoveryMaxMs.survivor} ms`,
    quantile(none, 0.99) > recoveryMaxMs.none && `a started process took over only after ${recoveryMaxMs.none} ms`,
  ].filter((problem) => problem !== false);
  if (problems.length > 0) failure = problems.join('; ');
} catch (error) {
  failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
} finally {
  await Promise.all([...servers, isolated].map((server) => server.kill()));
  receivers.close();
  proxy.close();
  await agent.destroy();
  await db.close();
  await database.stop('immediate').catch(() => {});
  await rm(folder, { recursive: true, force: true });
  if (database.dataDir !== folder) await rm(database.dataDir, { recursive: true, force: true });
}
console.log(failure === undefined ? 'chaos: nothing lost' : `chaos: FAILED: ${failure}`);
process.exit(failure === undefined ? 0 : 1);
