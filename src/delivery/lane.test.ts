import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { endpointOf, itemOf } from '../../test/harness/deliveries.ts';
import type { OrganizationId } from '../base/ids.ts';
import type { Endpoint } from './endpoint.ts';
import { Lane, Turns } from './lane.ts';

const now = Date.UTC(2026, 0, 5, 9);

function laneWith(waiting: number, settings: Partial<Endpoint> = {}): Lane {
  const lane = new Lane(endpointOf(settings));
  for (let n = 0; n < waiting; n += 1) lane.queue.push(itemOf(lane.endpoint, now + 45_000));
  return lane;
}

/** Starts one delivery as the dispatcher does. */
function start(lane: Lane, nowMs: number, processes = 1): void {
  assert.equal(lane.waitUntil(nowMs), 0);
  assert.ok(lane.queue.shift());
  lane.started(nowMs, processes);
}

describe('D12: turns', () => {
  const organizations = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 });
  const lanesOf = (sizes: readonly number[]): Lane[] =>
    sizes.flatMap((size, index) =>
      Array.from(
        { length: size },
        () => new Lane(endpointOf({ organizationId: `organization-${index}` as OrganizationId })),
      ),
    );

  test('rotate by organization, then by endpoint, and give each the same number', () => {
    fc.assert(
      fc.property(organizations, fc.integer({ min: 1, max: 200 }), (sizes, rounds) => {
        const turns = new Turns();
        const lanes = lanesOf(sizes);
        for (const lane of lanes) turns.add(lane);
        const taken = new Map<Lane, number>();
        for (let n = 0; n < rounds; n += 1) {
          const lane = turns.take();
          assert.ok(lane);
          taken.set(lane, (taken.get(lane) ?? 0) + 1);
          turns.add(lane);
        }
        const of = (lane: Lane): number => taken.get(lane) ?? 0;
        const byOrganization = Map.groupBy(lanes, (lane) => lane.endpoint.organizationId);
        const sums = [...byOrganization.values()].map((own) => own.reduce((sum, lane) => sum + of(lane), 0));
        assert.ok(Math.max(...sums) - Math.min(...sums) <= 1, `organizations: ${sums.join()}`);
        for (const own of byOrganization.values())
          assert.ok(Math.max(...own.map(of)) - Math.min(...own.map(of)) <= 1, `endpoints: ${own.map(of).join()}`);
      }),
    );
  });

  test('a waiting lane gets its turn after at most one turn of each other organization and each other endpoint of its own, whatever joins or leaves', () => {
    fc.assert(
      fc.property(organizations, fc.array(fc.tuple(fc.nat(40), fc.boolean()), { maxLength: 200 }), (sizes, steps) => {
        const turns = new Turns();
        const lanes = lanesOf(sizes);
        /** How many turns of others each waiting lane has seen. */
        const seen = new Map<Lane, number>();
        const add = (lane: Lane | undefined): void => {
          if (lane === undefined || lane.ready) return;
          turns.add(lane);
          seen.set(lane, 0);
        };
        const bound = sizes.length * Math.max(...sizes);
        for (const [index, again] of steps) {
          add(lanes[index % lanes.length]);
          const lane = turns.take();
          if (lane === undefined) continue;
          seen.delete(lane);
          for (const [other, count] of seen) {
            assert.ok(count < bound, `waited for ${count} turns`);
            seen.set(other, count + 1);
          }
          if (again) add(lane);
        }
      }),
    );
  });

  test('a lane added twice gets one turn, and organizations with something to send are counted', () => {
    const turns = new Turns();
    const [one, two] = lanesOf([1, 1]);
    assert.ok(one && two);
    turns.add(one);
    turns.add(one);
    turns.add(two);
    assert.equal(turns.organizations, 2);
    assert.deepEqual([turns.take(), turns.take(), turns.take()], [one, two, undefined]);
    assert.equal(turns.organizations, 0);
  });
});

