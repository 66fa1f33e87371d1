import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvRow, listCell, textsOf, unguarded } from './csv.ts';

test('a formula gets an apostrophe, which reading removes; other apostrophes stay', () => {
  assert.equal(csvRow(['+44 20', "'=1", "'s", ' x', -5]), `'+44 20,''=1,'s," x",-5\r\n`);
  assert.equal(csvRow(['＝1', '＋1', '－1', '＠a', '\n=1']), `'＝1,'＋1,'－1,'＠a,"'\n=1"\r\n`);
  assert.deepEqual(["'+44 20", "''=1", "'s", "'", '=1', "'\t"].map(unguarded), [
    '+44 20',
    "'=1",
    "'s",
    "'",
    '=1',
    '\t',
  ]);
  const text = fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', '＝', 'a') });
  fc.assert(
    fc.property(text, (value) => {
      const [cell = ''] = /^"?([^"]*)"?\r\n$/.exec(csvRow([value]))?.slice(1) ?? [];
      assert.doesNotMatch(cell, /^[=+\-@\t\r\n＝]/);
      assert.equal(unguarded(cell), value);
    }),
  );
});

test('texts with separators or quotes are read back from their cell; other quotes are text', () => {
  assert.equal(listCell(['vip', 'a,b', '6"', '"q"', 'x;"y"']), 'vip, "a,b", 6", """q""", "x;""y"""');
  assert.deepEqual(textsOf(',vip; new|"Hot" leads,, "open ,"a;b" ,'), ['vip', 'new', '"Hot" leads', '"open', 'a;b']);
  const text = fc.string({ unit: fc.constantFrom('"', ',', ';', '|', ' ', "'", '=', '\n', 'a') });
  const texts = fc.array(text.map((value) => value.trim()).filter((value) => value !== ''));
  fc.assert(fc.property(texts, (values) => assert.deepEqual(textsOf(listCell(values)), values)));
});
