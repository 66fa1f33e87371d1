/**
 * `npm run test:chaos [-- --kills N] [--seed S]`: two server processes and a PostgreSQL of their own under a publishing load; random
 * servers are killed with `kill -9` at random moments, now and then PostgreSQL is stopped at once, and everything comes back. At the
 * end every acknowledged event must have arrived everywhere, each idempotency key must exist once, and no more deliveries may have
 * been taken twice than were under way at the kills.
 */
import { once } from 'node:events';
import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Agent, request } from 'undici';
import { startEmbeddedDatabase } from '../../src/db/embedded.ts';
import { connect } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import { key, product } from './product.ts';
import { startReceivers } from './receivers.ts';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '10' }, seed: { type: 'string' } } });
const kills = Number(values.kills);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const endpoints = ['/a', '/b', '/c', '/fifo'];
const publishers = 8;
/** Between two publishes of one publisher: a load the machine carries easily, so that what is measured is recovery. */
const publishPauseMs = 20;
const databaseShare = 0.15;
/** Leases run out, due rows are found, retries go through; the FIFO line, which stands while its dead holder's lease lasts, catches up. */
const drainMs = 240_000 + kills * 4_000;

/** mulberry32: the kills and failures of a seed can be played again. */
function randomOf(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

const random = randomOf(seed);
const folder = await mkdtemp(join(tmpdir(), 'outrider-chaos-'));
await chmod(folder, 0o755);
let database = await startEmbeddedDatabase({ dataDir: folder });
const { url: databaseUrl } = database;
const receivers = await startReceivers(random);
const servers = [product(databaseUrl, folder, await freePort()), product(databaseUrl, folder, await freePort())] as const;
const agent = new Agent({ connections: 4, headersTimeout: 10_000, bodyTimeout: 10_000, connectTimeout: 2_000 });
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
console.log(`chaos: ${kills} kills, seed ${seed}`);

/** Posts to any server until one acknowledges. @returns how many tries it took. */
async function insist(path: string, body: unknown, extra: Record<string, string> = {}): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const server = servers[random() < 0.5 ? 0 : 1];
    const answer = await request(`${server.url}${path}`, {
      dispatcher: agent,
      method: 'POST',
      headers: { ...headers, ...extra },
      body: JSON.stringify(body),
    }).catch(() => undefined);
    const text = await answer?.body.text().catch(() => undefined);
    if (answer !== undefined && text !== undefined && answer.statusCode < 300) return tries;
    // Anything the server understood and refused is a fault of this test or of the product.
    if (answer !== undefined && answer.statusCode >= 400 && answer.statusCode < 500) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    await sleep(100);
  }
}

let publishing = true;
let acknowledged = 0;
let repeated = 0;
let next = 0;
async function publisher(): Promise<void> {
  while (publishing) {
    const seq = next++;
    const tries = await insist('/v1/events', { event: 'chaos.event', data: { seq } }, { 'idempotency-key': `chaos-${seq}` });
    acknowledged += 1;
    repeated += tries - 1;
    await sleep(publishPauseMs);
  }
}

let db = connect(databaseUrl, { max: 2 });
/** With a receiver, or taken by it but not yet settled: what a kill at this moment may cause to be sent again. */
async function unsettled(): Promise<number> {
  const rows = await db.query(sql<{ id: string }>`SELECT id FROM delivery_queue`);
  return receivers.working + rows.filter((row) => receivers.taken.has(row.id)).length;
}

