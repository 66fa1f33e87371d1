import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { databaseScene } from '../../../test/harness/database.ts';
import { dayMs } from '../../base/clock.ts';
import { firstId, idAt } from '../../base/ids.ts';
import type { EndpointId } from '../../base/ids.ts';
import { createPartitions } from '../../db/partitions.ts';
import { connect } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Statement } from '../../db/sql.ts';
import { searchDeliveries } from './search.ts';

const endpoint = '01900000-0000-7000-8000-000000000001' as EndpointId;
const day = Date.UTC(2026, 0, 5);
const days = 10;
const perDay = 4_000;

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly Plans?: readonly Plan[];
}

/** Rows that a plan reads from tables. */
const readBy = (plan: Plan): number =>
  (plan['Relation Name'] === undefined ? 0 : (plan['Actual Rows'] ?? 0) * (plan['Actual Loops'] ?? 0)) +
  (plan.Plans ?? []).reduce((sum, each) => sum + readBy(each), 0);

describe('the search in the log', () => {
  const scene = databaseScene();

  test('reads what a page needs, however long the log of an endpoint is', async () => {
    const db = connect(scene.url, { max: 1 });
    scene.finally(() => db.close());
    for (let n = 0; n < days; n += 1) {
      const at = day + n * dayMs;
      await createPartitions(db, at, 0);
      await db.script(`
        INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at, last_status_code)
        SELECT '${endpoint}', (lpad(to_hex(${at} + n), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
          '${firstId}', '${firstId}', 'order.paid', 'event', 'delivered', 1, now(), now(), 200 FROM generate_series(1, ${perDay}) n`);
    }
    await db.script('ANALYZE delivery_log');
    const range = { from: idAt(day), before: idAt(day + days * dayMs) };
    const statements: Statement<unknown>[] = [];
    const watching: Queryable = {
      ...db,
      query: (statement) => {
        statements.push(statement);
        return db.query(statement);
      },
    };
    for (const sort of ['-created_at', 'created_at'] as const) {
      statements.length = 0;
      const { rows } = await searchDeliveries(watching, [endpoint], { ...range, sort }, 100);
      assert.equal(rows.length, 101);
      const [statement] = statements;
      assert.ok(statement !== undefined && statements.length === 1);
      const [explained] = await db.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>({
        name: '',
        text: `EXPLAIN (ANALYZE, FORMAT JSON) ${statement.text}`,
        values: statement.values,
      });
      const read = readBy(explained?.['QUERY PLAN'][0]?.Plan ?? {});
      assert.ok(read > 100 && read < 400, `${sort}: ${read} rows of ${days * perDay}`);
    }
  });
});
