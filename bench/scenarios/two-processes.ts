import { median, round, complete, type Scenario } from '../scenario.ts';
import { clean, makeEndpoint, type Server, type Stage } from '../stage.ts';

/** Deliveries in flight per process, and response time of the receiver: these make a process the bottleneck, not the machine or the database. */
const inFlight = 32;
const answerMs = 50;
const events = 10_000;
const rounds = 3;

async function measure(stage: Stage, server: Server): Promise<{ rate: number; unique: number; accepted: number }> {
  await clean(stage);
  const began = performance.now();
  const load = await stage.load({ url: `${server.url}/v1/events`, count: events, concurrency: 64, rate: 0 });
  await stage.receiver.all(load.accepted, 120_000);
  const rate = (load.accepted * 1_000) / (performance.now() - began);
  return { rate, unique: (await stage.receiver.report()).unique, accepted: load.accepted };
}

export const twoProcesses: Scenario = {
  name: 'two-processes',
  about: `one process compared with two; ${inFlight} deliveries in flight each, a receiver that takes ${answerMs} ms`,
  async run(stage) {
    const rates: number[] = [];
    const checks = [];
    for (const processes of [1, 2]) {
      const product = await stage.product({ processes, env: { OUTRIDER_MAX_IN_FLIGHT: String(inFlight) } });
      if (processes === 1)
        await makeEndpoint(product, `${stage.receiver.url}/wait/${answerMs}`, { max_in_flight: 256 });
      await measure(stage, product);
      const mine: number[] = [];
      for (let turn = 0; turn < rounds; turn += 1) {
        const one = await measure(stage, product);
        mine.push(one.rate);
        checks.push(complete(one.accepted, one.unique));
      }
      rates.push(median(mine));
      await product.stop();
    }
    const [one = Number.NaN, two = Number.NaN] = rates;
    return {
      rows: [
        { processes: 1, 'deliveries/s': round(one) },
        { processes: 2, 'deliveries/s': round(two) },
        { processes: '2 ÷ 1', 'deliveries/s': round(two / one, 2) },
      ],
      checks: [...checks, { claim: 'two processes ≥ 1.7 ×', passed: two / one >= 1.7 }],
    };
  },
};
