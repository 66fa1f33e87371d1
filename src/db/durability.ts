import { OperatorError } from '../base/errors.ts';
import type { Queryable } from './pool.ts';
import { sql } from './sql.ts';

/** PostgreSQL settings without which committed data may be lost. */
export interface Durability {
  readonly fsync: boolean;
  readonly full_page_writes: boolean;
}

export async function durabilityOf(db: Queryable): Promise<Durability> {
  const [row] = await db.query(
    sql<Durability>`SELECT current_setting('fsync')::boolean AS fsync, current_setting('full_page_writes')::boolean AS full_page_writes`,
  );
  if (row === undefined) throw new Error('unreachable: a SELECT without FROM returns one row');
  return row;
}

export const fsyncOff =
  'fsync is off in this PostgreSQL: acknowledged data is lost if its machine stops. Set fsync = on in postgresql.conf and run SELECT pg_reload_conf().';

/** @throws OperatorError if PostgreSQL does not write commits to disk */
export async function assertDurable(db: Queryable): Promise<void> {
  if (!(await durabilityOf(db)).fsync) throw new OperatorError(fsyncOff);
}
