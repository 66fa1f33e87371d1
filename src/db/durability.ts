import { OperatorError } from '../base/errors.ts';
import type { Queryable } from './pool.ts';
import { sql } from './sql.ts';

/** Settings of PostgreSQL without which what is committed may be lost. */
export interface Durability {
  readonly fsync: boolean;
  readonly full_page_writes: boolean;
}

export async function durabilityOf(db: Queryable): Promise<Durability> {
  const [row] = await db.query(
    sql<Durability>`SELECT current_setting('fsync')::boolean AS fsync, current_setting('full_page_writes')::boolean AS full_page_writes`,
  );
  if (row === undefined) throw new Error('unreachable: a statement without FROM has one row');
  return row;
}

export const fsyncOff =
  'fsync is off in this PostgreSQL: what was acknowledged is lost when its machine stops. Set fsync = on in postgresql.conf and run SELECT pg_reload_conf().';

/** @throws OperatorError when PostgreSQL does not write to disk what it commits. */
export async function assertDurable(db: Queryable): Promise<void> {
  if (!(await durabilityOf(db)).fsync) throw new OperatorError(fsyncOff);
}
