import { complete, median, round, type Scenario } from '../scenario.ts';
import { clean, makeEndpoint, type Server, type Stage } from '../stage.ts';

const count = 20_000;
const rounds = 5;
const concurrency = 128;

export async function burst(
  stage: Stage,
  server: Server,
  events = count,
): Promise<{ perSecond: number; ingestPerSecond: number; unique: number; duplicates: number; p50: number }> {
  await clean(stage);
  const began = performance.now();
  const load = await stage.load({ url: `${server.url}/v1/events`, count: events, concurrency, rate: 0 });
  await stage.receiver.all(load.accepted, 120_000);
  const seconds = (performance.now() - began) / 1_000;
  const { unique, duplicates, latency } = await stage.receiver.report();
  return {
    perSecond: load.accepted / seconds,
    ingestPerSecond: load.accepted / load.seconds,
    unique,
    duplicates,
    p50: latency.p50,
  };
}

/** Product and ceiling take turns, so that a slow moment of the machine affects both. */
export const throughput: Scenario = {
  name: 'throughput',
  about: '1 KB events to one endpoint at full speed, compared with the bare libraries on the same path (`ceiling`)',
  async run(stage) {
    const product = await stage.product();
    await makeEndpoint(product, `${stage.receiver.url}/ok`, { max_in_flight: 64 });
    const ceiling = await stage.ceiling();
    await burst(stage, product, 5_000);
    await burst(stage, ceiling, 5_000);
    const ours: number[] = [];
    const bare: number[] = [];
    const ratios: number[] = [];
    const checks = [];
    for (let round_ = 0; round_ < rounds; round_ += 1) {
      const a = await burst(stage, product);
      const b = await burst(stage, ceiling);
      ours.push(a.perSecond);
      bare.push(b.perSecond);
      ratios.push(a.perSecond / b.perSecond);
      checks.push(complete(count, a.unique));
    }
    await product.stop();
    await ceiling.stop();
    const ratio = median(ratios);
    return {
      rows: [
        {
          what: 'product',
          'deliveries/s (median)': round(median(ours)),
          min: round(Math.min(...ours)),
          max: round(Math.max(...ours)),
        },
        {
          what: 'ceiling',
          'deliveries/s (median)': round(median(bare)),
          min: round(Math.min(...bare)),
          max: round(Math.max(...bare)),
        },
        {
          what: 'product ÷ ceiling',
          'deliveries/s (median)': round(ratio, 2),
          min: round(Math.min(...ratios), 2),
          max: round(Math.max(...ratios), 2),
        },
      ],
      checks: [...checks, { claim: 'product ÷ ceiling ≥ 0.70', passed: ratio >= 0.7 }],
    };
  },
};
