import { sql } from '../../src/db/sql.ts';
import { complete, median, round, type Result, type Scenario } from '../scenario.ts';
import { api, clean, makeEndpoint, type Server, type Stage } from '../stage.ts';

const healthy = 100;
const waiting = 100_000;
const eventsPerSecond = 5;
const seconds = 10;
const rounds = 3;

/** Publishes to the healthy endpoints at a fixed rate and returns the latency from publishing to arrival. */
async function measure(
  stage: Stage,
  server: Server,
): Promise<{ p50: number; p95: number; check: Result['checks'][number] }> {
  await stage.receiver.reset();
  const load = await stage.load({
    url: `${server.url}/v1/events`,
    count: eventsPerSecond * seconds,
    concurrency: 8,
    rate: eventsPerSecond,
    event: 'bench.healthy',
  });
  await stage.receiver.all(load.accepted * healthy, 60_000);
  const { unique, latency } = await stage.receiver.report();
  return { p50: latency.p50, p95: latency.p95, check: complete(load.accepted * healthy, unique) };
}

/** Queues `waiting` deliveries for one endpoint, through the API. */
async function queueBacklog(server: Server, event: string): Promise<void> {
  const events = Array.from({ length: 1_000 }, (_, n) => ({ event, data: { n } }));
  for (let sent = 0; sent < waiting; sent += events.length) await api(server, 'POST', '/v1/events/batch', { events });
}

/** Waits until the deliveries of a deleted endpoint are cleaned up in the background, so that this does not disturb the next measurement. */
async function cleanedUp(stage: Stage, endpoint: string): Promise<void> {
  for (;;) {
    const [row] = await stage.db.query(
      sql<{ left: boolean }>`SELECT EXISTS (SELECT FROM delivery_queue WHERE endpoint_id = ${endpoint}) AS left`,
    );
    if (row?.left === false) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stage.db.script('VACUUM (ANALYZE) delivery_queue');
  await stage.db.script('CHECKPOINT');
}

export const isolation: Scenario = {
  name: 'isolation',
  about: `${healthy} healthy endpoints alone, next to a dead one with ${waiting.toLocaleString('en')} queued deliveries, and next to one that responds after 10 s`,
  async run(stage) {
    const product = await stage.product();
    for (let n = 0; n < healthy; n += 1)
      await makeEndpoint(product, `${stage.receiver.url}/ok/${n}`, { events: ['bench.healthy'] });
    await clean(stage);
    const checks: Result['checks'][number][] = [];
    await measure(stage, product);
    const alone: number[] = [];
    for (let turn = 0; turn < rounds; turn += 1) {
      const one = await measure(stage, product);
      alone.push(one.p95);
      checks.push(one.check);
    }
    const rows = [{ 'next to': 'nothing', 'healthy p95 (ms)': round(median(alone), 1), ratio: 1 }];
    for (const [neighbour, path] of [
      ['a dead endpoint', 'dead'],
      ['an endpoint that takes 10 s', 'slow'],
    ] as const) {
      const id = await makeEndpoint(product, `${stage.receiver.url}/${path}`, {
        events: [`bench.${path}`],
        timeout_ms: 15_000,
      });
      await queueBacklog(product, `bench.${path}`);
      // Flush the writes of the backlog before measuring.
      await stage.db.script('CHECKPOINT');
      const with_: number[] = [];
      for (let turn = 0; turn < rounds; turn += 1) {
        const one = await measure(stage, product);
        with_.push(one.p95);
        checks.push(one.check);
      }
      const ratio = median(with_) / median(alone);
      rows.push({ 'next to': neighbour, 'healthy p95 (ms)': round(median(with_), 1), ratio: round(ratio, 2) });
      checks.push({ claim: `next to ${neighbour}: healthy p95 ≤ 1.2 ×`, passed: ratio <= 1.2 });
      await api(product, 'DELETE', `/v1/webhooks/${id}`);
      await cleanedUp(stage, id);
    }
    await product.stop();
    return { rows, checks };
  },
};
