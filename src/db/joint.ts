import { isRepeated } from './pool.ts';
import type { Queryable, Transaction } from './pool.ts';
import type { Statement } from './sql.ts';

/** One transaction that all changes of a request join. The first change opens it. */
export interface Joint {
  /** False once it has ended: statements that a request left running then run on their own. */
  readonly isOpen: boolean;
  /** Inserts a row at the beginning of the transaction, after `begin`. @returns false if it has begun */
  insertFirst(id: string, insert: (tx: Transaction) => Promise<void>): boolean;
  inserts(id: string): boolean;
  /** Runs work that would otherwise be a transaction of its own. If it throws, its own changes are undone, and no others. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Where to run a statement that only reads: in the transaction, so that it reads what was changed; undefined: nothing was. */
  readonly reader: Promise<Queryable> | undefined;
  /** Commits, after `last`. Without a change, neither happens. */
  commit(last: (tx: Transaction) => Promise<void>): Promise<void>;
  rollback(error: unknown): Promise<void>;
}

interface JointOptions {
  /** Runs a transaction. */
  readonly run: (work: (tx: Transaction) => Promise<void>) => Promise<void>;
  /** Called in the transaction before the first change; what it throws refuses the change. */
  readonly begin: (tx: Transaction) => Promise<void>;
}

// Utility statements cannot be prepared by `npm run check:sql`, so they have no name.
const utility = (text: string): Statement<never> => ({ name: '', text, values: [] });
const save = utility('SAVEPOINT joined');
const release = utility('RELEASE SAVEPOINT joined');
const undo = utility('ROLLBACK TO SAVEPOINT joined');

export function createJoint({ run, begin }: JointOptions): Joint {
  let isOpen = true;
  let opened: Promise<Transaction> | undefined;
  let done: Promise<void> = Promise.resolve();
  const ending = Promise.withResolvers<void>();
  const first = new Map<string, (tx: Transaction) => Promise<void>>();
  let last: Promise<unknown> = Promise.resolve();

  function open(): Promise<Transaction> {
    opened ??= new Promise<Transaction>((resolve, reject) => {
      done = run(async (given) => {
        const tx = oneByOne(given);
        await begin(tx);
        for (const insert of first.values()) await insert(tx);
        resolve(tx);
        await ending.promise;
      });
      done.catch(reject);
    });
    return opened;
  }

  return {
    get isOpen() {
      return isOpen;
    },
    get reader() {
      return opened;
    },
    insertFirst(id, insert) {
      if (opened === undefined) first.set(id, insert);
      return opened === undefined;
    },
    inserts: (id) => first.has(id),
    async transaction(work) {
      const tx = await open();
      const result = nested(tx, work);
      last = result.catch(() => {});
      return result;
    },
    async commit(beforeCommit) {
      if (opened !== undefined) {
        const tx = await opened;
        await last;
        await beforeCommit(tx);
      }
      isOpen = false;
      ending.resolve();
      await done;
    },
    async rollback(error) {
      isOpen = false;
      // Not only the transaction is repeated, but the request.
      ending.reject(isRepeated(error) ? new Error('The request failed.', { cause: error }) : error);
      // If nothing was opened, nothing else waits for it.
      await Promise.allSettled([ending.promise, done]);
    },
  };
}

/** A request may send statements at the same time, but a connection takes one. */
function oneByOne(tx: Transaction): Transaction {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
  return {
    ...tx,
    query: (statement) => inTurn(() => tx.query(statement)),
    execute: (statement) => inTurn(() => tx.execute(statement)),
  };
}

/** The end of the last work in a savepoint, by its outer transaction. */
const ends = new WeakMap<Transaction, Promise<unknown>>();

/** Runs work in a savepoint. Savepoints nest, so concurrent work takes turns. */
export function nested<T>(outer: Transaction, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const result = (ends.get(outer) ?? Promise.resolve()).then(() => inSavepoint(outer, work));
  ends.set(
    outer,
    result.catch(() => {}),
  );
  return result;
}

async function inSavepoint<T>(outer: Transaction, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const last: (() => Promise<unknown>)[] = [];
  const committed: (() => unknown)[] = [];
  const rolledBack: (() => void)[] = [];
  await outer.execute(save);
  try {
    const result = await work({
      query: outer.query,
      execute: outer.execute,
      beforeCommit: (callback) => last.push(callback),
      afterCommit: (callback) => committed.push(callback),
      afterRollback: (callback) => rolledBack.push(callback),
    });
    await outer.execute(release);
    for (const callback of last) outer.beforeCommit(callback);
    for (const callback of committed) outer.afterCommit(callback);
    for (const callback of rolledBack) outer.afterRollback(callback);
    return result;
  } catch (error) {
    await outer.execute(undo);
    await outer.execute(release);
    for (const callback of rolledBack) callback();
    throw error;
  }
}
