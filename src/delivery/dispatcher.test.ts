import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { TestClock } from '../../test/harness/clock.ts';
import { endpointOf, itemOf } from '../../test/harness/deliveries.ts';
import { standard } from '../vendors/standard/wire.ts';
import type { OrganizationId } from '../base/ids.ts';
import { createAccessTokens } from './access-tokens.ts';
import type { ClientCredentials, Granted } from './access-tokens.ts';
import type { Cleared, Finished } from './dispatcher-options.ts';
import { Dispatcher } from './dispatcher.ts';
import type { Endpoint } from './endpoint.ts';
import type { Lane } from './lane.ts';
import type { Settlement } from './queue/queries.ts';
import type { SendRequest, SendResult } from './transport/sender.ts';

interface UnderWay {
  readonly request: SendRequest;
  readonly organizationId: OrganizationId;
  readonly answer: (result?: Partial<SendResult>) => void;
}

const leaseMs = 45_000;
const ok: SendResult = {
  kind: 'answered',
  statusCode: 200,
  headers: {},
  body: '',
  bodyTruncated: false,
  durationMs: 10,
  retryAfter: undefined,
};

/** The real dispatcher with receivers that answer when the test lets them. */
class Bench {
  readonly clock = new TestClock();
  readonly underWay: UnderWay[] = [];
  /** All sends, in order. */
  readonly sent: UnderWay[] = [];
  readonly settled: { finished: Finished; settlement: Settlement; written: () => void }[] = [];
  readonly wants: { lane: Lane; atMs: number }[] = [];
  readonly givenBack: Cleared[] = [];
  readonly dispatcher: Dispatcher;
  autoWrite = true;
  /** Outcomes that were settled and are not written yet. */
  unwritten = 0;
  maySend = true;
  /** Answers requests for access tokens. */
  grant: (credentials: ClientCredentials) => Promise<Granted> = () => assert.fail('no token is needed');
  readonly #organizationOf = new Map<string, OrganizationId>();

  constructor(maxInFlight = 16) {
    this.dispatcher = new Dispatcher({
      clock: this.clock,
      random: () => 0,
      sender: {
        send: (request) =>
          new Promise((resolve) => {
            const one: UnderWay = {
              request,
              organizationId: this.#organizationOf.get(request.url.href) ?? ('?' as OrganizationId),
              answer: (result = {}) => {
                this.underWay.splice(this.underWay.indexOf(one), 1);
                resolve({ ...ok, ...result } as SendResult);
              },
            };
            this.underWay.push(one);
            this.sent.push(one);
          }),
      },
      tokens: createAccessTokens({ clock: this.clock, request: (credentials) => this.grant(credentials) }),
      templates: { render: () => assert.fail('no template is rendered') },
      maxInFlight,
      maySend: () => this.maySend,
      processes: () => 1,
      unsettled: () => this.unwritten,
      wantsWork: (lane, atMs) => this.wants.push({ lane, atMs }),
      giveBack: (cleared) => this.givenBack.push(cleared),
      settle: (finished, settlement, onWritten) => {
        this.unwritten += 1;
        const written = (): void => {
          this.unwritten -= 1;
          onWritten();
        };
        this.settled.push({ finished, settlement, written });
        if (this.autoWrite) written();
      },
    });
  }

  endpoint(settings: Partial<Endpoint> = {}): Endpoint {
    const endpoint = endpointOf({ url: new URL(`http://receiver/${this.#organizationOf.size}`), ...settings });
    this.#organizationOf.set(endpoint.url.href, endpoint.organizationId);
    return endpoint;
  }

  accept(endpoint: Endpoint, count: number, settings: Parameters<typeof itemOf>[2] = {}): Lane {
    const lane = this.dispatcher.lane(endpoint);
    this.dispatcher.accept(
      lane,
      Array.from({ length: count }, () => itemOf(endpoint, this.clock.now() + leaseMs, settings)),
    );
    return lane;
  }

  of(organizationId: OrganizationId): number {
    return this.underWay.filter((one) => one.organizationId === organizationId).length;
  }

  /** Answers everything in flight. */
  async answerAll(result: Partial<SendResult> = {}): Promise<void> {
    for (const one of this.underWay.slice()) await this.answer(one, result);
  }

