import pg from 'pg';
import type { Statement } from './sql.ts';

/** Something that runs statements: the pool (each on any connection) or a transaction (all on one). */
export interface Queryable {
  query<Row>(statement: Statement<Row>): Promise<Row[]>;
  /** Runs a statement for its effect; answers how many rows it touched. */
  execute(statement: Statement<unknown>): Promise<number>;
}

/** The first row of a statement that answers at most one. */
export const first = async <Row>(db: Queryable, statement: Statement<Row>): Promise<Row | undefined> =>
  (await db.query(statement))[0];

export interface Transaction extends Queryable {
  /** Called once the commit is durable. */
  afterCommit(callback: () => void): void;
  /** Called when the transaction did not commit, or may not have. */
  afterRollback(callback: () => void): void;
}

export interface Database extends Queryable {
  readonly url: string;
  /** Runs `work` again, from its beginning, when it throws `Restart` or PostgreSQL ended it because of a deadlock. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Runs a script of several statements, unprepared; for migrations and maintenance. */
  script(text: string): Promise<void>;
  readonly connections: { readonly total: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
}

/** Thrown inside a transaction that found its rows changed in the meantime: nothing of it is kept, and it runs again. */
export class Restart extends Error {}

/** Each restart needs another transaction that committed; each deadlock costs a second, PostgreSQL's `deadlock_timeout`. */
const restartsMax = 40;
const deadlocksMax = 5;
const deadlock = '40P01';

const int8 = 20;

/** int8 as a number: every count and position we keep is far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    // pg declares its parsers by a closed list of types; any number is fine.
    const known: unknown = oid === int8 ? Number : pg.types.getTypeParser(oid as 16, format as 'text');
    return known as (value: string) => unknown;
  },
};

async function run<Row>(client: pg.Pool | pg.ClientBase, statement: Statement<Row>): Promise<pg.QueryResult> {
  if (!(client instanceof pg.Pool))
    return client.query({ name: statement.name, text: statement.text, values: statement.values as unknown[] });
  // pg copies such a configuration with all its property descriptors; a query is sent as it is: 0.3 µs instead of 5. The pool passes the
  // callback by which it ends, so that it answers a promise here too.
  const query = Object.assign(new pg.Query(statement.text), { name: statement.name, values: statement.values });
  return client.query(query) as unknown as Promise<pg.QueryResult>;
}

/** Statements on one connection. */
export const onConnection = (client: pg.ClientBase): Queryable => ({
  query: async <Row>(statement: Statement<Row>) => (await run(client, statement)).rows as Row[],
  execute: async (statement) => (await run(client, statement)).rowCount ?? 0,
});

/** Settings for connections that only ever go by an index over few rows: the engine's. Joins need more than these, see delivery/queries.ts. */
export const indexPlans: Readonly<Record<string, string>> = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_sort: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

/** Whatever the account or the database says, a commit is answered once it is on disk. What asks for more, such as remote_apply, stays. */
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
  /** Called with what a statement or a transaction failed with. */
  readonly onFailure?: (error: unknown) => void;
  /** An idle connection broke; the pool replaces it. */
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
    // A statement that outlives this is a bug or a dead network; nothing of ours takes a tenth of it.
    query_timeout: 60_000,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, which its types do not say
    onConnect: commitToDisk,
    types,
  });
  // An idle connection that breaks is replaced by the pool; without a listener Node would end the process.
  let closed = false;
  pool.on('error', (error) => {
    if (!closed) options.onError?.(error);
  });
  // The pool does not listen to a connection that is checked out, and one may break between two statements of a transaction.
  pool.on('connect', (client) => client.on('error', () => {}));

  async function once<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    const committed: (() => void)[] = [];
    const rolledBack: (() => void)[] = [];
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work({
        ...onConnection(client),
        afterCommit: (callback) => committed.push(callback),
        afterRollback: (callback) => rolledBack.push(callback),
      });
      await client.query('COMMIT');
      for (const callback of committed) callback();
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: unknown) => {
        broken = cause instanceof Error ? cause : new Error(String(cause));
      });
      for (const callback of rolledBack) callback();
      throw error;
    } finally {
      client.release(broken);
    }
  }

  const noted = (error: unknown): never => {
    options.onFailure?.(error);
    throw error;
  };

  return {
    url,
    query: async <Row>(statement: Statement<Row>) => (await run(pool, statement).catch(noted)).rows as Row[],
    execute: async (statement) => (await run(pool, statement).catch(noted)).rowCount ?? 0,
    script: async (text) => {
      await pool.query(text);
    },
    transaction: async (work) => {
      for (let restarts = 0, deadlocks = 0; ;) {
        try {
          return await once(work);
        } catch (error) {
          if (error instanceof Restart) restarts += 1;
          else if (sqlState(error) === deadlock) deadlocks += 1;
          else return noted(error);
          if (restarts === restartsMax || deadlocks === deadlocksMax) throw error;
        }
      }
    },
    get connections() {
      return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount };
    },
    close: () => {
      // The server may end a connection before we do: that is no fault any more.
      closed = true;
      return pool.end();
    },
  };
}

/** SQLSTATE classes (PostgreSQL appendix A) that mean the database is away or restarting, not that the statement was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') {
    // 28, 3D and 55000: it is there, but lets nobody in, as while it is maintained or restored. 25006: it is a standby.
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

/** SQLSTATE of an error, when PostgreSQL gave one. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** The statement, or its wait for a lock, took longer than PostgreSQL was told to allow. */
export const isTimedOut = (error: unknown): boolean => ['57014', '55P03'].includes(sqlState(error) ?? '');
