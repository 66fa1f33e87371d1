import assert from 'node:assert/strict';
import type { Database, Queryable } from '../../src/db/pool.ts';
import type { Statement } from '../../src/db/sql.ts';

interface Plan {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

/** Runs statements as they are, and counts the pages that each read. */
export function counting(db: Database): { readonly db: Queryable; readonly pages: () => number } {
  let pages = 0;
  const explained = async <Row>(statement: Statement<Row>): Promise<void> => {
    const explain = { ...statement, name: '', text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement.text}` };
    const [row] = await db.query(explain as Statement<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>);
    const plan = row?.['QUERY PLAN'][0]?.Plan ?? assert.fail('no plan');
    pages += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
  };
  return {
    db: {
      async query(statement) {
        await explained(statement);
        return [];
      },
      async execute(statement) {
        await explained(statement);
        return 0;
      },
    },
    pages: () => pages,
  };
}