  async answer(one: UnderWay | undefined, result: Partial<SendResult> = {}): Promise<void> {
    one?.answer(result);
    await setImmediate();
  }
}

const trouble = { statusCode: 503 } as const;

describe('D12: isolation', () => {
  test('an organization with any number of long queues never has more than seven eighths of the slots, nor more than half while another waits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.tuple(fc.nat(15), fc.boolean()), { minLength: 20, maxLength: 100 }),
        async (endpoints, steps) => {
          const bench = new Bench(16);
          const large = endpointOf().organizationId;
          for (let n = 0; n < endpoints; n += 1) bench.accept(bench.endpoint({ organizationId: large }), 300);
          assert.ok(bench.of(large) <= 14, 'some slots are left for later organizations');
          const small = bench.endpoint({ maxInFlight: 256 });
          const lane = bench.dispatcher.lane(small);
          for (const [which, publish] of steps) {
            if (publish) {
              const before = bench.of(small.organizationId);
              bench.accept(small, 1);
              if (before < 2)
                assert.equal(
                  bench.of(small.organizationId),
                  before + 1,
                  'an organization with little to send is served immediately',
                );
            }
            const waits = lane.queue.length > 0;
            const held = bench.of(large);
            await bench.answer(bench.underWay[which % bench.underWay.length]);
            assert.ok(bench.of(large) <= 14);
            if (waits) assert.ok(bench.of(large) <= Math.max(8, held), `${bench.of(large)} while another waited`);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('two organizations with much to send get half each, and the endpoints of one get the same share', async () => {
    const bench = new Bench(16);
    const [one, two] = [endpointOf().organizationId, endpointOf().organizationId];
    for (let n = 0; n < 7; n += 1) bench.accept(bench.endpoint({ organizationId: one }), 400);
    const alone = bench.endpoint({ organizationId: two });
    bench.accept(alone, 1_000);
    for (let n = 0; n < 16; n += 1) await bench.answer(bench.underWay[0]);
    bench.sent.length = 0;
    for (let n = 0; n < 700; n += 1) await bench.answer(bench.underWay[0]);
    const counts = [...Map.groupBy(bench.sent, ({ request }) => request.url.href).values()]
      .map((sends) => sends.length)
      .sort((a, b) => a - b);
    assert.equal(counts.length, 8);
    assert.ok(Math.abs((counts[7] ?? 0) - 350) <= 8, `${counts.join()} of 700`);
    assert.ok((counts[6] ?? 0) - (counts[0] ?? 0) <= 2, counts.join());
  });

  test('endpoints in trouble hold at most a quarter of the slots, and are tried again as these become free', async () => {
    const bench = new Bench(16);
    const dead = Array.from({ length: 40 }, () => bench.endpoint());
    for (const endpoint of dead) bench.accept(endpoint, 3);
    while (bench.settled.length < 40) await bench.answerAll(trouble);
    while (bench.underWay.length > 0) await bench.answerAll(trouble);
    await bench.clock.advance(2_000);
    assert.equal(bench.underWay.length, 4);
    const healthy = bench.endpoint();
    bench.accept(healthy, 100);
    for (let n = 0; n < 100; n += 1)
      await bench.answer(bench.underWay.find(({ request }) => request.url === healthy.url));
    assert.equal(bench.sent.filter(({ request }) => request.url === healthy.url).length, 100);
    assert.equal(bench.underWay.length, 4, 'endpoints in trouble still have their slots');
    const asked = new Set(bench.underWay.map(({ request }) => request.url.href));
    await bench.answerAll(trouble);
    assert.ok(
      bench.underWay.every(({ request }) => !asked.has(request.url.href)),
      'it is the turn of others',
    );
  });
});

test('deliveries of erased events that wait here are not sent', async () => {
  const bench = new Bench();
  const queues = [1, 2].map(() => {
    const endpoint = bench.endpoint({ maxInFlight: 1 });
    const items = Array.from({ length: 4 }, () => itemOf(endpoint, bench.clock.now() + leaseMs));
    bench.dispatcher.accept(bench.dispatcher.lane(endpoint), items);
    return items;
  });
  assert.equal(bench.sent.length, 2);
  bench.dispatcher.forgetEvents(new Set(queues.flatMap((items) => items.slice(1, 3).map(({ event }) => event.id))));
  while (bench.underWay.length > 0) await bench.answerAll();
  const settled = new Set(bench.settled.map(({ settlement }) => settlement.deliveryId));
  assert.deepEqual(
    queues.map((items) => items.map(({ id }) => settled.has(id))),
    [
      [true, false, false, true],
      [true, false, false, true],
    ],
  );
});

/** A lane whose endpoint is known to respond within a millisecond. */
function quick(lane: Lane): Lane {
  lane.started(0, 1);
  lane.finished(0, 1, undefined);
  return lane;
}

describe('D13: memory', () => {
  test('any number of long queues leaves room for the next endpoint, and takes at most 50,000 deliveries in total', () => {
    const bench = new Bench(1);
    let taken = 0;
    for (let n = 0; n < 120; n += 1) {
      const lane = quick(bench.dispatcher.lane(bench.endpoint()));
      const room = bench.dispatcher.room(lane);
      assert.ok(room > 0, `endpoint ${n}`);
      bench.dispatcher.reserve(lane, room);
      taken += room;
    }
    assert.ok(taken <= 50_000);
    for (const lane of bench.dispatcher.lanes.values()) bench.dispatcher.unreserve(lane, lane.reserved);
    assert.equal(bench.dispatcher.room(quick(bench.dispatcher.lane(bench.endpoint()))), 50_000 / 16);
    assert.equal(
      bench.dispatcher.room(bench.dispatcher.lane(bench.endpoint())),
      4 * 32,
      'little for a host that has not answered yet',
    );
  });

  test('bytes are shared by the same rule, 128 MiB in total, and are freed again', async () => {
    const bench = new Bench(1);
    const data = Buffer.alloc(256 * 1024);
    for (let n = 0; n < 20; n += 1) {
      const endpoint = bench.endpoint();
      const lane = bench.dispatcher.lane(endpoint);
      while (bench.dispatcher.bytesRoom(lane) >= data.length) bench.accept(endpoint, 1, { data });
    }
    assert.ok(bench.dispatcher.bytesFree > 0);
    assert.ok(bench.dispatcher.queued * data.length <= 128 * 1024 * 1024);
    bench.dispatcher.stop();
    await bench.answer(bench.underWay[0]);
    assert.equal(bench.dispatcher.bytesFree, 128 * 1024 * 1024);
    assert.equal(bench.dispatcher.queued, 0);
  });

  test('an endpoint that stays in trouble keeps little of its queue in memory', async () => {
    const bench = new Bench(16);
    const lane = bench.accept(bench.endpoint({ maxInFlight: 8 }), 1_000);
    await bench.answerAll({ kind: 'failed', reason: 'timeout', message: '' });
    assert.equal(lane.queue.length, 4);
    assert.equal(bench.dispatcher.queued, 4);
    assert.equal(lane.backlog, true);
    assert.deepEqual(
      bench.givenBack.map(({ items }) => items.length),
      [1_000 - 8 - 4],
      'in one batch',
    );
  });

  test('failed deliveries that are not written yet delay their own endpoint and no other', async () => {
    const bench = new Bench(16);
    bench.autoWrite = false;
    const failing = bench.endpoint({ retry: { scheduleSeconds: [], exact: true } });
    bench.accept(failing, 200);
    const healthy = bench.endpoint();
    bench.accept(healthy, 200);
    for (let n = 0; n < 400; n += 1) {
      const one = bench.underWay[0];
      await bench.answer(one, { statusCode: one?.request.url === failing.url ? 500 : 200 });
    }
    const of = (endpoint: Endpoint): number =>
      bench.settled.filter(({ finished }) => finished.endpoint === endpoint).length;
    assert.equal(of(healthy), 200);
    assert.ok(of(failing) >= 32 && of(failing) <= 32 + 16, `${of(failing)}`);
    for (const { finished, written } of bench.settled) if (finished.endpoint === failing) written();
    assert.ok(bench.underWay.length > 0, 'sending resumes once they are written');
  });
});

describe('D14: back-pressure', () => {
  test('with 5,000 outcomes to write nothing more is sent, and sending resumes as they are written', async () => {
    const bench = new Bench(100);
    bench.autoWrite = false;
    const endpoints = [bench.endpoint({ maxInFlight: 50 }), bench.endpoint({ maxInFlight: 50 })];
    for (const endpoint of endpoints) bench.accept(endpoint, 3_000);
    while (bench.underWay.length > 0) await bench.answerAll();
    // What was in flight when the limit was reached still counts.
    assert.ok(bench.sent.length >= 5_000 && bench.sent.length < 5_100, String(bench.sent.length));
    const stopped = bench.sent.length;
    bench.accept(bench.endpoint(), 10);
    bench.dispatcher.pump();
    assert.equal(bench.sent.length, stopped);

    const [first, ...others] = bench.settled.splice(0, stopped - 4_999);
    for (const { written } of others) written();
    assert.equal(bench.unwritten, 5_000);
    assert.equal(bench.sent.length, stopped);
    first?.written();
    assert.ok(bench.sent.length > stopped);
  });
});

describe('D7: leases', () => {
  test('no attempt begins that its lease does not outlast, and a delivery that is too late is given back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 60_000 }),
        fc.integer({ min: -5_000, max: 100_000 }),
        (timeoutMs, leftMs) => {
          const bench = new Bench();
          const endpoint = bench.endpoint({ timeoutMs });
          const lane = bench.dispatcher.lane(endpoint);
          bench.dispatcher.accept(lane, [itemOf(endpoint, bench.clock.now() + leftMs)]);
          assert.equal(bench.sent.length, leftMs >= timeoutMs + 3_000 ? 1 : 0);
          if (bench.sent.length > 0) return;
          assert.equal(bench.dispatcher.queued, 0);
          assert.equal(lane.backlog, true);
          assert.equal(bench.givenBack.flatMap(({ items }) => items).length, 1);
        },
      ),
    );
  });

  test('a row that a claim read before its outcome was written is not sent again, but its next attempt is', async () => {
    const bench = new Bench();
    bench.autoWrite = false;
    const endpoint = bench.endpoint();
    const item = itemOf(endpoint, bench.clock.now() + leaseMs);
    const { dispatcher } = bench;
    dispatcher.accept(dispatcher.lane(endpoint), [item]);
    dispatcher.pump();
    dispatcher.claimBegan();
    await bench.answerAll();
    assert.ok(dispatcher.isBusy(item.id, 0), 'its outcome is not written');
    bench.settled[0]?.written();
    assert.deepEqual([dispatcher.isBusy(item.id, 0), dispatcher.isBusy(item.id, 1)], [true, false]);
    dispatcher.claimEnded();
    assert.equal(dispatcher.isBusy(item.id, 0), false);
  });
});

