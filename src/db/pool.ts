import pg from 'pg';
import type { Statement } from './sql.ts';

/** Runs statements: the pool on any connection, a transaction on one. */
export interface Queryable {
  query<Row>(statement: Statement<Row>): Promise<Row[]>;
  /** Runs a statement for its effect. @returns the number of affected rows. */
  execute(statement: Statement<unknown>): Promise<number>;
}

/** The first row of a statement that answers at most one. */
export const first = async <Row>(db: Queryable, statement: Statement<Row>): Promise<Row | undefined> =>
  (await db.query(statement))[0];

export interface Transaction extends Queryable {
  /** Called last, before the commit: for rows that many transactions change, so that they are locked briefly, and after all others. */
  beforeCommit(callback: () => Promise<unknown>): void;
  /** Called once the commit is durable. `transaction` waits for the promises that these calls return; they must not reject. */
  afterCommit(callback: () => unknown): void;
  /** Called when the transaction has not committed, or may not have. */
  afterRollback(callback: () => void): void;
}

export interface Database extends Queryable {
  readonly url: string;
  /** The same database for statements that commit on their own, also in a request whose changes are one transaction. */
  readonly apart: Database;
  /**
   * Inserts a row at the beginning of the transaction that all changes of the request join; without a change it is not inserted.
   * @returns false if statements commit on their own here, or the transaction has begun
   */
  insertFirst(id: string, insert: (tx: Transaction) => Promise<void>): boolean;
  /** Whether the request inserts the row: it may not see it yet. */
  inserts(id: string): boolean;
  /** Runs `work` in a transaction; runs it again from the beginning if it throws `Restart` or PostgreSQL reports a deadlock. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Runs a script of several statements, unprepared; for migrations and maintenance. */
  script(text: string): Promise<void>;
  readonly connections: { readonly total: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
}

/** Throw in a transaction whose rows changed in the meantime: it is rolled back and runs again. */
export class Restart extends Error {}

/** Each restart requires that another transaction committed; each deadlock costs a second, PostgreSQL's `deadlock_timeout`. */
const restartsMax = 40;
const deadlocksMax = 5;
const deadlock = '40P01';

/** Whether `restarting` repeats a transaction that ended with this error. */
export const isRepeated = (error: unknown): boolean => error instanceof Restart || sqlState(error) === deadlock;

/** Runs a transaction again while it is to be restarted, or was the victim of a deadlock. */
export async function restarting<T>(once: () => Promise<T>): Promise<T> {
  for (let restarts = 0, deadlocks = 0; ;) {
    try {
      return await once();
    } catch (error) {
      if (error instanceof Restart) restarts += 1;
      else if (sqlState(error) === deadlock) deadlocks += 1;
      else throw error;
      if (restarts === restartsMax || deadlocks === deadlocksMax) throw error;
    }
  }
}

const int8 = 20;

/** Parses int8 as a number: all our counts and positions are far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    // pg types this parameter as a fixed list; any oid works.
    const known: unknown = oid === int8 ? Number : pg.types.getTypeParser(oid as 16, format as 'text');
    return known as (value: string) => unknown;
  },
};

async function run<Row>(client: pg.Pool | pg.ClientBase, statement: Statement<Row>): Promise<pg.QueryResult> {
  if (!(client instanceof pg.Pool))
    return client.query({ name: statement.name, text: statement.text, values: statement.values as unknown[] });
  // pg copies a query configuration with all its property descriptors, but sends a Query object as it is: 0.3 µs instead of 5. The pool sets
  // its callback, so it returns a promise here too.
  const query = Object.assign(new pg.Query(statement.text), { name: statement.name, values: statement.values });
  return client.query(query) as unknown as Promise<pg.QueryResult>;
}

/** Statements on one connection. */
export const onConnection = (client: pg.ClientBase): Queryable => ({
  query: async <Row>(statement: Statement<Row>) => (await run(client, statement)).rows as Row[],
  execute: async (statement) => (await run(client, statement)).rowCount ?? 0,
});

/** Settings of the engine's connections, whose statements must always use an index. Joins need more than these: see delivery/queue/queries.ts. */
export const indexPlans: Readonly<Record<string, string>> = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_sort: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

/** Acknowledges commits only once they are on disk, whatever the account's or database's settings. Stricter values such as remote_apply stay. */
const commitToDisk = async (client: pg.ClientBase): Promise<void> => {
  await client.query(
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')",
  );
};

export interface ConnectOptions {
  readonly max?: number;
  readonly applicationName?: string;
  /** PostgreSQL settings of each connection. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called with the error of a failed statement or transaction. */
  readonly onFailure?: (error: unknown) => void;
  /** Called when an idle connection breaks; the pool replaces it. */
  readonly onError?: (error: Error) => void;
}

export function connect(url: string, options: ConnectOptions = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'outrider',
    options: Object.entries(options.settings ?? {})
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // Longer than this is a bug or a dead network: no statement takes a tenth of it.
    query_timeout: 60_000,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool awaits it, contrary to its types
    onConnect: commitToDisk,
    types,
  });
  // The pool replaces a broken idle connection; without a listener, Node would end the process.
  let closed = false;
  pool.on('error', (error) => {
    if (!closed) options.onError?.(error);
  });
  // The pool does not listen to checked-out connections, and one may break between two statements of a transaction.
  pool.on('connect', (client) => client.on('error', () => {}));

  async function once<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    const last: (() => Promise<unknown>)[] = [];
    const committed: (() => unknown)[] = [];
    const rolledBack: (() => void)[] = [];
    let pending: unknown[] = [];
    let result: T;
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      result = await work({
        ...onConnection(client),
        beforeCommit: (callback) => last.push(callback),
        afterCommit: (callback) => committed.push(callback),
        afterRollback: (callback) => rolledBack.push(callback),
      });
      for (const callback of last) await callback();
      await client.query('COMMIT');
      pending = committed.map((callback) => callback());
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: unknown) => {
        broken = cause instanceof Error ? cause : new Error(String(cause));
      });
      for (const callback of rolledBack) callback();
      throw error;
    } finally {
      client.release(broken);
    }
    // After the connection was returned: they may need one.
    for (const each of pending) if (each instanceof Promise) await each;
    return result;
  }

  const reported = (error: unknown): never => {
    options.onFailure?.(error);
    throw error;
  };

  return {
    url,
    get apart() {
      return this;
    },
    insertFirst: () => false,
    inserts: () => false,
    query: async <Row>(statement: Statement<Row>) => (await run(pool, statement).catch(reported)).rows as Row[],
    execute: async (statement) => (await run(pool, statement).catch(reported)).rowCount ?? 0,
    script: async (text) => {
      await pool.query(text);
    },
    transaction: (work) => restarting(() => once(work)).catch(reported),
    get connections() {
      return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount };
    },
    close: () => {
      // From now on, a connection that the server closes first is not an error.
      closed = true;
      return pool.end();
    },
  };
}

/** Whether an error means that the database is unavailable, rather than that the statement is wrong (PostgreSQL appendix A). */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') {
    // 28, 3D and 55000: it accepts no connections, for example during maintenance or a restore. 25006: it is a standby.
    if (/^(08|28|3D|53|57P)/.test(code) || code === '55000' || code === '25006') return true;
    if (
      ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'].includes(
        code,
      )
    )
      return true;
  }
  return /Connection terminated|not queryable|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout|Cannot use a pool after calling end/.test(
    error.message,
  );
}

/** The SQLSTATE of an error from PostgreSQL. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Whether a statement or its wait for a lock exceeded the timeout. */
export const isTimedOut = (error: unknown): boolean => ['57014', '55P03'].includes(sqlState(error) ?? '');
