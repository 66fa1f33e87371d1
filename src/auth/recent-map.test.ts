import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentMap } from './recent-map.ts';

test('holds no more than its bound, and keeps what is in use', () => {
  const map = new RecentMap<number, string>(100);
  for (let key = 0; key < 10_000; key += 1) {
    map.set(key, `value ${key}`);
    assert.equal(map.get(0), 'value 0', `in use all along, at ${key}`);
    assert.ok(map.size <= 100, `${map.size} entries`);
  }
  for (let key = 9_960; key < 10_000; key += 1) assert.equal(map.get(key), `value ${key}`);
  assert.equal(map.get(5_000), undefined);
});

test('the latest value of a key counts, in whichever generation an older one lies', () => {
  const map = new RecentMap<string, number>(4);
  map.set('a', 1);
  map.set('b', 1);
  map.set('c', 1);
  map.set('a', 2);
  assert.equal(map.get('a'), 2);
  map.clear();
  assert.equal(map.get('a'), undefined);
  assert.equal(map.size, 0);
});
