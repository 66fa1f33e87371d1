import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database, Transaction } from './pool.ts';
import type { Statement } from './sql.ts';
import { createTurns } from './turns.ts';
import type { Turns } from './turns.ts';

interface Request {
  readonly owner: string;
  /** The request already holds a connection, so its further statements must not wait for a turn. */
  readonly inTransaction: boolean;
}

export interface RequestDatabase extends Database {
  /** Runs work on behalf of an organization: its statements take turns with those of other organizations. */
  onBehalfOf<T>(organization: string, work: () => T): T;
  readonly turns: Pick<Turns, 'waiting' | 'refused'>;
}

/** Requests of one organization that may wait for a connection. */
const waitingMax = 100;

/** Limits that PostgreSQL enforces on the statements of requests, even if this process hangs. Locks are held by short transactions only. */
export const requestLimits: Readonly<Record<string, string>> = {
  statement_timeout: '20s',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '30s',
};

/**
 * One database with two pools. Requests use `requests`, where an organization holds at most half of the connections, rounded up, and queues
 * for more. Everything else (jobs, migrations, heartbeats, probes) uses `background`, so neither waits for the other.
 */
export function createRequestDatabase({
  requests,
  background,
  max,
}: {
  requests: Database;
  background: Database;
  max: number;
}): RequestDatabase {
  const current = new AsyncLocalStorage<Request>();
  const turns = createTurns({ slots: max, perOwner: Math.ceil(max / 2), waitingMax });

  async function taking<T>(work: (on: Database) => Promise<T>): Promise<T> {
    const request = current.getStore();
    if (request === undefined) return work(background);
    if (request.inTransaction) return work(requests);
    const release = await turns.take(request.owner);
    try {
      return await work(requests);
    } finally {
      release();
    }
  }

  return {
    url: requests.url,
    query: <Row>(statement: Statement<Row>) => taking((on) => on.query(statement)),
    execute: (statement) => taking((on) => on.execute(statement)),
    script: (text) => background.script(text),
    transaction: <T>(work: (tx: Transaction) => Promise<T>) =>
      taking((on) => {
        const request = current.getStore();
        return on.transaction((tx) =>
          request === undefined ? work(tx) : current.run({ ...request, inTransaction: true }, () => work(tx)),
        );
      }),
    onBehalfOf: (organization, work) => current.run({ owner: organization, inTransaction: false }, work),
    turns,
    get connections() {
      return requests.connections;
    },
    close: async () => {
      await Promise.all([requests.close(), background.close()]);
    },
  };
}
