import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changedColumns } from '../crm/companies/queries.ts';
import { columns, sql } from './sql.ts';

describe('sql', () => {
  test('columns are part of the text, and other values are numbered parameters', () => {
    const { text, values } = sql`UPDATE companies n SET ${changedColumns} WHERE id = ${null} AND name = ${'b'}`;
    assert.match(text, /^UPDATE companies n SET name = n\.name, domain = n\.domain, .* WHERE id = \$1 AND name = \$2$/);
    assert.deepEqual(values, [null, 'b']);
  });

  test('columns can be qualified, and selected as text', () => {
    assert.equal(columns(['name', 'due'], 't', ['due']).text, 't.name, t.due::text AS due');
  });

  test('text that is not the name of a column cannot become part of a statement', () => {
    for (const name of ['id; DROP TABLE things', 'Id', ''])
      assert.throws(() => columns([name]), /Not the name of a column/);
  });
});
