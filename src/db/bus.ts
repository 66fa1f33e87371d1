import pg from 'pg';
import { sql } from './sql.ts';
import type { Queryable } from './pool.ts';
import type { Clock } from '../clock.ts';
import { pause } from '../pause.ts';

/** What processes tell each other. The payload is a hint: whoever missed it reads the truth from the tables. */
export type Notice =
  | { readonly kind: 'endpoints' } // the subscription epoch moved
  | { readonly kind: 'keys' } // a key was revoked, or an organization's plan changed
  | { readonly kind: 'event_types'; readonly organizationId: string } // a type or its schema was added, changed or removed
  | { readonly kind: 'due'; readonly endpoints: readonly string[] }; // work is due on these endpoints

const channel = 'outrider';

/** Sends a notice when `db`'s transaction commits (at once outside of one). NOTIFY: PostgreSQL documentation, "NOTIFY". */
export async function announce(db: Queryable, notice: Notice): Promise<void> {
  await db.execute(sql`SELECT pg_notify(${channel}, ${JSON.stringify(notice)})`);
}

export interface Bus {
  /** `undefined` says that notices may have been missed: look at everything again. */
  subscribe(listener: (notice: Notice | undefined) => void): void;
  /** False while the connection is down; what is cached may be stale then. */
  readonly connected: boolean;
  run(signal: AbortSignal): Promise<void>;
}

const reconnectMs = 500;
/** A dead network is noticed by a round trip this often. */
const heartbeatMs = 5_000;

/** One LISTEN connection a process. It comes back by itself and then tells every listener to look again. */
export function createBus(url: string, clock: Clock, onError: (error: Error) => void): Bus {
  const listeners: ((notice: Notice | undefined) => void)[] = [];
  let connected = false;
  const tell = (notice: Notice | undefined): void => {
    for (const listener of listeners) listener(notice);
  };

  /** Holds one connection until it breaks or the signal ends it. */
  async function hold(signal: AbortSignal): Promise<void> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'outrider bus',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      query_timeout: 10_000,
    });
    const ended = Promise.withResolvers<void>();
    let heartbeat: unknown;
    const beat = (): void => {
      heartbeat = clock.setTimer(() => void client.query('SELECT').then(beat, () => ended.resolve()), heartbeatMs);
    };
    client.on('error', (error) => {
      onError(error);
      ended.resolve();
    });
    client.on('end', () => ended.resolve());
    client.on('notification', (message) => tell(JSON.parse(message.payload ?? 'null') as Notice));
    const stop = (): void => ended.resolve();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      connected = true;
      tell(undefined);
      beat();
      await ended.promise;
    } finally {
      connected = false;
      clock.clearTimer(heartbeat);
      signal.removeEventListener('abort', stop);
      await client.end().catch(() => {});
    }
  }

  return {
    subscribe: (listener) => listeners.push(listener),
    get connected() {
      return connected;
    },
    async run(signal) {
      while (!signal.aborted) {
        await hold(signal).catch((error: unknown) => onError(error instanceof Error ? error : new Error(String(error))));
        if (signal.aborted) return;
        await pause(clock, reconnectMs, signal);
      }
    },
  };
}
