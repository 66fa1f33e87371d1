import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assignments, columns, sql } from './sql.ts';

const read = columns(['id', 'due'], 't', ['due']);
const written = assignments(['due'], 'n');

describe('sql', () => {
  test('columns are part of the text, and other values are numbered parameters', () => {
    const statement = sql`SELECT ${read} FROM things t WHERE id = ${'a'} AND ${written} > ${2}`;
    assert.equal(statement.text, 'SELECT t.id, t.due::text AS due FROM things t WHERE id = $1 AND due = n.due > $2');
    assert.deepEqual(statement.values, ['a', 2]);
  });

  test('text that is not the name of a column cannot become part of a statement', () => {
    for (const name of ['id; DROP TABLE things', 'Id', ''])
      assert.throws(() => columns([name]), /Not the name of a column/);
  });
});
