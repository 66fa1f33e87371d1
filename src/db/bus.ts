import pg from 'pg';
import { z } from 'zod';
import { sql } from './sql.ts';
import { onConnection, type Queryable, type Transaction } from './pool.ts';
import type { Clock } from '../base/clock.ts';
import { sleep } from '../base/sleep.ts';

const notices = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('endpoints') }), // the subscription epoch moved
  z.object({ kind: z.literal('keys') }), // a key was revoked, or an organization's plan changed
  z.object({ kind: z.literal('event_types'), organizationId: z.uuid() }), // a type or its schema was added, changed or removed
  z.object({ kind: z.literal('workspace_deleted'), workspaceId: z.uuid() }),
  z.object({ kind: z.literal('due'), endpoints: z.array(z.uuid()).readonly() }), // work is due on these endpoints
  z.object({ kind: z.literal('erased'), events: z.array(z.uuid()).readonly() }), // their data must not be sent any more
  z.object({ kind: z.literal('watched'), organizationId: z.uuid() }), // somebody follows its attempts
  // attempts for those who follow; no endpoints: those of more than a notice holds
  z.object({
    kind: z.literal('attempted'),
    organizationId: z.uuid(),
    endpoints: z
      .array(z.object({ id: z.uuid(), workspaceId: z.uuid().optional(), delivered: z.int(), failed: z.int() }))
      .readonly()
      .optional(),
  }),
  z.object({ kind: z.literal('clock') }), // a sandbox's clock is to be moved, or may be moved on
  // these mailboxes may send, or their settings or states changed; none: any of them
  z.object({ kind: z.literal('mail'), mailboxes: z.array(z.uuid()).readonly(), changed: z.boolean() }),
]);

/** A notice between processes. It is only a hint: a process that misses it finds the same in the tables. */
export type Notice = Readonly<z.output<typeof notices>>;

const channel = 'outrider';

/** Sends a notice when the transaction commits, or immediately outside a transaction (PostgreSQL documentation, "NOTIFY"). */
export async function announce(db: Queryable, notice: Notice): Promise<void> {
  await db.execute(sql`SELECT pg_notify(${channel}, ${JSON.stringify(notice)})`);
}

/** @returns undefined for a payload that this version cannot read, perhaps of a newer version: listeners then check everything. */
function noticeOf(payload: string | undefined): Notice | undefined {
  try {
    return notices.safeParse(JSON.parse(payload ?? '')).data;
  } catch {
    return undefined;
  }
}

export interface Bus {
  /** Sends a notice when the transaction commits. This process hears it before `transaction` returns, so the answer of a call is true here. */
  announce(tx: Transaction, notice: Notice): Promise<void>;
  /** The listener receives undefined if notices may have been missed: it then checks everything. */
  subscribe(listener: (notice: Notice | undefined) => void): void;
  /** `work` runs on each new connection before it counts as connected; if it fails, the connection is closed. */
  onSession(work: (session: Queryable) => Promise<void>): void;
  /** False while the connection is down: caches may be stale. */
  readonly connected: boolean;
  run(signal: AbortSignal): Promise<void>;
}

/** Minimum time between the starts of two connections. */
const reconnectMs = 500;
/** A round trip this often detects a dead network, if its answer takes longer than `answerMs`. */
const heartbeatMs = 5_000;
const answerMs = 10_000;
/** PostgreSQL closes the connection and frees its locks 25 s after the network fails, which is later than this process notices it. */
const settings =
  '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=25000';

/**
 * One LISTEN connection per process. It reconnects automatically and then calls every listener with undefined.
 * @param heartbeat the round trip
 * @example
 * const bus = createBus(url, clock, onError);
 * bus.subscribe((notice) => notice?.kind === 'keys' && cache.clear());
 * await bus.run(signal);
 */
export function createBus(
  url: string,
  clock: Clock,
  onError: (error: Error) => void,
  heartbeat: (session: Queryable) => Promise<unknown> = (session) => session.execute(sql`SELECT`),
): Bus {
  const listeners: ((notice: Notice | undefined) => void)[] = [];
  const sessionWork: ((session: Queryable) => Promise<void>)[] = [];
  let connected = false;
  const failed = (error: unknown): void => onError(error instanceof Error ? error : new Error(String(error)));
  const notify = (notice: Notice | undefined): void => {
    for (const listener of listeners) {
      try {
        listener(notice);
      } catch (error) {
        failed(error);
      }
    }
  };

  /** Keeps one connection until it breaks or the signal aborts. */
  async function hold(signal: AbortSignal): Promise<void> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'outrider bus',
      options: settings,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      query_timeout: answerMs,
    });
    const session = onConnection(client);
    const ended = Promise.withResolvers<void>();
    let timer: unknown;
    // Set immediately, not when `hold` continues: caches are only valid while the connection lasts.
    const end = (): void => {
      connected = false;
      ended.resolve();
    };
    const beat = (): void => {
      timer = clock.setTimer(() => void heartbeat(session).then(beat, end), heartbeatMs);
    };
    client.on('error', (error) => {
      end();
      onError(error);
    });
    client.on('end', end);
    client.on('notification', (message) => notify(noticeOf(message.payload)));
    signal.addEventListener('abort', end, { once: true });
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      for (const work of sessionWork) await work(session);
      if (signal.aborted) return;
      connected = true;
      notify(undefined);
      beat();
      await ended.promise;
    } finally {
      connected = false;
      clock.clearTimer(timer);
      signal.removeEventListener('abort', end);
      await client.end().catch(() => {});
    }
  }

  return {
    announce(tx, notice) {
      tx.afterCommit(() => notify(notice));
      return announce(tx, notice);
    },
    subscribe: (listener) => listeners.push(listener),
    onSession: (work) => sessionWork.push(work),
    get connected() {
      return connected;
    },
    async run(signal) {
      while (!signal.aborted) {
        const began = clock.now();
        await hold(signal).catch(failed);
        if (signal.aborted) return;
        await sleep(clock, Math.max(0, reconnectMs - Math.abs(clock.now() - began)), signal);
      }
    },
  };
}