describe('errors', () => {
  test('a request that cannot be created is a failed attempt, and affects no other delivery', async () => {
    const bench = new Bench();
    const wire = {
      ...standard,
      body: () => {
        throw new Error('not representable');
      },
    };
    bench.accept(bench.endpoint({ wire }), 2);
    await setImmediate();
    assert.deepEqual(
      bench.settled.map(({ settlement }) => settlement.state),
      ['pending', 'pending'],
    );
    assert.match(bench.settled[0]?.settlement.error ?? '', /not representable/);
    assert.deepEqual([bench.dispatcher.inFlight, bench.dispatcher.queued], [0, 0]);
  });

  test('an attempt that this process aborted does not count, and its lease is given back', async () => {
    const bench = new Bench();
    const lane = bench.accept(bench.endpoint(), 3);
    await bench.answer(bench.underWay[0], { kind: 'failed', reason: 'aborted', message: '' });
    assert.equal(bench.settled.length, 0);
    assert.equal(lane.backlog, true);
    assert.equal(lane.limit, 1);
    assert.equal(bench.dispatcher.queued, 2);
    assert.equal(bench.givenBack.flatMap(({ items }) => items).length, 1);
  });

  test('characters of a response that PostgreSQL cannot store are replaced', async () => {
    const bench = new Bench();
    bench.accept(bench.endpoint(), 2);
    await bench.answer(bench.underWay[0], { kind: 'failed', reason: 'protocol', message: 'a\u0000b' });
    await bench.answer(bench.underWay[0], { statusCode: 400, body: 'c\u0000d' });
    assert.equal(bench.settled[0]?.settlement.error, 'a\ufffdb');
    assert.equal(bench.settled[1]?.settlement.responseBody, 'c\ufffdd');
  });

  test('D11: a host in trouble stays in trouble when the schedule of a delivery ends', async () => {
    const bench = new Bench();
    const lane = bench.accept(bench.endpoint({ retry: { scheduleSeconds: [], exact: true } }), 100);
    await bench.answerAll(trouble);
    assert.ok(bench.settled.every(({ finished }) => finished.outcome.kind === 'failed'));
    assert.equal(lane.limit, 1);
    assert.equal(bench.underWay.length, 0);
  });

  test('a rate below one a second: the next delivery is taken shortly before it may be sent', async () => {
    const bench = new Bench();
    const lane = bench.accept(bench.endpoint({ ratePerSecond: 1 / 60 }), 1);
    await bench.answerAll({});
    assert.equal(bench.dispatcher.room(lane), 0);
    await bench.clock.advance(49_900);
    assert.equal(bench.dispatcher.room(lane), 0);
    await bench.clock.advance(200);
    assert.equal(bench.dispatcher.room(lane), 1);
    bench.accept(lane.endpoint, 1);
    assert.equal(bench.sent.length, 1);
    await bench.clock.advance(10_000);
    assert.equal(bench.sent.length, 2);
  });

  test('a clock that is set back by an hour stalls neither a rate limit nor a pause', async () => {
    const bench = new Bench();
    bench.accept(bench.endpoint({ ratePerSecond: 1 }), 3);
    assert.equal(bench.sent.length, 1);
    bench.clock.set(bench.clock.now() - 3_600_000);
    bench.dispatcher.clockWentBack();
    assert.equal(bench.sent.length, 2);
    await bench.clock.advance(1_100);
    assert.equal(bench.sent.length, 3);
  });
});

