import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurns } from './turns.ts';

test('an owner holds at most its share, and waiting owners take turns', async () => {
  const turns = createTurns({ slots: 3, perOwner: 2, waitingMax: 2 });
  const order: string[] = [];
  const ask = async (owner: string, name: string): Promise<() => void> => {
    const release = await turns.take(owner);
    order.push(name);
    return release;
  };
  const [first, second] = [await ask('one', '1a'), await ask('one', '1b')];
  const [third, fourth] = [ask('one', '1c'), ask('one', '1d')];
  await assert.rejects(ask('one', '1e'), { error: 'rate_limit', retryAfterSeconds: 1 });
  const other = await ask('other', '2a');
  const late = ask('late', '3a');
  assert.deepEqual([order, turns.waiting, turns.refused], [['1a', '1b', '2a'], 3, 1]);
  other();
  (await late)();
  first();
  (await third)();
  second();
  (await fourth)();
  assert.deepEqual([order, turns.waiting], [['1a', '1b', '2a', '3a', '1c', '1d'], 0]);
});
