import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { createGate } from './gate.ts';

const { signal } = new AbortController();

test('a gate admits so many under one key, the others in their order', async () => {
  const gate = createGate(2);
  const entered: string[] = [];
  const enter = async (name: string, key: string): Promise<() => void> => {
    const leave = await gate.enter(key, signal);
    entered.push(name);
    return leave;
  };
  const [first] = await Promise.all([enter('a', 'x'), enter('b', 'x')]);
  const [third, fourth] = [enter('c', 'x'), enter('d', 'x')];
  await enter('e', 'y');
  assert.deepEqual(entered, ['a', 'b', 'e']);
  first();
  (await third)();
  await fourth;
  assert.deepEqual(entered, ['a', 'b', 'e', 'c', 'd']);
});

test('who gives up waiting at a gate takes no place', async () => {
  const gate = createGate(1);
  const leave = await gate.enter('x', signal);
  const stop = new AbortController();
  const waiting = gate.enter('x', stop.signal);
  stop.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
  leave();
  await setImmediate();
  (await gate.enter('x', signal))();
});
