/**
 * `npm run test:chaos -- --campaign [--kills N] [--seed S]`: a campaign of three steps runs through SMTP mailboxes, while the process is killed
 * with `kill -9` at random moments and time jumps forward. At the end every lead must have got each step: none twice, none skipped. A
 * message that was in flight when the process died may be `unknown`; then the server may have it or not, and the lead gets the next step.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { hourMs } from '../../src/base/clock.ts';
import { startEmbeddedDatabase } from '../../src/db/embedded.ts';
import { connect } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import { startFaultSmtp } from '../harness/fault-smtp.ts';
import { freePort } from '../harness/sockets.ts';
import { accountOf } from './campaign-ledger.ts';
import { key, product } from './product.ts';
import { randomOf } from './random.ts';
import { createTimeShift } from './time-shift.ts';

const { values } = parseArgs({
  options: {
    campaign: { type: 'boolean' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string' },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const random = randomOf(seed);

const mailboxes = 4;
const steps = 3;
/** So many that each life has messages to send. */
const leads = Math.max(40, kills * 12);
const killWithinMs = 600;
const movesWithinMs = 5_000;
const quietMs = 800;
const lifeMaxMs = 20_000;
/** Lives without kills, until the campaign is completed. */
const drainLivesMax = 30;

const folder = await mkdtemp(join(tmpdir(), 'outrider-chaos-campaign-'));
await chmod(folder, 0o755);
const database = await startEmbeddedDatabase({ dataDir: join(folder, 'postgres') });
const db = connect(database.url, { max: 2 });
const shift = await createTimeShift(db);
let activeAt = performance.now();
const smtp = await startFaultSmtp({
  faults: () => {
    activeAt = performance.now();
    return undefined;
  },
});
const server = product(database.url, folder, await freePort());
console.log(`chaos of a campaign: ${kills} kills, ${leads} leads, ${steps} steps, seed ${seed}`);

let aheadMs = 0;

async function live(): Promise<void> {
  await shift(aheadMs);
  server.start({ skewMs: aheadMs });
  if (!(await server.ready(30_000))) throw new Error('The server did not start.');
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(40_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (JSON.parse(text) as { data: T }).data;
}

/** @returns the campaign's id */
async function launch(): Promise<string> {
  const ids: string[] = [];
  for (let number = 0; number < mailboxes; number += 1) {
    const email = `sender${number}@chaos${number}.test`;
    const { id } = await call<{ id: string }>('POST', '/v1/mailboxes', {
      email,
      smtp: { host: '127.0.0.1', port: smtp.port, security: 'none', username: email, password: 'secret' },
    });
    ids.push(id);
  }
  // Nothing but the kills decides when a message is sent.
  const hours = JSON.stringify({ days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' });
  await db.execute(sql`
    UPDATE mailboxes SET daily_limit = 100000, max_hourly_per_domain = 100000, gap_min_seconds = 0, gap_max_seconds = 0, work_hours = ${hours}::jsonb`);
  const made = await call<{ id: string }[]>('POST', '/v1/contacts', {
    lawful_basis: 'consent',
    contacts: Array.from({ length: leads }, (_, number) => ({ email: `r${number}@d${number}.test` })),
  });
  const { id } = await call<{ id: string }>('POST', '/v1/campaigns?autolaunch=true', {
    name: 'Chaos',
    mailbox_ids: ids,
    contact_ids: made.map((contact) => contact.id),
    sequence: Array.from({ length: steps }, (_, number) => ({
      subject: `Step ${number}`,
      body: `Step ${number}`,
      delay_days: number === 0 ? 0 : 1,
    })),
    schedule: { timezone: 'Etc/UTC', days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' },
    verification: 'off',
    cooldown_days: 0,
    company_max: 0,
    daily_limit: 100_000,
    stop: { company: 'off' },
  });
  return id;
}

/** Resolves when a session has moved since now, or after a while. */
async function moving(): Promise<boolean> {
  const began = performance.now();
  while (activeAt < began && performance.now() - began < movesWithinMs) await sleep(5);
  return activeAt >= began;
}

/** Resolves when no session has moved for a while. */
async function quiet(): Promise<void> {
  const began = performance.now();
  while (performance.now() - began < lifeMaxMs && performance.now() - Math.max(began, activeAt) < quietMs)
    await sleep(50);
}

let failure: string | undefined;
const began = performance.now();
try {
  await live();
  const campaign = await launch();
  let killed = 0;
  let inFlight = 0;
  for (; killed < kills; killed += 1) {
    if (killed > 0) await live();
    if (await moving()) {
      await sleep(random() * killWithinMs);
      if (performance.now() - activeAt < 50) inFlight += 1;
    } else aheadMs += 13 * hourMs;
    await server.kill();
  }
  const statusOf = async (): Promise<string | undefined> =>
    (await db.query(sql<{ status: string }>`SELECT status FROM campaigns WHERE id = ${campaign}`))[0]?.status;
  let drains = 0;
  for (; drains < drainLivesMax && (await statusOf()) !== 'completed'; drains += 1) {
    await live();
    await quiet();
    await server.stop(3_000);
    aheadMs += 13 * hourMs;
  }
  await smtp.close();
  const account = await accountOf(db, campaign, smtp.messages, steps);
  console.table({
    'processes killed (kill -9)': killed,
    '  while a session was moving': inFlight,
    'hours passed': Math.round(aheadMs / hourMs),
    'status of the campaign': await statusOf(),
    leads: account.leads,
    ...Object.fromEntries([...account.byStatus].map(([status, count]) => [`  messages ${status}`, count])),
    'accepted by the server': account.accepted,
    'unknown, and accepted': account.unknownAccepted,
    'unknown, and not accepted': account.unknownNotAccepted,
    'leads that got a step twice': account.twice,
    'leads that skipped a step': account.skipped,
    'steps out of order': account.disordered,
    'sent, and not accepted': account.sentUnaccepted,
    'leads not finished': account.unfinished,
    seconds: Math.round((performance.now() - began) / 1_000),
  });
  const problems = [
    account.leads !== leads && `the campaign has ${account.leads} leads`,
    (await statusOf()) !== 'completed' && 'the campaign is not completed',
    account.twice > 0 && 'a lead got a step twice',
    account.skipped > 0 && 'a lead skipped a step',
    account.disordered > 0 && 'a lead got its steps in another order',
    account.sentUnaccepted > 0 && 'messages are sent that the server did not accept',
    account.unfinished > 0 && 'leads are not finished',
  ].filter((problem) => problem !== false);
  if (problems.length > 0) failure = problems.join('; ');
} catch (error) {
  failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
} finally {
  await server.kill();
  await smtp.close();
  await db.close();
  await database.stop('immediate').catch(() => {});
  await rm(folder, { recursive: true, force: true });
  if (!database.dataDir.startsWith(folder)) await rm(database.dataDir, { recursive: true, force: true });
}
console.log(
  failure === undefined
    ? 'chaos of a campaign: no step twice, none skipped'
    : `chaos of a campaign: FAILED: ${failure}`,
);
process.exit(failure === undefined ? 0 : 1);
