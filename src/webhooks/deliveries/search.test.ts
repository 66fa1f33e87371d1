import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unreachable } from '../../base/errors.ts';
import { idAt } from '../../base/ids.ts';
import type { DeliveryId } from '../../base/ids.ts';
import type { Delivery } from '../../delivery/queue/log.ts';
import { changesMax, pageOf } from './search.ts';

const delivery = (n: number, completedMs: number | null) =>
  ({
    id: idAt(n) as DeliveryId,
    created_at: new Date(n),
    completed_at: completedMs === null ? null : new Date(completedMs),
  }) as Delivery;

test('deliveries are paged in the order in which they finished, unfinished ones last', async () => {
  const rows = [delivery(1, 90), delivery(2, null), delivery(3, 30), delivery(4, 90)];
  const read = () => Promise.resolve({ rows, stoppedAt: undefined });
  const found: number[] = [];
  for (let after: { id: string; at: Date } | undefined; ;) {
    const page = await pageOf({ sort: 'updated_at', after, limit: 1 }, read);
    const [one = assert.fail()] = page.deliveries;
    found.push(one.created_at.getTime());
    if (page.nextCursor === null) break;
    after = { id: page.nextCursor, at: one.completed_at ?? assert.fail() };
  }
  assert.deepEqual(found, [3, 1, 4, 2]);
});

test('more deliveries than can be ordered by their changes are refused, and so are those that were not all read', async () => {
  const many = Array.from({ length: changesMax + 1 }, (_, n) => delivery(n, n));
  for (const answer of [
    { rows: many, stoppedAt: undefined },
    { rows: [], stoppedAt: idAt(1) },
  ])
    await assert.rejects(
      pageOf({ sort: '-updated_at', limit: 1 }, (limit) =>
        limit === changesMax ? Promise.resolve(answer) : Promise.reject(unreachable('another limit')),
      ),
      { error: 'validation_failed' },
    );
});