describe('D13: room', () => {
  test('a lane holds at most 4,096 deliveries, and no more than it can send within 10 s once response times are known', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 256 }),
        fc.nat(500),
        fc.option(fc.integer({ min: 1, max: 60_000 }), { nil: undefined }),
        (maxInFlight, waiting, responseMs) => {
          const lane = laneWith(waiting + 1, { maxInFlight });
          if (responseMs !== undefined) {
            start(lane, now);
            lane.finished(now, responseMs, undefined);
          }
          const sendable =
            responseMs === undefined
              ? Number.POSITIVE_INFINITY
              : Math.max(maxInFlight, (maxInFlight * 10_000) / responseMs);
          assert.ok(lane.room(1) + lane.held <= Math.min(4_096, sendable));
          assert.ok(lane.room(1) + lane.held >= Math.min(4_096, maxInFlight));
        },
      ),
    );
  });

  test("reserved room counts, and a rate limit reduces the room to this process's share of 10 s, at least one", () => {
    const lane = laneWith(0, { ratePerSecond: 10 });
    assert.equal(lane.room(1), 100);
    assert.equal(lane.room(4), 25);
    assert.equal(lane.room(1_000), 1);
    lane.reserved = 30;
    assert.equal(lane.room(1), 70);
  });
});

describe('rate limit', () => {
  test('a lane sends at most the share of this process in any second, plus 20 ms of catching up', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 1, max: 200 }), fc.double({ min: 0.05, max: 1, noNaN: true })),
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 100 }),
        (ratePerSecond, processes, steps) => {
          const lane = laneWith(400, { ratePerSecond, maxInFlight: 256 });
          const times: number[] = [];
          let at = now;
          for (const step of steps) {
            at += step;
            while (lane.waitUntil(at) === 0 && times.length < 400) {
              start(lane, at, processes);
              lane.finished(at, 1, undefined);
              times.push(at);
            }
          }
          const share = ratePerSecond / processes;
          let end = 0;
          for (const [index, time] of times.entries()) {
            while ((times[end] ?? Number.POSITIVE_INFINITY) < time + 1_000) end += 1;
            assert.ok(end - index <= share * 1.02 + 1, `${end - index} of ${share}`);
          }
        },
      ),
    );
  });
});

describe('D11: an endpoint in trouble', () => {
  const troubles = fc.array(
    fc.record({ responseMs: fc.nat(20_000), askedMs: fc.constantFrom(0, 0, 0, 5_000, 10_000_000) }),
    { minLength: 1, maxLength: 20 },
  );

  test('gets one request at a time, with pauses that grow to a second or last as long as it asked, 5 minutes at most', () => {
    fc.assert(
      fc.property(troubles, (all) => {
        const lane = laneWith(100);
        let at = now;
        let pause = 25;
        for (const { responseMs, askedMs } of all) {
          start(lane, at);
          at += responseMs;
          lane.finished(at, responseMs, askedMs);
          assert.equal(lane.limit, 1);
          assert.equal(lane.troubled, true);
          assert.ok(lane.room(1) <= 4);
          const until = lane.waitUntil(at) ?? 0;
          assert.equal(until - at, Math.max(pause, Math.min(askedMs, 300_000)));
          pause = Math.min(1_000, pause * 2);
          at = until;
        }
      }),
    );
  });

  test('one good response restores its full concurrency', () => {
    fc.assert(
      fc.property(troubles, (all) => {
        const lane = laneWith(100);
        for (const { responseMs, askedMs } of all) {
          lane.queue.shift();
          lane.started(now, 1);
          lane.finished(now, responseMs, askedMs);
        }
        lane.started(now, 1);
        lane.finished(now, 5, undefined);
        assert.equal(lane.limit, 32);
        assert.equal(lane.waitUntil(now), 0);
      }),
    );
  });

  test('deliveries leave its memory after four failures in a row, not after one', () => {
    const lane = laneWith(100);
    const excess = Array.from({ length: 4 }, () => {
      start(lane, lane.blockedUntilMs || now);
      lane.finished(now, 10, 0);
      return lane.excess;
    });
    assert.deepEqual(excess, [0, 0, 0, 92]);
  });
});

test('a clock that is set back leaves no lane blocked', () => {
  const lane = laneWith(10, { ratePerSecond: 1 });
  start(lane, now);
  lane.finished(now, 1, 60_000);
  const back = now - 3_600_000;
  assert.ok((lane.waitUntil(back) ?? 0) > back);
  lane.forgetTimes();
  assert.equal(lane.waitUntil(back), 0);
});
