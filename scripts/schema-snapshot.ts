import type { Queryable } from '../src/db/pool.ts';
import { sql } from '../src/db/sql.ts';

interface Table {
  readonly head: string;
  readonly tail: string;
  readonly columns: readonly string[];
  readonly constraints: readonly string[];
  readonly indexes: readonly string[];
  readonly triggers: readonly string[];
}

const header = `-- The schema after all migrations, read from PostgreSQL's catalogue. For reading only; do not run it.
-- Day partitions are omitted. Written by \`npm run generate\`; \`npm run check\` fails when it differs.
`;

/** The schema \`public\` in a stable, readable order: tables, views, functions, each by name. */
export async function schemaSnapshot(db: Queryable): Promise<string> {
  const [tables, definitions] = await Promise.all([readTables(db), readDefinitions(db)]);
  return [header, ...tables.map(renderTable), ...definitions.map((definition) => `${definition.trimEnd()}\n`)].join(
    '\n',
  );
}

function renderTable({ head, tail, columns, constraints, indexes, triggers }: Table): string {
  const lines = [...columns, ...constraints].map((line) => `  ${line}`).join(',\n');
  return [`${head} (\n${lines}\n)${tail};`, ...[...indexes, ...triggers].map((statement) => `${statement};`), ''].join(
    '\n',
  );
}

const readTables = (db: Queryable): Promise<Table[]> =>
  db.query(sql<Table>`
    SELECT
      CASE t.relpersistence WHEN 'u' THEN 'CREATE UNLOGGED TABLE ' ELSE 'CREATE TABLE ' END || t.relname AS head,
      coalesce(' PARTITION BY ' || pg_get_partkeydef(t.oid), '') || coalesce(' WITH (' || array_to_string(t.reloptions, ', ') || ')', '') AS tail,
      ARRAY(
        SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
          || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
          || CASE
               WHEN a.attidentity <> '' THEN ' GENERATED ' || CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END || ' AS IDENTITY'
               WHEN a.attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ')' || CASE a.attgenerated WHEN 's' THEN ' STORED' ELSE '' END
               ELSE coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
             END
        FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
      ) AS columns,
      -- NOT NULL is part of its column; only newer versions of PostgreSQL list it here too.
      ARRAY(
        SELECT 'CONSTRAINT ' || c.conname || ' ' || pg_get_constraintdef(c.oid) FROM pg_constraint c
        WHERE c.conrelid = t.oid AND c.contype <> 'n' ORDER BY array_position('{p,u,x,f,c}'::"char"[], c.contype), c.conname
      ) AS constraints,
      ARRAY(
        SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i
        WHERE i.indrelid = t.oid AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.conrelid = t.oid)
        ORDER BY i.indexrelid::regclass::text
      ) AS indexes,
      ARRAY(SELECT pg_get_triggerdef(g.oid) FROM pg_trigger g WHERE g.tgrelid = t.oid AND NOT g.tgisinternal ORDER BY g.tgname) AS triggers
    FROM pg_class t
    WHERE t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p') AND NOT t.relispartition
    ORDER BY t.relname`);

async function readDefinitions(db: Queryable): Promise<string[]> {
  const views = await db.query(sql<{ text: string }>`
    SELECT CASE c.relkind WHEN 'm' THEN 'CREATE MATERIALIZED VIEW ' ELSE 'CREATE VIEW ' END || c.relname || E' AS\n' || pg_get_viewdef(c.oid, true) AS text
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm') ORDER BY c.relname`);
  const functions = await db.query(sql<{ text: string }>`
    SELECT pg_get_functiondef(p.oid) AS text FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p') ORDER BY p.proname, p.oid::regprocedure::text`);
  const types = await db.query(sql<{ text: string }>`
    SELECT 'CREATE TYPE ' || t.typname || ' AS ENUM (' || string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) || ');' AS text
    FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.typname ORDER BY t.typname`);
  return [...types, ...views, ...functions].map((row) => row.text);
}
