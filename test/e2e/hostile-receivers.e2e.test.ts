import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '../../bench/records.ts';
import type { Caller, DeliveryView } from '../harness/caller.ts';
import { asTimePasses, installationScene } from '../harness/installation.ts';
import { tcpReceiver } from '../harness/sockets.ts';

/** `HOSTILE_SEED=<seed>` repeats a run. */
const seed = Number(process.env['HOSTILE_SEED'] ?? Date.now() % 1_000_000);

/** Bytes to write, a wait in milliseconds, or the end of the connection. */
type Step = string | number | typeof fin | typeof reset;
const fin = Symbol('fin');
const reset = Symbol('reset');

/** What a receiver does with a request. */
interface Plan {
  readonly name: string;
  /** Its first bytes are a complete 2xx response. */
  readonly delivers: boolean;
  readonly steps: readonly Step[];
}

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const error = 'HTTP/1.1 500 No\r\ncontent-length: 2\r\n\r\nno';
const chunked =
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n2\r\nok\r\n0\r\nx-sum: 1\r\n\r\n';
const badRequest = 'HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';

const clean = { name: '2xx', delivers: true, steps: [ok] };
const failing = { name: '500', delivers: false, steps: [error] };

/** `late`: when stray bytes are sent after an exchange; `cut`: where a response is split. */
const plansOf = (late: number, cut: number): readonly Plan[] => [
  clean,
  failing,
  { name: 'delayed 2xx', delivers: true, steps: [late, ok] },
  { name: 'chunked 2xx with a trailer', delivers: true, steps: [chunked] },
  {
    name: '2xx in pieces',
    delivers: true,
    steps: [ok.slice(0, cut), late, ok.slice(cut, cut + 1), late, ok.slice(cut + 1)],
  },
  {
    name: '2xx after interim responses',
    delivers: true,
    steps: ['HTTP/1.1 100 Continue\r\n\r\n', late, 'HTTP/1.1 103 Early Hints\r\n\r\n', ok],
  },
  { name: '2xx that closes', delivers: true, steps: [ok.replace('\r\n', '\r\nconnection: close\r\n'), fin] },
  { name: '2xx twice', delivers: true, steps: [ok, late, ok] },
  { name: '2xx, then 500', delivers: true, steps: [ok, late, error] },
  { name: '500, then 2xx', delivers: false, steps: [error, late, ok] },
  { name: '500, then 2xx twice', delivers: false, steps: [error, late, ok, late, ok] },
  { name: '2xx, then an interim response', delivers: true, steps: [ok, late, 'HTTP/1.1 103 Early Hints\r\n\r\n'] },
  { name: '204, then a body', delivers: true, steps: ['HTTP/1.1 204 No Content\r\n\r\n', late, 'OK'] },
  {
    name: '204 with a body',
    delivers: true,
    steps: ['HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n', late, 'OK'],
  },
  { name: '2xx, then an empty line', delivers: true, steps: [ok, late, '\r\n'] },
  { name: 'content-length too small', delivers: true, steps: [ok.replace('2\r\n', '1\r\n').slice(0, -1), late, 'k'] },
  { name: 'content-length too large', delivers: false, steps: [ok.replace(': 2', ': 3'), late, fin] },
  { name: '2xx, then an unsolicited 400', delivers: true, steps: [ok, late, badRequest, fin] },
  { name: '2xx, then closed', delivers: true, steps: [ok, late, fin] },
  { name: '2xx, then reset', delivers: true, steps: [ok, late + 20, reset] },
  { name: 'closed', delivers: false, steps: [late, fin] },
  { name: 'reset', delivers: false, steps: [late, reset] },
  { name: '2xx cut by a reset', delivers: false, steps: [ok.slice(0, -1), late, reset] },
  { name: 'chunked 2xx cut short', delivers: false, steps: [chunked.slice(0, 70), late, fin] },
  { name: 'headers cut short', delivers: false, steps: [ok.slice(0, 20), late, fin] },
  { name: 'not HTTP', delivers: false, steps: [late, 'SSH-2.0-OpenSSH_9.9\r\n'] },
];

