import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLargeBodies } from './large-bodies.ts';

const large = 100_000;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('one large body is handled per turn of the event loop, alternating between organizations; small bodies are handled immediately', async () => {
  const bodies = createLargeBodies();
  const ran: string[] = [];
  for (const name of ['a1', 'a2', 'a3']) bodies.run('a', large, () => ran.push(name));
  bodies.run('b', large, () => ran.push('b1'));
  bodies.run('a', 10, () => ran.push('small'));
  assert.deepEqual(ran, ['small']);
  for (let turns = 1; turns <= 4; turns += 1) {
    await turn();
    assert.equal(ran.length, 1 + turns);
  }
  assert.deepEqual(ran, ['small', 'a1', 'b1', 'a2', 'a3']);
});
