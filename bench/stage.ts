/** The environment of a benchmark: database, servers, receiver and load, each a separate process, connected over loopback. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../src/db/embedded.ts';
import { connect, type Database } from '../src/db/pool.ts';
import { sql } from '../src/db/sql.ts';
import type { LoadOrder, LoadReport } from './load.ts';
import type { ReceiverReport } from './receiver.ts';

export const key = `otr_live_${'b'.repeat(40)}`;
/** In base64. */
export const masterKey = Buffer.alloc(32, 1).toString('base64');

export interface Server {
  readonly url: string;
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

export interface Receiver {
  readonly url: string;
  readonly pid: number;
  reset(): Promise<void>;
  /** Resolves when `count` unique deliveries have arrived. @throws Error after `timeoutMs`. */
  all(count: number, timeoutMs: number): Promise<void>;
  report(): Promise<ReceiverReport>;
}

export interface Stage {
  readonly db: Database;
  readonly database: EmbeddedDatabase;
  readonly receiver: Receiver;
  /** Starts the product with its production command, on the database of this stage. */
  product(options?: { processes?: number; env?: Record<string, string> }): Promise<Server>;
  /** Starts a program of this folder that does the product's work without it: `ceiling.ts` by default. */
  ceiling(program?: string): Promise<Server>;
  load(order: Omit<LoadOrder, 'key' | 'event' | 'dataBytes' | 'firstSeq'> & Partial<LoadOrder>): Promise<LoadReport>;
  close(): Promise<void>;
}

const file = (name: string): string => new URL(name, import.meta.url).pathname;

async function message<T>(child: ChildProcess, wanted: (message: unknown) => boolean = () => true): Promise<T> {
  for (;;) {
    const [received] = (await once(child, 'message')) as [T];
    if (wanted(received)) return received;
  }
}

const kind = (name: string) => (received: unknown) => (received as { kind?: string }).kind === name;

export async function openStage(settings: Record<string, string> = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'outrider-bench-'));
  const database = await startEmbeddedDatabase({ dataDir: folder, settings });
  const db = connect(database.url, { max: 2 });
  const children = new Set<ChildProcess>();
  const keep = (child: ChildProcess): ChildProcess => {
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  // Kill all child processes when the benchmark exits, even after an error.
  process.once('exit', () => {
    for (const child of children) child.kill('SIGKILL');
  });
  const receiving = keep(fork(file('./receiver.ts')));
  const { port } = await message<{ port: number }>(receiving, kind('ready'));
  let seq = 0;

  async function stopChild(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  return {
    db,
    database,
    receiver: {
      url: `http://127.0.0.1:${port}`,
      pid: receiving.pid ?? 0,
      async reset() {
        receiving.send({ kind: 'reset' });
        await message(receiving, kind('reset'));
      },
      async all(count, timeoutMs) {
        const done = message(receiving, kind('all'));
        receiving.send({ kind: 'expect', count });
        const timeout = AbortSignal.timeout(timeoutMs);
        await Promise.race([
          done,
          new Promise((_resolve, reject) =>
            timeout.addEventListener('abort', () =>
              reject(new Error(`Fewer than ${count} deliveries arrived within ${timeoutMs / 1_000} s.`)),
            ),
          ),
        ]);
      },
      async report() {
        const answer = message<ReceiverReport>(receiving, kind('report'));
        receiving.send({ kind: 'report' });
        return answer;
      },
    },
    async product({ processes = 1, env = {} } = {}) {
      const args = [
        '--max-semi-space-size=16',
        file('../src/main.ts'),
        'serve',
        ...(processes > 1 ? ['--processes', String(processes)] : []),
      ];
      const child = keep(
        spawn(process.execPath, args, {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: {
            PATH: process.env['PATH'],
            DATABASE_URL: database.url,
            OUTRIDER_DATA_DIR: join(folder, 'product'),
            OUTRIDER_MASTER_KEY: masterKey,
            OUTRIDER_BOOTSTRAP_KEY: key,
            OUTRIDER_PORT: '0',
            OUTRIDER_HOST: '127.0.0.1',
            OUTRIDER_EGRESS_ALLOW: '127.0.0.0/8',
            OUTRIDER_ALLOW_HTTP_ENDPOINTS: 'true',
            OUTRIDER_LOG_LEVEL: 'warn',
            ...env,
          },
        }),
      );
      const url = await listeningUrl(child);
      return { url, pids: [child.pid ?? 0, ...(await childrenOf(child.pid ?? 0))], stop: () => stopChild(child) };
    },
    async ceiling(program = 'ceiling.ts') {
      const child = keep(
        fork(file(`./${program}`), {
          env: { ...process.env, DATABASE_URL: database.url, TARGET_URL: `http://127.0.0.1:${port}/ok` },
        }),
      );
      const { port: own } = await message<{ port: number }>(child);
      return {
        url: `http://127.0.0.1:${own}`,
        pids: [child.pid ?? 0],
        async stop() {
          child.disconnect();
          await once(child, 'exit');
        },
      };
    },
    async load(order) {
      const child = keep(fork(file('./load.ts')));
      const full: LoadOrder = { key, event: 'bench.event', dataBytes: 1_000, firstSeq: seq, ...order };
      seq += full.count;
      const report = message<LoadReport>(child);
      child.send(full);
      const answer = await report;
      child.disconnect();
      return answer;
    },
    async close() {
      receiving.disconnect();
      await Promise.all([...children].filter((child) => child !== receiving).map(stopChild));
      await db.close();
      await database.stop('immediate');
      await rm(folder, { recursive: true, force: true });
      if (database.dataDir !== folder) await rm(database.dataDir, { recursive: true, force: true });
    },
  };
}

/** Reads the URL that the product prints when it starts listening. */
async function listeningUrl(child: ChildProcess): Promise<string> {
  let printed = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /http:\/\/(?:localhost|127\.0\.0\.1):(\d{2,5})/.exec(printed)?.[1];
      if (found !== undefined) resolve(`http://127.0.0.1:${found}`);
    });
    child.once('exit', (code) => reject(new Error(`The server exited with code ${code}:\n${printed}`)));
  });
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text
    .split(' ')
    .filter((part) => part !== '')
    .map(Number);
}

