import pg from 'pg';
import { z } from 'zod';
import { sql } from './sql.ts';
import { onConnection, type Queryable } from './pool.ts';
import type { Clock } from '../base/clock.ts';
import { sleep } from '../base/sleep.ts';

const notices = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('endpoints') }), // the subscription epoch moved
  z.object({ kind: z.literal('keys') }), // a key was revoked, or an organization's plan changed
  z.object({ kind: z.literal('event_types'), organizationId: z.uuid() }), // a type or its schema was added, changed or removed
  z.object({ kind: z.literal('due'), endpoints: z.array(z.uuid()).readonly() }), // work is due on these endpoints
]);

/** What processes tell each other. The payload is a hint: a process that missed it reads the truth from the tables. */
export type Notice = Readonly<z.output<typeof notices>>;

const channel = 'outrider';

/** Sends a notice when `db`'s transaction commits (at once outside of one). NOTIFY: PostgreSQL documentation, "NOTIFY". */
export async function announce(db: Queryable, notice: Notice): Promise<void> {
  await db.execute(sql`SELECT pg_notify(${channel}, ${JSON.stringify(notice)})`);
}

/** @returns undefined for what this version cannot read, which may be a newer version's notice: then everything is looked at. */
function noticeOf(payload: string | undefined): Notice | undefined {
  try {
    return notices.safeParse(JSON.parse(payload ?? '')).data;
  } catch {
    return undefined;
  }
}

export interface Bus {
  /** `undefined` says that notices may have been missed: look at everything again. */
  subscribe(listener: (notice: Notice | undefined) => void): void;
  /** Called on each new connection before it counts as connected; the connection is given up when it fails. */
  onSession(work: (session: Queryable) => Promise<void>): void;
  /** False while the connection is down; what is cached may be stale then. */
  readonly connected: boolean;
  run(signal: AbortSignal): Promise<void>;
}

/** Between the beginnings of two connections at least. */
const reconnectMs = 500;
/** A dead network is noticed by a round trip this often, and an answer that takes this long. */
const heartbeatMs = 5_000;
const answerMs = 10_000;
/** PostgreSQL ends the connection, and frees its locks, when the network is dead for 25 s: after this process has noticed it. */
const settings =
  '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=25000';

/**
 * One LISTEN connection a process. It comes back by itself and then tells every listener to look again.
 * @param heartbeat the round trip.
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
  const tell = (notice: Notice | undefined): void => {
    for (const listener of listeners) {
      try {
        listener(notice);
      } catch (error) {
        failed(error);
      }
    }
  };

  /** Holds one connection until it breaks or the signal ends it. */
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
    // At once, not when `hold` goes on: what holds only while the connection lasts ends with it.
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
    client.on('notification', (message) => tell(noticeOf(message.payload)));
    signal.addEventListener('abort', end, { once: true });
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      for (const work of sessionWork) await work(session);
      if (signal.aborted) return;
      connected = true;
      tell(undefined);
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
