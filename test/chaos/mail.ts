/**
 * `npm run test:chaos -- --mail [--faults N] [--seed S]`: messages are sent through servers that fail at random stages, while the sending
 * process is killed with `kill -9` or stopped at random moments, and time jumps forward so that retries happen. At the end every message that
 * the API accepted must have a named status that agrees with what the servers accepted: none twice, none lost.
 */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { hourMs, minuteMs } from '../../src/base/clock.ts';
import { startEmbeddedDatabase } from '../../src/db/embedded.ts';
import { connect } from '../../src/db/pool.ts';
import { authority, certificate } from '../harness/certificates.ts';
import { startFaultSmtp } from '../harness/fault-smtp.ts';
import type { FaultSmtp } from '../harness/fault-smtp.ts';
import { freePort } from '../harness/sockets.ts';
import { planFaults } from './mail-faults.ts';
import { createMailLedger } from './mail-ledger.ts';
import { key, product } from './product.ts';
import { oneOf, randomOf } from './random.ts';
import { createTimeShift } from './time-shift.ts';

const { values } = parseArgs({
  options: {
    mail: { type: 'boolean' },
    faults: { type: 'string', default: '60' },
    seed: { type: 'string' },
    verbose: { type: 'boolean' },
  },
});
const faults = Number(values.faults);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const random = randomOf(seed);

/** Plain ones have hosts of their own, so that the breaker of one does not stop the others; secure ones share the name in a certificate. */
const plainMailboxes = 6;
const secureMailboxes = 6;
/** Added in the life of a process, unless this many wait. */
const messagesPerLife = 40;
const waitingMax = 80;
const livesMax = 20 + Math.ceil(faults / 4);
/** Lives without faults, until nothing waits. Waits are at most a day long, and repeated rarely. */
const drainLivesMax = 40;
const jumpsMs = [1, 5, 15, 40, 150].map((minutes) => minutes * minuteMs);
const posters = 8;
const killWithinMs = 800;
const quietMs = 600;
const lifeMaxMs = 5_000;
const stopMs = 3_000;
const killShare = 0.6;

