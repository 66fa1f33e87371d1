import { complete, round, type Scenario } from '../scenario.ts';
import { clean, makeEndpoint } from '../stage.ts';

const endpoints = 100;
const events = 300;

export const fanout: Scenario = {
  name: 'fanout',
  about: `one event to ${endpoints} endpoints`,
  async run(stage) {
    const product = await stage.product();
    for (let n = 0; n < endpoints; n += 1) await makeEndpoint(product, `${stage.receiver.url}/ok/${n}`);
    const rates: number[] = [];
    const checks = [];
    let last;
    for (let turn = 0; turn < 3; turn += 1) {
      await clean(stage);
      const began = performance.now();
      const load = await stage.load({ url: `${product.url}/v1/events`, count: events, concurrency: 16, rate: 0 });
      await stage.receiver.all(load.accepted * endpoints, 120_000);
      rates.push((load.accepted * endpoints * 1_000) / (performance.now() - began));
      last = await stage.receiver.report();
      checks.push(complete(load.accepted * endpoints, last.unique));
    }
    await product.stop();
    return {
      rows: [
        {
          'deliveries/s': round(rates.toSorted((a, b) => a - b)[1] ?? 0),
          'arrival p50': round(last?.latency.p50 ?? 0),
          'arrival p99': round(last?.latency.p99 ?? 0),
        },
      ],
      checks,
    };
  },
};
