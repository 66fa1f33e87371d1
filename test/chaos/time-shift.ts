import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';

/**
 * Lets the database's clock, by which the product works, run ahead: `clock_timestamp()` of PostgreSQL is hidden behind a function of the
 * same name. Connections opened afterwards see it.
 * @returns a function that sets how far ahead it is
 */
export async function createTimeShift(db: Database): Promise<(aheadMs: number) => Promise<unknown>> {
  await db.script(`
    CREATE SCHEMA shifted;
    CREATE TABLE shifted.shift (ahead interval NOT NULL);
    INSERT INTO shifted.shift VALUES ('0');
    CREATE FUNCTION shifted.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
      'SELECT pg_catalog.clock_timestamp() + (SELECT ahead FROM shifted.shift)';
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, shifted, pg_catalog', current_database()); END $$`);
  return (aheadMs) => db.execute(sql`UPDATE shifted.shift SET ahead = ${aheadMs}::float8 * interval '1 millisecond'`);
}
