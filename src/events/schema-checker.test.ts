import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { TestClock } from '../../test/harness/clock.ts';
import type { OrganizationId } from '../base/ids.ts';
import { createCompiledSchemas } from './compiled-schemas.ts';
import { createSchemaChecker } from './schema-checker.ts';
import { answerMs } from './schema-thread.ts';

const one = 'one' as OrganizationId;
const other = 'other' as OrganizationId;
/** Doubles at each level of the data: no machine completes 60 levels. */
const doubling = {
  anyOf: [{ properties: { a: { $ref: '#' } } }, { properties: { a: { $ref: '#' } } }],
  required: ['z'],
};
const deep = `${'{"a":'.repeat(60)}1${'}'.repeat(60)}`;

describe('checks that may take long', () => {
  let clock: TestClock;
  let checker: ReturnType<typeof createSchemaChecker>;
  beforeEach(() => {
    clock = new TestClock();
    checker = createSchemaChecker(clock);
  });
  const check = async (organization: OrganizationId, schema: unknown, dataText: string) =>
    checker.check(organization, JSON.stringify(schema), JSON.parse(dataText), dataText, 'data');
  /** Advances the clock while the event loop keeps running. */
  async function inTime<T>(answer: Promise<T>): Promise<T> {
    let settled = false;
    const ends = answer.finally(() => (settled = true));
    while (!settled) {
      await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(1);
    }
    return ends;
  }

  test('are abandoned, and the next one is answered', async () => {
    const details = await inTime(check(one, doubling, deep));
    assert.deepEqual(details, { data: `takes more than ${answerMs} ms to check against the schema of its type` });
    assert.deepEqual(await check(one, { type: 'array' }, '{}'), { data: 'must be array' });
  });

  test('take turns by organization, with at most 100 waiting for each', async () => {
    const order: string[] = [];
    const ask = (who: OrganizationId, name: string): Promise<unknown> =>
      check(who, { uniqueItems: true }, '[1,1]').then(() => order.push(name));
    const asked = [...['1', '2', '3'].map((name) => ask(one, name)), ask(other, 'other')];
    await Promise.all(asked);
    assert.deepEqual(order, ['1', '2', 'other', '3']);
    const flood = Array.from({ length: 150 }, () => check(one, { uniqueItems: true }, '[1,1]'));
    const refused = (await Promise.allSettled(flood)).filter(({ status }) => status === 'rejected');
    assert.equal(refused.length, 49);
    assert.equal((refused[0] as PromiseRejectedResult).reason.error, 'rate_limit');
  });

  test('a small schema is checked on the event loop once the thread has compiled it', async () => {
    const schema = JSON.stringify({ properties: { a: { pattern: '^[a-z]+$' } } });
    const again = () => checker.check(one, schema, { a: '1' }, '{"a":"1"}', 'data');
    assert.ok(again() instanceof Promise);
    assert.deepEqual(await again(), { 'data.a': 'must match pattern "^[a-z]+$"' });
    assert.deepEqual(again(), { 'data.a': 'must match pattern "^[a-z]+$"' });
    const long = JSON.stringify({ a: 'a'.repeat(200_000) });
    assert.ok(checker.check(one, schema, JSON.parse(long), long, 'data') instanceof Promise);
  });

  test('a stored schema that is no longer supported refuses its events with the reason', async () => {
    const details = await check(one, { properties: { a: { pattern: '(a)\\1' } } }, '{"a":"aa"}');
    assert.match(
      details?.['data'] ?? '',
      /schema of its type is not supported: schema\.properties\.a\.pattern: .*back references/,
    );
  });

  test('data nested too deeply for the stack is refused, not an error', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 500 }, (_, n) => [`c${n}`, { $ref: n === 499 ? '#/$defs/end' : `#/$defs/c${n + 1}` }]),
    );
    const schema = { $defs: { ...chain, end: { properties: { a: { $ref: '#/$defs/c0' } } } }, $ref: '#/$defs/c0' };
    const details = await inTime(check(one, schema, `${'{"a":'.repeat(999)}1${'}'.repeat(999)}`));
    assert.equal(Object.keys(details ?? {}).length, 1);
  });
});

test('compiled schemas are counted by estimated size, and the least recently used are evicted', () => {
  const compiled = createCompiledSchemas(() => () => undefined, 3_000_000);
  const text = (name: string): string => name.padEnd(25_000);
  for (const name of ['a', 'b']) compiled.compile(text(name), {});
  assert.equal(compiled.size, 2, '25 KB count as about 1 MB each');
  assert.ok(compiled.get(text('a')));
  compiled.compile(text('c'), {});
  assert.deepEqual(
    ['a', 'b', 'c'].filter((name) => compiled.get(text(name)) !== undefined),
    ['a', 'c'],
  );
});
