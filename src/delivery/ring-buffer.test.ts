import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RingBuffer } from './ring-buffer.ts';

const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('push'), value: fc.integer() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('shift') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncate'), length: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drain') }) },
);

test('a ring buffer behaves like an array, however it grows and wraps', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
      const ring = new RingBuffer<number>();
      let array: number[] = [];
      for (const one of commands) {
        if ('value' in one) {
          ring.push(one.value);
          array.push(one.value);
        } else if ('length' in one) {
          assert.deepEqual(ring.truncate(one.length), array.slice(one.length).reverse());
          array = array.slice(0, one.length);
        } else if (one.kind === 'shift') assert.equal(ring.shift(), array.shift());
        else assert.deepEqual(ring.drain(), array.splice(0));
        assert.equal(ring.length, array.length);
      }
      assert.deepEqual(ring.drain(), array);
    }),
  );
});