const folder = await mkdtemp(join(tmpdir(), 'outrider-chaos-mail-'));
await chmod(folder, 0o755);
const database = await startEmbeddedDatabase({ dataDir: join(folder, 'postgres') });
const db = connect(database.url, { max: 2 });
const shift = await createTimeShift(db);
const issuer = await authority('Chaos CA');
const { private: privateKey, cert } = await certificate('localhost', issuer);
await writeFile(join(folder, 'ca.pem'), issuer.cert);
const plan = planFaults(faults, random);
let activeAt = performance.now();
const watched: typeof plan.faults = (context) => {
  activeAt = performance.now();
  return typeof plan.faults === 'function' ? plan.faults(context) : undefined;
};
const plain = await startFaultSmtp({ host: '0.0.0.0', faults: watched });
const secure = await startFaultSmtp({ security: 'starttls', credentials: { key: privateKey, cert }, faults: watched });
const server = product(database.url, folder, await freePort(), { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') });
const ledger = createMailLedger(db);
console.log(`chaos of mail: ${faults} faults, seed ${seed}`);

let aheadMs = 0;
let alive = false;
let kills = 0;
let stops = 0;
let repeated = 0;

async function live(): Promise<void> {
  await shift(aheadMs);
  server.start({ skewMs: aheadMs });
  if (!(await server.ready(30_000))) throw new Error('The server did not start.');
  alive = true;
}

async function die(how: 'kill' | 'stop'): Promise<void> {
  alive = false;
  if (how === 'kill') await server.kill();
  else await server.stop(stopMs);
  if (how === 'kill') kills += 1;
  else stops += 1;
}

/** Posts until the API acknowledges, in whichever life of the process. */
async function insist(path: string, body: unknown, idempotencyKey?: string): Promise<{ readonly id: string }> {
  for (;;) {
    const response = alive
      ? await fetch(`${server.url}${path}`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${key}`,
            'content-type': 'application/json',
            ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
          },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(40_000),
        }).catch(() => undefined)
      : undefined;
    const text = await response?.text().catch(() => undefined);
    if (response !== undefined && text !== undefined) {
      if (response.ok) return (JSON.parse(text) as { data: { id: string } }).data;
      // A 4xx other than 429 is a bug of this test or of the product.
      if (response.status < 500 && response.status !== 429) throw new Error(`${path}: ${response.status} ${text}`);
    }
    if (alive) repeated += 1;
    await sleep(50);
  }
}

const mailboxOf = (index: number): Promise<{ readonly id: string }> => {
  const isSecure = index >= plainMailboxes;
  const email = `sender${index}@chaos${index}.test`;
  const target: FaultSmtp = isSecure ? secure : plain;
  return insist('/v1/mailboxes', {
    email,
    smtp: {
      // All of 127.0.0.0/8 is this machine.
      host: isSecure ? 'localhost' : `127.0.1.${index + 1}`,
      port: target.port,
      security: isSecure ? 'starttls' : 'none',
      username: email,
      password: 'secret',
    },
    daily_limit: 10_000,
  });
};

const acknowledged = new Set<string>();
/** Messages that were begun, and that are to be posted so far. */
let begun = 0;
let wanted = 0;
async function post(mailboxIds: readonly string[]): Promise<void> {
  const number = begun++;
  const to = `r${number}@d${number}.test`;
  await insist(
    '/v1/messages',
    { mailbox_id: oneOf(random, mailboxIds), to, subject: `Chaos ${number}`, text: `Message ${number}\n.\n..\n` },
    `chaos-${number}`,
  );
  acknowledged.add(to);
}

/** Posts what is wanted, in all lives, until `posted` is set. */
let posted = false;
async function poster(mailboxIds: readonly string[]): Promise<void> {
  while (!posted || begun < wanted) {
    if (begun < wanted) await post(mailboxIds);
    else await sleep(20);
  }
}

/** Resolves when a session has moved since now, or after a while. */
async function moving(): Promise<void> {
  const began = performance.now();
  while (activeAt < began && performance.now() - began < lifeMaxMs) await sleep(10);
}

/** Resolves when no session has moved for a while, or the life is long enough. */
async function quiet(maxMs: number): Promise<void> {
  const began = performance.now();
  while (performance.now() - began < maxMs && performance.now() - Math.max(began, activeAt) < quietMs) await sleep(50);
}

let failure: string | undefined;
const began = performance.now();
try {
  await live();
  const mailboxIds: string[] = [];
  for (let index = 0; index < plainMailboxes + secureMailboxes; index += 1)
    mailboxIds.push((await mailboxOf(index)).id);
  plan.active = true;
  let lives = 0;
  const posting = Promise.all(Array.from({ length: posters }, () => poster(mailboxIds)));
  // It is awaited at the end.
  posting.catch(() => {});
  for (; lives < livesMax && plan.left > 0; lives += 1) {
    if (lives > 0) await live();
    // Messages that wait keep the sessions busy; more of them would only prolong the end.
    if (wanted - acknowledged.size + (await ledger.open()) < waitingMax) wanted += messagesPerLife;
    const how = random() < killShare ? 'kill' : 'stop';
    await moving();
    if (how === 'kill') await sleep(random() * killWithinMs);
    else await quiet(lifeMaxMs);
    await die(how);
    aheadMs += oneOf(random, jumpsMs);
    if (values.verbose === true)
      console.log(`life ${lives}: ${how}, ${acknowledged.size} acknowledged, ${plan.left} faults left`);
  }
  const injected = faults - plan.left;
  plan.active = false;
  let open = Number.POSITIVE_INFINITY;
  let drains = 0;
  for (; drains < drainLivesMax && open > 0; drains += 1) {
    await live();
    posted = true;
    if (drains === 0) await posting;
    await quiet(lifeMaxMs);
    open = await ledger.open();
    await die('stop');
    aheadMs += Math.round(Math.min(26, 2 ** (drains / 2)) * hourMs);
    if (values.verbose === true) console.log(`drain ${drains}: ${open} open`);
  }
  // Sessions whose client has gone report their last message when their socket closes.
  await Promise.all([plain.close(), secure.close()]);
  const account = await ledger.account(acknowledged, [...plain.messages, ...secure.messages]);
  console.table({
    'faults injected': injected,
    ...Object.fromEntries([...plan.used].map(([stage, count]) => [`  at ${stage}`, count])),
    'processes killed (kill -9)': kills,
    'processes stopped': stops,
    'hours passed': Math.round(aheadMs / hourMs),
    'messages acknowledged': acknowledged.size,
    'posts repeated': repeated,
    'messages stored': account.stored,
    ...Object.fromEntries([...account.byStatus].map(([status, count]) => [`  ${status}`, count])),
    'accepted twice by a server': account.twice,
    'acknowledged and not stored, or stored twice': account.missing,
    'without an end': account.open,
    'sent, and not accepted': account.sentUnaccepted,
    'failed or bounced, and accepted': account.failedAccepted,
    'unknown, and accepted': account.unknownAccepted,
    'unknown, and not accepted': account.unknownNotAccepted,
    'email.sent not exactly once': account.eventsWrong,
    'reservations of unsent messages': account.reservationsLeft,
    seconds: Math.round((performance.now() - began) / 1_000),
  });
  const problems = [
    injected < faults && `only ${injected} of ${faults} faults were injected`,
    account.twice > 0 && 'a server accepted a message twice',
    account.missing > 0 && 'the API acknowledged a message that is not stored exactly once',
    account.open > 0 && 'messages have no end',
    account.sentUnaccepted > 0 && 'messages are sent that no server accepted',
    account.failedAccepted > 0 && 'messages failed or bounced that a server accepted',
    account.eventsWrong > 0 && 'email.sent was not emitted exactly once for each sent message',
    account.reservationsLeft > 0 && 'messages that were not sent count against limits',
  ].filter((problem) => problem !== false);
  if (problems.length > 0) failure = problems.join('; ');
} catch (error) {
  failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
} finally {
  await server.kill();
  await Promise.all([plain.close(), secure.close()]);
  await db.close();
  await database.stop('immediate').catch(() => {});
  await rm(folder, { recursive: true, force: true });
  if (!database.dataDir.startsWith(folder)) await rm(database.dataDir, { recursive: true, force: true });
}
console.log(failure === undefined ? 'chaos of mail: none twice, none lost' : `chaos of mail: FAILED: ${failure}`);
process.exit(failure === undefined ? 0 : 1);