describe('D9: FIFO', () => {
  const failures: readonly Partial<SendResult>[] = [
    { statusCode: 500 },
    { kind: 'failed', reason: 'timeout', message: '' },
    { kind: 'failed', reason: 'aborted', message: '' },
    { statusCode: 410 },
  ];
  for (const failure of failures) {
    test(`after ${JSON.stringify(failure)} nothing else is sent before the queue is read again`, async () => {
      const bench = new Bench();
      const lane = bench.accept(bench.endpoint({ fifo: true }), 5);
      assert.equal(bench.underWay.length, 1);
      await bench.answer(bench.underWay[0]);
      await bench.answer(bench.underWay[0], failure);
      await bench.clock.advance(30_000);
      assert.equal(bench.sent.length, 2);
      assert.deepEqual([lane.queue.length, lane.backlog, bench.dispatcher.queued], [0, true, 0]);
    });
  }

  test('an endpoint that becomes FIFO, or stops being FIFO, gives back what has not begun and claims nothing until what has begun is written', async () => {
    for (const fifo of [true, false]) {
      const bench = new Bench();
      const endpoint = bench.endpoint({ fifo, maxInFlight: 2 });
      const lane = bench.accept(endpoint, 5);
      const underWay = bench.underWay.length;
      const items = bench.dispatcher.changed(lane, { ...endpoint, fifo: !fifo });
      assert.equal(items.length, 5 - underWay);
      assert.deepEqual([lane.claimsWait, lane.backlog, lane.queue.length], [true, true, 0]);
      await bench.answerAll();
      assert.equal(bench.sent.length, underWay);
      assert.ok(bench.wants.some((want) => want.lane === lane));
    }
  });
});