/** CPU seconds (user and system) and peak resident memory of processes, from /proc. */
export async function usage(pids: readonly number[]): Promise<{ cpuSeconds: number; peakMb: number }> {
  let ticks = 0;
  let peakKb = 0;
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // utime, stime, cutime, cstime: includes exited children, because PostgreSQL's backends come and go.
    for (const index of [11, 12, 13, 14]) ticks += Number(fields[index] ?? 0);
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
  }
  return { cpuSeconds: ticks / 100, peakMb: Math.round(peakKb / 1_024) };
}

/** The processes of PostgreSQL, including its backends. */
export const databasePids = async (database: EmbeddedDatabase): Promise<number[]> => [
  database.postmasterPid,
  ...(await childrenOf(database.postmasterPid)),
];

/** CPU seconds used so far by each part of the stage. */
export async function cpuByProcess(
  stage: Stage,
  server: Server,
): Promise<Readonly<Record<'server' | 'database' | 'receiver', number>>> {
  const [ours, database, receiver] = await Promise.all([
    usage(server.pids),
    databasePids(stage.database).then(usage),
    usage([stage.receiver.pid]),
  ]);
  return { server: ours.cpuSeconds, database: database.cpuSeconds, receiver: receiver.cpuSeconds };
}

export async function api<T>(server: Server, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export async function makeEndpoint(
  server: Server,
  targetUrl: string,
  settings: Record<string, unknown> = {},
): Promise<string> {
  const response = await api<{ data: { id: string } }>(server, 'POST', '/v1/webhooks', {
    target_url: targetUrl,
    events: ['*'],
    max_in_flight: 64,
    ...settings,
  });
  return response.data.id;
}

/** Resolves when no delivery is pending. */
export async function settled(stage: Stage): Promise<void> {
  for (;;) {
    const [row] = await stage.db.query(
      sql<{ left: boolean }>`SELECT EXISTS (SELECT FROM delivery_queue WHERE state = 'pending') AS left`,
    );
    if (row?.left === false) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Deletes events, deliveries and attempts, so that every measurement starts from the same state. */
export async function clean(stage: Stage): Promise<void> {
  await settled(stage);
  await stage.db.script('TRUNCATE events, delivery_queue, delivery_log, attempts, idempotency_keys; CHECKPOINT');
  await stage.receiver.reset();
}

export async function facts(db: Database): Promise<Record<string, unknown>> {
  const [row] = await db.query(sql<{ version: string }>`SELECT version()`);
  return {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
    postgres: row?.version.split(' ').slice(0, 2).join(' '),
    date: new Date().toISOString(),
  };
}
