import { complete, round, type Scenario } from '../scenario.ts';
import { clean, databasePids, makeEndpoint, settled, usage } from '../stage.ts';

const events = 10_000;

export const cost: Scenario = {
  name: 'cost',
  about: 'CPU seconds for 10,000 deliveries, and peak memory',
  async run(stage) {
    const product = await stage.product();
    await makeEndpoint(product, `${stage.receiver.url}/ok`);
    const url = `${product.url}/v1/events`;
    await stage.load({ url, count: events, concurrency: 64, rate: 0 });
    await clean(stage);
    const before = {
      server: await usage(product.pids),
      database: await usage(await databasePids(stage.database)),
      receiver: await usage([stage.receiver.pid]),
    };
    const load = await stage.load({ url, count: events, concurrency: 64, rate: 0 });
    await stage.receiver.all(load.accepted, 60_000);
    // Include the cost of writing the outcomes.
    await settled(stage);
    const after = {
      server: await usage(product.pids),
      database: await usage(await databasePids(stage.database)),
      receiver: await usage([stage.receiver.pid]),
    };
    const report = await stage.receiver.report();
    await product.stop();
    const row = (name: 'server' | 'database' | 'receiver'): Record<string, string | number> => {
      const seconds = after[name].cpuSeconds - before[name].cpuSeconds;
      return {
        process: name,
        'CPU seconds': round(seconds, 2),
        'µs per delivery': round((seconds * 1e6) / events),
        'peak MB': after[name].peakMb,
      };
    };
    return {
      rows: [row('server'), row('database'), row('receiver')],
      checks: [complete(load.accepted, report.unique)],
    };
  },
};