let serverKills = 0;
let databaseStops = 0;
let underWay = 0;
let failure: string | undefined;
const began = performance.now();
try {
  for (const server of servers) server.start();
  for (const server of servers) if (!(await server.ready(30_000))) throw new Error('A server did not start.');
  for (const path of endpoints) {
    // Short waits, many of them: a delivery that is refused one time in ten must not use its schedule up.
    await insist('/v1/webhooks', {
      target_url: `${receivers.url}${path}`,
      events: ['*'],
      retry_schedule_seconds: Array.from({ length: 20 }, () => 1),
      ordering: path === '/fifo' ? 'fifo' : 'none',
    });
  }
  const load = Promise.all(Array.from({ length: publishers }, publisher));

  for (let kill = 1; kill <= kills; kill += 1) {
    await sleep(200 + random() * 1_300);
    if (random() < databaseShare) {
      await database.stop('immediate');
      databaseStops += 1;
      await db.close();
      await sleep(random() * 1_500);
      database = await startEmbeddedDatabase({ dataDir: folder });
      if (database.url !== databaseUrl) throw new Error('PostgreSQL came back under another address.');
      db = connect(databaseUrl, { max: 2 });
      underWay += await unsettled();
      // One that was just starting found no database, said so and ended, as a supervisor would see it.
      for (const server of servers) server.start();
    } else {
      const server = servers[random() < 0.5 ? 0 : 1];
      await server.kill();
      serverKills += 1;
      underWay += await unsettled();
      server.start();
      await server.ready(random() * 6_000);
    }
    process.stdout.write(`\r  ${kill}/${kills} kills, ${acknowledged} acknowledged, ${receivers.seen.size} taken   `);
  }
  publishing = false;
  await load;
  process.stdout.write('\n');

  const expected = acknowledged * endpoints.length;
  const deadline = performance.now() + drainMs;
  while (receivers.seen.size < expected && performance.now() < deadline) await sleep(250);
  for (;;) {
    const [left] = await db.query(sql<{ count: number }>`SELECT count(*) AS count FROM delivery_queue`);
    if (left?.count === 0 || performance.now() > deadline) break;
    await sleep(250);
  }
  const [figures] = await db.query(sql<{ events: number; keys: number; delivered: number; other: number; queued: number }>`
    SELECT (SELECT count(*) FROM events WHERE type = 'chaos.event') AS events, (SELECT count(*) FROM idempotency_keys) AS keys,
      (SELECT count(*) FROM delivery_log WHERE state = 'delivered') AS delivered, (SELECT count(*) FROM delivery_log WHERE state <> 'delivered') AS other,
      (SELECT count(*) FROM delivery_queue) AS queued`);
  const twice = [...receivers.taken.values()].reduce((sum, count) => sum + count - 1, 0);
  console.table({
    'servers killed': serverKills,
    'database stopped at once': databaseStops,
    'events acknowledged': acknowledged,
    'publishes repeated': repeated,
    'events stored': figures?.events,
    'idempotency keys': figures?.keys,
    'deliveries expected': expected,
    'deliveries taken': receivers.seen.size,
    'deliveries missing': expected - receivers.seen.size,
    'attempts received': receivers.attempts,
    'attempts refused': receivers.refused,
    'taken twice': twice,
    'under way at the kills': underWay,
    'still queued': figures?.queued,
    seconds: Math.round((performance.now() - began) / 1_000),
  });
  const problems = [
    receivers.seen.size !== expected && 'deliveries are missing',
    figures?.events !== acknowledged && 'events stored differ from events acknowledged',
    figures?.keys !== acknowledged && 'idempotency keys differ from events acknowledged',
    figures?.delivered !== expected && 'the log does not say delivered for every delivery',
    figures?.other !== 0 && 'deliveries ended otherwise than delivered',
    figures?.queued !== 0 && 'deliveries are still queued',
    twice > underWay && 'more was taken twice than was under way at the kills',
  ].filter((problem) => problem !== false);
  if (problems.length > 0) failure = problems.join('; ');
} catch (error) {
  failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
} finally {
  publishing = false;
  await Promise.all(servers.map((server) => server.kill()));
  receivers.close();
  await agent.destroy();
  await db.close();
  await database.stop('immediate').catch(() => {});
  await rm(folder, { recursive: true, force: true });
  if (database.dataDir !== folder) await rm(database.dataDir, { recursive: true, force: true });
}
console.log(failure === undefined ? 'chaos: nothing lost' : `chaos: FAILED: ${failure}`);
process.exit(failure === undefined ? 0 : 1);