describe(`hostile receivers, HOSTILE_SEED=${seed}`, () => {
  const scene = installationScene();
  const random = createRandom(seed);
  const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] ?? assert.fail();
  const lateMs = (): number => oneOf([0, 0, 1, 3, 10]);
  const anyPlan = (): Plan => oneOf(plansOf(lateMs(), 1 + Math.floor(random() * (ok.length - 2))));

  /** Starts a receiver that follows the plan of each request, found by the `seq` in its body, and records the order of arrivals. */
  async function following(
    plans: ReadonlyMap<number, Plan>,
  ): Promise<{ readonly url: string; readonly arrivals: readonly number[] }> {
    const arrivals: number[] = [];
    const receiver = await tcpReceiver((socket) => {
      let received = '';
      socket.setNoDelay(true).on('data', (chunk: Buffer) => {
        received += chunk.toString('latin1');
        for (;;) {
          const head = /^[^]*?\r\n\r\n/.exec(received)?.[0];
          const end = (head?.length ?? Infinity) + Number(/\r\ncontent-length: (\d+)/i.exec(head ?? '')?.[1] ?? 0);
          if (received.length < end) return;
          const seq = Number(/"seq":(\d+)/.exec(received.slice(0, end))?.[1]);
          received = received.slice(end);
          arrivals.push(seq);
          void follow(socket, plans.get(seq)?.steps ?? assert.fail(`no request has the number ${seq}`));
        }
      });
    });
    scene.finally(() => receiver.close());
    return { url: `http://127.0.0.1:${receiver.port}/`, arrivals };
  }

  async function follow(socket: Socket, steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step === fin) socket.end();
      else if (step === reset) socket.resetAndDestroy();
      else if (typeof step === 'string') socket.write(step);
      // Real time: the test is about bytes that arrive late on a socket.
      else if (step > 0) await delay(step);
    }
  }

  /** Publishes all numbers of each type. @returns the deliveries by number, once each had an attempt. */
  async function attempted(
    me: Caller,
    types: ReadonlyMap<string, { readonly id: string; readonly seqs: readonly number[] }>,
  ): Promise<Map<number, DeliveryView>> {
    const seqs = new Map<unknown, number>();
    await Promise.all(
      [...types].map(async ([type, endpoint]) => {
        for (const seq of endpoint.seqs) seqs.set((await me.publish(type, { seq })).id, seq);
      }),
    );
    let all: DeliveryView[] = [];
    await asTimePasses(
      scene.product,
      async () => {
        all = (await Promise.all([...types.values()].map((endpoint) => me.deliveries(endpoint, '?limit=100')))).flat();
        return all.filter(({ attempt_count }) => attempt_count > 0).length === seqs.size;
      },
      'each delivery has had an attempt',
    );
    return new Map(all.map((delivery) => [seqs.get(delivery['event_id']) ?? assert.fail(), delivery]));
  }

  /** The test allows only one attempt. */
  const once = { retry_schedule_seconds: [80_000] };

  test('1,000 deliveries: recorded as delivered if and only if the receiver sent a complete 2xx for the request', async () => {
    const me = await scene.product.tenant();
    const plans = new Map<number, Plan>();
    const types = new Map<string, { readonly id: string; readonly seqs: readonly number[] }>();
    for (let host = 0; host < 10; host += 1) {
      const { url } = await following(plans);
      // Half of the hosts follow a random plan for each request; each of the others repeats one plan, some only after clean responses.
      const kind = oneOf(plansOf(0, 1)).name;
      const onlyPlan = (): Plan => plansOf(lateMs(), 20).find(({ name }) => name === kind) ?? assert.fail();
      const add = async (type: string, count: number, planOf: (index: number) => Plan): Promise<void> => {
        const seqs = Array.from({ length: count }, (_, index) => plans.size + index);
        for (const [index, seq] of seqs.entries()) plans.set(seq, planOf(index));
        const endpoint = await me.register(`${url}${type}`, {
          ...once,
          events: [type],
          max_in_flight: oneOf([2, 8, 32]),
        });
        types.set(type, { id: endpoint.id, seqs });
      };
      await add(`wild.host${host}`, 70, (index) =>
        host % 2 === 0 ? anyPlan() : host < 6 && index < 20 ? clean : onlyPlan(),
      );
      await add(`calm.host${host}`, 30, () => (host % 4 < 2 ? failing : clean));
    }
    const deliveries = await attempted(me, types);
    const wrong = [...deliveries]
      .filter(([seq, { status }]) => (status === 'delivered') !== plans.get(seq)?.delivers)
      .map(([seq, { status, last_error }]) => ({
        seq,
        plan: plans.get(seq)?.name,
        steps: plans.get(seq)?.steps,
        status,
        last_error,
      }));
    assert.deepEqual(wrong, []);
    assert.equal(deliveries.size, 1_000);
  });

  for (const lateBy of [0, 1, 3, 10]) {
    test(`FIFO: what a receiver sends ${lateBy} ms late delays and reorders nothing`, async () => {
      const me = await scene.product.tenant();
      const late = plansOf(lateBy, 1).filter(({ delivers }) => delivers);
      const plans = new Map(Array.from({ length: 60 }, (_, seq) => [seq, oneOf(late)] as const));
      const { url, arrivals } = await following(plans);
      const { id } = await me.register(url, { ...once, ordering: 'fifo' });
      const deliveries = await attempted(me, new Map([['order.paid', { id, seqs: [...plans.keys()] }]]));
      for (const [seq, { status, last_error }] of deliveries)
        assert.equal(status, 'delivered', `${plans.get(seq)?.name}: ${last_error}`);
      assert.deepEqual([...new Set(arrivals)], [...plans.keys()]);
    });
  }
});
