import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../base/errors.ts';
import { firstId, idAt, idFollowing, lastId } from '../base/ids.ts';
import type { Sort } from '../db/in-order.ts';
import { listBody, listingOf, listQuery, logPosition, upTo } from './listing.ts';

const asked = (query: object) => listQuery.loose().parse(query);
const row = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b410',
  created_at: new Date(0),
  updated_at: new Date(1_767_603_600_123),
};
const other = { ...row, id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b411' };

function cursorOf(path: string, query: object): string {
  const given = asked({ limit: 1, ...query });
  const body = listBody(given, listingOf(path, given), [row, other], ({ id }) => id, { total: 0 });
  assert.deepEqual(body.data, [row.id]);
  assert.ok('next_cursor' in body && body.next_cursor !== null);
  return body.next_cursor;
}

test('without cursor and limit, a list is paged by number', () => {
  const query = asked({ page: '3', page_size: '10' });
  const listing = listingOf('/v1/x', query);
  assert.deepEqual([listing.limit, listing.offset], [10, 20]);
  assert.deepEqual(
    listBody(query, listing, [row], ({ id }) => id, { total: 21 }),
    {
      data: [row.id],
      page: 3,
      page_size: 10,
      total: 21,
    },
  );
});

test('a cursor continues after the last row, in the same order', () => {
  const sort = 'updated_at';
  const cursor = cursorOf('/v1/x', { sort, tag: ['a'] });
  const { after, limit } = listingOf('/v1/x', asked({ cursor, limit: 2, sort, tag: ['a'] }));
  assert.deepEqual([after, limit], [{ id: row.id, at: row.updated_at }, 3]);
  const last = listBody(asked({ limit: 1 }), listingOf('/v1/x', asked({ limit: 1 })), [row], ({ id }) => id, {
    total: 0,
  });
  assert.deepEqual(last, { data: [row.id], next_cursor: null });
});

test('a log is read in either direction, from where the last page ended', () => {
  const { id } = row;
  const next = (sort: Sort) => logPosition('/v1/x', { limit: 1, sort }).cursorOf(id) ?? assert.fail();
  const rangeAfter = (sort: Sort, bounds = {}) =>
    logPosition('/v1/x', { limit: 1, sort, cursor: next(sort) }, bounds).range;
  assert.deepEqual(rangeAfter('-updated_at'), { from: firstId, before: id, sort: '-created_at' });
  assert.deepEqual(rangeAfter('updated_at'), { from: other.id, before: lastId, sort: 'created_at' });
  assert.equal(rangeAfter('-created_at', { before: firstId }).before, firstId);
  assert.equal(rangeAfter('created_at', { from: lastId }).from, lastId);
  const since = logPosition('/v1/x', { limit: 1, updated_since: row.updated_at });
  assert.equal(since.range.from, idAt(row.updated_at.getTime()));
  assert.deepEqual(upTo(rangeAfter('created_at'), other.id).before, idFollowing(other.id));
  assert.equal(idFollowing('0199c9f1-7b20-7d02-8f11-ffffffffffff'), '0199c9f1-7b20-7d02-8f12-000000000000');
  assert.equal(idFollowing(lastId), lastId);
  assert.throws(() => logPosition('/v1/x', { limit: 1, sort: 'created_at', cursor: next('-created_at') }), ApiError);
});

test('a cursor of another list, filter or order is refused, and so is any other text', () => {
  const cursor = cursorOf('/v1/x', { tag: ['a'] });
  for (const [path, query] of [
    ['/v1/y', { cursor, tag: ['a'] }],
    ['/v1/x', { cursor }],
    ['/v1/x', { cursor, tag: ['b'] }],
    ['/v1/x', { cursor, tag: ['a'], sort: 'created_at' }],
    ['/v1/x', { cursor, tag: ['a'], updated_since: '2026-01-01T00:00:00Z' }],
    ['/v1/x', { cursor: row.id }],
    ['/v1/x', { cursor: '' }],
    ['/v1/x', { cursor: Buffer.from('a b c d').toString('base64url') }],
  ] as const)
    assert.throws(
      () => listingOf(path, asked(query)),
      (error) => error instanceof ApiError && error.details?.['cursor'] !== undefined,
      JSON.stringify(query),
    );
});
