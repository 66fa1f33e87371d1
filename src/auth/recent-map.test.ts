import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentMap } from './recent-map.ts';

test('keeps at most its maximum and does not evict entries in use', () => {
  const map = new RecentMap<number, string>(100);
  for (let key = 0; key < 10_000; key += 1) {
    map.set(key, `value ${key}`);
    assert.equal(map.get(0), 'value 0', `in use all along, at ${key}`);
    assert.ok(map.size <= 100, `${map.size} entries`);
  }
  for (let key = 9_960; key < 10_000; key += 1) assert.equal(map.get(key), `value ${key}`);
  assert.equal(map.get(5_000), undefined);
});

test('returns the latest value of a key, whichever generation contains an older one', () => {
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
