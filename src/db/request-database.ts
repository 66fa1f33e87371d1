import { AsyncLocalStorage } from 'node:async_hooks';
import { unreachable } from '../base/errors.ts';
import { createJoint, nested } from './joint.ts';
import type { Joint } from './joint.ts';
import { Restart, restarting } from './pool.ts';
import type { Database, Queryable, Transaction } from './pool.ts';
import type { Statement } from './sql.ts';
import { createTurns } from './turns.ts';
import type { Turns } from './turns.ts';

interface Request {
  readonly owner: string;
  /** The transaction in which the request already holds a connection, so its further statements must not wait for a turn. */
  readonly transaction: Transaction | undefined;
  /** What the changes of the request join. */
  readonly joint: Joint | undefined;
  /** The statements do not join. */
  readonly isApart: boolean;
  /** Set while the transaction begins: the request then reads in it. */
  readonly beginning?: Transaction;
}

/** Throw while the changes of a request begin: it is carried out again from the beginning. */
export class RequestRestart extends Error {}

/** Steps in the transaction of a request, around its changes. */
export interface Around<T> {
  /** Before the first change. What it throws refuses the request. */
  begin(tx: Transaction): Promise<void>;
  /** After the work, before the commit. */
  end(tx: Transaction, result: T): Promise<void>;
}

export interface RequestDatabase extends Database {
  /** Runs work on behalf of an organization: its statements take turns with those of other organizations. */
  onBehalfOf<T>(organization: string, work: () => T): T;
  /**
   * Runs the work of a request so that all its changes are one transaction; without a change there is none. Runs it again from the
   * beginning as `transaction` does. `transaction` then returns before the commit: what must follow the commit goes into `afterCommit`.
   */
  asOne<T>(around: Around<T>, work: () => Promise<T>): Promise<T>;
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

/** Anything else may change something. */
const reads = ({ text }: Statement<unknown>): boolean => /^\s*SELECT\b/i.test(text);

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
    if (request.transaction !== undefined || request.joint?.reader !== undefined) return work(requests);
    const release = await turns.take(request.owner);
    try {
      return await work(requests);
    } finally {
      release();
    }
  }

  const transactionApart = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    taking((on) => on.transaction((tx) => inside(tx, work)));

  /** Runs work that has a connection of its own. */
  function inside<T>(tx: Transaction, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const request = current.getStore();
    return request === undefined ? work(tx) : current.run({ ...request, transaction: tx }, () => work(tx));
  }

  function joined(): Joint | undefined {
    const request = current.getStore();
    return request?.joint?.isOpen === true && !request.isApart ? request.joint : undefined;
  }

  function transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const joint = joined();
    if (joint === undefined) return transactionApart(work);
    const outer = current.getStore()?.transaction;
    return outer === undefined
      ? joint.transaction((tx) => inside(tx, work))
      : // Within another one of the request: waiting for its turn would never end.
        nested(outer, (tx) => inside(tx, work));
  }

  function on<T>(statement: Statement<unknown>, work: (on: Queryable) => Promise<T>): Promise<T> {
    const joint = joined();
    const beginning = current.getStore()?.beginning;
    if (beginning !== undefined && reads(statement)) return work(beginning);
    if (joint === undefined) return taking(work);
    if (!reads(statement)) return transaction(work);
    return joint.reader === undefined ? taking(work) : joint.reader.then(work);
  }

  function apart<T>(work: () => T): T {
    const request = current.getStore();
    return request?.joint === undefined ? work() : current.run({ ...request, isApart: true }, work);
  }

  async function asOneOnce<T>(around: Around<T>, work: () => Promise<T>): Promise<T> {
    const request = current.getStore();
    if (request === undefined) throw unreachable('a request without an organization');
    const joint = createJoint({
      run: (join) => current.run({ ...request, joint: undefined }, () => transactionApart(join)),
      begin: (tx) =>
        current.run({ ...request, joint: undefined, transaction: tx, beginning: tx }, () => around.begin(tx)),
    });
    try {
      const result = await current.run({ ...request, joint }, work);
      await joint.commit((tx) => around.end(tx, result));
      return result;
    } catch (error) {
      await joint.rollback(error);
      throw error instanceof RequestRestart ? new Restart(error.message) : error;
    }
  }

  const close = async (): Promise<void> => {
    await Promise.all([requests.close(), background.close()]);
  };
  const alone: Database = {
    url: requests.url,
    get apart() {
      return alone;
    },
    insertFirst: () => false,
    inserts: () => false,
    query: <Row>(statement: Statement<Row>) => apart(() => taking((db) => db.query(statement))),
    execute: (statement) => apart(() => taking((db) => db.execute(statement))),
    script: (text) => background.script(text),
    transaction: (work) => apart(() => transactionApart(work)),
    get connections() {
      return requests.connections;
    },
    close,
  };
  return {
    url: requests.url,
    apart: alone,
    insertFirst: (id, insert) => joined()?.insertFirst(id, insert) ?? false,
    inserts: (id) => joined()?.inserts(id) ?? false,
    query: <Row>(statement: Statement<Row>) => on(statement, (db) => db.query(statement)),
    execute: (statement) => on(statement, (db) => db.execute(statement)),
    script: (text) => background.script(text),
    transaction,
    onBehalfOf: (organization, work) =>
      current.run({ owner: organization, transaction: undefined, joint: undefined, isApart: false }, work),
    asOne: (around, work) => restarting(() => asOneOnce(around, work)),
    turns,
    get connections() {
      return requests.connections;
    },
    close,
  };
}