describe('D16 D18: an endpoint that is disabled or deleted', () => {
  for (const what of ['disabled', 'deleted']) {
    test(`${what}: no further attempt begins, and the one in flight counts`, async () => {
      const bench = new Bench();
      const endpoint = bench.endpoint({ maxInFlight: 1 });
      const lane = bench.accept(endpoint, 5);
      assert.equal(
        bench.dispatcher.changed(lane, what === 'deleted' ? undefined : { ...endpoint, isActive: false }).length,
        4,
      );
      await bench.answer(bench.underWay[0]);
      assert.equal(bench.sent.length, 1);
      assert.equal(bench.settled[0]?.settlement.state, 'delivered');
      // From a commit that was in flight.
      bench.accept(endpoint, 1);
      assert.equal(bench.sent.length, 1);
    });
  }
});

describe('D23: deliveries with an access token', () => {
  const withToken = (bench: Bench, settings: Partial<Endpoint> = {}): Endpoint => {
    const { organizationId, id: endpointId } = endpointOf();
    const oauth2 = {
      organizationId,
      endpointId,
      tokenUrl: 'https://auth.example/token',
      clientId: 'c',
      clientSecret: 's',
      scope: undefined,
      audience: undefined,
      authentication: 'basic' as const,
      ca: undefined,
    };
    return bench.endpoint({ organizationId, oauth2, ...settings });
  };
  const tokenOf = (one: UnderWay | undefined): string | undefined => one?.request.headers['authorization'];

  test('while a token is requested, its deliveries hold no slot, and others are sent', async () => {
    const bench = new Bench(4);
    const granted = Promise.withResolvers<Granted>();
    let requested = 0;
    bench.grant = () => {
      requested += 1;
      return granted.promise;
    };
    bench.accept(withToken(bench), 100);
    await setImmediate();
    assert.deepEqual([requested, bench.underWay.length], [1, 0]);
    const other = bench.endpoint();
    bench.accept(other, 2);
    assert.equal(bench.of(other.organizationId), 2);
    await bench.answerAll();
    granted.resolve({ kind: 'token', token: 'abc', expiresInSeconds: 60 });
    await setImmediate();
    assert.deepEqual(
      bench.underWay.map(tokenOf),
      bench.underWay.map(() => 'Bearer abc'),
    );
    assert.ok(bench.underWay.length >= 2);
    await bench.answerAll();
    assert.equal(requested, 1);
    const { requestHeaders } = bench.settled.at(-1)?.settlement ?? assert.fail();
    assert.equal((JSON.parse(requestHeaders) as Record<string, string>)['authorization'], 'Bearer ***');
  });

  test('a token that is not granted is a failed attempt of one delivery; the lane pauses before the next', async () => {
    const bench = new Bench();
    bench.grant = async () => ({ kind: 'refused', message: 'No access token: auth.example answered 500.' });
    bench.accept(withToken(bench), 3);
    await setImmediate();
    assert.deepEqual(
      bench.settled.map(({ settlement }) => [settlement.state, settlement.error, settlement.statusCode]),
      [['pending', 'No access token: auth.example answered 500.', null]],
    );
    assert.equal(bench.sent.length, 0);
    assert.equal(bench.dispatcher.inFlight, 0);
    await bench.clock.advance(30);
    await setImmediate();
    assert.equal(bench.settled.length, 2);
  });

  test('after a 401 to an old token the delivery is sent again in the same attempt, in its place, with another token', async () => {
    const bench = new Bench();
    let granted = 0;
    bench.grant = async () => ({ kind: 'token', token: `t${++granted}`, expiresInSeconds: 3_600 });
    const endpoint = withToken(bench, { fifo: true });
    bench.accept(endpoint, 1);
    await setImmediate();
    await bench.answerAll();
    await bench.clock.advance(31_000);
    bench.accept(endpoint, 2);
    const [first] = bench.underWay;
    await bench.answer(first, { statusCode: 401 });
    await setImmediate();
    const [again] = bench.underWay;
    assert.equal(again?.request.headers['webhook-id'], first?.request.headers['webhook-id']);
    assert.deepEqual([tokenOf(first), tokenOf(again)], ['Bearer t1', 'Bearer t2']);
    assert.equal(bench.settled.length, 1);
    await bench.answer(again, { statusCode: 401 });
    assert.deepEqual(
      bench.settled.map(({ finished, settlement }) => [finished.attempt, settlement.statusCode]),
      [
        [1, 200],
        [1, 401],
      ],
    );
    assert.equal(granted, 2);
  });
});
