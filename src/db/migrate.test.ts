import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberingFault, readMigrations } from './migrate.ts';

test('migrations are numbered from 1 without gaps or duplicates', async () => {
  for (const [names, fault] of [
    [[], undefined],
    [['0001_a.sql', '0002_b.sql'], undefined],
    [
      ['0001_a.sql', '0002_b.sql', '0002_c.sql'],
      'Migrations 0002_b.sql and 0002_c.sql have the same number: rename the one that landed last.',
    ],
    [['0001_a.sql', '0003_c.sql'], 'Migration 0002 is missing: 0003_c.sql must have that number.'],
    [['0002_b.sql'], 'Migration 0001 is missing: 0002_b.sql must have that number.'],
    [['0001_a.sql', '2_b.sql'], 'Migration 2_b.sql must be named NNNN_name.sql.'],
  ] as const)
    assert.equal(numberingFault(names), fault);
  const numbers = (await readMigrations()).map(({ number }) => number);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );
});

test('no migration builds an index of a large table after it has locked a table against reads', async () => {
  // Those before were released with such indexes.
  const migrations = (await readMigrations()).slice(16);
  const large = /^(contacts|companies|projects|activities|suppressions|events|delivery_log|attempts|messages)$/;
  for (const { name, text } of migrations) {
    const made = new Set<string>();
    let isLocked = false;
    for (const statement of text.replaceAll(/--.*/g, '').split(';')) {
      const [, what = '', table = ''] =
        /^\s*(CREATE TABLE|ALTER TABLE|DROP INDEX|CREATE (?:UNIQUE )?INDEX \w+ ON) (\w+)/.exec(statement) ?? [];
      if (what === 'CREATE TABLE') made.add(table);
      else if (!made.has(table) && what.startsWith('CREATE'))
        assert.ok(!isLocked || !large.test(table), `${name}: build the index of ${table} in a migration of its own`);
      else if (!made.has(table) && what !== '') isLocked = true;
    }
  }
});
