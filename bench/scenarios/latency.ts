import { complete, round, type Scenario } from '../scenario.ts';
import { clean, makeEndpoint } from '../stage.ts';

const seconds = 15;

export const latency: Scenario = {
  name: 'latency',
  about: 'latency of publishing, and from publishing to arrival, at 200 and 1,000 events/s, in ms',
  async run(stage) {
    const product = await stage.product();
    await makeEndpoint(product, `${stage.receiver.url}/ok`);
    const rows = [];
    const checks = [];
    for (const rate of [200, 200, 1_000]) {
      await clean(stage);
      const load = await stage.load({ url: `${product.url}/v1/events`, count: rate * seconds, concurrency: 64, rate });
      await stage.receiver.all(load.accepted, 60_000);
      const report = await stage.receiver.report();
      checks.push(complete(load.accepted, report.unique));
      rows.push({
        'events/s': rate,
        'ingest p50': round(load.latency.p50, 1),
        'ingest p95': round(load.latency.p95, 1),
        'ingest p99': round(load.latency.p99, 1),
        'arrival p50': round(report.latency.p50, 1),
        'arrival p95': round(report.latency.p95, 1),
        'arrival p99': round(report.latency.p99, 1),
      });
    }
    await product.stop();
    // The first run is the warm-up.
    return { rows: rows.slice(1), checks };
  },
};
